"""Learning from one's own past errors: adaptive conformal intervals, recalibration, mixture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corredor.science.foresight.method import Fitted, Method
from corredor.science.foresight.methods.features import volatility
from corredor.science.foresight.methods.record import (
    Record,
    class_numbers,
    record_of,
    size_of,
    weighted_quantiles,
)
from corredor.science.foresight.panel import Panel
from corredor.science.foresight.quantiles import (
    LEVELS,
    MEDIAN,
    PROBITS,
    Array,
    as_quantiles,
    at_scores,
    index_of,
    normal_scores,
    widen,
)

FORGETTING = 0.97  # a forecast a period older teaches 3 % less
FEWEST_ERRORS = 40.0  # weighted past forecasts, below which nothing is learnt from them
USUAL_VOLATILITY = 0.45
LIKENESS = 1.5  # in log size: how alike two flows must be to teach one another calibration
DOUBT = 50.0  # effective past forecasts at which what was learnt weighs as much as what was assumed
TENTH, NINETIETH = index_of(0.1), index_of(0.9)
BODY = slice(TENTH, NINETIETH + 1)
FATTEST_TAIL = 1.2  # times the normal tail drawn from the tenth and ninetieth percentiles


def _margin(roots: Array, spread: Array) -> Array:
    """How far, on the cube-root scale, a flow of this size is wont to stray: √(0.45 s) f^⅓ / 3 + 0.25.

    The square root draws a measured volatility half-way to the usual one: a wild past is in part chance.
    """
    return np.sqrt(USUAL_VOLATILITY * spread) * roots / 3 + 0.25


def tempered_tails(errors: Array) -> Array:
    """Error quantiles (…, 23) whose tails go no farther than 1.2 normal tails through their own deciles.

    A handful of past surges would else lend every large flow a tail that no road could carry.
    """
    middle = errors[..., MEDIAN : MEDIAN + 1]
    reach = FATTEST_TAIL * np.abs(PROBITS) / PROBITS[NINETIETH]
    lowest = middle - reach * (middle - errors[..., TENTH : TENTH + 1])
    highest = middle + reach * (errors[..., NINETIETH : NINETIETH + 1] - middle)
    tempered = np.array(errors)
    tempered[..., :TENTH] = np.maximum(errors, lowest)[..., :TENTH]
    tempered[..., NINETIETH + 1 :] = np.minimum(errors, highest)[..., NINETIETH + 1 :]
    return tempered


def _straightened(scores: Array, *, shifts: bool) -> Array:
    """Score quantiles (…, 23) as the line a + b Φ⁻¹(τ) through their body, 0.1 to 0.9: a shift and a stretch.

    Without ``shifts`` a is zero.
    """
    steady, body = PROBITS[BODY], scores[..., BODY]
    shift = body.mean(axis=-1, keepdims=True)
    stretch = np.sum((body - shift) * steady, axis=-1, keepdims=True) / np.sum(steady**2)
    return np.asarray((shift if shifts else 0.0) + stretch * PROBITS)


@dataclass(frozen=True)
class _FittedBy:
    """Fitted by closing over a function of the horizons."""

    forecast: Callable[[int], Array]

    def predict(self, horizons: int) -> Array:
        return self.forecast(horizons)


@dataclass(frozen=True)
class AdaptiveConformal:
    """Intervals about a method's median from the scaled errors it made lately in flows of the same class.

    e = (y^⅓ − f^⅓) / margin, pooled by class and horizon over the origins of the last 30 periods whose outcome is
    known, weight 0.97^age; the forecast is (f^⅓ + e_τ · margin)³. NaN where too few errors are known.
    """

    name: str
    base: Method

    def fit(self, history: Panel) -> Fitted:
        return _FittedBy(lambda horizons: self._predict(history, horizons))

    def _predict(self, history: Panel, horizons: int) -> Array:
        record = record_of(self.base, history, horizons)
        roots = np.cbrt(self.base.fit(history).predict(horizons)[..., MEDIAN])
        values = np.full((*roots.shape, len(LEVELS)), np.nan)
        if record is None:
            return values
        before = np.cbrt(record.quantiles[..., MEDIAN])
        errors = (np.cbrt(record.outcomes) - before) / _margin(before, record.volatility[:, :, None])
        margin = _margin(roots, volatility(history.counts)[:, -1:])
        for rows, h, taught, weights in _lessons(record, history, horizons):
            learnt = tempered_tails(weighted_quantiles(errors[:, :, h][taught], weights, LEVELS)[0])
            values[rows, h] = roots[rows, h, None] + margin[rows, h, None] * learnt
        return as_quantiles(np.maximum(values, 0.0) ** 3)


@dataclass(frozen=True)
class Recalibrated:
    """A method read at the normal scores its past outcomes really had, instead of the nominal ones.

    z of each known outcome under its forecast, pooled by class and horizon as in AdaptiveConformal and further
    weighted by likeness of size, exp(−½ (Δ log size / 1.5)²), and, with ``as_volatile`` w, by likeness of volatility,
    exp(−½ (Δ log s / w)²). The weighted quantiles of z, drawn towards Φ⁻¹(τ) when
    few, give a shift a and a stretch b; the method is read at a + b Φ⁻¹(τ), with a = 0 unless it ``shifts``. Where too
    little is known it speaks for itself.
    """

    name: str
    base: Method
    shifts: bool = True
    as_volatile: float | None = None

    def fit(self, history: Panel) -> Fitted:
        return _FittedBy(lambda horizons: self._predict(history, horizons))

    def _predict(self, history: Panel, horizons: int) -> Array:
        said = self.base.fit(history).predict(horizons)
        record = record_of(self.base, history, horizons)
        if record is None:
            return said
        values = np.array(said)
        scores = normal_scores(record.outcomes, record.quantiles)
        for rows, h, taught, weights in _lessons(record, history, horizons):
            alike = weights * self._likeness(record, taught, history, rows) + 1e-12
            effective = alike.sum(axis=1) ** 2 / np.sum(alike**2, axis=1)
            trust = (effective / (effective + DOUBT))[:, None]
            learnt = (
                trust * weighted_quantiles(scores[:, :, h][taught], alike, LEVELS) + (1 - trust) * PROBITS
            )
            values[rows, h] = at_scores(said[rows, h], _straightened(learnt, shifts=self.shifts))
        return as_quantiles(values)

    def _likeness(
        self, record: Record, taught: NDArray[np.bool_], history: Panel, rows: NDArray[np.int64]
    ) -> Array:
        """How much each past forecast is like each flow now: (rows, past forecasts), between 0 and 1."""
        apart = (record.sizes[taught] - size_of(history)[rows][:, None]) / LIKENESS
        likeness = np.exp(-0.5 * apart**2)
        if self.as_volatile is not None:
            now = np.log(volatility(history.counts)[rows, -1])[:, None]
            likeness *= np.exp(-0.5 * ((np.log(record.volatility[taught]) - now) / self.as_volatile) ** 2)
        return np.asarray(likeness)


def _lessons(
    record: Record, history: Panel, horizons: int
) -> Iterator[tuple[NDArray[np.int64], int, NDArray[np.bool_], Array]]:
    """By class and horizon: the flows of the class now, the horizon's column, which past forecasts teach, how much."""
    classes = class_numbers(history)
    for flow_class in np.unique(classes):
        rows = np.flatnonzero(classes == flow_class)
        for h in range(horizons):
            weights = record.weights(int(flow_class), h, FORGETTING)
            if weights.sum() >= FEWEST_ERRORS:
                yield rows, h, weights > 0, weights[weights > 0]


