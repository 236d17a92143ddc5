"""What became of a forecast: its score when the figure arrives, and whether its record lets the next be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corredor.science.foresight.forecast import Forecast
from corredor.science.foresight.quantiles import MEDIAN
from corredor.science.foresight.scoring import covered, wis
from corredor.science.series import Period

LOOKED_BACK_UPON = 6  # origins
LEAST_COVERAGE = 85.0  # percent of figures inside the 95 % interval
WORST_SCORE = 1.1  # times the cube-root walk's


@dataclass(frozen=True, slots=True)
class Outcome:
    """One target of one forecast, scored; WIS in people (natural) and on log(1 + y), lower is better."""

    origin: Period
    target: Period
    horizon: int
    observed: float
    median: float
    wis_natural: float
    wis_log: float
    walk_wis_natural: float
    walk_wis_log: float
    last_value_wis_natural: float
    last_value_wis_log: float
    inside_50: bool
    inside_80: bool
    inside_95: bool


def outcome_of(forecast: Forecast, target: Period, observed: float) -> Outcome:
    """Score a forecast, and both baselines it carries, against the figure of one of its targets.

    Raises ValueError when the forecast says nothing about that period or the figure is no count.
    """
    if target not in forecast.targets:
        raise ValueError(f"the forecast of {forecast.origin} says nothing about {target}")
    if not np.isfinite(observed) or observed < 0:
        raise ValueError(f"{observed} is no count")
    step = target - forecast.origin - 1
    own, walk, last_value = forecast.quantiles[step], forecast.cube_root_walk[step], forecast.last_value[step]
    return Outcome(
        origin=forecast.origin,
        target=target,
        horizon=step + 1,
        observed=float(observed),
        median=float(own[MEDIAN]),
        wis_natural=float(wis(observed, own)),
        wis_log=float(wis(observed, own, "log")),
        walk_wis_natural=float(wis(observed, walk)),
        walk_wis_log=float(wis(observed, walk, "log")),
        last_value_wis_natural=float(wis(observed, last_value)),
        last_value_wis_log=float(wis(observed, last_value, "log")),
        inside_50=bool(covered(observed, own, 50)),
        inside_80=bool(covered(observed, own, 80)),
        inside_95=bool(covered(observed, own, 95)),
    )


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a forecast may be published in its own right; when not, the cube-root walk is, and the page says why."""

    is_open: bool
    origins: int
    coverage_95: float | None  # percent
    relative_wis: float | None  # on the log scale, against the cube-root walk
    reason_en: str
    reason_es: str


def gate_of(outcomes: Sequence[Outcome]) -> Gate:
    """Judge the record of a node: its last 6 origins with an outcome, all flows and horizons together.

    Open when at least 85 % of the figures lay inside the 95 % interval and the WIS on the log scale was at most 1.1 times
    the cube-root walk's (after the practice of CDC's FluSight). Closed while fewer than 6 origins have an outcome.
    """
    newest = sorted({outcome.origin for outcome in outcomes})[-LOOKED_BACK_UPON:]
    if len(newest) < LOOKED_BACK_UPON:
        return Gate(
            False,
            len(newest),
            None,
            None,
            f"Its record is short: {len(newest)} of {LOOKED_BACK_UPON} forecasts have their outcome.",
            f"Su historial es corto: {len(newest)} de {LOOKED_BACK_UPON} pronósticos tienen resultado.",
        )
    recent = [outcome for outcome in outcomes if outcome.origin in newest]
    coverage = 100.0 * float(np.mean([outcome.inside_95 for outcome in recent]))
    own, walk = (float(np.sum([getattr(o, name) for o in recent])) for name in ("wis_log", "walk_wis_log"))
    score = own / walk if walk > 0 else (1.0 if own == 0 else np.inf)
    is_open = coverage >= LEAST_COVERAGE and score <= WORST_SCORE
    told = (
        f"{coverage:.0f} % inside the 95 % interval (at least {LEAST_COVERAGE:.0f}), "
        f"error {score:.2f} times the baseline's (at most {WORST_SCORE})."
    )
    dicho = (
        f"{coverage:.0f} % dentro del intervalo del 95 % (al menos {LEAST_COVERAGE:.0f}), "
        f"error {score:.2f} veces el de la referencia (a lo sumo {WORST_SCORE})."
    )
    return Gate(is_open, len(newest), coverage, float(score), told, dicho)
