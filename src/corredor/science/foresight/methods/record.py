"""A method's own past: what it would have said at earlier origins, and what then happened.

Everything is worked out from one history, so nothing later than its last period can enter.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from corredor.science.foresight.method import Fitted, Method
from corredor.science.foresight.methods.features import volatility
from corredor.science.foresight.panel import CLASSES, Panel, classes_of, mean_of_last
from corredor.science.foresight.quantiles import Array

WINDOW = 30  # origins looked back upon
SETTLED = 36  # periods a panel must hold before an origin counts: earlier forecasts were apprentice's work
FEWEST_PERIODS = 12  # reported counts a flow needs before its forecasts are held against it
TOTAL_ROWS_COUNT = 8.0  # totals learn from MAIN flows too; their own rows weigh this much more


@dataclass(frozen=True)
class _Said:
    """What was predicted once is not worked out again."""

    quantiles: Array

    def predict(self, horizons: int) -> Array:
        if horizons > self.quantiles.shape[1]:
            raise ValueError(f"only {self.quantiles.shape[1]} periods ahead are remembered, not {horizons}")
        return np.asarray(self.quantiles[:, :horizons])


@dataclass(frozen=True, eq=False)
class Remembered:
    """A method that keeps what it said for each history it was given, found again by the history's digest."""

    method: Method
    horizons: int = 6
    _said: dict[str, Array] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return self.method.name

    def fit(self, history: Panel) -> Fitted:
        if history.digest not in self._said:
            self._said[history.digest] = self.method.fit(history).predict(self.horizons)
        return _Said(self._said[history.digest])


@dataclass(frozen=True)
class Record:
    """Past forecasts with the outcomes known by the end of the history; origins first, newest last."""

    quantiles: Array  # (origins, flows, horizons, 23)
    outcomes: Array  # (origins, flows, horizons), NaN while unresolved
    classes: np.ndarray  # (origins, flows), as CLASSES numbers them
    volatility: Array  # (origins, flows)
    sizes: Array  # (origins, flows), as size_of measures them
    age: Array  # (origins,) periods before the history's last
    usable: np.ndarray  # (origins, flows)

    def weights(self, flow_class: int, horizon: int, forgetting: float) -> Array:
        """How much each past forecast (origins, flows) teaches about a class at a horizon; zero for most.

        forgetting^age for the flows that were of the class at that origin; totals also learn from MAIN flows.
        """
        weight = np.where(self.classes == flow_class, 1.0, 0.0)
        if CLASSES[flow_class] == "TOTAL":
            weight = TOTAL_ROWS_COUNT * weight + (self.classes == CLASSES.index("MAIN"))
        resolved = ~np.isnan(self.outcomes[:, :, horizon]) & ~np.isnan(self.quantiles[:, :, horizon, 0])
        return np.asarray(weight * resolved * self.usable * (forgetting**self.age)[:, None])


def class_numbers(history: Panel) -> np.ndarray:
    """The class of each flow as its place in CLASSES."""
    return np.array([CLASSES.index(flow_class) for flow_class in classes_of(history)])


def size_of(history: Panel) -> Array:
    """log(1 + mean of the last 12 periods) of each flow; zero where nothing was reported."""
    return np.log1p(np.nan_to_num(mean_of_last(history.counts, 12)))


def record_of(method: Method, history: Panel, horizons: int, window: int = WINDOW) -> Record | None:
    """What the method would have said at the last ``window`` origins that are resolved at least one period ahead."""
    periods = history.counts.shape[1]
    origins = range(max(SETTLED, periods - 1 - window), periods - 1)
    if len(origins) == 0:
        return None
    spread = volatility(history.counts)
    said, happened, classes, sizes, usable = [], [], [], [], []
    for origin in origins:
        then = history.until(history.start + origin)
        said.append(method.fit(then).predict(horizons))
        happened.append(np.stack([history.at(then.last + h) for h in range(1, horizons + 1)], axis=1))
        classes.append(class_numbers(then))
        sizes.append(size_of(then))
        usable.append(np.sum(~np.isnan(then.counts), axis=1) >= FEWEST_PERIODS)
    return Record(
        np.stack(said),
        np.stack(happened),
        np.stack(classes),
        spread[:, list(origins)].T,
        np.stack(sizes),
        periods - 1.0 - np.array(origins),
        np.stack(usable),
    )


def weighted_quantiles(values: Array, weights: Array, levels: Array) -> Array:
    """Quantiles of weighted values: each value stands at the middle of its own weight, straight lines between.

    ``weights`` (n,) or, for several answers at once, (k, n); returns (k, levels), one row for each row of weights.
    """
    order = np.argsort(values, kind="stable")
    values, weights = values[order], np.atleast_2d(weights)[:, order]
    reached = (np.cumsum(weights, axis=1) - weights / 2) / np.sum(weights, axis=1, keepdims=True)
    return np.stack([np.interp(levels, row, values) for row in reached])
