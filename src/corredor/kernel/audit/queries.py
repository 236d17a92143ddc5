"""Reading and verifying the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from corredor.kernel import policy
from corredor.kernel.audit.chain import GENESIS, Link
from corredor.kernel.audit.models import AuditHead, AuditLine
from corredor.kernel.policy import Actor


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a chain does not hold, and how."""

    chain: str
    position: int
    kind: str  # missing, altered, broken, beyond-head, head-differs, head-missing, rolled-back


def heads() -> dict[str, tuple[int, str]]:
    """Every chain's length and last digest: note them outside to prove later that nothing was cut off."""
    return {head.chain: (head.length, head.digest) for head in AuditHead.objects.order_by("chain")}


def lines(actor: Actor, *, chain: str = "", thing: str = "") -> QuerySet[AuditLine]:
    """The lines this actor may see, the latest first; of one chain, or about one thing ("app.model:key" or its start)."""
    found = policy.visible(actor, AuditLine.objects.all())
    if chain:
        found = found.filter(chain=chain)
    if thing:
        found = found.filter(thing__startswith=thing)
    return found.order_by("-at", "-pk")


def verify(*, against: dict[str, tuple[int, str]] | None = None) -> list[Fault]:
    """Walk every chain from its beginning; ``against`` are heads noted earlier, which must still lie on it."""
    lengths = heads()
    orphans = set(AuditLine.objects.values_list("chain", flat=True).distinct()) - set(lengths)
    faults = [Fault(chain, 0, "head-missing") for chain in sorted(orphans)]
    for chain, (length, digest) in lengths.items():
        faults += _walk(chain, length, digest, (against or {}).get(chain))
    return faults + [Fault(chain, 0, "rolled-back") for chain in sorted(set(against or {}) - set(lengths))]


def _walk(chain: str, length: int, digest: str, noted: tuple[int, str] | None) -> Iterator[Fault]:
    previous, position, noted_held = GENESIS, 0, noted is None or noted[0] == 0
    for line in AuditLine.objects.filter(chain=chain).order_by("position").iterator(chunk_size=2000):
        position += 1
        if line.position != position:
            yield Fault(chain, position, "missing")
            position = line.position
        if line.previous != previous:
            yield Fault(chain, position, "broken")
        if line.digest != _digest(line):
            yield Fault(chain, position, "altered")
        if position > length:
            yield Fault(chain, position, "beyond-head")
        previous = line.digest
        noted_held = noted_held or (position, line.digest) == noted
    if position < length:
        yield Fault(chain, position + 1, "missing")
    elif position == length and previous != digest:
        yield Fault(chain, length, "head-differs")
    if noted and not noted_held:
        yield Fault(chain, noted[0], "rolled-back")


def _digest(line: AuditLine) -> str:
    return Link(**{name: getattr(line, name) for name in Link.__dataclass_fields__}).digest()
