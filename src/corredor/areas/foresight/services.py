"""Issuing forecasts, frozen as issued, and recording what came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from corredor.areas.foresight import events as happened
from corredor.areas.foresight import rules
from corredor.areas.foresight.models import Forecast, Issue, Outcome, Step, Withheld
from corredor.kernel import clock, events, policy
from corredor.kernel.audit.services import record
from corredor.kernel.policy import Actor
from corredor.science import series as science
from corredor.science.foresight import ForecastRefused, first_forecast, scoring
from corredor.science.foresight.forecast import Forecast as Computed


@dataclass
class IssueReport:
    """What one act of issuing did: forecasts issued, flows whose knowledge had not changed, flows withheld."""

    issue: int | None = None
    issued: int = 0
    unchanged: int = 0
    withheld: list[tuple[str, str]] = field(default_factory=list)  # (flow, code)


def issue_forecasts(
    *, flows: Iterable[rules.FlowToForecast], by: Actor, today: date, known_on: date | None = None
) -> IssueReport:
    """Forecast each flow from the figures given with it and freeze the result.

    ``today`` is the day on which it is issued, so that a flow that has fallen silent is withheld; ``known_on``
    restates what was known by a past day. The same knowledge is never issued twice. Refuses actors without
    ``foresight.issue``; a flow that cannot be forecast honestly is withheld with the reason.
    """
    policy.require(by, "foresight.issue")
    report = IssueReport()
    # The numbers come first: no lock is held while they are computed.
    computed = [(flow, *_compute(flow, today, known_on)) for flow in flows]
    with transaction.atomic():
        issue: Issue | None = None
        for flow, forecast, refusal in computed:
            if refusal is not None:
                _withhold(flow, refusal)
                report.withheld.append((flow.flow.key, refusal.code))
                continue
            if forecast is None or _is_issued(flow, forecast):
                report.unchanged += 1
                continue
            if _stands_again(flow, forecast):
                report.issued += 1
                continue
            issue = issue or _open_issue(by, known_on)
            _freeze(issue, flow, forecast)
            report.issued += 1
        if issue is not None:
            report.issue = issue.pk
            record(by, "issued_forecasts", issue, forecasts=report.issued, withheld=len(report.withheld))
            events.publish(happened.ForecastsIssued(issue.pk))
    return report


def _compute(
    flow: rules.FlowToForecast, today: date, known_on: date | None
) -> tuple[Computed | None, ForecastRefused | None]:
    try:
        observed = science.ObservedSeries(
            flow.flow.key,
            flow.flow.frequency,  # type: ignore[arg-type]
            [
                science.Observation(
                    science.Period.containing(figure.period, flow.flow.frequency),  # type: ignore[arg-type]
                    figure.value,
                    figure.known_on,
                    figure.status,  # type: ignore[arg-type]
                )
                for figure in flow.figures
            ],
        )
        return first_forecast(observed, horizons=rules.HORIZONS, known_at=known_on, today=today), None
    except ForecastRefused as refusal:
        return None, refusal
    except science.SeriesRefused as refusal:
        return None, ForecastRefused(refusal.code, refusal.reason_en, refusal.reason_es)


def _same_knowledge(flow: rules.FlowToForecast, forecast: Computed) -> QuerySet[Forecast]:
    return Forecast.objects.filter(
        flow=flow.flow.key,
        level=flow.level,
        method=forecast.method,
        origin=forecast.origin.first_day,
        digest=rules.digest_of(flow.figures),
    )


def _is_issued(flow: rules.FlowToForecast, forecast: Computed) -> bool:
    return _same_knowledge(flow, forecast).filter(retracted_at__isnull=True).exists()


def _stands_again(flow: rules.FlowToForecast, forecast: Computed) -> bool:
    """Whether the very figures taken back were said again: then the forecast made of them stands again."""
    changed = _same_knowledge(flow, forecast).update(retracted_at=None, batches=_batches(flow))
    return changed > 0


def _batches(flow: rules.FlowToForecast) -> list[int]:
    return sorted({figure.batch for figure in flow.figures if figure.batch})


def _open_issue(by: Actor, known_on: date | None) -> Issue:
    return Issue.objects.create(issued_by_id=by.person_id, known_on=known_on, code_version=settings.VERSION)


def _freeze(issue: Issue, flow: rules.FlowToForecast, forecast: Computed) -> None:
    frozen = Forecast.objects.create(
        issue=issue,
        flow=flow.flow.key,
        measure=flow.flow.measure,
        gate=flow.flow.gate,
        nationality=flow.flow.nationality,
        frequency=flow.flow.frequency,
        source=flow.flow.source,
        country=flow.flow.country,
        level=flow.level,
        method=forecast.method,
        origin=forecast.origin.first_day,
        last_count=round(forecast.last_count),
        known_on=max(figure.known_on for figure in flow.figures),
        remarks=[{"code": one.code, "en": one.text_en, "es": one.text_es} for one in forecast.remarks],
        digest=rules.digest_of(flow.figures),
        batches=_batches(flow),
    )
    Step.objects.bulk_create(
        Step(
            forecast=frozen,
            horizon=index + 1,
            target=target.first_day,
            quantiles=_rounded(forecast.quantiles[index]),
            cube_root_walk=_rounded(forecast.cube_root_walk[index]),
            last_value=_rounded(forecast.last_value[index]),
        )
        for index, target in enumerate(forecast.targets)
    )
    Withheld.objects.filter(flow=flow.flow.key, level=flow.level).delete()


def _rounded(quantiles: np.ndarray) -> list[float]:
    return [round(float(value), 2) for value in quantiles]


def _withhold(flow: rules.FlowToForecast, refusal: ForecastRefused) -> None:
    Withheld.objects.update_or_create(
        flow=flow.flow.key,
        level=flow.level,
        defaults={
            "gate": flow.flow.gate,
            "measure": flow.flow.measure,
            "nationality": flow.flow.nationality,
            "country": flow.flow.country,
            "code": refusal.code,
            "reason_en": refusal.reason_en,
            "reason_es": refusal.reason_es,
        },
    )


@transaction.atomic
def retract_forecasts(
    *, by: Actor, source: str = "", batch: int | None = None, flow: str = "", beyond: int = -1
) -> int:
    """Take back the forecasts that rest on figures taken back; returns how many.

    Either those of ``source`` that used ``batch``, or those of ``flow`` shared farther than level ``beyond``. They are
    kept, and seen by nobody.
    """
    policy.require(by, "foresight.issue")
    standing = Forecast.objects.filter(retracted_at__isnull=True)
    if flow:
        concerned = list(standing.filter(flow=flow, level__gt=beyond).values_list("pk", flat=True))
    else:
        used = standing.filter(source=source).values_list("pk", "batches")
        concerned = [pk for pk, batches in used if batch in batches]
    if concerned:
        Forecast.objects.filter(pk__in=concerned).update(retracted_at=clock.now())
        record(
            by,
            "retracted_forecasts",
            "foresight.forecast:*",
            forecasts=len(concerned),
            source=source,
            batch=batch,
        )
    return len(concerned)


@transaction.atomic
def record_outcomes(*, actuals: Iterable[rules.Actual], by: Actor) -> int:
    """Score every issued period whose figure has arrived; returns how many outcomes were recorded.

    A figure scores a forecast only once; a revised figure adds a second outcome. Figures known before their period
    was over, or to fewer than the forecast, score nothing.
    """
    policy.require(by, "foresight.issue")
    arrived: dict[tuple[str, date], list[rules.Actual]] = {}
    for actual in actuals:
        arrived.setdefault((actual.key, actual.period), []).append(actual)
    steps = Step.objects.filter(
        forecast__flow__in={key for key, _ in arrived}, target__in={period for _, period in arrived}
    ).select_related("forecast")
    fresh = [
        _score(step, actual)
        for step in steps
        for actual in arrived.get((step.forecast.flow, step.target), ())
        if actual.level >= step.forecast.level and actual.known_on > step.forecast.known_on
    ]
    known = set(
        Outcome.objects.filter(step__in=[one.step_id for one in fresh]).values_list("step_id", "observed")
    )
    fresh = [one for one in fresh if (one.step_id, one.observed) not in known]
    Outcome.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        record(by, "recorded_outcomes", "foresight.outcome:*", outcomes=len(fresh))
        events.publish(happened.OutcomesRecorded(len(fresh)))
    return len(fresh)


def _score(step: Step, actual: rules.Actual) -> Outcome:
    """WIS on natural and log(1+y) scale for the forecast and the walk beside it, and where it lay."""
    ours, walk = np.array(step.quantiles), np.array(step.cube_root_walk)
    return Outcome(
        step=step,
        observed=actual.value,
        known_on=actual.known_on,
        wis=float(scoring.wis(actual.value, ours)),
        wis_log=float(scoring.wis(actual.value, ours, "log")),
        baseline_wis=float(scoring.wis(actual.value, walk)),
        baseline_wis_log=float(scoring.wis(actual.value, walk, "log")),
        in_50=bool(scoring.covered(actual.value, ours, 50)),
        in_80=bool(scoring.covered(actual.value, ours, 80)),
        in_95=bool(scoring.covered(actual.value, ours, 95)),
    )
