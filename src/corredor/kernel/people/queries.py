"""Who is acting, and in which capacities today."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from corredor.kernel import clock
from corredor.kernel.countries.models import Country
from corredor.kernel.errors import NotFound
from corredor.kernel.people.models import Mandate, Person
from corredor.kernel.people.roles import ROLES
from corredor.kernel.policy import PUBLIC, Actor, Capacity, visible


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
        for mandate in _held_now(person, today)
    )
    return Actor(person.pk, person.name, capacities, person.language, person.zone)


def _held_now(person: Person, today: date | None) -> list[Mandate]:
    """The mandates held today, where the day is the country's own, not one that a person can choose."""
    if today is not None:
        return list(mandates_on(person, today))
    around = mandates_on(person, clock.today("Pacific/Kiritimati")) | mandates_on(
        person, clock.today("Etc/GMT+12")
    )
    return [mandate for mandate in around.select_related("country", "organisation") if _is_held(mandate)]


def _is_held(mandate: Mandate) -> bool:
    today = clock.today(mandate.country.capital_zone if mandate.country else "UTC")
    return mandate.starts_on <= today and (mandate.ends_on is None or today <= mandate.ends_on)


def managers_besides(person: Person | None) -> QuerySet[Person]:
    """Those who may manage accounts today, without ``person``: somebody must always remain."""
    codes = [role.code for role in ROLES.values() if "people.manage" in role.may]
    today = clock.today()
    holding = Mandate.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today), role__in=codes, starts_on__lte=today
    )
    managers = Person.objects.filter(is_active=True, pk__in=holding.values("person_id"))
    return managers.exclude(pk=person.pk) if person else managers


def accounts(actor: Actor, *, words: str = "", is_active: bool | None = None) -> QuerySet[Person]:
    """The accounts this actor may see, by name; ``words`` looks in names and addresses."""
    found = (
        visible(actor, Person.objects.all())
        .order_by("name", "pk")
        .prefetch_related("mandates__country", "mandates__organisation")
    )
    if is_active is not None:
        found = found.filter(is_active=is_active)
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return found


def account(actor: Actor, pk: int) -> Person:
    """One account this actor may see; refuses with NotFound otherwise."""
    found = visible(actor, Person.objects.all()).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def mandate(actor: Actor, pk: int) -> Mandate:
    """One mandate this actor may see; refuses with NotFound otherwise."""
    found = (
        visible(actor, Mandate.objects.select_related("person", "country", "organisation"))
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def mandates_of(person: Person) -> QuerySet[Mandate]:
    """All mandates of a person, the latest first."""
    return person.mandates.select_related("country", "organisation").order_by("-starts_on", "role")


def person_with_address(email: str) -> Person | None:
    """The active account with an address, for mail and sign-in."""
    return Person.objects.filter(email=email.strip().lower(), is_active=True).first()


def demo_people() -> list[Mandate]:
    """The invented people of a demo, one mandate each, in the order of the page of roles."""
    held = Mandate.objects.filter(person__is_demo=True, person__is_active=True).select_related(
        "person", "country", "organisation"
    )
    order = {code: place for place, code in enumerate(ROLES)}
    return sorted(held, key=lambda mandate: (order[mandate.role], mandate.pk))


def zones() -> list[str]:
    """The time zones of the forum's countries, and universal time."""
    listed = {zone for zones in Country.objects.values_list("zones", flat=True) for zone in zones}
    return ["UTC", *sorted(listed)]
