from datetime import date

import pytest

from corredor.areas.foresight import queries, rules, services
from corredor.areas.foresight.models import Forecast, Outcome, Step
from corredor.kernel.audit.queries import verify
from corredor.kernel.errors import NotPermitted
from corredor.kernel.events.models import StoredEvent
from corredor.kernel.policy import PUBLIC, SYSTEM, Actor, Capacity
from corredor.kernel.sharing import Level

pytestmark = pytest.mark.django_db
TODAY = date(2024, 3, 15)
COUNTS = (900, 1400, 1100, 2300, 1900, 2600, 3100, 2800, 3600, 3300, 4100, 3900, 4400, 5200)


def flow(counts=COUNTS, *, level=Level.PUBLIC, key="darien") -> rules.FlowToForecast:
    about = rules.FlowKey(key, "irregular_transit", "PAN-DARIEN", "ALL", "M", "PAN", "pan-snm-darien")
    figures = tuple(
        rules.Known(date(2023 + month // 12, month % 12 + 1, 1), count, "validated", date(2024, 3, 10))
        for month, count in enumerate(counts)
    )
    return rules.FlowToForecast(about, figures, level)


def issue(*flows, by=SYSTEM, today=TODAY):
    return services.issue_forecasts(flows=flows or (flow(),), by=by, today=today)


def test_a_forecast_is_frozen_with_the_simple_ones_beside_it():
    report = issue()

    view = queries.newest(PUBLIC, "darien")
    assert (report.issued, report.unchanged, report.withheld) == (1, 0, [])
    assert view.origin == date(2024, 2, 1)
    assert view.last_count == 5200
    assert [step.target for step in view.steps][:2] == [date(2024, 3, 1), date(2024, 4, 1)]
    assert len(view.steps) == rules.HORIZONS
    for step in view.steps:
        assert (
            step.low_95
            <= step.low_80
            <= step.low_50
            <= step.median
            <= step.high_50
            <= step.high_80
            <= step.high_95
        )
        assert step.last_value == 5200
    assert StoredEvent.objects.get().name == "foresight.ForecastsIssued"
    assert verify() == []


def test_the_same_knowledge_is_issued_only_once_and_a_revision_is_issued_again():
    issue()
    again = issue()
    revised = issue(flow((*COUNTS[:-1], 5300)))

    assert (again.issued, again.unchanged) == (0, 1)
    assert revised.issued == 1
    assert Forecast.objects.count() == 2
    assert len(queries.past(PUBLIC, "darien")) == 0, (
        "one fan an origin: the newer knowledge replaces the older"
    )


def test_a_flow_that_cannot_be_forecast_is_withheld_with_the_reason_in_both_languages():
    report = issue(flow((5, 6, 7)))

    reason = queries.withheld(PUBLIC, "darien")
    assert report.withheld == [("darien", "too-short")]
    assert "at least" in reason.reason_en
    assert "al menos" in reason.reason_es
    assert queries.newest(PUBLIC, "darien") is None


def test_a_reason_goes_away_when_a_forecast_comes():
    issue(flow((5, 6, 7)))
    issue()

    assert queries.withheld(PUBLIC, "darien") is None


def test_a_flow_fallen_silent_is_withheld():
    assert issue(today=date(2025, 6, 1)).withheld == [("darien", "ended")]


def test_a_forecast_is_as_widely_shared_as_its_figures():
    issue(flow(level=Level.OWN))
    panamanian = Actor(1, "Demo", (Capacity("delegate", country="PAN"),))
    honduran = Actor(2, "Demo", (Capacity("delegate", country="HND"),))

    assert queries.newest(panamanian, "darien") is not None
    assert queries.newest(honduran, "darien") is None
    assert queries.newest(PUBLIC, "darien") is None
    assert queries.forecasts(PUBLIC) == []


def test_only_those_who_may_issue():
    with pytest.raises(NotPermitted):
        issue(by=Actor(3, "Demo", (Capacity("observer_organisation", organisation="iom"),)))


def actual(
    value: int, *, period=date(2024, 3, 1), known_on=date(2024, 4, 10), level=Level.PUBLIC
) -> rules.Actual:
    return rules.Actual("darien", period, value, known_on, level)


def test_a_forecast_is_scored_when_the_figure_arrives_and_only_once():
    issue()

    assert services.record_outcomes(actuals=[actual(5000)], by=SYSTEM) == 1
    assert services.record_outcomes(actuals=[actual(5000)], by=SYSTEM) == 0

    outcome = Outcome.objects.get()
    step = Step.objects.get(pk=outcome.step_id)
    by_hand = (
        2
        * sum(
            (5000 - quantile) * level if quantile <= 5000 else (quantile - 5000) * (1 - level)
            for level, quantile in zip(rules.LEVELS, step.quantiles, strict=True)
        )
        / 23
    )
    assert outcome.wis == pytest.approx(by_hand)
    assert outcome.in_95
    assert queries.newest(PUBLIC, "darien").steps[0].observed == 5000
    assert queries.record(PUBLIC, flow="darien").forecasts == 1


def test_a_revised_figure_is_a_second_outcome():
    issue()
    services.record_outcomes(actuals=[actual(5000)], by=SYSTEM)
    services.record_outcomes(actuals=[actual(5100, known_on=date(2024, 5, 10))], by=SYSTEM)

    assert Outcome.objects.count() == 2
    assert queries.newest(PUBLIC, "darien").steps[0].observed == 5100


def test_what_was_already_known_or_is_less_widely_shared_scores_nothing():
    issue()

    late = actual(5000, known_on=date(2024, 3, 10))
    narrow = actual(5000, level=Level.OWN)

    assert services.record_outcomes(actuals=[late, narrow], by=SYSTEM) == 0


def test_the_record_compares_with_the_walk_by_hand():
    scored = [rules.Scored(1.0, 2.0, True, True, True), rules.Scored(2.0, 2.0, False, True, True)]

    record = rules.record_of(scored)

    assert record == rules.Record(2, 0.75, 0.5, 1.0, 1.0)
    assert rules.record_of([]).relative_wis is None


def test_what_awaits_its_outcome_is_known():
    issue()

    assert queries.awaiting_outcome(date(2024, 4, 2)) == [
        ("darien", date(2024, 3, 1)),
        ("darien", date(2024, 4, 1)),
    ]
