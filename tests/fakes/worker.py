"""A real worker, run as ``python -m tests.fakes.worker``, whose work leaves marks that can be counted.

Marks go into a plain table without any uniqueness, so that a thing done twice is seen twice.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection

from corredor.kernel import events
from corredor.kernel.jobs import job, wait_until

ROOT = Path(__file__).resolve().parents[2]
TABLE = "worker_marks"


@dataclass(frozen=True)
class BellRang:
    """A bell rang; what follows takes ``seconds``."""

    number: int
    seconds: float = 0.0


def mark(kind: str, key: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} (kind, mark) VALUES (%s, %s)", [kind, str(key)])


def mark_once(kind: str, key: object) -> None:
    """As an area does it whose work has an effect outside: by natural key."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (kind, mark) SELECT %s, %s"
            f" WHERE NOT EXISTS (SELECT 1 FROM {TABLE} WHERE kind = %s AND mark = %s)",
            [kind, str(key), kind, str(key)],
        )


def marks(kind: str) -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT mark FROM {TABLE} WHERE kind = %s", [kind])
        return Counter(row[0] for row in cursor.fetchall())


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE TABLE {TABLE} (kind text NOT NULL, mark text NOT NULL)")


@job("fake.exactly_once", in_one_transaction=True)
def exactly_once(*, number: int, seconds: float = 0.0) -> None:
    mark("exactly-once", number)
    time.sleep(seconds)


@job("fake.outside")
def outside(*, number: int, seconds: float = 0.0) -> None:
    mark("outside-begun", number)
    time.sleep(seconds)
    mark_once("outside", number)


@job("fake.heavy", heavy=True)
def heavy(*, number: int, seconds: float = 0.0) -> None:
    mark("heavy-begun", number)
    time.sleep(seconds)
    mark_once("heavy", number)


@job("fake.patient")
def patient(*, until: str) -> None:
    mark("patient-came", 1)
    wait_until(datetime.fromisoformat(until))
    mark("patient", 1)


@job("fake.faulty", attempts=3)
def faulty(*, faults: int) -> None:
    mark("faulty-tried", 1)
    if marks("faulty-tried")["1"] <= faults:
        raise ConnectionError("somebody@example.org does not answer")
    mark("faulty", 1)


@job("fake.tick")
def tick() -> None:
    mark("tick", 1)


@events.listen(BellRang)
def hear(event: BellRang) -> None:
    mark("heard", event.number)
    time.sleep(event.seconds)


@dataclass
class WorkerProcess:
    """A worker in a process of its own, on the database of the running test."""

    home: Path
    clock: datetime | None = None
    tick_seconds: int = 0
    slot: str = ""
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        environment = os.environ | {
            "CORREDOR_HOME": str(self.home),
            "CORREDOR_DATABASE_URL": url_of_test_database(),
            "CORREDOR_LOG_LEVEL": "WARNING",
            "CORREDOR_WORKER_SLOT": self.slot,
            "DJANGO_SETTINGS_MODULE": "corredor.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "FAKE_TICK_SECONDS": str(self.tick_seconds),
        }
        environment.pop("CORREDOR_CLOCK", None)
        if self.clock:
            environment["CORREDOR_CLOCK"] = self.clock.isoformat()
        self.process = subprocess.Popen([sys.executable, "-m", "tests.fakes.worker"], env=environment)

    def kill(self) -> None:
        """As a power cut or the kernel's out-of-memory killer would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """As a supervisor would; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


def url_of_test_database() -> str:
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{at['NAME']}"
    return f"postgresql://{at['USER']}@/{at['NAME']}?host={at['HOST']}"


def until(holds: Callable[[], bool], seconds: float = 90.0) -> bool:
    """Wait for something to hold; False when it never did."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def main() -> int:
    from corredor.kernel.jobs.schedule import every
    from corredor.kernel.jobs.worker import run_worker

    seconds = int(os.environ["FAKE_TICK_SECONDS"])
    return run_worker([every(seconds, "fake.tick")] if seconds else [], patience_seconds=1)


if __name__ == "__main__":
    import django

    django.setup()
    # The module runs as __main__; the jobs are known by the name the tests import it under.
    from tests.fakes import worker

    sys.exit(worker.main())
