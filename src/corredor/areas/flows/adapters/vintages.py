"""What published totals said at successive dates: one row a series, a month and the day on which it was so.

    for known in read_vintages(path):
        known.known_on, known.source, known.figure

A vintage holds what was published on its day, not what was left out of it: a month missing from a later vintage has
not been withdrawn. Darién's years 2010–2019 stand as their first of January and are read as years.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corredor.areas.flows.adapters.cells import CellRefused, chosen, count, iso_day, iso_month
from corredor.areas.flows.adapters.figures import Figure, Frequency, Refusal
from corredor.areas.flows.adapters.rows import Row, csv_start, table_rows

COLUMNS = ("dataset", "vintage_date", "commit", "month", "count")


@dataclass(frozen=True, slots=True)
class VintageFigure:
    """A figure as it was published on ``known_on``; ``edition`` names the copy it was read from."""

    source: str
    known_on: date
    edition: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class _Series:
    source: str
    measure: str
    gate: str
    yearly_before: date = date.min


DATASETS = {
    "darien_transit": _Series("pan-snm-darien", "irregular_transit", "PAN-DARIEN", date(2020, 1, 1)),
    "honduras_irregular_entries": _Series("hnd-inm-irregular", "irregular_entries", "HND-ALL"),
    "mexico_irregular_situation": _Series("mex-upm-situation", "irregular_situation", "MEX-ALL"),
    "mexico_expulsions": _Series("mex-upm-returns", "returns_carried_out", "MEX-ALL"),
    "guatemala_returns": _Series("gtm-igm-returns", "returns_received", "GTM-ALL"),
    "usa_sw_border_encounters": _Series("usa-cbp-encounters", "encounters", "USA-SWB"),
    "frontex_detections": _Series("eur-frontex-detections", "detections", "EUR-EXT"),
    "iom_missing_migrants": _Series("iom-missing-migrants", "missing_migrants", "AME-CENTRAL"),
}


def is_vintages(path: Path) -> bool:
    """Whether a file has this layout; never raises."""
    start = csv_start(path, 1)
    return bool(start) and [heading.strip() for heading in start[0]] == list(COLUMNS)


def read_vintages(path: Path) -> Iterator[VintageFigure | Refusal]:
    """Every total with the day on which it was known, in the file's order; raises FileRefused for another layout."""
    for row in table_rows(path, COLUMNS):
        try:
            yield _known(row)
        except CellRefused as refused:
            yield refused.refusal


def _known(row: Row) -> VintageFigure:
    series = chosen(row["dataset"], DATASETS, row.place("dataset"), "unknown-dataset")
    period = iso_month(row["month"], row.place("month"))
    frequency: Frequency = "Y" if period < series.yearly_before else "M"
    people = count(row["count"], row.place("count"))
    return VintageFigure(
        series.source,
        iso_day(row["vintage_date"], row.place("vintage_date")),
        row["commit"],
        Figure(series.measure, series.gate, frequency, period, people, row.place("count")),
    )
