"""A forecast as issued: quantiles for the periods ahead, and always the simple ones it must beat beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from corredor.science.foresight.quantiles import LEVELS, MEDIAN, Array, as_quantiles, chance_above, index_of
from corredor.science.series import Period, Refused


class ForecastRefused(Refused):
    """No forecast is given for this series; the reasons say why and what would change it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the reader of a forecast should know, in both languages."""

    code: str
    text_en: str
    text_es: str


@dataclass(frozen=True, slots=True)
class Row:
    """One quantile of one target period, with the baselines' quantile at the same level."""

    target: Period
    horizon: int
    level: float
    value: float
    cube_root_walk: float
    last_value: float


@dataclass(frozen=True, eq=False)
class Forecast:
    """Quantiles of one series for the periods after ``origin``, in natural counts.

    ``quantiles``, ``cube_root_walk`` and ``last_value`` are (horizons, 23) at LEVELS, read-only; the second is the
    house baseline, the third the plain last value with its intervals. ``last_count`` is what was counted in
    ``origin``, the last whole period known; ``known_at`` the day whose knowledge was used, None for everything.
    """

    series: str
    method: str
    origin: Period
    last_count: float
    quantiles: Array = field(repr=False)
    cube_root_walk: Array = field(repr=False)
    last_value: Array = field(repr=False)
    known_at: date | None = None
    remarks: tuple[Remark, ...] = ()

    def __post_init__(self) -> None:
        for name in ("quantiles", "cube_root_walk", "last_value"):
            values = np.array(getattr(self, name), dtype=float)
            if values.ndim != 2 or values.shape != self.quantiles.shape or values.shape[1] != len(LEVELS):
                raise ValueError(f"{name} needs one row a horizon and {len(LEVELS)} levels")
            if not np.all(np.isfinite(values)):
                raise ValueError(f"{name} holds something that is no number")
            object.__setattr__(self, name, as_quantiles(values))

    @property
    def horizons(self) -> int:
        return len(self.quantiles)

    @property
    def targets(self) -> tuple[Period, ...]:
        return tuple(self.origin + ahead for ahead in range(1, self.horizons + 1))

    def median(self, horizon: int) -> float:
        """The count as likely to be passed as not, ``horizon`` periods after the origin (from 1)."""
        return float(self._at(horizon)[MEDIAN])

    def interval(self, horizon: int, percent: int = 80) -> tuple[float, float]:
        """The central interval (50, 80, 90, 95 …): in that many cases out of 100 the count should lie inside."""
        tail = (1 - percent / 100) / 2
        quantiles = self._at(horizon)
        return float(quantiles[index_of(tail)]), float(quantiles[index_of(1 - tail)])

    def chance_of_at_least(self, count: float, horizon: int) -> float:
        """The chance that the count reaches this figure, between 0 and 1."""
        return float(chance_above(count, self._at(horizon)))

    def rows(self) -> Iterator[Row]:
        """One row a target and level, the layout in which forecasts are stored and exchanged."""
        for step, target in enumerate(self.targets):
            for column, level in enumerate(LEVELS):
                yield Row(
                    target,
                    step + 1,
                    float(level),
                    float(self.quantiles[step, column]),
                    float(self.cube_root_walk[step, column]),
                    float(self.last_value[step, column]),
                )

    def _at(self, horizon: int) -> Array:
        if not 1 <= horizon <= self.horizons:
            raise ValueError(f"horizon {horizon} is outside 1 … {self.horizons}")
        return np.asarray(self.quantiles[horizon - 1])
