"""The surveillance light: a logistic regression that listens to all detectors at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.science.foresight.methods.features import lagged, rolling
from corredor.science.foresight.quantiles import Array
from corredor.science.foresight.warning.alarms import (
    BEFORE,
    EARLY,
    FEWEST_KNOWN,
    LEAST_CHANGE,
    LONGEST,
    ONSET_RATIOS,
    SHARE_OF_MAXIMUM,
    Watched,
)
from corredor.science.foresight.warning.detectors import DETECTORS, Direction

STRENGTH = 0.3  # C of the usual notation: one over the penalty on squared weights
WILDEST = 8.0  # a detector's score beyond this says nothing more
TAUGHT_AFTER = 2  # periods past the onset in which the light should be on
FEWEST_EPISODES = 20  # below which no stack is trained


@dataclass(frozen=True)
class Logistic:
    """P(event) = 1 / (1 + exp(−(a + z·w))), z the inputs standardised, unknown = average."""

    centre: Array
    scale: Array
    intercept: float
    weights: Array

    def log_odds(self, inputs: Array) -> Array:
        """(…, k) → (…); only what is known speaks."""
        return np.asarray(self.intercept + np.nan_to_num((inputs - self.centre) / self.scale) @ self.weights)

    def chance(self, inputs: Array) -> Array:
        return 1.0 / (1.0 + np.exp(-self.log_odds(inputs)))


def fit_logistic(inputs: Array, happened: Array, *, strength: float = STRENGTH) -> Logistic:
    """Minimise ½|w|² + C Σ log-loss by Newton's method; the intercept is not penalised (Hastie et al. 2009, §4.4).

    ``inputs`` (n, k), NaN where unknown; ``happened`` (n,) 0 or 1.
    """
    centre, scale = np.nanmean(inputs, axis=0), np.nanstd(inputs, axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    table = np.column_stack([np.ones(len(inputs)), np.nan_to_num((inputs - centre) / scale)])
    penalty = np.eye(table.shape[1]) / strength
    penalty[0, 0] = 0.0
    weights = np.zeros(table.shape[1])
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (chance - happened) + penalty @ weights
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + penalty + 1e-9 * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.max(np.abs(step)) < 1e-8:
            break
    return Logistic(centre, scale, float(weights[0]), weights[1:])


def inputs_of(counts: Array, direction: Direction) -> Array:
    """What the stack hears (flows, periods, inputs), all of it known at the period.

    The seven scores now and a period ago; the gap of L to the extreme of 24 periods; L; then how far the definition of an
    onset already holds, b the mean of the six periods before: log(y / b), the rise over the least that counts
    (max(200, 2 % of the maximum so far)), and the smaller of the two, against the sustained and against the first ratio
    of the definition, now and a period ago.
    """
    level = np.log1p(counts)
    scores = [np.clip(detect(counts, direction), -WILDEST, WILDEST) for detect in DETECTORS.values()]
    gap = level - rolling(level, 24, "nanmax" if direction == 1 else "nanmin", fewest=6)
    ratio, rise = _towards_an_onset(counts, direction)
    at_once, sustained = (abs(np.log(r)) for r in ONSET_RATIOS[direction])
    lasting = np.clip(np.minimum(ratio / sustained, rise), -3.0, 3.0)
    beginning = np.clip(np.minimum(ratio / at_once, rise), -1.0, 1.0)
    held = [lasting, lagged(lasting, 1), beginning, lagged(beginning, 1)]
    before = [lagged(score, 1) for score in scores]
    return np.stack(
        [*scores, *before, gap, level, np.clip(ratio, -3.0, 3.0), np.arcsinh(rise), *held], axis=2
    )


def _towards_an_onset(counts: Array, direction: Direction) -> tuple[Array, Array]:
    """log((y + 1) / (b + 1)) and (y − b) / least change that counts, both positive in the light's direction."""
    base = rolling(lagged(counts, 1), BEFORE, "nanmean", fewest=FEWEST_KNOWN)
    largest = np.maximum.accumulate(np.nan_to_num(counts), axis=1)
    least = np.maximum(LEAST_CHANGE, SHARE_OF_MAXIMUM * largest)
    return direction * np.log((counts + 1) / (base + 1)), direction * (counts - base) / least


@dataclass(frozen=True)
class Stack:
    """The trained light for one direction."""

    direction: Direction
    logistic: Logistic

    def scores(self, counts: Array) -> Array:
        """Log-odds that an episode is beginning, (flows, periods); NaN where nothing was reported."""
        odds = self.logistic.log_odds(inputs_of(counts, self.direction))
        return np.where(np.isnan(counts), np.nan, odds)


def train_stack(counts: Array, direction: Direction, columns: range) -> Stack | None:
    """Learn from the columns which scores precede or accompany onsets: one period before to two after.

    Months inside an episode but past its beginning are neither event nor quiet, and are left out. The last nine
    columns of the span, the longest an episode stays open, teach nothing: their labels are not settled.
    None with fewer than 20 episodes.
    """
    watched = Watched.over(counts[:, : columns.stop], direction, columns)
    happened = np.zeros(counts[:, : columns.stop].shape)
    taught = np.zeros(happened.shape, dtype=bool)
    taught[:, columns.start : max(columns.stop - LONGEST, columns.start)] = True
    taught &= ~np.isnan(counts[:, : columns.stop])
    number = 0
    for row, mine in enumerate(watched.episodes):
        for one in mine:
            number += one.onset in columns
            taught[row, max(one.onset + TAUGHT_AFTER + 1, 0) : one.end + 1] = False
            happened[row, max(one.onset - EARLY, 0) : one.onset + TAUGHT_AFTER + 1] = 1.0
    if number < FEWEST_EPISODES:
        return None
    inputs = inputs_of(counts[:, : columns.stop], direction)
    return Stack(direction, fit_logistic(inputs[taught], happened[taught]))
