"""The house forecast for a corridor of flows: three plain views, averaged, then corrected by their own past."""

from __future__ import annotations

from corredor.science.foresight.method import Method
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
    totals = Widened("stretched_walk", Recalibrated("walk_recalibrated", walk, shifts=False), 1.15)
    return Apart("corridor_mix", totals, nationalities)
