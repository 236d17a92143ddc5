"""Scores, on cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from corredor.science.foresight import scoring
from corredor.science.foresight.quantiles import LEVELS, PROBITS, as_quantiles

NORMAL = as_quantiles(100 + 10 * PROBITS)


def test_pinball_loss_charges_the_side_that_was_thought_unlikely():
    assert scoring.pinball(10.0, [8.0], [0.9]).tolist() == pytest.approx([1.8])
    assert scoring.pinball(6.0, [8.0], [0.9]).tolist() == pytest.approx([0.2])


def test_wis_of_a_certain_forecast_is_its_distance():
    assert scoring.wis(130.0, np.full(23, 100.0)) == pytest.approx(30.0)


def test_wis_on_the_log_scale_of_a_certain_forecast_is_the_distance_of_logs():
    assert scoring.wis(99.0, np.full(23, 9.0), "log") == pytest.approx(np.log(10))


def test_wis_equals_the_weighted_interval_form_of_bracher():
    observed, quantiles = 131.0, NORMAL
    widths = []
    for k in range(11):
        alpha, low, high = 2 * LEVELS[k], quantiles[k], quantiles[22 - k]
        score = (high - low) + 2 / alpha * max(low - observed, 0) + 2 / alpha * max(observed - high, 0)
        widths.append(alpha / 2 * score)
    bracher = (0.5 * abs(observed - quantiles[11]) + sum(widths)) / (11 + 0.5)

    assert scoring.wis(observed, quantiles) == pytest.approx(bracher)


@pytest.mark.parametrize(("observed", "inside"), [(100, True), (112.8, True), (112.9, False), (87.1, False)])
def test_eighty_percent_interval_of_a_normal_reaches_1_28_deviations(observed, inside):
    assert bool(scoring.covered(observed, NORMAL, 80)) is inside


def test_error_is_measured_from_the_median():
    assert scoring.absolute_error(93.0, NORMAL) == pytest.approx(7.0)


def test_relative_score_compares_means_on_the_same_rows():
    assert scoring.relative([1.0, 3.0], [2.0, 3.0]) == pytest.approx(0.8)
    assert np.isnan(scoring.relative([], []))
    with pytest.raises(ValueError, match="same rows"):
        scoring.relative([1.0], [1.0, 2.0])


def test_bootstrap_of_a_constant_ratio_has_no_width():
    reference = np.arange(1.0, 41.0)
    interval = scoring.bootstrap_ratio(
        0.9 * reference, reference, np.repeat(np.arange(20), 2), rng=np.random.default_rng(1)
    )

    assert (interval.low, interval.high) == pytest.approx((0.9, 0.9))


def test_bootstrap_draws_circular_runs_of_whole_origins():
    """Two origins in blocks of two: every draw takes both, so the ratio is always the plain one."""
    interval = scoring.bootstrap_ratio(
        [1.0, 2.0, 5.0], [2.0, 2.0, 4.0], [202301, 202301, 202302], rng=np.random.default_rng(2), block=2
    )

    assert (interval.low, interval.high) == pytest.approx((1.0, 1.0))


def test_bootstrap_is_repeatable_and_holds_the_ratio():
    rng = np.random.default_rng(3)
    scores, reference, origins = rng.gamma(2, 1, 400), rng.gamma(2, 1, 400), np.repeat(np.arange(40), 10)

    first, second = (
        scoring.bootstrap_ratio(scores, reference, origins, rng=np.random.default_rng(7)) for _ in range(2)
    )

    assert first == second
    assert first.low < scoring.relative(scores, reference) < first.high


def test_average_precision_of_a_worked_ranking():
    """Ranked 1, 0, 1: precision 1 at the first event, 2/3 at the second."""
    assert scoring.average_precision([True, False, True], [0.9, 0.8, 0.1]) == pytest.approx((1 + 2 / 3) / 2)


def test_average_precision_without_knowledge_is_the_base_rate():
    assert scoring.average_precision([True, False, False, False], [0.3] * 4) == pytest.approx(0.25)
    assert np.isnan(scoring.average_precision([False], [0.3]))


def test_brier_skill_is_one_for_a_seer_and_zero_for_the_base_rate():
    assert scoring.brier_skill([1, 0, 0, 1], [1, 0, 0, 1]) == pytest.approx(1.0)
    assert scoring.brier_skill([1, 0, 0, 1], [0.5] * 4) == pytest.approx(0.0)
    assert np.isnan(scoring.brier_skill([0, 0], [0.1, 0.2]))


@given(
    st.floats(0, 1e6),
    hnp.arrays(float, 23, elements=st.floats(0, 1e6)).map(as_quantiles),
    st.floats(0.1, 10),
)
def test_wis_is_never_negative_and_scales_with_the_counts(observed, quantiles, factor):
    score = scoring.wis(observed, quantiles)

    assert score >= 0
    assert scoring.wis(factor * observed, factor * quantiles) == pytest.approx(factor * score, abs=1e-6)


@given(st.floats(0, 1e5), hnp.arrays(float, 23, elements=st.floats(0, 1e5)).map(as_quantiles))
def test_narrow_intervals_lie_inside_wide_ones(observed, quantiles):
    inside = [bool(scoring.covered(observed, quantiles, percent)) for percent in (50, 80, 95, 98)]

    assert inside == sorted(inside)
