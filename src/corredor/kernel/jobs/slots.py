"""Which worker works at which place, and which of them are dead.

A worker that starts takes the first free place; the engine then takes up what that place left undone. Living workers
look after the dead: what a silent place left is queued again for whoever is free.
"""

from __future__ import annotations

import os
import socket
import uuid
from datetime import datetime, timedelta

from django.db import transaction

from corredor.kernel.jobs.models import Slot

SILENT_AFTER = timedelta(seconds=20)


def is_alive(slot: Slot, now: datetime) -> bool:
    """Whether somebody works here: not left, not silent, and not a process of this machine that is gone."""
    if slot.holder is None or now - slot.beat_at > SILENT_AFTER:
        return False
    is_of_this_machine = slot.host == socket.gethostname()
    return not (is_of_this_machine and _is_gone(slot.process))


def _is_gone(process: int) -> bool:
    if process == os.getpid():
        return True  # a container's first process has the same number in every life
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@transaction.atomic
def claim(now: datetime, *, wanted: str = "") -> Slot:
    """Take a free place, or the one ``wanted``; refuses with ``RuntimeError`` when that one is held."""
    held = {slot.name: slot for slot in Slot.objects.select_for_update().order_by("name")}
    names = [wanted] if wanted else [f"worker-{number}" for number in range(1, len(held) + 2)]
    free = [name for name in names if name not in held or not is_alive(held[name], now)]
    if not free:
        raise RuntimeError(f"a worker is already working as {wanted}")
    claimed = {
        "holder": uuid.uuid4(),
        "host": socket.gethostname()[:120],
        "process": os.getpid(),
        "beat_at": now,
        "is_taken_over": False,
    }
    return Slot.objects.update_or_create(name=free[0], defaults=claimed)[0]


def beat(slot: Slot, now: datetime) -> bool:
    """Say that we live; False when somebody else has taken the place, and we must leave."""
    return bool(Slot.objects.filter(pk=slot.pk, holder=slot.holder).update(beat_at=now))


def leave(slot: Slot) -> None:
    Slot.objects.filter(pk=slot.pk, holder=slot.holder).update(holder=None)


def dead(now: datetime, *, but: Slot) -> list[Slot]:
    """The places whose work nobody has taken up yet."""
    silent = [slot for slot in Slot.objects.filter(is_taken_over=False) if not is_alive(slot, now)]
    return [slot for slot in silent if slot.pk != but.pk]


def mark_taken_over(slot: Slot) -> None:
    Slot.objects.filter(pk=slot.pk, holder=slot.holder).update(is_taken_over=True)
