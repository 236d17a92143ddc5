"""The invented people of a demo: one for each role, visibly invented, who exist in no other kind of database."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from corredor.kernel.countries.models import Country
from corredor.kernel.organisations.models import Organisation
from corredor.kernel.people.models import Mandate, Person
from corredor.kernel.people.roles import ROLES

# Where each role is held in the demo: a country (ISO alpha-3) or an organisation's code.
PLACES = {
    "delegate": "HND",
    "deputy": "HND",
    "reviewer": "HND",
    "presidency": "GTM",
    "duty_officer": "PAN",
    "field_officer": "CRI",
    "receiver": "unhcr",
    "enforcement": "PAN",
    "observer_organisation": "iom",
    "observer_country": "COL",
    "civil_society": "rncom",
}


@transaction.atomic
def invent_people(*, since: date) -> int:
    """Give the demo one invented person for each role, holding it since a day. Repeatable; returns how many."""
    for number, role in enumerate(ROLES.values(), start=1):
        place = PLACES.get(role.code, "")
        country = Country.objects.get(iso3=place) if role.held_for == "country" else None
        organisation = Organisation.objects.get(code=place) if role.held_for == "organisation" else None
        person = Person.objects.filter(email=f"demo.{role.code}@example.org").first() or Person(
            email=f"demo.{role.code}@example.org"
        )
        person.name, person.is_demo = f"Demo Persona {number}", True
        person.zone = country.capital_zone if country else "UTC"
        if not person.pk:
            person.set_unusable_password()
        person.save()
        Mandate.objects.get_or_create(
            person=person,
            role=role.code,
            country=country,
            organisation=organisation,
            defaults={"starts_on": since},
        )
    return len(ROLES)
