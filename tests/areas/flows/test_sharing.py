"""A country's figures are its own until its contact point publishes them, step by step and in order."""

from datetime import date

import pytest
from tests.areas.flows.conftest import row
from tests.factories.people import actor

from corredor.areas.flows import queries, services
from corredor.areas.flows.models import Series
from corredor.areas.flows.services.publishing import EarlierBatchWaits, LaterBatchRests, NotKept, OnlyOutward
from corredor.kernel.audit.models import AuditLine
from corredor.kernel.errors import NotFound, NotPermitted
from corredor.kernel.events.models import StoredEvent
from corredor.kernel.people.roles import ROLES
from corredor.kernel.policy import PUBLIC, SYSTEM
from corredor.kernel.sharing import Level

pytestmark = pytest.mark.django_db


def seen_by(reader) -> list[int | None]:
    """The published monthly counts this reader sees, by every way of asking at once."""
    rows = list(queries.every_figure(reader, queries.FigureFilter(basis="published")))
    situation = [h.last.value for gate in queries.situation(reader).gates for h in gate.headlines]
    assert bool(rows) == bool(situation)
    return [figure.point.value for figure in rows]


# For each role: the least published level at which it sees Honduras' figure, when it works for Honduras and elsewhere.
ELSEWHERE = {
    "delegate": Level.MEMBERS,
    "deputy": Level.MEMBERS,
    "reviewer": Level.MEMBERS,
    "presidency": Level.MEMBERS,
    "secretariat": Level.MEMBERS,
    "duty_officer": Level.MEMBERS,
    "field_officer": Level.OBSERVERS,
    "receiver": Level.OBSERVERS,
    "enforcement": Level.OBSERVERS,
    "observer_organisation": Level.OBSERVERS,
    "observer_country": Level.OBSERVERS,
    "civil_society": Level.PUBLIC,
    "data_protection_officer": Level.PUBLIC,
}
OWN = {"delegate", "deputy", "reviewer", "presidency", "duty_officer"}


def test_the_table_names_every_role():
    assert set(ELSEWHERE) == set(ROLES)


@pytest.mark.parametrize("level", list(Level))
def test_each_role_sees_a_figure_from_its_level_on_and_never_before(take, level):
    report = take([row("2024-01-01", 10)])
    if level != Level.OWN:
        services.publish_batch(batch=report.batch, level=level, by=SYSTEM)

    for role, least in ELSEWHERE.items():
        assert seen_by(actor(role, country="PAN")) == ([10] if level >= least else []), role
        if ROLES[role].held_for == "country":
            at_home = Level.OWN if role in OWN else least
            assert seen_by(actor(role, country="HND")) == ([10] if level >= at_home else []), role
    assert seen_by(PUBLIC) == ([10] if level == Level.PUBLIC else [])


def test_a_series_goes_no_farther_than_its_country_set(take):
    take([row("2024-01-01", 10)], level=Level.PUBLIC)
    series = Series.objects.get(basis="published")

    services.set_series_level(series=series.pk, level=Level.MEMBERS, by=actor("delegate", country="HND"))

    assert seen_by(PUBLIC) == []
    assert seen_by(actor("delegate", country="PAN")) == [10]
    with pytest.raises(NotFound):
        queries.series_points(PUBLIC, series.pk)


def test_before_a_correction_is_published_others_go_on_reading_what_was(take):
    take([row("2024-01-01", 10)], level=Level.PUBLIC)

    take([row("2024-01-01", 12)], date(2024, 7, 1))

    assert seen_by(PUBLIC) == [10]
    assert seen_by(actor("reviewer", country="HND")) == [12]
    vintages = queries.vintages(PUBLIC, Series.objects.get(basis="published").pk)
    assert [vintage.value for vintage in vintages] == [10]


