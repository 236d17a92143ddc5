"""What a new folder is filled with: a demo with invented people and shipped figures, a real one with its first account."""

from __future__ import annotations

import sys
from typing import Any

import click
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import translation

from corredor.areas.flows.services import load_shipped
from corredor.interfaces import forecasting
from corredor.interfaces.cli.words import say
from corredor.kernel import clock
from corredor.kernel.people.demo import invent_people
from corredor.kernel.people.queries import demo_people, managers_besides
from corredor.kernel.people.roles import ROLES
from corredor.kernel.policy import SYSTEM

# Printed at every start of a demo and worth nothing elsewhere: invented people cannot sign in outside one.
DEMO_PASSWORD = "demo-corredor-2020"  # noqa: S105


def fill() -> dict[str, Any]:
    """Fill a demo; every step may be repeated. Returns who can sign in, for the start to print."""
    say("Inviting invented people …", "Invitando a personas inventadas …")
    sign_ins = _invite()
    say("Reading the region's public figures …", "Leyendo las cifras públicas de la región …")
    load_shipped(by=SYSTEM)
    say("Issuing the first forecasts …", "Emitiendo los primeros pronósticos …")
    forecasting.issue_edition_by_edition(by=SYSTEM)
    return {"sign_ins": sign_ins, "password": DEMO_PASSWORD}


@transaction.atomic
def _invite() -> list[dict[str, str]]:
    invent_people(since=clock.today().replace(month=1, day=1))
    same_for_all = make_password(DEMO_PASSWORD)
    held = demo_people()
    for mandate in held:
        mandate.person.password = same_for_all
        mandate.person.save(update_fields=["password"])
    return [
        {
            "email": mandate.person.email,
            "role_en": _title(mandate.role, "en"),
            "role_es": _title(mandate.role, "es"),
            "holds": mandate.country_id or (str(mandate.organisation or "")),
        }
        for mandate in held
    ]


def _title(role: str, language: str) -> str:
    with translation.override(language):
        return str(ROLES[role].title)


def open_first_account() -> None:
    """In a real installation without anybody: open the first account, or say how to."""
    if managers_besides(None).exists():
        return
    say("\nNobody can sign in here yet.", "\nTodavía nadie puede entrar aquí.")
    if not sys.stdin.isatty():
        say(
            "Open the first account with: corredor people create --secretariat",
            "Abra la primera cuenta con: corredor people create --secretariat",
        )
        return
    from corredor.interfaces.cli.people import create

    click.Context(create).invoke(create, secretariat=True)
