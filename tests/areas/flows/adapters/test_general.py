"""Tables as ministries send them, built here: what the general importer understands, reads, refuses and asks."""

import csv
import gzip
import io
import tracemalloc
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corredor.areas.flows.adapters import general
from corredor.areas.flows.adapters.figures import Figure, FileRefused, Refusal, TotalCheck

TODAY = date(2025, 6, 15)
GIVEN = {"measure": "irregular_entries", "gate": "HND-ALL"}


def text(folder: Path, content: str, *, encoding: str = "utf-8", name: str = "cuadro.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def workbook(
    folder: Path, rows: list[list[object]], *, merges: tuple[str, ...] = (), title: str = "Hoja1"
) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merges:
        sheet.merge_cells(cells)
    path = folder / "cuadro.xlsx"
    book.save(path)
    return path


def propose(path: Path) -> general.Proposal:
    return general.propose(path, today=TODAY)


def read(path: Path, **fixed: object) -> tuple[list[Figure], list[Refusal], list[TotalCheck]]:
    mapping = propose(path).mapping
    for name, value in {**GIVEN, **fixed}.items():
        if name not in ("measure", "gate") or not mapping.says(name):
            mapping.fixed[name] = value
    items = list(general.read(path, mapping, today=TODAY))
    return tuple([item for item in items if isinstance(item, kind)] for kind in (Figure, Refusal, TotalCheck))


def roles(path: Path) -> list[str]:
    return [column.role for column in propose(path).mapping.columns]


def said(figures: list[Figure], *names: str) -> list[tuple]:
    return [tuple(getattr(figure, name) for name in names) for figure in figures]


# Long tables


def test_a_long_spanish_table_is_read_cell_by_cell(tmp_path):
    path = text(
        tmp_path,
        "Año;Mes;País de nacionalidad;Sexo;Casos\n2023;Enero;Haití;Mujeres;1.204\n2023;Enero;Haití;Hombres;2.310\n"
        "2023;Febrero;Venezuela (República Bolivariana de);Mujeres;12\n",
        encoding="cp1252",
    )

    figures, refusals, checks = read(path)

    assert roles(path) == ["year", "month", "nationality", "people", "count"]
    assert said(figures, "period", "nationality", "sex", "value") == [
        (date(2023, 1, 1), "HTI", "F", 1204),
        (date(2023, 1, 1), "HTI", "M", 2310),
        (date(2023, 2, 1), "VEN", "F", 12),
    ]
    assert {f.frequency for f in figures} == {"M"}
    assert figures[0].place.row == 2
    assert figures[0].place.column == "Casos"
    assert (refusals, checks) == ([], [])


def test_a_long_english_table_is_read_with_gates_and_direction(tmp_path):
    path = text(
        tmp_path,
        "Date,Crossing point,Direction,Citizenship,Persons\n2024-03-01,El Guasaule,Northbound,Cuba,31\n"
        "2024-03-02,El Guasaule,Southbound,Cuba,4\n2024-03-05,Las Manos,Northbound,Ecuador,8\n",
    )

    figures, _, _ = read(path)

    assert said(figures, "frequency", "period", "gate", "direction", "nationality", "value") == [
        ("D", date(2024, 3, 1), "NIC-GUASAULE", "north", "CUB", 31),
        ("D", date(2024, 3, 2), "NIC-GUASAULE", "south", "CUB", 4),
        ("D", date(2024, 3, 5), "NIC-LAS-MANOS", "north", "ECU", 8),
    ]


def test_country_of_departure_is_kept_apart_from_nationality(tmp_path):
    path = text(
        tmp_path,
        "Mes,Nacionalidad,País de procedencia,Total\n2023-01,Cuba,Nicaragua,7\n2023-02,Cuba,Panamá,9\n",
    )

    figures, _, _ = read(path)

    assert said(figures, "nationality", "departure") == [("CUB", "NIC"), ("CUB", "PAN")]


def test_a_break_down_corredor_has_no_word_for_is_kept_as_detail(tmp_path):
    path = text(tmp_path, "Mes,Autoridad,Total\n2023-01,Title 8,7\n2023-01,Title 42,9\n")

    figures, refusals, _ = read(path)

    assert said(figures, "detail", "value") == [("autoridad=Title 8", 7), ("autoridad=Title 42", 9)]
    assert refusals == []


def test_text_that_a_spreadsheet_would_run_is_made_inert(tmp_path):
    path = text(tmp_path, 'Mes,Autoridad,Total\n2023-01,"=HYPERLINK(""x"")",7\n2023-02,+cmd,9\n')

    figures, _, _ = read(path)

    assert [f.detail.split("=", 1)[1][0] for f in figures] == ["'", "'"]


# Wide tables


