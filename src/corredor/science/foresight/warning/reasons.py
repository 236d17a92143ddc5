"""Why a light is on, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.science.foresight.quantiles import Array
from corredor.science.foresight.warning.alarms import BEFORE, FEWEST_KNOWN
from corredor.science.foresight.warning.detectors import DETECTORS, Direction

UNUSUAL: dict[str, float] = {  # scores from which a detector is said to have spoken
    "ears_c1_root": 3.0,
    "ears_c1_log": 3.0,
    "ears_c2_log": 3.0,
    "farrington": 2.58,
    "cusum": 4.0,
    "walk_z": 2.0,
    "change_point": 0.0,
}
_SAYS = {
    "ears_c1_root": ("far from the seven months before", "lejos de los siete meses anteriores"),
    "ears_c1_log": ("far, in proportion, from the seven months before",
                    "lejos, en proporción, de los siete meses anteriores"),
    "ears_c2_log": ("far from the months up to a quarter ago", "lejos de los meses hasta hace un trimestre"),
    "farrington": ("off the trend of three years", "fuera de la tendencia de tres años"),
    "cusum": ("several months of the same drift", "varios meses con la misma deriva"),
    "walk_z": ("a larger step than this series is used to", "un paso mayor de lo habitual en esta serie"),
    "change_point": ("a change of level is more likely than not", "es más probable que no un cambio de nivel"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a warning, in both languages; ``code`` names the detector, or ``ratio``."""

    code: str
    text_en: str
    text_es: str


def reasons_for(counts: Array, direction: Direction) -> tuple[Reason, ...]:
    """What speaks for a surge or a collapse in the newest figure of one series (periods,), the ratio first."""
    newest, before = counts[-1], counts[-BEFORE - 1 : -1]
    known = before[~np.isnan(before)]
    reasons = []
    if not np.isnan(newest) and len(known) >= FEWEST_KNOWN and known.mean() > 0:
        times = newest / known.mean()
        reasons.append(
            Reason(
                "ratio",
                f"{newest:,.0f} against {known.mean():,.0f} on average in the six months before ({times:.1f} times)",
                f"{_in_spanish(newest)} frente a {_in_spanish(known.mean())} en promedio en los seis meses anteriores "
                f"({_decimal(times)} veces)",
            )
        )
    for code, detect in DETECTORS.items():
        if detect(counts[None, :], direction)[0, -1] >= UNUSUAL[code]:
            reasons.append(Reason(code, *_SAYS[code]))
    return tuple(reasons)


def _in_spanish(count: float) -> str:
    """Thousands parted by a space, as in the region's official Spanish."""
    return f"{count:,.0f}".replace(",", "\u00a0")


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
