"""The corridor elastic net: one linear model a horizon, learnt from all flows at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.science.foresight.methods.features import Features, features_of, rolling
from corredor.science.foresight.panel import Panel
from corredor.science.foresight.quantiles import LEVELS, Array, as_quantiles

LARGEST_CHANGE = 3.0  # in log(1 + y): twentyfold; what lies beyond is clipped
FEWEST_ROWS = 200  # flow-periods, below which no pooled model is learnt
HEADROOM = np.log(20.0)  # a forecast may pass the flow's historic maximum twentyfold, no more


def elastic_net(
    features: Array, target: Array, *, alpha: float, l1_ratio: float, weights: Array | None = None
) -> Array:
    """Minimise 1/(2Σw) Σ w (y − Xβ)² + α ρ |β|₁ + ½ α (1 − ρ) |β|₂² by coordinate descent (Friedman et al. 2010).

    ``features`` (n, k) and ``target`` (n,) are taken as they are: centre them first. Returns β (k,).
    """
    weights = np.ones(len(target)) if weights is None else weights
    weighted = features * (weights / weights.sum())[:, None]
    gram, against = weighted.T @ features, weighted.T @ target
    coefficients = np.zeros(len(against))
    scale = np.diag(gram) + alpha * (1 - l1_ratio)
    threshold, used = alpha * l1_ratio, [int(k) for k in np.flatnonzero(scale > 0)]
    rest = against.copy()  # what each feature has left to explain: Xᵀw(y − Xβ)
    for _ in range(1000):
        moved = 0.0
        for k in used:
            before = coefficients[k]
            own = rest[k] + gram[k, k] * before
            after = max(abs(own) - threshold, 0.0) / scale[k] * (1.0 if own > 0 else -1.0)
            if after != before:
                rest -= gram[k] * (after - before)
                coefficients[k] = after
                moved = max(moved, abs(after - before))
        if moved < 1e-5:
            break
    return coefficients


@dataclass(frozen=True)
class Line:
    """A fitted line on standardised features; what is unknown counts as average."""

    centre: Array
    scale: Array
    intercept: float
    coefficients: Array

    def predict(self, features: Array) -> Array:
        return self.intercept + _standardised(features, self.centre, self.scale) @ self.coefficients


@dataclass(frozen=True)
class FittedNet:
    """Lines for any horizon, fitted when asked; predicts a point, given as 23 equal quantiles."""

    history: Panel
    features: Features
    net: CorridorNet

    def predict(self, horizons: int) -> Array:
        level = self.features.level
        now, latest = self.features.values[:, -1], level[:, -1]
        top = np.nanmax(np.where(np.isnan(level), 0.0, level), axis=1) + HEADROOM
        points = np.full((len(level), horizons), np.nan)
        for step in range(horizons):
            line = self._line(step + 1)
            if line is not None:
                ahead = np.clip(latest + line.predict(now), 0.0, top)
                points[:, step] = np.expm1(ahead)
        return as_quantiles(np.repeat(points[:, :, None], len(LEVELS), axis=2))

    def _line(self, horizon: int) -> Line | None:
        """The line of one horizon, from the periods whose outcome lies within the history."""
        level, values = self.features.level, self.features.values
        if level.shape[1] <= horizon:
            return None
        change = level[:, horizon:] - level[:, :-horizon]
        heard_of = np.nancumsum(self.history.counts, axis=1)[:, :-horizon] > 0
        flows, periods = np.nonzero(~np.isnan(change) & heard_of)
        if len(flows) < FEWEST_ROWS:
            return None
        age = level.shape[1] - 1 - horizon - periods
        return _fit_line(
            values[flows, periods],
            np.clip(change[flows, periods], -LARGEST_CHANGE, LARGEST_CHANGE),
            self.net.weight_of(self.history)[flows, periods] * self.net.forgetting**age,
            self.net,
        )


@dataclass(frozen=True)
class CorridorNet:
    """L_{t+h} − L_t as a sparse linear function of the flow's own past and of its neighbours in the corridor.

    Pooled over flows, one fit a horizon, features standardised, unknown = average; larger and later flows teach
    more. After DynENet (Carammia, Iacus
    & Wilkin 2022). A flow whose last count is not reported gets NaN.
    """

    name: str = "corridor_net"
    alpha: float = 0.02
    l1_ratio: float = 0.3
    forgetting: float = 0.985

    def fit(self, history: Panel) -> FittedNet:
        return FittedNet(history, features_of(history), self)

    def weight_of(self, history: Panel) -> Array:
        """How much each flow and period teaches: log(1 + mean of 12 periods), held between 0.5 and 6."""
        means = np.nan_to_num(rolling(history.counts, 12, "nanmean", fewest=1))
        return np.clip(np.log1p(means), 0.5, 6.0)


def _standardised(features: Array, centre: Array, scale: Array) -> Array:
    return np.nan_to_num((features - centre) / scale)


def _fit_line(features: Array, target: Array, weights: Array, net: CorridorNet) -> Line:
    known = ~np.isnan(features)
    number = np.maximum(known.sum(axis=0), 1)
    centre = np.nansum(features, axis=0) / number
    spread = np.sqrt(np.nansum((features - centre) ** 2, axis=0) / number)
    scale = np.where(spread > 1e-9, spread, 1.0)
    standard = _standardised(features, centre, scale)
    intercept = float(np.average(target, weights=weights))
    middle = np.average(standard, axis=0, weights=weights)
    coefficients = elastic_net(
        standard - middle, target - intercept, alpha=net.alpha, l1_ratio=net.l1_ratio, weights=weights
    )
    return Line(centre, scale, intercept - float(middle @ coefficients), coefficients)
