"""What the forecast pages show, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from corredor.areas.flows import queries as flows
from corredor.areas.flows.queries import FigureFilter
from corredor.areas.flows.queries.things import Point, SeriesCard
from corredor.areas.flows.rules.periods import last_day_of
from corredor.areas.foresight import queries as foresight
from corredor.areas.foresight.queries import ForecastView
from corredor.areas.foresight.rules import LEVELS, Record
from corredor.interfaces.web.components import charts, formats
from corredor.interfaces.web.components.parts import Cell, Chart, Column, Link, Row, Table
from corredor.interfaces.web.flows import forecasts, pictures, reading, trends, words
from corredor.interfaces.web.flows.knowledge import Knowledge
from corredor.kernel.errors import NotFound
from corredor.kernel.policy import Actor

SIMPLE = "cube_root_walk"  # the method that the others are held against
PER_PAGE = 40
SMALL_LINES = 8
METHODS = {
    "cube_root_walk": gettext_lazy("Last value with a range (random walk on the cube root)"),
    "recalibrated_mixture": gettext_lazy("Mixture of methods, its ranges corrected by past errors"),
    "corridor_net": gettext_lazy("Learned from all flows of the corridor at once"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A flow with its forecast."""

    card: SeriesCard
    forecast: ForecastView
    next: forecasts.Next


# All forecasts -----------------------------------------------------------------------------------------------


def overview(actor: Actor, knowledge: Knowledge, query: QueryDict) -> dict[str, Any]:
    """Every flow with a forecast, sorted as asked, a page at a time; the whole gates also as small pictures."""
    wholes = flows.search_series(actor, FigureFilter(breakdown="whole"), limit=500)
    parts = flows.search_series(actor, FigureFilter(breakdown="nationality"), limit=5_000)
    lines = list(_lines(actor, [*wholes, *parts], knowledge))
    gate = query.get("gate", "")
    shown = [line for line in lines if gate in ("", line.card.gate.code)]
    sort = query.get("sort", "") if query.get("sort", "") in SORTS else "gate"
    page = Paginator(sorted(shown, key=SORTS[sort]), PER_PAGE).get_page(query.get("page"))
    return {
        "page": page,
        "table": _overview_table(page, knowledge),
        "small": _small(actor, [line for line in lines if line.card.is_whole], knowledge),
        "count": len(shown),
        "gate": gate,
        "gates": sorted(
            {(line.card.gate.code, str(line.card.gate.name)) for line in lines}, key=lambda g: g[1]
        ),
        "sort": sort,
        "sorts": list(SORT_NAMES.items()),
    }


def _lines(actor: Actor, cards: Sequence[SeriesCard], knowledge: Knowledge) -> Iterator[Line]:
    by_key = {card.key: card for card in cards}
    made = forecasts.newest_of(actor, by_key, knowledge)
    for key, forecast in made.items():
        if key in by_key:
            card = by_key[key]
            yield Line(card, forecast, forecasts.next_of(forecast, card.frequency))


def _place(line: Line) -> tuple[Any, ...]:
    order = line.card.gate.order
    return (order is None, order or 0, not line.card.is_whole, -line.next.last, line.card.key)


SORTS: dict[str, Any] = {
    "gate": _place,
    "last": lambda line: (-line.next.last, line.card.key),
    "median": lambda line: (-line.next.median, line.card.key),
    "surge": lambda line: (-line.next.surge, line.card.key),
}
SORT_NAMES = {
    "gate": gettext_lazy("From south to north"),
    "last": gettext_lazy("Largest last value first"),
    "median": gettext_lazy("Largest forecast first"),
    "surge": gettext_lazy("Largest chance of a surge first"),
}


def _overview_table(page: Page[Line], knowledge: Knowledge) -> Table:
    rows = [
        Row(
            [
                Cell(trends.name_of(line.card), href=knowledge.link("forecast", number=line.forecast.id)),
                line.next.period,
                line.next.last,
                line.next.median,
                formats.between(line.next.low, line.next.high, words.language()),
                f"{words.capital(line.next.surge_word)}: {line.next.surge_share}",
            ]
        )
        for line in page
    ]
    columns = [
        Column(_("Flow")),
        Column(_("Forecast for")),
        Column(_("Last value"), is_number=True),
        Column(_("Middle forecast"), is_number=True),
        Column(_("80 per cent range"), is_number=True),
        Column(_("Chance of at least 1.5 times the last value")),
    ]
    return Table(_("Forecasts of the next period"), columns, rows, is_caption_hidden=True)