def test_years_across_and_months_down(tmp_path):
    path = workbook(tmp_path, [["Mes", 2021, 2022, 2023], ["Enero", 2010, 1, 30], ["Febrero", 20, 2005, 31]])

    proposal = propose(path)
    figures, refusals, _ = read(path)

    assert proposal.mapping.layout == "wide by periods"
    assert said(figures, "period", "value") == [
        (date(2021, 1, 1), 2010),
        (date(2022, 1, 1), 1),
        (date(2023, 1, 1), 30),
        (date(2021, 2, 1), 20),
        (date(2022, 2, 1), 2005),
        (date(2023, 2, 1), 31),
    ]
    assert refusals == []


@pytest.mark.parametrize(
    "months",
    [
        ["Ene-23", "feb-23", "mar-23"],
        ["Enero 2023", "Febrero 2023", "Marzo 2023"],
        ["Jan 2023", "Feb 2023", "Mar 2023"],
        ["2023-01", "2023-02", "2023-03"],
        ["2023M01", "2023M02", "2023M03"],
        ["01/2023", "02/2023", "03/2023"],
        ["enero de 2023 p/", "febrero de 2023", "marzo de 2023 (1)"],
        [datetime(2023, 1, 1), datetime(2023, 2, 1), datetime(2023, 3, 1)],
    ],
)
def test_months_across_in_every_spelling(tmp_path, months):
    path = workbook(
        tmp_path, [["Nacionalidad", *months, "Total"], ["Cuba", 1, 2, 3, 6], ["Haití", 40, 50, 60, 150]]
    )

    figures, refusals, checks = read(path)

    assert said(figures, "nationality", "frequency", "period", "value")[:4] == [
        ("CUB", "M", date(2023, 1, 1), 1),
        ("CUB", "M", date(2023, 2, 1), 2),
        ("CUB", "M", date(2023, 3, 1), 3),
        ("HTI", "M", date(2023, 1, 1), 40),
    ]
    assert refusals == []
    assert [(c.stated, c.summed) for c in checks] == [(6, 6), (150, 150)]


def test_a_mark_beside_a_period_makes_its_figures_provisional(tmp_path):
    path = workbook(
        tmp_path, [["Nacionalidad", "Enero 2023 p/", "Febrero 2023 r/"], ["Cuba", 1, 2], ["Haití", 4, 5]]
    )

    figures, _, _ = read(path)

    assert said(figures, "status")[:2] == [("provisional",), ("revised",)]


def test_merged_headings_over_two_rows_are_flattened(tmp_path):
    rows = [
        ["Cuadro 3.1.1 Ingresos irregulares", None, None, None, None, None, None, None],
        [None],
        ["País de nacionalidad", 2022, None, None, 2023, None, None, "Total general"],
        [None, "Hombres", "Mujeres", "Total", "Hombres", "Mujeres", "Total", None],
        ["Total", 13, 7, 20, 9, 6, 15, 35],
        ["Cuba", 10, 5, 15, 8, 5, 13, 28],
        ["Haití", 3, 2, 5, 1, 1, 2, 7],
        ["Fuente: Demo Ministerio, cifras inventadas."],
    ]
    path = workbook(tmp_path, rows, merges=("A3:A4", "B3:D3", "E3:G3", "H3:H4", "A1:H1"))

    proposal = propose(path)
    figures, refusals, checks = read(path)

    assert [c.role for c in proposal.mapping.columns] == [
        "nationality",
        *["count", "count", "total"] * 2,
        "total",
    ]
    assert proposal.mapping.columns[5].sets == {"year": 2023, "sex": "F"}
    assert proposal.mapping.columns[6].sets == {"year": 2023}
    assert proposal.footnotes == ["Fuente: Demo Ministerio, cifras inventadas."]
    assert proposal.total_rows == [5]
    assert said(figures, "nationality", "sex", "period", "value")[:4] == [
        ("CUB", "M", date(2022, 1, 1), 10),
        ("CUB", "F", date(2022, 1, 1), 5),
        ("CUB", "M", date(2023, 1, 1), 8),
        ("CUB", "F", date(2023, 1, 1), 5),
    ]
    assert len(figures) == 8
    assert refusals == []
    assert len(checks) == 2 * 3 + 7
    assert all(check.agrees for check in checks)


def test_merged_headings_of_a_csv_are_spread_over_the_blanks(tmp_path):
    path = text(
        tmp_path,
        "Nacionalidad,2022,,2023,\n,Hombres,Mujeres,Hombres,Mujeres\nCuba,10,5,8,5\nHaití,3,2,1,1\n",
    )

    assert [c.sets for c in propose(path).mapping.columns[1:]] == [
        {"year": 2022, "sex": "M"},
        {"year": 2022, "sex": "F"},
        {"year": 2023, "sex": "M"},
        {"year": 2023, "sex": "F"},
    ]
    assert len(read(path)[0]) == 8


