"""What to doubt in a series: gaps, sums that differ, part periods, unusual changes, late reports. Nothing is repaired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from corredor.areas.flows.rules import periods

LEAST_HISTORY = 8  # changes needed before one can be called unusual
LONGEST_HISTORY = 24
UNUSUAL = 4.0  # robust standard deviations
LEAST_LAGS = 3
_MAD_TO_SIGMA = 1.4826


def gaps(known: Sequence[date], frequency: str) -> list[date]:
    """Periods without a figure between the first and the last."""
    if not known:
        return []
    have = set(known)
    return [period for period in periods.between(min(known), max(known), frequency) if period not in have]


def unusual_change(values: Sequence[int]) -> float | None:
    """How unusual the last change is, in robust standard deviations; None when it is not, or history is too short.

    Counts c_1 … c_n; x_t = c_t^(1/3), which steadies the variance of counts and bears zeros; d_t = x_t - x_{t-1}.
    z = (d_n - median d) / max(1.4826 · median|d - median d|, 0.05 · x_{n-1}, 0.15) over the LONGEST_HISTORY changes
    before the last (Hampel's identifier: Davies and Gather, JASA 88, 1993). The floors keep a very quiet or very small
    series from calling every step unusual.
    """
    roots = [value ** (1 / 3) for value in values[-LONGEST_HISTORY - 2 :]]
    changes = [later - earlier for earlier, later in pairwise(roots)]
    if len(changes) <= LEAST_HISTORY:
        return None
    *before, last = changes
    middle = median(before)
    spread = _MAD_TO_SIGMA * median(abs(change - middle) for change in before)
    z = (last - middle) / max(spread, 0.05 * roots[-2], 0.15)
    return z if abs(z) > UNUSUAL else None


def usual_lag(lags: Sequence[int]) -> int | None:
    """Days a source usually takes from the end of a period to its figure: the median of the last twelve."""
    return round(median(lags[-12:])) if len(lags) >= LEAST_LAGS else None


def is_late(last_known: date, frequency: str, lag: int | None, today: date) -> bool:
    """Whether the next period's figure is awaited for longer than this source usually takes, with half as much grace."""
    if lag is None:
        return False
    next_end = periods.last_day_of(periods.shifted(last_known, frequency, 1), frequency)
    return today > next_end + timedelta(days=lag + max(7, lag // 2))


def sum_difference(stated: int | None, summed: int | None) -> int:
    """How far the sum of the parts is from the stated total; 0 when either is not known."""
    return 0 if stated is None or summed is None else summed - stated
