"""The 23 levels and the algebra on them, on cases worked by hand."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from corredor.science.foresight.quantiles import (
    LEVELS,
    MEDIAN,
    PROBITS,
    as_quantiles,
    at_scores,
    chance_above,
    cube_root_mean,
    index_of,
    normal_scores,
    widen,
)

WALK = as_quantiles((10 + 2 * PROBITS) ** 3)  # cube root normal: mean 10, sd 2
distributions = hnp.arrays(float, 23, elements=st.floats(0, 1e6)).map(as_quantiles)


def test_levels_are_the_standard_twenty_three():
    expected = "0.01 0.025 0.05 0.1 0.15 0.2 0.25 0.3 0.35 0.4 0.45 0.5 0.55 0.6 0.65 0.7 0.75 0.8 0.85 0.9 0.95 0.975 0.99"

    assert LEVELS.tolist() == [float(level) for level in expected.split()]
    assert LEVELS[MEDIAN] == 0.5
    assert PROBITS[index_of(0.975)] == pytest.approx(1.959964, abs=1e-6)


def test_an_unknown_level_is_not_guessed():
    with pytest.raises(ValueError, match="standard levels"):
        index_of(0.33)


def test_reading_at_the_levels_own_scores_gives_the_quantiles_back():
    assert at_scores(WALK, PROBITS) == pytest.approx(WALK)


def test_tails_go_on_straight_on_the_cube_root_scale():
    assert np.cbrt(at_scores(WALK, [3.0, -3.5])) == pytest.approx([16.0, 3.0])


@pytest.mark.parametrize("score", [-3.0, -1.2345, 0.0, 0.7, 2.9])
def test_score_of_an_outcome_is_its_distance_in_standard_deviations(score):
    assert normal_scores((10 + 2 * score) ** 3, WALK) == pytest.approx(score)


def test_an_outcome_shared_by_several_levels_scores_in_their_middle():
    half_zero = as_quantiles(np.where(LEVELS <= 0.5, 0.0, 8.0))  # half the mass at nothing, half at eight

    assert normal_scores(0.0, half_zero) == pytest.approx(PROBITS[index_of(0.25)])
    assert normal_scores(8.0, half_zero) == pytest.approx(NormalDist().inv_cdf(0.775))  # from 0.55 to 1


def test_an_outcome_not_yet_known_has_no_score():
    assert np.isnan(normal_scores(np.nan, WALK))


def test_a_certain_forecast_met_exactly_scores_zero():
    assert normal_scores(5.0, np.full(23, 5.0)) == 0.0


def test_cube_root_mean_of_one_and_twenty_seven_is_eight():
    assert cube_root_mean(np.full(23, 1.0), np.full(23, 27.0)) == pytest.approx(np.full(23, 8.0))


def test_widening_by_a_half_moves_five_standard_deviations_to_seven_and_a_half():
    assert np.cbrt(widen(WALK, 1.5)) == pytest.approx(10 + 3 * PROBITS)


def test_chance_above_the_median_is_one_half_and_of_nothing_or_more_is_certain():
    assert chance_above(1000.0, WALK) == pytest.approx(0.5)
    assert chance_above(0.0, WALK) == 1.0


@given(hnp.arrays(float, (3, 23), elements=st.floats(-1e6, 1e6)))
def test_any_numbers_become_a_legal_distribution(values):
    quantiles = as_quantiles(values)

    assert np.all(quantiles >= 0)
    assert np.all(np.diff(quantiles, axis=-1) >= 0)


@given(distributions, distributions)
def test_mean_of_two_distributions_lies_between_them(one, other):
    mean = cube_root_mean(one, other)

    assert np.all(mean >= np.minimum(one, other) * (1 - 1e-9))
    assert np.all(mean <= np.maximum(one, other) * (1 + 1e-9))


@given(distributions, st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_larger_outcome_never_scores_lower(quantiles, one, other):
    low, high = sorted((one, other))

    assert normal_scores(low, quantiles) <= normal_scores(high, quantiles) + 1e-9


@given(distributions, st.floats(1, 1e6), st.floats(1, 1e6))
def test_a_higher_threshold_is_never_likelier(quantiles, one, other):
    low, high = sorted((one, other))

    assert chance_above(low, quantiles) >= chance_above(high, quantiles) - 1e-9