def test_nationalities_across_with_the_year_merged_down(tmp_path):
    rows = [
        ["Año", "Mes", "Cuba", "Haití", "Otras", "Total"],
        [2022, "Noviembre", 5, 1, 0, 6],
        [None, "Diciembre", 6, 2, 1, 9],
        [None, "Total", 11, 3, 1, 15],
        [2023, "Enero", 7, 3, 0, 10],
        [None, "Febrero", 8, 4, 2, 14],
        [None, "Total", 15, 7, 2, 24],
    ]
    path = workbook(tmp_path, rows, merges=("A2:A4", "A5:A7"))

    figures, refusals, checks = read(path)

    assert said(figures, "period", "nationality", "value")[3:6] == [
        (date(2022, 12, 1), "CUB", 6),
        (date(2022, 12, 1), "HTI", 2),
        (date(2022, 12, 1), "OOO", 1),
    ]
    assert len(figures) == 12
    assert refusals == []
    assert all(check.agrees for check in checks)
    assert {check.place.row for check in checks} == {2, 3, 4, 5, 6, 7}


def test_ages_across_are_not_taken_for_hidden_counts(tmp_path):
    path = workbook(tmp_path, [["Mes", "0-11", "12-17", "18+"], ["2023-01", 4, 5, 60], ["2023-02", 1, 2, 30]])

    figures, _, _ = read(path)

    assert said(figures[:3], "age", "value") == [("0-11", 4), ("12-17", 5), ("18+", 60)]


def test_boys_and_girls_say_sex_and_age_at_once(tmp_path):
    path = text(tmp_path, "Mes,Hombres,Mujeres,Niños,Niñas\n2023-01,4,3,2,1\n2023-02,8,7,6,5\n")

    figures, _, _ = read(path)

    assert said(figures[:4], "sex", "age") == [("M", "ALL"), ("F", "ALL"), ("M", "0-17"), ("F", "0-17")]


def test_gates_across_are_named_and_the_unknown_one_is_asked(tmp_path):
    path = text(
        tmp_path,
        'País,Año,"Cancún, Q. Roo A. I.",Mérida A. I.,Colima A. I.,Demo Aeropuerto\nCuba,2021,5,4,0,1\nHaití,2021,1,2,3,0\n',
    )

    proposal = propose(path)
    figures, refusals, _ = read(path, measure="refusals_at_airport")

    assert proposal.mapping.names["gate"]["Cancún, Q. Roo A. I."] == "MEX-AIR-CUN"
    assert [q.about for q in proposal.questions if q.code == "which-gate-is"] == ["Demo Aeropuerto"]
    assert said(figures, "gate")[:3] == [("MEX-AIR-CUN",), ("MEX-AIR-MID",), ("MEX-AIR-CLQ",)]
    assert [(r.place.row, r.place.column, r.code) for r in refusals] == [
        (2, "Demo Aeropuerto", "unknown-gate"),
        (3, "Demo Aeropuerto", "unknown-gate"),
    ]


# Periods


def test_fiscal_years_begin_in_october(tmp_path):
    path = text(tmp_path, "Fiscal Year,Month,Encounters\n2023,October,10\n2023,September,20\nFY2024,OCT,30\n")

    figures, _, _ = read(path)

    assert said(figures, "period") == [(date(2022, 10, 1),), (date(2023, 9, 1),), (date(2023, 10, 1),)]


def test_a_fiscal_year_in_the_title_dates_the_months_across(tmp_path):
    path = workbook(tmp_path, [["Apprehensions by month, FY 2019"], [None], ["Sector", "October", "January"], ["Tucson", 3, 4], ["Yuma", 5, 6]])  # fmt: skip

    figures, _, _ = read(path)

    assert said(figures[:2], "period") == [(date(2018, 10, 1),), (date(2019, 1, 1),)]


@pytest.mark.parametrize(
    ("written", "frequency", "first_day"),
    [
        ("1er trimestre 2023", "Q", date(2023, 1, 1)),
        ("II trimestre de 2023", "Q", date(2023, 4, 1)),
        ("Q3 2023", "Q", date(2023, 7, 1)),
        ("2023-T4", "Q", date(2023, 10, 1)),
        ("2023-W05", "W", date(2023, 1, 30)),
        ("Semana 5 de 2023", "W", date(2023, 1, 30)),
        ("15/08/2023", "D", date(2023, 8, 15)),
        ("15 de agosto de 2023", "D", date(2023, 8, 15)),
        ("Aug 15, 2023", "D", date(2023, 8, 15)),
        ("2023-08-15T00:00:00", "D", date(2023, 8, 15)),
        ("sept. 2023", "M", date(2023, 9, 1)),
        ("setiembre 2023", "M", date(2023, 9, 1)),
        ("AF2023", "Y", date(2022, 10, 1)),
    ],
)
def test_periods_in_many_forms(tmp_path, written, frequency, first_day):
    path = text(tmp_path, f'Período,Nacionalidad,Total\n"{written}",Cuba,5\n"{written}",Haití,7\n')

    figures, refusals, _ = read(path)

    assert refusals == []
    assert said(figures, "frequency", "period") == [(frequency, first_day)] * 2


