import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from corredor.kernel.audit import queries
from corredor.kernel.audit.models import AuditHead, AuditLine
from corredor.kernel.audit.services import record
from corredor.kernel.policy import SYSTEM


def write(lines: int, country: str | None = "HND") -> None:
    for number in range(lines):
        with transaction.atomic():
            record(SYSTEM, "tested", f"test.thing:{number}", country=country, number=number)


@pytest.mark.django_db
def test_an_untouched_chain_verifies_and_each_country_has_its_own():
    write(3, "HND")
    write(2, "PAN")
    write(1, None)

    assert queries.verify() == []
    assert {chain: length for chain, (length, _) in queries.heads().items()} == {
        "FORUM": 1,
        "HND": 3,
        "PAN": 2,
    }


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="same transaction"):
        record(SYSTEM, "tested", "test.thing:1")


@pytest.mark.django_db
def test_a_verb_undone_leaves_no_line():
    write(1)

    with transaction.atomic():
        record(SYSTEM, "tested", "test.thing:2", country="HND")
        transaction.set_rollback(True)

    assert AuditLine.objects.count() == 1
    assert queries.verify() == []


MANIPULATIONS = ("detail", "verb", "actor", "at", "delete", "swap", "cut tail", "insert", "head")


def manipulate(kind: str, rng: random.Random) -> None:
    lines = AuditLine.objects.filter(chain="HND")
    position = rng.randint(1, lines.count())
    one = lines.filter(position=position)
    if kind == "detail":
        one.update(detail={"number": -1})
    elif kind == "verb":
        one.update(verb="changed")
    elif kind == "actor":
        one.update(actor=999)
    elif kind == "at":
        one.update(at="2001-01-01T00:00:00Z")
    elif kind == "delete":
        one.delete()
    elif kind == "swap":
        other = rng.choice([line for line in lines if line.position != position])
        one.update(position=10_000)
        lines.filter(position=other.position).update(position=position)
        lines.filter(position=10_000).update(position=other.position)
    elif kind == "cut tail":
        last = lines.last()
        lines.filter(position__gte=position).delete()
        AuditHead.objects.filter(chain="HND").update(length=last.position)
    elif kind == "insert":
        AuditLine.objects.create(
            chain="HND", position=lines.count() + 1, at="2024-01-01T00:00:00Z", verb="x", thing="x",
            previous=lines.last().digest, digest="f" * 64,
        )  # fmt: skip
    elif kind == "head":
        AuditHead.objects.filter(chain="HND").update(digest="e" * 64)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", MANIPULATIONS)
def test_every_kind_of_manipulation_is_found(kind):
    write(12)

    for seed in range(12):
        with transaction.atomic():
            manipulate(kind, random.Random(seed))
            assert queries.verify() != [], (kind, seed)
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_chain_rewritten_from_its_beginning_is_found_against_noted_heads():
    write(5)
    noted = queries.heads()
    AuditLine.objects.all().delete()
    AuditHead.objects.all().delete()
    write(6)

    assert queries.verify() == []
    assert [fault.kind for fault in queries.verify(against=noted)] == ["rolled-back"]


@pytest.mark.django_db(transaction=True)
def test_racing_writers_never_fork_a_chain():
    def one(number: int) -> None:
        try:
            with transaction.atomic():
                record(SYSTEM, "raced", f"test.thing:{number}", country="MEX")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(40)))

    assert AuditLine.objects.filter(chain="MEX").count() == 40
    assert queries.verify() == []
