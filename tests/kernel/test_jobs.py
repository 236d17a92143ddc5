from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from corredor.kernel import clock, jobs
from corredor.kernel.jobs import enqueue, job, ledger, queries, slots, wait_until
from corredor.kernel.jobs.models import Job, Slot
from corredor.kernel.jobs.schedule import Ticker, daily, every

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def done(monkeypatch):
    """Work that leaves a trace, known only to this test."""
    monkeypatch.setattr(jobs, "_known", {})
    done: list[object] = []

    @job("lamp.light")
    def light(*, number: int) -> None:
        done.append(number)

    @job("lamp.fail", attempts=3)
    def fail() -> None:
        done.append("tried")
        raise RuntimeError("the lamp went out")

    @job("lamp.wait")
    def wait(*, until: str) -> None:
        done.append("came")
        wait_until(datetime.fromisoformat(until))
        done.append("went on")

    return done


def work(now: datetime = NOON) -> int:
    """A worker's look at the rows, without an engine: each turn is carried out at once."""
    with clock.moved_to(now):
        return ledger.hand_over_due(lambda job: ledger.carry_out(job.pk, job.turn, "worker-1"), now)


def test_asking_twice_is_asking_once(done):
    with clock.moved_to(NOON):
        assert enqueue("lamp.light", key="1", number=1)
        assert not enqueue("lamp.light", key="1", number=1)
        assert enqueue("lamp.fail", key="1"), "another name, another job"

    work()
    with clock.moved_to(NOON):
        assert not enqueue("lamp.light", key="1", number=1), "nor is it asked again once done"
    work()

    assert done.count(1) == 1


def test_what_an_undone_transaction_asked_for_is_not_done(done):
    with clock.moved_to(NOON), transaction.atomic():
        enqueue("lamp.light", key="1", number=1)
        transaction.set_rollback(True)

    assert work() == 0
    assert done == []


def test_a_worker_is_woken_after_the_commit_and_not_before(done, monkeypatch):
    woken: list[int] = []
    monkeypatch.setattr(ledger, "_wake", [lambda: woken.append(1)])

    with transaction.atomic():
        enqueue("lamp.light", key="1", number=1)
        assert not woken

    assert woken


def test_work_nobody_named_is_refused_when_asked_for(done):
    with pytest.raises(LookupError):
        enqueue("lamp.ligth", key="1")


def test_two_functions_cannot_have_one_name(done):
    with pytest.raises(ValueError, match=r"lamp\.light"):

        @job("lamp.light")
        def another() -> None: ...


def test_a_key_that_would_not_fit_is_refused(done):
    with pytest.raises(ValueError, match="160"):
        enqueue("lamp.light", key="k" * 161, number=1)


def test_work_asked_for_later_waits_for_its_moment(done):
    with clock.moved_to(NOON):
        enqueue("lamp.light", key="1", number=1, at=NOON + timedelta(days=400))

    assert work() == 0
    assert work(NOON + timedelta(days=400)) == 1
    assert done == [1]


def test_waiting_ends_the_turn_and_begins_again_when_the_time_has_come(done):
    later = NOON + timedelta(days=30)
    with clock.moved_to(NOON):
        enqueue("lamp.wait", key="1", until=later.isoformat())

    work()
    assert work(NOON + timedelta(days=29)) == 0
    work(later)

    assert done == ["came", "came", "went on"]
    assert Job.objects.get().done_at == later


def test_a_fault_is_tried_again_ever_more_slowly_and_then_left_to_an_operator(done):
    with clock.moved_to(NOON):
        enqueue("lamp.fail", key="1")

    work()
    assert work(NOON + timedelta(seconds=1)) == 0
    work(NOON + timedelta(seconds=2))
    assert work(NOON + timedelta(seconds=5)) == 0
    work(NOON + timedelta(seconds=6))

    assert done == ["tried"] * 3
    assert work(NOON + timedelta(days=1)) == 0
    failure = queries.failures()[0]
    assert (failure.name, failure.faults, failure.last_fault) == ("lamp.fail", 3, "RuntimeError")


def test_a_failed_job_can_be_begun_again(done):
    with clock.moved_to(NOON):
        enqueue("lamp.fail", key="1")
    for minute in range(4):
        work(NOON + timedelta(minutes=minute))
    failed = Job.objects.get()
    assert failed.failed_at

    with clock.moved_to(NOON + timedelta(hours=1)):
        ledger.begin_again(failed)
    work(NOON + timedelta(hours=1))

    assert done == ["tried"] * 4
    assert Job.objects.get().failed_at is None


