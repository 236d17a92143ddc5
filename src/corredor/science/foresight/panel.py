"""Flows side by side: one row a flow, one column a period, NaN where nothing was reported."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from corredor.science.foresight.quantiles import Array
from corredor.science.series import Observation, ObservedSeries, Period, SeriesRefused

TOTAL = "ALL"  # the nationality of a node's total, as in the flows area
CORRIDOR = ("DAR", "HND", "MEX", "USA")  # from south to north

FlowClass = Literal["TOTAL", "MAIN", "MID", "SPARSE", "RARE"]
CLASSES: tuple[FlowClass, ...] = ("TOTAL", "MAIN", "MID", "SPARSE", "RARE")


@dataclass(frozen=True, slots=True, order=True)
class Flow:
    """Whom is counted where: a node (gate or country) and a nationality, ``ALL`` for the node's total."""

    node: str
    nationality: str = TOTAL

    @property
    def is_total(self) -> bool:
        return self.nationality == TOTAL

    def __str__(self) -> str:
        return f"{self.node} · {self.nationality}"


@dataclass(frozen=True, eq=False)
class Panel:
    """Counts of many flows over the same periods: ``counts[i, t]`` is flow i in period ``start + t``.

    Natural counts, none negative; NaN is *not reported*, which is not zero. ``chain`` names the nodes people pass one
    after another, upstream first; a node outside it has no neighbours.
    """

    flows: tuple[Flow, ...]
    start: Period
    counts: Array
    chain: tuple[str, ...] = CORRIDOR

    def __post_init__(self) -> None:
        counts = np.array(self.counts, dtype=float)
        if counts.ndim != 2 or len(counts) != len(self.flows):
            raise ValueError("counts need one row for each flow")
        if len(set(self.flows)) != len(self.flows):
            raise ValueError("a flow stands twice in the panel")
        if np.any(counts < 0) or np.any(np.isinf(counts)):
            raise ValueError("counts are finite and not negative")
        counts.setflags(write=False)
        object.__setattr__(self, "counts", counts)

    @classmethod
    def of(cls, series: ObservedSeries) -> Panel:
        """A panel of one flow."""
        start, counts = series.counts()
        return cls((Flow(series.name),), start, counts[None, :])

    @classmethod
    def of_many(cls, series: Mapping[Flow, ObservedSeries]) -> Panel:
        """The series on one calendar, from the earliest to the latest whole period known of any."""
        read = {flow: one.counts() for flow, one in series.items()}
        start = min(first for first, _ in read.values())
        end = max(first + len(counts) for first, counts in read.values())
        table = np.full((len(read), end - start), np.nan)
        for row, (first, counts) in zip(table, read.values(), strict=True):
            row[first - start : first - start + len(counts)] = counts
        return cls(tuple(read), start, table)

    @property
    def last(self) -> Period:
        return self.start + (self.counts.shape[1] - 1)

    @property
    def is_total(self) -> np.ndarray:
        return np.array([flow.is_total for flow in self.flows], dtype=bool)

    @cached_property
    def digest(self) -> str:
        """Names what is in the panel: equal digests, equal contents."""
        names = "|".join([str(self.start), *self.chain, *map(str, self.flows)])
        return hashlib.sha256(names.encode() + self.counts.tobytes()).hexdigest()

    def until(self, period: Period) -> Panel:
        """What the panel holds up to a period, that period included; nothing later can be reached from it."""
        return Panel(self.flows, self.start, self.counts[:, : period - self.start + 1], self.chain)

    def at(self, period: Period) -> Array:
        """The counts of one period; NaN for all when it lies outside the panel."""
        column = period - self.start
        if not 0 <= column < self.counts.shape[1]:
            return np.full(len(self.flows), np.nan)
        return np.asarray(self.counts[:, column])

    def renamed(self, nationality: str, to: str) -> Panel:
        """The panel with one nationality booked under another code; where both were reported they are summed."""
        rows: dict[Flow, Array] = {}
        for flow, counts in zip(self.flows, self.counts, strict=True):
            known_as = Flow(flow.node, to) if flow.nationality == nationality else flow
            before = rows.get(known_as, np.full_like(counts, np.nan))
            unreported = np.isnan(before) & np.isnan(counts)
            rows[known_as] = np.where(unreported, np.nan, np.nan_to_num(before) + np.nan_to_num(counts))
        return Panel(tuple(rows), self.start, np.array(list(rows.values())), self.chain)


