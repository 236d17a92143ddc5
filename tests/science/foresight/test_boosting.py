"""The boosted trees: what they are taught, that they learn a corridor, and that they stay out of the way."""

import subprocess
import sys

import numpy as np
import pytest

from corredor.science.foresight.backtest import forecasts_of
from corredor.science.foresight.methods.boosting import (
    FEWEST_ROWS,
    LARGEST_CHANGE,
    LEARNT_LEVELS,
    CorridorTrees,
    all_levels,
    lessons,
)
from corredor.science.foresight.methods.random_walk import CUBE_ROOT_WALK
from corredor.science.foresight.panel import Flow, Panel
from corredor.science.foresight.quantiles import MEDIAN, PROBITS, index_of
from corredor.science.series import Period


def quick(**settings) -> CorridorTrees:
    return CorridorTrees(rounds=12, threads=1, **settings)


def test_the_other_levels_lie_on_straight_lines_between_those_learnt():
    """A cube root that is Normal(10, 1) is known at seven levels; the 23 must be (10 + z)³, the tails too."""
    learnt = (10 + PROBITS[[index_of(level) for level in LEARNT_LEVELS]]) ** 3

    assert all_levels(learnt[None, :])[0] == pytest.approx((10 + PROBITS) ** 3)


def test_a_lesson_is_the_change_in_units_of_the_flows_own_movement():
    """Counts of 99 that jump to 299 at the end: log(300/100) seen one period ahead, from a flow that had never moved."""
    counts = np.array([[99.0] * 20 + [299.0]])
    table, target, weight = lessons(Panel((Flow("DAR", "A"),), Period.month(2022, 1), counts), forgetting=0.5)

    one_ahead = table[:, -1] == 1
    unit = np.sqrt(0.08**2 + 1 / 100)  # the calmest volatility, and chance in a count of 99
    assert target[one_ahead][-1] == pytest.approx(np.log(3) / unit, rel=1e-6)
    assert target[one_ahead][:-1] == pytest.approx(0.0)
    assert weight[one_ahead][-1] == pytest.approx(np.log(100))
    assert weight[one_ahead][-2] == pytest.approx(np.log(100) / 2)


def test_nothing_beyond_the_history_is_taught(corridor):
    """Every lesson's outcome lies inside: flows × (periods − horizon) rows a horizon at most, none from the last."""
    table, _, _ = lessons(corridor, 0.985)

    flows, periods = corridor.counts.shape
    for h in range(1, 7):
        assert np.sum(table[:, -1] == h) <= flows * (periods - h)


def test_extreme_changes_are_clipped():
    counts = np.array([[500.0] * 15 + [0.0] * 3 + [500.0] * 6])
    _, target, _ = lessons(Panel((Flow("DAR", "A"),), Period.month(2022, 1), counts), 1.0)

    assert np.max(np.abs(target)) <= LARGEST_CHANGE / np.sqrt(0.08**2)


def test_where_honduras_repeats_darien_the_trees_see_it_coming(corridor):
    origins = [corridor.start + k for k in range(44, 58)]
    rows = np.array([flow.node == "HND" and not flow.is_total for flow in corridor.flows])
    happened = np.concatenate([corridor.at(origin + 1)[rows] for origin in origins])

    def error(method) -> float:
        said = forecasts_of(method, corridor, origins, 1).reshape(len(origins), -1, 23)[:, rows, MEDIAN]
        return float(np.abs(np.log1p(said.ravel()) - np.log1p(happened)).mean())

    assert error(CorridorTrees(rounds=60, threads=1)) < 0.8 * error(CUBE_ROOT_WALK)


def test_equal_histories_give_equal_trees_on_one_thread_or_two(corridor):
    once = CorridorTrees(rounds=12, threads=1).fit(corridor).predict(3)
    again = CorridorTrees(rounds=12, threads=2).fit(corridor).predict(3)

    assert np.array_equal(once, again)
    assert np.all(np.diff(once, axis=-1) >= 0)
    assert np.all(once >= 0)


def test_trees_are_trained_anew_every_third_month_and_only_asked_between(corridor):
    method = quick()
    months = [corridor.start + k for k in (50, 51, 52, 53, 54, 55)]

    for month in months:
        method.fit(corridor.until(month))

    assert len(method._trained) == len({month.ordinal // 3 for month in months})


def test_too_little_to_learn_from_is_answered_with_silence(corridor):
    short = corridor.until(corridor.start + 11)
    assert len(lessons(short, 1.0)[1]) < FEWEST_ROWS

    assert np.all(np.isnan(quick().fit(short).predict(2)))


def test_horizons_beyond_those_taught_are_left_to_others(corridor):
    said = quick().fit(corridor).predict(8)

    assert np.all(np.isfinite(said[:, :6]))
    assert np.all(np.isnan(said[:, 6:]))


def test_a_flow_silent_now_gets_no_forecast(corridor):
    counts = np.array(corridor.counts)
    counts[3, -1] = np.nan

    said = quick(every=1).fit(Panel(corridor.flows, corridor.start, counts)).predict(1)

    assert np.all(np.isnan(said[3]))
    assert np.all(np.isfinite(said[4]))


def test_reading_forecasts_never_loads_lightgbm():
    code = (
        "import sys, corredor.science.foresight as f; f.corridor_mix(); sys.exit('lightgbm' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
