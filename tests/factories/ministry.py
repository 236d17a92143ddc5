"""A ministry's spreadsheet as it comes: merged headings, month names, "<5", a totals row. Invented figures."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook

Rows = tuple[tuple[Any, ...], ...]
ROWS: Rows = (
    ("Venezuela", 1200, 1350, 980),
    ("Haití", 310, "<5", 45),
    ("Cuba", 95, 88, 130),
    ("Congo Kinsasa", 12, 7, 20),
)
WORDS = {
    "es": (
        "Instituto Demo de Migración",
        "Ingresos por nacionalidad y mes",
        "País de nacionalidad",
        "Total general",
    ),
    "en": (
        "Demo Institute of Migration",
        "Arrivals by nationality and month",
        "Country of nationality",
        "Grand total",
    ),
}
MONTHS = {"es": ("Enero", "Febrero", "Marzo"), "en": ("January", "February", "March")}


def workbook(rows: Rows = ROWS, language: str = "es") -> bytes:
    """Counts of 2024 by nationality and month, with headings in a language, merged over two lines."""
    institute, title, nationality, total = WORDS[language]
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["A4"], sheet["B4"] = institute, title, nationality, "2024"
    for merged in ("A2:D2", "A4:A5", "B4:D4"):
        sheet.merge_cells(merged)
    for at, month in enumerate(MONTHS[language]):
        sheet.cell(5, 2 + at, month)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.cell(6 + at, 1 + column, cell)
    foot = 6 + len(rows)
    sheet.cell(foot, 1, total)
    for at in (1, 2, 3):
        sheet.cell(foot, 1 + at, sum(row[at] for row in rows if isinstance(row[at], int)))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
