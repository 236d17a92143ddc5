"""Kill real workers for as long as one likes, and count what happened.

    python benchmarks/soak_jobs.py --seconds 120 --jobs 500 [--postgresql]

Two workers share a queue of jobs and stored events; every second or so one of them, chosen by the seed, is killed with
SIGKILL and started again. Prints one JSON document; exit code 1 when an effect is missing or happened twice.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    chosen = arguments()
    home = Path(tempfile.mkdtemp(prefix="corredor-soak-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    prepare(home, on_postgresql=chosen.postgresql)
    began = time.monotonic()
    kills = ask_and_kill(home, chosen)
    found = report(chosen) | {"kills": kills, "seconds": round(time.monotonic() - began, 1)}
    print(json.dumps(found, indent=1))
    return 0 if found["holds"] else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=60, help="for how long workers are killed")
    parser.add_argument("--jobs", type=int, default=400, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="on a private server of its own")
    return parser.parse_args()


def prepare(home: Path, *, on_postgresql: bool) -> None:
    """A database of its own, migrated, with the table the fake work marks."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ.update(CORREDOR_HOME=str(home), CORREDOR_TEST_RUN=str(home), CORREDOR_MODE="embedded")
    os.environ["DJANGO_SETTINGS_MODULE"] = "corredor.config.settings"
    os.environ["CORREDOR_LOG_LEVEL"] = "ERROR"
    if on_postgresql:
        os.environ["CORREDOR_TEST_DATABASE"] = "postgresql"
        from tests.early import PrivatePostgreSQL

        os.environ["CORREDOR_DATABASE_URL"] = PrivatePostgreSQL.start(durable=True).url()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.fakes.worker import make_table

    make_table()


def ask_and_kill(home: Path, chosen: argparse.Namespace) -> int:
    """Ask for everything, then kill and restart until the time is over, and let the rest be done."""
    from django.db import transaction
    from tests.fakes.worker import BellRang, WorkerProcess, until

    from corredor.kernel import events
    from corredor.kernel.jobs import enqueue

    for number in range(chosen.jobs):
        for name in ("fake.exactly_once", "fake.outside"):
            enqueue(name, key=str(number), number=number, seconds=0.05)
        with transaction.atomic():
            events.publish(BellRang(number, seconds=0.02))
    rng = random.Random(chosen.seed)
    workers = [WorkerProcess(home) for _ in range(2)]
    end, kills = time.monotonic() + chosen.seconds, 0
    while time.monotonic() < end:
        time.sleep(rng.uniform(2, 5))  # a worker needs about two seconds to begin
        doomed = rng.randrange(len(workers))
        workers[doomed].kill()
        workers[doomed] = WorkerProcess(home)
        kills += 1
    until(all_over, seconds=300)
    for worker in workers:
        worker.stop()
    return kills


def all_over() -> bool:
    from corredor.kernel.events.models import Delivery
    from corredor.kernel.jobs import ledger

    return not ledger.unfinished().exists() and not Delivery.objects.filter(done_at__isnull=True).exists()


def report(chosen: argparse.Namespace) -> dict[str, Any]:
    """How often each effect happened."""
    from tests.fakes.worker import marks

    once = {str(number): 1 for number in range(chosen.jobs)}
    kinds = {kind: marks(kind) for kind in ("exactly-once", "outside", "heard")}
    return {
        "database": "postgresql" if chosen.postgresql else "sqlite",
        "jobs": chosen.jobs,
        "missing": {kind: len(once.keys() - seen.keys()) for kind, seen in kinds.items()},
        "twice": {kind: sum(times > 1 for times in seen.values()) for kind, seen in kinds.items()},
        "begun_again": sum(marks("outside-begun").values()) - chosen.jobs,
        "holds": all(seen == once for seen in kinds.values()),
    }


if __name__ == "__main__":
    sys.exit(main())