def _small(actor: Actor, lines: Sequence[Line], knowledge: Knowledge) -> Chart | None:
    """The last two years of each gate's whole flow, each on its own scale."""
    ordered = sorted((line for line in lines if line.card.frequency == "M"), key=_place)
    tops = [line for line in ordered if not _is_part_of_another(line, ordered)][:SMALL_LINES]
    groups, rows, drawn_lines = [], [], []
    told = {
        (
            headline.series.source.code,
            headline.series.measure.code,
            headline.series.gate.code,
        ): headline.points
        for gate in flows.situation(actor, as_known_on=knowledge.on).gates
        for headline in gate.headlines
    }
    for line in tops:
        points = told.get((line.card.source.code, line.card.measure.code, line.card.gate.code), ())
        if any(point.value is not None for point in points):
            name = str(line.card.gate.name).partition(" (")[0].partition(",")[0]
            counts = [charts.Point(p.period, p.value) for p in points]
            drawn_lines.append(line)
            groups.append(charts.Group(name, counts, note=str(line.card.measure.name)))
            rows.append(Row([trends.name_of(line.card), words.period(points[-1].period), points[-1].value]))
    if not groups:
        return None
    title = _("The last two years of each gate")
    says = _("Each on its own scale: shapes can be compared, heights cannot.")
    drawn = pictures.both(charts.small_multiples, groups, title=title, says=says, language=words.language())
    columns = [Column(_("Flow")), Column(_("Period")), Column(_("Last value"), is_number=True)]
    publishers = "; ".join(sorted({line.card.source.publisher for line in drawn_lines}))
    as_of = max(line.forecast.known_on for line in drawn_lines)
    return Chart(
        title, says, drawn["wide"], Table(title, columns, rows), publishers, as_of, narrow=drawn["narrow"]
    )


def _is_part_of_another(line: Line, others: Sequence[Line]) -> bool:
    return any(
        other.card.gate.code == line.card.gate.parent and other.card.measure == line.card.measure
        for other in others
    )


# One forecast ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Issued:
    """A forecast as issued, with the series it is about."""

    forecast: ForecastView
    card: SeriesCard
    points: Sequence[Point]


def issued(actor: Actor, number: int) -> Issued:
    """One forecast, frozen, with what was known when it was made. Refuses what this reader may not see (NotFound)."""
    found = foresight.forecasts(actor, after=number - 1, limit=1)
    if not found or found[0].id != number:
        raise NotFound
    forecast = found[0]
    page = flows.series_points(actor, forecast.flow, as_known_on=forecast.known_on, until=forecast.origin)
    return Issued(forecast, page.series, page.points)


def one(actor: Actor, number: int) -> dict[str, Any]:
    """Everything of one forecast."""
    about = issued(actor, number)
    forecast, card = about.forecast, about.card
    newest = foresight.newest(actor, forecast.flow)
    trend = trends.Trend(card, about.points, forecast)
    return {
        "forecast": forecast,
        "card": card,
        "title": trends.name_of(card),
        "method": METHODS.get(forecast.method, forecast.method),
        "is_afterwards": last_day_of(forecast.steps[0].target, card.frequency) < forecast.issued_at.date(),
        "origin": words.period(forecast.origin, card.frequency),
        "last": words.number(forecast.last_count),
        "chart": _fan_chart(trend, number) if trends.can_draw(trend) else None,
        "table": quantile_table(forecast, card),
        "walk": None if forecast.method == SIMPLE else walk_table(forecast, card),
        "outcomes": outcome_table(forecast, card),
        "remarks": [remark[words.language()] for remark in forecast.remarks],
        "newer": Link("", Knowledge().link("forecast", number=newest.id))
        if newest and newest.id != number
        else None,
        "series_href": Knowledge().link("series", number=card.id),
        "files": [
            Link(kind.upper(), Knowledge().link("quantiles_file", number=number, kind=kind))
            for kind in ("csv", "xlsx")
        ],
    }


