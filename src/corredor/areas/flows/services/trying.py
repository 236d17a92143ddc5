"""Looking before doing: what a mapping reads, and what publishing would show. Nothing of it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from corredor.areas.flows import adapters
from corredor.areas.flows.adapters import general
from corredor.areas.flows.adapters.figures import Figure, FileRefused
from corredor.areas.flows.queries.figures import every_figure
from corredor.areas.flows.queries.things import FigureFilter, FigureRow
from corredor.areas.flows.services.opening import File, not_taken
from corredor.areas.flows.services.publishing import _locked, publish_batch
from corredor.kernel import clock
from corredor.kernel.policy import PUBLIC, Actor, Capacity, require
from corredor.kernel.sharing import Level

READERS = {
    Level.PUBLIC: PUBLIC,
    Level.OBSERVERS: Actor(name="observers", capacities=(Capacity("observer_organisation"),)),
    Level.MEMBERS: Actor(name="members", capacities=(Capacity("secretariat"),)),
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the readers of a level would see of a batch that they do not see today.

    ``rows`` are the first figures, as those readers will see them. ``shown`` have their number, ``protected`` are
    named without it, ``unseen`` figures of the batch stay out of sight.
    """

    level: Level
    rows: tuple[FigureRow, ...]
    shown: int
    protected: int
    unseen: int


def known_layouts() -> tuple[tuple[str, str], ...]:
    """The layouts recognised without a question: the reader's name, and the code of the source that writes so."""
    return tuple((adapter.name, adapter.source) for adapter in adapters.ADAPTERS.values())


def sample_of(
    *, path: Path, mapping: dict[str, Any], by: Actor, file_name: str = "", limit: int = 12
) -> tuple[Figure, ...]:
    """The first figures of a file as a mapping reads them. Refuses (FileNotTaken) a file or mapping that cannot be."""
    require(by, "flows.import_figures")
    file = File.examined(path, file_name)
    try:
        checked = general.Mapping.from_json(json.dumps(mapping))
        items = general.read(file.path, checked, today=clock.today())
        return tuple(islice((item for item in items if isinstance(item, Figure)), limit))
    except FileRefused as refused:
        raise not_taken(refused) from refused


def try_publishing(*, batch: int, level: Level, by: Actor, limit: int = 100) -> Outlook:
    """Publish, look with the eyes of that level's readers, and take it back.

    Refuses whatever publishing itself would refuse.
    """
    with transaction.atomic():
        found = _locked(batch)
        publish_batch(batch=batch, level=level, by=by)
        rows: list[FigureRow] = []
        shown = protected = 0
        for row in _of_batch(READERS[level], found.covers, found.source_id, batch):
            protected += row.point.is_protected
            shown += not row.point.is_protected
            if len(rows) < limit:
                rows.append(row)
        own = sum(1 for _ in _of_batch(by, found.covers, found.source_id, batch))
        transaction.set_rollback(True)
    return Outlook(level, tuple(rows), shown, protected, max(0, own - shown - protected))


def _of_batch(actor: Actor, covers: list[str], source: str, batch: int) -> Iterator[FigureRow]:
    """The current figures that a batch brought, as an actor sees them."""
    for pair in covers:
        measure, gate = pair.split(" ", 1)
        for row in every_figure(actor, FigureFilter(source=source, measure=measure, gate=gate)):
            if row.point.batch == batch:
                yield row
