"""How far what a country says is shared: own, members, observers, public.

A country's figures are its own until its contact point publishes them; whatever is derived from a figure (a forecast,
a chart, an export) carries the level of the figure.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from corredor.kernel.people.roles import ROLES
from corredor.kernel.policy import Actor


class Level(models.IntegerChoices):
    """Who may see, from the narrowest to the widest."""

    OWN = 0, _("Own country only")
    MEMBERS = 1, _("Members")
    OBSERVERS = 2, _("Members and observers")
    PUBLIC = 3, _("Public")


_CLEARANCES = {"public": Level.PUBLIC, "observers": Level.OBSERVERS, "members": Level.MEMBERS}


def clearance_of(actor: Actor) -> Level:
    """The narrowest level this actor sees of other countries' things."""
    if actor.is_system:
        return Level.OWN
    narrowest = (_CLEARANCES[ROLES[role].clearance] for role in actor.roles if role in ROLES)
    return min(narrowest, default=Level.PUBLIC)


def countries_seen_whole(actor: Actor) -> frozenset[str]:
    """The countries whose unpublished things this actor sees: those it works for, unless its role holds it back."""
    return frozenset(
        capacity.country
        for capacity in actor.capacities
        if capacity.country and capacity.role in ROLES and ROLES[capacity.role].clearance == "members"
    )


def shared_with(actor: Actor, *, level: str = "level", country: str = "country") -> Q:
    """The filter for rows that hold a ``level`` and an owning ``country`` (ISO alpha-3)."""
    if actor.is_system:
        return Q()
    return Q(**{f"{level}__gte": clearance_of(actor)}) | Q(**{f"{country}__in": countries_seen_whole(actor)})
