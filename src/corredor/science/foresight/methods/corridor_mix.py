"""The house forecasts for a corridor of flows: several views, averaged, then corrected by their own past."""

from __future__ import annotations

from corredor.science.foresight.method import Method
from corredor.science.foresight.methods.boosting import CorridorTrees
from corredor.science.foresight.methods.calibration import (
    AdaptiveConformal,
    Apart,
    Mixture,
    Recalibrated,
    Widened,
)
from corredor.science.foresight.methods.elastic_net import CorridorNet
from corredor.science.foresight.methods.random_walk import CUBE_ROOT_WALK
from corredor.science.foresight.methods.record import Remembered

AS_VOLATILE = 0.5  # in log volatility: how alike two flows must be to teach one another in the ensemble


def corridor_mix(horizons: int = 6) -> Method:
    """The mixture for nationalities and the plainer one for totals; a fresh one, with nothing remembered.

    Nationalities: cube-root mean of the cube-root walk (2 parts), the walk with adaptive conformal intervals (1) and
    the corridor elastic net with the same (2); recalibrated, then widened by 1.05. Totals: the cube-root walk,
    recalibrated without shift, widened by 1.15: nothing beats the walk reliably there, so only its width is mended.
    A panel of fewer than three years gets what remains: the cube-root walk.
    """
    walk = Remembered(CUBE_ROOT_WALK, horizons)
    walk_conformal = Remembered(AdaptiveConformal("walk_conformal", walk), horizons)
    net = Remembered(CorridorNet(), horizons)
    net_conformal = Remembered(AdaptiveConformal("net_conformal", net), horizons)
    raw = Remembered(Mixture("raw_mix", (walk, walk, walk_conformal, net_conformal, net_conformal)), horizons)
    nationalities = Widened("nationality_mix", Recalibrated("recalibrated_mix", raw), 1.05)
    return Apart("corridor_mix", _totals(walk), nationalities)


def corridor_ensemble(horizons: int = 6, *, threads: int = 2) -> Method:
    """The most careful forecast: boosted trees beside the walk and the net; it trains for about half a minute.

    Nationalities: cube-root mean of the corridor trees, recalibrated, the cube-root walk, and the corridor net with
    adaptive conformal intervals; recalibrated among flows of like size and volatility, then widened by 1.1. Totals: as in
    ``corridor_mix``. Kept alive from one month to the next, it trains only every third month. Horizons beyond 6
    are forecast without the trees.
    """
    walk = Remembered(CUBE_ROOT_WALK, horizons)
    net = Remembered(CorridorNet(), horizons)
    net_conformal = Remembered(AdaptiveConformal("net_conformal", net), horizons)
    trees = Remembered(CorridorTrees(threads=threads), horizons)
    trees_recalibrated = Remembered(
        Recalibrated("trees_recalibrated", trees, as_volatile=AS_VOLATILE), horizons
    )
    raw = Remembered(Mixture("raw_ensemble", (trees_recalibrated, walk, net_conformal)), horizons)
    mended = Recalibrated("recalibrated_ensemble", raw, as_volatile=AS_VOLATILE)
    return Apart("corridor_ensemble", _totals(walk), Widened("nationality_ensemble", mended, 1.1))


def _totals(walk: Method) -> Method:
    """The walk, recalibrated without shift, widened by 1.15."""
    return Widened("stretched_walk", Recalibrated("walk_recalibrated", walk, shifts=False), 1.15)
