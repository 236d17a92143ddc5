"""The OHSS workbook: sixteen sheets, rounded to ten."""

from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from tests.areas.flows.adapters.reading import Reading, tidy_rows

from corredor.areas.flows.adapters import ADAPTERS, nationality
from corredor.areas.flows.adapters.figures import ALL, FileRefused

FOLDER = "usa_usbp_monthly_fy2000_fy2025"
FILE = f"{FOLDER}/raw/KHSM_Encounters_USBP_fy25m11.xlsx"
REGIONS = {
    "Southwest Land Border": "USA-SWB",
    "Northern Land Border": "USA-NB",
    "Coastal Border": "USA-COAST",
}
FAMILY = {
    "Single Adults": "demographic=single-adult",
    "Family Unit Individuals": "demographic=family-unit",
    "Unaccompanied Children": "demographic=unaccompanied-child",
}
TOWNS = {
    "Miami, FL": "USA-COAST-MIP",
    "New Orleans, LA": "USA-COAST-NLL",
    "Ramey, PR": "USA-COAST-RMY",
    "Livermore, CA": "USA-COAST-LVM",
    "Blaine, WA": "USA-NB-BLW",
    "Buffalo, NY": "USA-NB-BUN",
    "Detroit, MI": "USA-NB-DTM",
    "Grand Forks, ND": "USA-NB-GFN",
    "Havre, MT": "USA-NB-HVM",
    "Houlton, ME": "USA-NB-HLT",
    "Spokane, WA": "USA-NB-SPW",
    "Swanton, VT": "USA-NB-SWB",
    "Big Bend, TX": "USA-SWB-BBT",
    "Del Rio, TX": "USA-SWB-DRT",
    "El Centro, CA": "USA-SWB-ELC",
    "El Paso, TX": "USA-SWB-EPT",
    "Laredo, TX": "USA-SWB-LRT",
    "Rio Grande Valley, TX": "USA-SWB-RGV",
    "San Diego, CA": "USA-SWB-SDC",
    "Tucson, AZ": "USA-SWB-TCA",
    "Yuma, AZ": "USA-SWB-YUM",
}


@pytest.fixture(scope="module")
def reading(shared_data: Path) -> Reading:
    return Reading.of(ADAPTERS["ohss-khsm"], shared_data / FILE)


def test_every_region_and_month_is_read(shared_data: Path, reading: Reading) -> None:
    wanted = {
        (REGIONS[row["region"]], date.fromisoformat(row["month"])): int(row["count"])
        for row in tidy_rows(shared_data / FOLDER / "usbp_monthly_by_region.csv")
    }

    found = reading.values("gate", "period", nationality=ALL, detail="")
    assert {key: value for key, value in found.items() if key[0] in REGIONS.values()} == wanted


def test_every_sector_and_month_is_read_once(shared_data: Path, reading: Reading) -> None:
    wanted = {
        (TOWNS[row["sector"]], date.fromisoformat(row["month"])): int(row["count"])
        for row in tidy_rows(shared_data / FOLDER / "usbp_monthly_by_sector.csv")
    }

    found = reading.values("gate", "period", nationality=ALL, detail="")
    assert {key: value for key, value in found.items() if key[0] in TOWNS.values()} == wanted


def test_every_citizenship_by_region_is_read(shared_data: Path, reading: Reading) -> None:
    rows = list(tidy_rows(shared_data / FOLDER / "usbp_monthly_by_region_citizenship.csv.gz"))
    codes = {row["citizenship"]: nationality.iso3(row["citizenship"]) for row in rows}
    assert len(set(codes.values())) == len(codes)  # no two written names became one country

    wanted = {
        (REGIONS[row["region"]], date.fromisoformat(row["month"]), codes[row["citizenship"]]): int(
            row["count"]
        )
        for row in rows
    }
    found = reading.values("gate", "period", "nationality", detail="")
    assert {
        key: value for key, value in found.items() if key[0] in REGIONS.values() and key[2] != ALL
    } == wanted


def test_every_family_status_by_region_is_read(shared_data: Path, reading: Reading) -> None:
    wanted = {
        (
            REGIONS[row["region"]],
            date.fromisoformat(row["month"]),
            FAMILY[row["family_status"]],
        ): int(row["count"])
        for row in tidy_rows(shared_data / FOLDER / "usbp_monthly_by_region_family_status.csv")
    }

    found = reading.values("gate", "period", "detail", nationality=ALL)
    assert {key: value for key, value in found.items() if key[0] in REGIONS.values() and key[2]} == wanted


