"""Figures as files for other programs: tidy columns, the same that the importer reads, with HXL tags under them.

Every row carries its source, its attribution and when it became known. Text that a spreadsheet would take for a
formula is made inert (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import IO, TYPE_CHECKING, Any

from corredor.areas.flows.adapters.guard import inert
from corredor.areas.flows.queries.things import FigureRow

if TYPE_CHECKING:
    from openpyxl import Workbook  # heavy: loaded when a workbook is written

# column → HXL hashtag (HXL standard 1.1: https://hxlstandard.org/standard/1-1final/dictionary/)
COLUMNS = {
    "source": "#meta+source+code",
    "measure": "#indicator+code",
    "gate": "#loc+code",
    "frequency": "#period+frequency",
    "period": "#date+start",
    "nationality": "#country+origin+code",
    "departure": "#country+departure+code",
    "sex": "#affected+sex+code",
    "age": "#affected+age+code",
    "direction": "#meta+direction",
    "detail": "#meta+detail",
    "value": "#affected+num",
    "low": "#affected+min+num",
    "high": "#affected+max+num",
    "status": "#status+code",
    "basis": "#meta+basis",
    "part_period": "#meta+part",
    "protected": "#meta+protected",
    "known_at": "#date+known",
    "batch": "#meta+batch",
    "attribution": "#meta+attribution",
}
_SHEET_ROWS = 1_048_576 - 2


def cells_of(row: FigureRow, language: str) -> list[str | int | None]:
    """One figure as the cells of a row, in the order of COLUMNS; what is hidden or protected is empty."""
    card, point = row.series, row.point
    return [
        card.source.code,
        card.measure.code,
        card.gate.code,
        card.frequency,
        point.period.isoformat(),
        card.nationality,
        card.departure,
        card.sex,
        card.age,
        card.direction,
        inert(card.detail),
        point.value,
        point.low,
        point.high,
        point.status,
        card.basis,
        "yes" if point.is_part else "no",
        "yes" if point.is_protected else "no",
        point.known_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        point.batch,
        inert(card.source.attribution.in_language(language)),
    ]


def csv_lines(rows: Iterable[FigureRow], *, language: str = "es") -> Iterator[str]:
    """The lines of a CSV file (UTF-8 with mark, CRLF), one by one: headings, HXL tags, figures."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    yield "\ufeff"
    for cells in _all_rows(rows, language):
        writer.writerow(["" if cell is None else cell for cell in cells])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def write_xlsx(rows: Iterable[FigureRow], target: IO[bytes], *, language: str = "es") -> int:
    """Write an Excel workbook row by row; a sheet that is full is continued on the next. Returns how many figures."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    written = 0
    sheet: Any = None
    for cells in _figure_rows(rows, language):
        if written % _SHEET_ROWS == 0:
            sheet = _started_sheet(book, written // _SHEET_ROWS)
        sheet.append(cells)
        written += 1
    if sheet is None:
        _started_sheet(book, 0)
    book.save(target)
    return written


def _started_sheet(book: Workbook, number: int) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    sheet = book.create_sheet("figures" if not number else f"figures {number + 1}")
    sheet.freeze_panes = "A3"
    headings = []
    for name in COLUMNS:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        headings.append(cell)
    sheet.append(headings)
    sheet.append(list(COLUMNS.values()))
    return sheet


def _all_rows(rows: Iterable[FigureRow], language: str) -> Iterator[list[Any]]:
    yield list(COLUMNS)
    yield list(COLUMNS.values())
    yield from _figure_rows(rows, language)


def _figure_rows(rows: Iterable[FigureRow], language: str) -> Iterator[list[str | int | None]]:
    return (cells_of(row, language) for row in rows)
