"""Whose token it is, and which tokens a person keeps."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from corredor.kernel import clock
from corredor.kernel.people.queries import actor_of
from corredor.kernel.policy import Actor, visible
from corredor.kernel.tokens.models import Token

BEGINNING = "corredor_"
SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who acts through a token, and whether it may change anything."""

    token: int
    actor: Actor
    reads_only: bool


def digest_of(secret: str) -> str:
    """What is kept of a token. It has 256 random bits, so that a plain digest cannot be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()


def bearer(secret: str) -> Bearer | None:
    """Who acts through a token, with the mandates held today; None when it opens nothing.

    It opens nothing once revoked or over, once its account is closed, and for a demo's invented people outside a demo.
    Roles that ask for a second step act through tokens only while the person has one.
    """
    if not secret.startswith(BEGINNING) or not secret.isascii():
        return None
    found = Token.objects.select_related("person").filter(digest=digest_of(secret)).first()
    if found is None or not found.is_alive(clock.now()):
        return None
    if not found.person.is_active or (found.person.is_demo and not settings.IS_DEMO):
        return None
    actor = actor_of(found.person)
    if not is_mfa_enabled(found.person, SECOND_STEPS):
        rest = tuple(held for held in actor.capacities if held.role not in settings.SECOND_STEP_ROLES)
        actor = replace(actor, capacities=rest)
    return Bearer(found.pk, actor, found.reads_only)


def tokens_of(actor: Actor) -> list[Token]:
    """A person's own tokens, those that open something first, then the newest."""
    own = visible(actor, Token.objects.all()).order_by("-created_at", "-pk")
    now = clock.now()
    return sorted(own, key=lambda token: not token.is_alive(now))