def test_day_and_month_order_is_settled_by_the_file_or_asked(tmp_path):
    american = text(tmp_path, "Date,Country,Count\n01/13/2023,Cuba,5\n02/03/2023,Cuba,6\n")
    assert said(read(american)[0], "period") == [(date(2023, 1, 13),), (date(2023, 2, 3),)]

    unsettled = text(tmp_path, "Fecha,País,Casos\n03/04/2023,Cuba,5\n05/06/2023,Cuba,6\n")
    assert "day-first" in [q.code for q in propose(unsettled).questions]
    assert said(read(unsettled)[0], "period")[0] == (date(2023, 4, 3),)


def test_a_year_on_a_line_of_its_own_speaks_for_the_months_below(tmp_path):
    path = workbook(tmp_path, [["Mes", "Total", "Mujeres"], [2022], ["Enero", 5, 2], ["Febrero", 6, 1], [2023], ["Enero", 7, 3]])  # fmt: skip

    figures, _, checks = read(path)

    assert said(figures, "period", "sex", "value") == [
        (date(2022, 1, 1), "F", 2),
        (date(2022, 2, 1), "F", 1),
        (date(2023, 1, 1), "F", 3),
    ]
    assert [check.agrees for check in checks] == [False] * 3


def test_a_period_still_to_come_is_refused(tmp_path):
    path = text(tmp_path, "Mes,Nacionalidad,Total\n2025-06,Cuba,5\n2025-07,Cuba,6\n")

    figures, refusals, _ = read(path)

    assert len(figures) == 1
    assert [(r.place.row, r.code) for r in refusals] == [(3, "in-the-future")]


# Numbers


@pytest.mark.parametrize(
    ("style", "written"),
    [("1,234", "1,204,000"), ("1.234", "1.204.000"), ("1 234", "1 204 000"), ("1 234", "1\u00a0204\u202f000"), ("1'234", "1'204'000")],
)  # fmt: skip
def test_thousands_in_either_style(tmp_path, style, written):
    path = text(tmp_path, f"Mes;Nacionalidad;Total\n2023-01;Cuba;{written}\n2023-02;Cuba;7\n")

    assert propose(path).mapping.number_style == style
    assert said(read(path)[0], "value") == [(1204000,), (7,)]


def test_three_digits_after_a_point_are_thousands_never_thousandths(tmp_path):
    path = text(tmp_path, "Mes,Nacionalidad,Total\n2023-01,Cuba,1.204\n2023-02,Cuba,12.310\n")

    assert said(read(path)[0], "value") == [(1204,), (12310,)]


def test_two_styles_in_one_file_are_asked_about(tmp_path):
    path = text(tmp_path, "Mes;Nacionalidad;Total\n2023-01;Cuba;1.204\n2023-02;Cuba;1,300\n")

    assert "number-style" in [q.code for q in propose(path).questions]
    assert [r.code for r in read(path)[1]] == ["other-number-style"]


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [("<5", 1, 4), ("< 10", 1, 9), ("menos de 5", 1, 4), ("fewer than 5", 1, 4), ("1-4", 1, 4), ("1 a 4", 1, 4), ("1–4", 1, 4), ("*", 1, 4)],
)  # fmt: skip
def test_a_hidden_count_keeps_the_range_the_source_admits(tmp_path, written, low, high):
    path = text(
        tmp_path, f"Mes;Nacionalidad;Total\n2023-01;Cuba;{written}\n2023-02;Cuba;70\n2023-03;Cuba;71\n"
    )

    figures, refusals, _ = read(path)

    assert said(figures, "value", "low", "high")[0] == (None, low, high)
    assert refusals == []


def test_signs_for_none_and_for_not_known_follow_the_mapping(tmp_path):
    path = text(tmp_path, "Mes,Nacionalidad,Total\n2023-01,Cuba,-\n2023-02,Cuba,n.d.\n2023-03,Cuba,\n2023-04,Cuba,s/d\n2023-05,Cuba,9\n")  # fmt: skip
    proposal = propose(path)
    mapping = proposal.mapping
    mapping.fixed.update(GIVEN)

    assert {"-", ""} <= {q.about for q in proposal.questions if q.code == "what-does-it-mean"}
    items = list(general.read(path, mapping, today=TODAY))
    assert [i.code for i in items if isinstance(i, Refusal)] == ["not-available"] * 3
    assert said([i for i in items if isinstance(i, Figure)], "period", "value") == [
        (date(2023, 1, 1), 0),
        (date(2023, 5, 1), 9),
    ]

    mapping.meanings["-"], mapping.meanings[""] = "missing", "zero"
    items = list(general.read(path, mapping, today=TODAY))
    assert [i.code for i in items if isinstance(i, Refusal)] == ["not-available"] * 3
    assert said([i for i in items if isinstance(i, Figure)], "period", "value") == [
        (date(2023, 3, 1), 0),
        (date(2023, 5, 1), 9),
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("-12", "negative"),
        ("(12)", "negative"),
        ("12.5", "fractional"),
        ("1e5", "not-a-number"),
        ("doce", "not-a-number"),
        ("12%", "not-a-number"),
        ("#REF!", "spreadsheet-error"),
        ("99999999999999", "impossible-count"),
    ],
)
def test_an_impossible_number_is_refused_with_row_column_and_reason(tmp_path, written, code):
    path = text(tmp_path, f"Mes,Nacionalidad,Total\n2023-01,Cuba,5\n2023-02,Cuba,6\n2023-03,Cuba,{written}\n")

    figures, refusals, _ = read(path)

    assert len(figures) == 2
    assert [(r.place.row, r.place.column, r.code, r.found) for r in refusals] == [(4, "Total", code, written)]
    assert refusals[0].reason_en != refusals[0].reason_es


