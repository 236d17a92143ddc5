import pytest

from corredor.kernel.policy import PUBLIC, SYSTEM, Actor, Capacity
from corredor.kernel.sharing import Level, clearance_of, countries_seen_whole


def test_the_public_sees_only_what_is_public():
    assert clearance_of(PUBLIC) == Level.PUBLIC
    assert countries_seen_whole(PUBLIC) == frozenset()


@pytest.mark.parametrize(
    ("role", "level"),
    [
        ("delegate", Level.MEMBERS),
        ("secretariat", Level.MEMBERS),
        ("observer_organisation", Level.OBSERVERS),
        ("observer_country", Level.OBSERVERS),
        ("civil_society", Level.PUBLIC),
        ("data_protection_officer", Level.PUBLIC),
    ],
)
def test_each_role_sees_as_far_as_its_clearance(role, level):
    assert clearance_of(Actor(1, "Demo", (Capacity(role, country="HND"),))) == level


def test_a_border_authority_does_not_see_its_country_s_unpublished_figures():
    assert countries_seen_whole(Actor(1, "Demo", (Capacity("enforcement", country="HND"),))) == frozenset()
    assert countries_seen_whole(Actor(1, "Demo", (Capacity("reviewer", country="HND"),))) == {"HND"}


def test_the_widest_mandate_counts():
    both = Actor(
        1, "Demo", (Capacity("observer_country", country="PER"), Capacity("delegate", country="HND"))
    )

    assert clearance_of(both) == Level.MEMBERS
    assert clearance_of(SYSTEM) == Level.OWN
