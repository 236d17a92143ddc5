"""The corridor's national series in their plain CSV form: Panama, Honduras, Mexico, Guatemala, United States.

One file holds one measure in one cut (total, by nationality, by sex and age), a row a month or year; countries as ISO
3166-1 alpha-3. Sums are added only where the source has no file of totals of its own (see ``wholes``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import groupby

from corredor.areas.flows.adapters.cells import (
    chosen,
    count,
    country,
    each,
    iso_month,
    refuse,
    year,
)
from corredor.areas.flows.adapters.figures import ALL, Figure, Item
from corredor.areas.flows.adapters.layouts import CsvAdapter, Layout
from corredor.areas.flows.adapters.rows import Row
from corredor.areas.flows.adapters.wholes import with_wholes

MEN_WOMEN_CHILDREN = {
    "men": ("M", "18+"),
    "women": ("F", "18+"),
    "boys": ("M", "0-17"),
    "girls": ("F", "0-17"),
}
SEXES = {"male": "M", "female": "F"}

# ---------------------------------------------------------------------------------------------------------------------
# Monthly totals and nationalities, alike in every source


def _total(row: Row, *, measure: str, gate: str) -> Iterator[Figure]:
    yield Figure(measure, gate, "M", _month(row), _count(row), row.place("count"))


def _by_nationality(row: Row, *, measure: str, gate: str) -> Iterator[Figure]:
    nationality = country(row["nationality_iso3"], row.place("nationality_iso3"))
    yield Figure(measure, gate, "M", _month(row), _count(row), row.place("count"), nationality=nationality)


def _totals(rows: Iterator[Row], *, measure: str, gate: str) -> Iterator[Item]:
    return each(rows, partial(_total, measure=measure, gate=gate))


def _nationalities(rows: Iterator[Row], *, measure: str, gate: str) -> Iterator[Item]:
    return each(rows, partial(_by_nationality, measure=measure, gate=gate))


def _demography(rows: Iterator[Row], *, measure: str, gate: str) -> Iterator[Item]:
    """Men, women, boys, girls. A month with only men and women counts children among them: sex is kept, age is not."""
    for _, month in groupby(rows, key=lambda row: row["month"]):
        of_month = list(month)
        children_apart = any(row["group"] in ("boys", "girls") for row in of_month)
        yield from each(of_month, partial(_group, measure=measure, gate=gate, children_apart=children_apart))


def _group(row: Row, *, measure: str, gate: str, children_apart: bool) -> Iterator[Figure]:
    sex, age = chosen(row["group"], MEN_WOMEN_CHILDREN, row.place("group"), "unknown-group")
    yield Figure(
        measure,
        gate,
        "M",
        _month(row),
        _count(row),
        row.place("count"),
        sex=sex,
        age=age if children_apart else ALL,
    )


def _month(row: Row) -> date:
    return iso_month(row["month"], row.place("month"))


def _count(row: Row) -> int:
    return count(row["count"], row.place("count"))


def _series(measure: str, gate: str) -> tuple[Layout, Layout]:
    return (
        Layout(("month", "count"), partial(_totals, measure=measure, gate=gate)),
        Layout(("month", "nationality_iso3", "count"), partial(_nationalities, measure=measure, gate=gate)),
    )


def _all_nationalities(figure: Figure) -> Figure:
    return replace(figure, nationality=ALL)


# ---------------------------------------------------------------------------------------------------------------------
# Panama


def _darien_totals(rows: Iterator[Row]) -> Iterator[Item]:
    return each(rows, _darien_total)


def _darien_total(row: Row) -> Iterator[Figure]:
    if row["reported"] == "0":
        raise refuse(
            row.place("reported"),
            "not-reported",
            "The source has no figure for this month; the zero was filled in by the compilation.",
            "La fuente no tiene cifra para este mes; el cero lo puso la compilación.",
            row["count"],
        )
    yield from _total(row, measure="irregular_transit", gate="PAN-DARIEN")


def _darien_years(rows: Iterator[Row]) -> Iterator[Item]:
    return with_wholes(each(rows, _darien_year), _all_nationalities)


def _darien_year(row: Row) -> Iterator[Figure]:
    period = date(year(row["year"], row.place("year")), 1, 1)
    nationality = country(row["nationality_iso3"], row.place("nationality_iso3"))
    yield Figure(
        "irregular_transit",
        "PAN-DARIEN",
        "Y",
        period,
        _count(row),
        row.place("count"),
        nationality=nationality,
    )


PANAMA = CsvAdapter(
    "panama-darien",
    "pan-snm-darien",
    ("darien", "panama"),
    (
        Layout(("month", "count", "reported"), _darien_totals),
        _series("irregular_transit", "PAN-DARIEN")[1],
        Layout(("year", "nationality_iso3", "count"), _darien_years),
        Layout(
            ("month", "group", "count"),
            partial(_demography, measure="irregular_transit", gate="PAN-DARIEN"),
        ),
    ),
)

# ---------------------------------------------------------------------------------------------------------------------
# Honduras

HONDURAS = CsvAdapter(
    "honduras-irregular-entries",
    "hnd-inm-irregular",
    ("honduras",),
    (
        *_series("irregular_entries", "HND-ALL"),
        Layout(
            ("month", "group", "count"), partial(_demography, measure="irregular_entries", gate="HND-ALL")
        ),
    ),
)

# ---------------------------------------------------------------------------------------------------------------------
# Mexico

MEXICO_AGES = {
    "18+": ("18+", ""),
    "12-17": ("12-17", ""),
    "under 12, accompanied": ("0-11", "accompanied=yes"),
    "under 12, unaccompanied": ("0-11", "accompanied=no"),
}
MEXICO_RETURN_TYPES = {
    "deportation": "deportations",
    "assisted return": "assisted_returns",
    "assisted return of children": "assisted_returns_children",
}


def _mexico_sex_age(rows: Iterator[Row]) -> Iterator[Item]:
    return with_wholes(each(rows, _mexico_sex_age_row), _under_twelve)


def _mexico_sex_age_row(row: Row) -> Iterator[Figure]:
    age, detail = chosen(row["age_group"], MEXICO_AGES, row.place("age_group"), "unknown-age")
    yield Figure(
        "irregular_situation",
        "MEX-ALL",
        "M",
        _month(row),
        _count(row),
        row.place("count"),
        sex=chosen(row["sex"], SEXES, row.place("sex"), "unknown-sex"),
        age=age,
        detail=detail,
    )


def _under_twelve(figure: Figure) -> Figure | None:
    return replace(figure, detail="") if figure.detail else None


def _mexico_returns(rows: Iterator[Row]) -> Iterator[Item]:
    return with_wholes(each(rows, _mexico_return), _all_nationalities)


def _mexico_return(row: Row) -> Iterator[Figure]:
    measure = chosen(row["type"], MEXICO_RETURN_TYPES, row.place("type"), "unknown-type")
    return _by_nationality(row, measure=measure, gate="MEX-ALL")


MEXICO_SITUATION = CsvAdapter(
    "mexico-irregular-situation",
    "mex-upm-situation",
    ("mexico_monthly",),
    (
        *_series("irregular_situation", "MEX-ALL"),
        Layout(("month", "sex", "age_group", "count"), _mexico_sex_age),
    ),
)
MEXICO_RETURNS = CsvAdapter(
    "mexico-expulsions",
    "mex-upm-returns",
    ("mexico",),
    (Layout(("month", "nationality_iso3", "type", "count"), _mexico_returns),),
)

# ---------------------------------------------------------------------------------------------------------------------
# Guatemala: its own nationals, so the figures are not broken down by nationality; ``departure`` is who returned them

GUATEMALA_AGES = {
    "adult": ("18+", ""),
    "accompanied child": ("0-17", "accompanied=yes"),
    "unaccompanied child": ("0-17", "accompanied=no"),
}


def _guatemala(rows: Iterator[Row]) -> Iterator[Item]:
    return with_wholes(
        each(rows, _guatemala_row),
        _returned_in_all,
        _by_departure,
        lambda figure: replace(figure, detail="") if figure.detail else None,
        lambda figure: replace(figure, departure=ALL, detail=""),
    )


def _guatemala_row(row: Row) -> Iterator[Figure]:
    age, detail = chosen(row["age_group"], GUATEMALA_AGES, row.place("age_group"), "unknown-age")
    yield Figure(
        "returns_received",
        "GTM-ALL",
        "M",
        _month(row),
        _count(row),
        row.place("count"),
        departure=country(row["returned_from"], row.place("returned_from")),
        sex=chosen(row["sex"], SEXES, row.place("sex"), "unknown-sex"),
        age=age,
        detail=detail,
    )


def _returned_in_all(figure: Figure) -> Figure:
    return replace(figure, departure=ALL, sex=ALL, age=ALL, detail="")


def _by_departure(figure: Figure) -> Figure:
    return replace(figure, sex=ALL, age=ALL, detail="")


GUATEMALA = CsvAdapter(
    "guatemala-returns",
    "gtm-igm-returns",
    ("guatemala",),
    (Layout(("month", "returned_from", "sex", "age_group", "count", "origin_imputed"), _guatemala),),
)

# ---------------------------------------------------------------------------------------------------------------------
# United States, south-west land border

OFFICE, PATROL = "Office of Field Operations", "U.S. Border Patrol"
SWB_AREAS = {
    (OFFICE, "San Diego Field Office"): "USA-SWB-OFO-SAN",
    (OFFICE, "Tucson Field Office"): "USA-SWB-OFO-TUC",
    (OFFICE, "El Paso Field Office"): "USA-SWB-OFO-ELP",
    (OFFICE, "Laredo Field Office"): "USA-SWB-OFO-LRD",
    (PATROL, "San Diego Sector"): "USA-SWB-SDC",
    (PATROL, "El Centro Sector"): "USA-SWB-ELC",
    (PATROL, "Yuma Sector"): "USA-SWB-YUM",
    (PATROL, "Tucson Sector"): "USA-SWB-TCA",
    (PATROL, "El Paso Sector"): "USA-SWB-EPT",
    (PATROL, "Big Bend Sector"): "USA-SWB-BBT",
    (PATROL, "Del Rio Sector"): "USA-SWB-DRT",
    (PATROL, "Laredo Sector"): "USA-SWB-LRT",
    (PATROL, "Rio Grande Valley Sector"): "USA-SWB-RGV",
}
SWB_COMPONENTS = {OFFICE: "OFO", PATROL: "USBP"}


def _swb_areas(rows: Iterator[Row]) -> Iterator[Item]:
    return each(rows, _swb_area)


def _swb_area(row: Row) -> Iterator[Figure]:
    yield Figure("encounters", _swb_gate(row), "M", _month(row), _count(row), row.place("count"))


def _swb_demographics(rows: Iterator[Row]) -> Iterator[Item]:
    return each(rows, _swb_demographic)


def _swb_demographic(row: Row) -> Iterator[Figure]:
    """Demographic classes are not ages: a family unit holds adults and children, so they stay a detail."""
    yield Figure(
        "encounters",
        "USA-SWB",
        "M",
        _month(row),
        _count(row),
        row.place("count"),
        detail=f"demographic={demographic(row, 'demographic')}",
    )


def _swb_long(rows: Iterator[Row]) -> Iterator[Item]:
    """Every cell at its sector or office, or at the border where the source names none; then the sums readers want."""
    return with_wholes(
        each(rows, _swb_cell),
        lambda figure: replace(figure, gate="USA-SWB", nationality=ALL, detail=""),
        lambda figure: replace(figure, gate="USA-SWB", detail="") if figure.nationality != ALL else None,
        lambda figure: replace(figure, gate="USA-SWB", nationality=ALL, detail=_only("demographic", figure)),
        lambda figure: replace(figure, gate="USA-SWB", nationality=ALL, detail=_only("component", figure)),
        lambda figure: replace(figure, nationality=ALL, detail="") if figure.gate != "USA-SWB" else None,
        lambda figure: replace(figure, detail="") if figure.gate != "USA-SWB" else None,
    )


def _swb_cell(row: Row) -> Iterator[Figure]:
    component = chosen(row["component"], SWB_COMPONENTS, row.place("component"), "unknown-component")
    nationality = row["nationality_iso3"]
    yield Figure(
        "encounters",
        _swb_gate(row) if row["area"] else "USA-SWB",
        "M",
        _month(row),
        _count(row),
        row.place("count"),
        nationality=country(nationality, row.place("nationality_iso3")) if nationality else ALL,
        detail=(
            f"component={component};authority={row['authority']};type={row['type']};"
            f"demographic={demographic(row, 'demographic')}"
        ),
    )


def _swb_gate(row: Row) -> str:
    return chosen(
        (row["component"], row["area"]),
        SWB_AREAS,
        row.place("area"),
        "unknown-gate",
    )


def _only(key: str, figure: Figure) -> str:
    return next(part for part in figure.detail.split(";") if part.startswith(f"{key}="))


DEMOGRAPHICS = {
    "FMUA": "family-unit",
    "Single Adults": "single-adult",
    "UC / Single Minors": "unaccompanied-child",
    "UAC": "unaccompanied-child",
    "Accompanied Minors": "accompanied-minor",
}


def demographic(row: Row, column: str) -> str:
    """CBP's demographic class under a plain name. FMUA: individuals in a family unit; UC: unaccompanied children."""
    return chosen(row[column], DEMOGRAPHICS, row.place(column), "unknown-demographic")


CBP_SERIES = CsvAdapter(
    "cbp-encounters-series",
    "usa-cbp-encounters",
    ("usa_swb", "cbp"),
    (
        *_series("encounters", "USA-SWB"),
        Layout(("month", "component", "area", "count"), _swb_areas),
        Layout(("month", "demographic", "count"), _swb_demographics),
        Layout(
            (
                "month",
                "component",
                "area",
                "authority",
                "type",
                "demographic",
                "nationality_iso3",
                "count",
            ),
            _swb_long,
        ),
    ),
)
