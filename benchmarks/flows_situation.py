"""How long the server takes for the situation with five million observations.

    python benchmarks/flows_situation.py sqlite         # or postgresql; --rows 5000000

Five sources state daily counts by nationality at twenty gates each. Timed: `queries.situation` for the public, today and
as known on an earlier day, a gate, a nationality; then the situation page itself through Django's test client, whole:
session, permissions, queries, templates. The goal is under 100 ms for the situation and its page. Medians of 15.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from flows_bench import installation, write_tidy

SOURCES = {
    "pan-snm-darien": "irregular_transit",
    "hnd-inm-irregular": "irregular_entries",
    "mex-upm-situation": "irregular_situation",
    "gtm-igm-returns": "returns_received",
    "usa-cbp-encounters": "encounters",
}


def main() -> None:
    choices = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    choices.add_argument("database", choices=["sqlite", "postgresql"])
    choices.add_argument("--rows", type=int, default=5_000_000)
    choices.add_argument("--page", default="/", help="address of the situation page")
    chosen = choices.parse_args()
    with installation(chosen.database) as folder:
        fill(folder, chosen.rows // len(SOURCES))
        measure(chosen.page)


def fill(folder: Path, rows: int) -> None:
    from django.db import connection

    from corredor.areas.flows.services import import_observations, publish_batch
    from corredor.kernel.policy import SYSTEM
    from corredor.kernel.sharing import Level

    path = folder / "figures.csv"
    for source, kind in SOURCES.items():
        write_tidy(path, rows, order="series", measure=kind)
        report = import_observations(path=path, by=SYSTEM, source=source, known_at=date(2026, 7, 1))
        publish_batch(batch=report.batch or 0, level=Level.PUBLIC, by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM flows_observation")
        print(f"{connection.vendor}: {cursor.fetchone()[0]:,} observations")


def measure(page: str) -> None:
    from django.test import Client

    from corredor.areas.flows import queries
    from corredor.kernel.policy import PUBLIC

    gate = queries.situation(PUBLIC).gates[0].gate.code
    timed("situation", lambda: queries.situation(PUBLIC))
    timed("situation as known on a day", lambda: queries.situation(PUBLIC, as_known_on=date(2026, 7, 2)))
    timed("one gate, with compositions", lambda: queries.gate(PUBLIC, gate))
    timed("one nationality, 100 lines", lambda: queries.nationality(PUBLIC, "VEN"))
    client = Client(SERVER_NAME="localhost")
    answer = client.get(page, follow=True)
    assert answer.status_code == 200, f"{page} answers {answer.status_code}: an error page is no measurement"
    print(f"  page {page}: {len(answer.content):,} bytes")
    timed(f"page {page}", lambda: client.get(page, follow=True))


def timed(what: str, question: Callable[[], object]) -> None:
    question()
    wall, cpu = [], []
    for _ in range(15):
        start, started = time.perf_counter(), time.process_time()
        question()
        wall.append(1000 * (time.perf_counter() - start))
        cpu.append(1000 * (time.process_time() - started))
    print(
        f"  {what:30} {statistics.median(wall):7.1f} ms   (CPU here {statistics.median(cpu):6.1f} ms, worst {max(wall):.0f})"
    )


if __name__ == "__main__":
    main()
