"""How fast tidy figures are imported, beside a plain bulk load of the same rows into the same table.

    python benchmarks/flows_import.py sqlite            # or postgresql; --rows 1000000; --order period|series

Ours: `import_observations` of a tidy CSV, from the file on disk to the commit: judged row by row, its series found or
made, change detection, sums kept beside it, audit and event. Reference, in the same run: on PostgreSQL `COPY … FROM
STDIN` of a CSV that already holds the table's columns; on SQLite `executemany` of tuples already in memory; each in one
transaction into the same, emptied table with its keys and constraints. The goal is a ratio of 0.60.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from flows_bench import installation, write_tidy

COLUMNS = "series_id, period, batch_id, value, low, high, status, is_part, parts"


def main() -> None:
    choices = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    choices.add_argument("database", choices=["sqlite", "postgresql"])
    choices.add_argument("--rows", type=int, default=1_000_000)
    choices.add_argument("--order", choices=["period", "series"], default="series")
    chosen = choices.parse_args()
    with installation(chosen.database) as folder:
        measure(folder, chosen.database, chosen.rows, chosen.order)


def measure(folder: Path, database: str, rows: int, order: str) -> None:
    from corredor.areas.flows.services import import_observations
    from corredor.kernel.policy import SYSTEM

    path = folder / "figures.csv"
    write_tidy(path, rows, order=order)
    start = time.perf_counter()
    report = import_observations(path=path, by=SYSTEM, source="pan-snm-darien")
    ours = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert report.kept == rows, report
    start = time.perf_counter()
    again = import_observations(path=path, by=SYSTEM, source="pan-snm-darien")
    assert again.status == "known-already"
    same = time.perf_counter() - start
    start = time.perf_counter()
    restated = import_observations(path=_touched(path), by=SYSTEM, source="pan-snm-darien")
    unchanged = time.perf_counter() - start
    assert (restated.kept, restated.unchanged) == (0, rows), restated
    reference = plain_load(folder, database, order, report.batch)
    print(f"{database}, {rows:,} rows in order of {order}, {report.summed:,} sums beside them")
    print(f"  ours       {ours:6.2f} s  {rows / ours:>9,.0f} rows/s   peak memory {memory:,.0f} MB")
    print(f"  reference  {reference:6.2f} s  {rows / reference:>9,.0f} rows/s")
    print(f"  ratio      {reference / ours:6.2f}  (goal 0.60)")
    print(
        f"  the same file again {same:.2f} s; the same figures in another file {unchanged:.2f} s, nothing written"
    )


def _touched(path: Path) -> Path:
    """The same figures in a file of another digest."""
    other = path.with_name("again.csv")
    other.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return other


def plain_load(folder: Path, database: str, order: str, batch: int | None) -> float:
    """Seconds of a bulk load of the same rows, in the order of the file, into the emptied table."""
    from django.db import connection, transaction

    by = "o.period, s.gate_id, o.series_id" if order == "period" else "s.gate_id, o.series_id, o.period"
    wanted = f"SELECT o.{COLUMNS.replace(', ', ', o.')} FROM flows_observation o JOIN flows_series s ON s.id = o.series_id"
    with connection.cursor() as cursor:
        cursor.execute(f"{wanted} WHERE o.parts IS NULL AND o.batch_id = {batch} ORDER BY {by}")
        rows = cursor.fetchall()
        cursor.execute(
            "TRUNCATE flows_observation" if database == "postgresql" else "DELETE FROM flows_observation"
        )
    if database == "sqlite":
        ready = [(r[0], str(r[1]), *r[2:]) for r in rows]
        start = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO flows_observation ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                ready,
            )
        return time.perf_counter() - start
    plain = folder / "plain.csv"
    with plain.open("w", encoding="ascii") as stream:
        stream.writelines(",".join("" if c is None else str(c) for c in row) + "\n" for row in rows)
    start = time.perf_counter()
    into = f"COPY flows_observation ({COLUMNS}) FROM STDIN (FORMAT CSV)"
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        plain.open("rb") as stream,
        cursor.copy(into) as copy,
    ):
        while piece := stream.read(1 << 20):
            copy.write(piece)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
