"""The 23 standard quantiles, and the small algebra every method shares.

A predictive distribution is an array whose last axis holds its value at LEVELS: natural counts, never negative,
never falling. Between levels it is read on the normal-score axis: the value is interpolated linearly against
z = Φ⁻¹(level), and the outermost two levels continue as straight tails.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LEVELS: Array = np.array([0.01, 0.025, *(k / 20 for k in range(1, 20)), 0.975, 0.99])
MEDIAN = 11  # index of level 0.5
FARTHEST_SCORE = 5.0  # a normal score beyond this says nothing more

_NORMAL = NormalDist()
PROBITS: Array = np.array([_NORMAL.inv_cdf(level) for level in LEVELS])
_HALF_PROBITS: Array = np.array([_NORMAL.inv_cdf(level / 2) for level in LEVELS])
_UPPER_HALF_PROBITS: Array = -_HALF_PROBITS[::-1]

LEVELS.setflags(write=False)
PROBITS.setflags(write=False)


def as_quantiles(values: ArrayLike) -> Array:
    """The values made a legal distribution: floored at zero and sorted along the last axis; read-only."""
    quantiles = np.sort(np.maximum(np.asarray(values, dtype=float), 0.0), axis=-1)
    quantiles.setflags(write=False)
    return quantiles


def index_of(level: float) -> int:
    """Where a level stands among LEVELS; raises ValueError when it is not one of the 23."""
    position = int(np.argmin(np.abs(LEVELS - level)))
    if abs(LEVELS[position] - level) > 1e-9:
        raise ValueError(f"{level} is not one of the 23 standard levels")
    return position


def cube_root_mean(*distributions: Array) -> Array:
    """Average distributions level by level on the cube-root scale: ((Σ q^⅓)/k)³."""
    return as_quantiles(np.mean([np.cbrt(q) for q in distributions], axis=0) ** 3)


def widen(quantiles: Array, factor: float) -> Array:
    """Stretch about the median on the cube-root scale: (m^⅓ + factor·(q^⅓ − m^⅓))³."""
    roots = np.cbrt(quantiles)
    middle = roots[..., MEDIAN : MEDIAN + 1]
    return as_quantiles(np.maximum(middle + factor * (roots - middle), 0.0) ** 3)


def at_scores(quantiles: Array, scores: ArrayLike) -> Array:
    """Read distributions (…, 23) at the normal scores z, shape (…, k), interpolating on the cube-root scale."""
    roots = np.cbrt(quantiles)
    scores = np.asarray(scores, dtype=float)
    left = np.clip(np.searchsorted(PROBITS, scores, side="right") - 1, 0, len(PROBITS) - 2)
    left = np.broadcast_to(left, (*roots.shape[:-1], scores.shape[-1]))
    low, high = np.take_along_axis(roots, left, -1), np.take_along_axis(roots, left + 1, -1)
    share = (scores - PROBITS[left]) / (PROBITS[left + 1] - PROBITS[left])
    return np.asarray(np.maximum(low + share * (high - low), 0.0) ** 3)


def normal_scores(outcomes: ArrayLike, quantiles: Array) -> Array:
    """The normal score z of each outcome under its forecast: Φ(z) is the chance the forecast gave to less.

    ``outcomes`` has the shape of ``quantiles`` without its last axis; NaN stays NaN. Read on the cube-root scale.
    Where several levels share the outcome's value (zeros, mostly), z is the middle of what they span.
    """
    roots = np.cbrt(quantiles)
    values = np.cbrt(np.asarray(outcomes, dtype=float))[..., None]
    below = np.sum(roots < values, axis=-1)
    upto = np.sum(roots <= values, axis=-1)
    scores = np.where(upto > below, _middle_of_ties(below, upto), _between(roots, values, below))
    scores = np.clip(scores, -FARTHEST_SCORE, FARTHEST_SCORE)
    return np.where(np.isnan(values[..., 0]), np.nan, scores)


def _middle_of_ties(below: NDArray[np.int64], upto: NDArray[np.int64]) -> Array:
    last = len(LEVELS) - 1
    first_tied, last_tied = np.clip(below, 0, last), np.clip(upto - 1, 0, last)
    middle = (PROBITS[first_tied] + PROBITS[last_tied]) / 2
    several = upto - below > 1
    middle = np.where((below == 0) & several, _HALF_PROBITS[last_tied], middle)
    middle = np.where((upto == last + 1) & several, _UPPER_HALF_PROBITS[first_tied], middle)
    everything = (below == 0) & (upto == last + 1)
    return np.asarray(np.where(everything, 0.0, middle))


def _between(roots: Array, values: Array, below: NDArray[np.int64]) -> Array:
    left = np.clip(below - 1, 0, len(LEVELS) - 2)[..., None]
    low = np.take_along_axis(roots, left, -1)
    step = np.maximum(np.take_along_axis(roots, left + 1, -1) - low, 1e-9)
    share = (values - low) / step
    return np.asarray((PROBITS[left] + share * (PROBITS[left + 1] - PROBITS[left]))[..., 0])


def chance_above(thresholds: ArrayLike, quantiles: Array) -> Array:
    """The chance each forecast (…, 23) gives to a count of at least its threshold.

    Read on the normal-score axis of log(1 + y) with linear tails, as the surge scores of the protocol are.
    """
    logs = np.log1p(quantiles)
    values = np.log1p(np.maximum(np.asarray(thresholds, dtype=float), 0.0))[..., None]
    below = np.sum(logs < values, axis=-1)
    scores = np.clip(_between(logs, values, below), -FARTHEST_SCORE, FARTHEST_SCORE)
    chances = np.vectorize(lambda score: 1.0 - _NORMAL.cdf(score), otypes=[float])(scores)
    return np.asarray(np.where(values[..., 0] <= 0.0, 1.0, chances))
