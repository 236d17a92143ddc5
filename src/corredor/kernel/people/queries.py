"""Who is acting, and in which capacities today."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from corredor.kernel import clock
from corredor.kernel.people.models import Mandate, Person
from corredor.kernel.policy import PUBLIC, Actor, Capacity


def mandates_on(person: Person, day: date) -> QuerySet[Mandate]:
    """The mandates a person holds on a day."""
    open_or_later = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    return Mandate.objects.filter(open_or_later, person=person, starts_on__lte=day).select_related(
        "organisation"
    )


def actor_of(person: Person | None, today: date | None = None) -> Actor:
    """The actor a signed-in person is today; the public when there is none or the account is closed."""
    if person is None or not person.is_authenticated or not person.is_active:
        return PUBLIC
    capacities = tuple(
        Capacity(
            role=mandate.role,
            country=mandate.country_id,
            organisation=mandate.organisation.code if mandate.organisation else None,
        )
        for mandate in mandates_on(person, today or clock.today(person.zone))
    )
    return Actor(person.pk, person.name, capacities, person.language, person.zone)
