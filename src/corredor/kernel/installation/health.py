"""How the installation is doing: a few signs, each well or not, with what to do when it is not."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corredor.kernel import clock
from corredor.kernel.installation.models import Installation
from corredor.kernel.jobs import queries as jobs

LEAST_FREE_BYTES = 50_000_000
LOW_FREE_BYTES = 500_000_000
REMEMBERED_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing looked at: whether it is well, what was seen, and how to mend it (empty when it is well)."""

    code: str
    title: str
    is_well: bool
    seen: str
    mend: str = ""


def signs(now: datetime | None = None) -> list[Sign]:
    """Look at the database, its version, whether it takes writes, the workers and the disk."""
    return list(_look(now or clock.now()))


def is_ready(now: datetime | None = None) -> bool:
    """Whether people can work here now: every sign is well. The answer is remembered for two seconds."""
    asked_at = time.monotonic()
    if now is None and _remembered and asked_at - _remembered[0][0] < REMEMBERED_SECONDS:
        return _remembered[0][1]
    answer = all(sign.is_well for sign in _look(now or clock.now()))
    _remembered[:] = [(asked_at, answer)]
    return answer


_remembered: list[tuple[float, bool]] = []


def _look(now: datetime) -> Iterator[Sign]:
    reachable = _tried("database", _("Database"), _reach)
    yield reachable
    if reachable.is_well:
        yield _tried("migrations", _("Version of the database"), _compare_migrations)
        yield _tried("writing", _("Saving"), lambda: _write_probe(now))
        yield _tried("worker", _("Workers"), lambda: _hear_workers(now))
    yield _tried("disk", _("Disk"), _measure_disk)


Seen = tuple[bool, str, str]


def _tried(code: str, title: str, look: Callable[[], Seen]) -> Sign:
    try:
        is_well, seen, mend = look()
    except (DatabaseError, OSError) as error:
        is_well, seen, mend = False, _without_address(error), _("Run “corredor doctor” on the server.")
    return Sign(code, title, is_well, seen, mend)


def _without_address(error: Exception) -> str:
    """The kind of fault and its first line: connection strings and paths come in the lines after it."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200]


def _reach() -> Seen:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return True, {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor], ""


def pending_migrations() -> list[str]:
    """Names of the migrations this version has and the database does not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _compare_migrations() -> Seen:
    pending = pending_migrations()
    if not pending:
        return True, _("Up to date with version %(version)s") % {"version": settings.VERSION}, ""
    return (
        False,
        _("%(count)d migrations are waiting") % {"count": len(pending)},
        _("Run “corredor migrate”."),
    )


def _write_probe(now: datetime) -> Seen:
    with transaction.atomic():
        Installation.objects.filter(pk=1).update(probed_at=now)
    return True, _("Works"), ""


def _hear_workers(now: datetime) -> Seen:
    alive = jobs.overview(now).workers
    if alive:
        return True, ngettext("%(count)d at work", "%(count)d at work", alive) % {"count": alive}, ""
    return (
        False,
        _("No worker is at work: reminders, imports and forecasts wait"),
        _("Start “corredor worker”, or see in its log why it stopped."),
    )


def _measure_disk() -> Seen:
    free = shutil.disk_usage(settings.HOME).free
    seen = _("%(free)d MB free") % {"free": free // 1_000_000}
    if free < LEAST_FREE_BYTES:
        return False, seen, _("Free some space: below 50 MB nothing can be saved safely.")
    return True, seen, _("Free some space soon.") if free < LOW_FREE_BYTES else ""


def as_rows(found: list[Sign]) -> list[dict[str, Any]]:
    """The signs as plain values, for JSON."""
    return [{"code": sign.code, "well": sign.is_well, "seen": sign.seen, "mend": sign.mend} for sign in found]