def test_a_formula_without_its_result_is_refused_not_taken_for_a_blank(tmp_path):
    path = workbook(
        tmp_path, [["Mes", "Nacionalidad", "Total"], ["2023-01", "Cuba", 5], ["2023-02", "Cuba", "=2+3"]]
    )

    figures, refusals, _ = read(path)

    assert len(figures) == 1
    assert [(r.place.row, r.place.column, r.code) for r in refusals] == [
        (3, "Total", "formula-without-value")
    ]


def test_an_unknown_nationality_is_refused_with_what_may_be_meant(tmp_path):
    path = text(tmp_path, "Mes,Nacionalidad,Total\n2023-01,Cuba,5\n2023-01,Guatemla,6\n2023-01,Haití,7\n")

    proposal = propose(path)
    figures, refusals, _ = read(path)

    assert len(figures) == 2
    assert [(r.place.row, r.code) for r in refusals] == [(3, "unknown-nationality")]
    assert "GTM" in next(q for q in proposal.questions if q.code == "which-nationality").options

    proposal.mapping.fixed.update(GIVEN)
    proposal.mapping.names["nationality"] = {"Guatemla": "GTM"}
    assert len(list(general.read(path, proposal.mapping, today=TODAY))) == 3


def test_a_figure_said_twice_is_refused(tmp_path):
    path = text(tmp_path, "Mes,Nacionalidad,Total\n2023-01,Cuba,5\n2023-01,CUBA,6\n")

    assert [(r.place.row, r.code) for r in read(path)[1]] == [(3, "said-twice")]


# Totals


def test_totals_are_checked_and_never_imported(tmp_path):
    path = text(
        tmp_path,
        "Nacionalidad,Enero 2023,Febrero 2023,Total\nCuba,5,6,11\nHaití,7,8,16\nTotal general,12,15,27\n",
    )

    figures, _, checks = read(path)

    assert sum(f.value for f in figures) == 26
    assert [(c.place.row, c.place.column, c.stated, c.summed, c.agrees) for c in checks] == [
        (2, "Total", 11, 11, True),
        (3, "Total", 16, 15, False),
        (4, "Enero 2023", 12, 12, True),
        (4, "Febrero 2023", 15, 14, False),
        (4, "Total", 27, 27, True),
    ]


def test_regional_subtotals_above_their_countries_are_checked(tmp_path):
    rows = [
        ["Nacionalidad", "Enero 2023", "Febrero 2023"],
        ["Total", 21, 31],
        ["América Central", 6, 8],
        ["Honduras", 4, 5],
        ["Guatemala", 2, 3],
        ["Islas del Caribe", 15, 20],
        ["Cuba", 10, 15],
        ["Haití", 5, 5],
    ]

    figures, refusals, checks = read(workbook(tmp_path, rows))

    assert len(figures) == 8
    assert refusals == []
    assert sorted((c.place.row, c.stated, c.summed) for c in checks) == [
        (2, 21, 21),
        (2, 31, 28),
        (3, 6, 6),
        (3, 8, 8),
        (6, 15, 15),
        (6, 20, 20),
    ]


def test_totals_per_year_in_a_long_table_are_checked_against_their_year(tmp_path):
    path = text(
        tmp_path,
        "Año,Nacionalidad,Casos\n2022,Cuba,5\n2022,Haití,6\n2022,Total,11\n2023,Cuba,7\n2023,Haití,8\n2023,Total,14\n",
    )

    figures, _, checks = read(path)

    assert len(figures) == 4
    assert [(c.what, c.stated, c.summed) for c in checks] == [
        ("2022 · Total", 11, 11),
        ("2023 · Total", 14, 15),
    ]


def test_a_total_over_hidden_counts_agrees_within_their_range(tmp_path):
    path = text(tmp_path, "Mes;Mujeres;Hombres;Total\n2023-01;<5;10;13\n2023-02;<5;10;20\n")

    checks = read(path)[2]

    assert [(c.stated, c.summed, c.agrees) for c in checks] == [(13, 13, True), (20, 14, False)]


