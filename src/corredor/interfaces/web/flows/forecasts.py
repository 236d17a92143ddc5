"""Forecasts as the reading pages say them: the newest that a day's knowledge allows, its next period, its surge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from corredor.areas.flows import queries as flows
from corredor.areas.flows.queries import FigureFilter
from corredor.areas.flows.queries.things import Headline, Point, SeriesCard
from corredor.areas.foresight import queries as foresight
from corredor.areas.foresight.queries import ForecastView, StepView
from corredor.interfaces.web.components import charts
from corredor.interfaces.web.flows import words
from corredor.interfaces.web.flows.knowledge import Knowledge
from corredor.kernel.policy import Actor
from corredor.science.foresight.quantiles import chance_above


@dataclass(frozen=True, slots=True)
class Next:
    """The next period of a forecast in words, beside the last value it must beat."""

    number: int
    period: str
    median: int
    low: int
    high: int
    last: int
    surge_word: str
    surge_share: str
    surge: float
    known_on: date


def newest_of(actor: Actor, wanted: Iterable[str], knowledge: Knowledge) -> dict[str, ForecastView]:
    """The newest forecast of each flow that rests on nothing learned after the day asked for."""
    keys = list(wanted)
    newest = foresight.newest_of(actor, keys) if keys else {}
    if knowledge.on is None:
        return newest
    found = {}
    for key, forecast in newest.items():
        made = [forecast, *foresight.past(actor, key, limit=36)]
        if fitting := next((one for one in made if one.known_on <= knowledge.on), None):
            found[key] = fitting
    return found


def newest_for(
    actor: Actor, shown: Sequence[tuple[SeriesCard, Point]], knowledge: Knowledge
) -> dict[str, ForecastView]:
    """The newest forecast that goes with each series and its newest whole point, by the series' key.

    A total that several sums tell alike may have been forecast under another of them: it is taken when it starts from
    the very figure that is shown.
    """
    made = newest_of(actor, [card.key for card, _ in shown], knowledge)
    orphans = [(card, last) for card, last in shown if card.is_summed and card.key not in made]
    if not orphans:
        return made
    told = _other_tellings(actor, [card for card, _ in orphans])
    others = newest_of(actor, [key for keys in told.values() for key in keys], knowledge)
    for card, last in orphans:
        fitting = (others[key] for key in told[card.key] if key in others)
        for forecast in fitting:
            if (forecast.origin, forecast.last_count) == (last.period, last.value):
                made[card.key] = forecast
    return made


def newest_for_headlines(
    actor: Actor, headlines: Iterable[Headline], knowledge: Knowledge
) -> dict[str, ForecastView]:
    """The same for what pages show on top."""
    return newest_for(actor, [(headline.series, headline.last) for headline in headlines], knowledge)


def _other_tellings(actor: Actor, cards: Sequence[SeriesCard]) -> dict[str, list[str]]:
    """The keys under which the same whole is told in another way."""
    wholes = flows.search_series(actor, FigureFilter(breakdown="whole"), limit=500)
    by_line: dict[tuple[str, ...], list[str]] = {}
    for card in wholes:
        by_line.setdefault(_line(card), []).append(card.key)
    return {card.key: by_line.get(_line(card), []) for card in cards}


def _line(card: SeriesCard) -> tuple[str, ...]:
    return (
        card.source.code,
        card.measure.code,
        card.gate.code,
        card.frequency,
        *card.breakdown,
        card.direction,
    )


def next_of(forecast: ForecastView, frequency: str = "M") -> Next:
    """Its first period, with the chance that this is at least one and a half times the last value."""
    step = forecast.steps[0]
    surge = chance_of_surge(forecast, step)
    said = words.chance(surge)
    return Next(
        forecast.id,
        words.period(step.target, frequency),
        round(step.median),
        round(step.low_80),
        round(step.high_80),
        forecast.last_count,
        str(said["word"]),
        said["share"],
        surge,
        forecast.known_on,
    )


def chance_of_surge(forecast: ForecastView, step: StepView) -> float:
    """The chance that a period brings at least one and a half times the last value."""
    threshold = words.SURGE * max(forecast.last_count, 1)
    return float(chance_above(threshold, np.asarray(step.quantiles, dtype=float)))


def bands(forecast: ForecastView) -> list[charts.Band]:
    """The fan a chart draws."""
    return [
        charts.Band(
            step.target,
            step.median,
            (step.low_50, step.high_50),
            (step.low_80, step.high_80),
            (step.low_95, step.high_95),
        )
        for step in forecast.steps
    ]
