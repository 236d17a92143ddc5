"""Opening and closing accounts, giving and ending mandates. Each leaves its audit line, without names."""

from __future__ import annotations

from datetime import date
from zoneinfo import available_timezones

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock
from corredor.kernel.audit import services as audit
from corredor.kernel.countries.models import Country
from corredor.kernel.errors import Conflict, Invalid, Refused
from corredor.kernel.jobs import job
from corredor.kernel.organisations.models import Organisation
from corredor.kernel.people.models import Mandate, Person
from corredor.kernel.people.queries import managers_besides
from corredor.kernel.people.roles import ROLES
from corredor.kernel.people.rules import Term
from corredor.kernel.policy import Actor, require


class AccountExists(Conflict):
    code = "account-exists"
    rule = _("There is already an account with this address.")
    way_out = _("Look for it in the list of accounts and give it the mandate you have in mind.")


class AccountClosed(Refused):
    code = "account-closed"
    rule = _("This account is closed.")
    way_out = _("Open a new account, with the address the person uses now.")


class NotOneself(Refused):
    code = "not-oneself"
    rule = _("Nobody gives himself or herself a mandate, ends it, or closes his or her own account.")
    way_out = _("Ask a colleague who manages accounts to do it.")


class LastManager(Refused):
    code = "last-manager"
    rule = _("Nobody else could manage accounts afterwards.")
    way_out = _("First give the mandate of the Executive Secretariat to somebody else.")


class MandateRepeats(Conflict):
    code = "mandate-repeats"
    rule = _("This person already holds this mandate on some of these days.")
    way_out = _("End the other mandate first, or choose other dates.")


class MandatesStayApart(Refused):
    code = "mandates-stay-apart"
    rule = _(
        "A border authority does not receive what people tell in confidence: one person cannot hold both."
    )
    way_out = _("Give the mandate to somebody else, or end the other one first.")


class MandateEnded(Conflict):
    code = "mandate-ended"
    rule = _("This mandate has already ended.")
    way_out = _("If the person serves again, give a new mandate.")


@transaction.atomic
def open_account(*, by: Actor, email: str, name: str, language: str = "es", zone: str = "UTC") -> Person:
    """Open an account without a password: its holder sets one by the invitation that the door sends.

    Refuses an address that already has an account, and what is no address, language or time zone.
    """
    require(by, "people.manage")
    email = email.strip().lower()
    name = " ".join(name.split())
    _refuse_unusable(email=email, name=name, language=language, zone=zone)
    if Person.objects.filter(email=email).exists():
        raise AccountExists
    person = Person(email=email, name=name, language=language, zone=zone)
    person.set_unusable_password()
    person.save()
    audit.record(by, "opened_account", person)
    return person


@transaction.atomic
def close_account(*, by: Actor, person: Person) -> Person:
    """Close an account for good: mandates end today, sessions end now, keys and codes are forgotten."""
    require(by, "people.manage")
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise AccountClosed
    _refuse_oneself(by, person)
    _refuse_last_manager(person)
    today = clock.today(person.zone)
    for mandate in person.mandates.select_for_update():
        if mandate.starts_on > today:
            mandate.delete()
        elif mandate.ends_on is None or mandate.ends_on > today:
            mandate.ends_on = today
            mandate.save(update_fields=["ends_on"])
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    end_sessions(person)
    Authenticator.objects.filter(user=person).delete()
    audit.record(by, "closed_account", person)
    return person


