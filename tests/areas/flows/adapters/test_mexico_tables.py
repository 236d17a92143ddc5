"""Mexico's spreadsheets: airports as published, and table 3.1.1 in the bulletin's layout."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from babel import Locale
from openpyxl import Workbook
from python_calamine import CalamineWorkbook
from tests.areas.flows.adapters.reading import Reading, tidy_rows

from corredor.areas.flows.adapters import ADAPTERS, nationality, recognise
from corredor.areas.flows.adapters.figures import ALL, FileRefused

FOLDER = "mexico_upm_official_xls/raw"


@pytest.mark.parametrize(
    ("file", "measure", "year"),
    [
        ("rechazos_2019.xls", "refusals_at_airport", 2019),
        ("rechazos_2020.xls", "refusals_at_airport", 2020),
        ("rechazos_2021.xls", "refusals_at_airport", 2021),
        ("ingresos_2021.xls", "air_entries", 2021),
    ],
)
def test_every_cell_of_the_airport_tables_is_read(
    shared_data: Path, file: str, measure: str, year: int
) -> None:
    path = shared_data / FOLDER / file
    adapter = recognise(path)
    assert adapter is ADAPTERS["mexico-upm-airports"]

    reading = Reading.of(adapter, path)

    table = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    headings, rows = table[0], table[1:]
    by_place = {(f.place.row, f.place.column): f for f in reading.stated}
    assert len(by_place) == len(reading.stated) == len(rows) * (len(headings) - 2)
    for number, row in enumerate(rows, start=2):
        for heading, cell in zip(headings[2:], row[2:], strict=True):
            figure = by_place[number, " ".join(heading.split())]
            assert figure.value == int(cell)
            assert figure.nationality == nationality.iso3(row[0])
            assert (figure.measure, figure.period) == (measure, date(year, 1, 1))
    gates = {f.place.column: f.gate for f in reading.stated}
    assert len(set(gates.values())) == len(gates)  # no two columns became one airport
    assert reading.refusals == []
    reading.assert_no_figure_twice()

    whole = sum(int(cell) for row in rows for cell in row[2:])
    assert reading.values("gate", nationality=ALL, gate="MEX-AIR") == {("MEX-AIR",): whole}


def test_the_same_airport_written_differently_has_one_gate(shared_data: Path) -> None:
    refusals = Reading.of(ADAPTERS["mexico-upm-airports"], shared_data / FOLDER / "rechazos_2021.xls")
    entries = Reading.of(ADAPTERS["mexico-upm-airports"], shared_data / FOLDER / "ingresos_2021.xls")

    def gates(reading: Reading) -> dict[str, str]:
        return {figure.place.column: figure.gate for figure in reading.stated}

    assert gates(refusals)["Ciudad de México (AICM) A. I."] == "MEX-AIR-MEX"
    assert gates(entries)['Cd. de México, A. I. "Benito Juárez"'] == "MEX-AIR-MEX"
    assert gates(refusals)["Sa José del Cabo A. I."] == "MEX-AIR-SJD"
    assert gates(entries)["San José del Cabo, A. I."] == "MEX-AIR-SJD"


MONTHS = ["Ene.", "Feb.", "Mar.", "Abr.", "May.", "Jun.", "Jul.", "Ago.", "Sep.", "Oct.", "Nov.", "Dic."]
TITLE = (
    "3.1.1 Eventos de personas en situación migratoria irregular en México, según continente, país de "
    "nacionalidad y mes, {year}"
)
AMERICA = ("HND", "GTM", "SLV", "NIC", "VEN", "COL", "ECU", "CUB", "HTI", "BRA", "PER", "USA", "CAN")


def spanish(code: str) -> str:
    special = {"OOO": "Otros", "XXA": "Apátridas"}
    return special.get(code) or str(Locale("es").territories[nationality.alpha2_by_alpha3()[code]])


def bulletin(path: Path, year: int, cells: dict[str, list[int]]) -> Path:
    """Table 3.1.1 of a year as the bulletin lays it out, from figures by nationality."""
    america = {code: counts for code, counts in cells.items() if code in AMERICA}
    others = {code: counts for code, counts in cells.items() if code not in AMERICA}

    def line(name: str, counts: list[int]) -> list[object]:
        return [name, *[count or "-" for count in counts], sum(counts)]

    def summed(part: dict[str, list[int]]) -> list[int]:
        return [sum(counts[month] for counts in part.values()) for month in range(12)]

    book = Workbook()
    sheet = book.active
    sheet.title = "Cuadro 3.1.1"
    sheet.append(["Boletín Estadístico"])
    sheet.append([TITLE.format(year=year)])
    sheet.append([])
    sheet.append(["Continente/ país de nacionalidad", *MONTHS, "Total"])
    sheet.append(line("Total general", summed(cells)))
    sheet.append(line("América", summed(america)))
    for code, counts in america.items():
        sheet.append(line(spanish(code) + (" 1/" if code == "HND" else ""), counts))
    sheet.append(line("Asia", summed(others)))
    for code, counts in others.items():
        sheet.append(line(spanish(code), counts))
    sheet.append([])
    sheet.append(["1/ Cifras preliminares de 2023."])
    sheet.append(["Fuente: Unidad de Política Migratoria."])
    book.save(path)
    return path


@pytest.fixture(scope="module")
def year_2023(shared_data: Path) -> dict[str, list[int]]:
    cells: dict[str, list[int]] = defaultdict(lambda: [0] * 12)
    for row in tidy_rows(shared_data / "mexico_irregular_situation/mexico_monthly_by_nationality.csv"):
        month = date.fromisoformat(row["month"])
        if month.year == 2023:
            code = nationality.iso3(row["nationality_iso3"])
            assert code is not None
            cells[code][month.month - 1] += int(row["count"])
    return dict(cells)


def test_every_cell_of_the_bulletin_layout_is_read(tmp_path: Path, year_2023: dict[str, list[int]]) -> None:
    path = bulletin(tmp_path / "boletin.xlsx", 2023, year_2023)
    adapter = recognise(path)
    assert adapter is ADAPTERS["mexico-boletin"]

    reading = Reading.of(adapter, path)

    found = reading.values("nationality", "period", measure="irregular_situation", gate="MEX-ALL")
    whole = {key: found.pop(key) for key in list(found) if key[0] == ALL}
    assert found == {
        (code, date(2023, month, 1)): count
        for code, counts in year_2023.items()
        for month, count in enumerate(counts, start=1)
    }
    assert sum(value or 0 for value in whole.values()) == 778_907  # the published total of 2023
    assert reading.refusals == []
    assert {check.what.split(" · ")[0] for check in reading.checks} >= {"Total general", "América", "Asia"}
    assert all(check.agrees for check in reading.checks)


def test_a_continent_that_does_not_add_up_is_shown(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append([TITLE.format(year=2023)])
    sheet.append(["País de nacionalidad", *MONTHS, "Total"])
    sheet.append(["América", *[10] * 12, 120])
    sheet.append(["Honduras", *[7] * 12, 84])
    sheet.append(["Cuba", *[3] * 11, 4, 36])
    path = tmp_path / "boletin.xlsx"
    book.save(path)

    reading = Reading.of(ADAPTERS["mexico-boletin"], path)

    wrong = {check.what: (check.stated, check.summed) for check in reading.checks if not check.agrees}
    assert wrong == {"América · Dic.": (10, 11), "Cuba · Total": (36, 37)}


def test_an_unknown_airport_and_an_unknown_country_are_refused_and_the_rest_is_kept(
    tmp_path: Path,
) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Rechazos 2022"
    sheet.append(["Pais", "ano", "Cancún, Q. Roo A. I.", "Atlántida, A. I.", "Tijuana, A. I."])
    sheet.append(["Honduras", 2022, 4, 9, 6])
    sheet.append(["Hondruas", 2022, 1, 9, 1])
    sheet.append(["Cuba", 2022, "x", 9, 2])
    sheet.append(["Total", None, 5, 27, 9])
    path = tmp_path / "rechazos_2022.xlsx"
    book.save(path)

    reading = Reading.of(ADAPTERS["mexico-upm-airports"], path)

    assert [(r.code, r.place.row, r.place.column) for r in reading.refusals] == [
        ("unknown-gate", 1, "Atlántida, A. I."),
        ("unknown-nationality", 3, "Pais"),
        ("not-a-number", 4, "Cancún, Q. Roo A. I."),
        ("sums-withheld", 1, "sum"),
    ]
    assert reading.values("gate", "nationality") == {
        ("MEX-AIR-CUN", "HND"): 4,
        ("MEX-AIR-TIJ", "HND"): 6,
        ("MEX-AIR-TIJ", "CUB"): 2,
    }
    assert {check.what: check.agrees for check in reading.checks} == {
        "Total · Cancún, Q. Roo A. I.": True,
        "Total · Tijuana, A. I.": True,
    }


def test_a_table_that_does_not_say_its_year_is_refused_row_by_row(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["3.1.1 Eventos de personas en situación migratoria irregular"])
    book.active.append(["País de nacionalidad", *MONTHS])
    book.active.append(["Honduras", *range(12)])
    path = tmp_path / "boletin.xlsx"
    book.save(path)

    reading = Reading.of(ADAPTERS["mexico-boletin"], path)

    assert reading.figures == []
    assert {refusal.code for refusal in reading.refusals} == {"not-a-year"}


@pytest.mark.parametrize("adapter", ["mexico-upm-airports", "mexico-boletin"])
def test_another_spreadsheet_is_refused(tmp_path: Path, adapter: str) -> None:
    book = Workbook()
    book.active.append(["a", "b"])
    path = tmp_path / "other.xlsx"
    book.save(path)

    assert not ADAPTERS[adapter].recognises(path)
    with pytest.raises(FileRefused) as refused:
        Reading.of(ADAPTERS[adapter], path)

    assert refused.value.code == "wrong-layout"


def test_a_damaged_spreadsheet_is_refused(shared_data: Path, tmp_path: Path) -> None:
    cut = tmp_path / "rechazos_2019.xls"
    cut.write_bytes((shared_data / FOLDER / "rechazos_2019.xls").read_bytes()[:3_000])

    assert not ADAPTERS["mexico-upm-airports"].recognises(cut)
    with pytest.raises(FileRefused) as refused:
        Reading.of(ADAPTERS["mexico-upm-airports"], cut)

    assert refused.value.code == "unreadable"
