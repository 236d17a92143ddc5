"""Work that is done later, by a worker, and survives the death of it.

An area names its work and asks for it; it knows nothing of the engine that carries it through.

    @job("foresight.issue")                                  # areas/foresight/services.py
    def issue_for_batch(*, batch: int) -> None: …

    enqueue("foresight.issue", key=f"batch:{batch.pk}", batch=batch.pk)

What holds:

- **Asking is part of the verb.** ``enqueue`` writes a row in the caller's transaction: undone with it, kept with it.
  It works in every process that has the database; no engine runs there.
- **Asking twice is asking once**, by name and natural key.
- **Work is done at least once.** What was in flight when a worker died is repeated. Work whose whole effect is in the
  database says ``in_one_transaction=True`` and happens exactly once; other work is known by its natural key.
- **Time is Corredor's clock.** ``enqueue(…, at=moment)`` and ``wait_until(moment)`` wait for minutes or years without
  holding anything, and a moved clock moves them.
- **A fault is tried again**, ever more slowly, up to ``attempts`` times; then it is failed and shown to operators.

Arguments are numbers, codes and short texts that JSON can say. Names and addresses of persons do not belong there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from corredor.kernel import clock

F = TypeVar("F", bound=Callable[..., None])

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Work:
    """A named piece of work. Heavy work waits its turn, so that it never delays what is urgent."""

    name: str
    function: Callable[..., None]
    is_heavy: bool = False
    in_one_transaction: bool = False
    attempts: int = 8

    def pause_after(self, attempt: int) -> timedelta:
        """How long to wait after the ``attempt``-th fault: 2 s, doubled each time, at most half an hour."""
        return min(FIRST_PAUSE * 2 ** min(attempt - 1, 12), LONGEST_PAUSE)


class NotYet(Exception):
    """Ends this turn of a job; it begins again, from its first line, at ``until``."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(f"not before {until.isoformat()}")


_known: dict[str, Work] = {}


def job(
    name: str, *, heavy: bool = False, in_one_transaction: bool = False, attempts: int = 8
) -> Callable[[F], F]:
    """Name a function as work: "area.verb". Refuses a name given twice to different functions."""

    def keep(function: F) -> F:
        known = _known.get(name)
        if known and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"two functions are named {name}")
        _known[name] = Work(name, function, heavy, in_one_transaction, attempts)
        return function

    return keep


def work_named(name: str) -> Work:
    """The work of that name; raises ``LookupError`` when no function was given it."""
    try:
        return _known[name]
    except KeyError:
        raise LookupError(f"no job is named {name}") from None


def enqueue(name: str, *, key: str, at: datetime | None = None, **arguments: Any) -> bool:
    """Ask for a job, now or ``at`` a moment; says whether this was the first time.

    Inside a transaction the job begins after its commit, and not at all when it is undone. Raises ``LookupError``
    for a name nobody gave and ``TypeError`` for arguments that JSON cannot say.
    """
    from corredor.kernel.jobs import ledger

    return ledger.ask(work_named(name), key=key, due_at=at or clock.now(), arguments=arguments)


def wait_until(moment: datetime) -> None:
    """Within a job: go on only once it is ``moment``.

    Before it, the turn ends here and the job begins again from its first line when the time has come, so what stands
    above this line must bear being done twice. Nothing is held meanwhile and a restart loses nothing.
    """
    if clock.now() < moment:
        raise NotYet(moment)
