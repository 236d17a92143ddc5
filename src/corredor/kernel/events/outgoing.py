"""Storing events and delivering them until done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from corredor.kernel import clock, events
from corredor.kernel.events.models import Delivery, StoredEvent

log = structlog.get_logger(__name__)
LONGEST_WAIT = timedelta(minutes=30)

_wake: list[Callable[[], None]] = []


def on_publish(wake: Callable[[], None]) -> None:
    """Call ``wake`` after each commit that stored an event; it may be lost, the clock finds the event anyway."""
    _wake.append(wake)


def store(name: str, facts: dict[str, Any]) -> StoredEvent:
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published in the same transaction as what happened")
    now = clock.now()
    event = StoredEvent.objects.create(name=name, facts=facts, at=now)
    Delivery.objects.bulk_create(
        Delivery(event=event, listener=key, next_try_at=now) for key in events.listeners_of(name)
    )
    transaction.on_commit(_wake_up, robust=True)
    return event


def _wake_up() -> None:
    for wake in _wake:
        wake()


def deliver_due(now: datetime | None = None, *, limit: int = 500) -> int:
    """Try every delivery that is due, each in a transaction of its own; returns how many were done."""
    now = now or clock.now()
    due = Delivery.objects.filter(done_at__isnull=True, next_try_at__lte=now).order_by("next_try_at", "pk")
    return sum(_deliver(pk, now) for pk in list(due.values_list("pk", flat=True)[:limit]))


def _deliver(pk: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            waiting = Delivery.objects.select_for_update(
                skip_locked=connection.features.has_select_for_update_skip_locked
            )
            delivery = waiting.filter(pk=pk, done_at__isnull=True).select_related(None).first()
            if delivery is None:  # another worker has it
                return False
            listener = events.listeners_of(delivery.event.name).get(delivery.listener)
            if listener is not None:  # a listener that no longer exists owes nothing
                listener(events.revive(delivery.event.name, delivery.event.facts))
            delivery.done_at = now
            delivery.attempts += 1
            delivery.save(update_fields=["done_at", "attempts"])
    except Exception as fault:
        _postpone(pk, now, fault)
        return False
    return True


def _postpone(pk: int, now: datetime, fault: Exception) -> None:
    log.exception("delivery failed", delivery=pk, fault=type(fault).__name__)
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=pk)
        if delivery.done_at is None:
            delivery.attempts += 1
            delivery.next_try_at = now + min(timedelta(seconds=2 ** min(delivery.attempts, 12)), LONGEST_WAIT)
            delivery.last_fault = type(fault).__name__
            delivery.save(update_fields=["attempts", "next_try_at", "last_fault"])
