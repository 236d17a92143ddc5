"""What an early warning is held against: episodes named afterwards, alarms counted, false ones paid for.

Labels (protocol §4), from the series alone, b the mean of the six periods before i: a **surge** begins where
y_i ≥ 1.4 b, the mean of y_i … y_{i+2} ≥ 1.75 b and exceeds b by max(200, 2 % of the series' maximum); it lasts until
y < 1.4 b or nine periods. A **collapse** begins where y_i ≤ 0.7 b, the mean ≤ 0.5 b, with the same size rule, and
lasts until y > 0.7 b or nine periods. The next one may begin two periods after the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corredor.science.foresight.quantiles import Array
from corredor.science.foresight.warning.detectors import Direction

BEFORE, LOOKED_AT, LONGEST, APART = 6, 3, 9, 2  # periods
LEAST_CHANGE, SHARE_OF_MAXIMUM = 200.0, 0.02
QUIET = 2  # periods without alarm that close a run
EARLY, LATE = 1, 3  # an alarm so many periods before or after the onset has found it
SOON = 1
FEWEST_KNOWN = 4  # of the six periods before
ONSET_RATIOS: dict[Direction, tuple[float, float]] = {1: (1.4, 1.75), -1: (0.7, 0.5)}


@dataclass(frozen=True, slots=True)
class Episode:
    """A surge or a collapse as seen afterwards: columns of its first and its last period."""

    onset: int
    end: int

    @property
    def span(self) -> range:
        """Where an alarm is not false: from one period before the onset to its end, or three after the onset."""
        return range(self.onset - EARLY, max(self.end, self.onset + LATE) + 1)


def episodes_of(counts: Array, direction: Direction) -> tuple[Episode, ...]:
    """The episodes of one series (periods,), oldest first. They need what came after: labels, never inputs."""
    found: list[Episode] = []
    i = BEFORE
    largest = float(np.nanmax(counts)) if np.any(~np.isnan(counts)) else 0.0
    least = max(LEAST_CHANGE, SHARE_OF_MAXIMUM * largest)
    while i + LOOKED_AT <= len(counts):
        base = _base(counts[i - BEFORE : i])
        if _begins(counts[i : i + LOOKED_AT], base, least, direction):
            end = _end(counts, i, base, direction)
            found.append(Episode(i, end))
            i = end + APART
        else:
            i += 1
    return tuple(found)


def _base(before: Array) -> float:
    known = before[~np.isnan(before)]
    return float(known.mean()) if len(known) >= FEWEST_KNOWN else float("nan")


def _begins(first: Array, base: float, least: float, direction: Direction) -> bool:
    at_once, sustained = ONSET_RATIOS[direction]
    if np.isnan(base) or np.isnan(first).any():
        return False
    mean = float(first.mean())
    return bool(
        direction * (first[0] - at_once * base) >= 0
        and direction * (mean - sustained * base) >= 0
        and direction * (mean - base) >= least
    )


def _end(counts: Array, onset: int, base: float, direction: Direction) -> int:
    at_once, _ = ONSET_RATIOS[direction]
    for later in range(onset + 1, min(onset + LONGEST, len(counts))):
        if not direction * (counts[later] - at_once * base) >= 0:
            return later - 1
    return min(onset + LONGEST, len(counts)) - 1


def starts_of(on: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Columns where a run of alarms begins: on, with the two periods before quiet. One series (periods,)."""
    before = np.concatenate([np.zeros(QUIET, dtype=bool), on])
    quiet = ~np.any([before[k : k + len(on)] for k in range(QUIET)], axis=0)
    return np.flatnonzero(on & quiet)


@dataclass(frozen=True, slots=True)
class Record:
    """How a detector did at one threshold: every past call counted, the false ones included."""

    threshold: float
    episodes: int
    found: int  # an alarm between one period before the onset and three after
    found_soon: int  # … and one after
    mean_delay: float | None  # periods from onset to the first alarm that found it
    alarms: int
    false_alarms: int
    series_years: float

    @property
    def found_share(self) -> float:
        return self.found / self.episodes if self.episodes else float("nan")

    @property
    def found_soon_share(self) -> float:
        return self.found_soon / self.episodes if self.episodes else float("nan")

    @property
    def false_per_year(self) -> float:
        return self.false_alarms / self.series_years if self.series_years else float("nan")

    @property
    def precision(self) -> float:
        """The share of alarms that were not false."""
        return 1 - self.false_alarms / self.alarms if self.alarms else float("nan")


@dataclass(frozen=True)
class Watched:
    """Series watched over some columns, with the episodes known afterwards."""

    episodes: Sequence[Sequence[Episode]]
    columns: range
    series_years: float

    @classmethod
    def over(
        cls, counts: Array, direction: Direction, columns: range, *, periods_a_year: int = 12
    ) -> Watched:
        """Label every series of (flows, periods); judged only inside the columns."""
        known = ~np.isnan(counts[:, columns.start : columns.stop])
        return cls(
            [episodes_of(row, direction) for row in counts], columns, float(known.sum()) / periods_a_year
        )

    def record(self, scores: Array, threshold: float) -> Record:
        """Alarm where a score passes the threshold; see the module for what counts as found and as false."""
        episodes = found = soon = alarms = false = 0
        delays: list[int] = []
        for row, mine in zip(scores, self.episodes, strict=True):
            starts = starts_of(np.nan_to_num(row, nan=-np.inf) > threshold)
            starts = starts[(starts >= self.columns.start) & (starts < self.columns.stop)]
            alarms += len(starts)
            false += sum(not any(start in one.span for one in mine) for start in starts)
            for one in mine:
                if one.onset not in self.columns:
                    continue
                episodes += 1
                hits = starts[(starts >= one.onset - EARLY) & (starts <= one.onset + LATE)]
                if len(hits):
                    found += 1
                    delays.append(int(hits[0]) - one.onset)
                    soon += delays[-1] <= SOON
        delay = float(np.mean(delays)) if delays else None
        return Record(threshold, episodes, found, soon, delay, alarms, false, self.series_years)

    def at_budget(self, scores: Array, budget: float, *, steps: int = 120) -> Record:
        """The record at the threshold that finds most within a budget of false alarms per series-year.

        Thresholds are tried at quantiles of the scores, from the middle to the top; of equals the stricter is taken.
        Too low a threshold is no cheat: one endless run of alarms finds nothing.
        """
        inside = scores[:, self.columns.start : self.columns.stop]
        heard = inside[np.isfinite(inside)]
        if not len(heard):
            raise ValueError("there is no score inside the columns to choose a threshold from")
        tried = np.unique(np.quantile(heard, 1 - np.geomspace(0.001, 0.6, steps)))
        records = [self.record(scores, float(threshold)) for threshold in tried]
        allowed = [one for one in records if one.false_per_year <= budget]
        return max(allowed, key=lambda one: (one.found, one.threshold)) if allowed else records[-1]
