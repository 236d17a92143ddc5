"""Mexico's Boletín Estadístico (Unidad de Política Migratoria) as spreadsheets: airports, and table 3.1.1 by month.

Both are wide: a row a country, with subtotals by continent that are checked and not taken. A dash is zero, as the
bulletin's own key says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from corredor.areas.flows.adapters import nationality
from corredor.areas.flows.adapters.cells import CellRefused, count, country, month_number, refuse, year
from corredor.areas.flows.adapters.figures import (
    ALL,
    Figure,
    FileRefused,
    Frequency,
    Item,
    Place,
    Refusal,
    TotalCheck,
)
from corredor.areas.flows.adapters.rows import is_workbook, sheets
from corredor.areas.flows.adapters.wholes import with_wholes
from corredor.areas.flows.adapters.wide import Subtotals, is_note, label, subtotal_level

AIRPORTS = {
    "aguascalientes": "AGU",
    "apodaca": "NTR",
    "cancun": "CUN",
    "cd de mexico": "MEX",
    "chichen itza": "CZA",
    "chihuahua": "CUU",
    "ciudad de mexico": "MEX",
    "colima": "CLQ",
    "cozumel": "CZM",
    "durango": "DGO",
    "guadalajara": "GDL",
    "hermosillo": "HMO",
    "loreto": "LTO",
    "los cabos": "CSL",
    "mazatlan": "MZT",
    "merida": "MID",
    "monterrey": "MTY",
    "morelia": "MLM",
    "oaxaca": "OAX",
    "otros": "OTHER",
    "puebla": "PBC",
    "puerto vallarta": "PVR",
    "queretaro": "QRO",
    "sa jose del cabo": "SJD",  # so written in the tables of 2019 to 2021
    "san jose del cabo": "SJD",
    "san luis potosi": "SLP",
    "silao": "BJX",
    "tampico": "TAM",
    "tapachula": "TAP",
    "tijuana": "TIJ",
    "toluca": "TLC",
    "torreon": "TRC",
    "uruapan": "UPN",
    "veracruz": "VER",
    "zacatecas": "ZCL",
    "zihuatanejo": "ZIH",
}
_START = 40  # a heading line stands within the first forty rows, or nowhere

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of counts: where it counts (or when), and the heading as written."""

    index: int
    heading: str
    gate: str
    month: int | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: str
    heading_row: int  # 1-based
    measure: str
    frequency: Frequency
    columns: tuple[_Column, ...]
    total_column: int | None
    year_column: int | None
    title_year: int | None


class UpmAirports:
    """Refusals ("rechazos") and entries ("ingresos", table 1.3.1) by nationality and airport, a year a file.

    Sums follow at the end: every airport, every nationality, and all of them (gate ``MEX-AIR``).
    """

    name = "mexico-upm-airports"
    source = "mex-upm-airports"

    def recognises(self, path: Path) -> bool:
        return _recognised(path, _airport_table)

    def read(self, path: Path) -> Iterator[Item]:
        yield from with_wholes(
            _read(path, _airport_table, "Pais, ano, Cancún A. I. …"),
            lambda figure: replace(figure, nationality=ALL),
            lambda figure: replace(figure, gate="MEX-AIR"),
            lambda figure: replace(figure, gate="MEX-AIR", nationality=ALL),
        )


class Boletin:
    """Table 3.1.1: events of irregular migratory situation by nationality and month, a year a sheet.

    The row of the whole table is the published monthly total: it is taken for all nationalities *and* checked.
    """

    name = "mexico-boletin"
    source = "mex-upm-situation"

    def recognises(self, path: Path) -> bool:
        return _recognised(path, _month_table)

    def read(self, path: Path) -> Iterator[Item]:
        yield from _read(path, _month_table, "Continente/ país de nacionalidad, Ene., Feb. … Total")


_Find = Callable[[Path, str, list[Cells]], _Table | None]


def _recognised(path: Path, find: _Find) -> bool:
    if not is_workbook(path):
        return False
    try:
        return any(find(path, name, list(islice(rows, _START))) for name, rows in sheets(path))
    except (FileRefused, OSError):
        return False


