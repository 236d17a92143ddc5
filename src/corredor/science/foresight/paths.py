"""Sample paths: many possible futures of all flows together, so that every sum agrees with its parts.

Draw z = √ρ z₀ + √(1 − ρ) e for each flow, z₀ shared by the flows of a node; both are Brownian motions read at horizon
h and divided by √h, so that neighbouring months move together as a random walk's do. Each z is read on its flow's
quantiles: the margins stay what was forecast. Paths hold whole people; what is published of an aggregate is the
quantiles of the paths' sums, coherent by construction (Wilks's ensemble copula idea; protocol §3.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from corredor.science.foresight.panel import Flow
from corredor.science.foresight.quantiles import LEVELS, MEDIAN, Array, as_quantiles, at_scores

USUAL_DEPENDENCE = 0.35  # towards which a measured one is drawn half-way
FEWEST_ORIGINS = 6


@dataclass(frozen=True)
class Paths:
    """``counts[k, i, h]``: whole people of flow i (a nationality at a node) at horizon h + 1 in future k."""

    flows: tuple[Flow, ...]
    counts: Array

    def sum_of(self, chosen: Callable[[Flow], bool]) -> Array:
        """Futures (draws, horizons) of the sum of the chosen flows of one node.

        Raises ValueError when they lie at several nodes: the same person passes more than one.
        """
        rows = [row for row, flow in enumerate(self.flows) if chosen(flow)]
        if len({self.flows[row].node for row in rows}) > 1:
            raise ValueError("flows of several nodes are not added: the same person is counted at each")
        return np.asarray(self.counts[:, rows].sum(axis=1))

    def total_of(self, node: str) -> Array:
        """Futures (draws, horizons) of a node's total."""
        return self.sum_of(lambda flow: flow.node == node)

    def quantiles_of(self, chosen: Callable[[Flow], bool]) -> Array:
        """The 23 quantiles (horizons, 23) of the sum of the chosen flows of one node."""
        return as_quantiles(np.quantile(self.sum_of(chosen), LEVELS, axis=0).T)


def dependence_of(scores: Array) -> float:
    """ρ from past normal scores (origins, flows) of one node and horizon, drawn half-way to 0.35.

    The mean correlation of two flows, from the variance of their common mean: (n² var(z̄) − n) / (n (n − 1)) with z
    standardised, held between 0 and 0.9; 0.35 itself when fewer than 6 origins or 2 flows are known throughout.
    """
    known = scores[:, ~np.isnan(scores).any(axis=0)]
    origins, flows = known.shape
    if origins < FEWEST_ORIGINS or flows < 2:
        return USUAL_DEPENDENCE
    spread = known.std(axis=0)
    standard = (known - known.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0)
    measured = (flows * float(standard.mean(axis=1).var()) - 1) / (flows - 1)
    return (min(max(measured, 0.0), 0.9) + USUAL_DEPENDENCE) / 2


def sample_paths(
    flows: Sequence[Flow],
    quantiles: Array,
    *,
    rng: np.random.Generator,
    draws: int = 1000,
    dependence: float | Array = USUAL_DEPENDENCE,
    totals: dict[str, Array] | None = None,
) -> Paths:
    """Draw futures of the flows from their quantiles (flows, horizons, 23); equal generators, equal paths.

    ``dependence`` is ρ, one for all or one a horizon. ``totals`` may give direct forecasts of node totals (horizons, 23):
    the paths of the node are then scaled so that the median of their sum becomes the cube-root mean of its own and
    the direct median. Refuses totals among the flows, and quantiles that are not known (ValueError).
    """
    quantiles = np.asarray(quantiles, dtype=float)
    if any(flow.is_total for flow in flows):
        raise ValueError("paths are drawn for nationalities; totals are their sums")
    if not np.all(np.isfinite(quantiles)):
        raise ValueError("paths need known quantiles for every flow and horizon")
    horizons = quantiles.shape[1]
    shared = {node: _steps(rng, (draws, 1), horizons) for node in dict.fromkeys(flow.node for flow in flows)}
    common = np.concatenate([shared[flow.node] for flow in flows], axis=1)
    own = _steps(rng, (draws, len(flows)), horizons)
    rho = np.broadcast_to(np.asarray(dependence, dtype=float), (horizons,))
    scores = np.sqrt(rho) * common + np.sqrt(1 - rho) * own
    counts = at_scores(quantiles, scores.transpose(1, 2, 0)).transpose(2, 0, 1)
    for node, direct in (totals or {}).items():
        rows = [row for row, flow in enumerate(flows) if flow.node == node]
        counts[:, rows] *= _towards(np.median(counts[:, rows].sum(axis=1), axis=0), direct[:, MEDIAN])
    return Paths(tuple(flows), np.rint(counts))


def _steps(rng: np.random.Generator, shape: tuple[int, int], horizons: int) -> Array:
    """Standard normal at every horizon, with correlation √(h / h') between horizons h < h'."""
    walk = np.cumsum(rng.normal(size=(*shape, horizons)), axis=2)
    return np.asarray(walk / np.sqrt(np.arange(1, horizons + 1)))


def _towards(summed: Array, direct: Array) -> Array:
    blended = ((np.cbrt(summed) + np.cbrt(direct)) / 2) ** 3
    return np.where(summed > 0, blended / np.maximum(summed, 1e-9), 1.0)
