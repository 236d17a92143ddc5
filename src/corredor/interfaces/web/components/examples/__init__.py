"""Published figures of the corridor, kept as examples for the gallery and its tests.

Sources: Servicio Nacional de Migración de Panamá, Instituto Nacional de Migración de Honduras, Unidad de Política
Migratoria (Mexico), U.S. Customs and Border Protection; compiled in gdidata (MIT), 19 June 2025. The forecast is made
here by a plain rule so that the fan has something to show; it is nobody's forecast.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corredor.interfaces.web.components import charts, formats
from corredor.interfaces.web.components import map as corridor_map
from corredor.interfaces.web.components.parts import Cell, Chart, Column, Figure, Link, Row, Table
from corredor.kernel.countries.names import country_name

HERE = Path(__file__).parent
MONTH = date(2024, 12, 1)
AS_OF = datetime(2025, 6, 19, 14, 0, tzinfo=UTC)
TRANSIT_2024 = 302203
PANAMA = "Servicio Nacional de Migración, Panamá"


def _lines(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def darien() -> list[charts.Point]:
    """People registered in irregular transit through the Darién, by month; the last one marked as still open."""
    points = [
        charts.Point(date.fromisoformat(line["month"]), float(line["people"]))
        for line in _lines("darien_monthly.csv")
    ]
    kept = [point for point in points if point.month <= MONTH]
    return [*kept[:-1], charts.Point(MONTH, kept[-1].value, "provisional")]


def nationalities(language: str) -> list[charts.Group]:
    """The same by nationality, the largest of 2024 first."""
    groups: dict[str, list[charts.Point]] = {}
    for line in _lines("darien_monthly_by_nationality.csv"):
        month = date.fromisoformat(line["month"])
        if month <= MONTH:
            groups.setdefault(line["nationality_iso3"], []).append(charts.Point(month, float(line["people"])))
    return [charts.Group(country_name(code, language), points) for code, points in groups.items()]


def gates(language: str) -> list[corridor_map.Gate]:
    return [
        corridor_map.Gate(
            code=line["code"],
            name=line[f"name_{language}"],
            lat=float(line["lat"]),
            lon=float(line["lon"]),
            value=float(line["value"]) if line["value"] else None,
            measure=line[f"measure_{language}"],
            status=line["status"],
            href=f"#{line['code']}",
        )
        for line in _lines("gates.csv")
    ]


def fan(last: float, months: int = 5) -> list[charts.Band]:
    """The last number carried on, its ranges widening with the root of the months, as a random walk's do."""
    bands = []
    for i in range(1, months + 1):
        spread = [math.exp(z * 0.32 * math.sqrt(i)) for z in (0.674, 1.282, 1.96)]
        fifty, eighty, ninety_five = ((last / s, last * s) for s in spread)
        bands.append(charts.Band(date(2025, i, 1), last * (1 - 0.06 * i), fifty, eighty, ninety_five))
    return bands


# Parts -------------------------------------------------------------------------------------------------------


def figures() -> dict[str, Figure]:
    """One figure of each status."""
    people = _("people")
    december = formats.month(MONTH, _language())
    return {
        "observed": Figure(
            _("Honduras: irregular entries"), 13994, "Instituto Nacional de Migración, Honduras", AS_OF,
            unit=people, period=december,
        ),
        "provisional": Figure(
            _("Darién: registered transit"), 4849, PANAMA, AS_OF, status="provisional", unit=people, period=december,
            change=_("%(difference)s fewer than in November (%(before)s)")
            % {"difference": formats.share(0.565, _language()), "before": formats.number(11144, _language())},
        ),
        "revised": Figure(
            _("Mexico: irregular situation"), 68765, "Unidad de Política Migratoria, México", AS_OF, status="revised",
            unit=_("events"), period=december,
        ),
        "forecast": Figure(
            _("Darién: next month"), 4558, _("Corredor, example rule"), AS_OF, status="forecast", unit=people,
            period=formats.month(date(2025, 1, 1), _language()), low=3217, high=7308, level=80,
        ),
    }  # fmt: skip


