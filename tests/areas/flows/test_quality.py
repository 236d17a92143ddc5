"""What there is to doubt stands beside the number; the number stays as it was said."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.areas.flows.conftest import row

from corredor.areas.flows import queries
from corredor.areas.flows.models import Series
from corredor.areas.flows.rules import periods, quality
from corredor.kernel import clock
from corredor.kernel.policy import PUBLIC
from corredor.kernel.sharing import Level

FREQUENCIES = st.sampled_from("DWMQY")
DAYS = st.dates(date(1950, 1, 1), date(2090, 1, 1))


@given(day=DAYS, frequency=FREQUENCIES, steps=st.integers(-50, 50))
def test_moving_a_period_forth_and_back_comes_home(day, frequency, steps):
    first = periods.start_of(day, frequency)

    assert first <= day <= periods.last_day_of(first, frequency)
    assert periods.shifted(periods.shifted(first, frequency, steps), frequency, -steps) == first
    assert periods.start_of(periods.last_day_of(first, frequency), frequency) == first


def test_a_fiscal_year_keeps_its_month():
    assert periods.last_day_of(date(2023, 10, 1), "Y") == date(2024, 9, 30)
    assert periods.label(date(2023, 10, 1), "Y") == "2023-10/P1Y"
    assert periods.year_before(date(2024, 2, 29), "D") == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("period", "frequency", "known", "expected"),
    [
        (date(2025, 3, 1), "M", date(2025, 3, 10), True),
        (date(2025, 3, 1), "M", date(2025, 3, 31), True),
        (date(2025, 3, 1), "M", date(2025, 4, 1), False),
        (date(2025, 3, 3), "W", date(2025, 3, 9), True),
        (date(2025, 3, 3), "W", date(2025, 3, 10), False),
    ],
)
def test_a_figure_known_before_its_period_is_over_is_a_part(period, frequency, known, expected):
    assert periods.is_part(period, frequency, known) is expected


def test_a_fall_to_a_seventh_is_unusual_and_the_usual_up_and_down_is_not():
    usual = [9000, 11000, 10000, 12000, 9500, 10500, 11500, 9800, 10200, 11100, 9900, 10800]

    assert quality.unusual_change(usual) is None
    assert quality.unusual_change([*usual, 1500]) < -quality.UNUSUAL
    assert quality.unusual_change([*usual, 60_000]) > quality.UNUSUAL
    assert quality.unusual_change([10, 10, 10, 5000]) is None  # too little history to say
    assert quality.unusual_change([0] * 20 + [3]) is None or quality.unusual_change([0] * 20 + [3]) > 0


def test_lateness_is_by_the_sources_own_habit():
    lag = quality.usual_lag([20, 22, 25, 21])

    assert lag == 22
    assert not quality.is_late(date(2025, 3, 1), "M", lag, date(2025, 5, 25))  # April, due about 22 May
    assert quality.is_late(date(2025, 3, 1), "M", lag, date(2025, 6, 15))
    assert not quality.is_late(date(2025, 3, 1), "M", quality.usual_lag([20]), date(2030, 1, 1))


def test_gaps_are_the_periods_between_that_are_missing():
    assert quality.gaps([date(2024, 1, 1), date(2024, 4, 1)], "M") == [date(2024, 2, 1), date(2024, 3, 1)]
    assert quality.gaps([], "M") == []


@pytest.mark.django_db
def test_a_total_that_its_parts_do_not_add_up_to_is_shown_with_the_difference(take):
    rows = [
        row("2024-01-01", 100),
        row("2024-01-01", 60, nationality="VEN"),
        row("2024-01-01", 30, nationality="HTI"),
    ]

    take(rows, level=Level.PUBLIC)

    headline = queries.situation(PUBLIC).gates[0].headlines[0]
    assert (headline.series.basis, headline.last.value) == ("published", 100)
    assert [flag.code for flag in headline.flags] == ["sum-differs"]
    assert "90" in headline.flags[0].words.es
    assert "90" in headline.flags[0].words.en
    page = queries.series_points(PUBLIC, headline.series.id)
    assert [flag.code for flag in page.flags] == ["sum-differs"]


@pytest.mark.django_db
def test_gaps_unusual_changes_and_lateness_are_told_in_both_languages(take):
    counts = [900, 1100, 1000, 1200, 950, 1050, 1150, 980, 1020, 1110, 990, 9000]
    months = [f"2023-{n:02d}-01" for n in range(1, 13) if n != 6]
    for turn, (month, count) in enumerate(zip(months, counts, strict=False)):
        known = date.fromisoformat(month).replace(day=1)
        year, following = divmod(known.month, 12)
        take([row(month, count)], date(2023 + year, following + 1, 20), level=Level.PUBLIC)
        assert turn < 12
    take([row("2024-01-01", 90_000)], date(2024, 2, 20), level=Level.PUBLIC)

    with clock.moved_to(datetime(2024, 6, 20, tzinfo=UTC)):
        flags = {flag.code: flag for flag in queries.quality_of(PUBLIC, Series.objects.get().pk)}
        freshness = queries.freshness(PUBLIC)[0]

    assert set(flags) == {"gap", "unusual", "late"}
    assert flags["gap"].period == date(2023, 6, 1)
    assert flags["unusual"].period == date(2024, 1, 1)
    assert all(flag.words.en and flag.words.es for flag in flags.values())
    assert flags["late"].words.en == (
        "This source is usually known about 20 days after a period ends; its last figure, for January 2024, "
        "is 5 months old."
    )
    assert flags["late"].words.es == (
        "Las cifras de esta fuente suelen conocerse unos 20 días después de terminar el período; la última, "
        "de enero de 2024, tiene 5 meses."
    )
    assert (freshness.is_late, freshness.usual_lag_days) == (True, 20)


@pytest.mark.django_db
def test_one_sentence_says_what_changed(take):
    take(
        [row("2023-02-01", 10_000), row("2024-01-01", 24_000), row("2024-02-01", 12_500)],
        level=Level.PUBLIC,
    )

    sentence = queries.situation(PUBLIC).gates[0].headlines[0].sentence

    assert sentence.en == (
        "February 2024: 12,500 people; 11,500 fewer than in January 2024 (−48%); "
        "2,500 more than in February 2023 (+25%)."
    )
    assert sentence.es == (
        "Febrero de 2024: 12,500 personas; 11,500 menos que en enero de 2024 (−48\u00a0%); "
        "2,500 más que en febrero de 2023 (+25\u00a0%)."
    )


@pytest.mark.django_db
def test_a_part_is_never_compared_with_a_whole(take):
    with clock.moved_to(datetime(2024, 2, 10, tzinfo=UTC)):
        take([row("2024-02-01", 100)], date(2024, 2, 10), level=Level.PUBLIC)

    headline = queries.situation(PUBLIC).gates[0].headlines[0]

    assert headline.last.is_part
    assert headline.previous is None
    assert "provisional" in headline.sentence.en
