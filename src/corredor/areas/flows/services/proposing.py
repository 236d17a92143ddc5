"""What Corredor understood of a file, before anything of it is kept; and what a person decided about its layout."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from corredor.areas.flows import adapters
from corredor.areas.flows.adapters import general
from corredor.areas.flows.adapters.figures import FileRefused
from corredor.areas.flows.adapters.tidy import read_header
from corredor.areas.flows.models import Source
from corredor.areas.flows.services.opening import GENERAL, TIDY, File, find_source, not_taken
from corredor.kernel import clock
from corredor.kernel.audit.services import record
from corredor.kernel.policy import Actor, require


@dataclass(frozen=True, slots=True)
class ImportProposal:
    """How a file would be read: by a known reader, or by a mapping that a person confirms.

    ``proposal`` is None for a known reader. ``is_remembered``: the mapping was confirmed before for this layout and
    source, so that the file can be imported as it is.
    """

    adapter: str
    source: str
    file_name: str
    proposal: general.Proposal | None = None
    is_remembered: bool = False

    @property
    def mapping(self) -> dict[str, Any] | None:
        """The proposed mapping as plain JSON, to be repaired and handed to import_observations."""
        return json.loads(self.proposal.mapping.to_json()) if self.proposal else None


def propose_import(
    *, path: Path, by: Actor, source: str | None = None, sheet: str = "", file_name: str = ""
) -> ImportProposal:
    """Look at a file and say how it would be read; nothing is kept.

    Refuses (FileNotTaken) a file that is hostile or holds no table of figures.
    """
    require(by, "flows.import_figures")
    file = File.examined(path, file_name)
    if read_header(path) is not None:
        return ImportProposal(TIDY, source or "", file.name)
    reader = adapters.recognise(path)
    if reader is not None:
        return ImportProposal(reader.name, source or reader.source, file.name)
    try:
        proposal = general.propose(path, today=clock.today(), sheet=sheet)
    except FileRefused as refused:
        raise not_taken(refused) from refused
    remembered = _remembered(source, proposal)
    if remembered is not None:
        proposal.mapping = general.renew(remembered, proposal.mapping)
    return ImportProposal(GENERAL, source or "", file.name, proposal, remembered is not None)


def _remembered(source: str | None, proposal: general.Proposal) -> general.Mapping | None:
    kept = (find_source(source).mapping or {}).get(proposal.mapping.fingerprint) if source else None
    return general.Mapping.from_json(json.dumps(kept)) if kept else None


def remember_mapping(*, source: str, mapping: dict[str, Any], by: Actor) -> None:
    """Keep how a layout is read, so that next month's file of this source needs no question. Refuses a bad mapping."""
    try:
        checked = general.Mapping.from_json(json.dumps(mapping))
    except FileRefused as refused:
        raise not_taken(refused) from refused
    with transaction.atomic():
        find_source(source)
        found = Source.objects.select_for_update().get(pk=source)
        require(by, "flows.import_figures", found)
        plain = json.loads(checked.to_json())
        kept = dict(found.mapping or {})
        if kept.get(checked.fingerprint) == plain:
            return
        found.mapping = {**kept, checked.fingerprint: plain}
        found.save(update_fields=["mapping"])
        record(by, "mapping remembered", found, country=found.country or None, layout=checked.fingerprint)
