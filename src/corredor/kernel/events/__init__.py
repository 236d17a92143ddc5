"""What has happened, told after it is saved, and delivered again until it is done.

An area's ``events`` module holds frozen dataclasses. A verb calls ``publish`` inside its transaction: the event and
one delivery per listener are rows of that same transaction. ``deliver_due`` runs each listener and marks its delivery
in one transaction, so a listener's effect in the database happens exactly once; what it does outside the database
happens at least once and needs a natural key.

    class ObservationsImported: batch: int            # areas/flows/events.py

    @listen(ObservationsImported)                      # areas/foresight/reactions.py
    def issue_after_import(event: ObservationsImported) -> None: …
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
Listener = Callable[[Any], None]

_listeners: dict[str, dict[str, Listener]] = {}
_kinds: dict[str, type] = {}


def name_of(kind: type) -> str:
    """ "flows.ObservationsImported" for a class of corredor.areas.flows.events."""
    parts = kind.__module__.split(".")
    area = parts[-2] if parts[-1] == "events" else parts[-1]
    return f"{area}.{kind.__qualname__}"


def listen(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a listener, known by its module and name, for one kind of event."""

    def keep(listener: Callable[[E], None]) -> Callable[[E], None]:
        key = f"{listener.__module__}.{listener.__qualname__}"
        _kinds[name_of(kind)] = kind
        _listeners.setdefault(name_of(kind), {})[key] = listener
        return listener

    return keep


def publish(event: Any) -> None:
    """Store an event with a delivery for each listener; must run inside the transaction of the verb."""
    from corredor.kernel.events import outgoing

    outgoing.store(name_of(type(event)), dataclasses.asdict(event))


def listeners_of(name: str) -> dict[str, Listener]:
    """Listener by key, for one kind of event."""
    return _listeners.get(name, {})


def revive(name: str, facts: dict[str, Any]) -> Any:
    """The event as it was published."""
    return _kinds[name](**facts)
