"""U.S. Customs and Border Protection: the nationwide encounters file as published, one row a cell.

Two editions are published, "by state" and "by area of responsibility"; both cross every dimension they have. A cell
keeps its nationality and puts the rest in ``detail``; sums by border region follow at the end (total, by nationality,
by demographic class; by sector or field office in the edition that has them), so that pages need not add cells.

Fiscal year 2023 begins on 1 October 2022. "2024 (FYTD)", the year in progress, makes a figure provisional.
Demographic classes are not age groups (a family unit holds adults and children), so they are never turned into ages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from corredor.areas.flows.adapters.cells import (
    chosen,
    count,
    country,
    each,
    fiscal_month,
    month_number,
    year,
)
from corredor.areas.flows.adapters.corridor import PATROL, SWB_AREAS, SWB_COMPONENTS, demographic
from corredor.areas.flows.adapters.figures import ALL, Figure, Item, Status
from corredor.areas.flows.adapters.layouts import CsvAdapter, Layout
from corredor.areas.flows.adapters.rows import Row
from corredor.areas.flows.adapters.wholes import with_wholes

REGIONS = {
    "Southwest Land Border": "USA-SWB",
    "Northern Land Border": "USA-NB",
    "Other": "USA-OTHER",
}
NORTHERN_SECTORS = {
    "Blaine": "USA-NB-BLW",
    "Spokane": "USA-NB-SPW",
    "Havre": "USA-NB-HVM",
    "Grand Forks": "USA-NB-GFN",
    "Detroit": "USA-NB-DTM",
    "Buffalo": "USA-NB-BUN",
    "Swanton": "USA-NB-SWB",
    "Houlton": "USA-NB-HLT",
}
AREAS = SWB_AREAS | {(PATROL, f"{town} Sector"): gate for town, gate in NORTHERN_SECTORS.items()}

COMMON = ("Fiscal Year", "Month Grouping", "Month (abbv)", "Land Border Region", "Demographic", "Citizenship")
BY_STATE = (*COMMON, "State", "Title of Authority", "Encounter Count")
BY_AREA = (
    *COMMON,
    "Component",
    "Area of Responsibility",
    "AOR (Abbv)",
    "Title of Authority",
    "Encounter Type",
    "Encounter Count",
)


def _by_state(rows: Iterator[Row]) -> Iterator[Item]:
    return with_wholes(each(rows, _state_cell), _region_total, _region_by_nationality, _region_by_demographic)


def _by_area(rows: Iterator[Row]) -> Iterator[Item]:
    return with_wholes(
        each(rows, _area_cell),
        _region_total,
        _region_by_nationality,
        _region_by_demographic,
        lambda figure: replace(figure, nationality=ALL, detail="") if figure.gate in _AREA_GATES else None,
        lambda figure: replace(figure, detail="") if figure.gate in _AREA_GATES else None,
    )


def _state_cell(row: Row) -> Iterator[Figure]:
    yield _figure(row, _region(row), f"state={row['State']};authority={row['Title of Authority']}")


def _area_cell(row: Row) -> Iterator[Figure]:
    """At the gate of the sector or office; an area that is no gate of the corridor stays a detail of its region."""
    region = _region(row)
    component = chosen(row["Component"], SWB_COMPONENTS, row.place("Component"), "unknown-component")
    area = row["Area of Responsibility"]
    gate = AREAS.get((row["Component"], area)) if region != "USA-OTHER" else None
    detail = f"component={component};authority={row['Title of Authority']};type={row['Encounter Type']}"
    yield _figure(row, gate or region, detail if gate else f"area={area};{detail}")


def _figure(row: Row, gate: str, detail: str) -> Figure:
    period, status = _month(row)
    return Figure(
        "encounters",
        gate,
        "M",
        period,
        count(row["Encounter Count"], row.place("Encounter Count")),
        row.place("Encounter Count"),
        nationality=country(row["Citizenship"], row.place("Citizenship")),
        detail=f"{detail};demographic={demographic(row, 'Demographic')}",
        status=status,
    )


def _region(row: Row) -> str:
    heading = "Land Border Region"
    return chosen(row[heading], REGIONS, row.place(heading), "unknown-gate")


def _month(row: Row) -> tuple[date, Status]:
    written = row["Fiscal Year"]
    complete = written.removesuffix("(FYTD)").rstrip()
    fiscal_year = year(complete, row.place("Fiscal Year"))
    month = month_number(row["Month (abbv)"], row.place("Month (abbv)"))
    return fiscal_month(fiscal_year, month), "validated" if complete == written else "provisional"


_AREA_GATES = frozenset(AREAS.values())
_PARENT = {gate: gate[:7] if gate.startswith("USA-SWB") else gate[:6] for gate in _AREA_GATES}


def _region_total(figure: Figure) -> Figure:
    return replace(figure, gate=_PARENT.get(figure.gate, figure.gate), nationality=ALL, detail="")


def _region_by_nationality(figure: Figure) -> Figure:
    return replace(figure, gate=_PARENT.get(figure.gate, figure.gate), detail="")


def _region_by_demographic(figure: Figure) -> Figure:
    demographic_class = figure.detail.rsplit(";", 1)[1]
    return replace(_region_total(figure), detail=demographic_class)


CBP = CsvAdapter(
    "cbp-encounters",
    "usa-cbp-encounters",
    ("",),  # the heading line is unlike any other: the name does not matter
    (Layout(BY_STATE, _by_state), Layout(BY_AREA, _by_area)),
)
