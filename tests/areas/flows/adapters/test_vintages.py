"""What was published when."""

from datetime import date
from pathlib import Path

from tests.areas.flows.adapters.reading import tidy_rows

from corredor.areas.flows.adapters.figures import Refusal
from corredor.areas.flows.adapters.vintages import VintageFigure, is_vintages, read_vintages

FILE = "vintages/monthly_totals_by_vintage.csv"
GATES = {
    "darien_transit": "PAN-DARIEN",
    "honduras_irregular_entries": "HND-ALL",
    "mexico_irregular_situation": "MEX-ALL",
    "mexico_expulsions": "MEX-ALL",
    "guatemala_returns": "GTM-ALL",
    "usa_sw_border_encounters": "USA-SWB",
    "frontex_detections": "EUR-EXT",
    "iom_missing_migrants": "AME-CENTRAL",
}


def known(shared_data: Path) -> list[VintageFigure]:
    items = list(read_vintages(shared_data / FILE))
    assert all(isinstance(item, VintageFigure) for item in items)
    return [item for item in items if isinstance(item, VintageFigure)]


def test_every_row_is_a_figure_with_the_day_it_was_known(shared_data: Path) -> None:
    rows = list(tidy_rows(shared_data / FILE))

    found = [
        (item.known_on, item.edition, item.figure.gate, item.figure.period, item.figure.value)
        for item in known(shared_data)
    ]

    assert found == [
        (
            date.fromisoformat(row["vintage_date"]),
            row["commit"],
            GATES[row["dataset"]],
            date.fromisoformat(row["month"]),
            int(row["count"]),
        )
        for row in rows
    ]


def test_dariens_years_are_not_taken_for_januaries(shared_data: Path) -> None:
    figures = [item.figure for item in known(shared_data) if item.figure.gate == "PAN-DARIEN"]

    assert {f.frequency for f in figures if f.period.year < 2020} == {"Y"}
    assert {f.frequency for f in figures if f.period.year >= 2020} == {"M"}


def test_the_unfinished_honduran_month_is_there_as_it_was_known(shared_data: Path) -> None:
    march = [
        (item.known_on, item.figure.value)
        for item in known(shared_data)
        if item.source == "hnd-inm-irregular" and item.figure.period == date(2025, 3, 1)
    ]

    assert march[0] == (date(2025, 3, 10), 356)
    assert march[1] == (date(2025, 4, 28), 2502)


def test_a_row_of_an_unknown_series_is_refused_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "vintages.csv"
    path.write_text(
        "dataset,vintage_date,commit,month,count\n"
        "atlantis,2025-02-13,aa,2024-01-01,5\n"
        "darien_transit,2025-02-13,aa,2024-01-01,6\n"
        "darien_transit,13 February,aa,2024-01-01,7\n",
        encoding="utf-8",
    )

    first, second, third = read_vintages(path)

    assert isinstance(first, Refusal)
    assert first.code == "unknown-dataset"
    assert isinstance(second, VintageFigure)
    assert second.figure.value == 6
    assert isinstance(third, Refusal)
    assert (third.code, third.place.column) == ("not-a-date", "vintage_date")
    assert is_vintages(path)
    assert not is_vintages(tmp_path / "missing.csv")
