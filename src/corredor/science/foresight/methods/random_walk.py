"""The two forecasts every other must beat: the last value, and the random walk on the cube-root scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from corredor.science.foresight.panel import Panel
from corredor.science.foresight.quantiles import PROBITS, Array, as_quantiles

Scale = Literal["natural", "cube root"]


@dataclass(frozen=True)
class FittedWalk:
    """A random walk per flow: where it stands, how far it moves in a period, how long it has not been heard of."""

    level: Array  # on the walk's scale
    step: Array  # standard deviation of one period's move
    age: Array  # periods since the last reported count
    scale: Scale

    def predict(self, horizons: int) -> Array:
        ahead = self.age[:, None] + np.arange(1, horizons + 1)
        spread = self.step[:, None] * np.sqrt(ahead)
        values = self.level[:, None, None] + spread[:, :, None] * PROBITS
        values = np.maximum(values, 0.0)
        return as_quantiles(values**3 if self.scale == "cube root" else values)


@dataclass(frozen=True)
class RandomWalk:
    """x_{t+h} ~ Normal(x_t, h σ²) with x the count or its cube root, and σ² the mean of (x_t − x_{t−1})².

    Over a gap of g periods the squared move is divided by g. Needs two reported counts; else NaN.
    """

    name: str
    scale: Scale

    def fit(self, history: Panel) -> FittedWalk:
        values = np.cbrt(history.counts) if self.scale == "cube root" else history.counts
        fitted = np.array([_walk_of(row) for row in values])
        level, step, age = fitted.T
        return FittedWalk(level, step, age, self.scale)


def _walk_of(row: Array) -> tuple[float, float, float]:
    """Level, step and age of one row."""
    reported = np.flatnonzero(~np.isnan(row))
    if len(reported) < 2:
        return np.nan, np.nan, np.nan
    moves = np.diff(row[reported]) ** 2 / np.diff(reported)
    return row[reported[-1]], float(np.sqrt(np.mean(moves))), float(len(row) - 1 - reported[-1])


LAST_VALUE = RandomWalk("last_value", "natural")
CUBE_ROOT_WALK = RandomWalk("cube_root_walk", "cube root")
