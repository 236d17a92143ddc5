"""Writing an audit line, in the transaction of the verb it is about."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from corredor.kernel import clock
from corredor.kernel.audit.chain import GENESIS, Link
from corredor.kernel.audit.models import AuditHead, AuditLine
from corredor.kernel.policy import Actor

FORUM = "FORUM"


def record(
    by: Actor, verb: str, thing: models.Model | str, *, country: str | None = None, **detail: Any
) -> AuditLine:
    """Add a line to the chain of ``country`` (ISO alpha-3), or to the forum's.

    Must run inside the transaction of what it records; refuses to run outside one. ``detail`` holds codes and
    numbers that JSON can say; names of persons do not belong there.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit line is written in the same transaction as the verb")
    chain = country or FORUM
    head = _locked_head(chain)
    link = Link(
        chain=chain,
        position=head.length + 1,
        at=clock.now(),
        actor=by.person_id,
        roles=",".join(sorted(by.roles)),
        verb=verb,
        thing=thing if isinstance(thing, str) else f"{thing._meta.label_lower}:{thing.pk}",
        detail=json.loads(json.dumps(detail, cls=DjangoJSONEncoder)),
        previous=head.digest,
    )
    line = AuditLine.objects.create(
        **{name: getattr(link, name) for name in Link.__dataclass_fields__}, digest=link.digest()
    )
    head.length, head.digest = link.position, line.digest
    head.save(update_fields=["length", "digest"])
    return line


def _locked_head(chain: str) -> AuditHead:
    """The head of the chain, locked until the transaction ends, so that two writers cannot fork it."""
    heads = AuditHead.objects.select_for_update()
    found = heads.filter(chain=chain).first()
    if found is None:
        # Two first writers may meet here: one creates, the other waits for it and then finds the row.
        with transaction.atomic():
            AuditHead.objects.bulk_create([AuditHead(chain=chain, digest=GENESIS)], ignore_conflicts=True)
        found = heads.get(chain=chain)
    return found