def test_a_column_without_heading_is_known_for_a_total_by_arithmetic(tmp_path):
    path = text(tmp_path, "Nacionalidad,Enero 2023,Febrero 2023,\nCuba,5,6,11\nHaití,7,8,15\nPerú,1,0,1\n")

    assert roles(path) == ["nationality", "count", "count", "total"]


def test_headings_repeated_on_each_page_are_not_rows(tmp_path):
    path = text(
        tmp_path, "Mes,Nacionalidad,Total\n2023-01,Cuba,5\n\nMes,Nacionalidad,Total\n2023-02,Cuba,6\n"
    )

    figures, refusals, _ = read(path)

    assert (len(figures), refusals) == (2, [])
    assert figures[1].place.row == 5


# Files


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "mac_roman", "cp850"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found(tmp_path, encoding, delimiter):
    lines = [
        ["Año", "Nacionalidad", "Niñas"],
        ["2023", "Haití", "5"],
        ["2023", "España", "6"],
        ["2023", "México", "7"],
    ]
    path = text(tmp_path, "".join(delimiter.join(line) + "\r\n" for line in lines), encoding=encoding)

    figures, refusals, _ = read(path)

    assert refusals == []
    assert said(figures, "nationality", "sex", "age") == [
        ("HTI", "F", "0-17"),
        ("ESP", "F", "0-17"),
        ("MEX", "F", "0-17"),
    ]


def test_a_compressed_file_reads_the_same(tmp_path):
    content = "Mes,Nacionalidad,Total\n2023-01,Cuba,5\n2023-02,Cuba,6\n"
    path = tmp_path / "cuadro.csv.gz"
    path.write_bytes(gzip.compress(content.encode()))

    assert len(read(path)[0]) == 2


def test_the_best_sheet_is_chosen_and_the_others_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Índice de cuadros"])
    for year in (2022, 2023):
        sheet = book.create_sheet(f"Cuadro {year}")
        for row in (["Nacionalidad", "Enero", "Febrero"], ["Cuba", 1, 2], ["Haití", 3, 4]):
            sheet.append(row)
    path = tmp_path / "libro.xlsx"
    book.save(path)

    proposal = propose(path)

    assert proposal.sheets == ["Cuadro 2022", "Cuadro 2023"]
    assert "which-sheet" in [q.code for q in proposal.questions]
    second = general.propose(path, today=TODAY, sheet="Cuadro 2023")
    assert second.mapping.fixed["year"] == 2023
    with pytest.raises(FileRefused) as refused:
        general.propose(path, today=TODAY, sheet="Otra")
    assert refused.value.code == "no-such-sheet"


@pytest.mark.parametrize(
    "content",
    ["Informe\nSin cifras\n", "a,b\nc,d\n", "x\n", "Mes,Nacionalidad,Total\n"],
)
def test_a_file_without_figures_is_refused(tmp_path, content):
    with pytest.raises(FileRefused) as refused:
        propose(text(tmp_path, content))

    assert refused.value.code == "no-table"


def test_a_pdf_is_left_to_its_own_adapter(tmp_path):
    with pytest.raises(FileRefused) as refused:
        propose(text(tmp_path, "%PDF-1.7\n%%EOF\n"))

    assert refused.value.code == "pdf"


def test_a_line_that_cannot_be_split_is_refused_and_the_others_keep_their_rows(tmp_path):
    path = text(
        tmp_path,
        f'"{"x" * 140_000}"\nMes,Nacionalidad,Total\n2023-01,Cuba,5\n"{"y" * 140_000}"\n2023-02,Cuba,6\n',
    )

    figures, refusals, _ = read(path)

    assert [f.place.row for f in figures] == [3, 5]
    assert [(r.place.row, r.code) for r in refusals] == [(4, "malformed")]


# The mapping


def test_what_cannot_be_known_is_asked_and_reading_waits_for_it(tmp_path):
    path = text(tmp_path, "Mes,Nacionalidad,Total\nEnero,Cuba,5\nFebrero,Cuba,6\n")
    proposal = propose(path)

    assert {"which-measure", "which-gate", "which-year"} <= {q.code for q in proposal.questions}
    with pytest.raises(FileRefused) as refused:
        list(general.read(path, proposal.mapping, today=TODAY))
    assert refused.value.code == "mapping-incomplete"

    proposal.mapping.fixed.update({**GIVEN, "year": 2023})
    assert len(list(general.read(path, proposal.mapping, today=TODAY))) == 2


def test_a_mapping_survives_json_and_reads_the_same(tmp_path):
    path = text(tmp_path, "Mes;Nacionalidad;Total\n2023-01;Cuba;<5\n2023-02;Haití;1.204\nTotal;;1.206\n")
    mapping = propose(path).mapping
    mapping.fixed.update(GIVEN)

    again = general.Mapping.from_json(mapping.to_json())

    assert again == mapping
    assert list(general.read(path, again, today=TODAY)) == list(general.read(path, mapping, today=TODAY))