@dataclass(frozen=True)
class Mixture:
    """The level-by-level mean of several methods on the cube-root scale; who has nothing to say is left out."""

    name: str
    parts: tuple[Method, ...]

    def fit(self, history: Panel) -> Fitted:
        fitted = [part.fit(history) for part in self.parts]
        return _FittedBy(lambda horizons: _mean_of_known([one.predict(horizons) for one in fitted]))


@dataclass(frozen=True)
class Widened:
    """A method with its quantiles stretched about the median on the cube-root scale."""

    name: str
    base: Method
    factor: float

    def fit(self, history: Panel) -> Fitted:
        fitted = self.base.fit(history)
        return _FittedBy(lambda horizons: widen(fitted.predict(horizons), self.factor))


def _mean_of_known(said: list[Array]) -> Array:
    roots = np.cbrt(np.stack(said))
    known = ~np.isnan(roots)
    mean = np.nansum(roots, axis=0) / np.maximum(known.sum(axis=0), 1)
    return as_quantiles(np.where(known.any(axis=0), mean, np.nan) ** 3)


@dataclass(frozen=True)
class Apart:
    """Totals by one method, flows by nationality by another."""

    name: str
    totals: Method
    nationalities: Method

    def fit(self, history: Panel) -> Fitted:
        totals, nationalities = self.totals.fit(history), self.nationalities.fit(history)
        return _FittedBy(
            lambda horizons: np.where(
                history.is_total[:, None, None], totals.predict(horizons), nationalities.predict(horizons)
            )
        )