def test_a_turn_that_is_over_is_left_alone(done):
    with clock.moved_to(NOON):
        enqueue("lamp.light", key="1", number=1)
    work()
    over = Job.objects.get()

    ledger.carry_out(over.pk, over.turn, "worker-2")

    assert done == [1]


def test_work_in_one_transaction_leaves_nothing_when_it_fails(done):
    @job("lamp.write", in_one_transaction=True)
    def write() -> None:
        enqueue("lamp.light", key="from-within", number=2)
        raise RuntimeError("the pen broke")

    with clock.moved_to(NOON):
        enqueue("lamp.write", key="1")
    work()

    assert not Job.objects.filter(key="from-within").exists()
    assert Job.objects.get(name="lamp.write").faults == 1


def test_work_whose_name_is_gone_fails_where_operators_see_it(done, monkeypatch):
    with clock.moved_to(NOON):
        enqueue("lamp.light", key="1", number=1)
    monkeypatch.setattr(jobs, "_known", {})

    work()

    assert queries.failures()[0].last_fault == "LookupError"


def test_a_schedule_s_slots_are_counted_from_midnight_utc():
    at = datetime(2025, 3, 1, 6, 14, 59, tzinfo=UTC)

    assert every(60, "x").slot(at) == datetime(2025, 3, 1, 6, 14, tzinfo=UTC)
    assert daily("06:10", "x").slot(at) == datetime(2025, 3, 1, 6, 10, tzinfo=UTC)
    assert daily("06:15", "x").slot(at) == datetime(2025, 2, 28, 6, 15, tzinfo=UTC)
    with pytest.raises(ValueError, match="second"):
        every(0, "x")


def test_each_slot_is_asked_for_once_however_many_workers_look(done):
    @job("lamp.tick")
    def tick() -> None:
        done.append("tick")

    tickers = [Ticker([every(60, "lamp.tick")]) for _ in range(3)]
    for seconds in (0, 20, 59, 60, 61, 3600 * 5):
        now = NOON + timedelta(seconds=seconds)
        with clock.moved_to(now):
            for ticker in tickers:
                ticker.tick(now)
        work(now)

    assert done == ["tick"] * 3, "at noon, a minute later, and once after five hours away"


def test_the_overview_counts_what_waits_runs_and_failed(done):
    with clock.moved_to(NOON):
        enqueue("lamp.light", key="waits", number=1)
        enqueue("lamp.light", key="later", number=2, at=NOON + timedelta(hours=1))
        enqueue("lamp.light", key="runs", number=3)
        enqueue("lamp.fail", key="failed")
        Job.objects.filter(key="runs").update(handed_over_at=NOON, started_at=NOON)
        Job.objects.filter(key="failed").update(failed_at=NOON)

        seen = queries.overview()

    assert (seen.waiting, seen.later, seen.running, seen.failed) == (1, 1, 1, 1)
    assert seen.waiting_since == NOON
    assert (seen.workers, seen.last_beat_at, seen.is_healthy(NOON)) == (0, None, False)


def test_what_was_done_long_ago_is_forgotten_and_what_failed_is_kept(done):
    with clock.moved_to(NOON):
        for key in ("old", "young", "failed"):
            enqueue("lamp.light", key=key, number=1)
    Job.objects.filter(key="old").update(done_at=NOON - timedelta(days=61))
    Job.objects.filter(key="young").update(done_at=NOON)
    Job.objects.filter(key="failed").update(failed_at=NOON - timedelta(days=400))

    assert ledger.forget_done(NOON - timedelta(days=60)) == 1

    assert set(Job.objects.values_list("key", flat=True)) == {"young", "failed"}


def test_a_place_is_free_when_it_was_left_or_has_been_silent():
    first = slots.claim(NOON)
    Slot.objects.update(host="another-machine")

    second = slots.claim(NOON)
    third = slots.claim(NOON + timedelta(seconds=21))

    assert (first.name, second.name, third.name) == ("worker-1", "worker-2", "worker-1")
    assert not slots.beat(first, NOON), "it learns that it has lost its place"


def test_a_place_that_is_held_cannot_be_demanded():
    slots.claim(NOON, wanted="night")
    Slot.objects.update(host="another-machine")

    with pytest.raises(RuntimeError, match="night"):
        slots.claim(NOON, wanted="night")


def test_a_place_whose_process_is_gone_is_free_at_once():
    slots.claim(NOON)
    Slot.objects.update(process=2**22 + 1)  # more than Linux ever hands out

    assert slots.claim(NOON).name == "worker-1"
