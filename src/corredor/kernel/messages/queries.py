"""What the outbox page asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corredor.kernel import policy
from corredor.kernel.errors import NotFound
from corredor.kernel.messages.models import Message
from corredor.kernel.policy import Actor


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message as the outbox shows it; moments are aware, in UTC."""

    pk: int
    reader: str
    channel: Any
    language: str
    subject: str
    body: str
    state: Any
    queued_at: datetime
    handed_over_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None
    attempts: int
    last_fault: str


def outbox(actor: Actor, *, only_own: bool = False, limit: int = 100, offset: int = 0) -> list[OutboxMessage]:
    """The messages this actor may see, the latest first."""
    seen = policy.visible(actor, Message.objects.all()).select_related("person")
    if only_own:
        seen = seen.filter(person_id=actor.person_id) if actor.person_id else seen.none()
    return [_shown(message) for message in seen.order_by("-queued_at", "-pk")[offset : offset + limit]]


def message(actor: Actor, pk: int) -> OutboxMessage:
    """One message; refuses with ``NotFound`` when there is none that this actor may see."""
    found = policy.visible(actor, Message.objects.all()).select_related("person").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return _shown(found)


def waiting() -> int:
    """How many messages have not left yet, for operators."""
    return Message.objects.filter(
        kept_at__isnull=True, handed_over_at__isnull=True, failed_at__isnull=True
    ).count()


def _shown(message: Message) -> OutboxMessage:
    return OutboxMessage(
        pk=message.pk,
        reader=message.person.name if message.person else message.address,
        channel=Message.Channel(message.channel).label,
        language=message.language,
        subject=message.subject,
        body=message.body,
        state=message.state,
        queued_at=message.queued_at,
        handed_over_at=message.handed_over_at,
        delivered_at=message.delivered_at,
        failed_at=message.failed_at,
        attempts=message.attempts,
        last_fault=message.last_fault,
    )