def _language() -> str:
    from django.utils.translation import get_language

    return (get_language() or "es")[:2]


def trend_chart(language: str, wide_size: str = "wide") -> Chart:
    observed = [point for point in darien() if point.month >= date(2023, 7, 1)]
    last = observed[-1].value or 0
    bands = fan(last)
    title = _("Darién: people registered in irregular transit")
    says = _(
        "%(last)s people in December 2024, far fewer than a year before; the forecast stays low, and its range widens."
    ) % {"last": formats.number(last, language)}
    before = [point for point in darien() if date(2023, 7, 1) <= point.month <= date(2024, 5, 1)]
    arguments: dict[str, Any] = {
        "forecast": bands, "last_year": before, "baseline": [charts.Point(band.month, last) for band in bands],
        "title": title, "says": says, "language": language,
    }  # fmt: skip
    return Chart(
        title, says,
        charts.trend(observed, size=wide_size, **arguments).svg,
        _month_table(title, observed, bands, language),
        PANAMA, AS_OF,
        narrow=charts.trend(observed, size="narrow", **arguments).svg,
        downloads=[Link("CSV", "#"), Link("XLSX", "#"), Link("PNG", "#"), Link("SVG", "#")],
    )  # fmt: skip


def _month_table(
    caption: str, observed: list[charts.Point], bands: list[charts.Band], language: str
) -> Table:
    rows = [Row([formats.month(p.month, language), p.value, None, None], p.status) for p in observed[-6:]]
    rows += [
        Row([formats.month(b.month, language), round(b.mid), *map(round, b.eighty)], "forecast")
        for b in bands
    ]
    columns = [
        Column(_("Month")),
        *(Column(words, is_number=True) for words in (_("People"), _("Low (80%)"), _("High (80%)"))),
    ]
    return Table(caption, columns, rows)


def composition_chart(language: str) -> Chart:
    groups = nationalities(language)
    parts = [
        charts.Part(g.label, sum(p.value or 0 for p in g.points if p.month.year == MONTH.year))
        for g in groups
    ]
    total = TRANSIT_2024
    rest = total - sum(part.value for part in parts)
    title = _("Nationalities, 2024")
    says = _("Seven of ten people registered in 2024 were Venezuelan.")
    shown = charts.ranked(parts, len(parts), _("Others"), rest)
    rows = [Row([part.label, part.value, formats.share(part.value / total, language, 1)]) for part in shown]
    columns = [
        Column(_("Nationality")),
        Column(_("People"), is_number=True),
        Column(_("Share"), is_number=True),
    ]
    table = Table(title, columns, rows, totals=[_("Total"), total, formats.share(1, language)])
    arguments: dict[str, Any] = {"title": title, "says": says, "language": language, "most": 7, "rest": rest}
    return Chart(
        title, says, charts.composition(parts, **arguments).svg, table, PANAMA, AS_OF,
        narrow=charts.composition(parts, size="narrow", **arguments).svg,
    )  # fmt: skip


def stacked_chart(language: str) -> Chart:
    groups = nationalities(language)[:5]
    title, says = (
        _("The five largest nationalities, by month"),
        _("All five fell through 2024; Venezuelans remain most of the flow."),
    )
    arguments: dict[str, Any] = {"title": title, "says": says, "language": language}
    columns = [Column(_("Month")), *(Column(group.label, is_number=True) for group in groups)]
    rows = [
        Row([formats.month(point.month, language), *(group.points[i].value for group in groups)])
        for i, point in enumerate(groups[0].points)
    ]
    return Chart(
        title, says, charts.over_time(groups, **arguments).svg, Table(title, columns, rows), PANAMA, AS_OF,
        narrow=charts.over_time(groups, size="narrow", **arguments).svg,
    )  # fmt: skip


