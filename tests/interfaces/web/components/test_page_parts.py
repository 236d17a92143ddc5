"""The parts as people meet them: status by shape, nothing without its source, forms that keep what was entered."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from corredor.interfaces.web.components.parts import Cell, Chart, Column, Figure, Link, Row, Table

AS_OF = datetime(2025, 6, 19, 20, 0, tzinfo=UTC)
TABLE = Table(
    "Darién, 2025",
    [Column("Mes"), Column("Personas", is_number=True)],
    [Row(["enero", 2229]), Row(["febrero", None]), Row(["marzo", 194], "provisional")],
    totals=["Total", 2423],
)


def shown(source: str, language: str = "es", **context: Any) -> str:
    with translation.override(language):
        return Template("{% load i18n components %}" + source).render(Context(context))


def forecast(**more: Any) -> Figure:
    return Figure(
        "Darién",
        4558,
        "Corredor",
        AS_OF,
        status="forecast",
        **{"low": 3217, "high": 7308, "level": 80, **more},
    )


def test_the_four_statuses_differ_in_word_shape_and_class() -> None:
    seen = [shown(f'{{% status "{code}" %}}') for code in ("observed", "provisional", "revised", "forecast")]

    shapes = {html[html.index("<svg") : html.index("</svg>")] for html in seen}
    assert len(shapes) == 4
    assert [html.rpartition("</svg>")[2].strip().removesuffix("</span>") for html in seen] == [
        "Observado",
        "Provisional",
        "Revisado",
        "Pronóstico",
    ]


def test_a_figure_never_walks_alone() -> None:
    html = shown("{% figure part %}", part=forecast(unit="personas", period="enero de 2025"))

    for companion in (
        "4,558",
        "personas",
        "3,217–7,308",
        "80\u00a0%",
        "Pronóstico",
        "enero de 2025",
        "Corredor",
    ):
        assert companion in html
    assert "19 de junio de 2025, 20:00 (UTC)" in html


def test_the_hour_of_a_figure_is_the_readers() -> None:
    with timezone.override("America/Tegucigalpa"):
        assert "19 June 2025, 14:00 (UTC−6)" in shown("{% figure part %}", "en", part=forecast())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Figure("Darién", 1, "", AS_OF),
        lambda: Figure("Darién", 1, "SNM", AS_OF, status="guess"),
        lambda: forecast(low=None),
        lambda: forecast(level=None),
    ],
)
def test_a_figure_without_its_companions_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"figure|forecast"):
        wrong()


def test_a_table_tells_unknown_from_zero_and_marks_what_is_provisional() -> None:
    html = shown("{% table table %}", table=TABLE)

    assert "sin cifra" in html
    assert 'data-sort="2229"' in html
    assert html.count('class="tag provisional"') == 1
    assert "<tfoot>" in html
    assert 'tabindex="0"' in html  # a table that scrolls can be reached by the keyboard


def test_a_row_that_does_not_fit_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="every row"):
        Table("x", [Column("a"), Column("b")], [Row(["only one"])])


def test_a_chart_is_followed_by_the_same_numbers_as_a_table() -> None:
    chart = Chart("Título", "Frase", "<svg>ancho</svg>", TABLE, "SNM", date(2025, 6, 19), narrow="<svg>angosto</svg>", downloads=[Link("CSV", "/x.csv")])  # fmt: skip

    html = shown("{% chart chart %}", chart=chart)

    assert html.index("<figure") < html.index("ancho") < html.index("<details") < html.index("<table")
    assert '<a href="/x.csv">CSV</a>' in html
    assert "data-live-map" not in html


def test_what_people_write_is_never_markup() -> None:
    evil = "<script>alert(1)</script>"
    table = Table(evil, [Column(evil)], [Row([Cell(evil, href='"><b>')])])

    html = shown(
        "{% table table %}{% figure part %}{% notice title=evil %}{{ evil }}{% endnotice %}{% card evil %}{% endcard %}"
        "{% empty evil %}{% endempty %}{% more evil %}{% endmore %}{% label evil %}{% breadcrumbs links %}",
        table=table,
        part=Figure(evil, 1, evil, AS_OF, unit=evil),
        evil=evil,
        links=[Link(evil, "/")],
    )

    assert "<script" not in html
    assert "<b>" not in html


class Report(forms.Form):
    place = forms.CharField(label="Lugar", help_text="Como se dice allí")
    sure = forms.ChoiceField(
        label="Certeza", choices=[("seen", "Visto"), ("told", "Referido")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Nota", required=False)


def test_an_error_leads_to_its_field_and_is_heard_with_it() -> None:
    form = Report({"place": "", "sure": "guess", "note": "no perder esto"})

    html = shown("{% error_summary form %}{% fields form %}", form=form)

    assert '<a href="#id_place">Lugar:' in html
    assert '<a href="#id_sure_0">Certeza:' in html
    assert 'aria-describedby="id_place-hint id_place-error"' in html
    assert html.count('aria-invalid="true"') >= 1
    assert 'value="no perder esto"' in html


def test_optional_fields_say_so_and_a_right_form_has_no_summary() -> None:
    html = shown("{% error_summary form %}{% fields form %}", form=Report())

    assert "errors" not in html
    assert html.count("(opcional)") == 1


def test_other_pages_of_a_list_keep_the_rest_of_the_address() -> None:
    page = Paginator(range(100), 10).page(3)
    request = RequestFactory().get("/flows/", {"gate": "PAN-DARIEN", "page": "3"})

    html = shown("{% pagination page %}", page=page, request=request)

    assert "?gate=PAN-DARIEN&amp;page=4" in html
    assert '<span aria-current="page">' in html
    assert "Anterior" in html


def test_a_list_of_one_page_has_no_pagination() -> None:
    html = shown("{% pagination page %}", page=Paginator([1], 10).page(1), request=RequestFactory().get("/"))

    assert html.strip() == ""
