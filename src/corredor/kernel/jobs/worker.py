"""The worker: hands over what is due, delivers stored events, keeps the schedule, looks after dead workers.

Any number may run beside one another. Each wakes at once for what its own process stored and looks at the clock
twice a second for the rest. When the database is away it waits and goes on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import structlog
from django.db import DatabaseError, close_old_connections, connections

from corredor.kernel import clock
from corredor.kernel.events import outgoing
from corredor.kernel.jobs import engine, job, ledger, slots
from corredor.kernel.jobs.models import Slot
from corredor.kernel.jobs.schedule import Line, Ticker

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.5
BEAT_SECONDS = 3.0
CARE_SECONDS = 60.0
KEEP_DONE = timedelta(days=60)
KEEP_TURNS = timedelta(days=7)


def run_worker(
    schedule: Iterable[Line] = (),
    *,
    slot: str = "",
    patience_seconds: int = 10,
    stop: threading.Event | None = None,
) -> int:
    """Work until told to stop (SIGTERM, SIGINT, or ``stop``); returns the exit code.

    ``slot`` (or CORREDOR_WORKER_SLOT) names the place; without it the first free one is taken. 0 after a stop in
    order, 3 when another worker has taken the place, so that a supervisor starts this one again.
    """
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stop.set())
    place = slots.claim(clock.now(), wanted=slot or os.environ.get("CORREDOR_WORKER_SLOT", ""))
    engine.launch(place.name)
    log.info("worker started", slot=place.name, process=os.getpid())
    try:
        return Worker(place, schedule, stop).work()
    finally:
        engine.stop(patience_seconds)
        with contextlib.suppress(DatabaseError):
            slots.leave(place)
        connections.close_all()
        log.info("worker stopped", slot=place.name)


class Worker:
    """One life of a worker at its place: a thread for events, this one for everything else."""

    def __init__(self, place: Slot, schedule: Iterable[Line], stop: threading.Event) -> None:
        self._place = place
        self._ticker = Ticker(schedule)
        self._stop = stop
        self._lost_place = False
        self._work_asked, self._event_stored = threading.Event(), threading.Event()
        self._chores = [
            Chore(BEAT_SECONDS, self._beat),
            Chore(BEAT_SECONDS, self._take_over_the_dead),
            Chore(CARE_SECONDS, self._remind_the_engine),
        ]

    def work(self) -> int:
        ledger.on_ask(self._work_asked.set)
        outgoing.on_publish(self._event_stored.set)
        self._remind_the_engine()
        post = threading.Thread(target=self._deliver, name="events", daemon=True)
        post.start()
        self._keep_on(self._work_asked, self._look)
        post.join(timeout=10)
        return 3 if self._lost_place else 0

    def _deliver(self) -> None:
        self._keep_on(self._event_stored, lambda: outgoing.deliver_due(limit=100))
        connections.close_all()

    def _look(self) -> Any:
        now = clock.now()
        for chore in self._chores:
            chore.do_if_due()
        self._ticker.tick(now)
        return ledger.hand_over_due(engine.hand_over, now)

    def _keep_on(self, wake: threading.Event, look: Callable[[], Any]) -> None:
        """Look again and again; at once when woken or when there was something, slowly while the database is away."""
        pause = LOOK_SECONDS
        while not self._stop.is_set():
            wake.clear()
            try:
                close_old_connections()
                found = look()
                pause = LOOK_SECONDS
            except Exception as fault:
                found, pause = 0, min(pause * 2, 10.0)
                log.warning("worker waits", fault=type(fault).__name__)
                connections.close_all()
            if not found:
                _wait_for_either(wake, self._stop, pause)

    def _beat(self) -> None:
        if not slots.beat(self._place, clock.now()):
            log.error("another worker has taken this place", slot=self._place.name)
            self._lost_place = True
            self._stop.set()

    def _take_over_the_dead(self) -> None:
        for slot in slots.dead(clock.now(), but=self._place):
            turns = engine.take_over(slot.name)
            slots.mark_taken_over(slot)
            log.warning("took over from a dead worker", slot=slot.name, turns=turns)

    def _remind_the_engine(self) -> None:
        """Tell the engine again what is under way: it forgets nothing, unless its own database was lost."""
        for under_way in ledger.under_way(clock.now() - timedelta(seconds=CARE_SECONDS)):
            if engine.is_lost(under_way):
                ledger.give_up(under_way, "given up by the engine")
            else:
                engine.hand_over(under_way)


class Chore:
    """Something to be done again after so many seconds of real time."""

    def __init__(self, seconds: float, do: Callable[[], None]) -> None:
        self._seconds, self._do, self._next = seconds, do, 0.0

    def do_if_due(self) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._seconds
            self._do()


def _wait_for_either(wake: threading.Event, stop: threading.Event, seconds: float) -> None:
    """Wait to be woken, but never sleep long through a stop."""
    until = time.monotonic() + seconds
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        if wake.wait(min(left, LOOK_SECONDS)):
            return


@job("jobs.forget_finished", heavy=True)
def forget_finished() -> None:
    """Delete what was done long ago: rows after 60 days, the engine's records after 7."""
    now = clock.now()
    ledger.forget_done(now - KEEP_DONE)
    engine.forget(now - KEEP_TURNS)
