"""What is written: the same services as page and command, the same refusals, nothing done twice."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.people import holder
from tests.interfaces.api.conftest import COLUMNS, row

from corredor.areas.flows.models import Batch

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def delegate(corridor, as_token) -> Client:
    return as_token(holder("delegate", country="HND"))


@pytest.fixture
def neighbour(corridor, as_token) -> Client:
    return as_token(holder("delegate", country="GTM"))


def upload(*rows: str, name: str = "cifras.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([COLUMNS, *rows]).encode(), content_type="text/csv")


def bring(client: Client, *rows: str, **fields):
    return client.post(f"{API}/batches", {"file": upload(*rows), "source": "hnd-inm-irregular", **fields})


def send(client: Client, method: str, path: str, body: dict):
    return getattr(client, method)(API + path, json.dumps(body), content_type="application/json")


def test_a_file_is_kept_once_and_reported_row_by_row(delegate):
    rows = (row("2024-02-01", 4500), row("2024-03-01", "many"))

    first, again = bring(delegate, *rows), bring(delegate, *rows)

    report = first.json()
    assert first.status_code == 200
    assert (report["status"], report["kept"], report["refused"]) == ("kept", 1, 1)
    assert report["refusals"][0]["row"] == 3
    assert report["refusals"][0]["reason_es"]
    assert again.json()["status"] == "known-already"
    assert again.json()["batch"] == report["batch"]
    listed = delegate.get(f"{API}/batches/{report['batch']}/refusals").json()["items"]
    assert listed == report["refusals"]


def test_a_dry_run_keeps_nothing(delegate):
    before = Batch.objects.count()

    report = bring(delegate, row("2024-02-01", 4500), dry_run="true").json()

    assert (report["status"], report["batch"], report["kept"]) == ("dry-run", None, 1)
    assert Batch.objects.count() == before


def test_a_file_without_a_good_row_is_refused_with_its_report(delegate):
    answer = bring(delegate, row("2024-02-01", "many"))

    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "nothing-taken")
    assert told["report"]["refusals"][0]["found"] == "many"


def test_a_hostile_file_is_refused_with_the_reason(delegate):
    file = SimpleUploadedFile("cifras.xlsx", b"PK\x03\x04 this is no workbook")

    answer = delegate.post(f"{API}/batches", {"file": file, "source": "hnd-inm-irregular"})

    assert (answer.status_code, answer.json()["code"]) == (422, "file-not-taken")
    assert answer.json()["details"]["reason"]


def test_another_country_s_figures_are_not_brought(neighbour):
    answer = bring(neighbour, row("2024-02-01", 1))

    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"mapping": "{"}, "mapping"),
        ({"mapping": "[]"}, "mapping"),
        ({"mapping": '{"mapping": 5}'}, "mapping"),
        ({"known_at": "soon"}, "known_at"),
        ({"known_at": "2190-01-01"}, "known_at"),
        ({"dry_run": "perhaps"}, "dry_run"),
        ({"colour": "red"}, "colour"),
        ({"adapter": "a\0b"}, "adapter"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(delegate, fields, refused):
    answer = bring(delegate, row("2024-02-01", 1), **fields)

    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [refused]


def test_how_a_ministry_s_table_would_be_read_is_proposed_and_can_be_sent_back(delegate):
    table = "Mes,Año,País,Total\nenero,2024,Venezuela,120\nenero,2024,Cuba,80\n".encode()

    asked = delegate.post(
        f"{API}/batches/proposals",
        {"file": SimpleUploadedFile("tabla.csv", table), "source": "hnd-inm-irregular"},
    )

    told = asked.json()
    assert asked.status_code == 200
    assert told["adapter"] == "general"
    assert {column["heading"] for column in told["mapping"]["columns"]} == {"Mes", "Año", "País", "Total"}
    told["mapping"]["fixed"] |= {"measure": "irregular_entries", "gate": "HND-ALL"}
    fields = {
        "file": SimpleUploadedFile("tabla.csv", table),
        "source": "hnd-inm-irregular",
        "mapping": json.dumps(told["mapping"]),
        "dry_run": "true",
    }
    tried = delegate.post(f"{API}/batches", fields)
    assert (tried.status_code, tried.json().get("kept")) == (200, 2), tried.json()


def test_the_contact_point_publishes_and_nobody_else(corridor, delegate, neighbour, as_token):
    deputy = as_token(holder("deputy", country="HND"))
    path = f"/batches/{corridor.own}/level"

    refused = send(deputy, "put", path, {"level": "public"})
    hidden = send(neighbour, "put", path, {"level": "public"})
    done = send(delegate, "put", path, {"level": "public"})
    again = send(delegate, "put", path, {"level": "public"})
    back = send(delegate, "put", path, {"level": "members"})

    assert (refused.status_code, hidden.status_code) == (403, 404)
    assert done.json() == again.json() == {"batch": corridor.own, "level": "public"}
    assert (back.status_code, back.json()["code"]) == (409, "only-outward")
    assert Client().get(f"{API}/series/{corridor.whole}").json()["figures"][-1]["value"] == 4400


def test_a_batch_is_withdrawn_from_the_newest_back(corridor, delegate):
    early = delegate.post(f"{API}/batches/{corridor.published}/withdrawal")
    late = delegate.post(f"{API}/batches/{corridor.own}/withdrawal")
    again = delegate.post(f"{API}/batches/{corridor.own}/withdrawal")

    assert (early.status_code, early.json()["code"]) == (409, "later-batch-rests")
    assert late.json() == again.json() == {"batch": corridor.own, "status": "withdrawn"}


def test_how_far_a_series_goes_is_set_by_its_country(corridor, delegate, neighbour):
    path = f"/series/{corridor.whole}/level"

    refused = send(neighbour, "put", path, {"level": "own"})
    done = send(delegate, "put", path, {"level": "own"})

    assert refused.status_code == 403
    assert done.json()["level"] == "own"
    assert Client().get(f"{API}/series/{corridor.whole}").status_code == 404
    assert send(neighbour, "put", path, {"level": "public"}).status_code == 404


def test_a_note_stands_beside_the_number_and_goes_as_far_as_meant(corridor, delegate):
    note = {"text_es": "Falta un puesto.", "period": "2023-12-01", "level": "public"}

    written = send(delegate, "post", f"/series/{corridor.whole}/notes", note)

    assert written.status_code == 201
    flags = Client().get(f"{API}/series/{corridor.whole}/quality").json()["flags"]
    assert "Falta un puesto." in [flag["words"]["es"] for flag in flags]


def test_an_empty_note_is_refused(corridor, delegate):
    answer = send(delegate, "post", f"/series/{corridor.whole}/notes", {"text_es": "  "})

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["text"])


def test_provisional_figures_are_validated_once(delegate):
    body = "measure,gate,frequency,period,nationality,value,status\nirregular_entries,HND-ALL,M,2024-02-01,ALL,4600,provisional\n"
    file = SimpleUploadedFile("cifras.csv", body.encode())
    delegate.post(f"{API}/batches", {"file": file, "source": "hnd-inm-irregular"})
    wanted = {
        "source": "hnd-inm-irregular",
        "measure": "irregular_entries",
        "gate": "HND-ALL",
        "through": "2024-03-01",
    }

    done = send(delegate, "post", "/validations", wanted)
    again = send(delegate, "post", "/validations", wanted)

    assert (done.status_code, done.json()["kept"]) == (200, 1)
    assert (again.status_code, again.json()["code"]) == (409, "nothing-provisional")


def test_forecasts_are_issued_once_for_the_same_knowledge(delegate):
    wanted = {"source": "hnd-inm-irregular"}

    first = send(delegate, "post", "/forecasts", wanted)
    again = send(delegate, "post", "/forecasts", wanted)

    assert first.status_code == 200
    assert first.json()["issued"] + first.json()["withheld"] > 0
    assert again.json()["issued"] == 0
    assert send(Client(), "post", "/forecasts", wanted).status_code == 401


def test_a_session_must_show_that_it_comes_from_a_page(corridor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(holder("delegate", country="HND"))
    path = f"{API}/series/{corridor.whole}/notes"
    body = json.dumps({"text_es": "nota"})

    without = strict.post(path, body, content_type="application/json")
    token = "a" * 32
    strict.cookies["csrftoken"] = token
    shown = strict.post(path, body, content_type="application/json", headers={"X-CSRFToken": token})

    assert (without.status_code, without.json()["code"]) == (403, "came-from-elsewhere")
    assert shown.status_code == 201
