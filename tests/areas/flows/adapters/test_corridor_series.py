"""The corridor's national series, every cell against the file read plainly."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from tests.areas.flows.adapters.reading import Reading, tidy_rows

from corredor.areas.flows.adapters import ADAPTERS
from corredor.areas.flows.adapters.figures import ALL

SEX_AGE = {"men": ("M", "18+"), "women": ("F", "18+"), "boys": ("M", "0-17"), "girls": ("F", "0-17")}
# Codes that are not of ISO 3166 and what they stand for.
RECODED = {"STL": "XXA", "TIB": "OOO"}


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("adapter", "file", "gate", "measure"),
    [
        (
            "panama-darien",
            "darien_transit/darien_monthly_by_nationality.csv",
            "PAN-DARIEN",
            "irregular_transit",
        ),
        (
            "honduras-irregular-entries",
            "honduras_irregular_entries/honduras_monthly_by_nationality.csv",
            "HND-ALL",
            "irregular_entries",
        ),
        (
            "mexico-irregular-situation",
            "mexico_irregular_situation/mexico_monthly_by_nationality.csv",
            "MEX-ALL",
            "irregular_situation",
        ),
        (
            "cbp-encounters-series",
            "usa_sw_border_encounters/usa_swb_monthly_by_nationality.csv",
            "USA-SWB",
            "encounters",
        ),
    ],
)
def test_every_month_and_nationality_is_read(
    shared_data: Path, adapter: str, file: str, gate: str, measure: str
) -> None:
    reading = Reading.of(ADAPTERS[adapter], shared_data / file)

    wanted = {
        (day(row["month"]), RECODED.get(row["nationality_iso3"], row["nationality_iso3"])): int(row["count"])
        for row in tidy_rows(shared_data / file)
    }
    assert reading.values("period", "nationality", gate=gate, measure=measure, frequency="M") == wanted
    assert reading.refusals == []
    assert len(reading.figures) == len(wanted)


@pytest.mark.parametrize(
    ("adapter", "file", "gate"),
    [
        (
            "honduras-irregular-entries",
            "honduras_irregular_entries/honduras_monthly_total.csv",
            "HND-ALL",
        ),
        (
            "mexico-irregular-situation",
            "mexico_irregular_situation/mexico_monthly_total.csv",
            "MEX-ALL",
        ),
        ("cbp-encounters-series", "usa_sw_border_encounters/usa_swb_monthly_total.csv", "USA-SWB"),
    ],
)
def test_every_monthly_total_is_read(shared_data: Path, adapter: str, file: str, gate: str) -> None:
    reading = Reading.of(ADAPTERS[adapter], shared_data / file)

    wanted = {(day(row["month"]),): int(row["count"]) for row in tidy_rows(shared_data / file)}
    assert reading.values("period", gate=gate, nationality=ALL, sex=ALL, age=ALL, detail="") == wanted


def test_a_darien_month_without_a_figure_is_said_to_have_none_rather_than_zero(shared_data: Path) -> None:
    file = shared_data / "darien_transit/darien_monthly_total.csv"

    reading = Reading.of(ADAPTERS["panama-darien"], file)

    rows = list(tidy_rows(file))
    wanted = {(day(row["month"]),): int(row["count"]) for row in rows if row["reported"] == "1"}
    assert reading.values("period", gate="PAN-DARIEN", frequency="M") == wanted
    not_reported = [number for number, row in enumerate(rows, start=2) if row["reported"] == "0"]
    assert [(r.code, r.place.row) for r in reading.refusals] == [("not-reported", n) for n in not_reported]
    assert len(not_reported) == 3


def test_darien_years_are_years_and_sum_to_the_year(shared_data: Path) -> None:
    file = shared_data / "darien_transit/darien_annual_by_nationality_2010_2019.csv"

    reading = Reading.of(ADAPTERS["panama-darien"], file)

    wanted: dict[tuple[date, str], int] = {}
    for row in tidy_rows(file):
        code = RECODED.get(row["nationality_iso3"], row["nationality_iso3"])
        wanted[date(int(row["year"]), 1, 1), code] = int(row["count"])
    found = reading.values("period", "nationality", frequency="Y")
    wholes = {key[0]: found.pop(key) for key in list(found) if key[1] == ALL}
    assert found == wanted
    assert wholes[date(2019, 1, 1)] == 22_102  # the published total of 2019
    assert wholes[date(2010, 1, 1)] == 559


def test_darien_children_are_read_apart_only_when_the_source_counts_them_apart(shared_data: Path) -> None:
    file = shared_data / "darien_transit/darien_monthly_by_demography.csv"

    reading = Reading.of(ADAPTERS["panama-darien"], file)

    by_month = defaultdict(dict)
    for row in tidy_rows(file):
        by_month[day(row["month"])][row["group"]] = int(row["count"])
    for month, groups in by_month.items():
        apart = "boys" in groups
        wanted = {
            (SEX_AGE[group][0], SEX_AGE[group][1] if apart else ALL): people
            for group, people in groups.items()
        }
        assert reading.values("sex", "age", period=month) == wanted
    assert len(reading.figures) == 160
    assert reading.values("sex", "age", period=date(2022, 12, 1)).keys() == {("M", ALL), ("F", ALL)}


def test_honduran_groups_are_read(shared_data: Path) -> None:
    file = shared_data / "honduras_irregular_entries/honduras_monthly_by_demography.csv"

    reading = Reading.of(ADAPTERS["honduras-irregular-entries"], file)

    wanted = {(day(row["month"]), *SEX_AGE[row["group"]]): int(row["count"]) for row in tidy_rows(file)}
    assert reading.values("period", "sex", "age", gate="HND-ALL") == wanted


def test_mexican_sex_and_age_are_read_and_under_twelves_also_whole(shared_data: Path) -> None:
    file = shared_data / "mexico_irregular_situation/mexico_monthly_by_sex_age.csv"
    ages = {
        "18+": ("18+", ""),
        "12-17": ("12-17", ""),
        "under 12, accompanied": ("0-11", "accompanied=yes"),
        "under 12, unaccompanied": ("0-11", "accompanied=no"),
    }

    reading = Reading.of(ADAPTERS["mexico-irregular-situation"], file)

    wanted: dict[tuple[date, str, str, str], int] = {}
    for row in tidy_rows(file):
        sex = {"male": "M", "female": "F"}[row["sex"]]
        age, detail = ages[row["age_group"]]
        wanted[day(row["month"]), sex, age, detail] = int(row["count"])
        if detail:
            whole = (day(row["month"]), sex, age, "")
            wanted[whole] = wanted.get(whole, 0) + int(row["count"])
    assert reading.values("period", "sex", "age", "detail") == wanted


def test_deportations_and_assisted_returns_stay_apart(shared_data: Path) -> None:
    file = shared_data / "mexico_irregular_situation/mexico_expulsions_monthly_by_nationality.csv"
    measures = {
        "deportation": "deportations",
        "assisted return": "assisted_returns",
        "assisted return of children": "assisted_returns_children",
    }

    reading = Reading.of(ADAPTERS["mexico-expulsions"], file)

    wanted: dict[tuple[str, date, str], int] = defaultdict(int)
    for row in tidy_rows(file):
        measure = measures[row["type"]]
        wanted[measure, day(row["month"]), row["nationality_iso3"]] = int(row["count"])
        wanted[measure, day(row["month"]), ALL] += int(row["count"])
    assert reading.values("measure", "period", "nationality") == wanted


def test_guatemalan_returns_keep_who_returned_them_and_sum_without_doubling(shared_data: Path) -> None:
    file = shared_data / "guatemala_returns/guatemala_returns_monthly.csv"
    ages = {
        "adult": ("18+", ""),
        "accompanied child": ("0-17", "accompanied=yes"),
        "unaccompanied child": ("0-17", "accompanied=no"),
    }

    reading = Reading.of(ADAPTERS["guatemala-returns"], file)

    cells: dict[tuple[object, ...], int] = {}
    by_departure: dict[tuple[date, str], int] = defaultdict(int)
    for row in tidy_rows(file):
        age, detail = ages[row["age_group"]]
        sex = {"male": "M", "female": "F"}[row["sex"]]
        cells[day(row["month"]), row["returned_from"], sex, age, detail] = int(row["count"])
        by_departure[day(row["month"]), row["returned_from"]] += int(row["count"])
    stated = {(f.period, f.departure, f.sex, f.age, f.detail): f.value for f in reading.stated}
    assert stated == cells
    wholes = reading.values("period", "departure", sex=ALL, age=ALL, detail="")
    totals = {key: wholes.pop(key) for key in list(wholes) if key[1] == ALL}
    assert wholes == by_departure
    assert sum(v for (p, d), v in wholes.items() if p.year == 2024 and d == "USA") == 61_680  # as published
    assert totals == {
        (month, ALL): by_departure.get((month, "MEX"), 0) + by_departure.get((month, "USA"), 0)
        for month, _ in totals
    }
    reading.assert_no_figure_twice()
    for month, _ in totals:
        by_sex_age = reading.values("sex", "age", period=month, departure=ALL, detail="")
        assert sum(v for (sex, _), v in by_sex_age.items() if sex != ALL) == totals[month, ALL]


AREAS = {
    "San Diego Field Office": "USA-SWB-OFO-SAN",
    "Tucson Field Office": "USA-SWB-OFO-TUC",
    "El Paso Field Office": "USA-SWB-OFO-ELP",
    "Laredo Field Office": "USA-SWB-OFO-LRD",
    "San Diego Sector": "USA-SWB-SDC",
    "El Centro Sector": "USA-SWB-ELC",
    "Yuma Sector": "USA-SWB-YUM",
    "Tucson Sector": "USA-SWB-TCA",
    "El Paso Sector": "USA-SWB-EPT",
    "Big Bend Sector": "USA-SWB-BBT",
    "Del Rio Sector": "USA-SWB-DRT",
    "Laredo Sector": "USA-SWB-LRT",
    "Rio Grande Valley Sector": "USA-SWB-RGV",
}
CLASSES = {
    "FMUA": "demographic=family-unit",
    "Single Adults": "demographic=single-adult",
    "UC / Single Minors": "demographic=unaccompanied-child",
    "Accompanied Minors": "demographic=accompanied-minor",
}


def test_every_sector_and_office_is_read_at_its_own_gate(shared_data: Path) -> None:
    file = shared_data / "usa_sw_border_encounters/usa_swb_monthly_by_area.csv"

    reading = Reading.of(ADAPTERS["cbp-encounters-series"], file)

    wanted = {(AREAS[row["area"]], day(row["month"])): int(row["count"]) for row in tidy_rows(file)}
    assert reading.values("gate", "period", measure="encounters") == wanted


def test_demographic_classes_stay_a_detail_and_are_never_ages(shared_data: Path) -> None:
    file = shared_data / "usa_sw_border_encounters/usa_swb_monthly_by_demographic.csv"

    reading = Reading.of(ADAPTERS["cbp-encounters-series"], file)

    wanted = {(day(row["month"]), CLASSES[row["demographic"]]): int(row["count"]) for row in tidy_rows(file)}
    assert reading.values("period", "detail", gate="USA-SWB", age=ALL, sex=ALL) == wanted


def test_the_long_file_gives_its_cells_and_the_same_sums_as_the_published_series(shared_data: Path) -> None:
    folder = shared_data / "usa_sw_border_encounters"
    long = folder / "usa_swb_encounters_long.csv.gz"

    reading = Reading.of(ADAPTERS["cbp-encounters-series"], long)

    cells = {}
    for row in tidy_rows(long):
        component = {"U.S. Border Patrol": "USBP", "Office of Field Operations": "OFO"}[row["component"]]
        detail = f"component={component};authority={row['authority']};type={row['type']}"
        gate = AREAS.get(row["area"], "USA-SWB")
        nationality = row["nationality_iso3"] or ALL
        key = (gate, day(row["month"]), nationality, f"{detail};{CLASSES[row['demographic']]}")
        cells[key] = int(row["count"])
    assert {(f.gate, f.period, f.nationality, f.detail): f.value for f in reading.stated} == cells
    reading.assert_no_figure_twice()

    def same(name: str, *dimensions: str, **fixed: str) -> None:
        series = Reading.of(ADAPTERS["cbp-encounters-series"], folder / f"usa_swb_monthly_{name}.csv")
        wanted = series.values(*dimensions, **fixed)
        found = reading.values(*dimensions, **fixed)
        assert {key: found.get(key, 0) for key in wanted} == wanted

    same("total", "period", gate="USA-SWB", nationality=ALL, detail="")
    same("by_nationality", "period", "nationality", gate="USA-SWB", detail="")
    same("by_area", "gate", "period", nationality=ALL, detail="")
    for demographic_class in CLASSES.values():
        same("by_demographic", "period", gate="USA-SWB", nationality=ALL, detail=demographic_class)
