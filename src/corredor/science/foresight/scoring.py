"""How good a forecast was: small functions that take outcomes and quantiles and give one number per forecast.

Shapes: ``quantiles`` (…, 23) at the standard levels, ``observed`` (…). Lower is better, but for coverage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from corredor.science.foresight.quantiles import LEVELS, MEDIAN, Array, index_of

ScoreScale = Literal["natural", "log"]


def pinball(observed: ArrayLike, quantiles: ArrayLike, levels: ArrayLike = LEVELS) -> Array:
    """Pinball loss at each level: (y − q)·τ when y ≥ q, (q − y)·(1 − τ) otherwise (Koenker & Bassett 1978)."""
    miss = np.asarray(observed, dtype=float)[..., None] - np.asarray(quantiles, dtype=float)
    levels = np.asarray(levels, dtype=float)
    return np.maximum(levels * miss, (levels - 1.0) * miss)


def wis(observed: ArrayLike, quantiles: ArrayLike, scale: ScoreScale = "natural") -> Array:
    """Weighted interval score: twice the mean pinball loss over the levels (equals Bracher et al. 2021).

    On the ``log`` scale both sides are first turned into log(1 + y) (Bosse et al. 2023).
    """
    observed, quantiles = np.asarray(observed, dtype=float), np.asarray(quantiles, dtype=float)
    if scale == "log":
        observed, quantiles = np.log1p(observed), np.log1p(quantiles)
    return np.asarray(2.0 * pinball(observed, quantiles).mean(axis=-1))


def covered(observed: ArrayLike, quantiles: Array, percent: int) -> np.ndarray:
    """Whether the central interval (50, 80, 90, 95 …) holds the outcome, ends included."""
    observed = np.asarray(observed, dtype=float)
    tail = (1 - percent / 100) / 2
    low, high = quantiles[..., index_of(tail)], quantiles[..., index_of(1 - tail)]
    return np.asarray((low <= observed) & (observed <= high))


def absolute_error(observed: ArrayLike, quantiles: Array) -> Array:
    """Distance between the outcome and the forecast's median; its mean is the MAE."""
    return np.abs(np.asarray(observed, dtype=float) - quantiles[..., MEDIAN])


def relative(scores: ArrayLike, reference: ArrayLike) -> float:
    """Mean score over the reference's mean score on the same rows: below 1 is better than the reference.

    NaN when there is nothing to compare or the reference was perfect.
    """
    scores, reference = np.asarray(scores, dtype=float), np.asarray(reference, dtype=float)
    if scores.shape != reference.shape:
        raise ValueError("a relative score needs both models on the same rows")
    below = float(np.sum(reference))
    return float(np.sum(scores)) / below if below > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Interval:
    """A range with the share of the evidence it holds."""

    low: float
    high: float
    percent: int


def bootstrap_ratio(
    scores: ArrayLike,
    reference: ArrayLike,
    origins: ArrayLike,
    *,
    rng: np.random.Generator,
    block: int = 6,
    draws: int = 1000,
    percent: int = 90,
) -> Interval:
    """Circular block bootstrap over origins of the relative score (Politis & Romano 1992).

    Origins next to one another share their outcomes, so whole runs of ``block`` origins are drawn together, the
    last origin followed by the first. ``origins`` names the origin of each row in calendar order.
    """
    scores, reference = np.asarray(scores, dtype=float), np.asarray(reference, dtype=float)
    _, position = np.unique(np.asarray(origins), return_inverse=True)
    count = int(position.max()) + 1
    above = np.bincount(position, weights=scores, minlength=count)
    below = np.bincount(position, weights=reference, minlength=count)
    starts = rng.integers(0, count, size=(draws, -(-count // block)))
    drawn = ((starts[:, :, None] + np.arange(block)) % count).reshape(draws, -1)[:, :count]
    ratios = above[drawn].sum(axis=1) / np.maximum(below[drawn].sum(axis=1), 1e-300)
    low, high = np.percentile(ratios, [(100 - percent) / 2, (100 + percent) / 2])
    return Interval(float(low), float(high), percent)


def average_precision(happened: ArrayLike, chances: ArrayLike) -> float:
    """Mean precision over the events, taken from the highest chance down (ties together); NaN without events."""
    happened, chances = np.asarray(happened, dtype=bool), np.asarray(chances, dtype=float)
    if not happened.any():
        return float("nan")
    order = np.argsort(-chances, kind="stable")
    hits, ranked = np.cumsum(happened[order]), chances[order]
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    precision = hits[ends] / (ends + 1)
    gained = np.diff(np.concatenate([[0], hits[ends]]))
    return float(np.sum(precision * gained) / hits[-1])


def brier_skill(happened: ArrayLike, chances: ArrayLike) -> float:
    """1 − Brier score / Brier score of always saying the base rate (Brier 1950); NaN when all or none happened."""
    happened, chances = np.asarray(happened, dtype=float), np.asarray(chances, dtype=float)
    climate = float(np.mean((happened.mean() - happened) ** 2)) if happened.size else 0.0
    return 1.0 - float(np.mean((chances - happened) ** 2)) / climate if climate > 0 else float("nan")
