from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from corredor.kernel import clock, events
from corredor.kernel.countries.models import Country
from corredor.kernel.events import outgoing
from corredor.kernel.events.models import Delivery, StoredEvent

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class LampLit:
    """A lamp was lit."""

    number: int


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(events, "_listeners", {})
    heard: list[int] = []
    heard_of = {"faults": 0}

    @events.listen(LampLit)
    def listener(event: LampLit) -> None:
        Country.objects.create(
            iso3=f"L{event.number}", iso2=f"{event.number}", standing="observer", name_en="L", name_es="L",
            order_name_en="L", order_name_es="L", zones=["UTC"],
        )  # fmt: skip
        if heard_of["faults"] > 0:
            heard_of["faults"] -= 1
            raise RuntimeError("the lamp went out")
        heard.append(event.number)

    heard_of["heard"] = heard
    return heard_of


def light(number: int) -> None:
    with transaction.atomic():
        events.publish(LampLit(number))


def test_an_event_is_delivered_once_and_then_is_done(heard):
    with clock.moved_to(NOON):
        light(1)
        assert outgoing.deliver_due() == 1
        assert outgoing.deliver_due() == 0

    assert heard["heard"] == [1]


def test_an_event_of_an_undone_transaction_never_happened(heard):
    with transaction.atomic():
        events.publish(LampLit(1))
        transaction.set_rollback(True)

    assert StoredEvent.objects.count() == 0


def test_a_listener_that_fails_leaves_nothing_behind_and_is_tried_again_later(heard):
    heard["faults"] = 2
    with clock.moved_to(NOON):
        light(1)
        assert outgoing.deliver_due() == 0
        assert Country.objects.count() == 0
        assert outgoing.deliver_due() == 0, "it waits before the second try"
    with clock.moved_to(NOON + timedelta(seconds=3)):
        assert outgoing.deliver_due() == 0
    with clock.moved_to(NOON + timedelta(minutes=5)):
        assert outgoing.deliver_due() == 1

    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.last_fault) == (3, "RuntimeError")
    assert Country.objects.count() == 1


def test_publishing_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="same transaction"):
        events.publish(LampLit(1))


def test_two_workers_at_once_do_not_deliver_twice(heard):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    with clock.moved_to(NOON):
        for number in range(10):
            light(number)

    def work(_: int) -> int:
        try:
            return outgoing.deliver_due(NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        done = sum(pool.map(work, range(3)))
    done += outgoing.deliver_due(NOON + timedelta(hours=1))

    assert done == 10
    assert sorted(heard["heard"]) == list(range(10))
