"""U.S. Border Patrol's monthly tables: the official PDF and the broken text exports of it."""

from datetime import date
from pathlib import Path

import pytest
from tests.areas.flows.adapters.reading import Reading, tidy_rows

from corredor.areas.flows.adapters import ADAPTERS
from corredor.areas.flows.adapters.figures import FileRefused

FOLDER = "usa_usbp_monthly_fy2000_fy2025"
PDF = f"{FOLDER}/raw/us_border_patrol_monthly_encounters_fy2000-fy2020-508.pdf"
TIDY = f"{FOLDER}/usbp_pdf_fy2000_fy2020_unrounded_by_sector.csv"
GATES = {
    "big_bend": "USA-SWB-BBT",
    "blaine": "USA-NB-BLW",
    "buffalo": "USA-NB-BUN",
    "coastal_border": "USA-COAST",
    "del_rio": "USA-SWB-DRT",
    "detroit": "USA-NB-DTM",
    "el_centro": "USA-SWB-ELC",
    "el_paso": "USA-SWB-EPT",
    "grand_forks": "USA-NB-GFN",
    "havre": "USA-NB-HVM",
    "houlton": "USA-NB-HLT",
    "laredo": "USA-SWB-LRT",
    "livermore": "USA-COAST-LVM",
    "miami": "USA-COAST-MIP",
    "monthly_total": "USA-BP",
    "new_orleans": "USA-COAST-NLL",
    "northern_border": "USA-NB",
    "ramey": "USA-COAST-RMY",
    "rio_grande_valley": "USA-SWB-RGV",
    "san_diego": "USA-SWB-SDC",
    "southwest_border": "USA-SWB",
    "spokane": "USA-NB-SPW",
    "swanton": "USA-NB-SWB",
    "tucson": "USA-SWB-TCA",
    "yuma": "USA-SWB-YUM",
}
# From October 2005 on the table says "N/A" for Livermore (or drops it); the tidy file writes 0.
LIVERMORE_CLOSED = date(2005, 10, 1)


@pytest.fixture(scope="module")
def wanted(shared_data: Path) -> dict[tuple[str, date], int]:
    cells = {
        (GATES[row["sector"]], date.fromisoformat(row["month"])): int(row["count"])
        for row in tidy_rows(shared_data / TIDY)
    }
    return {
        (gate, month): value
        for (gate, month), value in cells.items()
        if gate != "USA-COAST-LVM" or month < LIVERMORE_CLOSED
    }


def test_every_cell_of_the_pdf_is_read(shared_data: Path, wanted: dict[tuple[str, date], int]) -> None:
    reading = Reading.of(ADAPTERS["usbp-monthly-pdf"], shared_data / PDF)

    assert reading.values("gate", "period", measure="usbp_encounters") == wanted
    assert reading.refusals == []
    # Each year checks its three borders and its total by month, and every line by its yearly total.
    assert len(reading.checks) > 21 * 4 * 12
    assert all(check.agrees for check in reading.checks)


@pytest.mark.parametrize("fiscal_year", [2000, 2004, 2014, 2019, 2020])
def test_every_cell_of_a_broken_text_export_is_read(
    shared_data: Path, wanted: dict[tuple[str, date], int], fiscal_year: int
) -> None:
    file = shared_data / f"{FOLDER}/raw/tabula_export_usbp_monthly_encounters_fy{fiscal_year}.csv"

    reading = Reading.of(ADAPTERS["usbp-monthly-text"], file)

    first, last = date(fiscal_year - 1, 10, 1), date(fiscal_year, 9, 1)
    assert reading.values("gate", "period") == {
        key: value for key, value in wanted.items() if first <= key[1] <= last
    }
    assert reading.refusals == []
    assert all(check.agrees for check in reading.checks)


TABLE = """United States Border Patrol
Total Illegal Alien Apprehensions By Month - FY 2010
Yearly
SECTOR|October|November|December|January|February|March|April|May|June|July|August|September
Total
Big Bend
1|2|3|4|5|6|7|8|9|10|11|12|78
(formerly Marfa)
Yuma|1|1|1|1|1|1|1|1|1|1|1|1,001|1,012
Southwest Border|2|3|4|5|6|7|8|9|10|11|12|1,013|1,090
Monthly Total|2|3|4|5|6|7|8|9|10|11|12|1,013|1,090
"""


def of_text(tmp_path: Path, text: str) -> Reading:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    return Reading.of(ADAPTERS["usbp-monthly-text"], path)


def test_a_name_above_its_numbers_belongs_to_them(tmp_path: Path) -> None:
    reading = of_text(tmp_path, TABLE)

    assert reading.values("gate", period=date(2010, 9, 1)) == {
        ("USA-SWB-BBT",): 12,
        ("USA-SWB-YUM",): 1001,
        ("USA-SWB",): 1013,
        ("USA-BP",): 1013,
    }


def test_totals_that_do_not_add_up_are_shown_beside_their_sum(tmp_path: Path) -> None:
    reading = of_text(tmp_path, TABLE.replace("Yuma|1|", "Yuma|900|"))

    wrong = {check.what: (check.stated, check.summed) for check in reading.checks if not check.agrees}
    assert wrong == {
        "fiscal year 2010 · Yuma": (1012, 1911),
        "2009-10 · Southwest Border": (2, 901),
        "2009-10 · Monthly Total": (2, 901),
    }


def test_a_line_with_missing_months_and_an_unknown_sector_are_refused_where_they_stand(
    tmp_path: Path,
) -> None:
    broken = TABLE.replace("Yuma|1|1|", "Yuma|1|").replace("Big Bend\n", "Atlantis\n")

    reading = of_text(tmp_path, broken)

    assert [(refusal.code, refusal.place.row) for refusal in reading.refusals] == [
        ("unknown-gate", 7),
        ("broken-row", 9),
    ]


def test_a_table_cut_before_its_total_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        of_text(tmp_path, TABLE.split("Southwest Border")[0])

    assert refused.value.code == "truncated"
    assert refused.value.reason_es


def test_a_pdf_cut_in_the_middle_is_refused_whole(shared_data: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pdf"
    content = (shared_data / PDF).read_bytes()
    cut.write_bytes(content[: len(content) // 2])

    with pytest.raises(FileRefused):
        Reading.of(ADAPTERS["usbp-monthly-pdf"], cut)


def test_a_text_without_the_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        of_text(tmp_path, "month,count\n2020-01-01,4\n")

    assert refused.value.code == "wrong-layout"
