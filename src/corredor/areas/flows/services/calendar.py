"""Periods in columns: days since 1970-01-01, many at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_MONTHS = {"M": 1, "Q": 3, "Y": 12}


def month_starts(days: Ints) -> Ints:
    """The first day of the month of each day."""
    return _from_months(_months(days))


def last_days(starts: Ints, frequency: NDArray[Any]) -> Ints:
    """The last day of each period, given its first day and its frequency."""
    ends = starts.astype(np.int64)
    ends = np.where(frequency == "W", ends + 6, ends)
    for code, months in _MONTHS.items():
        chosen = frequency == code
        if chosen.any():
            ends[chosen] = _from_months(_months(starts[chosen]) + months) - 1
    return ends


def _months(days: Ints) -> NDArray[Any]:
    return days.astype("datetime64[D]").astype("datetime64[M]")


def _from_months(months: NDArray[Any]) -> Ints:
    return months.astype("datetime64[D]").astype(np.int64)