def mean_of_last(counts: Array, periods: int) -> Array:
    """The mean of the reported counts among the last periods of each row; NaN when none was reported."""
    recent = counts[:, -periods:]
    reported = np.sum(~np.isnan(recent), axis=1)
    return np.where(reported > 0, np.nansum(recent, axis=1) / np.maximum(reported, 1), np.nan)


def classes_of(history: Panel) -> Sequence[FlowClass]:
    """The class of each flow by the mean of its last 12 periods: MAIN ≥ 50, MID ≥ 10, SPARSE ≥ 1, else RARE."""
    means = mean_of_last(history.counts, 12)
    return [
        "TOTAL" if flow.is_total else _class_of_mean(mean)
        for flow, mean in zip(history.flows, means, strict=True)
    ]


def _class_of_mean(mean: float) -> FlowClass:
    if mean >= 50:
        return "MAIN"
    if mean >= 10:
        return "MID"
    return "SPARSE" if mean >= 1 else "RARE"


@dataclass(frozen=True, slots=True)
class Count:
    """One line of a long table: node, nationality (``ALL`` for a stated total), month, value."""

    node: str
    nationality: str
    period: Period
    value: float


def panel_of_counts(
    counts: Iterable[Count], *, since: Mapping[str, Period] | None = None, chain: tuple[str, ...] = CORRIDOR
) -> Panel:
    """A panel from a long table, by the rules of the protocol.

    Between a node's first and last period a nationality without a line counts zero, and a period without any line
    at the node was not reported. The total of a node is what it states (``ALL``), else the sum of its nationalities.
    ``since`` drops a node's earlier periods. Nodes are never added to one another.

    Refuses (SeriesRefused): ``empty``, ``duplicated-period`` (a flow stated twice for one period), ``negative``,
    ``not-a-count``, ``impossible``, ``mixed-frequencies``.
    """
    since = since or {}
    kept = [c for c in counts if c.node not in since or c.period.ordinal >= since[c.node].ordinal]
    by_flow: dict[Flow, list[Observation]] = {}
    for count in kept:
        observation = Observation(count.period, count.value)
        by_flow.setdefault(Flow(count.node, count.nationality), []).append(observation)
    if not by_flow:
        raise SeriesRefused("empty", "The table has no figures.", "La tabla no tiene cifras.")
    frequency = kept[0].period.frequency
    checked = {flow: ObservedSeries(str(flow), frequency, tuple(by_flow[flow])) for flow in sorted(by_flow)}

    start = min(c.period for c in kept)
    columns = max(c.period for c in kept) - start + 1
    rows: dict[Flow, Array] = {}
    for node in sorted({flow.node for flow in checked}):
        rows |= _rows_of_node({f: s for f, s in checked.items() if f.node == node}, start, columns)
    return Panel(tuple(rows), start, np.array(list(rows.values())), chain)


def _rows_of_node(node: Mapping[Flow, ObservedSeries], start: Period, columns: int) -> dict[Flow, Array]:
    reported = np.zeros(columns, dtype=bool)
    for series in node.values():
        reported[[period - start for period in series.latest]] = True
    rows = {}
    for flow, series in node.items():
        rows[flow] = np.where(reported, 0.0, np.nan)
        for period, observation in series.latest.items():
            rows[flow][period - start] = observation.count
    total = Flow(next(iter(node)).node)
    if total not in rows:
        rows[total] = np.sum(list(rows.values()), axis=0)
    return rows
