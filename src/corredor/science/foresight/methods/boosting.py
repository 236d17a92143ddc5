"""Boosted trees for the whole corridor: one gradient-boosting model a level, learnt from all flows and horizons.

LightGBM is imported when a model is trained, not before: whoever only reads forecasts never loads it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from corredor.science.foresight.methods.elastic_net import HEADROOM
from corredor.science.foresight.methods.features import Features, features_of, rolling, volatility
from corredor.science.foresight.panel import Panel
from corredor.science.foresight.quantiles import LEVELS, PROBITS, Array, as_quantiles, index_of

if TYPE_CHECKING:
    import lightgbm

LEARNT_LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
LARGEST_CHANGE = 3.0  # in log(1 + y), as in the corridor net
FEWEST_ROWS = 2000  # flow-period-horizons, below which no trees are grown
LONGEST_HORIZON = 6  # periods ahead the trees are taught
OUR_SEED = (
    20261123  # which rows and features each tree is shown: fixed, so that equal histories give equal trees
)


@dataclass(frozen=True)
class Trees:
    """The trained models, one a learnt level."""

    models: tuple[lightgbm.Booster, ...]

    def predict(self, table: Array) -> Array:
        """(rows, learnt levels), not falling along the levels, on the scale that was learnt."""
        return np.sort(
            np.stack([np.asarray(m.predict(table, num_threads=1)) for m in self.models], axis=1), axis=1
        )


@dataclass(frozen=True)
class FittedTrees:
    """Trees trained some periods ago, asked about today."""

    history: Panel
    trees: Trees | None

    def predict(self, horizons: int) -> Array:
        flows = len(self.history.flows)
        if self.trees is None:
            return np.full((flows, horizons, len(LEVELS)), np.nan)
        features = features_of(self.history)
        level, scale = features.level[:, -1], _unit(self.history)[:, -1]
        known = np.where(np.isnan(features.level), 0.0, features.level)
        top = known.max(axis=1) + HEADROOM
        said = np.full((flows, horizons, len(LEVELS)), np.nan)
        for step in range(min(horizons, LONGEST_HORIZON)):
            h = step + 1
            now = np.column_stack([features.values[:, -1], np.full(flows, float(h))])
            change = self.trees.predict(now) * (scale * np.sqrt(h))[:, None]
            ahead = np.clip(level[:, None] + change, 0.0, top[:, None])
            said[:, step] = all_levels(np.expm1(ahead))
        return as_quantiles(said)


@dataclass(frozen=True, eq=False)
class CorridorTrees:
    """Quantiles of L_{t+h} − L_t, in units of s √h, by gradient boosting on the corridor's features.

    L = log(1 + y), s the flow's volatility; one LightGBM model for each of seven levels (pinball loss), h among the
    features; the 23 levels by straight lines on the normal-score axis of the cube root. Trained on what was known at
    the last period whose ordinal is divisible by ``every``; between, only asked. What was trained is kept by the
    history's digest. A flow whose last count is not reported gets NaN, and so does a horizon beyond 6.
    """

    name: str = "corridor_trees"
    every: int = 3
    rounds: int = 60
    forgetting: float = 0.985
    threads: int = 2
    _trained: dict[str, Trees | None] = field(default_factory=dict, repr=False)

    def fit(self, history: Panel) -> FittedTrees:
        taught_until = history.last + -(history.last.ordinal % self.every)
        if taught_until.ordinal < history.start.ordinal:
            return FittedTrees(history, None)
        past = history.until(taught_until)
        if past.digest not in self._trained:
            self._trained[past.digest] = self._train(past)
        return FittedTrees(history, self._trained[past.digest])

    def _train(self, past: Panel) -> Trees | None:
        table, target, weight = lessons(past, self.forgetting)
        if len(target) < FEWEST_ROWS:
            return None
        import lightgbm

        data = lightgbm.Dataset(table, target, weight=weight, params=_AT_HAND).construct()
        # One level a thread: LightGBM's own threads wait for one another at every split, ours never.
        with ThreadPoolExecutor(self.threads) as hands:
            models = hands.map(
                lambda level: lightgbm.train(self._settings(level), data, num_boost_round=self.rounds),
                LEARNT_LEVELS,
            )
            return Trees(tuple(models))

    def _settings(self, level: float) -> dict[str, Any]:
        return {
            **_AT_HAND,
            "objective": "quantile",
            "alpha": level,
            "learning_rate": 0.16,
            "num_leaves": 14,
            "min_data_in_leaf": 250,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.6,
            "bagging_freq": 1,
            "lambda_l2": 5.0,
        }


_AT_HAND: dict[str, Any] = {
    "max_bin": 63,
    "seed": OUR_SEED,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


def lessons(past: Panel, forgetting: float) -> tuple[Array, Array, Array]:
    """What the trees are taught: one row a flow, period and horizon whose outcome lies within the past.

    Features and the horizon (n, k + 1); the change in units of s √h (n,), clipped at ± 3 in log; weights (n,):
    log(1 + mean of 12 periods) held between 0.5 and 6, times forgetting^age, and threefold for totals. Flow-periods
    with a mean below one person are left out: they teach only zeros.
    """
    features = features_of(past)
    means = np.nan_to_num(rolling(past.counts, 12, "nanmean", fewest=1))
    size = np.clip(np.log1p(means), 0.5, 6.0) * np.where(past.is_total, 3.0, 1.0)[:, None]
    unit = _unit(past)
    tables, targets, weights = [], [], []
    for h in range(1, min(LONGEST_HORIZON, features.level.shape[1] - 1) + 1):
        change = features.level[:, h:] - features.level[:, :-h]
        flows, periods = np.nonzero(~np.isnan(change) & (means[:, :-h] >= 1.0))
        moved = np.clip(change[flows, periods], -LARGEST_CHANGE, LARGEST_CHANGE)
        age = features.level.shape[1] - 1 - h - periods
        tables.append(np.column_stack([_rows(features, flows, periods), np.full(len(flows), float(h))]))
        targets.append(moved / (unit[flows, periods] * np.sqrt(h)))
        weights.append(size[flows, periods] * forgetting**age)
    if not tables:
        return np.empty((0, 1)), np.empty(0), np.empty(0)
    return np.concatenate(tables), np.concatenate(targets), np.concatenate(weights)


def _rows(features: Features, flows: np.ndarray, periods: np.ndarray) -> Array:
    return np.asarray(features.values[flows, periods], dtype=np.float32)


def _unit(panel: Panel) -> Array:
    """How far a flow is wont to move in a period: √(s² + 1 / (1 + mean of 12)); a small count moves by chance alone."""
    means = np.nan_to_num(rolling(panel.counts, 12, "nanmean", fewest=1))
    return np.sqrt(volatility(panel.counts) ** 2 + 1.0 / (1.0 + means))


_LEARNT_SCORES = PROBITS[[index_of(level) for level in LEARNT_LEVELS]]


def all_levels(learnt: Array) -> Array:
    """From the seven learnt levels (n, 7) to the 23, by straight lines on the normal-score axis of the cube root."""
    roots = np.cbrt(learnt)
    left = np.clip(np.searchsorted(_LEARNT_SCORES, PROBITS, side="right") - 1, 0, len(_LEARNT_SCORES) - 2)
    share = (PROBITS - _LEARNT_SCORES[left]) / (_LEARNT_SCORES[left + 1] - _LEARNT_SCORES[left])
    return np.maximum(roots[:, left] + share * (roots[:, left + 1] - roots[:, left]), 0.0) ** 3
