"""The forecast the product gives for one series, or its reason for giving none."""

from dataclasses import FrozenInstanceError
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corredor.science.foresight import CUBE_ROOT_WALK, LEVELS, Forecast, ForecastRefused, first_forecast
from corredor.science.series import Observation, ObservedSeries, Period

JANUARY = Period.month(2023, 1)
MOVING = [100, 130, 90, 160, 200, 150, 170, 240, 210, 260]


def monthly(counts) -> ObservedSeries:
    return ObservedSeries.from_counts("Darién · VEN", JANUARY, counts)


def test_forecast_covers_the_six_months_after_the_last_with_both_baselines_beside_it():
    forecast = first_forecast(monthly(MOVING))

    assert [str(target) for target in forecast.targets] == [
        "2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04",
    ]  # fmt: skip
    assert forecast.last_count == 260
    assert forecast.quantiles.shape == forecast.cube_root_walk.shape == forecast.last_value.shape == (6, 23)
    assert forecast.last_value[0, 11] == pytest.approx(260)
    low, high = forecast.interval(1, 80)
    assert low < forecast.median(1) < high


def test_a_forecast_is_frozen_as_issued():
    forecast = first_forecast(monthly(MOVING))

    with pytest.raises(FrozenInstanceError):
        forecast.method = "another"
    with pytest.raises(ValueError, match="read-only"):
        forecast.quantiles[0, 0] = 1.0


def test_rows_carry_every_level_of_every_month_with_its_baselines():
    forecast = first_forecast(monthly(MOVING), horizons=2)

    rows = list(forecast.rows())

    assert len(rows) == 2 * len(LEVELS)
    assert rows[-1].target == Period.month(2023, 12)
    assert (rows[-1].horizon, rows[-1].level) == (2, 0.99)
    assert rows[-1].value == forecast.quantiles[1, 22]
    assert rows[-1].last_value == forecast.last_value[1, 22]


def test_chance_of_at_least_the_median_is_one_half():
    forecast = first_forecast(monthly(MOVING))

    assert forecast.chance_of_at_least(forecast.median(3), 3) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="outside"):
        forecast.chance_of_at_least(1, 7)


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("too-short", [1, 2, 3, 4, 5, 6]),
        ("never-moved", [0] * 24),
        ("never-moved", [7] * 24),
        ("too-many-gaps", [*MOVING, 1, None, None, None, None, None, None, None, 9]),
    ],
)
def test_refused_with_a_reason_in_both_languages_rather_than_wrong_in_silence(code, counts):
    with pytest.raises(ForecastRefused) as refusal:
        first_forecast(monthly(counts))

    assert refusal.value.code == code
    assert "Darién · VEN" in refusal.value.reason_en
    assert "Darién · VEN" in refusal.value.reason_es


def test_a_series_that_ended_is_refused_and_one_that_is_late_is_not():
    """The last figure is October 2023: in May 2024 six whole months are missing, in June seven."""
    assert first_forecast(monthly(MOVING), today=date(2024, 5, 31)).horizons == 6
    with pytest.raises(ForecastRefused) as refusal:
        first_forecast(monthly(MOVING), today=date(2024, 6, 1))
    assert refusal.value.code == "ended"


def test_nothing_known_by_that_day_is_refused():
    with pytest.raises(ForecastRefused) as refusal:
        first_forecast(monthly(MOVING), known_at=date(2022, 1, 1))
    assert refusal.value.code == "empty"


def test_a_part_month_is_left_out_and_said_so():
    observations = [Observation(JANUARY + k, c, (JANUARY + k + 1).last_day) for k, c in enumerate(MOVING)]
    running = Observation(Period.month(2023, 11), 31, date(2023, 11, 10))
    series = ObservedSeries("Honduras", "M", (*observations, running))

    forecast = first_forecast(series)

    assert forecast.origin == Period.month(2023, 10)
    assert [remark.code for remark in forecast.remarks] == ["part-period", "short"]
    assert "noviembre de 2023" in forecast.remarks[0].text_es


def test_gaps_provisional_and_rare_figures_are_said():
    counts = [3, 1, 0, None, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    series = ObservedSeries.from_counts("Darién · NPL", JANUARY, counts, status="provisional")

    codes = [remark.code for remark in first_forecast(series).remarks]

    assert codes == ["gaps", "short", "provisional", "rare"]


def test_a_forecast_as_known_then_ignores_what_was_said_since():
    observations = tuple(
        Observation(JANUARY + k, c, (JANUARY + k + 1).last_day) for k, c in enumerate(MOVING)
    )
    revised = (*observations, Observation(JANUARY + 7, 99_999, date(2024, 3, 1), "revised"))
    day = date(2023, 12, 15)

    then = first_forecast(ObservedSeries("x", "M", observations), known_at=day)
    now = first_forecast(ObservedSeries("x", "M", revised), known_at=day)

    assert now.quantiles.tolist() == then.quantiles.tolist()
    assert now.known_at == day


def test_weekly_and_daily_series_are_forecast_alike():
    for frequency, label in (("W", "2023-W11"), ("D", "2023-01-12")):
        start = Period.containing(date(2023, 1, 2), frequency)
        forecast = first_forecast(ObservedSeries.from_counts("Canal", start, MOVING))

        assert str(forecast.targets[0]) == label


def test_a_forecast_with_a_hole_in_it_cannot_be_built():
    quantiles = np.ones((2, 23))
    holed = np.where(np.arange(23) == 3, np.nan, quantiles)

    with pytest.raises(ValueError, match="no number"):
        Forecast("x", "m", JANUARY, 1.0, holed, quantiles, quantiles)


@given(st.lists(st.integers(0, 10**6), min_size=8, max_size=60).filter(lambda c: len(set(c)) > 1))
def test_quantiles_are_counts_that_never_fall_and_widen_with_the_horizon(counts):
    forecast = first_forecast(monthly(counts))

    assert np.all(forecast.quantiles >= 0)
    assert np.all(np.diff(forecast.quantiles, axis=1) >= 0)
    assert np.all(np.diff(forecast.quantiles[:, -1]) >= 0)
    assert forecast.quantiles == pytest.approx(forecast.cube_root_walk)
    assert forecast.method == CUBE_ROOT_WALK.name