def bars_chart(language: str) -> Chart:
    points = [point for point in darien() if point.month.year == MONTH.year]
    points[8] = charts.Point(points[8].month, points[8].value, "revised")
    title, says = _("Darién, month by month, 2024"), _("From 36,001 in January to 4,849 in December.")
    arguments: dict[str, Any] = {"title": title, "says": says, "language": language}
    columns = [Column(_("Month")), Column(_("People"), is_number=True)]
    table = Table(
        title, columns, [Row([formats.month(p.month, language), p.value], p.status) for p in points]
    )
    return Chart(
        title, says, charts.bars(points, **arguments).svg, table, PANAMA, AS_OF,
        narrow=charts.bars(points, size="narrow", **arguments).svg,
    )  # fmt: skip


def multiples_chart(language: str) -> Chart:
    groups = nationalities(language)
    title, says = _("Each nationality in its own scale"), _("Shapes can be compared; heights cannot.")
    arguments: dict[str, Any] = {"title": title, "says": says, "language": language}
    columns = [Column(_("Nationality")), Column(_("December 2024"), is_number=True)]
    table = Table(title, columns, [Row([group.label, group.points[-1].value]) for group in groups])
    return Chart(
        title, says, charts.small_multiples(groups, **arguments).svg, table, PANAMA, AS_OF,
        narrow=charts.small_multiples(groups, size="narrow", **arguments).svg,
    )  # fmt: skip


def map_chart(language: str) -> Chart:
    places = gates(language)
    title = _("The corridor in December 2024")
    counted = sum(gate.value is not None for gate in places)
    says = ngettext("%(count)s gate with a figure.", "%(count)s gates with a figure; measures differ and are never added.", counted) % {"count": counted}  # fmt: skip
    columns = [Column(_("Gate")), Column(_("What is counted")), Column(_("Number"), is_number=True)]
    rows = [
        Row([Cell(gate.name, href=gate.href), gate.measure or None, Cell(gate.value, status=gate.status)])
        for gate in places
    ]
    arguments: dict[str, Any] = {"title": title, "says": says, "language": language}
    return Chart(
        title, says, corridor_map.draw(places, **arguments), Table(title, columns, rows),
        _("Migration services of Panama, Honduras and Mexico; U.S. Customs and Border Protection"), AS_OF,
        narrow=corridor_map.draw(places, size="narrow", **arguments), key="map", gates=places,
    )  # fmt: skip


def wide_table(language: str) -> Table:
    """Nationality by month of 2024, with its totals and a small line."""
    groups = nationalities(language)
    months = [point.month for point in groups[0].points if point.month.year == MONTH.year]
    columns = [
        Column(_("Nationality")),
        *(Column(formats.month_letters(month, language), is_number=True) for month in months),
    ]
    year = [[point.value for point in group.points if point.month.year == MONTH.year] for group in groups]
    rows = [Row([group.label, *values]) for group, values in zip(groups, year, strict=True)]
    totals = [
        _("These together"),
        *(sum(value or 0 for value in column) for column in zip(*year, strict=True)),
    ]
    return Table(_("Darién by nationality, 2024"), columns, rows, totals, note=PANAMA)


def ranking_table(language: str) -> Table:
    """Nationalities with the small line of their last two years."""
    rows = []
    for group in nationalities(language):
        values = [point.value for point in group.points]
        line = charts.sparkline(values, says=_("%(name)s, month by month") % {"name": group.label})
        rows.append(Row([group.label, Cell("", picture=line), values[-1]]))
    columns = [Column(_("Nationality")), Column("2023–2024"), Column(_("December 2024"), is_number=True)]
    return Table(_("Nationalities with their course"), columns, rows, note=PANAMA)


def parts(language: str) -> dict[str, Any]:
    """Everything the gallery shows."""
    return {
        "figures": figures(),
        "charts": list(_charts(language)),
        "table": wide_table(language),
        "ranking": ranking_table(language),
        "map": map_chart(language),
        "situation_href": reverse("components_situation"),
    }


def _charts(language: str) -> Iterator[Chart]:
    for make in (composition_chart, bars_chart, stacked_chart, multiples_chart):
        yield make(language)


def situation(language: str) -> dict[str, Any]:
    """What a situation page is made of."""
    return {
        "month": formats.month(MONTH, language),
        "figures": figures(),
        "map": map_chart(language),
        "trend": trend_chart(language),
        "composition": composition_chart(language),
        "table": wide_table(language),
    }