def _fan_chart(trend: trends.Trend, number: int) -> Chart:
    files = [
        Link(kind.upper(), Knowledge().link("fan_picture", number=number, kind=kind))
        for kind in ("svg", "png")
    ]
    return Chart(
        _("As issued: the counts known then, and the fan"),
        trends.says(trend),
        trends.draw(trend, "wide"),
        trends.table(trend, most=24),
        f"{trend.series.source.publisher}; Corredor",
        trend.forecast.issued_at if trend.forecast else max(point.known_at for point in trend.points),
        narrow=trends.draw(trend, "narrow"),
        downloads=files,
    )


def quantile_table(forecast: ForecastView, card: SeriesCard) -> Table:
    """Middle and ranges of each period ahead."""
    language = words.language()
    rows = [
        Row(
            [
                words.period(step.target, card.frequency),
                round(step.median),
                formats.between(round(step.low_50), round(step.high_50), language),
                formats.between(round(step.low_80), round(step.high_80), language),
                formats.between(round(step.low_95), round(step.high_95), language),
                words.chance(forecasts.chance_of_surge(forecast, step))["share"],
            ]
        )
        for step in forecast.steps
    ]
    columns = [
        Column(_("Period")),
        Column(_("Middle"), is_number=True),
        Column(_("50 per cent range"), is_number=True),
        Column(_("80 per cent range"), is_number=True),
        Column(_("95 per cent range"), is_number=True),
        Column(_("Chance of at least 1.5 times the last value")),
    ]
    return Table(_("The forecast, period by period"), columns, rows, is_caption_hidden=True)


def walk_table(forecast: ForecastView, card: SeriesCard) -> Table:
    """The two simple forecasts it is held against."""
    rows = [
        Row(
            [
                words.period(step.target, card.frequency),
                round(step.last_value),
                round(step.walk_median),
                formats.between(round(step.walk_low_80), round(step.walk_high_80), words.language()),
            ]
        )
        for step in forecast.steps
    ]
    columns = [
        Column(_("Period")),
        Column(_("Last value"), is_number=True),
        Column(_("Random walk, middle"), is_number=True),
        Column(_("Random walk, 80 per cent range"), is_number=True),
    ]
    return Table(_("The simple forecasts it must beat"), columns, rows, is_caption_hidden=True)


def outcome_table(forecast: ForecastView, card: SeriesCard) -> Table | None:
    """What came, for the periods that have been counted since."""
    rows = []
    for step in forecast.steps:
        if step.observed is None:
            continue
        is_inside = step.low_80 <= step.observed <= step.high_80
        spread = formats.between(round(step.low_80), round(step.high_80), words.language())
        inside = _("inside") if is_inside else _("outside")
        period = words.period(step.target, card.frequency)
        rows.append(Row([period, round(step.median), spread, step.observed, inside]))
    if not rows:
        return None
    columns = [
        Column(_("Period")),
        Column(_("Middle"), is_number=True),
        Column(_("80 per cent range"), is_number=True),
        Column(_("What came"), is_number=True),
        Column(_("80 per cent range held?")),
    ]
    return Table(_("What came, beside the forecast"), columns, rows, is_caption_hidden=True)


def quantile_rows(about: Issued) -> Iterator[list[Any]]:
    """The 23 quantiles of each period, with the two simple forecasts, as rows of a file with HXL tags."""
    yield [
        "forecast", "flow", "issued_at", "known_on", "method", "origin", "period", "horizon",
        "quantile_level", "value", "last_value", "observed", "attribution",
    ]  # fmt: skip
    yield [
        "#meta+id", "#meta+flow", "#date+issued", "#date+known", "#meta+method", "#date+origin", "#date+forecast",
        "#meta+horizon", "#meta+quantile", "#affected+forecast+num", "#affected+last+num", "#affected+observed+num",
        "#meta+attribution",
    ]  # fmt: skip
    forecast = about.forecast
    for step in forecast.steps:
        for level, value in zip(LEVELS, step.quantiles, strict=True):
            yield [
                forecast.id, forecast.flow, forecast.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                forecast.known_on.isoformat(), forecast.method, forecast.origin.isoformat(), step.target.isoformat(),
                step.horizon, level, round(value, 2), step.last_value, step.observed, str(about.card.source.attribution),
            ]  # fmt: skip


# How good ----------------------------------------------------------------------------------------------------


