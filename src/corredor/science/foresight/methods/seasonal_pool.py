"""For weekly and daily counts with a season: what was counted lately, and at this time in past years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.science.foresight.methods.features import SEASON
from corredor.science.foresight.methods.record import weighted_quantiles
from corredor.science.foresight.panel import Panel
from corredor.science.foresight.quantiles import LEVELS, Array, as_quantiles

FEWEST_VALUES = 8


@dataclass(frozen=True)
class FittedPool:
    history: Panel
    pool: SeasonalPool

    def predict(self, horizons: int) -> Array:
        counts = self.history.counts
        said = np.full((len(counts), horizons, len(LEVELS)), np.nan)
        for row, values in enumerate(counts):
            for step in range(horizons):
                said[row, step] = self._quantiles(values, len(values) + step)
        return as_quantiles(said)

    def _quantiles(self, values: Array, target: int) -> Array:
        """Of one flow for the column ``target``, which lies beyond the last."""
        season = SEASON[self.history.start.frequency]
        lately = np.arange(max(0, len(values) - self.pool.lately), len(values))
        near = [
            target - year * season + off
            for year in range(1, target // season + 1)
            for off in range(-self.pool.around, self.pool.around + 1)
        ]
        then = np.array([column for column in near if 0 <= column < len(values)], dtype=int)
        columns = np.concatenate([lately, then])
        weights = np.concatenate(
            [
                np.full(len(lately), 1 / max(len(lately), 1)),
                np.full(len(then), self.pool.weight_of_past / max(len(then), 1)),
            ]
        )
        known = ~np.isnan(values[columns])
        if known.sum() < FEWEST_VALUES:
            return np.full(len(LEVELS), np.nan)
        roots = np.cbrt(values[columns[known]])
        return weighted_quantiles(roots, weights[known], LEVELS)[0] ** 3


@dataclass(frozen=True)
class SeasonalPool:
    """The weighted empirical distribution of the last 8 periods and of those around the target in past years.

    Both halves weigh the same; around means two periods to either side. NaN with fewer than 8 values. For counts whose
    zeros and bursts no smooth law describes, such as crossings by sea.
    """

    name: str = "seasonal_pool"
    lately: int = 8
    around: int = 2
    weight_of_past: float = 1.0

    def fit(self, history: Panel) -> FittedPool:
        return FittedPool(history, self)
