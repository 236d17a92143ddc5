"""Detectors: how unusual is the newest figure, given those before it?

Each takes counts (flows, periods), NaN where nothing was reported, and gives scores of the same shape: larger is more
unusual *upwards*. A collapse is a surge of what is mirrored: ask with ``direction`` −1. All are causal: the score of a
period uses that period and earlier ones. NaN where too little is known. L = log(1 + y).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from corredor.science.foresight.methods.features import lagged, rolling
from corredor.science.foresight.quantiles import Array

Direction = Literal[1, -1]
Detector = Callable[[Array, Direction], Array]

WINDOW = 7  # periods of an EARS baseline
CALMEST_ROOT = 0.5  # the spread of √y when y is Poisson
CALMEST_LOG = 0.1
CALMEST_CUBE_ROOT = 0.25
LOOKED_BACK_UPON = 24  # periods from which usual moves are learnt
FARRINGTON_WINDOW = 36
OUTBREAK = 2.58  # a past residual beyond this is taken for an earlier outbreak and counts less
HAZARD = 1 / 36  # a change of regime every three years
LONGEST_RUN = 60


def ears(values: Array, direction: Direction, *, lag: int, calmest: Array | float) -> Array:
    """(x_t − mean) / sd of the 7 values that end ``lag`` + 1 periods before (Hutwagner et al. 2003: C1 lag 0, C2 lag 2)."""
    before = lagged(values, lag + 1)
    middle = rolling(before, WINDOW, "nanmean", fewest=5)
    spread = np.sqrt(rolling(before, WINDOW, "nanvar", fewest=5) * WINDOW / (WINDOW - 1))
    return direction * (values - middle) / np.maximum(spread, calmest)


def ears_c1_root(counts: Array, direction: Direction) -> Array:
    """EARS-C1 on √y: the newest figure against the seven before it."""
    return ears(np.sqrt(counts), direction, lag=0, calmest=CALMEST_ROOT)


def ears_c1_log(counts: Array, direction: Direction) -> Array:
    """EARS-C1 on log(1 + y)."""
    return ears(np.log1p(counts), direction, lag=0, calmest=CALMEST_LOG)


def ears_c2_log(counts: Array, direction: Direction) -> Array:
    """EARS-C2 on log(1 + y): two periods stand between, so that a slow rise does not hide itself in its baseline."""
    return ears(np.log1p(counts), direction, lag=2, calmest=CALMEST_LOG)


def walk_z(counts: Array, direction: Direction) -> Array:
    """z = dx_t / √(mean of (dx)² over the 24 periods before), x = y^⅓: the acceleration light."""
    change = np.cbrt(counts) - lagged(np.cbrt(counts), 1)
    usual = np.sqrt(rolling(lagged(change, 1) ** 2, LOOKED_BACK_UPON, "nanmean", fewest=6))
    return direction * change / np.maximum(usual, CALMEST_CUBE_ROOT)


def cusum(counts: Array, direction: Direction, *, memory: float = 0.3, slack: float = 0.5) -> Array:
    """S_t = max(0, S_{t−1} + z_t − 0.5), z the residual of L from its moving average (weight 0.3), within ± 4 (Page 1954).

    z is in units of the residuals' spread over the 24 periods before. A period not reported leaves S as it was.
    """
    level = np.log1p(counts)
    residual = np.full_like(level, np.nan)
    middle = level[:, 0].copy()
    for t in range(1, level.shape[1]):
        residual[:, t] = level[:, t] - middle
        moved = np.where(np.isnan(middle), level[:, t], middle + memory * (level[:, t] - middle))
        middle = np.where(np.isnan(level[:, t]), middle, moved)
    spread = np.sqrt(rolling(lagged(residual, 1) ** 2, LOOKED_BACK_UPON, "nanmean", fewest=6))
    score = np.clip(direction * residual / np.maximum(spread, CALMEST_LOG), -4.0, 4.0)
    total, sums = np.zeros(len(level)), np.full_like(level, np.nan)
    for t in range(level.shape[1]):
        known = ~np.isnan(score[:, t])
        total = np.where(known, np.maximum(0.0, total + np.nan_to_num(score[:, t]) - slack), total)
        sums[known, t] = total[known]
    return sums


def farrington(counts: Array, direction: Direction) -> Array:
    """The newest figure against a quasi-Poisson trend through the 36 before it, earlier outbreaks weighed down.

    log μ = a + b t by reweighted least squares, φ the dispersion; z = (3/2)(y^⅔ − μ^⅔) / √(μ^⅓ (φ + μ v)) with v the
    variance of the fitted trend at t (after Farrington et al. 1996, Noufaily et al. 2013; no season: 36 months carry none).
    """
    flows, periods = counts.shape
    scores = np.full((flows, periods), np.nan)
    for t in range(12, periods):
        window = counts[:, max(0, t - FARRINGTON_WINDOW) : t]
        enough = (np.sum(~np.isnan(window), axis=1) >= 12) & ~np.isnan(counts[:, t])
        if enough.any():
            scores[enough, t] = direction * _against_trend(window[enough], counts[enough, t])
    return scores


def _against_trend(window: Array, newest: Array) -> Array:
    known = ~np.isnan(window)
    y = np.where(known, window, 0.0)
    time = np.arange(-window.shape[1], 0) + 0.5 * window.shape[1]
    ahead = 0.5 * window.shape[1]
    weight = known.astype(float)
    mean, dispersion, a_and_b = _trend(y, time, weight)
    residual = 1.5 * (y ** (2 / 3) - mean ** (2 / 3)) / np.sqrt(dispersion[:, None] * mean ** (1 / 3))
    weight = weight * np.where(residual > OUTBREAK, (OUTBREAK / np.maximum(residual, OUTBREAK)) ** 2, 1.0)
    mean, dispersion, a_and_b = _trend(y, time, weight)
    expected = np.exp(np.clip(a_and_b[0] + a_and_b[1] * ahead, -3.0, 14.0))
    expected = np.clip(expected, 0.5, 3.0 * np.maximum(np.max(y, axis=1), 1.0))
    information = _moments(weight * mean / dispersion[:, None], time)
    determinant = np.maximum(information[0] * information[2] - information[1] ** 2, 1e-9)
    variance = (information[2] - 2 * ahead * information[1] + ahead**2 * information[0]) / determinant
    spread = np.sqrt(expected ** (1 / 3) * (dispersion + expected * variance))
    return 1.5 * (newest ** (2 / 3) - expected ** (2 / 3)) / spread


def _moments(weight: Array, time: Array) -> tuple[Array, Array, Array]:
    return weight.sum(axis=1), weight @ time, weight @ time**2


def _trend(y: Array, time: Array, weight: Array) -> tuple[Array, Array, tuple[Array, Array]]:
    """μ (n, window), φ ≥ 1 (n,) and (a, b) of log μ = a + b·time, by eight steps of reweighted least squares."""
    a = np.log(np.maximum(np.sum(weight * y, axis=1) / np.maximum(weight.sum(axis=1), 1e-9), 0.3))
    b = np.zeros(len(y))
    for _ in range(8):
        mean = np.exp(np.clip(a[:, None] + b[:, None] * time, -3.0, 14.0))
        working = np.log(mean) + (y - mean) / mean
        zero, one, two = _moments(weight * mean, time)
        of_y, of_ty = np.sum(weight * mean * working, axis=1), (weight * mean * working) @ time
        determinant = np.maximum(zero * two - one**2, 1e-9)
        a, b = (two * of_y - one * of_ty) / determinant, (zero * of_ty - one * of_y) / determinant
        b = np.clip(b, -0.3, 0.3)
    mean = np.exp(np.clip(a[:, None] + b[:, None] * time, -3.0, 14.0))
    spread = np.sum(weight * (y - mean) ** 2 / mean, axis=1) / np.maximum(weight.sum(axis=1) - 2, 1.0)
    return mean, np.maximum(spread, 1.0), (a, b)


def change_point(counts: Array, direction: Direction) -> Array:
    """Log-odds that the level changed in this period or the one before, counted only when it moved our way.

    Bayesian online change-point detection (Adams & MacKay 2007) on L: Normal values of unknown mean and variance,
    Student-t predictive, a change every 36 periods on average, runs of up to 60. Prior: mean the first value
    but worth a tenth of a value, shape 1, spread 0.3.
    """
    level = np.log1p(counts)
    return np.stack([_log_odds_of_change(row, direction) for row in level])


def _log_odds_of_change(row: Array, direction: Direction) -> Array:
    odds = np.full(len(row), np.nan)
    known = np.flatnonzero(~np.isnan(row))
    if len(known) < 2:
        return odds
    prior = np.array([row[known[0]], 0.1, 1.0, 0.09])  # mean, pseudo-values, shape, scale
    states, chances = prior[None, :], np.ones(1)
    for t in known:
        heard = np.exp(log_student(row[t], states))
        grown, fresh = chances * heard * (1 - HAZARD), float(np.sum(chances * heard)) * HAZARD
        chances = np.concatenate([[fresh], grown])[:LONGEST_RUN]
        chances = chances / chances.sum()
        settled = float(states[:, 0] @ (states[:, 1] > 6)) / max(float(np.sum(states[:, 1] > 6)), 1.0)
        states = np.concatenate([prior[None, :], _learnt(states, row[t])])[:LONGEST_RUN]
        recent = float(np.clip(chances[:3].sum(), 1e-6, 1 - 1e-6))
        ours = np.sign(row[t] - settled) == direction if len(states) > 6 else False
        odds[t] = np.log(recent / (1 - recent)) if ours else np.log(1e-6)
    return odds


def log_student(value: float, states: Array) -> Array:
    mean, number, shape, scale = states.T
    width = scale * (number + 1) / (shape * number)
    squared = (value - mean) ** 2 / (2 * shape * width)
    return (
        _log_gamma_ratio(shape) - 0.5 * np.log(2 * np.pi * shape * width) - (shape + 0.5) * np.log1p(squared)
    )


def _log_gamma_ratio(shape: Array) -> Array:
    """log Γ(a + ½) − log Γ(a) by Stirling's series, good to 0.001 from a = 1 on."""
    return 0.5 * np.log(shape) - 1 / (8 * shape) + 1 / (192 * shape**3)


def _learnt(states: Array, value: float) -> Array:
    mean, number, shape, scale = states.T
    return np.column_stack(
        [
            (number * mean + value) / (number + 1),
            number + 1,
            shape + 0.5,
            scale + number * (value - mean) ** 2 / (2 * (number + 1)),
        ]
    )


DETECTORS: Mapping[str, Detector] = {
    "ears_c1_root": ears_c1_root,
    "ears_c1_log": ears_c1_log,
    "ears_c2_log": ears_c2_log,
    "farrington": farrington,
    "cusum": cusum,
    "walk_z": walk_z,
    "change_point": change_point,
}
