"""A series is known of only as far as something of it has been published: its name, its parts and its span."""

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.areas.flows.conftest import row
from tests.factories.people import actor

from corredor.areas.flows import queries, services
from corredor.areas.flows.models import Coverage, Observation, Series, Source
from corredor.kernel.errors import NotFound
from corredor.kernel.policy import PUBLIC, SYSTEM, Actor
from corredor.kernel.sharing import Level

pytestmark = pytest.mark.django_db

JUNE, JULY = date(2024, 6, 15), date(2024, 7, 15)
UNPUBLISHED = [row("2024-01-01", 3, nationality="PRK"), row("2024-01-01", 1, nationality="CUB")]


def honduran() -> Actor:
    """One who works for the country whose figures these are."""
    return actor("reviewer", country="HND")


def named(reader) -> set[str]:
    """The nationalities of the series this reader can list."""
    return {card.nationality for card in queries.search_series(reader)}


def spans(reader) -> set[tuple[str, str]]:
    """The first and last month of every series this reader can list."""
    return {(str(c.first_period)[:7], str(c.last_period)[:7]) for c in queries.search_series(reader)}


def test_what_was_imported_and_never_published_is_not_even_named(take):
    take(UNPUBLISHED)

    for reader in (PUBLIC, actor("delegate", country="PAN"), actor("secretariat")):
        assert named(reader) == set()
        assert queries.nationalities(reader) == ()
        assert queries.gate(reader, "HND-ALL").headlines == ()
    with pytest.raises(NotFound):
        queries.series_card(PUBLIC, Series.objects.get(nationality="PRK").pk)
    for reader in (honduran(), SYSTEM):
        assert named(reader) == {"PRK", "CUB", "ALL"}
        assert {code for code, _ in queries.nationalities(reader)} == {"PRK", "CUB"}


@pytest.mark.parametrize("level", list(Level)[1:])
def test_a_series_is_named_from_the_level_its_batch_was_published_to(take, level):
    take(UNPUBLISHED, level=level)

    for reader, least in (
        (actor("delegate", country="PAN"), Level.MEMBERS),
        (actor("observer_organisation"), Level.OBSERVERS),
        (PUBLIC, Level.PUBLIC),
    ):
        assert named(reader) == ({"PRK", "CUB", "ALL"} if level >= least else set())


def test_the_span_of_a_public_series_ends_with_what_is_published(take):
    take([row("2024-01-01", 10), row("2024-02-01", 10)], JUNE, level=Level.PUBLIC)
    second = take([row("2023-12-01", 9), row("2024-03-01", 12)], JULY).batch

    assert spans(PUBLIC) == {("2024-01", "2024-02")}
    assert spans(honduran()) == spans(SYSTEM) == {("2023-12", "2024-03")}
    services.publish_batch(batch=second, level=Level.PUBLIC, by=SYSTEM)
    assert spans(PUBLIC) == {("2023-12", "2024-03")}


def test_withdrawing_takes_names_and_spans_back(take):
    take([row("2024-01-01", 10)], JUNE, level=Level.PUBLIC)
    second = take([row("2024-02-01", 11), *UNPUBLISHED], JULY, level=Level.PUBLIC).batch
    assert named(PUBLIC) == {"ALL", "PRK", "CUB"}

    services.withdraw_batch(batch=second, by=SYSTEM)

    assert named(PUBLIC) == {"ALL"}
    assert spans(PUBLIC) == {("2024-01", "2024-01")}
    assert named(honduran()) == {"ALL", "PRK", "CUB"}


def test_a_note_beside_an_unpublished_series_stays_with_it(take):
    take(UNPUBLISHED)
    series = Series.objects.get(nationality="PRK")
    services.annotate_quality(
        series=series.pk, by=actor("delegate", country="HND"), text_en="Ours.", level=Level.PUBLIC
    )

    with pytest.raises(NotFound):
        queries.quality_of(PUBLIC, series.pk)
    assert [flag.code for flag in queries.quality_of(honduran(), series.pk) if flag.code == "note"] == [
        "note"
    ]


