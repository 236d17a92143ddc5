"""Invented people, visibly so."""

from __future__ import annotations

from datetime import date
from itertools import count

from corredor.kernel.organisations.models import Organisation
from corredor.kernel.people.models import Mandate, Person
from corredor.kernel.people.queries import actor_of
from corredor.kernel.people.roles import ROLES
from corredor.kernel.policy import Actor

_numbers = count(1)


def person(*, language: str = "es", **fields: object) -> Person:
    """An invented person without a mandate."""
    number = next(_numbers)
    values = {
        "email": f"demo{number}@example.org",
        "name": f"Demo Persona {number}",
        "language": language,
        **fields,
    }
    return Person.objects.create(**values)


def holder(role: str, *, country: str = "HND", organisation: str = "iom", language: str = "es") -> Person:
    """An invented person who holds ``role`` since 2020, for the country or organisation the role needs."""
    somebody = person(language=language)
    held_for = ROLES[role].held_for
    Mandate.objects.create(
        person=somebody,
        role=role,
        country_id=country if held_for == "country" else None,
        organisation=Organisation.objects.get(code=organisation) if held_for == "organisation" else None,
        starts_on=date(2020, 1, 1),
    )
    return somebody


def actor(role: str, **where: str) -> Actor:
    """The same as an actor."""
    return actor_of(holder(role, **where))
