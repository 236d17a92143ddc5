"""What each reading page shows, gathered from the queries and put in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corredor.areas.flows import queries as flows
from corredor.areas.flows.queries import FigureFilter
from corredor.areas.flows.queries.things import (
    Composition,
    GateCard,
    GateSituation,
    Point,
    SeriesCard,
    SourceCard,
    Vintage,
    country_words,
)
from corredor.areas.foresight import queries as foresight
from corredor.areas.foresight.queries import ForecastView
from corredor.interfaces.web.components import formats
from corredor.interfaces.web.components.parts import Cell, Chart, Column, Link, Row, Table
from corredor.interfaces.web.flows import compositions, forecasts, headlines, maps, trends, words
from corredor.interfaces.web.flows.knowledge import Knowledge
from corredor.interfaces.web.flows.trends import Trend
from corredor.kernel.countries.names import is_country
from corredor.kernel.policy import Actor

TRENDS_DRAWN = 4


@dataclass(frozen=True, slots=True)
class Group:
    """A gate with its cards."""

    name: str
    href: str
    cards: tuple[headlines.Card, ...]


def grouped(actor: Actor, situations: Sequence[GateSituation], knowledge: Knowledge) -> list[Group]:
    """Gates with the cards of their headlines and forecasts."""
    shown = [headline for gate in situations for headline in gate.headlines]
    made = forecasts.newest_for_headlines(actor, shown, knowledge)
    return [
        Group(
            str(gate.gate.name),
            knowledge.link("gate", code=gate.gate.code),
            tuple(headlines.cards([gate], made, knowledge)),
        )
        for gate in situations
    ]


def overview(actor: Actor, knowledge: Knowledge) -> dict[str, Any]:
    """All there is to read, as lists that lead there."""
    seen = flows.situation(actor, as_known_on=knowledge.on)
    countries = sorted({gate.gate.country for gate in seen.gates}, key=lambda iso3: str(country_words(iso3)))
    people = [
        Link(str(name), knowledge.link("nationality", iso3=code))
        for code, name in flows.nationalities(actor)
        if is_country(code)
    ]
    return {
        "gates": maps.table(seen.gates, knowledge) if seen.gates else None,
        "countries": [
            Link(str(country_words(iso3)), knowledge.link("country", iso3=iso3)) for iso3 in countries
        ],
        "nationalities": sorted(people, key=lambda link: formats_key(str(link.label))),
        "files": [Link(kind.upper(), knowledge.link("figures_file", kind=kind)) for kind in ("csv", "xlsx")],
    }


def formats_key(name: str) -> str:
    """A name as lists are sorted: accents count for nothing."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


# One gate ----------------------------------------------------------------------------------------------------


def gate(actor: Actor, code: str, knowledge: Knowledge) -> dict[str, Any]:
    """A gate with its trends and compositions. Refuses one that does not exist (NotFound)."""
    page = flows.gate(actor, code, as_known_on=knowledge.on)
    here = GateSituation(page.gate, page.headlines)
    children = _children(actor, page.children, knowledge) if page.children else []
    shown = [trend_of(actor, headline.series.id, knowledge) for headline in page.headlines[:TRENDS_DRAWN]]
    inside = GateSituation(page.gate, page.headlines).headlines
    return {
        "page": page,
        "group": grouped(actor, [here], knowledge)[0],
        "country": Link(
            str(country_words(page.gate.country)), knowledge.link("country", iso3=page.gate.country)
        )
        if page.gate.country
        else None,
        "parent": Link(page.parent.name, knowledge.link("gate", code=page.parent.code))
        if page.parent
        else None,
        "trends": [
            chart
            for trend in shown
            if (chart := trends.chart(trend, knowledge, title=words.capital(str(trend.series.measure.name))))
        ],
        "compositions": _composition_charts(page.compositions, knowledge),
        "protected": sum(made.protected for made in page.compositions),
        "children": maps.table(children, knowledge) if children else None,
        "measures": list(
            {headline.series.measure.code: headline.series.measure for headline in inside}.values()
        ),
        "notes": [flag for headline in inside for flag in headline.flags],
        "files": _files(knowledge, gate=code),
    }


def _children(actor: Actor, cards: Sequence[GateCard], knowledge: Knowledge) -> list[GateSituation]:
    codes = {card.code for card in cards}
    seen = flows.situation(actor, as_known_on=knowledge.on)
    return [gate for gate in seen.gates if gate.gate.code in codes]


def _composition_charts(made: Sequence[Composition], knowledge: Knowledge) -> list[Chart]:
    """Each measure's compositions; the finest break-down of sex and age only. Several measures are named."""
    measures = {one.series.measure.code for one in made}
    charts = []
    for one in made:
        kinds = {other.by for other in made if other.series.id == one.series.id}
        if one.by in ("sex", "age") and "sex+age" in kinds:
            continue
        prefix = f"{one.series.measure.name} · " if len(measures) > 1 else ""
        if chart := compositions.chart(one, knowledge, prefix=prefix):
            charts.append(chart)
    return charts


