"""The pages of gates, countries, nationalities, series and sources, and the files they offer."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.factories.people import holder
from tests.factories.shipped import DARIEN, RETURNS, forecast_as_of, publish_shipped

from corredor.areas.flows import queries as flows
from corredor.areas.flows.models import Batch, Source
from corredor.areas.flows.queries import FigureFilter
from corredor.interfaces.web.components.charts import Band, Point
from corredor.interfaces.web.flows import files, past_fans
from corredor.kernel.policy import PUBLIC
from corredor.kernel.sharing import Level

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("countries")]


@pytest.fixture
def darien() -> int:
    """Panama's figures with two forecasts; the number of the whole series."""
    publish_shipped(DARIEN)
    forecast_as_of(date(2025, 2, 15), date(2025, 6, 30), source=DARIEN)
    return flows.situation(PUBLIC).gates[0].headlines[0].series.id


def read(address: str, language: str = "en", somebody=None) -> str:
    client = Client()
    if somebody is not None:
        client.force_login(somebody)
    client.cookies["corredor_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


def rows_of(answer) -> list[dict[str, str]]:
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_gate_shows_its_trend_fan_composition_and_what_is_counted(darien):
    page = read("/flows/gates/PAN-DARIEN/")

    assert "Darién (border of Panama with Colombia)" in page
    assert 'class="f-fan80"' in page
    assert "Nationalities, April 2025" in page
    assert "Sex and age, April 2025" in page
    assert "never added" in page.lower()
    assert "What an 80 per cent range means" in page


def test_a_gate_that_nobody_knows_is_not_found(darien):
    assert Client().get("/flows/gates/ATLANTIS/").status_code == 404
    assert Client().get("/flows/countries/XXZ/").status_code == 404
    assert Client().get("/flows/nationalities/ALL/").status_code == 404
    assert Client().get("/flows/series/999999/").status_code == 404


def test_a_gate_without_figures_says_so(darien):
    assert "No figure has been shared here yet." in read("/flows/gates/HND-ALL/")


def test_a_country_and_a_nationality_lead_gate_by_gate(darien):
    assert "Irregular transit" in read("/flows/countries/PAN/")
    assert "PAN-DARIEN" in read("/flows/nationalities/VEN/")
    assert "Venezuela" in read("/flows/nationalities/VEN/", language="es")


def test_a_series_shows_earlier_forecasts_with_what_came_and_what_was_said_before(darien):
    page = read(f"/flows/series/{darien}/")

    assert "What was forecast before, and what came" in page
    assert "What was said before" in page
    assert "Servicio Nacional de Migración" in page
    assert "Terms of reuse" in page


def test_a_series_as_known_on_an_earlier_day_ends_earlier(darien):
    page = read(f"/flows/series/{darien}/?known_on=2025-03-15")

    assert "This page shows what was known on 15 March 2025" in page
    assert "13 May 2025" not in page


def test_small_counts_are_protected_on_pages_and_in_files_alike(darien):
    Source.objects.filter(pk=DARIEN).update(small_cell_threshold=10)
    address = f"/flows/series/{darien}/composition/nationality.csv"

    public = rows_of(Client().get(address))[1:]
    page = read("/flows/gates/PAN-DARIEN/")

    hidden = [row for row in public if row["protected"] == "yes"]
    assert hidden
    assert all(row["value"] == "" for row in hidden)
    assert not [row for row in public if row["value"] and 0 < int(row["value"]) < 10]
    assert "not shown, to protect people" in page


def test_the_country_itself_sees_its_small_counts(darien):
    Source.objects.filter(pk=DARIEN).update(small_cell_threshold=10)
    client = Client()
    client.force_login(holder("deputy", country="PAN"))

    rows = rows_of(client.get(f"/flows/series/{darien}/composition/nationality.csv"))[1:]

    assert any(row["value"] and 0 < int(row["value"]) < 10 for row in rows)


def test_the_csv_of_a_series_has_its_figures_with_hxl_tags_and_source(darien):
    answer = Client().get(f"/flows/series/{darien}/figures.csv")
    rows = rows_of(answer)

    points = flows.series_points(PUBLIC, darien).points
    assert answer["Content-Disposition"].endswith('.csv"')
    assert rows[0]["period"] == "#date+start"
    assert [row["value"] for row in rows[1:]] == [str(point.value) for point in points]
    assert "Servicio Nacional de Migración" in rows[1]["attribution"]


def test_the_xlsx_of_a_series_has_the_same_figures(darien):
    answer = Client().get(f"/flows/series/{darien}/figures.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active
    heads, tags, *rows = list(sheet.iter_rows(values_only=True))

    value = heads.index("value")
    assert tags[value] == "#affected+num"
    assert [row[value] for row in rows] == [p.value for p in flows.series_points(PUBLIC, darien).points]


def test_files_hold_nothing_that_the_page_would_not_show(darien):
    Batch.objects.update(level=Level.OWN)

    assert Client().get(f"/flows/series/{darien}/figures.csv").status_code == 404
    assert rows_of(Client().get("/flows/figures.csv?gate=PAN-DARIEN"))[1:] == []


def test_the_figures_of_a_gate_come_filtered_and_in_bounded_pieces(darien):
    answer = Client().get("/flows/figures.csv?gate=PAN-DARIEN&breakdown=whole")
    rows = rows_of(answer)[1:]

    assert answer.streaming
    assert {row["nationality"] for row in rows} == {"ALL"}
    assert len(rows) == len(
        list(flows.every_figure(PUBLIC, FigureFilter(gate="PAN-DARIEN", breakdown="whole")))
    )


@pytest.mark.parametrize("what", ["trend", "past", "composition/nationality", "composition/sex+age"])
def test_each_chart_comes_as_svg_and_png_with_source_and_licence(darien, what):
    svg = Client().get(f"/flows/series/{darien}/{what}.svg")
    png = Client().get(f"/flows/series/{darien}/{what}.png")

    assert "Servicio Nacional de Migración" in svg.content.decode()
    assert "licen" in svg.content.decode()
    assert png.content.startswith(b"\x89PNG")
    again = Client().get(f"/flows/series/{darien}/{what}.svg", headers={"if-none-match": svg["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "address",
    ["trend.csv", "past.gif", "figures.svg", "composition/shoe-size.svg", "composition/nationality.doc"],
)
def test_what_is_no_file_is_not_found(darien, address):
    assert Client().get(f"/flows/series/{darien}/{address}").status_code == 404


def test_totals_added_up_here_say_so_and_measures_stay_apart():
    publish_shipped(RETURNS)

    page = read("/flows/gates/MEX-ALL/")

    assert page.count("Added up here from the parts the source publishes.") == 3
    assert "Assisted returns of children" in page
    assert "Deportations" in page


def test_the_sources_page_states_terms_and_rules(darien):
    page = read("/flows/sources/")

    assert "Servicio Nacional de Migración de Panamá" in page
    assert "never added" in page
    assert "A correction never overwrites" in page


def test_the_overview_leads_to_every_gate_country_and_nationality(darien):
    page = read("/flows/", language="es")

    for address in ("/flows/gates/PAN-DARIEN/", "/flows/countries/PAN/", "/flows/nationalities/VEN/"):
        assert address in page


def test_small_print_stands_under_a_picture_in_lines_that_fit():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"></svg>'

    signed = files.with_footing(svg, "Source: <somebody>. " * 6)

    assert 'viewBox="0 0 200 ' in signed
    assert 'viewBox="0 0 200 100"' not in signed
    assert "&lt;somebody&gt;" in signed
    assert signed.count("<text") > 2


def test_past_fans_are_drawn_behind_what_came():
    observed = [Point(date(2024, month, 1), 100.0 * month) for month in range(1, 7)]
    band = Band(date(2024, 5, 1), 400, (350, 450), (300, 500), (200, 700))
    fan = past_fans.Fan(date(2024, 4, 1), 400, [band])

    svg = past_fans.draw(observed, [fan], title="Past", says="One fan", language="en").svg

    assert 'class="f-fan95"' in svg
    assert "Earlier" in svg
    assert svg.index("f-fan95") < svg.index('class="s-observed"')


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", ["/", "/flows/", "/foresight/", "/flows/countries/HND/", "/flows/figures.csv"]
)
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31"])
def test_a_day_before_anything_was_counted_is_refused(page, day):
    assert Client().get(page, {"known_on": day}).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["a\r\nX-Evil: 1", 'x";filename="evil.exe', "\0", "ñandú", "x" * 5000])
def test_a_filter_does_not_write_into_the_name_of_the_file(source):
    answer = Client().get("/flows/figures.csv", {"source": source})

    assert answer.status_code == 200
    assert re.fullmatch(
        r'attachment; filename="corredor-[\w-]{1,80}\.csv"', answer["Content-Disposition"], re.A
    )
