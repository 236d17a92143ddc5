"""What is known about a flow at a period: its own past and that of its neighbours along the corridor.

All features are causal: those of period t use counts up to t only. L = log(1 + y), dL its change in one period.
Unknown values are NaN.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from corredor.science.foresight.panel import TOTAL, Flow, Panel
from corredor.science.foresight.quantiles import Array

CALMEST, WILDEST = 0.08, 1.6
SEASON = {"M": 12, "W": 52, "D": 7}


@dataclass(frozen=True)
class Features:
    """``values[i, t, k]`` is feature ``names[k]`` of flow i at period t; ``level`` is L."""

    names: tuple[str, ...]
    values: Array
    level: Array


def lagged(values: Array, periods: int) -> Array:
    """Each row as it was some periods ago; NaN before its beginning. Negative looks nowhere: it is refused."""
    if periods < 0:
        raise ValueError("a feature may not look ahead")
    earlier = np.full_like(values, np.nan)
    earlier[:, periods:] = values[:, : max(values.shape[1] - periods, 0)]
    return earlier


def rolling(values: Array, periods: int, summary: str, fewest: int | None = None) -> Array:
    """nanmean, nanmax, nanmin or nanvar of the last ``periods`` values of each row.

    NaN where fewer than ``fewest`` (half of them unless said) are known.
    """
    padded = np.concatenate([np.full((len(values), periods - 1), np.nan), values], axis=1)
    windows = sliding_window_view(padded, periods, axis=1)
    known = np.sum(~np.isnan(windows), axis=2)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # windows with nothing known become NaN, as they should
        result = getattr(np, summary)(windows, axis=2)
    return np.where(known >= (periods / 2 if fewest is None else fewest), result, np.nan)


def volatility(counts: Array) -> Array:
    """s = √(0.6 var₆(dL) + 0.4 var₁₂(dL)), held between 0.08 and 1.6; the wildest where nothing is known."""
    level = np.log1p(counts)
    change = level - lagged(level, 1)
    recent, longer = rolling(change, 6, "nanvar"), rolling(change, 12, "nanvar")
    recent, longer = np.where(np.isnan(recent), longer, recent), np.where(np.isnan(longer), recent, longer)
    spread = np.sqrt(0.6 * recent + 0.4 * longer)
    return np.clip(np.where(np.isnan(spread), WILDEST, spread), CALMEST, WILDEST)


def features_of(panel: Panel) -> Features:
    """The features of foresight's corridor models for every flow and period."""
    level = np.log1p(panel.counts)
    own = _own(panel, level)
    corridor = _corridor(panel, level)
    table = {**own, **corridor, **_calendar(panel)}
    return Features(tuple(table), np.stack(list(table.values()), axis=2), level)


def _own(panel: Panel, level: Array) -> dict[str, Array]:
    change = level - lagged(level, 1)
    season = SEASON[panel.start.frequency]
    table = {"level": level, **{f"change_{k}": lagged(change, k) for k in range(3)}}
    for k in (3, 6, 12):
        table[f"gap_to_mean_{k}"] = level - np.log1p(rolling(panel.counts, k, "nanmean"))
    table["gap_to_max_12"] = level - rolling(level, 12, "nanmax")
    table["gap_to_max_24"] = level - rolling(level, 24, "nanmax")
    table["gap_to_min_24"] = level - rolling(level, 24, "nanmin")
    for k in (6, 12):
        table[f"spread_{k}"] = np.sqrt(rolling(change, k, "nanvar"))
    table["year_on_year"] = level - lagged(level, season)
    table["share_of_zeros"] = rolling(np.where(np.isnan(level), np.nan, level == 0.0), 12, "nanmean")
    for h in (1, 3):
        table[f"last_year_step_{h}"] = lagged(level, season - h) - lagged(level, season)
    for k in (3, 6):
        table[f"momentum_{k}"] = level - lagged(level, k)
    return table


def _signals(panel: Panel, level: Array) -> dict[str, Array]:
    return {
        "change": level - lagged(level, 1),
        "gap": level - np.log1p(rolling(panel.counts, 6, "nanmean")),
        "momentum": level - lagged(level, 3),
        "level": level,
    }


def _corridor(panel: Panel, level: Array) -> dict[str, Array]:
    """The same nationality one and two nodes upstream and one downstream; the totals here and upstream."""
    signals = _signals(panel, level)
    table = {}
    for name, away in (("upstream_1", -1), ("upstream_2", -2), ("downstream_1", 1)):
        rows = _neighbours(panel, away, same_nationality=True)
        for signal, values in signals.items():
            table[f"{name}_{signal}"] = _taken(values, rows)
    for name, away in (("node_total", 0), ("upstream_total", -1)):
        rows = _neighbours(panel, away, same_nationality=False)
        for signal in ("change", "gap", "momentum"):
            table[f"{name}_{signal}"] = _taken(signals[signal], rows)
    return table


def _neighbours(panel: Panel, away: int, *, same_nationality: bool) -> list[int | None]:
    """For each flow the row of its neighbour so many nodes down the chain, None when there is none."""
    row_of = {flow: row for row, flow in enumerate(panel.flows)}
    return [row_of.get(_neighbour(panel, flow, away, same_nationality)) for flow in panel.flows]


def _neighbour(panel: Panel, flow: Flow, away: int, same_nationality: bool) -> Flow:
    nationality = flow.nationality if same_nationality else TOTAL
    if away == 0:
        return Flow(flow.node, nationality)
    place = panel.chain.index(flow.node) + away if flow.node in panel.chain else -1
    return Flow(panel.chain[place] if 0 <= place < len(panel.chain) else "", nationality)


def _taken(values: Array, rows: list[int | None]) -> Array:
    taken = np.full_like(values, np.nan)
    for row, source in enumerate(rows):
        if source is not None:
            taken[row] = values[source]
    return taken


def _calendar(panel: Panel) -> dict[str, Array]:
    flows, periods = panel.counts.shape
    season = SEASON[panel.start.frequency]
    turn = 2 * np.pi * ((panel.start.ordinal + np.arange(periods)) % season) / season
    table = {
        "season_sine": np.broadcast_to(np.sin(turn), (flows, periods)),
        "season_cosine": np.broadcast_to(np.cos(turn), (flows, periods)),
        "is_total": np.broadcast_to(panel.is_total[:, None].astype(float), (flows, periods)),
    }
    for node in sorted({flow.node for flow in panel.flows}):
        here = np.array([flow.node == node for flow in panel.flows], dtype=float)
        table[f"node_{node}"] = np.broadcast_to(here[:, None], (flows, periods))
    return table
