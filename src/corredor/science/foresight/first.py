"""The forecasts the product gives, for one series or a whole corridor, or its reasons for giving none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from corredor.science.foresight.forecast import Forecast, ForecastRefused, Remark
from corredor.science.foresight.method import Method
from corredor.science.foresight.methods.corridor_mix import corridor_mix
from corredor.science.foresight.methods.random_walk import CUBE_ROOT_WALK, LAST_VALUE
from corredor.science.foresight.panel import Flow, Panel, mean_of_last
from corredor.science.foresight.quantiles import Array
from corredor.science.series import Frequency, ObservedSeries, Period, SeriesRefused

SHORTEST = 7  # whole periods: six moves, below which a spread is a guess
SHORT = 24  # below this the forecast says that it rests on little
MOST_GAPS = 6  # of the last 12 periods
LONGEST_SILENCE: Mapping[Frequency, int] = {"D": 28, "W": 8, "M": 6}  # periods without a figure: it has ended
_NAMES = {"D": ("days", "días"), "W": ("weeks", "semanas"), "M": ("months", "meses")}


@dataclass(frozen=True)
class Issued:
    """What a corridor got: a forecast for each flow that could be forecast, a reason for each that could not."""

    forecasts: Mapping[Flow, Forecast]
    refusals: Mapping[Flow, ForecastRefused]


def first_forecast(
    series: ObservedSeries,
    *,
    horizons: int = 6,
    known_at: date | None = None,
    today: date | None = None,
    method: Method = CUBE_ROOT_WALK,
) -> Forecast:
    """Forecast the ``horizons`` periods after the last whole one of the series.

    With ``known_at`` only what had been stated by that day is used. With ``today`` a series that has fallen silent
    is refused. ``method`` is the cube-root random walk unless another is given: for single series nothing simple
    beats it reliably (docs/methods/foresight-protocol.md).

    Refuses (ForecastRefused, in both languages): ``empty``, ``too-short`` (fewer than 7 whole periods),
    ``too-many-gaps`` (more than 6 of the last 12 missing), ``never-moved`` (always the same count: its uncertainty
    cannot be known), ``ended`` (silent for more than 6 months, 8 weeks or 28 days).
    """
    if horizons < 1:
        raise ValueError("a forecast looks at least one period ahead")
    known = _as_known(series, known_at)
    _refuse_what_cannot_be_forecast(known, today)
    quantiles = method.fit(Panel.of(known)).predict(horizons)[0]
    return _issued(known, method.name, quantiles, known_at)


def corridor_forecasts(
    series: Mapping[Flow, ObservedSeries],
    *,
    horizons: int = 6,
    known_at: date | None = None,
    today: date | None = None,
    method: Method | None = None,
) -> Issued:
    """Forecast many flows of one corridor together, each learning from the others.

    Every flow is forecast for the periods after its own last whole one, from what all flows had reported up to then.
    Its total is the series under ``Flow(node)``. ``method`` is the corridor mixture unless another is given. A flow is
    refused for the reasons of ``first_forecast``; the others go on.
    """
    method = corridor_mix(horizons) if method is None else method
    known, refusals = _fit_to_forecast(series, known_at, today)
    forecasts: dict[Flow, Forecast] = {}
    if known:
        panel = Panel.of_many(known)
        origins = {flow: start + (len(counts) - 1) for flow, (start, counts) in _counts(known).items()}
        for origin in sorted(set(origins.values())):
            said = method.fit(panel.until(origin)).predict(horizons)
            for flow in (flow for flow in known if origins[flow] == origin):
                quantiles = said[panel.flows.index(flow)]
                forecasts[flow] = _issued(known[flow], method.name, quantiles, known_at)
    return Issued({flow: forecasts[flow] for flow in known}, refusals)


def _counts(series: Mapping[Flow, ObservedSeries]) -> dict[Flow, tuple[Period, Array]]:
    return {flow: one.counts() for flow, one in series.items()}


def _fit_to_forecast(
    series: Mapping[Flow, ObservedSeries], known_at: date | None, today: date | None
) -> tuple[dict[Flow, ObservedSeries], dict[Flow, ForecastRefused]]:
    known, refusals = {}, {}
    for flow, one in series.items():
        try:
            then = _as_known(one, known_at)
            _refuse_what_cannot_be_forecast(then, today)
            known[flow] = then
        except ForecastRefused as refusal:
            refusals[flow] = refusal
    return known, refusals


def _issued(series: ObservedSeries, method: str, quantiles: Array, known_at: date | None) -> Forecast:
    """The forecast with its baselines and remarks; where the method says nothing, the walk speaks and is named."""
    history = Panel.of(series)
    horizons = len(quantiles)
    walk = CUBE_ROOT_WALK.fit(history).predict(horizons)[0]
    if not np.all(np.isfinite(quantiles)):
        method, quantiles = CUBE_ROOT_WALK.name, walk
    return Forecast(
        series=series.name,
        method=method,
        origin=history.last,
        last_count=float(history.counts[0, -1]),
        quantiles=quantiles,
        cube_root_walk=walk,
        last_value=LAST_VALUE.fit(history).predict(horizons)[0],
        known_at=known_at,
        remarks=tuple(_remarks(series, history)),
    )


def _as_known(series: ObservedSeries, known_at: date | None) -> ObservedSeries:
    try:
        known = series if known_at is None else series.as_known_at(known_at)
        known.counts()
    except SeriesRefused as refusal:
        raise ForecastRefused(refusal.code, refusal.reason_en, refusal.reason_es) from refusal
    return known


def _refuse_what_cannot_be_forecast(series: ObservedSeries, today: date | None) -> None:
    start, counts = series.counts()
    last = start + (len(counts) - 1)
    in_english, in_spanish = _NAMES[series.frequency]
    reported = counts[~np.isnan(counts)]
    if len(reported) < SHORTEST:
        raise ForecastRefused(
            "too-short",
            f"“{series.name}” has {len(reported)} whole {in_english}; a forecast needs at least {SHORTEST}.",
            f"«{series.name}» tiene {len(reported)} {in_spanish} con cifra completa; "
            f"un pronóstico requiere al menos {SHORTEST}.",
        )
    missing = int(np.isnan(counts[-12:]).sum())
    if missing > MOST_GAPS:
        raise ForecastRefused(
            "too-many-gaps",
            f"“{series.name}” lacks {missing} of its last 12 {in_english}; report them and ask again.",
            f"A «{series.name}» le faltan {missing} de los últimos 12 {in_spanish}; "
            "repórtelos y vuelva a solicitarlo.",
        )
    if np.all(reported == reported[0]):
        raise ForecastRefused(
            "never-moved",
            f"“{series.name}” has always been {reported[0]:.0f}; how far it may move cannot be known from it.",
            f"«{series.name}» siempre ha sido {reported[0]:.0f}; de ella no puede saberse cuánto puede variar.",
        )
    if today is not None:
        _refuse_silence(series, last, today)


def _refuse_silence(series: ObservedSeries, last: Period, today: date) -> None:
    silence = Period.containing(today, series.frequency) - last - 1
    in_english, in_spanish = _NAMES[series.frequency]
    if silence > LONGEST_SILENCE[series.frequency]:
        raise ForecastRefused(
            "ended",
            f"“{series.name}” has no figure for the last {silence} {in_english} (the last is for {last.in_english}).",
            f"«{series.name}» no tiene cifras de los últimos {silence} {in_spanish} (la última es de {last.in_spanish}).",
        )


def _remarks(series: ObservedSeries, history: Panel) -> list[Remark]:
    remarks = []
    if series.part_periods:
        english, spanish = _named(series.part_periods)
        remarks.append(
            Remark(
                "part-period",
                f"Stated before the period was over and left out: {english}.",
                f"Cifra comunicada antes de terminar el período y no utilizada: {spanish}.",
            )
        )
    if series.gaps:
        english, spanish = _named(series.gaps)
        remarks.append(
            Remark("gaps", f"Not reported, and not taken as zero: {english}.",
                   f"Sin reporte, y no se toma como cero: {spanish}.")
        )  # fmt: skip
    if series.frequency == "M" and history.counts.shape[1] < SHORT:
        remarks.append(
            Remark("short", "The series is short; its intervals rest on little.",
                   "La serie es corta; sus intervalos se apoyan en poca información.")
        )  # fmt: skip
    if history.last in series.provisional_periods:
        remarks.append(
            Remark("provisional", "The last figure is provisional and may be revised.",
                   "La última cifra es provisional y puede ser revisada.")
        )  # fmt: skip
    if _is_rare(history.counts):
        remarks.append(
            Remark("rare", "Fewer than one person a period of late: read the chance of any, not the median.",
                   "Menos de una persona por período recientemente: lea la probabilidad de que haya "
                   "alguna, no la mediana.")
        )  # fmt: skip
    return remarks


def _named(periods: Iterable[Period]) -> tuple[str, str]:
    """Periods in a row, in English and in Spanish."""
    periods = list(periods)
    return ", ".join(one.in_english for one in periods), ", ".join(one.in_spanish for one in periods)


def _is_rare(counts: Array) -> bool:
    return bool(mean_of_last(counts, 12)[0] < 1)
