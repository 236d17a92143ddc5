"""The engine that carries turns through crashes: DBOS Transact. No other module knows it.

Its checkpoints live in a database of its own: a SQLite file in the installation's folder, or a schema beside the main
tables on PostgreSQL, unless CORREDOR_JOBS_DATABASE_URL names another. That database may be lost: what was asked for
is in our own rows and is handed over again.
"""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection, connections

from corredor.kernel.jobs import ledger, work_named
from corredor.kernel.jobs.models import Job

# One version for ever: a turn belongs to whichever release of Corredor is running when it is taken up again.
APPLICATION = VERSION = "corredor"
SCHEMA = "corredor_jobs"
QUICK, HEAVY = "quick", "heavy"
LOST = ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
QUICK_POLL_SECONDS, HEAVY_POLL_SECONDS = 0.25, 1.0


def database_url() -> str:
    """Where the engine keeps its checkpoints, as SQLAlchemy spells it."""
    if settings.JOBS_DATABASE_URL:
        return _as_sqlalchemy(settings.JOBS_DATABASE_URL)
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(settings.HOME) / 'jobs.sqlite'}"
    at = connection.settings_dict
    user = quote(at["USER"], safe="") + (f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else "")
    by_socket = at["HOST"].startswith("/")
    host = "" if by_socket else at["HOST"] + (f":{at['PORT']}" if at["PORT"] else "")
    asked = {name: value for name, value in at["OPTIONS"].items() if name.startswith("ssl")}
    query = asked | ({"host": at["HOST"]} if by_socket else {})
    return f"postgresql://{user}@{host}/{at['NAME']}" + (f"?{urlencode(query)}" if query else "")


def _as_sqlalchemy(url: str) -> str:
    """Ours write sqlite:///folder/file; SQLAlchemy wants one more stroke for a path from the root."""
    return url.replace("sqlite://", "sqlite:///", 1) if url.startswith("sqlite:///") else url


def launch(slot: str) -> None:
    """Start the engine in this process under the name of its slot; what the slot left undone is taken up again."""
    from dbos import DBOS

    url = database_url()
    if url.startswith("sqlite"):
        _prepare_file(url.removeprefix("sqlite:///"))
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": url,
            "dbos_system_schema": SCHEMA,
            "application_version": VERSION,
            "executor_id": slot,
            "log_level": "WARNING",
            "enable_otlp": False,
            "sys_db_pool_size": 5,
            "max_executor_threads": 12,
            "use_listen_notify": False,
        }
    )
    DBOS.workflow(name="carry_out")(_carry_out)
    DBOS.launch()
    DBOS.register_queue(QUICK, worker_concurrency=4, polling_interval_sec=QUICK_POLL_SECONDS)
    DBOS.register_queue(HEAVY, worker_concurrency=1, polling_interval_sec=HEAVY_POLL_SECONDS)


def _prepare_file(path: str) -> None:
    """Write-ahead logging, once for the file, so that two workers seldom wait for one another."""
    with contextlib.closing(sqlite3.connect(path, timeout=20)) as file:
        file.execute("PRAGMA journal_mode=WAL")


def stop(patience_seconds: int) -> None:
    """Let running turns end for a while, then leave; what is cut off is repeated by the next worker."""
    from dbos import DBOS

    DBOS.destroy(workflow_completion_timeout_sec=patience_seconds)


def _carry_out(pk: int, turn: int) -> None:
    from dbos import DBOS

    try:
        ledger.carry_out(pk, turn, DBOS.executor_id or "")
    finally:
        connections.close_all()


def hand_over(job: Job) -> None:
    """Queue a job's turn. The engine knows it by name, key and turn, so telling it twice changes nothing."""
    from dbos import DBOS

    DBOS.enqueue_workflow_with_options(
        {"workflow_name": "carry_out", "queue_name": _queue_of(job), "workflow_id": job.workflow},
        job.pk,
        job.turn,
    )


def _queue_of(job: Job) -> str:
    try:
        return HEAVY if work_named(job.name).is_heavy else QUICK
    except LookupError:
        return QUICK  # where it fails, and says so


def is_lost(job: Job) -> bool:
    """Whether the engine has given this turn up."""
    from dbos import DBOS

    status = DBOS.get_workflow_status(job.workflow)
    return status is not None and status.status in LOST


def take_over(slot: str) -> int:
    """Queue again, for whoever is free, what a dead worker had begun; returns how many turns."""
    from dbos import DBOS

    begun = DBOS.list_workflows(status="PENDING", executor_id=slot, load_input=False, load_output=False)
    by_queue: dict[str, list[str]] = {}
    for workflow in begun:
        by_queue.setdefault(workflow.queue_name or QUICK, []).append(workflow.workflow_id)
    for queue, ids in by_queue.items():
        DBOS.resume_workflows(ids, queue_name=queue)
    return len(begun)


def forget(before: datetime, *, limit: int = 5_000) -> int:
    """Delete the engine's record of turns that ended before a moment."""
    from dbos import DBOS

    over = DBOS.list_workflows(
        status=["SUCCESS", *LOST],
        completed_before=before.isoformat(),
        limit=limit,
        load_input=False,
        load_output=False,
    )
    DBOS.delete_workflows([workflow.workflow_id for workflow in over])
    return len(over)
