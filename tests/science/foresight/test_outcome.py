"""A forecast meets its figure, and its record opens or closes the gate."""

from dataclasses import replace

import numpy as np
import pytest

from corredor.science.foresight import Forecast, gate_of, outcome_of
from corredor.science.foresight.outcome import Outcome
from corredor.science.series import Period

ORIGIN = Period.month(2024, 1)


def forecast(own: float = 100.0, walk: float = 90.0, last_value: float = 80.0) -> Forecast:
    """Certain forecasts, whose WIS is plain distance."""
    own_rows, walk_rows, last_rows = (np.full((2, 23), value) for value in (own, walk, last_value))
    return Forecast("Darién", "mine", ORIGIN, last_value, own_rows, walk_rows, last_rows)


def record(origins: int = 6, **changed: object) -> list[Outcome]:
    one = outcome_of(forecast(), ORIGIN + 1, 100)
    return [replace(one, origin=ORIGIN + k, wis_log=1.0, walk_wis_log=1.0, **changed) for k in range(origins)]


def test_forecast_and_both_baselines_are_scored_on_the_same_figure():
    outcome = outcome_of(forecast(), ORIGIN + 2, 110)

    assert (outcome.horizon, outcome.median) == (2, 100)
    assert (outcome.wis_natural, outcome.walk_wis_natural, outcome.last_value_wis_natural) == pytest.approx(
        (10, 20, 30)
    )
    assert outcome.wis_log == pytest.approx(np.log(111 / 101))
    assert not outcome.inside_95


@pytest.mark.parametrize(
    ("target", "observed"), [(ORIGIN, 5), (ORIGIN + 3, 5), (ORIGIN + 1, -1), (ORIGIN + 1, np.nan)]
)
def test_what_was_not_forecast_or_is_no_count_is_not_scored(target, observed):
    with pytest.raises(ValueError, match=r"says nothing|no count"):
        outcome_of(forecast(), target, observed)


def test_gate_is_closed_until_six_forecasts_have_met_their_figure():
    gate = gate_of(record(origins=5))

    assert not gate.is_open
    assert "5" in gate.reason_es


def test_gate_opens_on_a_record_as_good_as_the_walk():
    gate = gate_of(record())

    assert gate.is_open
    assert (gate.coverage_95, gate.relative_wis) == (100, 1)


def test_gate_closes_when_intervals_miss_too_often():
    misses = record(inside_95=False)[:1]

    gate = gate_of(misses + record()[1:])

    assert not gate.is_open  # five of six inside: 83 %
    assert gate.coverage_95 == pytest.approx(83.3, abs=0.1)


def test_gate_closes_when_the_walk_would_have_been_better_by_a_tenth():
    outcomes = [replace(outcome, wis_log=1.11) for outcome in record()]

    assert not gate_of(outcomes).is_open
    assert gate_of([replace(outcome, wis_log=1.09) for outcome in outcomes]).is_open


def test_only_the_last_six_origins_count():
    bad_past = [
        replace(outcome, origin=ORIGIN + -k, wis_log=9.0, inside_95=False)
        for k, outcome in enumerate(record(), 1)
    ]

    assert gate_of(bad_past + record()).is_open
