"""``corredor people …``: accounts and mandates, for those who run the machine."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any, TypeVar

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from corredor.kernel import clock
from corredor.kernel.audit.services import record
from corredor.kernel.countries.models import Country
from corredor.kernel.errors import Invalid
from corredor.kernel.organisations.models import Organisation
from corredor.kernel.people import queries, services
from corredor.kernel.people.roles import ROLES
from corredor.kernel.policy import SYSTEM

M = TypeVar("M", bound=models.Model)


@click.group()
def people() -> None:
    """Accounts and mandates · cuentas y mandatos."""


@people.command()
@click.option("--email", prompt="E-mail · correo")
@click.option("--name", prompt="Name · nombre")
@click.option("--language", type=click.Choice(["es", "en"]), default="es", show_default=True)
@click.option("--zone", default="UTC", show_default=True, help="Time zone · zona horaria")
@click.option("--secretariat", is_flag=True, help="Also give the mandate of the secretariat · y el mandato")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input · leerla de la entrada"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document · un documento JSON")
def create(
    email: str, name: str, language: str, zone: str, secretariat: bool, password_stdin: bool, as_json: bool
) -> None:
    """Open an account and set its first password. · Abrir una cuenta con su primera contraseña."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else _asked_password()
    with transaction.atomic():
        person = services.open_account(by=SYSTEM, email=email, name=name, language=language, zone=zone)
        _set_password(person, password)
        if secretariat:
            services.give_mandate(by=SYSTEM, person=person, role="secretariat", starts_on=clock.today())
    show(
        {"person": person.pk, "email": person.email}, as_json, _("Account %(person)s is open for %(email)s.")
    )


def _asked_password() -> str:
    entered: str = click.prompt("Password · contraseña", hide_input=True, confirmation_prompt=True)
    return entered


def _set_password(person: Any, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as fault:
        raise Invalid({"password": fault.messages}, rule=" ".join(fault.messages)) from fault
    person.set_password(password)
    person.save(update_fields=["password"])
    record(SYSTEM, "set_password", person)


@people.command()
@click.argument("email")
@click.argument("role", type=click.Choice(list(ROLES)))
@click.option("--country", help="ISO 3166-1 alpha-3")
@click.option("--organisation", help="Code · código: iom, unhcr …")
@click.option(
    "--from", "starts_on", type=click.DateTime(["%Y-%m-%d"]), help="First day · primer día (today · hoy)"
)
@click.option("--until", "ends_on", type=click.DateTime(["%Y-%m-%d"]), help="Last day · último día")
@click.option("--json", "as_json", is_flag=True, help="One JSON document · un documento JSON")
def mandate(
    email: str,
    role: str,
    country: str | None,
    organisation: str | None,
    starts_on: Any,
    ends_on: Any,
    as_json: bool,
) -> None:
    """Give the account EMAIL a ROLE. · Dar a la cuenta EMAIL una función."""
    person = queries.person_with_address(email)
    if person is None:
        raise Invalid(
            {"email": _("No open account has this address.")}, rule=_("No open account has this address.")
        )
    given = services.give_mandate(
        by=SYSTEM,
        person=person,
        role=role,
        starts_on=_day(starts_on) or clock.today(person.zone),
        ends_on=_day(ends_on),
        country=_found(Country, "iso3", country.upper()) if country else None,
        organisation=_found(Organisation, "code", organisation) if organisation else None,
    )
    show({"mandate": given.pk, "role": role}, as_json, _("Mandate %(mandate)s is given: %(role)s."))


def _found(model: type[M], key: str, value: str) -> M:
    found = model._default_manager.filter(**{key: value}).first()
    if found is None:
        raise Invalid({key: value}, rule=_("There is nothing with the code %(code)s.") % {"code": value})
    return found


def _day(moment: Any) -> date | None:
    return moment.date() if moment else None


@people.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document · un documento JSON")
def list_people(as_json: bool) -> None:
    """Accounts with the mandates they hold today. · Cuentas y mandatos de hoy."""
    rows: list[dict[str, Any]] = [
        {
            "person": person.pk,
            "email": person.email,
            "name": person.name,
            "active": person.is_active,
            "mandates": [str(held) for held in queries.mandates_on(person, clock.today())],
        }
        for person in queries.accounts(SYSTEM)
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['person']:>5}  {row['email']:<40} {row['name']}  {'; '.join(row['mandates'])}")


def show(facts: dict[str, Any], as_json: bool, sentence: str) -> None:
    """One JSON document, or one sentence."""
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else sentence % facts)
