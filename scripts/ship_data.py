"""Make the figures that travel with the product from the public files beside the checkout.

    python scripts/ship_data.py [--shared ../shared] [--out src/corredor/areas/flows/shipped]

The same input always gives the same bytes. What is left out, and why, is said in ``docs/data.md``.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from corredor.areas.flows.adapters import ADAPTERS  # noqa: E402
from corredor.areas.flows.adapters.figures import Figure, Refusal  # noqa: E402
from corredor.areas.flows.adapters.vintages import VintageFigure, read_vintages  # noqa: E402
from corredor.areas.flows.adapters.wholes import SUMMED  # noqa: E402

KNOWN_ON = date(2025, 6, 19)  # the day of the compilation the files were copied from
COLUMNS = (
    "measure",
    "gate",
    "frequency",
    "period",
    "nationality",
    "departure",
    "sex",
    "age",
    "detail",
    "value",
    "status",
)
LARGEST_BYTES = 700_000

# Adapter, and the files of its folder that are shipped.
FILES = {
    "panama-darien": [
        "darien_transit/darien_monthly_total.csv",
        "darien_transit/darien_monthly_by_nationality.csv",
        "darien_transit/darien_annual_by_nationality_2010_2019.csv",
        "darien_transit/darien_monthly_by_demography.csv",
    ],
    "honduras-irregular-entries": [
        "honduras_irregular_entries/honduras_monthly_total.csv",
        "honduras_irregular_entries/honduras_monthly_by_nationality.csv",
        "honduras_irregular_entries/honduras_monthly_by_demography.csv",
    ],
    "mexico-irregular-situation": [
        "mexico_irregular_situation/mexico_monthly_total.csv",
        "mexico_irregular_situation/mexico_monthly_by_nationality.csv",
        "mexico_irregular_situation/mexico_monthly_by_sex_age.csv",
    ],
    "mexico-expulsions": ["mexico_irregular_situation/mexico_expulsions_monthly_by_nationality.csv"],
    "guatemala-returns": ["guatemala_returns/guatemala_returns_monthly.csv"],
    "cbp-encounters-series": [
        "usa_sw_border_encounters/usa_swb_monthly_total.csv",
        "usa_sw_border_encounters/usa_swb_monthly_by_nationality.csv",
        "usa_sw_border_encounters/usa_swb_monthly_by_area.csv",
        "usa_sw_border_encounters/usa_swb_monthly_by_demographic.csv",
    ],
}
VINTAGES = "vintages/monthly_totals_by_vintage.csv"
VINTAGE_SOURCES = ("pan-snm-darien", "hnd-inm-irregular", "mex-upm-situation", "usa-cbp-encounters")
# Honduras before 2018 was published through IOM's DTM, whose reuse licence is not stated: not shipped.
NOT_BEFORE = {"hnd-inm-irregular": date(2018, 1, 1)}


@dataclass(frozen=True, slots=True)
class Part:
    """One file to write."""

    source: str
    known_on: date
    basis: str
    figures: list[Figure]

    @property
    def name(self) -> str:
        sums = ".sums" if self.basis != "published" else ""
        edition = "" if self.is_current else f".{self.known_on}"
        folder = "" if self.is_current else "vintages/"
        return f"{folder}{self.source}{edition}{sums}.csv.gz"

    @property
    def is_current(self) -> bool:
        return self.known_on == KNOWN_ON


def current(data: Path) -> list[Part]:
    """The last state of every source, published figures and sums apart."""
    parts = []
    for name, files in FILES.items():
        adapter = ADAPTERS[name]
        items = [item for file in files for item in adapter.read(data / file)]
        for item in items:
            if isinstance(item, Refusal):
                print(f"left out: {adapter.source} row {item.place.row}: {item.reason_en}", file=sys.stderr)
        figures = [item for item in items if isinstance(item, Figure) and _is_shipped(adapter.source, item)]
        stated = [figure for figure in figures if figure.place.column != SUMMED]
        sums = [figure for figure in figures if figure.place.column == SUMMED]
        parts.append(Part(adapter.source, KNOWN_ON, "published", stated))
        if sums:
            parts.append(Part(adapter.source, KNOWN_ON, "sum:file", sums))
    return parts


def earlier(data: Path) -> list[Part]:
    """Monthly totals as earlier editions had them. A month that had not ended when it was published is provisional.

    Years are left out: 2010–2019 never changed, and the current file has them.
    """
    editions: dict[tuple[date, str], list[Figure]] = defaultdict(list)
    for known in read_vintages(data / VINTAGES):
        if isinstance(known, VintageFigure) and _is_earlier(known):
            editions[known.known_on, known.source].append(_as_known(known))
    return [Part(source, known_on, "published", figures) for (known_on, source), figures in editions.items()]


def _is_earlier(known: VintageFigure) -> bool:
    shipped = known.source in VINTAGE_SOURCES and _is_shipped(known.source, known.figure)
    return shipped and known.figure.frequency == "M" and known.known_on < KNOWN_ON


def _is_shipped(source: str, figure: Figure) -> bool:
    return figure.period >= NOT_BEFORE.get(source, date.min)


def _as_known(known: VintageFigure) -> Figure:
    has_ended = known.known_on >= _next_month(known.figure.period)
    return known.figure if has_ended else replace(known.figure, status="provisional")


def _next_month(period: date) -> date:
    return (period.replace(day=28) + timedelta(days=4)).replace(day=1)


def tidy(figures: Iterable[Figure]) -> bytes:
    """The figures as gzip of tidy CSV, in one order, without the time of writing."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(_columns(figure) for figure in figures))
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0, filename="") as zipped:
        zipped.write(text.getvalue().encode())
    return packed.getvalue()


