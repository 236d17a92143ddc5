"""Opening a file: is it safe, who reads it, whose figures it holds. What comes out are blocks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from corredor.areas.flows import adapters
from corredor.areas.flows.adapters import general, guard, nationality
from corredor.areas.flows.adapters.figures import FileRefused, Item
from corredor.areas.flows.adapters.tidy import TidyBlock, Vocabulary, read_header, read_tidy_blocks
from corredor.areas.flows.models import Gate, Measure, Source
from corredor.areas.flows.queries.things import Words
from corredor.areas.flows.rules.sums import PUBLISHED
from corredor.areas.flows.services.blocks import Block, Spool, from_tidy
from corredor.kernel.countries.names import SPECIAL
from corredor.kernel.errors import NotFound, Refused

TIDY, GENERAL = "tidy", "general"


class FileNotTaken(Refused):
    """The whole file is refused; ``rule`` carries the reason in both languages, ``details`` its code and place."""

    code = "file-not-taken"
    http_status = 422
    way_out = _("Nothing was kept. Correct the file, or choose how it is to be read, and send it again.")


class LayoutUnknown(Refused):
    code = "layout-unknown"
    http_status = 422
    rule = _("No reader known here recognises this file.")
    way_out = _("Let Corredor propose how to read it, and confirm which column is what.")


class SourceNotSaid(Refused):
    code = "source-not-said"
    http_status = 422
    rule = _("It is not clear whose figures these are.")
    way_out = _("Name the source; a file with several sources is imported once for each.")


def not_taken(refused: FileRefused) -> FileNotTaken:
    words = Words(refused.reason_en, refused.reason_es)
    return FileNotTaken(words, reason=refused.code, place=refused.place)


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be opened: ordinary, of a kind that is read here, not too large, not hostile."""

    path: Path
    name: str
    sha256: str

    @classmethod
    def examined(cls, path: Path, name: str = "") -> File:
        """The file, after looking at its content; refuses (FileNotTaken) what must not be opened."""
        try:
            guard.inspect(path, max_bytes=settings.IMPORT_MAX_BYTES)
        except FileRefused as refused:
            raise not_taken(refused) from refused
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return cls(path, (name or path.name)[:200], digest)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is wanted to be read: by which reader, whose figures, with which mapping; None leaves it to the file.

    ``basis`` is "sum:file" for a file of sums that were made from a source's parts.
    """

    adapter: str | None = None
    source: str | None = None
    mapping: dict[str, Any] | None = None
    basis: str = PUBLISHED


@dataclass(frozen=True, slots=True)
class Opened:
    """A file being read: blocks are read as they are asked for."""

    adapter: str
    source: str
    mapping: dict[str, Any] | None
    blocks: Iterator[Block]


@contextmanager
def opened(file: File, wanted: Reading, *, today: date) -> Iterator[Opened]:
    """Find the reader and the source of a file. Refuses LayoutUnknown, SourceNotSaid, FileNotTaken, NotFound."""
    if wanted.mapping is not None or wanted.adapter == GENERAL:
        with _general(file, wanted, today) as reading:
            yield reading
    elif wanted.adapter == TIDY or (wanted.adapter is None and read_header(file.path) is not None):
        with _tidy(file, wanted, today) as reading:
            yield reading
    elif (reader := _reader(file, wanted.adapter)) is not None:
        with _spooled(reader.read(file.path), today) as blocks:
            yield Opened(reader.name, wanted.source or reader.source, None, blocks)
    else:
        with _general(file, wanted, today) as reading:
            yield reading


def _reader(file: File, name: str | None) -> adapters.Adapter | None:
    if name is None:
        return adapters.recognise(file.path)
    if name not in adapters.ADAPTERS:
        raise NotFound(
            _("There is no reader with this name."), _("Leave it out, and the file is recognised.")
        )
    return adapters.ADAPTERS[name]


@contextmanager
def _spooled(items: Iterable[Item], today: date) -> Iterator[Iterator[Block]]:
    spools: list[Spool] = []

    def blocks() -> Iterator[Block]:
        spools.append(Spool(items, vocabulary=vocabulary(), today=today))
        yield from spools[-1]

    try:
        yield blocks()
    finally:
        for spool in spools:
            spool.close()


@contextmanager
def _tidy(file: File, wanted: Reading, today: date) -> Iterator[Opened]:
    tidy = read_tidy_blocks(file.path, today=today, vocabulary=vocabulary())
    try:
        first = _first(tidy)
        started = [first] if first is not None else []
        named = {c.source for block in started for c in block.combinations} - {""}
        if wanted.source is None and len(named) != 1:
            raise SourceNotSaid(sources=sorted(named))
        source = wanted.source or named.pop()
        blocks = from_tidy(chain(started, tidy), source, basis=wanted.basis)
        yield Opened(TIDY, source, None, blocks)
    finally:
        tidy.close()  # type: ignore[attr-defined]


def _first(tidy: Iterator[TidyBlock]) -> TidyBlock | None:
    """The first block: the whole file is judged before it is handed over."""
    try:
        return next(tidy, None)
    except FileRefused as refused:
        raise not_taken(refused) from refused


@contextmanager
def _general(file: File, wanted: Reading, today: date) -> Iterator[Opened]:
    if wanted.source is None:
        raise LayoutUnknown if wanted.mapping is None else SourceNotSaid
    try:
        mapping = mapping_for(file, find_source(wanted.source), wanted.mapping, today=today)
    except FileRefused as refused:
        raise not_taken(refused) from refused
    if mapping is None:
        raise LayoutUnknown
    with _spooled(general.read(file.path, mapping, today=today), today) as blocks:
        yield Opened(GENERAL, wanted.source, json.loads(mapping.to_json()), blocks)


def mapping_for(
    file: File, source: Source, given: dict[str, Any] | None, *, today: date
) -> general.Mapping | None:
    """The mapping a person gave, or the one remembered for a file of this layout; None when there is neither."""
    if given is not None:
        return general.Mapping.from_json(json.dumps(given))
    proposed = general.propose(file.path, today=today).mapping
    remembered = (source.mapping or {}).get(proposed.fingerprint)
    if remembered is None:
        return None
    return general.renew(general.Mapping.from_json(json.dumps(remembered)), proposed)


def find_source(code: str) -> Source:
    """The source of that code; refuses an unknown one (NotFound)."""
    found = Source.objects.filter(pk=code).first()
    if found is None:
        raise NotFound(_("There is no source with this code."), _("`corredor flows reference` lists them."))
    return found


def vocabulary() -> Vocabulary:
    """The codes this installation knows."""
    return Vocabulary(
        measures=set(Measure.objects.values_list("pk", flat=True)),
        gates=set(Gate.objects.values_list("pk", flat=True)),
        nationalities={*nationality.alpha2_by_alpha3(), *SPECIAL},
    )
