"""Forecasts as issued, each beside the simple one it must beat, and how good they have been."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import ConfigDict

from corredor.areas.flows import queries as flows
from corredor.areas.foresight import queries, rules
from corredor.areas.foresight.queries import ForecastView, StepView
from corredor.interfaces import forecasting
from corredor.interfaces.api.contract import ApiRequest
from corredor.interfaces.api.fields import (
    Cursor,
    Day,
    IdInPath,
    LevelName,
    Moment,
    Number,
    WordsOut,
    level_name,
)
from corredor.interfaces.api.operations import read, write
from corredor.interfaces.api.paging import Page, page_of, place_of
from corredor.kernel.errors import NotFound

FlowKey = Annotated[str, Query(..., min_length=1, max_length=800, description="The key of the series")]
BASELINE = "cube-root-walk"


class QuantileOut(Schema):
    level: float
    value: float


class BaselineOut(Schema):
    """The simple forecast that ours must beat, for the same period."""

    method: str
    median: float
    low_80: float
    high_80: float


class StepOut(Schema):
    """One period ahead: median, central intervals, quantiles, and the two simple forecasts beside them."""

    horizon: int
    starts_on: str
    median: float
    low_50: float
    high_50: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float
    quantiles: list[QuantileOut]
    baseline: BaselineOut
    last_value: float
    observed: int | None


class RemarkOut(Schema):
    code: str
    words: WordsOut


class ForecastOut(Schema):
    """A forecast frozen as issued. ``origin`` is the first day of the last whole period known."""

    id: int
    flow: str
    measure: str
    gate: str
    nationality: str
    source: str
    country: str | None
    level: LevelName
    method: str
    issued_at: Moment
    origin: str
    last_count: int
    known_on: str
    code_version: str
    remarks: list[RemarkOut]
    steps: list[StepOut]


class RecordOut(Schema):
    """``relative_wis`` below 1 is better than the baseline; coverages are shares from 0 to 1; null without outcomes."""

    baseline: str
    forecasts: int
    relative_wis: float | None
    coverage_50: float | None
    coverage_80: float | None
    coverage_95: float | None


class WithheldOut(Schema):
    """Why a flow has no forecast now."""

    flow: str
    code: str
    reason: WordsOut
    since: Moment


class IssueIn(Schema):
    """Of which flows; without source and gate, all. ``known_on``: as it could have been made at the end of that day."""

    model_config = ConfigDict(extra="forbid")

    source: str = ""
    gate: str = ""
    known_on: Day | None = None


class IssueOut(Schema):
    """What one act of issuing did; ``withheld`` counts the flows that cannot be forecast honestly now."""

    issue: Number | None
    issued: int
    unchanged: int
    withheld: int


@read("/forecasts", action="foresight.read", en="Forecasts in order of issue", es="Pronósticos en orden de emisión", answer=Page[ForecastOut])  # fmt: skip
def forecasts(
    request: ApiRequest,
    gate: Annotated[str, Query("", max_length=60)] = "",
    nationality: Annotated[str, Query("", max_length=3)] = "",
    cursor: Cursor = "",
    limit: Annotated[int, Query(50, ge=1, le=200)] = 50,
) -> Any:
    after = place_of(cursor, int) or (0,)
    found = queries.forecasts(
        request.actor, gate=gate, nationality=nationality, after=after[0], limit=limit + 1
    )
    page = page_of(found, limit, shown=lambda one: one, place=lambda one: (one.id,))
    open_now = flows.keys_seen(request.actor, {one.flow for one in page["items"]})
    return {**page, "items": [forecast_out(one) for one in page["items"] if one.flow in open_now]}


@read("/forecasts/newest", action="foresight.read", en="The newest forecast of a flow", es="El pronóstico más reciente de un flujo", answer=ForecastOut)  # fmt: skip
def newest_forecast(request: ApiRequest, flow: FlowKey) -> Any:
    """When none is given, /forecasts/withheld says why."""
    flows.series_card(request.actor, flow)
    found = queries.newest(request.actor, flow)
    if found is None:
        raise NotFound
    return forecast_out(found)


@read("/forecasts/record", action="foresight.read", en="How good the forecasts have been", es="Qué tan buenos han sido los pronósticos", answer=RecordOut)  # fmt: skip
def record(
    request: ApiRequest,
    flow: Annotated[str, Query("", max_length=800, description="One flow; all without it")] = "",
    horizon: Annotated[int | None, Query(None, ge=1, le=rules.HORIZONS)] = None,
) -> Any:
    """Against the cube-root walk, over the forecasts this reader may see."""
    found = queries.record(request.actor, flow=flow or None, horizon=horizon)
    coverages = {name: getattr(found, name) for name in ("coverage_50", "coverage_80", "coverage_95")}
    return {
        "baseline": BASELINE,
        "forecasts": found.forecasts,
        "relative_wis": found.relative_wis,
        **coverages,
    }


@read("/forecasts/withheld", action="foresight.read", en="Why a flow has no forecast now", es="Por qué un flujo no tiene pronóstico ahora", answer=WithheldOut)  # fmt: skip
def withheld_forecast(request: ApiRequest, flow: FlowKey) -> Any:
    flows.series_card(request.actor, flow)
    found = queries.withheld(request.actor, flow)
    if found is None:
        raise NotFound(_("No forecast of this flow is withheld."))
    reason = {"en": found.reason_en, "es": found.reason_es}
    return {"flow": found.flow, "code": found.code, "reason": reason, "since": found.since}


@read("/forecasts/{int:id}", action="foresight.read", en="One forecast as issued", es="Un pronóstico tal como se emitió", answer=ForecastOut)  # fmt: skip
def forecast(request: ApiRequest, id: IdInPath) -> Any:
    found = queries.forecasts(request.actor, after=id - 1, limit=1)
    if not found or found[0].id != id:
        raise NotFound
    flows.series_card(request.actor, found[0].flow)  # a country may have taken the series back since
    return forecast_out(found[0])


@write(
    "POST",
    "/forecasts",
    action="foresight.issue",
    en="Issue forecasts",
    es="Emitir pronósticos",
    answer=IssueOut,
)
def issue_forecasts(request: ApiRequest, wanted: IssueIn) -> Any:
    """From the figures as they stand, for each level of reader. What is known already is never issued twice."""
    report = forecasting.issue_from_figures(
        by=request.actor, source=wanted.source, gate=wanted.gate, known_on=wanted.known_on
    )
    return {
        "issue": report.issue,
        "issued": report.issued,
        "unchanged": report.unchanged,
        "withheld": len(report.withheld),
    }


def forecast_out(view: ForecastView) -> dict[str, Any]:
    remarks = [{"code": one["code"], "words": {"en": one["en"], "es": one["es"]}} for one in view.remarks]
    names = ("id", "flow", "measure", "gate", "nationality", "source", "method", "last_count", "code_version")
    return {
        **{name: getattr(view, name) for name in names},
        "country": view.country or None,
        "level": level_name(view.level),
        "issued_at": view.issued_at,
        "origin": view.origin.isoformat(),
        "known_on": view.known_on.isoformat(),
        "remarks": remarks,
        "steps": [step_out(step) for step in view.steps],
    }


def step_out(step: StepView) -> dict[str, Any]:
    ours = ("horizon", "median", "low_50", "high_50", "low_80", "high_80", "low_95", "high_95", "last_value")
    return {
        **{name: getattr(step, name) for name in ours},
        "starts_on": step.target.isoformat(),
        "quantiles": [
            {"level": level, "value": value}
            for level, value in zip(rules.LEVELS, step.quantiles, strict=True)
        ],
        "baseline": {
            "method": BASELINE,
            "median": step.walk_median,
            "low_80": step.walk_low_80,
            "high_80": step.walk_high_80,
        },
        "observed": step.observed,
    }
