"""What is due, what counts as the same forecast, how a record is summed up: plain decisions."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

HORIZONS = 6
LEVELS = (0.01, 0.025, *(k / 20 for k in range(1, 20)), 0.975, 0.99)  # the 23 standard quantile levels


@dataclass(frozen=True, slots=True)
class FlowKey:
    """Which flow a forecast is about, in the words of the figures it rests on."""

    key: str  # stable identity of the flow
    measure: str
    gate: str
    nationality: str
    frequency: str
    country: str  # ISO alpha-3 of the country whose figures they are
    source: str


@dataclass(frozen=True, slots=True)
class Known:
    """One figure as known when the forecast was made."""

    period: date
    value: int
    status: str
    known_on: date
    batch: int = 0  # which import said so, so that a withdrawal finds what rests on it


@dataclass(frozen=True, slots=True)
class FlowToForecast:
    """A flow with the figures that may be used, and how far they are shared."""

    flow: FlowKey
    figures: tuple[Known, ...]
    level: int


@dataclass(frozen=True, slots=True)
class Actual:
    """What came, for one flow and period."""

    key: str
    period: date
    value: int
    known_on: date
    level: int


def digest_of(figures: Iterable[Known]) -> str:
    """Same figures, same digest: a forecast is issued again only when what is known has changed."""
    text = "\n".join(f"{figure.period.isoformat()} {figure.value} {figure.status}" for figure in figures)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Record:
    """How good we have been over some forecasts, against the simple one they had to beat.

    ``relative_wis`` below 1 means better than the baseline; it is the ratio of mean scores over the same forecasts,
    on the log scale. Coverages are shares between 0 and 1.
    """

    forecasts: int
    relative_wis: float | None
    coverage_50: float | None
    coverage_80: float | None
    coverage_95: float | None


@dataclass(frozen=True, slots=True)
class Scored:
    """One scored forecast, as ``record_of`` needs it."""

    wis: float
    baseline_wis: float
    in_50: bool
    in_80: bool
    in_95: bool


def record_of(scored: Sequence[Scored]) -> Record:
    """Sum up scored forecasts; everything is None when there are none."""
    if not scored:
        return Record(0, None, None, None, None)
    baseline = math.fsum(one.baseline_wis for one in scored)
    ours = math.fsum(one.wis for one in scored)
    return Record(
        forecasts=len(scored),
        relative_wis=ours / baseline if baseline > 0 else None,
        coverage_50=_share(one.in_50 for one in scored),
        coverage_80=_share(one.in_80 for one in scored),
        coverage_95=_share(one.in_95 for one in scored),
    )


def _share(answers: Iterable[bool]) -> float:
    listed = list(answers)
    return sum(listed) / len(listed)
