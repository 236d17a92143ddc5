"""Episodes, alarms and their record, counted by hand."""

import numpy as np
import pytest

from corredor.science.foresight.warning import Episode, Watched, episodes_of, starts_of

QUIET = [1000.0] * 8


def test_a_surge_begins_when_it_is_sharp_sustained_and_large():
    assert episodes_of(np.array([*QUIET, 1400, 1900, 1950, 1300, 1300]), 1) == (Episode(8, 10),)
    assert not any(one.onset == 8 for one in episodes_of(np.array([*QUIET, 1399, 1900, 1960]), 1))
    assert episodes_of(np.array([*QUIET, 1400, 1900, 1949, 1300, 1300]), 1) == ()


def test_a_surge_of_fewer_than_two_hundred_people_is_none():
    assert episodes_of(np.array([100.0] * 8 + [299.0] * 3), 1) == ()
    assert episodes_of(np.array([100.0] * 8 + [300.0] * 3), 1) == (Episode(8, 10),)


def test_two_percent_of_the_maximum_is_asked_of_large_series():
    counts = np.array([100_000.0, *[1000.0] * 8, *[2999.0] * 3])

    assert not any(one.onset == 9 for one in episodes_of(counts, 1))
    counts[-3:] = 3000.0
    assert any(one.onset == 9 for one in episodes_of(counts, 1))


def test_an_episode_lasts_nine_periods_at_most_and_the_next_waits_two():
    found = episodes_of(np.array([*QUIET, *[5000.0] * 9, *[20_000.0] * 5]), 1)

    assert found[0] == Episode(8, 16)
    assert found[1].onset == 18  # the step at 17 came too early to be named


def test_a_collapse_is_a_surge_downwards():
    assert episodes_of(np.array([*QUIET, 700, 400, 400, 800]), -1) == (Episode(8, 10),)
    assert episodes_of(np.array([*QUIET, 701, 400, 390, 800]), -1) == ()


def test_unreported_months_begin_nothing():
    assert episodes_of(np.array([*QUIET, 3000, np.nan, 3000, 3000]), 1) == ()
    assert episodes_of(np.full(20, np.nan), 1) == ()


def test_two_quiet_months_close_a_run():
    on = np.array([1, 0, 1, 0, 0, 1, 1, 0], dtype=bool)

    assert starts_of(on).tolist() == [0, 5]


@pytest.fixture
def watched() -> Watched:
    """Two series of 24 months, one surge at column 10 that ends at 14, judged over everything."""
    return Watched([(Episode(10, 14),), ()], range(24), 4.0)


def scores(*months: tuple[int, int]) -> np.ndarray:
    table = np.zeros((2, 24))
    for row, month in months:
        table[row, month] = 1.0
    return table


def test_an_alarm_from_a_month_before_to_three_after_finds_an_onset(watched):
    found = {month: watched.record(scores((0, month)), 0.5).found for month in (8, 9, 10, 13, 14)}

    assert found == {8: 0, 9: 1, 10: 1, 13: 1, 14: 0}


def test_a_late_alarm_inside_an_episode_finds_nothing_but_is_not_false(watched):
    record = watched.record(scores((0, 14)), 0.5)

    assert (record.found, record.alarms, record.false_alarms) == (0, 1, 0)


def test_record_of_past_calls_counts_delay_precision_and_false_alarms(watched):
    record = watched.record(scores((0, 2), (0, 12), (1, 5), (1, 9)), 0.5)

    assert (record.episodes, record.found, record.found_soon, record.mean_delay) == (1, 1, 0, 2.0)
    assert (record.alarms, record.false_alarms, record.false_per_year) == (4, 3, 0.75)
    assert record.precision == 0.25


def test_the_threshold_that_finds_most_within_the_budget_is_taken(watched):
    table = np.zeros((2, 24))
    table[0, 10], table[1, 4], table[1, 12] = 2.0, 3.0, 1.0  # to find the onset one false alarm must be paid

    assert watched.at_budget(table, 0.25).found == 1
    assert watched.at_budget(table, 0.25).false_alarms == 1
    assert watched.at_budget(table, 0.1).found == 0


def test_without_any_score_no_threshold_is_chosen(watched):
    with pytest.raises(ValueError, match="no score"):
        watched.at_budget(np.full((2, 24), np.nan), 0.2)