def covered() -> set[tuple[object, ...]]:
    return set(Coverage.objects.values_list("series", "batch", "first_period", "last_period"))


def observed() -> set[tuple[object, ...]]:
    found: dict[tuple[int, int], list[date]] = {}
    for series, batch, period in Observation.objects.values_list("series", "batch", "period"):
        found.setdefault((series, batch), []).append(period)
    return {(*pair, min(days), max(days)) for pair, days in found.items()}


def test_what_a_batch_covers_is_what_it_wrote_sums_included(take):
    take([row("2024-01-01", 10, nationality="VEN"), row("2024-04-01", 20, nationality="HTI")], JUNE)
    take([row("2024-01-01", 10, nationality="VEN"), row("2024-05-01", 8, nationality="HTI")], JULY)

    assert covered() == observed()
    assert Coverage.objects.filter(series__basis="sum:nationality").count() == 2


def test_a_trial_covers_nothing(take):
    take(UNPUBLISHED, dry_run=True)

    assert not Coverage.objects.exists()


def test_the_migration_covers_what_was_kept_before_it(take):
    take([row("2024-01-01", 10, nationality="VEN"), row("2024-04-01", 20, nationality="HTI")], JUNE)
    take([row("2024-05-01", 8, nationality="HTI")], JULY)
    told = covered()
    Coverage.objects.all().delete()

    fill = import_module("corredor.areas.flows.migrations.0002_what_each_batch_covers").FILL
    with connection.cursor() as cursor:
        cursor.execute(fill)

    assert covered() == told == observed()


def test_a_list_of_series_asks_for_their_spans_once(take):
    take([row("2024-01-01", 10, nationality=code) for code in ("VEN", "HTI")], JUNE, level=Level.PUBLIC)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert len(queries.search_series(PUBLIC)) == 3
    take(
        [row("2024-01-01", 10, nationality=code) for code in ("ECU", "COL", "CUB", "PER")],
        JULY,
        level=Level.PUBLIC,
    )
    with CaptureQueriesContext(connection) as many:
        assert len(queries.search_series(PUBLIC)) == 7

    assert len(many) == len(few)


def test_an_unpublished_breakdown_at_a_wider_gate_takes_no_published_table_away(take):
    Source.objects.filter(pk="hnd-inm-irregular").update(small_cell_threshold=5)
    narrow = [row("2024-01-01", n, gate="HND-DANLI", nationality=c) for c, n in (("VEN", 50), ("HTI", 70))]
    wide = [row("2024-01-01", n, nationality=c) for c, n in (("VEN", 60), ("HTI", 90))]
    parts = queries.FigureFilter(breakdown="nationality")

    def shown() -> dict[tuple[str, str], int | None]:
        return {
            (f.series.gate.code, f.series.nationality): f.point.value
            for f in queries.every_figure(PUBLIC, parts)
        }

    take(narrow, JUNE, level=Level.PUBLIC)
    published = {("HND-DANLI", "VEN"): 50, ("HND-DANLI", "HTI"): 70}
    assert shown() == published

    second = take(wide, JULY).batch
    assert shown() == published

    # Members see both tables, so from here on the narrow one is not shown beside the wide one, to nobody.
    services.publish_batch(batch=second, level=Level.MEMBERS, by=SYSTEM)
    assert shown() == {}
    services.publish_batch(batch=second, level=Level.PUBLIC, by=SYSTEM)
    assert shown() == {("HND-ALL", "VEN"): 60, ("HND-ALL", "HTI"): 90}
    services.withdraw_batch(batch=second, by=SYSTEM)
    assert shown() == {}


def test_asking_for_a_time_does_not_tell_of_what_is_unpublished(take):
    take([row("2024-01-01", 30, nationality="VEN")], level=Level.PUBLIC, known=JUNE)
    take([row("2024-05-01", 40, nationality="VEN")], known=JULY)
    later = queries.FigureFilter(since=date(2024, 3, 1))

    assert queries.search_series(PUBLIC, later) == ()
    assert {card.nationality for card in queries.search_series(honduran(), later)} == {"VEN", "ALL"}
