"""Real workers, real kills: what was asked for happens, and what happens in the database happens once."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from tests.fakes.worker import BellRang, WorkerProcess, make_table, marks, until

from corredor.kernel import clock, events
from corredor.kernel.events.models import Delivery
from corredor.kernel.jobs import engine, enqueue, queries
from corredor.kernel.jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 40


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
    """Starts workers that share a fresh engine; none outlives the test."""
    make_table()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {engine.SCHEMA} CASCADE")
    started: list[WorkerProcess] = []

    def begin(**how: object) -> WorkerProcess:
        started.append(WorkerProcess(tmp_path, **how))
        return started[-1]

    yield begin
    for worker in started:
        if worker.process.poll() is None:
            worker.thaw()
            worker.kill()
    connections.close_all()


def ask_for_many(name: str, seconds: float = 0.0) -> None:
    for number in range(MANY):
        enqueue(name, key=str(number), number=number, seconds=seconds)


def all_done() -> bool:
    return not Job.objects.filter(done_at__isnull=True).exists()


def once_each(kind: str) -> bool:
    return marks(kind) == {str(number): 1 for number in range(MANY)}


def test_work_whose_worker_is_killed_again_and_again_is_done_once_in_the_database(start):
    ask_for_many("fake.exactly_once", seconds=0.03)
    ask_for_many("fake.outside", seconds=0.03)

    for least in (3, 20):
        worker = start()
        assert until(lambda least=least: sum(marks("outside").values()) >= least)
        worker.kill()
    start()

    assert until(all_done)
    assert once_each("exactly-once")
    assert once_each("outside")


def test_what_a_dead_worker_had_begun_is_taken_up_by_one_that_lives(start):
    doomed = start()
    assert until(lambda: queries.overview().workers == 1)
    living = start()
    assert until(lambda: queries.overview().workers == 2)
    living.freeze()
    enqueue("fake.outside", key="1", number=1, seconds=4)
    assert until(lambda: bool(marks("outside-begun")))

    doomed.kill()
    living.thaw()

    assert until(lambda: marks("outside") == {"1": 1}), "the living worker does it again"
    assert marks("outside-begun") == {"1": 2}, "what was in flight is repeated"


def test_two_workers_at_once_do_each_thing_once(start):
    start(tick_seconds=1)
    start(tick_seconds=1)
    assert until(lambda: queries.overview().workers == 2)
    ask_for_many("fake.exactly_once", seconds=0.02)

    assert until(lambda: Job.objects.filter(name="fake.exactly_once", done_at__isnull=False).count() == MANY)
    assert until(lambda: marks("tick")["1"] >= 2)

    assert once_each("exactly-once")
    ticks = Job.objects.filter(name="fake.tick")
    span = ticks.latest("due_at").due_at - ticks.earliest("due_at").due_at
    assert ticks.count() <= span.total_seconds() + 2, "one run for each slot, not one for each worker"


def test_a_worker_killed_in_the_middle_of_delivering_events_delivers_each_once(start):
    for number in range(MANY):
        with transaction.atomic():
            events.publish(BellRang(number, seconds=0.05))

    worker = start()
    assert until(lambda: sum(marks("heard").values()) >= 5)
    worker.kill()
    assert Delivery.objects.filter(done_at__isnull=True).exists(), "it was killed in the middle"
    start()

    assert until(lambda: not Delivery.objects.filter(done_at__isnull=True).exists())
    assert once_each("heard")


def test_a_worker_that_was_away_for_days_catches_up(start):
    moment = clock.now() + timedelta(days=3)
    enqueue("fake.patient", key="1", until=moment.isoformat())
    enqueue("fake.outside", key="later", number=7, at=moment)
    worker = start(tick_seconds=3600)
    assert until(lambda: marks("tick") == {"1": 1} and marks("patient-came") == {"1": 1})
    worker.kill()

    start(tick_seconds=3600, clock=moment + timedelta(minutes=1))

    assert until(lambda: marks("patient") == {"1": 1})
    assert until(lambda: marks("outside") == {"7": 1})
    assert until(lambda: marks("tick") == {"1": 2}), (
        "the slot that passed last is run, those before it are not"
    )


def test_the_engine_s_database_may_be_lost(start, tmp_path):
    ask_for_many("fake.outside", seconds=0.03)
    worker = start()
    assert until(lambda: len(marks("outside")) >= 5)
    worker.kill()
    for file in tmp_path.glob("jobs.sqlite*"):
        file.unlink()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {engine.SCHEMA} CASCADE")

    start(clock=clock.now() + timedelta(minutes=5))

    assert until(all_done)
    assert once_each("outside")


def test_a_stopped_worker_leaves_in_order(start):
    worker = start()
    assert until(lambda: queries.overview().workers == 1)

    assert worker.stop() == 0

    assert queries.overview().workers == 0


def test_a_worker_whose_place_was_taken_leaves(start):
    sleeper = start(slot="worker-1")
    assert until(lambda: queries.overview().workers == 1)
    sleeper.freeze()
    start(slot="worker-1", clock=clock.now() + timedelta(hours=1))
    numbers = count()
    assert until(lambda: enqueue("fake.tick", key=f"is-alive-{next(numbers)}") and bool(marks("tick")))

    sleeper.thaw()

    assert sleeper.process.wait(timeout=60) == 3


def test_heavy_work_does_not_hold_up_the_urgent(start):
    for number in range(3):
        enqueue("fake.heavy", key=str(number), number=number, seconds=30)
    start()
    assert until(lambda: bool(marks("heavy-begun")))

    enqueue("fake.outside", key="urgent", number=1)

    assert until(lambda: marks("outside") == {"1": 1}, seconds=25)
    assert sum(marks("heavy-begun").values()) == 1, "one heavy job at a time"


def test_a_fault_is_tried_again_and_then_shown(start):
    enqueue("fake.faulty", key="1", faults=1)
    start()

    assert until(lambda: marks("faulty") == {"1": 1})
    job = Job.objects.get()
    assert (job.faults, job.last_fault) == (1, "ConnectionError")