def scorecard(actor: Actor) -> dict[str, Any]:
    """How good the forecasts have been: all together, by horizon and by gate; and which are withheld, and why."""
    wholes = [
        c
        for c in flows.search_series(actor, FigureFilter(breakdown="whole"), limit=500)
        if c.measure.kind == "flow"
    ]
    by_gate = [(trends.name_of(card), foresight.record(actor, flow=card.key)) for card in _in_order(wholes)]
    by_horizon = [(_horizon(h), foresight.record(actor, horizon=h)) for h in range(1, 7)]
    everything = foresight.record(actor)
    reasons = [(card, reading.withheld(actor, card.key)) for card in _in_order(wholes)]
    return {
        "record": everything,
        "verdict": verdict(everything),
        "coverage": coverage(everything),
        "by_horizon": record_table(_("The record by how far ahead"), _("How far ahead"), by_horizon),
        "by_gate": record_table(_("The record by flow"), _("Flow"), by_gate),
        "withheld": _by_reason(reasons),
    }


def _by_reason(reasons: Sequence[tuple[SeriesCard, str]]) -> list[dict[str, Any]]:
    """Flows told together where the same keeps their forecasts back."""
    together: dict[str, list[Link]] = {}
    for card, reason in reasons:
        if reason:
            link = Link(trends.name_of(card), Knowledge().link("series", number=card.id))
            together.setdefault(reason, []).append(link)
    return [{"reason": reason, "flows": links} for reason, links in together.items()]


def _in_order(cards: Sequence[SeriesCard]) -> list[SeriesCard]:
    return sorted(cards, key=lambda c: (c.gate.order is None, c.gate.order or 0, c.measure.code, c.key))


def _horizon(months: int) -> str:
    return ngettext("%(count)s period ahead", "%(count)s periods ahead", months) % {"count": months}


def verdict(record: Record) -> str:
    """Better or worse than the simple forecast, as one says it to an official."""
    if not record.forecasts or record.relative_wis is None:
        return _("No forecast has met its figure yet: nothing can be said.")
    gain = 1 - record.relative_wis
    told = {"count": words.number(record.forecasts), "share": words.share(abs(gain))}
    if abs(gain) < 0.005:
        return (
            _(
                "Over %(count)s forecasts that have met their figure they were as good as the simple forecast, and no better."
            )
            % told
        )
    if gain > 0:
        return (
            _(
                "Over %(count)s forecasts that have met their figure the error was %(share)s smaller than the simple forecast's."
            )
            % told
        )
    return (
        _(
            "Over %(count)s forecasts that have met their figure the error was %(share)s larger than the simple forecast's: rely on the last value instead."
        )
        % told
    )


def coverage(record: Record) -> str:
    """Whether the ranges kept what they promise."""
    if record.coverage_80 is None:
        return ""
    told = {"share": words.share(record.coverage_80), "count": words.number(record.forecasts)}
    if record.coverage_80 < 0.7:
        return (
            _(
                "The 80 per cent range held in %(share)s of %(count)s cases: too seldom. The ranges were too narrow for what happened."
            )
            % told
        )
    if record.coverage_80 > 0.9:
        return (
            _(
                "The 80 per cent range held in %(share)s of %(count)s cases: more often than promised. The ranges were wide."
            )
            % told
        )
    return _("The 80 per cent range held in %(share)s of %(count)s cases, about as promised.") % told


def record_table(caption: str, first: str, records: Sequence[tuple[str, Record]]) -> Table | None:
    """Records side by side; those without a scored forecast are left out."""
    rows = [
        Row(
            [
                name,
                record.forecasts,
                _ratio(record.relative_wis),
                _share(record.coverage_50),
                _share(record.coverage_80),
                _share(record.coverage_95),
            ]
        )
        for name, record in records
        if record.forecasts
    ]
    if not rows:
        return None
    columns = [
        Column(first),
        Column(_("Scored"), is_number=True),
        Column(_("Error, simple forecast = 1"), is_number=True),
        Column(_("50 per cent range held"), is_number=True),
        Column(_("80 per cent range held"), is_number=True),
        Column(_("95 per cent range held"), is_number=True),
    ]
    return Table(caption, columns, rows, is_caption_hidden=True)


def _ratio(value: float | None) -> str | None:
    return formats.number(value, words.language(), 2) if value is not None else None


def _share(value: float | None) -> str | None:
    return formats.share(value, words.language()) if value is not None else None
