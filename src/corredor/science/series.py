"""Observed series: counts by day, week or month, with what was known when.

A series is built from observations, each a count for a period as somebody stated it on a date. Later statements
about the same period are revisions; nothing is overwritten, so any series can be read *as known at* a date.
A figure stated before its period was over is kept apart: it is a hint for a nowcast, never an observation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Frequency = Literal["D", "W", "M"]
Status = Literal["provisional", "validated", "revised"]
Counts = NDArray[np.float64]

IMPOSSIBLE = 1_000_000_000  # no gate counts more people than this in a period
_EPOCH_MONDAY = date(1, 1, 1)  # a Monday
_MONTHS = (
    ("January", "enero"),
    ("February", "febrero"),
    ("March", "marzo"),
    ("April", "abril"),
    ("May", "mayo"),
    ("June", "junio"),
    ("July", "julio"),
    ("August", "agosto"),
    ("September", "septiembre"),
    ("October", "octubre"),
    ("November", "noviembre"),
    ("December", "diciembre"),
)


@dataclass(eq=False)
class Refused(Exception):
    """What was asked cannot be done; ``code`` is for programs, the reasons are for people."""

    code: str
    reason_en: str
    reason_es: str

    def __str__(self) -> str:
        return self.reason_en


class SeriesRefused(Refused):
    """The observations do not make a series."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One day, ISO week (Monday to Sunday) or calendar month; ``ordinal`` counts them one by one.

    Periods of one frequency can be compared, moved (``period + 3``) and subtracted (``later - earlier`` periods).
    """

    frequency: Frequency
    ordinal: int

    @classmethod
    def containing(cls, day: date, frequency: Frequency) -> Period:
        """The period of this frequency that contains the day."""
        if frequency == "D":
            return cls("D", day.toordinal())
        if frequency == "W":
            return cls("W", (day.toordinal() - _EPOCH_MONDAY.toordinal()) // 7)
        return cls("M", day.year * 12 + day.month - 1)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """The calendar month."""
        return cls.containing(date(year, month, 1), "M")

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period written ``2024-03``, ``2024-W10`` or ``2024-03-05``; raises ValueError for anything else."""
        if "W" in text:
            year, week = text.split("-W")
            return cls.containing(date.fromisocalendar(int(year), int(week), 1), "W")
        if text.count("-") == 2:
            return cls.containing(date.fromisoformat(text), "D")
        return cls.containing(date.fromisoformat(f"{text}-01"), "M")

    @property
    def first_day(self) -> date:
        if self.frequency == "D":
            return date.fromordinal(self.ordinal)
        if self.frequency == "W":
            return _EPOCH_MONDAY + timedelta(weeks=self.ordinal)
        year, month = divmod(self.ordinal, 12)
        return date(year, month + 1, 1)

    @property
    def last_day(self) -> date:
        return (self + 1).first_day - timedelta(days=1)

    @property
    def label(self) -> str:
        """The period as ISO 8601 writes it."""
        first = self.first_day
        if self.frequency == "D":
            return first.isoformat()
        if self.frequency == "W":
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02d}"
        return f"{first.year:04d}-{first.month:02d}"

    @property
    def in_english(self) -> str:
        """The period in running text: "3 March 2025", "the week of 3 March 2025", "March 2025"."""
        first = self.first_day
        month = f"{_MONTHS[first.month - 1][0]} {first.year}"
        if self.frequency == "M":
            return month
        return f"{'the week of ' if self.frequency == 'W' else ''}{first.day} {month}"

    @property
    def in_spanish(self) -> str:
        """The period in running text: "3 de marzo de 2025", "la semana del 3 de marzo de 2025", "marzo de 2025"."""
        first = self.first_day
        month = f"{_MONTHS[first.month - 1][1]} de {first.year}"
        if self.frequency == "M":
            return month
        return f"{'la semana del ' if self.frequency == 'W' else ''}{first.day} de {month}"

    def __str__(self) -> str:
        return self.label

    def __add__(self, steps: int) -> Period:
        return Period(self.frequency, self.ordinal + steps)

    def __sub__(self, other: Period) -> int:
        """How many periods this one is later than the other."""
        if other.frequency != self.frequency:
            raise ValueError(f"a {self.frequency} period cannot be measured from a {other.frequency} period")
        return self.ordinal - other.ordinal


@dataclass(frozen=True, slots=True)
class Observation:
    """A count of people (or events) in a period, as stated on ``known_at``.

    ``known_at`` None means the day of publication was not kept: the figure counts as known once its period is over.
    """

    period: Period
    count: float
    known_at: date | None = None
    status: Status = "validated"

    @property
    def known_on(self) -> date:
        """The day from which the figure may be used (UTC when a moment was given)."""
        if self.known_at is None:
            return self.period.last_day + timedelta(days=1)
        if isinstance(self.known_at, datetime):
            moment = self.known_at
            return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
        return self.known_at

    @property
    def is_part_of_period(self) -> bool:
        """Whether it was stated before the last day of its period: a running total, not a figure for the period."""
        return self.known_on < self.period.last_day