def _read(path: Path, find: _Find, layout: str) -> Iterator[Item]:
    tables = 0
    for name, rows in sheets(path):
        start = list(islice(rows, _START))
        table = find(path, name, start)
        if table is not None:
            tables += 1
            yield from _read_table(table, chain(start, rows))
    if not tables:
        raise FileRefused(
            "wrong-layout",
            f"No sheet has the headings of this table: {layout}.",
            f"Ninguna hoja tiene los encabezados de este cuadro: {layout}.",
        )


def _airport_table(path: Path, sheet: str, rows: list[Cells]) -> _Table | None:
    """The heading line: "Pais", "ano", then airports. What is counted stands in the sheet's or the file's name."""
    index = next((i for i, cells in enumerate(rows) if _names_airports(cells)), None)
    if index is None:
        return None
    cells = rows[index]
    heads = [nationality.plain(label(cell)) for cell in cells]
    written = nationality.plain(f"{path.stem} {sheet}")
    if "rechazo" in written:
        measure = "refusals_at_airport"
    elif "ingreso" in written or "entrada" in written or "1 3 1" in written:
        measure = "air_entries"
    else:
        return None
    year_column = next((i for i, head in enumerate(heads) if head in ("ano", "anio")), None)
    total_column = next((i for i, head in enumerate(heads) if head == "total"), None)
    columns = tuple(
        _Column(i, label(cells[i]), _airport_gate(cells[i]))
        for i, head in enumerate(heads)
        if i and head and i not in (year_column, total_column)
    )
    title_year = _title_year([*rows[:index], [sheet, path.stem]])
    return _Table(sheet, index + 1, measure, "Y", columns, total_column, year_column, title_year)


def _names_airports(cells: Cells) -> bool:
    heads = [nationality.plain(label(cell)) for cell in cells]
    return bool(heads) and heads[0].startswith("pais") and any("a i" in head for head in heads[1:])


def _airport_gate(heading: Any) -> str:
    """The gate of "Cancún, Q. Roo A. I." or "Cd. de México, A. I. "Benito Juárez"": the town is what counts."""
    town = re.split(r"""[,(“"]|\bA\. ?I\.""", str(heading))[0]
    code = AIRPORTS.get(nationality.plain(town))
    return f"MEX-AIR-{code}" if code else ""


def _month_table(path: Path, sheet: str, rows: list[Cells]) -> _Table | None:
    """The heading line: at least six names of months; the title above it says what is counted, and the year."""
    index = next((i for i, cells in enumerate(rows) if len(_months(cells)) >= 6), None)
    if index is None:
        return None
    cells, months = rows[index], _months(rows[index])
    title = nationality.plain(" ".join(str(cell) for row in rows[:index] for cell in row))
    if "situacion migratoria irregular" not in title and "3 1 1" not in title:
        return None
    total = next((i for i, cell in enumerate(cells) if nationality.plain(label(cell)) == "total"), None)
    columns = tuple(_Column(i, label(cells[i]), "MEX-ALL", month) for i, month in months.items())
    title_year = _title_year(rows[:index])
    return _Table(sheet, index + 1, "irregular_situation", "M", columns, total, None, title_year)


def _months(cells: Cells) -> dict[int, int]:
    """Month number by column, for the columns headed by the name of a month."""
    found = ((i, _month_or_none(cell)) for i, cell in enumerate(cells) if i)
    return {i: month for i, month in found if month is not None}


def _month_or_none(cell: Any) -> int | None:
    try:
        return month_number(label(cell), Place(row=0))
    except CellRefused:
        return None


def _title_year(rows: list[Cells]) -> int | None:
    years = re.findall(r"(?:19|20)\d\d", " ".join(str(cell) for row in rows for cell in row))
    return int(years[-1]) if years else None