def _columns(figure: Figure) -> tuple[str | int, ...]:
    hidden = [name for name in ("low", "high") if getattr(figure, name) is not None]
    if figure.value is None or hidden or figure.direction != "ALL":
        raise ValueError(f"Shipped files have no column for all that this figure says: {figure}")
    period = figure.period.isoformat()
    return tuple(period if name == "period" else getattr(figure, name) for name in COLUMNS)


def sources() -> dict[str, dict[str, str]]:
    with (ROOT / "src/corredor/areas/flows/reference/sources.csv").open(
        encoding="utf-8", newline=""
    ) as lines:
        return {row["code"]: row for row in csv.DictReader(lines)}


def described(part: Part, content: bytes, source: dict[str, str]) -> dict[str, str | int]:
    periods = [figure.period for figure in part.figures]
    return {
        "file": part.name,
        "source": part.source,
        "known_on": part.known_on.isoformat(),
        "basis": part.basis,
        "is_current": "yes" if part.is_current else "no",
        "figures": len(part.figures),
        "first_period": min(periods).isoformat(),
        "last_period": max(periods).isoformat(),
        "sha256": hashlib.sha256(content).hexdigest(),
        "publisher": source["publisher"],
        "attribution_en": source["attribution_en"],
        "attribution_es": source["attribution_es"],
        "licence_note_en": source["licence_note_en"],
        "licence_note_es": source["licence_note_es"],
    }


def ship(data: Path, out: Path) -> int:
    """Write every file and ``SOURCES.csv``; the number of bytes written."""
    known_sources = sources()
    (out / "vintages").mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("*.csv.gz"), *out.glob("vintages/*.csv.gz")):
        old.unlink()
    parts = sorted([*earlier(data), *current(data)], key=lambda part: (part.known_on, part.name))
    rows, size = [], 0
    for part in parts:
        content = tidy(part.figures)
        (out / part.name).write_bytes(content)
        rows.append(described(part, content, known_sources[part.source]))
        size += len(content)
    with (out / "SOURCES.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return size + (out / "SOURCES.csv").stat().st_size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = os.environ.get("CORREDOR_SHARED", str(ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=Path(default))
    parser.add_argument("--out", type=Path, default=ROOT / "src/corredor/areas/flows/shipped")
    given = parser.parse_args()
    size = ship(given.shared / "data", given.out)
    print(f"{size:,} bytes")
    return 0 if size <= LARGEST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