def _files(knowledge: Knowledge, **filters: str) -> list[Link]:
    return [
        Link(kind.upper(), knowledge.link("figures_file", dict(filters), kind=kind))
        for kind in ("csv", "xlsx")
    ]


# A country, a nationality ------------------------------------------------------------------------------------


def country(actor: Actor, iso3: str, knowledge: Knowledge) -> dict[str, Any]:
    """Everything counted in a country. Refuses an unknown one (NotFound)."""
    page = flows.country(actor, iso3, as_known_on=knowledge.on)
    whole = headlines.wholes(page.gates)
    within = [gate for gate in page.gates if gate not in whole]
    return {
        "page": page,
        "groups": grouped(actor, whole, knowledge),
        "within": maps.table(within, knowledge) if within else None,
        "files": _files(knowledge, country=iso3),
    }


def nationality(actor: Actor, iso3: str, knowledge: Knowledge) -> dict[str, Any]:
    """A nationality along the corridor. Refuses an unknown one (NotFound)."""
    page = flows.nationality(actor, iso3, as_known_on=knowledge.on)
    first = [trend_of(actor, gate.headlines[0].series.id, knowledge) for gate in page.gates[:TRENDS_DRAWN]]
    return {
        "page": page,
        "groups": grouped(actor, page.gates, knowledge),
        "table": maps.table(page.gates, knowledge) if page.gates else None,
        "trends": [chart for trend in first if (chart := trends.chart(trend, knowledge))],
        "files": _files(knowledge, nationality=iso3),
    }


# One series --------------------------------------------------------------------------------------------------


def trend_of(actor: Actor, number: int, knowledge: Knowledge) -> Trend:
    """A series with the forecast that goes with what is shown. Refuses what this reader may not see (NotFound)."""
    page = flows.series_points(actor, number, as_known_on=knowledge.on)
    return Trend(page.series, page.points, _forecast_of(actor, page.series, page.points, knowledge))


def _forecast_of(
    actor: Actor, card: SeriesCard, points: Sequence[Point], knowledge: Knowledge
) -> ForecastView | None:
    whole = [point for point in points if not point.is_part]
    if not whole:
        return None
    return forecasts.newest_for(actor, [(card, whole[-1])], knowledge).get(card.key)


def past_of(actor: Actor, trend: Trend, knowledge: Knowledge) -> list[ForecastView]:
    """Forecasts issued before the one shown, that rest on nothing learned after the day asked for."""
    newest = foresight.newest(actor, trend.series.key)
    made = [*([newest] if newest else []), *foresight.past(actor, trend.series.key)]
    shown = trend.ahead
    return [
        one
        for one in made
        if (shown is None or one.origin < shown.origin)
        and (knowledge.on is None or one.known_on <= knowledge.on)
    ]


def series(actor: Actor, number: int, knowledge: Knowledge) -> dict[str, Any]:
    """A series in full. Refuses what this reader may not see (NotFound)."""
    page = flows.series_points(actor, number, as_known_on=knowledge.on)
    trend = Trend(page.series, page.points, _forecast_of(actor, page.series, page.points, knowledge))
    card = page.series
    ahead = trend.ahead
    past = past_of(actor, trend, knowledge)
    found = [
        compositions.chart(one, knowledge)
        for by in ("nationality", "sex+age", "departure", "detail")
        if card.is_whole and (one := flows.composition(actor, number, by=by, as_known_on=knowledge.on))
    ]
    return {
        "card": card,
        "who": trends.who(card),
        "title": trends.name_of(card),
        "points": page.points,
        "trend": trends.chart(trend, knowledge, title=_("What was counted, and what may come")),
        "next": forecasts.next_of(ahead, card.frequency) if ahead else None,
        "forecast_href": knowledge.link("forecast", number=ahead.id) if ahead else "",
        "withheld": withheld(actor, card.key),
        "past": trends.past_chart(trend, past, knowledge),
        "compositions": [chart for chart in found if chart],
        "revisions": revisions(actor, card, knowledge),
        "flags": list(reversed(page.flags)),
        "beside": beside(actor, card, knowledge),
        "nationality": Link(card.nationality_name, knowledge.link("nationality", iso3=card.nationality))
        if is_country(card.nationality) and card.nationality != "ALL"
        else None,
    }


def withheld(actor: Actor, key: str) -> str:
    """Why there is no forecast, without the flow's own key."""
    reason = foresight.withheld(actor, key)
    if reason is None:
        return ""
    said = reason.reason_es if words.language() == "es" else reason.reason_en
    return said.replace(f"“{key}”", _("This series")).replace(f"«{key}»", _("This series"))


