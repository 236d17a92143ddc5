"""The running month, from the days or weeks already counted.

With d days counted, c people so far and r the mean of the last 28 days counted, the month is expected to end at
f = c + r · (days left). How far such sums have strayed is learnt from past months at the same day:
e = (y^⅓ − f^⅓) / (√(share of days left) (f^⅓ / 3 + 1)), and the forecast is (f^⅓ + e_τ · margin)³, never below c.
A running total is a hint for a nowcast, never an observation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from corredor.science.foresight.forecast import ForecastRefused
from corredor.science.foresight.methods.calibration import tempered_tails
from corredor.science.foresight.methods.record import weighted_quantiles
from corredor.science.foresight.quantiles import LEVELS, MEDIAN, Array, as_quantiles, index_of
from corredor.science.series import ObservedSeries, Period

FEWEST_DAYS = 3
FEWEST_MONTHS = 12
MOST_MONTHS = 48
PACE_DAYS = 28
FORGETTING = 0.98  # a month older teaches 2 % less


@dataclass(frozen=True, eq=False)
class Nowcast:
    """How a month that is not over may end: 23 quantiles, with what was counted by which day."""

    month: Period
    through: date
    counted: float
    quantiles: Array = field(repr=False)

    @property
    def median(self) -> float:
        return float(self.quantiles[MEDIAN])

    def interval(self, percent: int = 80) -> tuple[float, float]:
        """The central interval (50, 80, 90, 95 …)."""
        tail = (1 - percent / 100) / 2
        return float(self.quantiles[index_of(tail)]), float(self.quantiles[index_of(1 - tail)])


def nowcast(series: ObservedSeries, *, known_at: date | None = None) -> Nowcast:
    """The month that contains the last day (or week) counted, or the next one when that day ended its month.

    ``series`` is daily or weekly; a week's people are spread evenly over its days. With ``known_at`` only what had been
    stated by that day is used. Refuses (ForecastRefused): ``empty`` (nothing known), ``not-within-month`` (a monthly series),
    ``too-early`` (fewer than 3 days of the month counted), ``too-short`` (fewer than 12 past months counted in
    full), ``gaps`` (a day of the running month before the last is missing).
    """
    if series.frequency == "M":
        raise ForecastRefused(
            "not-within-month",
            f"“{series.name}” is monthly; a nowcast needs days or weeks.",
            f"«{series.name}» es mensual; la estimación del mes en curso requiere días o semanas.",
        )
    known = series if known_at is None else series.as_known_at(known_at)
    first, daily = _by_day(known)
    through = first + timedelta(days=len(daily) - 1)
    month = Period.containing(through, "M")
    if through == month.last_day:
        month = month + 1
    days = (through - month.first_day).days + 1
    _refuse_too_early(series.name, month, days)
    so_far = daily[len(daily) - days :]
    if np.isnan(so_far).any():
        raise ForecastRefused(
            "gaps",
            f"“{series.name}” lacks days of {month}; report them and ask again.",
            f"A «{series.name}» le faltan días de {month}; repórtelos y vuelva a solicitarlo.",
        )
    errors = _past_errors(first, daily, month, days)
    if len(errors) < FEWEST_MONTHS:
        raise ForecastRefused(
            "too-short",
            f"“{series.name}” has {len(errors)} past months counted day by day; at least {FEWEST_MONTHS} are needed.",
            f"«{series.name}» tiene {len(errors)} meses anteriores contados día a día; "
            f"se requieren al menos {FEWEST_MONTHS}.",
        )
    expected, margin = _expected(daily, month, days)
    weights = np.power(FORGETTING, np.arange(len(errors), dtype=float)[::-1])
    learnt = tempered_tails(weighted_quantiles(errors, weights, LEVELS)[0])
    values = np.maximum(np.cbrt(expected) + learnt * margin, 0.0) ** 3
    counted = float(so_far.sum())
    return Nowcast(month, through, counted, as_quantiles(np.maximum(values, counted)))


def _by_day(series: ObservedSeries) -> tuple[date, Array]:
    start, counts = series.counts() if series.whole else (None, None)
    if start is None or counts is None:
        raise ForecastRefused(
            "empty", f"“{series.name}” has no figures yet.", f"«{series.name}» aún no tiene cifras."
        )
    return start.first_day, np.repeat(counts / 7, 7) if series.frequency == "W" else counts


def _refuse_too_early(name: str, month: Period, days: int) -> None:
    if days < FEWEST_DAYS:
        raise ForecastRefused(
            "too-early",
            f"“{name}”: {days} days of {month} are counted; a nowcast needs {FEWEST_DAYS}.",
            f"«{name}»: se han contado {days} días de {month}; la estimación requiere {FEWEST_DAYS}.",
        )


def _expected(daily: Array, month: Period, days: int) -> tuple[float, float]:
    """f, and the margin on the cube-root scale, from days up to the last one of ``daily``."""
    length = (month.last_day - month.first_day).days + 1
    so_far = float(np.sum(daily[len(daily) - days :]))
    pace = daily[-PACE_DAYS:]
    rate = float(np.nanmean(pace)) if np.any(~np.isnan(pace)) else so_far / days
    expected = so_far + rate * (length - days)
    return expected, float(np.sqrt((length - days) / length) * (np.cbrt(expected) / 3 + 1.0))


def _past_errors(first: date, daily: Array, month: Period, days: int) -> Array:
    """Scaled errors the same sum would have made in earlier months at the same day, oldest first."""
    errors = []
    for back in range(MOST_MONTHS, 0, -1):
        past = month + -back
        opening = (past.first_day - first).days
        length = (past.last_day - past.first_day).days + 1
        whole = daily[opening : opening + length] if opening >= 0 else np.array([np.nan])
        counted = min(days, length - 1)
        if np.isnan(whole).any():
            continue
        expected, margin = _expected(daily[: opening + counted], past, counted)
        errors.append((np.cbrt(whole.sum()) - np.cbrt(expected)) / margin)
    return np.array(errors)