@pytest.mark.parametrize(
    "text_",
    [
        "",
        "[]",
        "{}",
        '{"sheet": "", "first_row": 0, "columns": []}',
        '{"sheet": "", "first_row": 1, "columns": [{"index": 0, "heading": "", "role": "secret"}]}',
        '{"sheet": "", "first_row": 1, "columns": [{"index": -1, "heading": "", "role": "count"}]}',
        '{"sheet": "", "first_row": 1, "columns": [{"index": 0, "heading": "", "role": "count", "sets": {"x": 1}}]}',
        '{"sheet": "", "first_row": 1, "columns": [], "meanings": {"*": [4, 1]}}',
        '{"sheet": "", "first_row": 1, "columns": [], "number_style": "roman"}',
        '{"sheet": "", "first_row": 1, "columns": [], "surprise": 1}',
        '{"sheet": "", "first_row": 1, "columns": [], "fiscal_start": 13}',
    ],
)
def test_a_spoilt_mapping_is_refused(text_):
    with pytest.raises(FileRefused) as refused:
        general.Mapping.from_json(text_)

    assert refused.value.code == "mapping-invalid"


def test_next_months_file_is_recognised_and_inherits_the_decisions(tmp_path):
    first = text(tmp_path, "Nacionalidad,Ene-23,Feb-23\nCuba,5,-\nGuatemla,6,7\n", name="enero.csv")
    remembered = propose(first).mapping
    remembered.fixed.update(GIVEN)
    remembered.names["nationality"] = {"Guatemla": "GTM"}
    remembered.meanings["-"] = "missing"
    later = text(
        tmp_path,
        "Cuadro 1\n\nNacionalidad,Ene-23,Feb-23,Mar-23\nCuba,5,-,9\nGuatemla,6,7,8\n",
        name="marzo.csv",
    )
    other = text(tmp_path, "Nacionalidad,Hombres,Mujeres,Mes\nCuba,5,6,2023-01\n", name="otro.csv")

    proposed = propose(later).mapping
    renewed = general.renew(remembered, proposed)
    figures = list(general.read(later, renewed, today=TODAY))

    assert proposed.fingerprint == remembered.fingerprint != propose(other).mapping.fingerprint
    assert [f.value for f in figures] == [5, 9, 6, 7, 8]


def test_a_proposal_can_be_shown_as_json(tmp_path):
    path = text(tmp_path, "Mes,Nacionalidad,Total\n2023-01,Cuba,5\n2023-02,Cuba,6\n")

    shown = propose(path).to_json()

    assert '"which-measure"' in shown
    assert '"2023-01-01"' in shown


# Any table


NATIONALITIES = ["Cuba", "Haití", "Honduras", "Venezuela", "Ecuador", "Panama"]
MONTH_NAMES = ["Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=st.lists(st.lists(st.integers(0, 3_000_000), min_size=3, max_size=3), min_size=2, max_size=6),
    separator=st.sampled_from([",", ".", " "]),
    delimiter=st.sampled_from([";", "\t"]),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
def test_any_wide_table_gives_back_the_numbers_it_was_made_of(
    tmp_path, counts, separator, delimiter, encoding
):
    rows = [["Nacionalidad", *(f"{m} 2023" for m in MONTH_NAMES[:3]), "Total"]]
    for name, row in zip(NATIONALITIES, counts, strict=False):
        rows.append([name, *(f"{n:,}".replace(",", separator) for n in [*row, sum(row)])])
    path = text(tmp_path, "".join(delimiter.join(row) + "\n" for row in rows), encoding=encoding)

    figures, refusals, checks = read(path)

    assert refusals == []
    assert [f.value for f in figures] == [n for row in counts for n in row]
    assert all(check.agrees for check in checks)
    assert len(checks) == len(counts)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(
            st.sampled_from(["", "Mes", "Total", "Enero", "2023", "5", "1.234", "-", "*", "<5", "Cuba", "%", "#x", "=1", "Año",
                             "Hombres", "0-11", "América", "Fuente: x", "\ufffd", "01/02/2023", "NaN", "１２", "²", "a" * 50]),
            max_size=6,
        ),
        max_size=14,
    )
)  # fmt: skip
def test_no_table_however_strange_breaks_the_importer(tmp_path, rows):
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    path = text(tmp_path, stream.getvalue() or "x")

    try:
        proposal = propose(path)
        proposal.mapping.fixed.update({**GIVEN, "year": 2023})
        items = list(general.read(path, proposal.mapping, today=TODAY))
    except FileRefused:
        items = []

    figures = [item for item in items if isinstance(item, Figure)]
    assert all(f.value is None or f.value >= 0 for f in figures)
    assert len({replace(f, place=None, value=0, low=0, high=0, status="validated") for f in figures}) == len(
        figures
    )


