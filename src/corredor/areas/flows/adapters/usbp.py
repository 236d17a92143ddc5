"""U.S. Border Patrol's monthly tables by sector, FY2000–FY2020: the official PDF, and text exports of its tables.

Both forms hold the same lines: a sector, twelve months from October to September, a yearly total. Known troubles, all
met in the published file: a sector's name above its numbers ("Big Bend" / "(formerly Marfa)"), column headings run
together, thousands written "1,132" or "1132", "N/A" for a sector closed after FY2004.

The rows "Southwest Border", "Northern Border", "Coastal Border" and "Monthly Total" are the published figures of wider
gates: they are taken for those gates *and* checked against the sum of their sectors. Yearly totals are checked only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from corredor.areas.flows.adapters.cells import fiscal_month
from corredor.areas.flows.adapters.figures import Figure, FileRefused, Item, Place, Refusal, TotalCheck
from corredor.areas.flows.adapters.rows import truncated, unreadable

MEASURE = "usbp_encounters"
SECTORS = {
    "Big Bend": "USA-SWB-BBT",
    "Del Rio": "USA-SWB-DRT",
    "El Centro": "USA-SWB-ELC",
    "El Paso": "USA-SWB-EPT",
    "Laredo": "USA-SWB-LRT",
    "Rio Grande Valley": "USA-SWB-RGV",
    "San Diego": "USA-SWB-SDC",
    "Tucson": "USA-SWB-TCA",
    "Yuma": "USA-SWB-YUM",
    "Blaine": "USA-NB-BLW",
    "Buffalo": "USA-NB-BUN",
    "Detroit": "USA-NB-DTM",
    "Grand Forks": "USA-NB-GFN",
    "Havre": "USA-NB-HVM",
    "Houlton": "USA-NB-HLT",
    "Spokane": "USA-NB-SPW",
    "Swanton": "USA-NB-SWB",
    "Livermore": "USA-COAST-LVM",
    "Miami": "USA-COAST-MIP",
    "New Orleans": "USA-COAST-NLL",
    "Ramey": "USA-COAST-RMY",
}
SUMS = {
    "Southwest Border": "USA-SWB",
    "Northern Border": "USA-NB",
    "Coastal Border": "USA-COAST",
    "Monthly Total": "USA-BP",
}
NAMES = SECTORS | SUMS
FISCAL_MONTHS = (10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9)
MONTH_NAMES = (
    "October November December January February March April May June July August September".split()  # noqa: SIM905
)

_TITLE = re.compile(r"by month\s*-\s*FY\s*(\d{4})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+|N/A")
_NOISE = re.compile(
    r"^(\(|\*|yearly|total$|sector\b|united states border patrol|beginning in )", re.IGNORECASE
)


@dataclass(slots=True)
class _Line:
    """One line of text of one page."""

    page: str
    number: int
    text: str

    @property
    def place(self) -> Place:
        return Place(row=self.number, sheet=self.page)


@dataclass(slots=True)
class _Table:
    """A fiscal year while it is read: what its sectors sum to, month by month."""

    fiscal_year: int
    place: Place
    sums: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    seen: set[str] = field(default_factory=set)


class UsbpMonthlyPdf:
    """The PDF itself, page by page; a page is one fiscal year, its lines are counted from 1."""

    name = "usbp-monthly-pdf"
    source = "usa-cbp-usbp-monthly"

    def recognises(self, path: Path) -> bool:
        try:
            with path.open("rb") as stream:
                if stream.read(5) != b"%PDF-":
                    return False
        except OSError:
            return False
        import pdfplumber

        try:
            with pdfplumber.open(path, pages=[1]) as document:
                return bool(document.pages) and _is_table(document.pages[0].extract_text())
        except _pdf_faults():
            return False

    def read(self, path: Path) -> Iterator[Item]:
        yield from _read_tables(_pdf_lines(path))


class UsbpMonthlyText:
    """Text exports of the PDF's tables: cells separated by bars, rows broken where the PDF breaks them."""

    name = "usbp-monthly-text"
    source = "usa-cbp-usbp-monthly"

    def recognises(self, path: Path) -> bool:
        try:
            with path.open("rb") as stream:
                return _is_table(stream.read(4096).decode("utf-8", "replace").replace("|", " "))
        except OSError:
            return False

    def read(self, path: Path) -> Iterator[Item]:
        yield from _read_tables(_text_lines(path))


def _is_table(start: str) -> bool:
    return "United States Border Patrol" in start and bool(_TITLE.search(start)) and "SECTOR" in start


