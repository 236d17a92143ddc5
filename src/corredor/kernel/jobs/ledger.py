"""What was asked for and what became of it: the rows. The engine only carries a row's turn through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F, QuerySet

from corredor.kernel import clock
from corredor.kernel.jobs import NotYet, Work, work_named
from corredor.kernel.jobs.models import Job

log = structlog.get_logger(__name__)

LONGEST_KEY = 160

_wake: list[Callable[[], None]] = []


def on_ask(wake: Callable[[], None]) -> None:
    """Call ``wake`` after each commit that asked for work; it may be lost, the clock finds the work anyway."""
    _wake.append(wake)


def ask(work: Work, *, key: str, due_at: datetime, arguments: dict[str, object]) -> bool:
    if due_at.tzinfo is None:
        raise ValueError("a job is due at an aware moment")
    if len(key) > LONGEST_KEY:
        raise ValueError(f"a key has at most {LONGEST_KEY} signs")
    wanted = {"arguments": arguments, "due_at": due_at, "asked_at": clock.now()}
    _job, is_new = Job.objects.get_or_create(name=work.name, key=key, defaults=wanted)
    if is_new:
        transaction.on_commit(_wake_up, robust=True)
    return is_new


def _wake_up() -> None:
    for wake in _wake:
        wake()


def unfinished() -> QuerySet[Job]:
    return Job.objects.filter(done_at__isnull=True, failed_at__isnull=True)


def hand_over_due(hand_over: Callable[[Job], None], now: datetime, *, limit: int = 200) -> int:
    """Give the engine each turn that is due; returns how many.

    The engine is told first and the row marked after. A death between the two tells it again, which changes nothing.
    """
    due = unfinished().filter(handed_over_at__isnull=True, due_at__lte=now).order_by("due_at", "pk")[:limit]
    for job in due:
        hand_over(job)
        _same_turn(job).update(handed_over_at=now)
    return len(due)


def under_way(before: datetime) -> QuerySet[Job]:
    """The turns handed over before a moment and not finished."""
    return unfinished().filter(handed_over_at__lt=before)


def carry_out(pk: int, turn: int, worker: str) -> None:
    """Do one turn of a job, and write down how it ended. A turn that is already over is left alone."""
    job = unfinished().filter(pk=pk, turn=turn).first()
    if job is None:
        return
    _same_turn(job).update(started_at=clock.now(), worker=worker)
    try:
        _do(job)
    except NotYet as wait:
        _begin_next_turn(job, wait.until)
    except Exception as fault:
        _note_fault(job, fault)


def _do(job: Job) -> None:
    work = work_named(job.name)
    if not work.in_one_transaction:
        work.function(**job.arguments)
        _finish(job)
        return
    with transaction.atomic():
        if _is_locked(job):  # a second life of the same turn waits here, then finds it over
            work.function(**job.arguments)
            _finish(job)


def _is_locked(job: Job) -> bool:
    return _same_turn(job).select_for_update().first() is not None


def _same_turn(job: Job) -> QuerySet[Job]:
    return unfinished().filter(pk=job.pk, turn=job.turn)


def _finish(job: Job) -> None:
    _same_turn(job).update(done_at=clock.now())


def _begin_next_turn(job: Job, due_at: datetime) -> None:
    _same_turn(job).update(turn=F("turn") + 1, due_at=due_at, handed_over_at=None, started_at=None)


def _note_fault(job: Job, fault: Exception) -> None:
    """Try again later, or give up and leave it to an operator. Only the kind of fault is kept: texts may name people."""
    kind = type(fault).__name__
    log.exception("job failed", job=job.name, key=job.key, fault=kind)
    faults = job.faults + 1
    try:
        work = work_named(job.name)
    except LookupError:
        work = None
    with transaction.atomic():
        _same_turn(job).update(faults=faults, last_fault=kind[:120])
        if work is None or faults >= work.attempts:
            _same_turn(job).update(failed_at=clock.now())
        else:
            _begin_next_turn(job, clock.now() + work.pause_after(faults))


def give_up(job: Job, reason: str) -> None:
    """Mark failed what the engine will not carry any further."""
    _same_turn(job).update(failed_at=clock.now(), last_fault=reason[:120])


@transaction.atomic
def begin_again(job: Job) -> None:
    """Give a failed job new attempts, from now."""
    Job.objects.filter(pk=job.pk, failed_at__isnull=False).update(
        failed_at=None,
        faults=0,
        turn=F("turn") + 1,
        due_at=clock.now(),
        handed_over_at=None,
        started_at=None,
    )
    transaction.on_commit(_wake_up, robust=True)


def forget_done(before: datetime, *, limit: int = 5_000) -> int:
    """Delete the rows of work done before a moment. Failed work stays until an operator has seen to it."""
    old = Job.objects.filter(done_at__lt=before).order_by("done_at").values_list("pk", flat=True)[:limit]
    return Job.objects.filter(pk__in=list(old)).delete()[0]
