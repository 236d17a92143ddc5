"""What can be asked about forecasts: the newest of a flow, those before it, and how good they have been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from corredor.areas.foresight import rules
from corredor.areas.foresight.models import Forecast, Outcome, Step, Withheld
from corredor.kernel.policy import Actor, visible


@dataclass(frozen=True, slots=True)
class StepView:
    """One period ahead: median and central intervals, and the medians of the two simple forecasts beside it."""

    horizon: int
    target: date
    median: float
    low_50: float
    high_50: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float
    walk_median: float
    walk_low_80: float
    walk_high_80: float
    last_value: float
    quantiles: tuple[float, ...]
    observed: int | None  # what came, when it has


@dataclass(frozen=True, slots=True)
class ForecastView:
    """A forecast as a page or the API shows it."""

    id: int
    flow: str
    measure: str
    gate: str
    nationality: str
    source: str
    country: str
    level: int
    method: str
    issued_at: datetime
    origin: date
    last_count: int
    known_on: date
    code_version: str
    remarks: tuple[dict[str, str], ...]
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class WithheldView:
    """Why a flow has no forecast now."""

    flow: str
    code: str
    reason_en: str
    reason_es: str
    since: datetime


def newest(actor: Actor, flow: str, *, issued_by: datetime | None = None) -> ForecastView | None:
    """The newest forecast of a flow that this actor may see (issued by a moment, when one is given)."""
    found = _of_flow(actor, flow)
    if issued_by is not None:
        found = found.filter(issue__issued_at__lte=issued_by)
    first = found.first()
    return _view(first) if first else None


def newest_of(actor: Actor, flows: list[str]) -> dict[str, ForecastView]:
    """The newest visible forecast of each flow, in two queries."""
    rows = visible(actor, Forecast.objects.filter(flow__in=flows)).order_by(
        "origin", "issue__issued_at", "level"
    )
    newest_by_flow = dict(rows.values_list("flow", "pk"))
    chosen = _with_steps(Forecast.objects.filter(pk__in=newest_by_flow.values()))
    return {forecast.flow: _view(forecast) for forecast in chosen}


def past(actor: Actor, flow: str, *, limit: int = 12) -> list[ForecastView]:
    """Earlier forecasts of a flow, newest first, one an origin: the fans behind the present one."""
    seen: dict[date, ForecastView] = {}
    for forecast in _of_flow(actor, flow):
        if forecast.origin not in seen:
            seen[forecast.origin] = _view(forecast)
        if len(seen) > limit:
            break
    return list(seen.values())[1:]


def withheld(actor: Actor, flow: str) -> WithheldView | None:
    """The reason why a flow has no forecast, when there is one."""
    found = visible(actor, Withheld.objects.filter(flow=flow)).order_by("-level").first()
    return WithheldView(flow, found.code, found.reason_en, found.reason_es, found.since) if found else None


def record(actor: Actor, *, flow: str | None = None, horizon: int | None = None) -> rules.Record:
    """How good the forecasts this actor may see have been, against the cube-root walk, on the log scale."""
    outcomes = Outcome.objects.filter(step__forecast__in=visible(actor, Forecast.objects.all()))
    if flow:
        outcomes = outcomes.filter(step__forecast__flow=flow)
    if horizon:
        outcomes = outcomes.filter(step__horizon=horizon)
    # A revised figure replaces the one that scored before it.
    rows = outcomes.order_by("known_on", "pk").values_list(
        "step_id", "wis_log", "baseline_wis_log", "in_50", "in_80", "in_95"
    )
    latest = {row[0]: rules.Scored(row[1], row[2], row[3], row[4], row[5]) for row in rows}
    return rules.record_of(list(latest.values()))


def forecasts(
    actor: Actor, *, gate: str = "", nationality: str = "", after: int = 0, limit: int = 100
) -> list[ForecastView]:
    """Forecasts in order of issue, for the API: ``after`` is the id of the last one seen."""
    found = visible(actor, Forecast.objects.filter(pk__gt=after))
    if gate:
        found = found.filter(gate=gate)
    if nationality:
        found = found.filter(nationality=nationality)
    return [_view(forecast) for forecast in _with_steps(found.order_by("pk"))[:limit]]


def awaiting_outcome(today: date) -> list[tuple[str, date]]:
    """Flow and period of every step that has ended and has no outcome yet."""
    waiting = Step.objects.filter(
        outcomes__isnull=True, target__lt=today, forecast__retracted_at__isnull=True
    )
    steps = waiting.values_list("forecast__flow", "target")
    return sorted(set(steps))


def _of_flow(actor: Actor, flow: str) -> QuerySet[Forecast]:
    found = visible(actor, Forecast.objects.filter(flow=flow))
    return _with_steps(found).order_by("-origin", "-issue__issued_at", "level")


def _with_steps(forecasts: QuerySet[Forecast]) -> QuerySet[Forecast]:
    return forecasts.select_related("issue").prefetch_related("steps__outcomes")


def _view(forecast: Forecast) -> ForecastView:
    return ForecastView(
        id=forecast.pk,
        flow=forecast.flow,
        measure=forecast.measure,
        gate=forecast.gate,
        nationality=forecast.nationality,
        source=forecast.source,
        country=forecast.country,
        level=forecast.level,
        method=forecast.method,
        issued_at=forecast.issue.issued_at,
        origin=forecast.origin,
        last_count=forecast.last_count,
        known_on=forecast.known_on,
        code_version=forecast.issue.code_version,
        remarks=tuple(forecast.remarks),
        steps=tuple(_step(step) for step in sorted(forecast.steps.all(), key=lambda step: step.horizon)),
    )


def _step(step: Step) -> StepView:
    at = dict(zip(rules.LEVELS, step.quantiles, strict=True))
    walk = dict(zip(rules.LEVELS, step.cube_root_walk, strict=True))
    outcomes = sorted(step.outcomes.all(), key=lambda outcome: (outcome.known_on, outcome.pk))
    return StepView(
        horizon=step.horizon,
        target=step.target,
        median=at[0.5],
        low_50=at[0.25],
        high_50=at[0.75],
        low_80=at[0.1],
        high_80=at[0.9],
        low_95=at[0.025],
        high_95=at[0.975],
        walk_median=walk[0.5],
        walk_low_80=walk[0.1],
        walk_high_80=walk[0.9],
        last_value=dict(zip(rules.LEVELS, step.last_value, strict=True))[0.5],
        quantiles=tuple(step.quantiles),
        observed=outcomes[-1].observed if outcomes else None,
    )
