"""Each detector on series whose answer is known by hand; none of them looks ahead."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corredor.science.foresight.warning import detectors
from corredor.science.foresight.warning.detectors import (
    DETECTORS,
    change_point,
    cusum,
    ears_c1_root,
    ears_c2_log,
    farrington,
    log_student,
    walk_z,
)


def one(counts) -> np.ndarray:
    return np.array([counts], dtype=float)


def test_ears_c1_is_the_distance_from_the_seven_before_in_their_spread():
    """Roots 1 … 7, then 10: mean 4, sample variance 28 / 6."""
    scores = ears_c1_root(one([1, 4, 9, 16, 25, 36, 49, 100]), 1)

    assert scores[0, -1] == pytest.approx((10 - 4) / math.sqrt(28 / 6))


def test_ears_spread_is_never_less_than_chance_in_a_count():
    """A series that never moved: the root of 100 is 10, of 121 is 11; the spread is taken as that of a Poisson root, ½."""
    assert ears_c1_root(one([100] * 7 + [121]), 1)[0, -1] == pytest.approx(2.0)


def test_ears_c2_leaves_two_periods_between():
    """The two newest months before a jump are high already; C2 still measures from the quiet seven."""
    scores = ears_c2_log(one([9] * 7 + [99, 99, 99]), 1)

    assert scores[0, -1] == pytest.approx((math.log(100) - math.log(10)) / 0.1)


def test_walk_z_measures_a_step_in_usual_steps():
    """Cube roots 1, 2, 1, 2 …, then a step of 3: the usual step is 1."""
    roots = [1, 2] * 6 + [5]

    assert walk_z(one([root**3 for root in roots]), 1)[0, -1] == pytest.approx(3.0)


def test_cusum_adds_what_passes_the_slack_and_never_falls_below_zero():
    flat = [1000.0, 1100.0] * 12
    scores = cusum(one([*flat, 10_000, 10_000, 10_000]), 1)[0]

    assert scores[-3] - scores[-4] == pytest.approx(3.5)  # z is held at 4, the slack is ½
    assert scores[-2] > scores[-3]
    assert np.nanmin(scores) >= 0


def test_a_series_on_its_trend_is_nothing_to_farrington():
    growing = np.round(100 * np.exp(0.03 * np.arange(40)))

    assert abs(farrington(one(growing), 1)[0, -1]) < 0.2


def test_farrington_of_a_jump_from_a_steady_level():
    """Mean 100 exactly, dispersion held at 1: z = 1.5 (200^⅔ − 100^⅔) / √(100^⅓ (1 + 100 v)), v by hand for 36 months."""
    time = np.arange(-36, 0) + 18.0
    information = np.array([[36.0, time.sum()], [time.sum(), (time**2).sum()]]) * 100
    there = np.array([1.0, 18.0])
    variance = there @ np.linalg.inv(information) @ there

    expected = 1.5 * (200 ** (2 / 3) - 100 ** (2 / 3)) / math.sqrt(100 ** (1 / 3) * (1 + 100 * variance))
    assert farrington(one([100] * 36 + [200]), 1)[0, -1] == pytest.approx(expected, rel=1e-6)


def test_an_old_outbreak_counts_less(monkeypatch):
    """A month of 2,000 among hundreds hides a later 300; weighed down, it hides it less."""
    scarred = one([100.0] * 18 + [2000.0] + [100.0] * 17 + [300])
    weighed = farrington(scarred, 1)[0, -1]

    monkeypatch.setattr(detectors, "OUTBREAK", 1e9)

    assert weighed > 1.2 * farrington(scarred, 1)[0, -1]


def test_student_predictive_density_is_that_of_the_textbook():
    """Mean 0, one pseudo-value, shape 1, scale 1: t with 2 degrees, scale² 2; at 0 its density is 1/(2√2) / √2 = ¼."""
    assert math.exp(log_student(0.0, np.array([[0.0, 1.0, 1.0, 1.0]]))[0]) == pytest.approx(0.25, rel=2e-3)


def test_change_point_speaks_when_the_level_changes_and_only_our_way():
    noise = np.exp(np.random.default_rng(2).normal(0, 0.05, 41))
    rising = one(np.round(np.where(np.arange(41) < 40, 100, 1000) * noise))

    assert change_point(rising, 1)[0, -1] > 0
    assert change_point(rising, 1)[0, 20:39].max() < 0
    assert change_point(rising, -1)[0, -1] < -10


@pytest.mark.parametrize("name", DETECTORS)
def test_what_was_not_reported_has_no_score_and_does_not_stop_the_series(name):
    counts = np.random.default_rng(4).poisson(200, size=(2, 60)).astype(float)
    counts[0, 40] = np.nan

    scores = DETECTORS[name](counts, 1)

    assert np.isnan(scores[0, 40])
    assert np.all(np.isfinite(scores[:, 50:]))


@pytest.mark.parametrize("name", DETECTORS)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(14, 39), direction=st.sampled_from((1, -1)))
def test_no_detector_looks_ahead(name, seed, cut, direction):
    counts = np.random.default_rng(seed).negative_binomial(2, 0.01, size=(2, 40)).astype(float)
    poisoned = counts.copy()
    poisoned[:, cut + 1 :] = 1e9

    clean, other = (DETECTORS[name](table, direction)[:, : cut + 1] for table in (counts, poisoned))

    assert np.array_equal(clean, other, equal_nan=True)
