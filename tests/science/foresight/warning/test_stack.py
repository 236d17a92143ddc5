"""The surveillance light: a regression checked by hand, and what it learns from invented surges."""

import math

import numpy as np
import pytest

from corredor.science.foresight.warning import Watched, reasons_for, train_stack
from corredor.science.foresight.warning.stack import fit_logistic, inputs_of


def invented(seed: int = 6, flows: int = 30, months: int = 120) -> np.ndarray:
    """Restless flows of about a thousand, each with surges to four times as many at random."""
    rng = np.random.default_rng(seed)
    counts = rng.lognormal(math.log(1000), 0.15, size=(flows, months))
    for row in counts:
        for onset in rng.choice(np.arange(20, months - 10, 25), size=3, replace=False):
            row[onset : onset + 5] *= 4
    return np.round(counts)


def test_without_inputs_that_tell_the_intercept_is_the_base_rate():
    happened = np.array([1.0] * 20 + [0.0] * 60)

    logistic = fit_logistic(np.zeros((80, 1)), happened)

    assert logistic.chance(np.zeros((1, 1)))[0] == pytest.approx(0.25)
    assert logistic.weights == pytest.approx([0.0])


def test_at_the_solution_the_slope_of_the_penalised_loss_is_zero():
    """Standardised z = ±1, events 3 of 4 on one side and 1 of 4 on the other: w = C Σ (y − p) z, solved for p."""
    inputs = np.repeat([[-1.0], [1.0]], 4, axis=0)
    happened = np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=float)

    weight = fit_logistic(inputs, happened, strength=0.3).weights[0]

    p = 1 / (1 + math.exp(-weight))
    assert weight == pytest.approx(0.3 * (2 * (3 - 4 * p)), abs=1e-7)


def test_an_unknown_input_counts_as_average():
    inputs = np.array([[-1.0], [1.0], [-1.0], [1.0]])
    logistic = fit_logistic(inputs, np.array([0.0, 1.0, 0.0, 1.0]))

    assert logistic.log_odds(np.array([[np.nan]]))[0] == pytest.approx(logistic.intercept)


def test_the_stack_finds_surges_in_flows_it_never_saw():
    stack = train_stack(invented(seed=6), 1, range(6, 120))

    unseen = invented(seed=7)
    record = Watched.over(unseen, 1, range(12, 120)).at_budget(stack.scores(unseen), 0.05)

    assert record.episodes >= 60
    assert record.found_share > 0.95
    assert record.mean_delay < 1.0


def test_nothing_after_its_span_teaches_the_stack():
    counts = invented()
    poisoned = counts.copy()
    poisoned[:, 90:] = 1e9

    clean, other = (train_stack(table, 1, range(6, 90)).logistic for table in (counts, poisoned))

    assert np.array_equal(clean.weights, other.weights)
    assert clean.intercept == other.intercept


def test_inputs_of_a_month_use_that_month_and_earlier_ones():
    counts = invented(flows=3)
    poisoned = counts.copy()
    poisoned[:, 61:] = 1e9

    assert np.array_equal(inputs_of(counts, -1)[:, :61], inputs_of(poisoned, -1)[:, :61], equal_nan=True)


def test_too_few_episodes_make_no_stack():
    assert train_stack(invented(flows=2), 1, range(6, 120)) is None


def test_reasons_give_the_ratio_and_who_spoke_in_both_languages():
    counts = np.array([1000.0, 1010, 990, 1000, 1005, 995] * 4 + [3200.0])

    reasons = {reason.code: reason for reason in reasons_for(counts, 1)}

    assert reasons["ratio"].text_en.startswith("3,200 against 1,000")
    assert "(3,2 veces)" in reasons["ratio"].text_es
    assert {"ears_c1_root", "walk_z"} <= set(reasons)
    assert "walk_z" not in {reason.code for reason in reasons_for(counts, -1)}
