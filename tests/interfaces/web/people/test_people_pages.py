from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation
from tests.factories.people import holder, person

from corredor.kernel import clock, policy
from corredor.kernel.audit.models import AuditLine
from corredor.kernel.people.models import Person
from corredor.kernel.people.roles import ROLES

pytestmark = pytest.mark.usefixtures("countries")


@pytest.fixture
def secretariat(client):
    client.force_login(holder("secretariat"))
    return client


@pytest.mark.parametrize(("language", "never"), [("es", "No debe nunca"), ("en", "Must never")])
def test_anyone_reads_the_page_of_roles_made_from_the_rules_themselves(client, language, never):
    client.cookies["corredor_language"] = language

    page = client.get("/people/roles/").content.decode()

    assert page.count(never) == len(ROLES)
    with translation.override(language):
        for role in ROLES.values():
            assert f'id="{role.code}"' in page
            assert str(role.title) in page
        for action in policy.actions():
            granted = (
                action.is_open or action.is_own or any(action.name in role.may for role in ROLES.values())
            )
            if granted:
                assert str(action.title).replace("'", "&#x27;") in page, action.name


def test_an_account_is_opened_and_its_holder_invited_in_his_or_her_language(secretariat, mailoutbox):
    entered = {
        "name": "Demo Persona Nueva",
        "email": "demo.nueva@example.org",
        "language": "en",
        "zone": "America/Belize",
    }

    answer = secretariat.post("/people/open/", entered)

    opened = Person.objects.get(email="demo.nueva@example.org")
    assert answer["Location"] == f"/people/{opened.pk}/"
    assert mailoutbox[0].to == ["demo.nueva@example.org"]
    assert mailoutbox[0].subject == "Corredor · Your account is open"


def test_the_invitation_sets_a_password_and_opens_the_door(secretariat, mailoutbox):
    secretariat.post(
        "/people/open/",
        {"name": "Demo Persona", "email": "demo.nueva@example.org", "language": "es", "zone": "UTC"},
    )
    invited, password = Client(), "tres garzas esperan la lluvia"
    link = next(word for word in mailoutbox[0].body.split() if "/key/" in word)
    form = invited.get(link, follow=True).redirect_chain[-1][0]

    invited.post(form, {"password1": password, "password2": password})
    invited.post("/account/login/", {"login": "demo.nueva@example.org", "password": password})

    assert "Demo Persona" in invited.get("/account/").content.decode()


def test_an_invitation_is_sent_again_but_not_to_a_closed_account(secretariat, mailoutbox):
    invited, closed = person(), person(is_active=False)

    secretariat.post(f"/people/{invited.pk}/invite/")
    refused = secretariat.post(f"/people/{closed.pk}/invite/")

    assert [message.to for message in mailoutbox] == [[invited.email]]
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("language", "words"), [("es", "Ya existe una cuenta"), ("en", "There is already an account")]
)
def test_a_refused_account_says_why_and_loses_nothing(secretariat, language, words):
    secretariat.cookies["corredor_language"] = language
    other = person()

    answer = secretariat.post(
        "/people/open/",
        {"name": "Demo Persona Repetida", "email": other.email, "language": "es", "zone": "UTC"},
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert words in page
    assert "Demo Persona Repetida" in page


def test_what_is_no_address_is_marked_at_its_field(secretariat):
    answer = secretariat.post(
        "/people/open/", {"name": "Demo", "email": "none", "language": "es", "zone": "UTC"}
    )

    assert answer.status_code == 422
    assert "Esto no es una dirección de correo electrónico" in answer.content.decode()


def test_a_mandate_is_given_and_ended_with_their_lines(secretariat):
    somebody = person()
    entered = {"role": "delegate", "country": "PAN", "starts_on": "2026-01-01", "ends_on": ""}

    secretariat.post(f"/people/{somebody.pk}/mandate/", entered)
    held = somebody.mandates.get()
    last = clock.today().isoformat()
    secretariat.post(f"/people/mandates/{held.pk}/end/", {f"end-{held.pk}-on": last})

    held.refresh_from_db()
    assert (held.country_id, held.ends_on.isoformat()) == ("PAN", last)
    lines = AuditLine.objects.filter(chain="PAN").values_list("verb", flat=True)
    assert list(lines) == ["gave_mandate", "ended_mandate"]


def test_a_refused_mandate_is_explained_beside_what_was_entered(secretariat):
    somebody = person()

    answer = secretariat.post(
        f"/people/{somebody.pk}/mandate/", {"role": "delegate", "country": "", "starts_on": "2026-03-02"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Indique para qué país se ejerce este rol" in page
    assert 'value="2026-03-02"' in page
    assert not somebody.mandates.exists()


def test_an_account_is_closed_after_being_asked(secretariat):
    somebody, theirs = holder("delegate"), Client()
    theirs.force_login(somebody)

    asked = secretariat.get(f"/people/{somebody.pk}/close/")
    assert Person.objects.get(pk=somebody.pk).is_active
    secretariat.post(f"/people/{somebody.pk}/close/")

    assert "No puede volver a abrirse" in asked.content.decode()
    assert theirs.get("/account/").status_code == 302
    assert "Cerrada" in secretariat.get(f"/people/{somebody.pk}/").content.decode()


def test_one_s_own_account_is_not_closed_by_oneself(client):
    me = holder("secretariat")
    client.force_login(me)

    answer = client.post(f"/people/{me.pk}/close/")

    assert answer.status_code == 409
    assert "Pida a una persona colega" in answer.content.decode()
    assert "Asignar un mandato" not in client.get(f"/people/{me.pk}/").content.decode()


def test_accounts_are_found_by_words_and_shown_with_what_they_hold(secretariat):
    somebody = holder("delegate", country="PAN")

    page = secretariat.get("/people/", {"words": somebody.email}).content.decode()
    none = secretariat.get("/people/", {"words": "nobody of that name"}).content.decode()

    assert "Delegado y punto de contacto, Panamá" in page
    assert "Ninguna cuenta con estas palabras" in none


def test_an_account_that_is_not_there_is_not_found(secretariat):
    assert secretariat.get("/people/999999/").status_code == 404
    assert secretariat.post("/people/mandates/999999/end/").status_code == 404


def test_the_profile_changes_the_language_of_the_pages_at_once(client):
    client.force_login(holder("delegate"))

    answer = client.post("/people/me/", {"language": "en", "zone": "America/Panama"}, follow=True)

    page = answer.content.decode()
    assert "My account and security" in page
    assert "Your language and time zone are kept." in page
    assert "America/Panama" in page


def test_a_zone_nobody_offers_is_refused(client):
    client.force_login(holder("delegate"))

    assert client.post("/people/me/", {"language": "en", "zone": "Mars"}).status_code == 422