def _read_table(table: _Table, rows: Iterable[Cells]) -> Iterator[Item]:
    for column in table.columns:
        if not column.gate:
            yield _unknown_airport(table, column)
    columns = [column for column in table.columns if column.gate]
    subtotals = Subtotals([column.heading for column in columns])
    countries = 0
    for number, cells in enumerate(islice(rows, table.heading_row, None), start=table.heading_row + 1):
        name = label(cells[0]) if cells else ""
        if not name:
            continue
        if is_note(cells[0]):
            break
        reading = _RowReading(table, columns, number, cells)
        level = subtotal_level(name)
        if level is None:
            countries += 1
            yield from reading.country(name, subtotals)
        else:
            yield from reading.subtotal(name, level, subtotals)
    if not countries:
        raise FileRefused(
            "empty",
            f"Sheet “{table.sheet}” has headings and no rows.",
            f"La hoja «{table.sheet}» tiene encabezados y ninguna fila.",
            Place(row=table.heading_row, sheet=table.sheet),
        )
    yield from subtotals.finish()


@dataclass(slots=True)
class _RowReading:
    table: _Table
    columns: list[_Column]
    number: int
    cells: Cells

    def country(self, name: str, subtotals: Subtotals) -> Iterator[Item]:
        try:
            code = country(name, self._place("Pais"))
        except CellRefused as refused:
            code = ""
            yield refused.refusal
        counts: list[int | None] = []
        for column in self.columns:
            value = None
            try:
                value = self._count(column.index, column.heading)
                if code:
                    yield self._figure(column, value, code)
            except CellRefused as refused:
                yield refused.refusal
            counts.append(value)
        subtotals.country(counts)
        yield from self._check_row(name, counts)

    def subtotal(self, name: str, level: int, subtotals: Subtotals) -> Iterator[Item]:
        counts: list[int | None] = []
        for column in self.columns:
            try:
                counts.append(self._count(column.index, column.heading))
            except CellRefused:  # a blank beside a continent's name states nothing
                counts.append(None)
        whole_months = level == 0 and self.table.frequency == "M"
        if whole_months:
            for column, value in zip(self.columns, counts, strict=True):
                if value is not None:
                    yield self._figure(column, value, ALL)
        yield from subtotals.subtotal(name, level, counts, [self._place(c.heading) for c in self.columns])
        yield from self._check_row(name, counts)

    def _check_row(self, name: str, counts: list[int | None]) -> Iterator[Item]:
        """The row's own total, where the table prints one."""
        if self.table.total_column is not None:
            try:
                stated = self._count(self.table.total_column, "Total")
            except CellRefused:
                return
            yield TotalCheck(self._place("Total"), f"{name} · Total", stated, sum(c or 0 for c in counts))

    def _figure(self, column: _Column, value: int, code: str) -> Figure:
        period = date(self._year(), column.month or 1, 1)
        return Figure(
            self.table.measure,
            column.gate,
            self.table.frequency,
            period,
            value,
            self._place(column.heading),
            nationality=code,
        )

    def _year(self) -> int:
        place = self._place("ano")
        if self.table.year_column is not None:
            return year(self.cells[self.table.year_column], place)
        if self.table.title_year is not None:
            return self.table.title_year
        raise refuse(
            place,
            "not-a-year",
            "Neither the title nor a column says which year this is.",
            "Ni el título ni una columna dicen de qué año se trata.",
        )

    def _count(self, index: int, heading: str) -> int:
        found = self.cells[index] if index < len(self.cells) else ""
        if isinstance(found, str) and found.strip() in ("-", "–", "—"):
            return 0
        return count(found, self._place(heading))

    def _place(self, heading: str) -> Place:
        return Place(row=self.number, column=heading, sheet=self.table.sheet)


def _unknown_airport(table: _Table, column: _Column) -> Refusal:
    return Refusal(
        Place(row=table.heading_row, column=column.heading, sheet=table.sheet),
        "unknown-gate",
        f"“{column.heading}” is not a known airport: its column is not taken.",
        f"«{column.heading}» no es un aeropuerto conocido: su columna no se toma.",
        column.heading,
    )


UPM_AIRPORTS = UpmAirports()
BOLETIN = Boletin()
