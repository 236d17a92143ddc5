"""CBP's nationwide file as published."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from tests.areas.flows.adapters.reading import Reading, tidy_rows

from corredor.areas.flows.adapters import ADAPTERS, recognise
from corredor.areas.flows.adapters.figures import ALL

FILE = "usa_sw_border_encounters/raw/cbp-nationwide-encounters-fy20-fy23-state.csv.gz"
MONTHS = ("OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP")
GATES = {"Southwest Land Border": "USA-SWB", "Northern Land Border": "USA-NB", "Other": "USA-OTHER"}
CLASSES = {
    "FMUA": "family-unit",
    "Single Adults": "single-adult",
    "UC / Single Minors": "unaccompanied-child",
    "Accompanied Minors": "accompanied-minor",
}
CODES = {
    "BRAZIL": "BRA",
    "CANADA": "CAN",
    "CHINA, PEOPLES REPUBLIC OF": "CHN",
    "COLOMBIA": "COL",
    "CUBA": "CUB",
    "ECUADOR": "ECU",
    "EL SALVADOR": "SLV",
    "GUATEMALA": "GTM",
    "HAITI": "HTI",
    "HONDURAS": "HND",
    "INDIA": "IND",
    "MEXICO": "MEX",
    "MYANMAR (BURMA)": "MMR",
    "NICARAGUA": "NIC",
    "OTHER": "OOO",
    "PERU": "PER",
    "PHILIPPINES": "PHL",
    "ROMANIA": "ROU",
    "RUSSIA": "RUS",
    "TURKEY": "TUR",
    "UKRAINE": "UKR",
    "VENEZUELA": "VEN",
}


def calendar_month(fiscal_year: str, abbreviation: str) -> date:
    index = MONTHS.index(abbreviation)
    return date(int(fiscal_year) - (index < 3), (index + 9) % 12 + 1, 1)


@pytest.fixture(scope="module")
def reading(shared_data: Path) -> Reading:
    return Reading.of(ADAPTERS["cbp-encounters"], shared_data / FILE)


def test_every_cell_of_the_published_file_is_read(shared_data: Path, reading: Reading) -> None:
    cells = {}
    for row in tidy_rows(shared_data / FILE):
        month = calendar_month(row["Fiscal Year"], row["Month (abbv)"])
        detail = (
            f"state={row['State']};authority={row['Title of Authority']};"
            f"demographic={CLASSES[row['Demographic']]}"
        )
        key = (GATES[row["Land Border Region"]], month, CODES[row["Citizenship"]], detail)
        cells[key] = int(row["Encounter Count"])

    assert len(cells) == 42_532
    assert {(f.gate, f.period, f.nationality, f.detail): f.value for f in reading.stated} == cells
    assert reading.refusals == []
    reading.assert_no_figure_twice()


def test_its_sums_are_the_published_series_of_the_south_west_border(
    shared_data: Path, reading: Reading
) -> None:
    folder = shared_data / "usa_sw_border_encounters"

    def within(month: str) -> bool:
        return "2019-10-01" <= month <= "2023-09-01"

    totals = {
        (date.fromisoformat(row["month"]),): int(row["count"])
        for row in tidy_rows(folder / "usa_swb_monthly_total.csv")
        if within(row["month"])
    }
    nationalities = {
        (date.fromisoformat(row["month"]), row["nationality_iso3"]): int(row["count"])
        for row in tidy_rows(folder / "usa_swb_monthly_by_nationality.csv")
        if within(row["month"])
    }
    classes = {
        (date.fromisoformat(row["month"]), f"demographic={CLASSES[row['demographic']]}"): int(row["count"])
        for row in tidy_rows(folder / "usa_swb_monthly_by_demographic.csv")
        if within(row["month"])
    }

    assert reading.values("period", gate="USA-SWB", nationality=ALL, detail="") == totals
    found = reading.values("period", "nationality", gate="USA-SWB", detail="")
    parts = {key: value for key, value in found.items() if key[1] != ALL}
    assert parts == nationalities
    demographic = reading.values("period", "detail", gate="USA-SWB", nationality=ALL)
    assert {key: value for key, value in demographic.items() if key[1]} == classes


def test_fiscal_years_sum_to_the_published_totals(reading: Reading) -> None:
    by_year: dict[int, int] = defaultdict(int)
    for (period,), value in reading.values("period", gate="USA-SWB", nationality=ALL, detail="").items():
        by_year[period.year + (period.month >= 10)] += value or 0

    assert by_year == {2020: 458_088, 2021: 1_734_686, 2022: 2_378_944, 2023: 2_475_669}


HEADING = (
    "Fiscal Year,Month Grouping,Month (abbv),Component,Land Border Region,Area of Responsibility,AOR (Abbv),"
    "Demographic,Citizenship,Title of Authority,Encounter Type,Encounter Count\n"
)


def by_area(tmp_path: Path, *rows: str) -> Reading:
    path = tmp_path / "nationwide.csv"
    path.write_text(HEADING + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    adapter = recognise(path)
    assert adapter is not None
    assert adapter.name == "cbp-encounters"
    return Reading.of(adapter, path)


def test_the_edition_by_area_gives_sectors_their_own_gate_and_the_year_in_progress_is_provisional(
    tmp_path: Path,
) -> None:
    reading = by_area(
        tmp_path,
        "2024 (FYTD),FYTD,OCT,U.S. Border Patrol,Southwest Land Border,Yuma Sector,YUM,FMUA,CUBA,Title 8,Apprehensions,7",
        "2024 (FYTD),FYTD,OCT,Office of Field Operations,Southwest Land Border,Tucson Field Office,Tucson,FMUA,CUBA,"
        "Title 8,Inadmissibles,5",
        "2024 (FYTD),FYTD,OCT,Office of Field Operations,Other,Boston Field Office,Boston,FMUA,CUBA,Title 8,"
        "Inadmissibles,3",
    )

    october = date(2023, 10, 1)
    assert reading.refusals == []
    assert {figure.status for figure in reading.figures} == {"provisional"}
    totals = reading.values("gate", period=october, nationality=ALL, detail="")
    assert totals == {
        ("USA-SWB",): 12,
        ("USA-SWB-YUM",): 7,
        ("USA-SWB-OFO-TUC",): 5,
        ("USA-OTHER",): 3,
    }
    assert any(f.detail.startswith("area=Boston Field Office;") for f in reading.stated)


def test_a_row_that_cannot_be_taken_withholds_the_sums_and_says_so(tmp_path: Path) -> None:
    reading = by_area(
        tmp_path,
        "2024,FYTD,OCT,U.S. Border Patrol,Southwest Land Border,Yuma Sector,YUM,FMUA,CUBA,Title 8,Apprehensions,7",
        "2024,FYTD,OCT,U.S. Border Patrol,Southwest Land Border,Yuma Sector,YUM,FMUA,ATLANTIS,Title 8,Apprehensions,5",
    )

    assert [figure.value for figure in reading.figures] == [7]
    assert [(r.code, r.place.row) for r in reading.refusals] == [
        ("unknown-nationality", 3),
        ("sums-withheld", 3),
    ]


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        (0, "20x4", "not-a-year"),
        (2, "Brumaire", "not-a-month"),
        (3, "Coast Guard", "unknown-component"),
        (4, "Lunar Border", "unknown-gate"),
        (7, "Elders", "unknown-demographic"),
        (8, "ATLANTIS", "unknown-nationality"),
        (11, "-4", "negative"),
        (11, "4.5", "fractional"),
        (11, "many", "not-a-number"),
        (11, "", "no-value"),
        (11, "99999999999999", "impossible-count"),
    ],
)
def test_a_wrong_cell_is_refused_at_its_place_in_both_languages(
    tmp_path: Path, column: int, written: str, code: str
) -> None:
    row = "2024,FYTD,OCT,U.S. Border Patrol,Southwest Land Border,Yuma Sector,YUM,FMUA,CUBA,Title 8,Apprehensions,7"
    cells = row.split(",")
    cells[column] = written

    reading = by_area(tmp_path, ",".join(cells), row)

    refusal = reading.refusals[0]
    assert (refusal.code, refusal.place.row) == (code, 2)
    assert refusal.place.column == HEADING.strip().split(",")[column]
    assert refusal.reason_en
    assert refusal.reason_es
    assert refusal.reason_en != refusal.reason_es
    assert [figure.place.row for figure in reading.figures] == [3]
