"""What a database is, whether it is ready, and what happens when its disk is full."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connection
from tests.factories import people

from corredor.kernel import clock
from corredor.kernel.installation import health, storage
from corredor.kernel.installation.models import Installation
from corredor.kernel.installation.services import (
    IsADemo,
    NotADemo,
    NotMigrated,
    confirm_kind,
    open_door,
    settle_kind,
)
from corredor.kernel.jobs.models import Slot

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def worker(db: None) -> Slot:
    """A worker heard of at noon, on another machine."""
    holder = "11111111-1111-1111-1111-111111111111"
    return Slot.objects.create(name="worker-1", holder=holder, host="elsewhere", process=1, beat_at=NOON)


def sign(code: str, now: datetime = NOON) -> health.Sign:
    return next(found for found in health.signs(now) if found.code == code)


@pytest.mark.django_db
def test_new_database_is_marked_once_and_stays_what_it_is() -> None:
    first, again = settle_kind(demo=True), settle_kind(demo=True)

    assert first.kind == Installation.Kind.DEMO
    assert first.identity == again.identity


@pytest.mark.django_db
def test_demo_is_refused_over_real_work() -> None:
    settle_kind(demo=False)

    for door in (settle_kind, confirm_kind):
        with pytest.raises(NotADemo):
            door(demo=True)


@pytest.mark.django_db
def test_real_work_is_refused_over_a_demo() -> None:
    settle_kind(demo=True)

    for door in (settle_kind, confirm_kind):
        with pytest.raises(IsADemo):
            door(demo=False)


@pytest.mark.django_db
def test_unmarked_database_with_people_never_becomes_a_demo() -> None:
    people.person()

    with pytest.raises(NotADemo):
        settle_kind(demo=True)


@pytest.mark.django_db
def test_unmarked_database_with_invented_people_never_becomes_real() -> None:
    people.person(is_demo=True)

    with pytest.raises(IsADemo):
        settle_kind(demo=False)


@pytest.mark.django_db
def test_door_stays_shut_while_migrations_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "pending_migrations", lambda: ["flows.0009_later"])

    with pytest.raises(NotMigrated):
        open_door(demo=False)
    assert not Installation.objects.exists()


def test_installation_with_a_worker_is_ready(worker: Slot) -> None:
    settle_kind(demo=False)

    assert {found.code: found.is_well for found in health.signs(NOON)} == dict.fromkeys(
        ["database", "migrations", "writing", "worker", "disk"], True
    )
    assert health.is_ready(NOON)
    assert Installation.objects.get().probed_at == NOON


def test_worker_that_fell_silent_is_missed(worker: Slot) -> None:
    later = NOON + timedelta(minutes=2)

    assert not sign("worker", later).is_well
    assert "corredor worker" in sign("worker", later).mend
    assert not health.is_ready(later)


def test_waiting_migrations_are_told(worker: Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "pending_migrations", lambda: ["flows.0009_later"])

    assert not sign("migrations").is_well
    assert "corredor migrate" in sign("migrations").mend


@pytest.mark.parametrize(
    ("free", "is_well", "has_advice"),
    [(10_000_000, False, True), (100_000_000, True, True), (10**12, True, False)],
)
def test_little_space_is_a_warning_and_none_is_a_fault(
    worker: Slot, monkeypatch: pytest.MonkeyPatch, free: int, is_well: bool, has_advice: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(10**12, 0, free))

    assert sign("disk").is_well is is_well
    assert bool(sign("disk").mend) is has_advice


@pytest.mark.django_db(transaction=True)
def test_database_that_takes_no_writes_is_told_and_still_read(worker: Slot) -> None:
    settle_kind(demo=False)

    with read_only():
        found = sign("writing")
        still_read = Installation.objects.get().kind

    assert not found.is_well
    assert still_read == Installation.Kind.REAL
    assert sign("writing").is_well


def test_answer_is_remembered_for_a_moment(worker: Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_remembered", [])
    settle_kind(demo=False)
    with clock.moved_to(NOON):
        first = health.is_ready()
        Slot.objects.all().delete()

        assert first
        assert health.is_ready()
    monkeypatch.setattr(health, "REMEMBERED_SECONDS", 0.0)
    assert not health.is_ready()


@contextmanager
def read_only() -> Iterator[None]:
    """The database takes no writes within the block, as it says itself."""
    switch = {"sqlite": "PRAGMA query_only = {}", "postgresql": "SET default_transaction_read_only = {}"}
    _execute(switch[connection.vendor].format("on"))
    try:
        yield
    finally:
        _execute(switch[connection.vendor].format("off"))


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_refusal_of_a_locked_disk_is_known_on_this_database() -> None:
    settle_kind(demo=False)

    with read_only(), pytest.raises(DatabaseError) as raised:
        Installation.objects.update(probed_at=NOON)

    assert storage.is_storage_fault(raised.value)


def test_full_sqlite_file_is_known_and_still_read(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "full.sqlite") as file:
        file.execute("CREATE TABLE kept (text TEXT)")
        file.execute("INSERT INTO kept VALUES ('before')")
        file.commit()
        file.execute("PRAGMA max_page_count = 3")

        with pytest.raises(sqlite3.OperationalError) as raised:
            file.executemany("INSERT INTO kept VALUES (?)", [("x" * 4000,)] * 20)

        assert storage.is_storage_fault(raised.value)
        file.rollback()
        assert file.execute("SELECT text FROM kept").fetchall() == [("before",)]


@pytest.mark.parametrize(
    ("error", "is_fault"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EROFS, "Read-only file system"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (ValueError("database or disk is full"), False),
    ],
)
def test_only_a_disk_s_own_faults_count(error: Exception, is_fault: bool) -> None:
    assert storage.is_storage_fault(error) is is_fault


def test_fault_is_found_behind_the_error_it_caused() -> None:
    error = OperationalError("could not write")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")

    assert storage.is_storage_fault(error)
