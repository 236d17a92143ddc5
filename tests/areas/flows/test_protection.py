"""Small counts cannot be found again by whoever subtracts what is shown from what is shown."""

from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.areas.flows.conftest import row
from tests.factories.people import actor

from corredor.areas.flows import queries
from corredor.areas.flows.models import Series, Source
from corredor.areas.flows.rules.protection import Protection, Table, protect, tables_shown
from corredor.kernel.policy import PUBLIC
from corredor.kernel.sharing import Level

THRESHOLD = 5
CELLS = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 30), min_size=1)


@given(cells=CELLS)
def test_an_attacker_with_the_total_and_every_shown_cell_learns_no_hidden_one(cells):
    protection = protect(cells, THRESHOLD)

    if protection.unnamed:
        assert protection.unnamed == set(cells)  # no name is left to put a count to
        return
    small = {code for code, people in cells.items() if 0 < people < THRESHOLD}
    assert small <= protection.hidden
    remainder = sum(cells[code] for code in protection.hidden)  # total minus what is shown
    # Were each of the others a single person, a hidden one could still be anything from one to more than the threshold.
    assert not small or remainder - (len(protection.hidden) - 1) > THRESHOLD
    assert len(protection.hidden) != 1


@given(cells=CELLS)
def test_where_nobody_is_few_everything_is_shown(cells):
    large = {code: people + THRESHOLD if people else 0 for code, people in cells.items()}

    assert protect(large, THRESHOLD) == Protection()


def test_a_threshold_of_nothing_hides_nothing():
    assert protect({"A": 1, "B": 2}, 0) == Protection()


def test_a_lone_small_cell_takes_the_smallest_others_with_it():
    assert protect({"A": 2, "B": 40, "C": 7, "D": 9, "E": 0}, THRESHOLD).hidden == {"A", "C", "D"}


def test_with_few_people_in_all_no_row_is_even_named():
    assert protect({"A": 2, "B": 3}, THRESHOLD).unnamed == {"A", "B"}
    assert protect({"A": 3}, THRESHOLD).unnamed == {"A"}


def test_a_cell_withheld_for_another_reason_cannot_be_subtracted_either():
    assert "B" in protect({"A": None, "B": 40, "C": 70}, THRESHOLD).hidden


def table(gate="HND-ALL", frequency="M", by=("nationality",), basis="published", direction="ALL"):
    return Table("irregular_entries", gate, direction, frequency, by, basis)


def test_of_tables_about_the_same_people_those_that_give_each_other_away_are_not_shown_together():
    days, crossed, inner = (
        table(frequency="D"),
        table(by=("nationality", "sex")),
        table(gate="HND-DANLI"),
    )
    by_sex, summed, north = table(by=("sex",)), table(basis="sum:sex"), table(direction="north")
    every = [table(), days, crossed, inner, by_sex, summed, north]

    shown = tables_shown(
        every,
        wider={"HND-DANLI": ["HND-ALL"]},
        order={"published": (0, 0, ""), "sum:sex": (2, 3, "")},
    )

    assert shown == {table(), by_sex}


def test_a_crossed_table_is_shown_where_it_stands_alone():
    crossed = table(by=("sex", "age"))

    assert tables_shown([crossed], wider={}, order={"published": (0, 0, "")}) == {crossed}


@pytest.mark.parametrize("inner_by", [("nationality", "sex"), ("nationality",)])
@pytest.mark.parametrize(
    "around_by", [("nationality", "sex"), ("nationality",), ("departure", "nationality")]
)
def test_a_gate_is_not_broken_down_by_what_the_gate_around_it_is(around_by, inner_by):
    around, inner = table(by=around_by), table(gate="HND-DANLI", by=inner_by)

    shown = tables_shown([around, inner], wider={"HND-DANLI": ["HND-ALL"]}, order={"published": (0, 0, "")})

    assert shown == {around}


def test_of_crossed_tables_with_a_dimension_in_common_one_is_shown():
    one, other = table(by=("nationality", "sex")), table(by=("sex", "age"))

    assert len(tables_shown([one, other], wider={}, order={"published": (0, 0, "")})) == 1


# ---------------------------------------------------------------------------------------------------------------------
# The same attack through the doors: everything a reader is given, against everything that was counted

GATES = ("HND-ALL", "HND-DANLI")
NATIONALITIES = ("VEN", "HTI", "ECU", "CUB")
SEXES = ("F", "M")
DAYS = [date(2024, 4, 1) + timedelta(days=n) for n in range(30)]
UNITS = list(product(range(len(DAYS)), NATIONALITIES, SEXES))


@pytest.fixture
def guarded(take):
    """Daily figures by nationality and sex at a gate, and at the gate around it, from a source that protects counts."""
    Source.objects.filter(pk="hnd-inm-irregular").update(small_cell_threshold=THRESHOLD)
    rng = np.random.default_rng(7)
    weights = {"VEN": 4.0, "HTI": 2.0, "ECU": 0.6, "CUB": 0}
    rows = []
    for gate in GATES:
        for day, nationality, sex in UNITS:
            is_cuban = nationality == "CUB" and sex == "F" and day in (3, 11, 20)  # three in the month
            people = 1 if is_cuban else int(rng.poisson(weights[nationality]))
            rows.append(
                row(str(DAYS[day]), people, gate=gate, nationality=nationality, sex=sex, frequency="D")
            )
    take(rows, level=Level.PUBLIC)


