"""What the audit keeps of signing in: who, when and by which verb; never an address of a machine or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import Signal, receiver

from corredor.kernel.audit import services as audit
from corredor.kernel.people.queries import actor_of

if TYPE_CHECKING:
    from corredor.kernel.people.models import Person


def keep(signal: Signal, verb: str) -> None:
    """Add a line to the forum's chain whenever the sign-in library says that something was done."""

    @receiver(signal, weak=False, dispatch_uid=f"trail.{verb}")
    def note(sender: Any, user: Person, **facts: Any) -> None:
        kept = facts.get("authenticator")
        detail = {"kind": kept.type} if kept is not None else {}
        with transaction.atomic():
            audit.record(actor_of(user), verb, user, **detail)


keep(user_logged_in, "signed_in")
keep(password_changed, "changed_password")
keep(password_set, "set_password")
keep(password_reset, "reset_password")
keep(authenticator_added, "added_second_step")
keep(authenticator_removed, "removed_second_step")
keep(authenticator_reset, "renewed_second_step")
