"""DHS Office of Homeland Security Statistics: the workbook "KHSM Encounters (USBP)", sixteen sheets.

Headings hold line breaks ("Fiscal\\nYear"), months are "01 October" (the fiscal year's first), and every quantity is
rounded to ten. Monthly sheets are taken; each annual sheet repeats one of them by fiscal year and is checked against
it. "Monthly Sector" repeats "Monthly Rgn and Sector" and is checked, cell by cell, not taken twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from corredor.areas.flows.adapters.cells import (
    CellRefused,
    chosen,
    count,
    country,
    fiscal_month,
    month_number,
    year,
)
from corredor.areas.flows.adapters.figures import ALL, Figure, FileRefused, Item, Place, TotalCheck
from corredor.areas.flows.adapters.rows import xlsx_sheets
from corredor.areas.flows.adapters.usbp import SECTORS

MEASURE = "usbp_encounters"
REGIONS = {
    "Southwest Land Border": "USA-SWB",
    "Northern Land Border": "USA-NB",
    "Coastal Border": "USA-COAST",
}
FAMILY_STATUS = {
    "Single Adults": "single-adult",
    "Family Unit Individuals": "family-unit",
    "Unaccompanied Children": "unaccompanied-child",
}

Key = tuple[str, str, str]  # gate, nationality, detail
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Sheet:
    headings: tuple[str, ...]
    key: Callable[[Values, Callable[[str], Place]], Key]


def _whole(_: Values, __: Callable[[str], Place]) -> Key:
    return "USA-BP", ALL, ""


def _citizenship(values: Values, at: Callable[[str], Place]) -> Key:
    return "USA-BP", country(str(values["Citizenship"]), at("Citizenship")), ""


def _family_status(values: Values, at: Callable[[str], Place]) -> Key:
    return "USA-BP", ALL, _family(values, at)


def _region(values: Values, at: Callable[[str], Place]) -> Key:
    return chosen(str(values["Region"]), REGIONS, at("Region"), "unknown-gate"), ALL, ""


def _region_citizenship(values: Values, at: Callable[[str], Place]) -> Key:
    return _region(values, at)[0], _citizenship(values, at)[1], ""


def _region_family(values: Values, at: Callable[[str], Place]) -> Key:
    return _region(values, at)[0], ALL, _family(values, at)


def _sector(values: Values, at: Callable[[str], Place]) -> Key:
    town = str(values["Sector"]).rsplit(",", 1)[0]
    return chosen(town, SECTORS, at("Sector"), "unknown-gate"), ALL, ""


def _family(values: Values, at: Callable[[str], Place]) -> str:
    heading = "Family Status"
    status = chosen(str(values[heading]), FAMILY_STATUS, at(heading), "unknown-demographic")
    return f"demographic={status}"


_CUTS = {
    "Count": _Sheet((), _whole),
    "Citizenship": _Sheet(("Citizenship",), _citizenship),
    "Region": _Sheet(("Region",), _region),
    "Family Status": _Sheet(("Family Status",), _family_status),
    "Rgn and Citp": _Sheet(("Region", "Citizenship"), _region_citizenship),
    "Rgn and Fam Status": _Sheet(("Region", "Family Status"), _region_family),
    "Sector": _Sheet(("Sector",), _sector),
    "Rgn and Sector": _Sheet(("Region", "Sector"), _sector),
}
_CHECKED_ONLY = "Sector"  # its monthly sheet repeats "Rgn and Sector"


class OhssKhsm:
    """Sheets are named "Monthly …" or "Annual …"; any other sheet is left alone."""

    name = "ohss-khsm"
    source = "usa-ohss-khsm"

    def recognises(self, path: Path) -> bool:
        try:
            with ZipFile(path) as workbook:
                names = workbook.read("xl/workbook.xml")[:100_000]
        except (OSError, KeyError, BadZipFile, ValueError):
            return False
        return b"Monthly Rgn and Citp" in names and b"Monthly Rgn and Sector" in names

    def read(self, path: Path) -> Iterator[Item]:
        reading = _Workbook()
        for name, rows in xlsx_sheets(path):
            span, _, cut = name.partition(" ")
            if cut in _CUTS and span in ("Annual", "Monthly"):
                yield from reading.sheet(span, cut, name, rows)
        if not reading.monthly:
            raise FileRefused(
                "wrong-layout",
                "The workbook has no sheet named “Monthly …” that is known here.",
                "El libro no tiene ninguna hoja «Monthly …» conocida.",
            )
        yield from reading.checks()


class _Workbook:
    """What must be remembered between sheets: sums by fiscal year of each cut, and what annual sheets state."""

    def __init__(self) -> None:
        self.summed: dict[str, dict[tuple[int, Key], int]] = {cut: defaultdict(int) for cut in _CUTS}
        self.stated: list[tuple[str, int, Key, int, Place]] = []
        self.repeated: list[tuple[int, int, Key, int, Place]] = []
        self.sectors: dict[tuple[int, int, Key], int] = {}
        self.months: dict[int, set[int]] = defaultdict(set)
        self.monthly = 0

    def sheet(self, span: str, cut: str, name: str, rows: Iterator[Sequence[Any]]) -> Iterator[Item]:
        headings = [" ".join(str(cell).split()) for cell in next(rows, ()) if cell is not None]
        wanted = ["Fiscal Year", *(["Month"] if span == "Monthly" else []), *_CUTS[cut].headings, "Quantity"]
        if headings != wanted:
            listed, found = ", ".join(wanted), ", ".join(headings)
            raise FileRefused(
                "wrong-layout",
                f"Sheet “{name}” should have the columns {listed}; it has {found}.",
                f"La hoja «{name}» debería tener las columnas {listed}; tiene {found}.",
                Place(row=1, sheet=name),
            )
        for number, cells in enumerate(rows, start=2):
            if not any(cell not in (None, "") for cell in cells):
                continue
            values = dict(zip(headings, cells, strict=False))
            try:
                yield from self._row(span, cut, values, _placer(number, name))
            except CellRefused as refused:
                yield refused.refusal

    def _row(self, span: str, cut: str, values: Values, at: Callable[[str], Place]) -> Iterator[Item]:
        fiscal_year = year(values.get("Fiscal Year"), at("Fiscal Year"))
        key = _CUTS[cut].key(values, at)
        value = count(values.get("Quantity"), at("Quantity"))
        if span == "Annual":
            self.stated.append((cut, fiscal_year, key, value, at("Quantity")))
            return
        self.monthly += 1
        month = month_number(str(values.get("Month")), at("Month"))
        self.months[fiscal_year].add(month)
        self.summed[cut][fiscal_year, key] += value
        if cut == _CHECKED_ONLY:
            self.repeated.append((fiscal_year, month, key, value, at("Quantity")))
            return
        if cut == "Rgn and Sector":
            self.sectors[fiscal_year, month, key] = value
        gate, nationality, detail = key
        period = fiscal_month(fiscal_year, month)
        yield Figure(
            MEASURE, gate, "M", period, value, at("Quantity"), nationality=nationality, detail=detail
        )

    def checks(self) -> Iterator[TotalCheck]:
        """Every annual figure against its months, and the sheet that repeats another against it.

        A difference that rounding can make says neither yes nor no, and is not handed over.
        """
        for cut, fiscal_year, key, stated, place in self.stated:
            summed = self.summed[cut][fiscal_year, key]
            if stated == summed or abs(stated - summed) > self._rounding(fiscal_year):
                what = " · ".join(
                    part for part in (f"fiscal year {fiscal_year}", *key) if part and part != ALL
                )
                yield TotalCheck(place, what, stated, summed)
        for fiscal_year, month, key, stated, place in self.repeated:
            what = f"{fiscal_month(fiscal_year, month):%Y-%m} · {key[0]}"
            yield TotalCheck(place, what, stated, self.sectors.get((fiscal_year, month, key), 0))

    def _rounding(self, fiscal_year: int) -> int:
        """Half of ten for each month of the year and for the year itself."""
        return 5 * (len(self.months[fiscal_year]) + 1)


def _placer(number: int, sheet: str) -> Callable[[str], Place]:
    return lambda heading: Place(row=number, column=heading, sheet=sheet)


OHSS = OhssKhsm()
