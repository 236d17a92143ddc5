"""Figures, series and what stands beside them, as the API says them. No figure comes without what belongs to it."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema

from corredor.areas.flows.queries.things import (
    Change,
    Flag,
    GateSituation,
    Headline,
    Part,
    Point,
    SeriesCard,
    Vintage,
)
from corredor.interfaces.api.fields import Frequency, LevelName, Moment, WordsOut, level_name, words

Status = Literal["provisional", "validated", "revised"]


class SeriesOut(Schema):
    """What a row of numbers is about. ``key`` stays; ``basis`` is “published”, or what was summed."""

    id: int
    key: str
    source: str
    measure: str
    gate: str
    country: str | None
    frequency: Frequency
    nationality: str
    departure: str
    sex: str
    age: str
    direction: str
    detail: str
    basis: str
    is_whole: bool
    level: LevelName
    first_period: str | None
    last_period: str | None


class FigureOut(Schema):
    """A figure with what must be said beside it.

    ``value`` null: hidden by its source (then ``low``–``high`` is the range it admits) or protected here
    (``is_protected``). ``is_part``: a running total of an unfinished period, or a sum with parts missing. ``known_at``
    is when this was stated; ``revised_from`` what was said before, when it differed.
    """

    series: int
    source: str
    period: str
    starts_on: str
    ends_on: str
    value: int | None
    low: int | None
    high: int | None
    status: Status
    is_part: bool
    is_protected: bool
    known_at: Moment
    level: LevelName
    revised_from: int | None
    revisions: int
    batch: int


class FigureRowOut(FigureOut):
    """A figure with the words of its series."""

    measure: str
    gate: str
    frequency: Frequency
    nationality: str
    departure: str
    sex: str
    age: str
    direction: str
    detail: str
    basis: str
    attribution: WordsOut


class ChangeOut(Schema):
    """How a figure stands to an earlier one; nulls where one of the two is hidden."""

    than: str
    by: int | None
    ratio: float | None


class FlagOut(Schema):
    """Something to know beside a number."""

    code: str
    words: WordsOut
    period: str | None


class HeadlineOut(Schema):
    """The newest of one series. ``running`` is a newer figure whose period is not over."""

    series: SeriesOut
    last: FigureOut
    running: FigureOut | None
    previous: ChangeOut | None
    year_before: ChangeOut | None
    age_days: int
    flags: list[FlagOut]
    sentence: WordsOut


class GateSituationOut(Schema):
    """One gate with its headlines."""

    gate: str
    name: WordsOut
    headlines: list[HeadlineOut]


class PartOut(Schema):
    """One row of a composition; “REST” is all others together."""

    code: str
    name: WordsOut
    figure: FigureOut | None
    share: float | None
    members: int


class VintageOut(Schema):
    """What was said of a period at a moment."""

    period: str
    value: int | None
    low: int | None
    high: int | None
    status: Status
    is_part: bool
    known_at: Moment
    source: str
    batch: int


def series_out(card: SeriesCard) -> dict[str, Any]:
    return {
        **_about(card),
        "id": card.id,
        "key": card.key,
        "source": card.source.code,
        "country": card.gate.country or None,
        "is_whole": card.is_whole,
        "level": level_name(card.level),
        "first_period": card.first_period.isoformat() if card.first_period else None,
        "last_period": card.last_period.isoformat() if card.last_period else None,
    }


def _about(card: SeriesCard) -> dict[str, Any]:
    return {
        "measure": card.measure.code,
        "gate": card.gate.code,
        "frequency": card.frequency,
        "nationality": card.nationality,
        "departure": card.departure,
        "sex": card.sex,
        "age": card.age,
        "direction": card.direction,
        "detail": card.detail,
        "basis": card.basis,
    }


def figure(card: SeriesCard, point: Point) -> dict[str, Any]:
    return {
        "series": card.id,
        "source": card.source.code,
        "period": point.label,
        "starts_on": point.period.isoformat(),
        "ends_on": point.last_day.isoformat(),
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "status": point.status,
        "is_part": point.is_part,
        "is_protected": point.is_protected,
        "known_at": point.known_at,
        "level": level_name(min(point.level, card.level)),
        "revised_from": point.revised_from,
        "revisions": point.revisions,
        "batch": point.batch,
    }


def figure_row(card: SeriesCard, point: Point) -> dict[str, Any]:
    return {**figure(card, point), **_about(card), "attribution": words(card.source.attribution)}


def flag(one: Flag) -> dict[str, Any]:
    return {
        "code": one.code,
        "words": words(one.words),
        "period": one.period.isoformat() if one.period else None,
    }


def headline(one: Headline) -> dict[str, Any]:
    return {
        "series": series_out(one.series),
        "last": figure(one.series, one.last),
        "running": figure(one.series, one.running) if one.running else None,
        "previous": _change(one.previous),
        "year_before": _change(one.year_before),
        "age_days": one.age_days,
        "flags": [flag(each) for each in one.flags],
        "sentence": words(one.sentence),
    }


def _change(change: Change | None) -> dict[str, Any] | None:
    return {"than": change.than.label, "by": change.by, "ratio": change.ratio} if change else None


def gate_situation(place: GateSituation) -> dict[str, Any]:
    return {
        "gate": place.gate.code,
        "name": words(place.gate.name),
        "headlines": [headline(one) for one in place.headlines],
    }


def part(card: SeriesCard, one: Part) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": words(one.name),
        "figure": figure(card, one.point) if one.point else None,
        "share": one.share,
        "members": one.members,
    }


def vintage(card: SeriesCard, said: Vintage) -> dict[str, Any]:
    return {
        "period": said.label,
        "value": said.value,
        "low": said.low,
        "high": said.high,
        "status": said.status,
        "is_part": said.is_part,
        "known_at": said.known_at,
        "source": card.source.code,
        "batch": said.batch,
    }
