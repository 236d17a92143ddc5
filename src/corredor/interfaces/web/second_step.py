"""Roles for which a password alone is not enough, and whether a person has a second step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from corredor.kernel.policy import Actor

if TYPE_CHECKING:
    from corredor.kernel.people.models import Person

SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_required(actor: Actor) -> bool:
    """Whether a role this person holds today asks for a second step."""
    return not actor.roles.isdisjoint(settings.SECOND_STEP_ROLES)


def is_missing(person: Person, actor: Actor) -> bool:
    """Whether a required second step has not been set up yet."""
    return is_required(actor) and not is_mfa_enabled(person, SECOND_STEPS)


def until_set_up(actor: Actor) -> Actor:
    """The same person without the capacities that wait for the second step: every door sees only the rest."""
    rest = tuple(held for held in actor.capacities if held.role not in settings.SECOND_STEP_ROLES)
    return replace(actor, capacities=rest)
