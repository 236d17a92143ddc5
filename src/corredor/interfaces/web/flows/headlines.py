"""The newest of each series as a card: number, what changed, a small trend, forecast, source, age and doubts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from corredor.areas.flows.queries.things import GateSituation, Headline
from corredor.areas.foresight.queries import ForecastView
from corredor.interfaces.web.components import charts
from corredor.interfaces.web.flows import forecasts, words
from corredor.interfaces.web.flows.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Card:
    """A headline in the reader's words."""

    headline: Headline
    gate: str
    gate_href: str
    measure: str
    href: str
    value: str
    unit: str
    period: str
    status: str
    sentence: str
    trend: str
    source: str
    known_at: datetime
    age: str
    flags: tuple[str, ...]
    basis: str
    next: forecasts.Next | None
    forecast_href: str
    parts: int = 0  # how many places within the gate are counted too


def cards(
    situations: Iterable[GateSituation], made: dict[str, ForecastView], knowledge: Knowledge
) -> list[Card]:
    """The cards of gates, from south to north."""
    return [card(one, made.get(one.series.key), knowledge) for gate in situations for one in gate.headlines]


def card(headline: Headline, forecast: ForecastView | None, knowledge: Knowledge) -> Card:
    """One headline as a card. A forecast of periods that have since been counted is left out."""
    series, last = headline.series, headline.last
    is_ahead = forecast is not None and forecast.steps[0].target > last.period
    coming = forecasts.next_of(forecast, series.frequency) if forecast and is_ahead else None
    return Card(
        headline,
        str(series.gate.name),
        knowledge.link("gate", code=series.gate.code),
        str(series.measure.name),
        knowledge.link("series", number=series.id),
        words.value_or_reason(last),
        words.unit(series.measure.unit, last.value),
        words.period(last.period, series.frequency),
        words.status(last),
        words.what_changed(headline),
        small_trend(headline),
        series.source.publisher,
        last.known_at,
        words.age(headline.age_days),
        tuple(str(flag.words) for flag in headline.flags),
        basis(headline),
        coming,
        knowledge.link("forecast", number=coming.number) if coming else "",
    )


def small_trend(headline: Headline) -> str:
    """A small line of the last periods, with its words for those who hear the page."""
    points = headline.points
    first = words.period(points[0].period, points[0].frequency)
    says = _("From %(first)s to %(last)s; highest %(highest)s.") % {
        "first": first,
        "last": words.period(points[-1].period, points[-1].frequency),
        "highest": words.number(max((point.value or 0 for point in points), default=None)),
    }
    return charts.sparkline([point.value for point in points], says=says, width=220, height=44)


def basis(headline: Headline) -> str:
    """That a total was added up here, where its source publishes only parts."""
    if not headline.series.is_summed:
        return ""
    return _("Added up here from the parts the source publishes.")


def wholes(situations: Sequence[GateSituation]) -> list[GateSituation]:
    """The gates that are not a part of another gate shown with the same measure and source."""
    said = {
        (gate.gate.code, headline.series.source.code, headline.series.measure.code)
        for gate in situations
        for headline in gate.headlines
    }
    return [
        gate
        for gate in situations
        if not all(
            (gate.gate.parent, headline.series.source.code, headline.series.measure.code) in said
            for headline in gate.headlines
        )
    ]


def parts_of(code: str, situations: Sequence[GateSituation]) -> list[GateSituation]:
    """The gates within a gate."""
    return [gate for gate in situations if gate.gate.parent == code]
