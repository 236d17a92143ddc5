"""Making, revoking and forgetting tokens. Each leaves its audit line; the token itself is in none."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock
from corredor.kernel.audit import services as audit
from corredor.kernel.errors import Invalid, NotFound, NotPermitted, Refused
from corredor.kernel.jobs import job
from corredor.kernel.people.models import Person
from corredor.kernel.policy import Actor, require, visible
from corredor.kernel.tokens.models import Token
from corredor.kernel.tokens.queries import BEGINNING, digest_of

LONGEST_DAYS = 366
MOST_TOKENS = 20
REMEMBERED_FOR = timedelta(days=90)


class TooManyTokens(Refused):
    code = "too-many-tokens"
    rule = _("You keep as many tokens as a person may.")
    way_out = _("Revoke one that you no longer use.")


def create_token(*, by: Actor, name: str, days: int, reads_only: bool = True) -> tuple[Token, str]:
    """Make a token for the person who asks, good for ``days``; returns it with its text, which is never shown again.

    Refuses (Invalid) a token without a name or for more than a year, and more than twenty living ones.
    """
    require(by, "account.keep_tokens")
    name = " ".join(name.split())
    faults = {}
    if not name or len(name) > 80:
        faults["name"] = _("Say what the token is for, in at most 80 letters.")
    if not 1 <= days <= LONGEST_DAYS:
        faults["days"] = _("A token lives for a day at least and a year at most.")
    if faults:
        raise Invalid(faults)
    secret = BEGINNING + secrets.token_urlsafe(32)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=by.person_id or 0)
        if person.is_demo and not settings.IS_DEMO:
            raise NotPermitted(action="account.keep_tokens")
        now = clock.now()
        if person.tokens.filter(revoked_at=None, expires_at__gt=now).count() >= MOST_TOKENS:
            raise TooManyTokens
        token = Token.objects.create(
            person=person,
            name=name,
            digest=digest_of(secret),
            ending=secret[-4:],
            reads_only=reads_only,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        audit.record(by, "created_token", token, days=days, reads_only=reads_only)
    return token, secret


@transaction.atomic
def revoke_token(*, by: Actor, token: int) -> Token:
    """End one of one's own tokens now. Revoking it again changes nothing; refuses another's (NotFound)."""
    require(by, "account.keep_tokens")
    found = visible(by, Token.objects.select_for_update()).filter(pk=token).first()
    if found is None:
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        found.save(update_fields=["revoked_at"])
        audit.record(by, "revoked_token", found)
    return found


def note_use(token: int) -> None:
    """Keep the day on which a token was last used: one write a day, so that its owner knows what can be revoked."""
    today = clock.today()
    unused = Q(last_used_on=None) | Q(last_used_on__lt=today)
    Token.objects.filter(unused, pk=token).update(last_used_on=today)


@job("tokens.forget_ended")
def forget_ended() -> None:
    """Erase the tokens that ended 90 days ago."""
    ended = clock.now() - REMEMBERED_FOR
    Token.objects.filter(Q(expires_at__lt=ended) | Q(revoked_at__lt=ended)).delete()
