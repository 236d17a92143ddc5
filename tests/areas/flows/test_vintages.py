"""Any page can be read as it was known on a day, with the shipped editions of the real figures."""

from datetime import UTC, date, datetime

import pytest
from tests.areas.flows.conftest import row

from corredor.areas.flows import queries, services
from corredor.areas.flows.models import Observation, Series
from corredor.areas.flows.rules.revisions import RevisionSize, revision_size
from corredor.kernel import clock
from corredor.kernel.errors import NotFound
from corredor.kernel.policy import PUBLIC, SYSTEM
from corredor.kernel.sharing import Level

pytestmark = pytest.mark.django_db
HONDURAS = "hnd-inm-irregular/irregular_entries/HND-ALL/M/ALL/ALL/ALL/ALL/ALL//published"


def headline(gate, **options):
    return next(g for g in queries.situation(PUBLIC, **options).gates if g.gate.code == gate).headlines[0]


def test_the_shipped_figures_tell_the_corridor_as_it_was_known_each_day(countries):
    reports = services.load_shipped()
    rows = Observation.objects.count()

    assert not [report for report in reports if report.refused]
    assert services.load_shipped() == []
    assert Observation.objects.count() == rows
    now, march = headline("HND-ALL"), headline("HND-ALL", as_known_on=date(2025, 3, 10))
    # On 10 March 2025 the month was a running total of ten days; a tool must not take it for a month.
    assert (march.last.label, march.last.value) == ("2025-02", 2508)
    assert (march.running.label, march.running.value, march.running.is_part) == ("2025-03", 356, True)
    assert "part-period" in {flag.code for flag in march.flags}
    assert (now.last.label, now.last.value) == ("2025-04", 2116)
    assert now.previous.than.value == 2502
    said = [
        (v.value, v.is_part)
        for v in queries.vintages(PUBLIC, HONDURAS, period=date(2025, 3, 1))
        if v.label == "2025-03"
    ]
    assert said == [(356, True), (2502, False)]
    assert headline("PAN-DARIEN").last.value == 73
    assert headline("PAN-DARIEN", as_known_on=date(2025, 2, 20)).last.value == 4849
    assert queries.situation(PUBLIC, as_known_on=date(2025, 1, 1)).gates == ()


def test_a_revised_figure_says_what_was_said_before(take):
    take([row("2024-01-01", 10)], date(2024, 2, 10), level=Level.PUBLIC)
    take([row("2024-01-01", 12)], date(2024, 3, 10), level=Level.PUBLIC)
    series = Series.objects.get()

    now = queries.series_points(PUBLIC, series.pk)
    before = queries.series_points(PUBLIC, series.pk, as_known_on=date(2024, 3, 9))

    assert [(p.value, p.revised_from, p.revisions) for p in now.points] == [(12, 10, 1)]
    assert now.points[0].first_known_at.date() == date(2024, 2, 10)
    assert [(p.value, p.revised_from, p.revisions) for p in before.points] == [(10, None, 0)]
    assert [(v.value, v.known_at.date().isoformat()) for v in queries.vintages(PUBLIC, series.pk)] == [
        (10, "2024-02-10"),
        (12, "2024-03-10"),
    ]
    assert [s.value for s in queries.statements(PUBLIC, series.pk)] == [10, 12]


def test_a_running_total_becomes_a_month_when_it_is_said_again_after_its_end(take):
    with clock.moved_to(datetime(2024, 3, 10, 12, tzinfo=UTC)):
        take([row("2024-03-01", 356)], date(2024, 3, 10))
        assert queries.series_points(SYSTEM, Series.objects.get().pk).points[0].is_part

    report = take([row("2024-03-01", 356)], date(2024, 4, 2))

    assert (report.status, report.kept) == ("kept", 1)
    assert not queries.series_points(SYSTEM, Series.objects.get().pk).points[0].is_part


def test_a_series_has_a_key_that_stays(take):
    take([row("2024-01-01", 10, nationality="VEN", detail="component=a/b")], level=Level.PUBLIC)
    card = queries.search_series(PUBLIC, queries.FigureFilter(nationality="VEN", basis="published"))[0]

    assert queries.series_card(PUBLIC, card.key) == card
    for unknown in ("", "x/y", card.key + "z", 10**9):
        with pytest.raises(NotFound):
            queries.series_card(PUBLIC, unknown)


def test_how_much_figures_move_is_measured_from_the_first_statement():
    assert revision_size([[10, 12], [10], [0, 3, 4], []]) == RevisionSize(3, 2, 2.1, 4.0)
    assert revision_size([]) == RevisionSize(0, 0, None, None)
