"""What operators ask about work under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from corredor.kernel import clock
from corredor.kernel.events.models import Delivery
from corredor.kernel.jobs import slots
from corredor.kernel.jobs.models import Job, Slot

STUCK_AFTER_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Overview:
    """Work at a glance. ``waiting`` is due and not begun; ``later`` is not due yet; moments are aware, in UTC."""

    waiting: int
    later: int
    running: int
    failed: int
    waiting_since: datetime | None
    events_waiting: int
    events_stuck: int
    workers: int
    last_beat_at: datetime | None

    def is_healthy(self, now: datetime) -> bool:
        """Whether a worker was heard of lately."""
        return self.last_beat_at is not None and now - self.last_beat_at <= slots.SILENT_AFTER


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that was given up, for an operator to look at."""

    pk: int
    name: str
    key: str
    faults: int
    last_fault: str
    failed_at: datetime


def overview(now: datetime | None = None) -> Overview:
    """Counts over all workers, from the main database alone."""
    now = now or clock.now()
    is_open = Q(done_at__isnull=True, failed_at__isnull=True)
    waits = is_open & Q(due_at__lte=now, started_at__isnull=True)
    counts = Job.objects.aggregate(
        waiting=Count("pk", filter=waits),
        waiting_since=Min("due_at", filter=waits),
        later=Count("pk", filter=is_open & Q(due_at__gt=now)),
        running=Count("pk", filter=is_open & Q(started_at__isnull=False)),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
    )
    owed = Q(done_at__isnull=True)
    deliveries = Delivery.objects.aggregate(
        events_waiting=Count("pk", filter=owed & Q(next_try_at__lte=now)),
        events_stuck=Count("pk", filter=owed & Q(attempts__gte=STUCK_AFTER_ATTEMPTS)),
    )
    places = list(Slot.objects.all())
    return Overview(
        **counts,
        **deliveries,
        workers=sum(slots.is_alive(place, now) for place in places),
        last_beat_at=max((place.beat_at for place in places), default=None),
    )


def failures(limit: int = 50) -> list[Failure]:
    """The latest jobs that were given up."""
    latest = Job.objects.filter(failed_at__isnull=False).order_by("-failed_at")
    fields = list(Failure.__dataclass_fields__)
    return [Failure(**values) for values in latest.values(*fields)[:limit]]