def test_memory_is_bounded_by_its_limits_not_by_the_file(tmp_path, monkeypatch):
    path = tmp_path / "largo.csv"
    days = [(date(2015, 1, 1) + timedelta(n)).strftime("%d/%m/%Y") for n in range(1_200)]
    with path.open("w", encoding="cp1252") as stream:
        stream.write("Fecha;Punto de control;Nacionalidad;Sexo;Casos\n")
        for day in days:
            stream.writelines(
                f"{day};Peñas Blancas;{name};{sex};1.0{n:02}\n"
                for n, name in enumerate(NATIONALITIES)
                for sex in ("Hombres", "Mujeres")
            )
    mapping = propose(path).mapping
    mapping.fixed["measure"] = "regular_entries"

    monkeypatch.setattr("corredor.areas.flows.adapters.general.reading._REMEMBERED_KEYS", 1_000)
    monkeypatch.setattr("corredor.areas.flows.adapters.general.reading._CACHE", 500)
    monkeypatch.setattr("corredor.areas.flows.adapters.general.sums._MOST_SCOPES", 1_000)
    tracemalloc.start()
    seen = total = 0
    for item in general.read(path, mapping, today=TODAY):
        assert isinstance(item, Figure)
        seen += 1
        total += item.value
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert seen == 1_200 * 6 * 2
    assert total == 1_200 * 2 * sum(1_000 + n for n in range(6))
    assert peak < 3_000_000, peak


# A table typed by hand


def handwritten(folder: Path, *rows: list[object], heading: str = "Obs.") -> Path:
    return workbook(folder, [["Año", "Mes", "Nacionalidad", "Personas", heading], *rows])


@pytest.mark.parametrize(
    "heading", ["Obs.", "Observaciones", "Notas", "Nota", "Comentarios", "Remarks", "Notes", "Comments"]
)
def test_a_column_of_remarks_is_left_aside(tmp_path, heading):
    path = handwritten(
        tmp_path,
        [2025, "abril", "Cuba", 812, "rev."],
        [2025, "abril", "Haití", 1034, None],
        [2025, "mayo", "Cuba", 905, "según delegación"],
        heading=heading,
    )

    assert roles(path) == ["year", "month", "nationality", "count", "ignored"]


@pytest.mark.parametrize("role", ["ignored", "detail"])
def test_a_total_finds_its_parts_however_their_month_is_written(tmp_path, role):
    path = handwritten(
        tmp_path,
        [2025, "mayo", "Cuba", 812, "rev."],
        [2025.0, "Mayo ", "Haití", 1034, None],
        [2025, "mayo", "Total", 1846, None],
        [2025, "jun.", "Cuba", 7, None],
        [2025, "junio", "Haití", 8, None],
        [2025, "Junio", "Total", 16, None],
    )
    mapping = propose(path).mapping
    mapping.fixed |= GIVEN
    mapping.columns[4].role = role

    checks = [i for i in general.read(path, mapping, today=TODAY) if isinstance(i, TotalCheck)]

    assert [(c.what, c.stated, c.summed) for c in checks] == [
        ("mayo de 2025 · Total", 1846, 1846),
        ("junio de 2025 · Total", 16, 15),
    ]


def test_a_total_in_an_english_table_names_its_month_in_english(tmp_path):
    path = workbook(
        tmp_path,
        [
            ["Year", "Month", "Nationality", "Persons"],
            [2025, "may", "Cuba", 3],
            [2025, "May", "Haiti", 4],
            [2025, "May", "Total", 7],
        ],
    )

    assert [(c.what, c.agrees) for c in read(path)[2]] == [("May 2025 · Total", True)]


def test_what_is_refused_of_a_file_is_in_no_sum(tmp_path):
    path = handwritten(
        tmp_path,
        [2025, "mayo", "Cuba", 5, None],
        [2025, "mayo", "Cuba", 5, None],
        [2025, "mayo", "Haití", 6, None],
        [2025, "mayo", "Atlántida Perdida", 100, None],
        [2025, "mayo", "Total", 11, None],
    )

    _, refusals, checks = read(path)

    assert [r.code for r in refusals] == ["said-twice", "unknown-nationality"]
    assert [(c.stated, c.summed) for c in checks] == [(11, 11)]


@pytest.mark.parametrize("sign", ["n/d", "N/D", "n/a", "nd", "s/d", "s.d.", "n.d.", "—", None])
def test_a_row_without_a_count_is_named_never_lost(tmp_path, sign):
    path = handwritten(
        tmp_path,
        [2025, "mayo", "Cuba", 812, None],
        [2025, "mayo", "Haití", sign, None],
        [2025, "mayo", "Ecuador", 7, None],
    )

    figures, refusals, _ = read(path)

    assert said(figures, "nationality", "value") == [("CUB", 812), ("ECU", 7)]
    assert [(r.place.row, r.code, r.found) for r in refusals] == [(3, "not-available", sign or "")]
