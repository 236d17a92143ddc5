from dataclasses import dataclass

import pytest
from tests.factories.people import actor, holder, person

from corredor.kernel import policy
from corredor.kernel.errors import NotPermitted
from corredor.kernel.people.models import Person
from corredor.kernel.people.roles import ROLES
from corredor.kernel.policy import PUBLIC, Actor, Capacity


@dataclass
class Thing:
    country_id: str


@pytest.fixture
def publishing(monkeypatch):
    monkeypatch.setitem(
        policy._actions, "test.publish", policy.Action("test.publish", "Publish", policy.same_country())
    )
    monkeypatch.setitem(policy._grants, "delegate", ROLES["delegate"].may | {"test.publish"})


def test_what_nobody_declared_nobody_may_do():
    assert not policy.can(Actor(1, "Demo", (Capacity("secretariat"),)), "test.unheard-of")


def test_a_grant_covers_only_the_country_of_its_mandate(publishing):
    honduran = Actor(1, "Demo", (Capacity("delegate", country="HND"),))

    assert policy.can(honduran, "test.publish", Thing("HND"))
    assert not policy.can(honduran, "test.publish", Thing("PAN"))
    with pytest.raises(NotPermitted):
        policy.require(honduran, "test.publish", Thing("PAN"))


def test_the_country_of_one_mandate_does_not_lend_itself_to_another(publishing):
    both = Actor(1, "Demo", (Capacity("delegate", country="HND"), Capacity("reviewer", country="PAN")))

    assert not policy.can(both, "test.publish", Thing("PAN"))


def test_every_action_a_role_is_granted_is_declared():
    declared = {action.name for action in policy.actions()}

    granted = set().union(*(role.may for role in ROLES.values()))

    assert granted <= declared


@pytest.mark.usefixtures("countries")
def test_a_mandate_counts_only_between_its_dates():
    from datetime import date

    from corredor.kernel.people.queries import actor_of

    somebody = holder("delegate")
    somebody.mandates.update(ends_on=date(2024, 6, 30))

    assert actor_of(somebody, date(2024, 6, 30)).roles == {"delegate"}
    assert actor_of(somebody, date(2024, 7, 1)).roles == set()


@pytest.mark.usefixtures("countries")
def test_people_see_themselves_and_those_who_manage_accounts_see_all():
    delegate, secretariat = actor("delegate"), actor("secretariat")

    assert policy.visible(delegate, Person.objects.all()).count() == 1
    assert policy.visible(secretariat, Person.objects.all()).count() == 2
    assert policy.visible(PUBLIC, Person.objects.all()).count() == 0


@pytest.mark.django_db
def test_a_closed_account_acts_as_the_public():
    from corredor.kernel.people.queries import actor_of

    assert actor_of(person(is_active=False)) is PUBLIC


@pytest.mark.usefixtures("countries")
def test_a_mandate_ends_with_the_day_of_its_country_wherever_the_person_says_to_be():
    from datetime import UTC, date, datetime

    from corredor.kernel import clock
    from corredor.kernel.people.queries import actor_of

    somebody = holder("delegate", country="HND")
    somebody.mandates.update(ends_on=date(2024, 6, 30))
    somebody.zone = "Etc/GMT+12"

    with clock.moved_to(datetime(2024, 7, 1, 5, 59, tzinfo=UTC)):  # 23:59 of 30 June in Tegucigalpa
        assert actor_of(somebody).roles == {"delegate"}
    with clock.moved_to(datetime(2024, 7, 1, 6, 1, tzinfo=UTC)):
        assert actor_of(somebody).roles == set()