def test_only_the_contact_point_of_the_country_publishes(take):
    batch = take([row("2024-01-01", 10)]).batch

    for somebody in (
        actor("deputy", country="HND"),
        actor("delegate", country="PAN"),
        actor("secretariat"),
        actor("presidency", country="HND"),
        PUBLIC,
    ):
        with pytest.raises(NotPermitted):
            services.publish_batch(batch=batch, level=Level.MEMBERS, by=somebody)
        with pytest.raises(NotPermitted):
            services.withdraw_batch(batch=batch, by=somebody)
    contact_point = actor("delegate", country="HND")
    services.publish_batch(batch=batch, level=Level.MEMBERS, by=contact_point)

    line = AuditLine.objects.get(chain="HND", verb="published")
    assert (line.actor, line.detail["level"]) == (contact_point.person_id, "members")
    assert StoredEvent.objects.get(name="flows.ObservationsPublished").facts["level"] == "members"


def test_publishing_again_changes_nothing_and_never_goes_back(take):
    batch = take([row("2024-01-01", 10)], level=Level.OBSERVERS).batch

    assert services.publish_batch(batch=batch, level=Level.OBSERVERS, by=SYSTEM) == Level.OBSERVERS

    assert AuditLine.objects.filter(verb="published").count() == 1
    with pytest.raises(OnlyOutward):
        services.publish_batch(batch=batch, level=Level.MEMBERS, by=SYSTEM)


def test_an_earlier_batch_about_the_same_goes_first(take):
    first = take([row("2024-01-01", 10)]).batch
    elsewhere = take([row("2024-01-01", 5, gate="HND-DANLI")], date(2024, 6, 20)).batch
    second = take([row("2024-01-01", 10), row("2024-02-01", 11)], date(2024, 7, 1)).batch

    services.publish_batch(batch=elsewhere, level=Level.PUBLIC, by=SYSTEM)
    with pytest.raises(EarlierBatchWaits):
        services.publish_batch(batch=second, level=Level.PUBLIC, by=SYSTEM)
    services.publish_batch(batch=first, level=Level.PUBLIC, by=SYSTEM)
    services.publish_batch(batch=second, level=Level.PUBLIC, by=SYSTEM)

    assert sorted(seen_by(PUBLIC)) == [5, 10, 11]


def test_a_withdrawn_batch_leaves_what_was_said_before_and_stays_on_record(take):
    first = take([row("2024-01-01", 10, nationality="VEN")], level=Level.PUBLIC).batch
    second = take([row("2024-01-01", 100, nationality="VEN")], date(2024, 7, 1), level=Level.PUBLIC).batch

    with pytest.raises(LaterBatchRests):
        services.withdraw_batch(batch=first, by=SYSTEM)
    services.withdraw_batch(batch=second, by=actor("delegate", country="HND"))

    assert seen_by(PUBLIC) == [10]
    assert queries.situation(PUBLIC).gates[0].headlines[0].last.value == 10
    assert queries.batch(SYSTEM, second).batch.status == "withdrawn"
    with pytest.raises(NotKept):
        services.publish_batch(batch=second, level=Level.PUBLIC, by=SYSTEM)
    again = take([row("2024-01-01", 11, nationality="VEN")], date(2024, 7, 2))
    assert (again.kept, again.revised) == (1, 1)


def test_the_record_of_imports_is_the_countrys_own(take):
    batch = take([row("2024-01-01", "x"), row("2024-01-01", 1)]).batch

    assert [card.id for card in queries.batches(actor("reviewer", country="HND"))] == [batch]
    assert queries.batches(actor("delegate", country="PAN")) == ()
    assert queries.batches(actor("secretariat")) == ()
    with pytest.raises(NotFound):
        queries.batch(actor("delegate", country="PAN"), batch)
    with pytest.raises(NotPermitted):
        queries.batches(PUBLIC)
    services.publish_batch(batch=batch, level=Level.MEMBERS, by=SYSTEM)
    assert [card.id for card in queries.batches(actor("secretariat"))] == [batch]


def test_a_note_goes_no_farther_than_it_was_meant_to(take):
    take([row("2024-01-01", 10)], level=Level.PUBLIC)
    series = Series.objects.get(basis="published")
    services.annotate_quality(series=series.pk, by=actor("delegate", country="HND"), text_en="Ours alone.")

    assert queries.quality_of(PUBLIC, series.pk) == ()
    assert [flag.code for flag in queries.quality_of(actor("deputy", country="HND"), series.pk)] == ["note"]
