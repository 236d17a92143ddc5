"""UNHCR's monthly file, and the series from outside the region."""

from datetime import date
from pathlib import Path

import pytest
from tests.areas.flows.adapters.reading import Reading, tidy_rows

from corredor.areas.flows.adapters import ADAPTERS, recognise
from corredor.areas.flows.adapters.figures import FileRefused

UNHCR = "unhcr_asylum_monthly/raw/numbers_asylum_seekers_monthly_99_18.csv"
DESTINATIONS = {
    "Canada": ("CAN-ALL", ""),
    "France": ("FRA-ALL", ""),
    "Germany": ("DEU-ALL", ""),
    "United Kingdom of Great Britain and Northern Ireland": ("GBR-ALL", ""),
    "USA (EOIR)": ("USA-ALL", "body=EOIR"),
    "USA (INS/DHS)": ("USA-ALL", "body=INS/DHS"),
}
ORIGINS = {
    "Afghanistan": "AFG",
    "Myanmar": "MMR",
    "Somalia": "SOM",
    "Sudan": "SDN",
    "Syrian Arab Rep.": "SYR",
    "Yemen": "YEM",
}


def test_every_unhcr_cell_is_read_and_a_star_is_one_to_four_people(shared_data: Path) -> None:
    adapter = recognise(shared_data / UNHCR)
    assert adapter is ADAPTERS["unhcr-monthly"]

    reading = Reading.of(adapter, shared_data / UNHCR)

    wanted: dict[tuple[object, ...], int | None] = {}
    hidden = set()
    for row in tidy_rows(
        shared_data / "unhcr_asylum_monthly/unhcr_asylum_monthly_6origins_6destinations.csv"
    ):
        gate, detail = DESTINATIONS[row["destination"]]
        key = (gate, ORIGINS[row["origin"]], date.fromisoformat(row["month"]), detail)
        wanted[key] = int(row["count"]) if row["count"] else None
        if row["suppressed"] == "1":
            hidden.add(key)
    assert reading.values("gate", "nationality", "period", "detail", measure="asylum_claims") == wanted
    ranges = {
        (f.gate, f.nationality, f.period, f.detail): (f.low, f.high)
        for f in reading.figures
        if f.value is None
    }
    assert ranges == dict.fromkeys(hidden, (1, 4))
    assert len(hidden) == 61
    assert reading.refusals == []


def test_a_unhcr_file_cut_in_its_last_row_is_refused(shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / UNHCR).read_text(encoding="utf-8").splitlines()[:50]
    path = tmp_path / "cut.csv"
    path.write_text("\n".join([*lines, "Canada,Afgh"]), encoding="utf-8")

    with pytest.raises(FileRefused) as refused:
        Reading.of(ADAPTERS["unhcr-monthly"], path)

    assert (refused.value.code, refused.value.place.row) == ("truncated", 51)


def test_every_day_on_the_channel_is_read(shared_data: Path) -> None:
    path = shared_data / "uk_small_boats_daily/uk_small_boats_daily_2018_2025H1.csv"
    adapter = recognise(path)
    assert adapter is ADAPTERS["uk-small-boats"]

    reading = Reading.of(adapter, path)

    wanted = {(date.fromisoformat(row["date"]),): int(row["migrants"]) for row in tidy_rows(path)}
    assert reading.values("period", gate="GBR-CHANNEL", frequency="D") == wanted


def test_every_european_route_and_nationality_is_read(shared_data: Path) -> None:
    folder = shared_data / "frontex_detections"
    by_route = Reading.of(ADAPTERS["frontex-routes"], folder / "frontex_monthly_by_route.csv")
    path = folder / "frontex_monthly_by_route_nationality.csv.gz"

    reading = Reading.of(ADAPTERS["frontex-routes"], path)

    rows = list(tidy_rows(path))
    assert [figure.value for figure in reading.stated] == [int(row["count"]) for row in rows]
    assert len({(f.gate) for f in reading.stated}) == len({row["route"] for row in rows})
    assert reading.refusals == []
    reading.assert_no_figure_twice()
    sums: dict[tuple[object, ...], int] = {}
    for (gate, period, _), value in reading.values("gate", "period", "nationality", detail="").items():
        sums[gate, period] = sums.get((gate, period), 0) + (value or 0)
    totals = by_route.values("gate", "period")
    assert {key: value for key, value in totals.items() if value} == {k: v for k, v in sums.items() if v}