@pytest.mark.parametrize(
    ("sheet", "dimension"),
    [("Monthly Count", None), ("Monthly Citizenship", "nationality"), ("Monthly Family Status", "detail")],
)
def test_the_sheets_of_the_whole_patrol_are_read(
    shared_data: Path, reading: Reading, sheet: str, dimension: str | None
) -> None:
    workbook = load_workbook(shared_data / FILE, read_only=True)
    rows = list(workbook[sheet].iter_rows(values_only=True))[1:]

    wanted: dict[tuple[object, ...], int] = {}
    for fiscal_year, month, *rest in rows:
        number = (int(month[:2]) + 8) % 12 + 1  # "01 October"
        period = date(int(fiscal_year) - (number >= 10), number, 1)
        parts = tuple(FAMILY.get(part) or nationality.iso3(part) for part in rest[:-1])
        wanted[(period, *parts)] = int(rest[-1])
    dimensions = ("period", dimension) if dimension else ("period",)
    fixed = {"nationality": ALL, "detail": ""}
    fixed.pop(dimension or "", None)
    found = reading.values(*dimensions, gate="USA-BP", **fixed)
    if dimension:
        found = {key: value for key, value in found.items() if key[1] not in (ALL, "")}
    assert found == wanted


def test_nothing_is_refused_and_no_figure_is_stated_twice(reading: Reading) -> None:
    assert reading.refusals == []
    reading.assert_no_figure_twice()


def test_annual_sheets_and_the_repeated_sheet_are_checked_not_taken(reading: Reading) -> None:
    assert all(check.agrees for check in reading.checks)
    sheets = {check.place.sheet for check in reading.checks}
    assert "Monthly Sector" in sheets
    assert {"Annual Count", "Annual Region", "Annual Rgn and Citp"} <= sheets
    assert {figure.frequency for figure in reading.figures} == {"M"}


def workbook(tmp_path: Path, monthly: list[list[object]], annual: list[list[object]]) -> Path:
    book = Workbook()
    first = book.active
    first.title = "Annual Region"
    for row in [["Fiscal\nYear", "Region", "Quantity"], *annual]:
        first.append(row)
    second = book.create_sheet("Monthly Region")
    for row in [["Fiscal\nYear", "Month", "Region", "Quantity"], *monthly]:
        second.append(row)
    path = tmp_path / "khsm.xlsx"
    book.save(path)
    return path


def test_a_contradiction_beyond_rounding_is_shown(tmp_path: Path) -> None:
    south = "Southwest Land Border"
    path = workbook(
        tmp_path,
        [[2024, "01 October", south, 100], [2024, "02 November", south, 100]],
        [[2024, south, 230]],
    )

    reading = Reading.of(ADAPTERS["ohss-khsm"], path)

    assert [(check.stated, check.summed) for check in reading.checks] == [(230, 200)]


def test_a_difference_that_rounding_explains_is_not_handed_over(tmp_path: Path) -> None:
    south = "Southwest Land Border"
    path = workbook(
        tmp_path,
        [[2024, "01 October", south, 100], [2024, "02 November", south, 100]],
        [[2024, south, 210]],
    )

    reading = Reading.of(ADAPTERS["ohss-khsm"], path)

    assert reading.checks == []


def test_a_wrong_cell_is_refused_with_its_sheet(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [[2024, "01 October", "Southwest Land Border", -10], [2024, "Brumaire", "Coastal Border", 10]],
        [],
    )

    reading = Reading.of(ADAPTERS["ohss-khsm"], path)

    assert [(r.code, r.place.row, r.place.sheet) for r in reading.refusals] == [
        ("negative", 2, "Monthly Region"),
        ("not-a-month", 3, "Monthly Region"),
    ]


def test_a_workbook_with_other_headings_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Monthly Region"
    book.active.append(["Year", "Region", "People"])
    path = tmp_path / "other.xlsx"
    book.save(path)

    with pytest.raises(FileRefused) as refused:
        Reading.of(ADAPTERS["ohss-khsm"], path)

    assert refused.value.code == "wrong-layout"
    assert "Monthly Region" in refused.value.reason_en


def test_a_workbook_cut_short_is_refused(shared_data: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes((shared_data / FILE).read_bytes()[:500_000])

    assert not ADAPTERS["ohss-khsm"].recognises(cut)
    with pytest.raises(FileRefused):
        Reading.of(ADAPTERS["ohss-khsm"], cut)


def test_a_workbook_damaged_inside_a_sheet_is_refused(shared_data: Path, tmp_path: Path) -> None:
    whole, damaged = shared_data / FILE, tmp_path / "damaged.xlsx"
    with ZipFile(whole) as source, ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:20_000] if name == "xl/worksheets/sheet6.xml" else content)

    assert ADAPTERS["ohss-khsm"].recognises(damaged)
    with pytest.raises(FileRefused) as refused:
        Reading.of(ADAPTERS["ohss-khsm"], damaged)

    assert refused.value.code == "unreadable"
