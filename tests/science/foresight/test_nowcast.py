"""The running month from its first days, and weekly counts with a season."""

from datetime import date, timedelta

import numpy as np
import pytest

from corredor.science.foresight import ForecastRefused, first_forecast
from corredor.science.foresight.methods.seasonal_pool import SeasonalPool
from corredor.science.foresight.nowcast import nowcast
from corredor.science.foresight.panel import Flow, Panel
from corredor.science.foresight.quantiles import MEDIAN
from corredor.science.series import Observation, ObservedSeries, Period

FIRST = date(2022, 1, 1)


def days_until(day: date, per_day=lambda day: 100.0) -> ObservedSeries:
    number = (day - FIRST).days + 1
    counts = [per_day(FIRST + timedelta(days=k)) for k in range(number)]
    return ObservedSeries.from_counts("gate", Period.containing(FIRST, "D"), counts)


def noisy(seed: int):
    rng = np.random.default_rng(seed)
    drawn = iter(rng.poisson(100, size=3000))
    return lambda day: float(next(drawn))


def test_a_hundred_a_day_makes_three_thousand_a_month():
    """No day ever strayed, so nothing is uncertain: 30 × 100."""
    found = nowcast(days_until(date(2024, 6, 10)))

    assert (found.month, found.through, found.counted) == (Period.month(2024, 6), date(2024, 6, 10), 1000)
    assert found.quantiles == pytest.approx(np.full(23, 3000))


def test_past_errors_set_the_width_and_it_shrinks_as_days_are_counted():
    early, late = (nowcast(days_until(date(2024, 6, day), noisy(1))) for day in (6, 24))

    assert early.interval(80)[0] < 3000 < early.interval(80)[1]
    assert late.interval(80)[1] - late.interval(80)[0] < early.interval(80)[1] - early.interval(80)[0]


def test_the_month_never_ends_below_what_was_counted():
    flood = nowcast(days_until(date(2024, 6, 20), lambda day: 1000.0 if day.day < 15 else 1.0))

    assert flood.quantiles.min() >= flood.counted


def test_after_the_last_day_the_next_month_runs_and_is_too_young():
    with pytest.raises(ForecastRefused) as refusal:
        nowcast(days_until(date(2024, 6, 30)))

    assert refusal.value.code == "too-early"
    assert "2024-07" in refusal.value.reason_es


def test_weeks_are_spread_over_their_days():
    start = Period.containing(date(2022, 1, 3), "W")
    weeks = ObservedSeries.from_counts("gate", start, [700] * 129)

    found = nowcast(weeks)

    assert found.through == weeks.counts()[0].first_day + timedelta(days=129 * 7 - 1)
    assert found.median == pytest.approx(100 * ((found.month + 1).first_day - found.month.first_day).days)


def test_as_known_then_later_days_do_not_count():
    series = ObservedSeries(
        "gate",
        "D",
        tuple(
            Observation(
                Period.containing(FIRST + timedelta(days=k), "D"), 100.0, FIRST + timedelta(days=k + 1)
            )
            for k in range(900)
        ),
    )

    found = nowcast(series, known_at=date(2024, 5, 9))

    assert found.through == date(2024, 5, 8)


def test_what_cannot_be_nowcast_says_why():
    monthly = ObservedSeries.from_counts("gate", Period.month(2022, 1), [1, 2, 3])
    young = ObservedSeries.from_counts("gate", Period.containing(date(2024, 1, 1), "D"), [5] * 100)
    gappy = ObservedSeries.from_counts(
        "gate",
        Period.containing(FIRST, "D"),
        [None if FIRST + timedelta(days=k) == date(2024, 6, 3) else 9 for k in range(900)],
    ).as_known_at(date(2024, 6, 12))

    codes = []
    for series in (monthly, young, gappy):
        with pytest.raises(ForecastRefused) as refusal:
            nowcast(series)
        codes.append(refusal.value.code)
    assert codes == ["not-within-month", "too-short", "gaps"]


def test_half_the_pool_is_lately_half_this_week_in_past_years():
    """Eight weeks of 8 lately, two past years of 27 about the target: the median lies between, the ends are 8 and 27."""
    counts = np.zeros(140)
    counts[-8:] = 8.0
    target = 140
    for year in (1, 2):
        counts[target - 52 * year - 2 : target - 52 * year + 3] = 27.0
    panel = Panel((Flow("SEA"),), Period.parse("2022-W01"), counts[None, :])

    quantiles = SeasonalPool().fit(panel).predict(1)[0, 0]

    assert (quantiles[0], quantiles[-1]) == pytest.approx((8.0, 27.0))
    assert 8.0 < quantiles[MEDIAN] < 27.0


def test_a_weekly_series_is_forecast_by_the_pool_with_the_walk_beside_it():
    counts = np.random.default_rng(2).poisson(40, size=160)
    series = ObservedSeries.from_counts("sea", Period.parse("2022-W01"), counts)

    forecast = first_forecast(series, horizons=4, method=SeasonalPool())

    assert forecast.method == "seasonal_pool"
    assert forecast.median(2) == pytest.approx(40, abs=6)
    assert forecast.cube_root_walk.shape == (4, 23)


def test_the_pool_does_not_see_the_future_and_is_silent_when_young():
    counts = np.random.default_rng(2).poisson(40, size=(1, 160)).astype(float)
    panel = Panel((Flow("SEA"),), Period.parse("2022-W01"), counts)
    poisoned = counts.copy()
    poisoned[:, 121:] = 1e9
    origin = panel.start + 120

    clean, other = (
        SeasonalPool().fit(Panel(panel.flows, panel.start, table).until(origin)).predict(4)
        for table in (counts, poisoned)
    )

    assert np.array_equal(clean, other)
    assert np.all(np.isnan(SeasonalPool().fit(panel.until(panel.start + 5)).predict(1)))
