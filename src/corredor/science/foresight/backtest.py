"""Judge methods on the past: at every origin forecast with what was known, then score against what happened.

Follows the protocol of docs/methods/foresight-protocol.md: class of each flow decided at the origin, models compared
on exactly the same rows, everything relative to the cube-root random walk and to the last value. Gives plain data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corredor.science.foresight.method import Method
from corredor.science.foresight.methods.random_walk import CUBE_ROOT_WALK, LAST_VALUE
from corredor.science.foresight.panel import CLASSES, Panel, classes_of, mean_of_last
from corredor.science.foresight.quantiles import Array, chance_above
from corredor.science.foresight.scoring import (
    absolute_error,
    average_precision,
    bootstrap_ratio,
    brier_skill,
    covered,
    relative,
    wis,
)
from corredor.science.series import Period

SCORED = CLASSES[:4]  # RARE flows are forecast, not scored
SURGE_RATIO, SURGE_RISE = 1.5, 100.0
Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Window:
    """A run of origins looked at on its own, ends included."""

    name: str
    first: Period
    last: Period


FIRST_ORIGIN, LAST_ORIGIN = Period.month(2022, 7), Period.month(2025, 3)
WINDOWS = (
    Window("development", FIRST_ORIGIN, Period.month(2023, 12)),
    Window("regime", Period.month(2024, 1), LAST_ORIGIN),
)


def months(first: Period, last: Period) -> tuple[Period, ...]:
    """Every period from the first to the last, both included."""
    return tuple(first + step for step in range(last - first + 1))


@dataclass(frozen=True)
class Outcomes:
    """One row per flow, origin and horizon whose outcome is known; every array has one entry a row."""

    origin: NDArray[np.int64]  # ordinal of the origin
    horizon: NDArray[np.int64]
    node: NDArray[np.str_]
    flow_class: NDArray[np.str_]
    observed: Array
    recent: Array  # mean of the last three counts at the origin


def outcomes_of(panel: Panel, origins: Sequence[Period], horizons: int) -> Outcomes:
    """The rows to be scored, origin by origin, horizon by horizon, flow by flow."""
    columns: dict[str, list[Any]] = {name: [] for name in Outcomes.__annotations__}
    nodes = np.array([flow.node for flow in panel.flows])
    for origin in origins:
        history = panel.until(origin)
        classes, recent = np.array(classes_of(history)), mean_of_last(history.counts, 3)
        for h in range(1, horizons + 1):
            observed = panel.at(origin + h)
            count = len(observed)
            columns["origin"].append(np.full(count, origin.ordinal))
            columns["horizon"].append(np.full(count, h))
            columns["node"].append(nodes)
            columns["flow_class"].append(classes)
            columns["observed"].append(observed)
            columns["recent"].append(recent)
    return Outcomes(**{name: np.concatenate(parts) for name, parts in columns.items()})


def forecasts_of(method: Method, panel: Panel, origins: Sequence[Period], horizons: int) -> Array:
    """The method's quantiles in the row order of ``outcomes_of``: (rows, 23). At each origin it sees no later count."""
    said = [method.fit(panel.until(origin)).predict(horizons) for origin in origins]
    return np.concatenate(
        [quantiles.transpose(1, 0, 2).reshape(-1, quantiles.shape[2]) for quantiles in said]
    )


def backtest(
    panel: Panel,
    methods: Iterable[Method],
    *,
    issued: str,
    rng: np.random.Generator,
    origins: Sequence[Period] | None = None,
    horizons: int = 6,
    windows: Sequence[Window] = WINDOWS,
) -> dict[str, Any]:
    """Score methods on a panel; plain data, ready to print as JSON.

    ``{reference, issued, origins: [first, last], horizons, classes: {MAIN: {n, rwis_log, rwis_natural,
    rwis_log_interval, rwis_natural_interval, wis_log, wis_natural, last_value: {rwis_log, rwis_natural}, mae_ratio,
    coverage: {"50", "80", "95"}, surge_ap, horizons: {…}, windows: {…}, nodes: {…}}, TOTAL: …}, models: {NAME: the
    same as classes}, surge: {NAME: {"1", "1-3", "4-6": {n, base_rate, average_precision, brier_skill}}}}``.

    ``rwis`` is against the cube-root random walk on the same rows; the intervals hold 90 % of a block bootstrap over
    origins. ``issued`` names the method whose figures stand under ``classes``. Both references are always among the
    models. Origins default to the protocol's, as far as the panel reaches. A figure that does not exist is None.
    """
    origins = _within(panel, months(FIRST_ORIGIN, LAST_ORIGIN) if origins is None else origins)
    if not origins:
        raise ValueError("no origin lies inside the panel with an outcome after it")
    outcomes = outcomes_of(panel, origins, horizons)
    named = {m.name: m for m in (CUBE_ROOT_WALK, LAST_VALUE, *methods)}
    if issued not in named:
        raise ValueError(f"{issued} is not among the methods: {', '.join(named)}")
    said = {name: forecasts_of(method, panel, origins, horizons) for name, method in named.items()}
    judge = _Judge(outcomes, said[CUBE_ROOT_WALK.name], said[LAST_VALUE.name], tuple(windows), rng)
    models = {name: judge.classes(quantiles) for name, quantiles in said.items()}
    return {
        "reference": CUBE_ROOT_WALK.name,
        "issued": issued,
        "origins": [origins[0].label, origins[-1].label],
        "horizons": horizons,
        "classes": models[issued],
        "models": models,
        "surge": {name: judge.surge(quantiles) for name, quantiles in said.items()},
    }


