"""Roles, accounts and mandates as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

from corredor.interfaces.web.components.parts import Cell, Column, Row, Table
from corredor.interfaces.web.people.forms import LastDayForm
from corredor.kernel import policy
from corredor.kernel.people.roles import ROLES, Role

if TYPE_CHECKING:
    from corredor.kernel.people.models import Mandate, Person

CLEARANCES = (
    ("members", _("Sees what members share among themselves"), _("and everything below.")),
    ("observers", _("Sees what is shared with observers"), _("and what is public.")),
    ("public", _("Sees what is public"), _("and what the role's own work needs.")),
)


@dataclass(frozen=True, slots=True)
class Clearance:
    """Roles that see equally far, with the words for it."""

    code: str
    title: Any
    note: Any
    roles: list[dict[str, Any]]


def clearances() -> list[Clearance]:
    """The page of roles, from those who see furthest."""
    return [
        Clearance(code, title, note, [_role(role) for role in ROLES.values() if role.clearance == code])
        for code, title, note in CLEARANCES
    ]


def _role(role: Role) -> dict[str, Any]:
    """A role with the titles of what it may do; what everybody may do is said once, elsewhere on the page."""
    own = [act for act in policy.actions() if act.name in role.may and not act.is_open]
    return {"role": role, "may": [act.title for act in own]}


def acts() -> dict[str, list[Any]]:
    """What needs no role: what anyone may do, and what anyone signed in may do over what is their own."""
    listed = list(policy.actions())
    return {
        "open": [act.title for act in listed if act.is_open],
        "own": [act.title for act in listed if act.is_own],
    }


def account_table(people: Iterable[Person], today: date) -> Table:
    """Accounts with what they hold today."""
    columns = (Column(_("Name")), Column(_("E-mail")), Column(_("Mandates today")), Column(_("State")))
    rows = [
        Row(
            (
                Cell(person.name, href=reverse("account", args=[person.pk])),
                person.email,
                "; ".join(held_today(person, today)) or "—",
                pgettext("state of an account", "Open")
                if person.is_active
                else pgettext("state of an account", "Closed"),
            )
        )
        for person in people
    ]
    return Table(_("Accounts"), columns, rows, key="accounts", is_caption_hidden=True)


def held_today(person: Person, today: date) -> list[str]:
    return [words_of(held) for held in person.mandates.all() if state_of(held, today) == "present"]


def words_of(held: Mandate) -> str:
    """ "Delegate and contact point, Honduras"."""
    place = held.country or held.organisation
    return f"{held.get_role_display()}, {place}" if place else str(held.get_role_display())


def state_of(held: Mandate, today: date) -> str:
    if held.starts_on > today:
        return "future"
    return "past" if held.ends_on is not None and held.ends_on < today else "present"


def mandate_lines(mandates: Iterable[Mandate], today: date, refused: Any) -> list[dict[str, Any]]:
    """Each mandate with its state and, unless it is over, the form that sets its last day."""
    lines = []
    for held in mandates:
        prefix, state = f"end-{held.pk}", state_of(held, today)
        fresh = LastDayForm(prefix=prefix, initial={"on": max(today, held.starts_on)})
        form = refused if getattr(refused, "prefix", None) == prefix else fresh
        lines.append(
            {"held": held, "words": words_of(held), "state": state, "form": None if state == "past" else form}
        )
    return lines


def speak(response: HttpResponse, language: str) -> None:
    """Let the pages speak the chosen language from now on, in this browser too."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )


def kept_in(language: str) -> str:
    with translation.override(language):
        return str(_("Your language and time zone are kept."))
