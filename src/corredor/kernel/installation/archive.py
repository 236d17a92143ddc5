"""The file a backup is: a plain tar, in this order.

    manifest.json                  format, version, kind, migrations, heads of the audit, and every part with its
                                   bytes, SHA-256 and rows
    data/<app>.<model>.jsonl.gz    one table: its columns on the first line, then a JSON list for each row
    documents/…                    the files as they are kept

Nothing in it belongs to one database engine. Nothing is read that the manifest does not name, and nothing is trusted
before its length and digest are right.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from corredor.kernel.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES = 50_000_000
BLOCK = 1 << 20
_TABLE = re.compile(r"data/[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.jsonl\.gz")


class DamagedBackup(Refused):
    code = "damaged-backup"
    http_status = 422
    rule = _("This file is not a whole backup of Corredor.")
    way_out = _("Nothing was changed. Fetch the file again, or use an earlier backup.")


class NewerBackup(Refused):
    code = "newer-backup"
    rule = _("This backup was made by a later version of Corredor.")
    way_out = _("Nothing was changed. Install that version, or a later one, and restore there.")


@dataclass(frozen=True, slots=True)
class Part:
    """A member of the archive. ``rows`` is zero for documents."""

    name: str
    bytes: int
    sha256: str
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive says of itself. ``migrations`` are "app.name"; ``heads`` map a chain to its length and digest."""

    version: str
    kind: str
    made_at: str
    engine: str
    migrations: list[str]
    heads: dict[str, list[Any]]
    parts: list[Part] = field(default_factory=list)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    @property
    def documents(self) -> int:
        return sum(part.name.startswith("documents/") for part in self.parts)


def digest(source: IO[bytes]) -> tuple[int, str]:
    """Length and SHA-256 of a stream, read in blocks."""
    length, sha = 0, hashlib.sha256()
    while block := source.read(BLOCK):
        length += len(block)
        sha.update(block)
    return length, sha.hexdigest()


def write(place: Path, manifest: Manifest, files: Iterable[tuple[str, Path]]) -> None:
    """Write the manifest, then each file under its name, in the manifest's order."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    with tarfile.open(place, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(_member(MANIFEST, len(text)), io.BytesIO(text))
        for name, file in files:
            with file.open("rb") as content:
                tar.addfile(_member(name, file.stat().st_size), content)


def _member(name: str, size: int) -> tarfile.TarInfo:
    """A plain member: no owner, no time, readable by its owner only."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def read_manifest(place: Path) -> Manifest:
    """The manifest at the head of the archive; refuses any other file, and one of a later format."""
    with opened(place) as tar:
        first = tar.next()
        if first is None or first.name != MANIFEST or not first.isreg() or first.size > MANIFEST_BYTES:
            raise DamagedBackup
        content = tar.extractfile(first)
        assert content is not None
        return _as_manifest(content.read())


def _as_manifest(text: bytes) -> Manifest:
    try:
        said = json.loads(text)
        if said["format"] > FORMAT:
            raise NewerBackup
        parts = [Part(**part) for part in said.pop("parts")]
        manifest = Manifest(**said, parts=parts)
    except (ValueError, KeyError, TypeError) as fault:
        raise DamagedBackup from fault
    names = [part.name for part in parts]
    if len(set(names)) != len(names) or not all(_is_safe(name) for name in names):
        raise DamagedBackup
    return manifest


def _is_safe(name: str) -> bool:
    """Whether a name stays where it belongs: a table, or a path inside the folder of documents."""
    if _TABLE.fullmatch(name):
        return True
    path = PurePosixPath(name)
    is_plain = not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name
    return is_plain and len(path.parts) > 1 and path.parts[0] == "documents" and str(path) == name


def verify(place: Path, manifest: Manifest) -> None:
    """Read everything once: each part is there once, whole and unaltered, and there is nothing else."""
    seen = set()
    for part, content in members(place, manifest):
        if part.name in seen or digest(content) != (part.bytes, part.sha256):
            raise DamagedBackup
        seen.add(part.name)
    if len(seen) != len(manifest.parts):
        raise DamagedBackup


def members(place: Path, manifest: Manifest) -> Iterator[tuple[Part, IO[bytes]]]:
    """Every part the manifest names, as a stream; refuses links, folders and what it does not name."""
    parts = {part.name: part for part in manifest.parts}
    with opened(place) as tar:
        for member in tar:
            if member.name == MANIFEST:
                continue
            part, content = parts.get(member.name), tar.extractfile(member) if member.isreg() else None
            if part is None or content is None or member.size != part.bytes:
                raise DamagedBackup
            yield part, content


class opened:
    """The archive, whose own faults are refusals."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def __enter__(self) -> tarfile.TarFile:
        try:
            self._tar = tarfile.open(self._place, "r:")
        except (tarfile.TarError, EOFError, IsADirectoryError) as fault:
            raise DamagedBackup from fault
        return self._tar

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        self._tar.close()
        if isinstance(fault, tarfile.TarError | EOFError):
            raise DamagedBackup from fault
