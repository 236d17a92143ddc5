"""What runs when. Each line asks for a job once per slot of time, however many workers look at the clock.

    TABLE = (
        every(60, "messages.send_due"),
        daily("06:10", "foresight.issue_due"),
    )

After a time without a worker the last slot that passed is run once; the ones before it are not made up for, since the
jobs named here look at what is due and not at how often they were called.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from corredor.kernel.jobs import enqueue

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """A job that is asked for again and again: each ``period``, counted from ``phase`` after midnight UTC."""

    name: str
    period: timedelta
    phase: timedelta = timedelta(0)

    def slot(self, now: datetime) -> datetime:
        """The last moment, not after ``now``, at which this was to run."""
        since = now - (EPOCH + self.phase)
        return EPOCH + self.phase + (since // self.period) * self.period


def every(seconds: int, name: str) -> Line:
    """Each so many seconds; refuses less than one."""
    if seconds < 1:
        raise ValueError("a schedule runs each second at most")
    return Line(name, timedelta(seconds=seconds))


def daily(at: str, name: str) -> Line:
    """Once a day at "HH:MM" in UTC."""
    when = time.fromisoformat(at)
    return Line(name, timedelta(days=1), timedelta(hours=when.hour, minutes=when.minute))


class Ticker:
    """Asks for what has become due. It remembers what it asked for only to spare the database."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = tuple(lines)
        self._asked: dict[Line, datetime] = {}

    def tick(self, now: datetime) -> int:
        """Ask for each line whose slot has come; returns how many were asked for first from here."""
        first = 0
        for line in self._lines:
            slot = line.slot(now)
            if self._asked.get(line) != slot:
                first += enqueue(line.name, key=f"at:{slot.isoformat()}", at=now)
                self._asked[line] = slot
        return first
