"""Where a reader can go from any page: the main menu and the reader's own menu, by the names of addresses.

An entry shows when its address exists in this installation and the reader may do its action.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from corredor.kernel import policy


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a menu: words, the name of an address, the action it needs (none: everyone)."""

    label: Any
    name: str
    action: str = ""


MAIN = (
    Entry(_("Situation"), "home"),
    Entry(_("Flows"), "flows"),
    Entry(_("Forecasts"), "foresight"),
    Entry(_("Sources and methods"), "sources"),
    Entry(_("Documents"), "documents"),
)
OWN = (
    Entry(_("My account and security"), "my_account"),
    Entry(_("My profile"), "profile"),
    Entry(_("Work on figures"), "flows_batches", "flows.read_batches"),
    Entry(_("Accounts and mandates"), "people", "people.manage"),
    Entry(_("Who may do what"), "roles"),
    Entry(_("The API"), "api_reference"),
    Entry(_("Operations"), "operations", "operations.read"),
)


def entries(menu: tuple[Entry, ...], actor: policy.Actor, path: str) -> list[dict[str, Any]]:
    """The entries this actor sees, each with its address; the one nearest to ``path`` is where the reader is."""
    shown = [
        {"label": entry.label, "href": href}
        for entry in menu
        if (href := address(entry.name)) and (not entry.action or policy.can(actor, entry.action))
    ]
    around = [
        entry["href"]
        for entry in shown
        if path == entry["href"] or (path.startswith(entry["href"]) and entry["href"] != "/")
    ]
    nearest = max(around, key=len, default="")
    return [
        {**entry, "is_here": entry["href"] == nearest, "is_page": entry["href"] == path} for entry in shown
    ]


def address(name: str) -> str:
    """The address of a page, empty when this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