def as_functional(series, period) -> np.ndarray:
    """Which of the counted units a published number adds up; the gate around counts people of its own."""
    vector = np.zeros(len(UNITS) * len(GATES))
    offset = GATES.index(series.gate.code) * len(UNITS)
    for number, (day, nationality, sex) in enumerate(UNITS):
        in_period = DAYS[day] == period if series.frequency == "D" else True
        if in_period and series.nationality in ("ALL", nationality) and series.sex in ("ALL", sex):
            vector[offset + number] = 1
    return vector


def small_cells(reader):
    """Every total by nationality or sex of a day or the month, that holds fewer people than the threshold."""
    everything = list(queries.every_figure(reader))
    return [
        figure
        for figure in everything
        if figure.series.breakdown != ("ALL",) * 4 and figure.point.value and figure.point.value < THRESHOLD
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, "enforcement", "observer_organisation"])
def test_nothing_that_leaves_the_country_adds_up_to_a_small_count(guarded, role):
    reader = actor(role, country="HND") if role else PUBLIC
    at_home = small_cells(actor("reviewer", country="HND"))
    given_out = [f for f in queries.every_figure(reader) if f.point.value is not None]
    known = np.array([as_functional(f.series, f.point.period) for f in given_out])
    rank = np.linalg.matrix_rank(known)

    assert any(f.point.is_protected for f in queries.every_figure(reader))
    assert len(at_home) > 100
    for figure in at_home[:: len(at_home) // 40]:
        wanted = as_functional(figure.series, figure.point.period)
        assert np.linalg.matrix_rank(np.vstack([known, wanted])) == rank + 1, figure.series.key


@pytest.mark.django_db
def test_every_door_protects_the_same_counts(guarded):
    cuba = Series.objects.get(
        nationality="CUB", frequency="M", gate="HND-ALL", sex="ALL", basis="sum:sex+days"
    )

    page = queries.nationality(PUBLIC, "CUB")
    points = queries.series_points(PUBLIC, cuba.pk).points
    composition = queries.gate(PUBLIC, "HND-ALL").compositions[0]

    assert all(point.value is None for point in points)
    assert all(h.last.value is None for gate in page.gates for h in gate.headlines)
    assert "CUB" not in {part.code for part in composition.parts}
    assert queries.statements(PUBLIC, cuba.pk) == ()
    assert all(vintage.value is None for vintage in queries.vintages(PUBLIC, cuba.pk))
    assert [p.value for p in queries.series_points(actor("deputy", country="HND"), cuba.pk).points] != [None]


@pytest.mark.django_db
def test_the_rest_of_a_composition_hides_what_its_rows_hide(guarded):
    composition = queries.gate(PUBLIC, "HND-ALL").compositions[0]

    hidden = [part for part in composition.parts if part.point is None or part.point.value is None]

    assert composition.protected >= 2
    assert [part.code for part in hidden] == ["REST"]
    assert hidden[0].share is None


# ---------------------------------------------------------------------------------------------------------------------
# What was hidden once, and what another source hides


def by_nationality(counts: dict[str, int]) -> list[str]:
    parts = [row("2024-04-01", people, nationality=code) for code, people in counts.items()]
    return [row("2024-04-01", sum(counts.values())), *parts]


def shown_to_all(on=None, **wanted):
    rows = queries.every_figure(PUBLIC, queries.FigureFilter(basis="published", **wanted), as_known_on=on)
    return {figure.series.nationality: figure.point for figure in rows}


@pytest.mark.django_db
@pytest.mark.parametrize("cubans", [5, 12, 40])
def test_a_correction_does_not_tell_what_an_earlier_edition_hid(take, cubans):
    Source.objects.filter(pk="hnd-inm-irregular").update(small_cell_threshold=THRESHOLD)
    first = {"VEN": 100, "CUB": 3, "HTI": 10, "ECU": 20}
    take(by_nationality(first), date(2024, 6, 1), level=Level.PUBLIC)
    take(by_nationality({**first, "CUB": cubans}), date(2024, 7, 1), level=Level.PUBLIC)

    then, now = shown_to_all(date(2024, 6, 2)), shown_to_all()
    cuba = Series.objects.get(nationality="CUB", basis="published")

    assert {code for code, point in then.items() if point.value is None} == {"CUB", "HTI"}
    assert {code for code, point in now.items() if point.value is None} == {"CUB", "HTI"}
    assert now["CUB"].revised_from is None
    assert [flag.code for flag in queries.quality_of(PUBLIC, cuba.pk) if flag.code == "revised"] == []


@pytest.mark.django_db
def test_the_cells_of_one_source_are_not_hidden_behind_those_of_another(take):
    ours, theirs = "hnd-inm-irregular", "mex-upm-situation"
    Source.objects.filter(pk__in=[ours, theirs]).update(small_cell_threshold=THRESHOLD)
    take(by_nationality({"VEN": 100, "CUB": 3, "HTI": 50}), level=Level.PUBLIC)
    take(by_nationality({"VEN": 200, "CUB": 7, "HTI": 60}), source=theirs, level=Level.PUBLIC)

    together = list(queries.every_figure(PUBLIC, queries.FigureFilter(basis="published")))

    for source in (ours, theirs):
        alone = shown_to_all(source=source)
        mine = {f.series.nationality: f.point for f in together if f.series.source.code == source}
        assert mine == alone
    assert {c for c, point in shown_to_all(source=ours).items() if point.value is None} == {"CUB", "HTI"}