def _within(panel: Panel, origins: Sequence[Period]) -> tuple[Period, ...]:
    return tuple(o for o in origins if panel.start.ordinal <= o.ordinal < panel.last.ordinal)


@dataclass(frozen=True)
class _Judge:
    outcomes: Outcomes
    walk: Array
    last_value: Array
    windows: tuple[Window, ...]
    rng: np.random.Generator

    def classes(self, quantiles: Array) -> dict[str, Any]:
        """The full entry of each class that has any row."""
        entries: dict[str, Any] = {}
        for flow_class in SCORED:
            rows = self._comparable(quantiles) & (self.outcomes.flow_class == flow_class)
            if rows.any():
                entries[flow_class] = self._entry(quantiles, rows) | self._parts(quantiles, rows)
        return entries

    def surge(self, quantiles: Array) -> dict[str, Any]:
        """Surge as a forecast, over totals and MAIN flows."""
        large = np.isin(self.outcomes.flow_class, ("TOTAL", "MAIN")) & self._comparable(quantiles)
        ahead = {"1": (1, 1), "1-3": (1, 3), "4-6": (4, 6)}
        return {name: self._surge(quantiles, large & self._horizons(*span)) for name, span in ahead.items()}

    def _comparable(self, quantiles: Array) -> Rows:
        known = ~np.isnan(self.outcomes.observed)
        return known & np.all(
            np.isfinite(quantiles) & np.isfinite(self.walk) & np.isfinite(self.last_value), axis=1
        )

    def _horizons(self, first: int, last: int) -> Rows:
        return (self.outcomes.horizon >= first) & (self.outcomes.horizon <= last)

    def _scores(self, quantiles: Array, rows: Rows) -> dict[str, Array]:
        observed = self.outcomes.observed[rows]
        return {
            "log": wis(observed, quantiles[rows], "log"),
            "natural": wis(observed, quantiles[rows]),
            "error": absolute_error(observed, quantiles[rows]),
        }

    def _entry(self, quantiles: Array, rows: Rows) -> dict[str, Any]:
        own, walk = self._scores(quantiles, rows), self._scores(self.walk, rows)
        last_value = self._scores(self.last_value, rows)
        origins = self.outcomes.origin[rows]
        log_interval = bootstrap_ratio(own["log"], walk["log"], origins, rng=self.rng)
        natural_interval = bootstrap_ratio(own["natural"], walk["natural"], origins, rng=self.rng)
        return {
            "n": int(rows.sum()),
            "rwis_log": _plain(relative(own["log"], walk["log"])),
            "rwis_natural": _plain(relative(own["natural"], walk["natural"])),
            "rwis_log_interval": [_plain(log_interval.low), _plain(log_interval.high)],
            "rwis_natural_interval": [_plain(natural_interval.low), _plain(natural_interval.high)],
            "wis_log": _plain(own["log"].mean()),
            "wis_natural": _plain(own["natural"].mean()),
            "last_value": {
                "rwis_log": _plain(relative(own["log"], last_value["log"])),
                "rwis_natural": _plain(relative(own["natural"], last_value["natural"])),
            },
            "mae_ratio": _plain(relative(own["error"], walk["error"])),
            "coverage": self._coverage(quantiles, rows),
            "surge_ap": self._surge(quantiles, rows & self._horizons(1, 3))["average_precision"],
        }

    def _parts(self, quantiles: Array, rows: Rows) -> dict[str, Any]:
        outcomes = self.outcomes
        horizons = {str(h): outcomes.horizon == h for h in np.unique(outcomes.horizon)}
        windows = {
            w.name: (outcomes.origin >= w.first.ordinal) & (outcomes.origin <= w.last.ordinal)
            for w in self.windows
        }
        nodes = {str(node): outcomes.node == node for node in np.unique(outcomes.node)}
        return {
            "horizons": self._table(quantiles, rows, horizons),
            "windows": self._table(quantiles, rows, windows),
            "nodes": self._table(quantiles, rows, nodes),
        }

    def _table(self, quantiles: Array, rows: Rows, parts: Mapping[str, Rows]) -> dict[str, Any]:
        return {
            name: self._brief(quantiles, rows & part) for name, part in parts.items() if np.any(rows & part)
        }

    def _brief(self, quantiles: Array, rows: Rows) -> dict[str, Any]:
        own, walk = self._scores(quantiles, rows), self._scores(self.walk, rows)
        return {
            "n": int(rows.sum()),
            "rwis_log": _plain(relative(own["log"], walk["log"])),
            "rwis_natural": _plain(relative(own["natural"], walk["natural"])),
            "coverage": self._coverage(quantiles, rows),
        }

    def _coverage(self, quantiles: Array, rows: Rows) -> dict[str, float | None]:
        observed = self.outcomes.observed[rows]
        return {str(p): _plain(100 * covered(observed, quantiles[rows], p).mean()) for p in (50, 80, 95)}

    def _surge(self, quantiles: Array, rows: Rows) -> dict[str, Any]:
        rows = rows & np.isfinite(self.outcomes.recent)
        recent, observed = self.outcomes.recent[rows], self.outcomes.observed[rows]
        threshold = np.maximum(SURGE_RATIO * recent, recent + SURGE_RISE)
        happened, chances = observed >= threshold, chance_above(threshold, quantiles[rows])
        return {
            "n": int(rows.sum()),
            "base_rate": _plain(happened.mean()) if rows.any() else None,
            "average_precision": _plain(average_precision(happened, chances)),
            "brier_skill": _plain(brier_skill(happened, chances)),
        }


def _plain(number: float) -> float | None:
    """A number JSON can carry, to six digits; None for what does not exist."""
    return float(f"{float(number):.6g}") if np.isfinite(number) else None
