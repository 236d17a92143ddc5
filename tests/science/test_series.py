"""An observed series keeps what was said when, and refuses what cannot be a series."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corredor.science.series import Observation, ObservedSeries, Period, SeriesRefused

JANUARY = Period.month(2024, 1)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


def month(number: int) -> Period:
    return Period.month(2024, number)


@pytest.mark.parametrize(
    ("frequency", "label", "first", "last"),
    [
        ("D", "2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("W", "2024-W09", date(2024, 2, 26), date(2024, 3, 3)),
        ("M", "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_leap_day_belongs_to_its_day_week_and_month(frequency, label, first, last):
    period = Period.containing(date(2024, 2, 29), frequency)

    assert (period.label, period.first_day, period.last_day) == (label, first, last)


def test_iso_week_belongs_to_the_year_of_its_thursday():
    assert Period.containing(date(2024, 12, 30), "W").label == "2025-W01"


def test_months_count_across_the_turn_of_the_year():
    assert Period.month(2023, 11) + 3 == Period.month(2024, 2)
    assert Period.month(2024, 2) - Period.month(2023, 11) == 3


def test_a_week_is_not_measured_in_months():
    with pytest.raises(ValueError, match="cannot be measured"):
        Period.month(2024, 1) - Period.containing(date(2024, 1, 1), "W")


@pytest.mark.parametrize("text", ["2024", "2024-13", "marzo 2024", "2024-W60"])
def test_what_is_no_period_is_not_parsed(text):
    with pytest.raises(ValueError, match=r"."):
        Period.parse(text)


@given(days, st.sampled_from("DWM"), st.integers(-500, 500))
def test_period_arithmetic_is_coherent(day, frequency, steps):
    period = Period.containing(day, frequency)

    assert period.first_day <= day <= period.last_day
    assert (period + steps) - period == steps
    assert Period.parse(period.label) == period
    assert (period + 1).first_day == period.last_day + timedelta(days=1)


def test_a_revision_replaces_the_figure_only_from_its_day_on():
    series = ObservedSeries(
        "Darién",
        "M",
        (
            Observation(JANUARY, 110, date(2024, 4, 2), "revised"),
            Observation(JANUARY, 100, date(2024, 2, 10), "provisional"),
            Observation(month(2), 50, date(2024, 3, 10)),
        ),
    )

    assert series.as_known_at(date(2024, 4, 1)).counts()[1].tolist() == [100, 50]
    assert series.as_known_at(date(2024, 4, 2)).counts()[1].tolist() == [110, 50]
    assert [o.count for o in series.revisions(JANUARY)] == [100, 110]
    assert series.as_known_at(date(2024, 4, 1)).provisional_periods == (JANUARY,)
    assert series.provisional_periods == ()


def test_a_figure_without_date_is_known_when_its_period_is_over():
    series = ObservedSeries.from_counts("Honduras", JANUARY, [1, 2, 3])

    assert series.as_known_at(date(2024, 2, 29)).counts()[1].tolist() == [1]
    assert series.as_known_at(date(2024, 3, 1)).counts()[1].tolist() == [1, 2]


def test_a_moment_is_known_on_its_day_in_universal_time():
    evening = datetime(2024, 2, 9, 20, 0, tzinfo=timezone(timedelta(hours=-6)))

    assert Observation(JANUARY, 1, evening).known_on == date(2024, 2, 10)
    assert Observation(JANUARY, 1, datetime(2024, 2, 9, 20, 0, tzinfo=UTC)).known_on == date(2024, 2, 9)


def test_an_unfinished_month_is_flagged_and_never_counted():
    series = ObservedSeries(
        "Honduras",
        "M",
        (Observation(month(2), 900, date(2024, 3, 5)), Observation(month(3), 130, date(2024, 3, 10))),
    )

    assert series.part_periods == (month(3),)
    assert series.counts() == (month(2), np.array([900.0]))
    assert series.latest[month(3)].count == 130


def test_the_full_month_replaces_the_running_total():
    series = ObservedSeries(
        "Honduras",
        "M",
        (Observation(month(3), 130, date(2024, 3, 10)), Observation(month(3), 880, date(2024, 4, 5))),
    )

    assert series.part_periods == ()
    assert series.counts()[1].tolist() == [880]


def test_a_gap_is_not_a_zero():
    series = ObservedSeries.from_counts("Darién", JANUARY, [10, None, float("nan"), 0])

    assert series.gaps == (month(2), month(3))
    assert np.isnan(series.counts()[1]).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("code", "observations"),
    [
        ("empty", []),
        ("negative", [Observation(JANUARY, -1)]),
        ("not-a-count", [Observation(JANUARY, 3.5)]),
        ("not-a-count", [Observation(JANUARY, float("inf"))]),
        ("impossible", [Observation(JANUARY, 2e9)]),
        ("known-too-early", [Observation(JANUARY, 4, date(2023, 12, 31))]),
        ("mixed-frequencies", [Observation(Period.parse("2024-W05"), 4)]),
        ("duplicated-period", [Observation(JANUARY, 4), Observation(JANUARY, 5)]),
        ("duplicated-period", [Observation(JANUARY, 4), Observation(JANUARY, 4)]),
    ],
)
def test_what_is_no_series_is_refused_by_name_in_both_languages(code, observations):
    with pytest.raises(SeriesRefused) as refusal:
        ObservedSeries("Darién", "M", tuple(observations))

    assert refusal.value.code == code
    assert "Darién" in refusal.value.reason_en
    assert "Darién" in refusal.value.reason_es
    assert refusal.value.reason_en != refusal.value.reason_es


def test_a_series_of_running_totals_only_has_no_counts():
    series = ObservedSeries("Honduras", "M", (Observation(JANUARY, 4, date(2024, 1, 10)),))

    with pytest.raises(SeriesRefused, match="whole period"):
        series.counts()


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 29), st.integers(0, 400), st.integers(0, 10**6)), max_size=20),
    st.integers(0, 1200),
)
def test_what_was_known_never_depends_on_what_was_said_later(counts, revisions, cut):
    first = [
        Observation(JANUARY + k, c, (JANUARY + k).last_day + timedelta(days=5)) for k, c in enumerate(counts)
    ]
    later = {
        (k, delay): Observation(JANUARY + k, c, (JANUARY + k).last_day + timedelta(days=6 + delay))
        for k, delay, c in revisions
        if k < len(counts)
    }
    day = date(2024, 2, 10) + timedelta(days=cut)
    said = [*first, *later.values()]

    known = ObservedSeries("x", "M", tuple(said)).as_known_at(day)

    alone = ObservedSeries("x", "M", tuple(o for o in said if o.known_on <= day))
    assert known.counts()[1].tolist() == alone.counts()[1].tolist()
    assert all(o.known_on <= day for o in known.observations)


@pytest.mark.parametrize(
    ("period", "english", "spanish"),
    [
        ("2025-04", "April 2025", "abril de 2025"),
        ("2025-W10", "the week of 3 March 2025", "la semana del 3 de marzo de 2025"),
        ("2025-03-05", "5 March 2025", "5 de marzo de 2025"),
    ],
)
def test_a_period_is_said_as_one_says_it(period, english, spanish):
    said = Period.parse(period)

    assert (said.in_english, said.in_spanish) == (english, spanish)
