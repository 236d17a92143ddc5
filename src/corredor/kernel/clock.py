"""The only clock. Code that needs the time asks here, so a test, a drill or a rehearsal can move it.

``moved_to`` moves it for the running thread of control; the environment variable CORREDOR_CLOCK (an ISO moment)
starts a whole process at another moment, from which it runs on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset: ContextVar[timedelta | None] = ContextVar("clock_offset", default=None)
_frozen: ContextVar[datetime | None] = ContextVar("clock_frozen", default=None)


def _process_offset() -> timedelta:
    start = os.environ.get("CORREDOR_CLOCK")
    if not start:
        return timedelta(0)
    return datetime.fromisoformat(start).astimezone(UTC) - datetime.now(UTC)


_PROCESS_OFFSET = _process_offset()


def now() -> datetime:
    """The present moment in UTC."""
    frozen = _frozen.get()
    if frozen is not None:
        return frozen
    return datetime.now(UTC) + (_offset.get() or _PROCESS_OFFSET)


def today(zone: str = "UTC") -> date:
    """The calendar day that it is now in ``zone`` (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def moved_to(moment: datetime, *, running: bool = False) -> Iterator[None]:
    """Stand still at ``moment`` (aware), or start there and run on when ``running``."""
    if moment.tzinfo is None:
        raise ValueError("the clock is moved to an aware moment")
    moment = moment.astimezone(UTC)
    frozen = _frozen.set(None if running else moment)
    offset = _offset.set(moment - datetime.now(UTC) if running else None)
    try:
        yield
    finally:
        _frozen.reset(frozen)
        _offset.reset(offset)
