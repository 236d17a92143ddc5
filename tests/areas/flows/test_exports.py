"""Exports carry what must be said beside every number, and run nothing in a spreadsheet."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook
from tests.areas.flows.conftest import row

from corredor.areas.flows import exports, queries, services
from corredor.areas.flows.models import Observation, Series, Source
from corredor.kernel.errors import Invalid
from corredor.kernel.policy import PUBLIC, SYSTEM
from corredor.kernel.sharing import Level

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(take):
    take([row("2024-01-01", 10, nationality="VEN"), row("2024-02-01", "", low="1", high="4", nationality="VEN")], level=Level.PUBLIC)  # fmt: skip
    Source.objects.filter(pk="hnd-inm-irregular").update(attribution_es='=cmd|" /C calc"!A0')
    return list(queries.every_figure(PUBLIC))


def test_the_csv_has_headings_hxl_tags_and_every_figure_with_its_source(figures):
    text = "".join(exports.csv_lines(figures, language="es"))

    headings, tags, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert headings == list(exports.COLUMNS)
    assert all(tag.startswith("#") for tag in tags)
    first = dict(zip(headings, rows[0], strict=True))
    assert (first["value"], first["basis"], first["known_at"]) == ("10", "published", "2024-06-15T12:00:00Z")
    assert first["attribution"].startswith("'=")
    assert len(rows) == len(figures)


def test_the_workbook_says_the_same_and_holds_no_formula(figures):
    file = io.BytesIO()

    assert exports.write_xlsx(figures, file) == len(figures)

    cells = list(load_workbook(file).active.iter_rows())
    assert [cell.value for cell in cells[0]] == list(exports.COLUMNS)
    assert cells[1][0].value == "#meta+source+code"
    assert len(cells) == len(figures) + 2
    assert {cell.data_type for line in cells for cell in line} <= {
        "s",
        "inlineStr",
        "n",
    }  # text and numbers; "f" would be a formula


def test_an_empty_export_is_a_workbook_with_headings(reference):
    file = io.BytesIO()

    assert exports.write_xlsx([], file) == 0
    assert load_workbook(file).active.max_row == 2


def test_what_is_exported_as_published_can_be_imported_again(figures, take, tmp_path):
    published = queries.every_figure(PUBLIC, queries.FigureFilter(basis="published"))
    path = tmp_path / "export.csv"
    path.write_text("".join(exports.csv_lines(published)), encoding="utf-8")

    report = services.import_observations(path=path, by=SYSTEM, known_at=date(2024, 7, 1))

    assert (report.source, report.unchanged, report.kept, report.refused) == ("hnd-inm-irregular", 2, 0, 0)


def test_pages_of_figures_join_without_gap_or_repetition(take):
    take([row(f"2023-{m:02d}-01", m, nationality=n) for m in range(1, 13) for n in ("VEN", "HTI", "ECU")], level=Level.PUBLIC)  # fmt: skip
    cursor, seen = "", []
    while True:
        page = queries.figures(PUBLIC, cursor=cursor, limit=7)
        seen += [(figure.series.id, figure.point.period) for figure in page.rows]
        cursor = page.cursor
        if not cursor:
            break

    everything = [(figure.series.id, figure.point.period) for figure in queries.every_figure(PUBLIC)]
    assert seen == everything == sorted(set(everything))
    assert len(everything) == Observation.objects.count()
    for wrong in ("!", "AAAA", "MS5ub3BlCg"):
        with pytest.raises(Invalid):
            queries.figures(PUBLIC, cursor=wrong)


def test_filters_choose_what_they_say(take):
    take(
        [row(f"2024-0{m}-01", m, nationality=n) for m in (1, 2, 3) for n in ("VEN", "HTI")],
        level=Level.PUBLIC,
    )
    wanted = queries.FigureFilter(nationality="VEN", since=date(2024, 2, 1), until=date(2024, 2, 29))

    assert [f.point.value for f in queries.figures(PUBLIC, wanted).rows] == [2]
    assert [f.point.value for f in queries.figures(PUBLIC, queries.FigureFilter(breakdown="whole")).rows] == [
        2,
        4,
        6,
    ]
    assert queries.figures(PUBLIC, queries.FigureFilter(gate="PAN-DARIEN")).rows == ()
    assert Series.objects.count() == 3