@transaction.atomic
def give_mandate(
    *,
    by: Actor,
    person: Person,
    role: str,
    starts_on: date,
    ends_on: date | None = None,
    country: Country | None = None,
    organisation: Organisation | None = None,
) -> Mandate:
    """Give a person a role, for the country or organisation that the role is held for, between two dates.

    Refuses a mandate that repeats another, that ends before it starts, or that must stay apart from another.
    """
    require(by, "people.manage")
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise AccountClosed
    _refuse_oneself(by, person)
    held_for = _held_for(role)
    faults = {}
    if held_for == "country" and country is None:
        faults["country"] = _("Say for which country this role is held.")
    if held_for == "organisation" and organisation is None:
        faults["organisation"] = _("Say for which organisation this role is held.")
    if ends_on is not None and ends_on < starts_on:
        faults["ends_on"] = _("A mandate ends on or after the day it starts.")
    if faults:
        raise Invalid(faults)

    mandate = Mandate(
        person=person,
        role=role,
        country=country if held_for == "country" else None,
        organisation=organisation if held_for == "organisation" else None,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _refuse_clash(mandate)
    mandate.save()
    audit.record(
        by,
        "gave_mandate",
        mandate,
        country=mandate.country_id,
        person=person.pk,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return mandate


@transaction.atomic
def end_mandate(*, by: Actor, mandate: Mandate, on: date) -> Mandate:
    """Let ``on`` be the last day of a mandate; one that would end before it began is taken back whole."""
    require(by, "people.manage")
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("person").get(pk=mandate.pk)
    _refuse_oneself(by, mandate.person)
    if mandate.ends_on is not None and mandate.ends_on < clock.today(mandate.person.zone):
        raise MandateEnded
    if mandate.ends_on is not None and on > mandate.ends_on:
        raise Invalid({"on": _("The mandate ends earlier than that already.")})
    if "people.manage" in ROLES[mandate.role].may:
        _refuse_last_manager(mandate.person)
    audit.record(
        by,
        "ended_mandate",
        mandate,
        country=mandate.country_id,
        person=mandate.person_id,
        role=mandate.role,
        ends_on=on,
    )
    if on < mandate.starts_on:
        mandate.delete()
        return mandate
    mandate.ends_on = on
    mandate.save(update_fields=["ends_on"])
    return mandate


@transaction.atomic
def change_profile(*, by: Actor, language: str, zone: str) -> Person:
    """Let a person choose the language and the time zone in which Corredor speaks to him or her."""
    require(by, "account.keep_own")
    person = Person.objects.select_for_update().get(pk=by.person_id or 0)
    _refuse_unusable(email=person.email, name=person.name, language=language, zone=zone)
    person.language, person.zone = language, zone
    person.save(update_fields=["language", "zone"])
    audit.record(by, "changed_profile", person, language=language, zone=zone)
    return person


def end_sessions(person: Person) -> int:
    """End every session of a person, wherever it is open; returns how many."""
    keys = list(UserSession.objects.filter(user=person).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=person).delete()
    return len(keys)


@job("people.forget_ended_sessions")
def forget_ended_sessions() -> None:
    """Erase the addresses and browsers of sessions that are over. Run daily by the clock."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def _refuse_unusable(*, email: str, name: str, language: str, zone: str) -> None:
    faults = {}
    try:
        validate_email(email)
    except ValidationError:
        faults["email"] = _("This is not an e-mail address.")
    if not name:
        faults["name"] = _("Write the person's name.")
    elif len(name) > 120:
        faults["name"] = _("A name has at most 120 letters.")
    if language not in Person.Language.values:
        faults["language"] = _("Corredor speaks Spanish and English.")
    if zone not in available_timezones():
        faults["zone"] = _("There is no such time zone.")
    if faults:
        raise Invalid(faults)


def _refuse_oneself(by: Actor, person: Person) -> None:
    if by.person_id == person.pk:
        raise NotOneself


def _refuse_last_manager(person: Person) -> None:
    """Somebody must be able to manage accounts tomorrow. A person who does not manage them leaves no gap."""
    if managers_besides(None).filter(pk=person.pk).exists() and not managers_besides(person).exists():
        raise LastManager


def _held_for(role: str) -> str:
    if role not in ROLES:
        raise Invalid({"role": _("There is no such role.")})
    return ROLES[role].held_for


def _refuse_clash(mandate: Mandate) -> None:
    wanted = term_of(mandate)
    held = [term_of(other) for other in mandate.person.mandates.all()]
    if any(wanted.repeats(other) for other in held):
        raise MandateRepeats
    if any(wanted.must_stay_apart(other) for other in held):
        raise MandatesStayApart


def term_of(mandate: Mandate) -> Term:
    """The mandate as the rules see it."""
    organisation = str(mandate.organisation_id) if mandate.organisation_id else None
    return Term(mandate.role, mandate.starts_on, mandate.ends_on, mandate.country_id, organisation)