def _pdf_faults() -> tuple[type[Exception], ...]:
    """What a damaged PDF raises. The library is heavy, so it is loaded only when a PDF is read."""
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    return (OSError, ValueError, TypeError, KeyError, PDFException, PdfminerException)


def _pdf_lines(path: Path) -> Iterator[_Line]:
    import pdfplumber

    try:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                for number, text in enumerate(page.extract_text().splitlines(), start=1):
                    yield _Line(f"p. {page.page_number}", number, text)
                page.close()  # forget the page's objects: memory holds one page at a time
    except _pdf_faults() as error:
        raise unreadable("PDF") from error


def _text_lines(path: Path) -> Iterator[_Line]:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, text in enumerate(lines, start=1):
                yield _Line("", number, text.replace("|", " ").strip())
    except UnicodeError as error:
        raise unreadable("text") from error


def _read_tables(lines: Iterable[_Line]) -> Iterator[Item]:
    """Figures and checks of every fiscal year; refuses a file with no table, or whose last table is cut short."""
    last_row, years = 0, 0
    for page, of_page in groupby(lines, key=lambda line: line.page):
        table: _Table | None = None
        waiting = ""
        for line in of_page:
            last_row = line.number
            title = _TITLE.search(line.text)
            if title:
                table = _Table(int(title[1]), line.place)
                years += 1
            elif line.text.strip() and table is not None:
                waiting, items = _read_line(line, table, waiting)
                yield from items
        if table is not None and "Monthly Total" not in table.seen:
            raise truncated(Place(row=last_row, sheet=page))
    if not years:
        raise FileRefused(
            "wrong-layout",
            "There is no Border Patrol table “by month - FY” in this file.",
            "En este archivo no hay un cuadro de la Patrulla Fronteriza «by month - FY».",
        )


def _read_line(line: _Line, table: _Table, waiting: str) -> tuple[str, list[Item]]:
    """What a line says, and the sector's name that waits for its numbers on the next line."""
    text = line.text.strip()
    name = _name_at_start(text)
    rest = text[len(name) :].lstrip("* ").strip() if name else text
    if name and not rest:
        return name, []
    if _NOISE.match(text) or not re.search(r"\d|N/A", text):
        return waiting, []
    sector = name or waiting
    cells = rest.split()
    if not sector:
        return "", [_unknown_sector(line)]
    if len(cells) != 13 or not all(_NUMBER.fullmatch(cell) for cell in cells):
        return "", [_not_thirteen(line)]
    table.seen.add(sector)
    return "", list(_sector(sector, cells, line, table))


def _name_at_start(text: str) -> str:
    return next((name for name in sorted(NAMES, key=len, reverse=True) if text.startswith(name)), "")


def _sector(name: str, cells: list[str], line: _Line, table: _Table) -> Iterator[Item]:
    numbers = [None if cell == "N/A" else int(cell.replace(",", "")) for cell in cells]
    year = table.fiscal_year
    for index, (month, value) in enumerate(zip(FISCAL_MONTHS, numbers[:12], strict=True)):
        if value is None:
            continue
        place = Place(line.number, MONTH_NAMES[index], line.page)
        yield Figure(MEASURE, NAMES[name], "M", fiscal_month(year, month), value, place)
        if name in SUMS:
            stated_for = f"{fiscal_month(year, month):%Y-%m} · {name}"
            yield TotalCheck(place, stated_for, value, table.sums[SUMS[name], month])
        else:
            table.sums[SECTORS[name].rsplit("-", 1)[0], month] += value
            table.sums["USA-BP", month] += value
    if numbers[12] is not None:
        place = Place(line.number, "Yearly Total", line.page)
        monthly = sum(number or 0 for number in numbers[:12])
        yield TotalCheck(place, f"fiscal year {year} · {name}", numbers[12], monthly)


def _unknown_sector(line: _Line) -> Refusal:
    return Refusal(
        line.place,
        "unknown-gate",
        "The numbers of this line do not stand beside the name of a known sector.",
        "Los números de esta línea no están junto al nombre de un sector conocido.",
        line.text[:200],
    )


def _not_thirteen(line: _Line) -> Refusal:
    return Refusal(
        line.place,
        "broken-row",
        "This line does not hold twelve months and a yearly total.",
        "Esta línea no contiene doce meses y un total anual.",
        line.text[:200],
    )


USBP_PDF = UsbpMonthlyPdf()
USBP_TEXT = UsbpMonthlyText()