@dataclass(frozen=True)
class ObservedSeries:
    """The observations of one flow, checked.

    Refuses (SeriesRefused, in both languages): nothing at all (``empty``), another frequency
    (``mixed-frequencies``), a period stated twice on one day (``duplicated-period``), a negative count
    (``negative``), a count that is no whole number (``not-a-count``) or beyond reason (``impossible``), a figure
    known before its period began (``known-too-early``). Gaps are kept as gaps; part periods are set aside.
    """

    name: str
    frequency: Frequency
    observations: tuple[Observation, ...] = field(repr=False)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.observations, key=lambda o: (o.period.ordinal, o.known_on)))
        object.__setattr__(self, "observations", ordered)
        if not ordered:
            raise SeriesRefused("empty", f"“{self.name}” has no figures.", f"«{self.name}» no tiene cifras.")
        for observation in ordered:
            _refuse_bad_count(self.name, self.frequency, observation)
        _refuse_duplicates(self.name, ordered)

    @classmethod
    def from_counts(
        cls, name: str, start: Period, counts: Iterable[float | None], *, status: Status = "validated"
    ) -> ObservedSeries:
        """A series without vintages: one count a period from ``start`` on; None or NaN where none was reported."""
        observations = tuple(
            Observation(start + step, float(count), status=status)
            for step, count in enumerate(counts)
            if count is not None and count == count
        )
        return cls(name, start.frequency, observations)

    def as_known_at(self, day: date) -> ObservedSeries:
        """The same series with only what had been stated by the end of that day."""
        known = tuple(o for o in self.observations if o.known_on <= day)
        return ObservedSeries(self.name, self.frequency, known)

    @cached_property
    def latest(self) -> Mapping[Period, Observation]:
        """The newest statement for each period, part periods included."""
        return {o.period: o for o in self.observations}  # sorted by known_on, so the newest one stays

    @cached_property
    def whole(self) -> Mapping[Period, Observation]:
        """The newest statement for each period that was over when it was stated."""
        return {period: o for period, o in self.latest.items() if not o.is_part_of_period}

    @property
    def part_periods(self) -> tuple[Period, ...]:
        """Periods known only by a running total stated before they were over."""
        return tuple(period for period, o in self.latest.items() if o.is_part_of_period)

    @property
    def provisional_periods(self) -> tuple[Period, ...]:
        """Periods whose newest whole figure is still provisional."""
        return tuple(period for period, o in self.whole.items() if o.status == "provisional")

    @property
    def gaps(self) -> tuple[Period, ...]:
        """Periods without a whole figure between the first and the last one that have it."""
        if not self.whole:
            return ()
        first, last = min(self.whole), max(self.whole)
        return tuple(first + step for step in range(last - first) if first + step not in self.whole)

    def revisions(self, period: Period) -> tuple[Observation, ...]:
        """Everything ever stated about a period, oldest first."""
        return tuple(o for o in self.observations if o.period == period)

    def counts(self) -> tuple[Period, Counts]:
        """First period, and one count a period up to the last whole one; NaN in the gaps.

        Refuses (``empty``) when only part periods are known.
        """
        if not self.whole:
            raise SeriesRefused(
                "empty",
                f"“{self.name}” has no figure for a whole period.",
                f"«{self.name}» no tiene cifras de un período completo.",
            )
        first, last = min(self.whole), max(self.whole)
        counts = np.full(last - first + 1, np.nan)
        for period, observation in self.whole.items():
            counts[period - first] = observation.count
        return first, counts


def _refuse_bad_count(name: str, frequency: Frequency, observation: Observation) -> None:
    period, count = observation.period, observation.count
    if period.frequency != frequency:
        raise SeriesRefused(
            "mixed-frequencies",
            f"“{name}” mixes periods of different length ({period}).",
            f"«{name}» mezcla períodos de distinta duración ({period}).",
        )
    if not np.isfinite(count) or count != round(count):
        raise SeriesRefused(
            "not-a-count",
            f"“{name}”: {count} in {period} is not a whole number.",
            f"«{name}»: {count} en {period} no es un número entero.",
        )
    if count < 0:
        raise SeriesRefused(
            "negative",
            f"“{name}”: the count for {period} is negative ({count:.0f}).",
            f"«{name}»: la cifra de {period} es negativa ({count:.0f}).",
        )
    if count > IMPOSSIBLE:
        raise SeriesRefused(
            "impossible",
            f"“{name}”: {count:.0f} people in {period} is beyond any possible count.",
            f"«{name}»: {count:.0f} personas en {period} supera toda cifra posible.",
        )
    if observation.known_on < period.first_day:
        raise SeriesRefused(
            "known-too-early",
            f"“{name}”: the figure for {period} is dated {observation.known_on}, before the period began.",
            f"«{name}»: la cifra de {period} lleva fecha {observation.known_on}, anterior al inicio del período.",
        )


def _refuse_duplicates(name: str, ordered: tuple[Observation, ...]) -> None:
    for earlier, later in pairwise(ordered):
        if earlier.period == later.period and earlier.known_on == later.known_on:
            raise SeriesRefused(
                "duplicated-period",
                f"“{name}”: {later.period} appears twice with the same date of publication "
                f"({earlier.count:.0f} and {later.count:.0f}).",
                f"«{name}»: {later.period} aparece dos veces con la misma fecha de publicación "
                f"({earlier.count:.0f} y {later.count:.0f}).",
            )