def revisions(actor: Actor, card: SeriesCard, knowledge: Knowledge) -> Table | None:
    """Periods of which more than one thing was said, the newest period first, with every statement in its order."""
    said: dict[date, list[Vintage]] = {}
    for vintage in flows.vintages(actor, card.id):
        if knowledge.on is None or vintage.known_at.date() <= knowledge.on:
            said.setdefault(vintage.period, []).append(vintage)
    rows = []
    for period in sorted(said, reverse=True):
        told = [one for i, one in enumerate(said[period]) if i == 0 or one.value != said[period][i - 1].value]
        if len(told) < 2:
            continue
        for before, now in zip([None, *told], told, strict=False):
            moved = _moved(before, now)
            rows.append(
                Row(
                    [
                        words.period(period, card.frequency),
                        formats.day(now.known_at, words.language()),
                        Cell(now.value, status="provisional" if now.is_part else ""),
                        moved,
                    ]
                )
            )
    if not rows:
        return None
    columns = [
        Column(_("Period")),
        Column(_("Said on")),
        Column(words.capital(words.unit(card.measure.unit)), is_number=True),
        Column(_("Difference"), is_number=True),
    ]
    return Table(_("What was said before of the same period"), columns, rows, is_caption_hidden=True)


def _moved(before: Vintage | None, now: Vintage) -> int | None:
    """How far a count was corrected; a running total is not a count yet."""
    if before is None or before.is_part or before.value is None or now.value is None:
        return None
    return now.value - before.value


def beside(actor: Actor, card: SeriesCard, knowledge: Knowledge) -> Table | None:
    """What other sources and measures say at the same gate of the same people: side by side, never added."""
    alike = FigureFilter(gate=card.gate.code, nationality=card.nationality, frequency=card.frequency)
    others = [
        other
        for other in flows.search_series(actor, alike)
        if other.id != card.id and other.breakdown == card.breakdown and not other.detail
    ]
    rows = [row for other in others if (row := _beside(actor, other, knowledge))]
    if not rows:
        return None
    columns = [
        Column(_("Source")),
        Column(_("What is counted")),
        Column(_("Period")),
        Column(_("Number"), is_number=True),
    ]
    return Table(
        _("Other statements about the same gate, side by side and never added"),
        columns,
        rows,
        is_caption_hidden=True,
    )


SUMMED = {
    "nationality": gettext_lazy("nationalities"),
    "sex": gettext_lazy("women and men"),
    "age": gettext_lazy("ages"),
    "sex+age": gettext_lazy("sex and age"),
    "departure+sex+age": gettext_lazy("countries of departure, sex and age"),
    "days": gettext_lazy("days"),
    "weeks": gettext_lazy("weeks"),
}


def parts_of(basis: str) -> str:
    """From which parts a total was added up."""
    parts = basis.removeprefix("sum:").partition("+detail(")[0]
    return str(SUMMED.get(parts, _("its parts")))


def _beside(actor: Actor, other: SeriesCard, knowledge: Knowledge) -> Row | None:
    points = flows.series_points(actor, other.id, as_known_on=knowledge.on).points
    if not points:
        return None
    last = points[-1]
    value: Any = last.value if last.value is not None else words.value_or_reason(last)
    name = str(other.measure.name)
    if other.is_summed:
        name = _("%(measure)s, added up here from %(parts)s") % {
            "measure": name,
            "parts": parts_of(other.basis),
        }
    return Row(
        [
            other.source.publisher,
            Cell(name, href=knowledge.link("series", number=other.id)),
            words.period(last.period, other.frequency),
            Cell(value, status=words.status(last)),
        ]
    )


# Sources -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source with how far it has come, measure by measure."""

    source: SourceCard
    country: str
    fresh: tuple[Any, ...]
    files: tuple[Link, ...]


def sources(actor: Actor, knowledge: Knowledge) -> dict[str, Any]:
    """The sources of which this reader sees something."""
    by_source: dict[str, list[Any]] = {}
    for fresh in flows.freshness(actor, as_known_on=knowledge.on):
        by_source.setdefault(fresh.source.code, []).append(fresh)
    lines = [
        SourceLine(
            group[0].source,
            str(country_words(group[0].source.country)) if group[0].source.country else "",
            tuple(
                {
                    "measure": fresh.measure,
                    "period": words.period(fresh.last_period, fresh.frequency),
                    "known_at": fresh.known_at,
                    "lag": fresh.usual_lag_days,
                    "is_late": fresh.is_late,
                }
                for fresh in group
            ),
            tuple(_files(knowledge, source=code)),
        )
        for code, group in by_source.items()
    ]
    return {"lines": lines, "version": settings.VERSION}
