"""UNHCR's monthly asylum applications: a CSV with two title lines, "*" for one to four people.

A month without a row is not stated; it is not taken for zero. Two bodies report for the United States, so its figures
keep which one in ``detail`` and no total of the two is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from corredor.areas.flows.adapters.cells import count, country, each, month_number, year
from corredor.areas.flows.adapters.figures import Figure, FileRefused, Item, Place
from corredor.areas.flows.adapters.rows import Cells, Row, csv_lines, csv_start, truncated, wrong_layout

HEADINGS = ["Country / territory of asylum/residence", "Origin", "Year", "Month", "Value"]
HIDDEN = "*"
SMALLEST_HIDDEN, LARGEST_HIDDEN = 1, 4
BODIES = {
    "USA (INS/DHS)": ("USA", "body=INS/DHS"),
    "USA (EOIR)": ("USA", "body=EOIR"),
}


class UnhcrMonthly:
    name = "unhcr-monthly"
    source = "unhcr-asylum-monthly"

    def recognises(self, path: Path) -> bool:
        return any(_is_heading(cells) for cells in csv_start(path, 6))

    def read(self, path: Path) -> Iterator[Item]:
        yield from each(_rows(path), _application)


def _is_heading(cells: Cells) -> bool:
    return [cell.strip() for cell in cells] == HEADINGS


def _rows(path: Path) -> Iterator[Row]:
    lines = csv_lines(path)
    if not any(_is_heading(cells) for _, cells in lines):  # leaves ``lines`` just below the headings
        raise wrong_layout(HEADINGS)
    last: tuple[int, Cells] | None = None
    for line in lines:
        if last:
            yield _row(*last)
        last = line
    if last is None:
        raise FileRefused("empty", "The file has no rows.", "El archivo no tiene filas.", Place(row=1))
    if len(last[1]) < len(HEADINGS):
        raise truncated(Place(row=last[0]))
    yield _row(*last)


def _row(number: int, cells: Cells) -> Row:
    return Row(number, dict(zip(HEADINGS, [*cells, *[""] * len(HEADINGS)], strict=False)))


def _application(row: Row) -> Iterator[Figure]:
    where = HEADINGS[0]
    iso3, detail = BODIES.get(row[where], ("", ""))
    hidden = row["Value"].strip() == HIDDEN
    place = row.place("Value")
    yield Figure(
        "asylum_claims",
        f"{iso3 or country(row[where], row.place(where))}-ALL",
        "M",
        date(year(row["Year"], row.place("Year")), month_number(row["Month"], row.place("Month")), 1),
        None if hidden else count(row["Value"], place),
        place,
        nationality=country(row["Origin"], row.place("Origin")),
        detail=detail,
        low=SMALLEST_HIDDEN if hidden else None,
        high=LARGEST_HIDDEN if hidden else None,
    )


UNHCR = UnhcrMonthly()
