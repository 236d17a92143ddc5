"""Documents are listed by right, added, renewed, and made public with a reason."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.people import actor, holder

from corredor.kernel.audit.models import AuditLine
from corredor.kernel.documents import services
from corredor.kernel.documents.models import Document

pytestmark = pytest.mark.usefixtures("countries")
PDF = b"%PDF-1.7 guidelines"
TITLES = {"title_es": "Lineamientos", "title_en": "Guidelines"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def as_role():
    def signed_in(role, **where):
        client = Client()
        client.force_login(holder(role, **where))
        client.cookies["corredor_language"] = "en"
        return client

    return signed_in


def a_file(content=PDF, name="guidelines.pdf"):
    return SimpleUploadedFile(name, content)


def the_forums(content=PDF, name="guidelines.pdf"):
    return services.add_document(
        title={"es": "Lineamientos", "en": "Guidelines"},
        file=BytesIO(content),
        name=name,
        by=actor("secretariat"),
    )


def of_honduras():
    return services.add_document(
        title={"es": "Nota", "en": "A note"},
        file=BytesIO(PDF),
        name="n.pdf",
        by=actor("delegate"),
        country="HND",
    )


def test_a_delegate_adds_a_document_of_the_country_that_is_private(as_role):
    answer = as_role("delegate").post("/documents/add/", {"owner": "country:HND", **TITLES, "file": a_file()})

    added = Document.objects.get()
    assert answer["Location"] == f"/documents/{added.pk}/"
    assert (added.country_id, added.is_public) == ("HND", False)


def test_nobody_adds_for_another_country(as_role):
    answer = as_role("delegate", country="PAN").post(
        "/documents/add/", {"owner": "country:HND", **TITLES, "file": a_file()}
    )

    assert answer.status_code == 422
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [(b"", "nothing.pdf", "The file is empty."), (b"MZ program", "tool.exe", "could run when it is opened")],
)
def test_a_file_that_is_not_taken_is_said_beside_its_field_with_nothing_lost(as_role, content, name, said):
    answer = as_role("secretariat").post(
        "/documents/add/", {"owner": "forum", **TITLES, "file": a_file(content, name)}
    )

    assert answer.status_code == 422
    assert said in answer.context["form"].errors["file"][0]
    assert answer.context["form"]["title_es"].value() == "Lineamientos"


def test_a_new_version_stands_beside_the_earlier_one(as_role):
    document, secretariat = the_forums(), as_role("secretariat")

    secretariat.post(f"/documents/{document.pk}/version/", {"file": a_file(b"%PDF-1.7 second")})
    page = secretariat.get(f"/documents/{document.pk}/").content.decode()

    assert page.index("Version 2") < page.index("Version 1")
    first = b"".join(secretariat.get(f"/documents/{document.pk}/versions/1/file/").streaming_content)
    latest = b"".join(secretariat.get(f"/documents/{document.pk}/file/").streaming_content)
    assert (first, latest) == (PDF, b"%PDF-1.7 second")


def test_a_document_becomes_public_with_a_reason_on_record_and_private_again(as_role, client):
    document, secretariat = the_forums(), as_role("secretariat")
    address = f"/documents/{document.pk}/"
    assert client.get(address).status_code == 404

    without = secretariat.post(f"{address}publication/", {"reason": ""})
    secretariat.post(f"{address}publication/", {"reason": "Agreed in the meeting."})
    public = client.get(address)
    listed = client.get("/documents/").content.decode()
    secretariat.post(f"{address}publication/", {"reason": "A mistake in it."})

    assert "reason" in without.context["form"].errors
    assert public.status_code == 200
    assert "Agreed in the meeting." not in public.content.decode()  # the public reads no name or reason
    assert f'href="{address}"' in listed
    assert client.get(address).status_code == 404
    assert AuditLine.objects.filter(verb__in=["published", "made private"]).count() == 2


def test_only_the_contact_point_decides_for_a_country_and_others_read_who_can(as_role):
    document = of_honduras()
    deputy, other = as_role("deputy"), as_role("delegate", country="PAN")

    assert (
        "Only the contact point of Honduras decides"
        in deputy.get(f"/documents/{document.pk}/").content.decode()
    )
    assert deputy.post(f"/documents/{document.pk}/publication/", {"reason": "x"}).status_code == 403
    assert other.get(f"/documents/{document.pk}/").status_code == 404
    assert other.get(f"/documents/{document.pk}/file/").status_code == 404


def test_what_could_act_in_a_browser_is_saved_and_not_shown(as_role):
    secretariat = as_role("secretariat")
    shown = secretariat.get(f"/documents/{the_forums().pk}/file/")
    page = the_forums(b"<html><script>alert(1)</script>", "page.txt")
    saved = secretariat.get(f"/documents/{page.pk}/file/")

    assert (shown["Content-Type"], shown["Content-Disposition"][:6]) == ("application/pdf", "inline")
    assert saved["Content-Type"] == "application/octet-stream"
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["X-Content-Type-Options"] == "nosniff"


def test_a_file_missing_from_the_disk_is_said_in_words(as_role, tmp_path):
    document = the_forums()
    for kept in tmp_path.glob("*/*"):
        kept.unlink()

    answer = as_role("secretariat").get(f"/documents/{document.pk}/file/")

    assert answer.status_code == 404
    assert "not on the disk" in answer.content.decode()


def test_the_list_goes_on_page_by_page(as_role, monkeypatch):
    from corredor.interfaces.web.documents import views

    monkeypatch.setattr(views, "ON_A_PAGE", 1)
    the_forums()
    second = the_forums()

    page = as_role("secretariat").get("/documents/")
    rest = as_role("secretariat").get("/documents/?from=1")

    assert [line["document"] for line in page.context["lines"]] == [second]
    assert len(rest.context["lines"]) == 1
    assert "from=1" in page.content.decode()
