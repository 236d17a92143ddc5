"""The figures that travel with the product, and the tables they lean on."""

import csv
import gzip
import hashlib
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from corredor.areas.flows.adapters import ADAPTERS
from corredor.areas.flows.adapters.tidy import read_tidy_blocks
from corredor.areas.flows.shipped import FOLDER, ShippedFile, shipped_files

REFERENCE = FOLDER.parent / "reference"
ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2025, 6, 19)


def table(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def rows(file: ShippedFile) -> list[dict[str, str]]:
    with gzip.open(file.path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def current(source: str, **fixed: str) -> dict[tuple[str, ...], int]:
    """Value by period and nationality of what is known now, published or summed."""
    wanted = {"detail": "", "sex": "ALL", "age": "ALL", "departure": "ALL"} | fixed
    return {
        (row["period"], row["nationality"]): int(row["value"])
        for file in shipped_files()
        if file.is_current and file.source == source
        for row in rows(file)
        if all(row[name] == value for name, value in wanted.items())
    }


def by_year(values: dict[tuple[str, ...], int]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for (period, nationality), value in values.items():
        if nationality == "ALL":
            sums[period[:4]] += value
    return sums


def test_every_file_is_taken_whole_by_the_tidy_importer() -> None:
    for file in shipped_files():
        blocks = list(read_tidy_blocks(file.path, today=TODAY))

        assert [refusal for block in blocks for refusal in block.refusals] == []
        assert sum(len(block) for block in blocks) == file.figures


def test_every_file_is_the_one_its_line_describes() -> None:
    listed = shipped_files()

    assert {file.path for file in listed} == set(FOLDER.rglob("*.csv.gz"))
    for file in listed:
        assert hashlib.sha256(file.path.read_bytes()).hexdigest() == file.sha256
        periods = [row["period"] for row in rows(file)]
        assert (min(periods), max(periods)) == (file.first_period.isoformat(), file.last_period.isoformat())
        assert file.attribution_en
        assert file.attribution_es
        assert file.licence_note_en
        assert file.licence_note_es
        assert file.publisher


def test_files_come_in_the_order_in_which_they_became_known() -> None:
    days = [file.known_on for file in shipped_files()]

    assert days == sorted(days)
    assert all(file.is_current == (file.known_on == TODAY) for file in shipped_files())


def test_the_figures_are_small_enough_to_travel() -> None:
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 700_000


def test_nothing_whose_licence_forbids_it_is_shipped() -> None:
    not_shipped = {row["code"] for row in table("sources.csv") if row["shipped"] != "yes"}

    assert {"eur-frontex-detections", "unhcr-asylum-monthly", "gbr-home-office-channel"} <= not_shipped
    assert not {file.source for file in shipped_files()} & not_shipped
    # Before 2018 the Honduran totals were published through IOM's DTM.
    assert min(f.first_period for f in shipped_files() if f.source == "hnd-inm-irregular") == date(2018, 1, 1)


def test_every_code_is_in_the_reference_tables() -> None:
    measures = {row["code"] for row in table("measures.csv")}
    gates = {row["code"] for row in table("gates.csv")}
    sources = {row["code"] for row in table("sources.csv")}

    for file in shipped_files():
        assert file.source in sources
        for row in rows(file):
            assert row["measure"] in measures
            assert row["gate"] in gates


@pytest.mark.parametrize(
    ("source", "measure", "gate", "totals"),
    [
        (
            "pan-snm-darien",
            "irregular_transit",
            "PAN-DARIEN",
            {"2019": 22_102, "2021": 133_726, "2022": 248_284, "2023": 520_085, "2024": 302_203},
        ),
        (
            "hnd-inm-irregular",
            "irregular_entries",
            "HND-ALL",
            {"2022": 188_858, "2023": 545_043, "2024": 374_971},
        ),
        (
            "mex-upm-situation",
            "irregular_situation",
            "MEX-ALL",
            {"2018": 131_445, "2021": 309_692, "2023": 778_907, "2024": 1_231_320},
        ),
    ],
)
def test_years_sum_to_the_published_totals(
    source: str, measure: str, gate: str, totals: dict[str, int]
) -> None:
    sums = by_year(current(source, measure=measure, gate=gate))

    assert {year: sums[year] for year in totals} == totals


def test_nationalities_sum_to_the_total_of_every_darien_month() -> None:
    values = current("pan-snm-darien", frequency="M")

    sums: dict[str, int] = defaultdict(int)
    for (period, nationality), value in values.items():
        if nationality != "ALL":
            sums[period] += value
    assert sums == {period: value for (period, nationality), value in values.items() if nationality == "ALL"}


def test_the_unfinished_honduran_month_is_shipped_as_provisional_and_only_that_one() -> None:
    provisional = [
        (file.source, file.known_on.isoformat(), row["period"], row["value"])
        for file in shipped_files()
        for row in rows(file)
        if row["status"] == "provisional"
    ]

    assert provisional == [("hnd-inm-irregular", "2025-03-10", "2025-03-01", "356")]


def test_the_shipped_files_can_be_made_again_byte_for_byte(shared_data: Path, tmp_path: Path) -> None:
    script = ROOT / "scripts" / "ship_data.py"

    subprocess.run(
        [sys.executable, str(script), "--shared", str(shared_data.parent), "--out", str(tmp_path)],
        check=True,
        capture_output=True,
    )

    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.csv*")}
    assert made == {path.relative_to(FOLDER): path.read_bytes() for path in FOLDER.rglob("*.csv*")}


def test_gates_and_sources_point_to_what_exists() -> None:
    gates = {row["code"]: row for row in table("gates.csv")}
    measures = {row["code"] for row in table("measures.csv")}

    assert all(row["parent"] in gates for row in gates.values() if row["parent"])
    for row in gates.values():
        assert row["name_en"]
        assert row["name_es"]
        assert bool(row["lat"]) == bool(row["lon"]) == bool(row["coord_source"])
        assert row["kind"]
    for row in table("sources.csv"):
        assert set(row["measures"].split(";")) <= measures
        assert set(filter(None, row["adapters"].split(";"))) <= ADAPTERS.keys()
    assert {adapter.source for adapter in ADAPTERS.values()} <= {row["code"] for row in table("sources.csv")}


def test_the_corridor_runs_from_south_to_north() -> None:
    order = {row["code"]: int(row["corridor_order"]) for row in table("gates.csv") if row["corridor_order"]}

    along = ["COL-NECOCLI", "PAN-DARIEN", "PAN-PASO-CANOAS", "CRI-PENAS-BLANCAS", "NIC-LAS-MANOS", "HND-ALL"]
    along += ["HND-AGUA-CALIENTE", "GTM-TECUN-UMAN", "MEX-ALL", "USA-SWB", "USA-NB"]
    assert [order[code] for code in along] == sorted(order[code] for code in along)


def test_every_border_point_of_the_gazetteer_is_a_gate(shared_data: Path) -> None:
    with (shared_data / "gazetteer/corridor_border_points.csv").open(encoding="utf-8", newline="") as lines:
        points = {(row["lat"], row["lon"], row["coord_source"]) for row in csv.DictReader(lines)}

    assert len(points) == 41
    assert points <= {(row["lat"], row["lon"], row["coord_source"]) for row in table("gates.csv")}


def test_every_text_of_the_reference_tables_is_in_both_languages() -> None:
    for name in ("measures.csv", "gates.csv", "sources.csv"):
        for row in table(name):
            for column, text in row.items():
                if column.endswith("_en"):
                    assert bool(text) == bool(row[column.removesuffix("_en") + "_es"]), (name, row["code"])
            assert "ilegal" not in "".join(row.values())
            assert "illegal" not in "".join(row.values()).casefold()
