"""Sums stand beside the figures they come from, exactly, and never across measures, gates, sources or directions."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.areas.flows.conftest import row

from corredor.areas.flows import queries
from corredor.areas.flows.models import Batch, Observation, Series, TotalCheck
from corredor.areas.flows.rules import sums
from corredor.areas.flows.rules.sums import Key
from corredor.kernel.policy import SYSTEM

ENTRIES = Key("irregular_entries", "HND-ALL", "M", "ALL", "ALL", "ALL", "ALL", "ALL", "")


def points(**about):
    series = Series.objects.get(**about)
    return {point.label: point for point in queries.series_points(SYSTEM, series.pk).points}


def test_a_figure_belongs_to_the_whole_of_its_gate_and_of_its_nationality():
    part = ENTRIES._replace(nationality="VEN", sex="F", age="0-17", direction="north")

    wholes = sums.wholes_of(part)

    assert wholes == [
        ENTRIES._replace(direction="north", basis="sum:nationality+sex+age"),
        ENTRIES._replace(direction="north", nationality="VEN", basis="sum:sex+age"),
    ]
    assert sums.wholes_of(ENTRIES) == []
    assert sums.wholes_of(wholes[0]) == []


def test_details_of_other_keys_make_another_sum():
    by_component = ENTRIES._replace(detail="component=OFO;area=X")

    assert [whole.basis for whole in sums.wholes_of(by_component)] == ["sum:detail(component,area)"]


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        (["0-17", "18+"], False),
        (["0-17", "12-17", "18+"], True),
        (["0-17", "17+"], True),
        (["UNK", "18+"], False),
    ],
)
def test_age_groups_that_contain_each_other_are_noticed(ages, expected):
    assert sums.overlap(ages) is expected


@pytest.mark.django_db
def test_age_groups_that_contain_each_other_are_not_summed(take):
    take([row("2024-01-01", n, age=age) for n, age in ((5, "0-17"), (3, "12-17"), (9, "18+"))])

    assert not Observation.objects.filter(series__basis="sum:age").exists()


@pytest.mark.django_db
def test_measures_gates_and_directions_are_never_added_together(take):
    take(
        [
            row("2024-01-01", 1, nationality="VEN", direction="north"),
            row("2024-01-01", 2, nationality="VEN", direction="south"),
            row("2024-01-01", 4, nationality="VEN", measure="returns_received"),
            row("2024-01-01", 8, nationality="VEN", gate="HND-DANLI"),
            row("2024-01-01", 16, departure="MEX", direction="north"),
        ]
    )

    found = Observation.objects.exclude(series__basis="published").values_list("value", flat=True)

    assert sorted(found) == [1, 2, 4, 8, 16]


@pytest.mark.django_db
def test_days_make_a_month_and_a_month_that_lacks_days_says_so(take):
    january = [date(2024, 1, 1) + timedelta(days=n) for n in range(31)]
    february = [date(2024, 2, 1) + timedelta(days=n) for n in range(28)]  # 2024 has 29

    take(
        [
            row(str(day), 2, frequency="D", nationality=nat)
            for day in january + february
            for nat in ("VEN", "HTI")
        ]
    )

    total = points(frequency="M", basis="sum:nationality+days")
    assert (total["2024-01"].value, total["2024-01"].parts, total["2024-01"].is_part) == (124, 31, False)
    assert (total["2024-02"].value, total["2024-02"].parts, total["2024-02"].is_part) == (112, 28, True)
    assert points(frequency="M", basis="sum:days", nationality="VEN")["2024-01"].value == 62
    take([row("2024-02-29", 5, frequency="D", nationality="VEN")], date(2024, 7, 1))
    whole = points(frequency="M", basis="sum:nationality+days")["2024-02"]
    assert (whole.value, whole.parts, whole.is_part) == (117, 29, False)


@pytest.mark.django_db
def test_weeks_are_not_cut_into_months(take):
    take([row("2024-01-29", 7, frequency="W", nationality="VEN")])

    assert not Series.objects.filter(frequency="M").exists()


@pytest.mark.django_db
def test_a_sum_with_a_provisional_part_is_provisional_until_every_part_is_validated(take):
    take([row("2024-01-01", n, nationality=c, status="provisional") for n, c in ((5, "VEN"), (3, "HTI"))])
    assert points(basis="sum:nationality")["2024-01"].status == "provisional"

    take([row("2024-01-01", 5, nationality="VEN")], date(2024, 7, 1))
    assert points(basis="sum:nationality")["2024-01"].status == "provisional"

    take([row("2024-01-01", n, nationality=c) for n, c in ((5, "VEN"), (3, "HTI"))], date(2024, 7, 2))
    assert points(basis="sum:nationality")["2024-01"].status == "validated"


PARTS = st.dictionaries(
    st.tuples(
        st.sampled_from(["VEN", "HTI", "ECU"]),
        st.sampled_from(["F", "M"]),
        st.integers(0, 3),
        st.sampled_from([0, 1]),
    ),
    st.one_of(st.integers(0, 50), st.tuples(st.integers(0, 3), st.integers(3, 6))),
    min_size=1,
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(PARTS, min_size=1, max_size=4))
def test_after_any_corrections_each_sum_is_that_of_the_current_parts(take, batches):
    _forget()
    current = {}
    for turn, parts in enumerate(batches):
        take([_written(*part, count) for part, count in sorted(parts.items())], date(2024, 6, 1 + turn))
        current |= parts

    expected = defaultdict(lambda: [0, 0])
    for (nationality, _sex, day, gate), count in current.items():
        low, high = count if isinstance(count, tuple) else (count, count)
        for about in ((gate, "ALL", day), (gate, nationality, day)):
            expected[about][0] += low
            expected[about][1] += high
    summed = Series.objects.filter(frequency="D").exclude(basis="published")
    found = {}
    for series in summed:
        for point in queries.series_points(SYSTEM, series.pk).points:
            about = (int(series.gate_id == "HND-DANLI"), series.nationality, point.period.day - 1)
            low, high = (point.low, point.high) if point.value is None else (point.value, point.value)
            found[about] = [low, high]
    assert found == dict(expected)
    months = (
        Series.objects.get(frequency="M", nationality="ALL", gate="HND-ALL")
        if any(about[0] == 0 for about in expected)
        else None
    )
    if months:
        point = queries.series_points(SYSTEM, months.pk).points[0]
        days = [expected[about] for about in expected if about[0] == 0 and about[1] == "ALL"]
        low, high = (point.low, point.high) if point.value is None else (point.value, point.value)
        assert [low, high] == [sum(d[0] for d in days), sum(d[1] for d in days)]
        assert point.parts == len(days)


def _forget():
    """Each example starts from nothing."""
    Observation.objects.all().delete()
    TotalCheck.objects.all().delete()
    Batch.objects.all().delete()
    Series.objects.all().delete()


def _written(nationality, sex, day, gate, count):
    value, low, high = ("", *count) if isinstance(count, tuple) else (count, "", "")
    place = {"gate": "HND-DANLI" if gate else "HND-ALL", "frequency": "D"}
    return row(
        f"2024-01-{day + 1:02d}",
        value,
        nationality=nationality,
        sex=sex,
        low=str(low),
        high=str(high),
        **place,
    )


def test_the_published_total_is_shown_before_any_sum():
    order = ["published", "sum:file", "sum:days", "sum:nationality", "sum:nationality+days", "sum:sex+age"]

    assert all(sums.preference(one) < sums.preference(other) for one, other in pairwise(order))
