"""The pages for those who run the installation, and the health addresses for machines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from tests.factories.people import holder

from corredor.kernel import clock
from corredor.kernel.audit.models import AuditLine
from corredor.kernel.audit.services import record
from corredor.kernel.installation import health
from corredor.kernel.installation.services import settle_kind
from corredor.kernel.jobs.models import Job, Slot
from corredor.kernel.policy import SYSTEM

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAGES = ("/operations/", "/operations/jobs/", "/operations/outbox/", "/operations/audit/")


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_remembered", [])


@pytest.fixture
def secretariat(client: Client, countries: None) -> Client:
    client.force_login(holder("secretariat", language="en"))
    client.cookies["corredor_language"] = "en"
    return client


def worker_at(moment: datetime) -> None:
    holder_id = "11111111-1111-1111-1111-111111111111"
    Slot.objects.create(name="worker-1", holder=holder_id, host="elsewhere", process=1, beat_at=moment)


def test_live_asks_nothing_of_the_database(client: Client) -> None:
    answer = client.get("/health/live")  # without the db fixture, a query would fail this test

    assert answer.status_code == 200
    assert answer.json() == {"live": True}
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_with_a_worker_and_not_without_and_never_says_why(client: Client) -> None:
    settle_kind(demo=False)
    without = client.get("/health/ready")
    worker_at(clock.now())
    health._remembered.clear()

    with_one = client.get("/health/ready")

    assert (without.status_code, without.json()) == (503, {"ready": False})
    assert (with_one.status_code, with_one.json()) == (200, {"ready": True})


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_the_secretariat_in_both_languages(secretariat: Client, path: str) -> None:
    for language, word in (("en", "Outbox"), ("es", "Bandeja de salida")):
        secretariat.cookies["corredor_language"] = language

        answer = secretariat.get(path)

        assert answer.status_code == 200
        assert word in answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["delegate", "enforcement", "civil_society", "field_officer"])
def test_pages_are_closed_to_other_roles(client: Client, countries: None, path: str, role: str) -> None:
    client.force_login(holder(role, organisation="rncom"))

    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.django_db
def test_public_is_asked_to_sign_in(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302


def test_overview_says_what_is_wrong_and_how_to_mend_it(secretariat: Client) -> None:
    page = secretariat.get("/operations/").content.decode()

    assert "No worker is at work" in page
    assert "corredor worker" in page


def test_work_that_was_given_up_is_listed_without_its_arguments(secretariat: Client) -> None:
    Job.objects.create(
        name="messages.hand_over",
        key="notice:7",
        arguments={"secret": "argument"},
        due_at=NOON,
        asked_at=NOON,
        faults=8,
        failed_at=NOON,
        last_fault="ConnectionRefusedError",
    )

    page = secretariat.get("/operations/jobs/").content.decode()

    assert "notice:7" in page
    assert "ConnectionRefusedError" in page
    assert "argument" not in page


def test_audit_is_read_by_chain_and_thing(secretariat: Client) -> None:
    with transaction.atomic():
        record(SYSTEM, "published", "flows.batch:7", country="HND")
        record(SYSTEM, "published", "flows.batch:8", country="GTM")

    by_chain = secretariat.get("/operations/audit/", {"chain": "HND"}).content.decode()
    by_thing = secretariat.get("/operations/audit/", {"thing": "flows.batch:8"}).content.decode()

    assert "flows.batch:7" in by_chain
    assert "flows.batch:8" not in by_chain.replace('placeholder="flows.batch:12"', "")
    assert "flows.batch:8" in by_thing
    assert "flows.batch:7" not in by_thing


def test_audit_page_proves_that_chains_hold_and_tells_where_one_does_not(secretariat: Client) -> None:
    with transaction.atomic():
        record(SYSTEM, "published", "flows.batch:7", country="HND")
    holds = secretariat.get("/operations/audit/", {"verify": "1"}).content.decode()
    AuditLine.objects.filter(chain="HND").update(verb="withdrew")

    altered = secretariat.get("/operations/audit/", {"verify": "1"}).content.decode()

    assert "Every chain holds" in holds
    assert "The audit does not hold" in altered
    assert "HND/1" in altered


def test_outbox_page_beyond_the_last_is_not_found(secretariat: Client) -> None:
    assert secretariat.get("/operations/outbox/", {"page": "9"}).status_code == 404
    assert secretariat.get("/operations/outbox/", {"page": "x"}).status_code == 200


class FullDisk:
    """Every statement that would write is answered as a full disk answers; reading goes on."""

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            import sqlite3

            from django.db import OperationalError

            cause = sqlite3.OperationalError("database or disk is full")
            cause.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise OperationalError(str(cause)) from cause
        return execute(sql, params, many, context)


def test_full_disk_refuses_writing_with_a_clear_page_goes_on_reading_and_recovers(
    secretariat: Client,
) -> None:
    secretariat.raise_request_exception = False
    change = {"language": "en", "zone": "America/Panama"}

    with connection.execute_wrapper(FullDisk()):
        written = secretariat.post("/people/me/", change)
        read = secretariat.get("/people/roles/")
    after = secretariat.post("/people/me/", change)

    assert written.status_code == 503
    assert "Nothing can be saved at the moment" in written.content.decode()
    assert read.status_code == 200
    assert after.status_code == 302


def test_api_says_the_same_as_a_problem_document(secretariat: Client, rf) -> None:  # type: ignore[no-untyped-def]
    from corredor.interfaces.web.operations.views import fault

    try:
        raise OSError(28, "No space left on device")
    except OSError:
        answer = fault(rf.post("/api/v1/flows/batches"))

    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
