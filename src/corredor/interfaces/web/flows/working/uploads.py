"""Files on their way in: each in a folder of its own until it is imported, given up or forgotten.

``uploads/TOKEN/`` in the installation's folder holds the file under its own name (some layouts are told by it) and
``draft.json``: who brought it, how it is to be read, and what the last look at it said. Nothing of it is in the
database before a person confirms. Several web processes share the folder, as they share the documents'.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from corredor.interfaces.web.bounded_uploads import FULL_DISK
from corredor.kernel import clock
from corredor.kernel.documents.services import NoRoom
from corredor.kernel.errors import NotFound, Refused

FORGOTTEN_AFTER = timedelta(days=7)
MOST_AT_ONCE = 10  # files one person may have waiting
LONGEST_NAME = 120


class TooManyWaiting(Refused):
    code = "too-many-uploads"
    rule = _("Ten files of yours already wait to be imported.")
    way_out = _("Import or discard one of them first.")


@dataclass(slots=True)
class Draft:
    """A file that waits for its person's decision.

    ``doing`` is "preview" or "import" while that is under way, and ``turn`` counts them. ``fault`` holds the last
    refusal in both languages. ``report`` is the last preview; ``batch`` the number of the import once there is one.
    """

    token: str
    person: int
    file_name: str
    size: int
    source: str
    at: str
    known_on: str = ""
    sheet: str = ""
    adapter: str = ""
    layout_source: str = ""
    mapping: dict[str, Any] | None = None
    is_understood: bool = False
    doing: str = ""
    turn: int = 0
    fault: dict[str, dict[str, str]] | None = None
    report: dict[str, Any] | None = None
    sample: list[dict[str, Any]] = field(default_factory=list)
    batch: int | None = None

    @property
    def path(self) -> Path:
        return _folder(self.token) / self.file_name

    @property
    def brought_at(self) -> datetime:
        return datetime.fromisoformat(self.at)


def _root() -> Path:
    return Path(settings.HOME) / "uploads"


def _folder(token: str) -> Path:
    return _root() / token


def plain_name(name: str) -> str:
    """A file's name without folders or signs that could mislead, short enough for any disk."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip().lstrip(".")
    stem, dot, ending = visible.rpartition(".")
    if dot and len(visible) > LONGEST_NAME:
        visible = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending[:20]}"
    visible = visible[:LONGEST_NAME]
    return visible if visible not in ("", "draft.json", "refused.json") else f"file-{visible}"


def take_in(*, chunks: Iterable[bytes], name: str, person: int, source: str, known_on: str = "") -> Draft:
    """Put a file aside for its person. Refuses an eleventh (TooManyWaiting) and a full disk (NoRoom)."""
    if len(list(waiting(person))) >= MOST_AT_ONCE:
        raise TooManyWaiting
    draft = Draft(
        secrets.token_hex(16), person, plain_name(name), 0, source, clock.now().isoformat(), known_on
    )
    with _undone_when_full(draft.token):
        _folder(draft.token).mkdir(mode=0o700, parents=True)
        with draft.path.open("wb") as file:
            for chunk in chunks:
                draft.size += file.write(chunk)
        keep(draft)
    return draft


@contextlib.contextmanager
def _undone_when_full(token: str) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        forget(token)
        if fault.errno in FULL_DISK:
            raise NoRoom from fault
        raise


def keep(draft: Draft) -> None:
    """Write down where the draft stands: whole, or as it was before."""
    _write(_folder(draft.token) / "draft.json", asdict(draft))


def keep_refused(draft: Draft, rows: list[dict[str, Any]]) -> None:
    """The rows that were not taken, apart from the draft: they can be many."""
    _write(_folder(draft.token) / "refused.json", rows)


def refused_rows(draft: Draft) -> list[dict[str, Any]]:
    try:
        text = (_folder(draft.token) / "refused.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return cast("list[dict[str, Any]]", json.loads(text))


def _write(path: Path, content: Any) -> None:
    aside = path.with_suffix(f".{secrets.token_hex(4)}")
    aside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    os.replace(aside, path)


def find(token: str, person: int | None) -> Draft:
    """The draft of that token; refuses (NotFound) one that is gone or somebody else's."""
    draft = _read(token) if len(token) == 32 and token.isalnum() else None
    if draft is None or draft.person != person:
        raise NotFound(
            _("This file is no longer here."),
            _("It was imported, discarded, or forgotten after a week. Choose it again."),
        )
    return draft


def _read(token: str) -> Draft | None:
    try:
        return Draft(**json.loads((_folder(token) / "draft.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError, TypeError, ValueError):
        return None


def waiting(person: int | None) -> Iterator[Draft]:
    """The files of a person that are not imported yet, the newest first."""
    mine = [draft for draft in _every() if draft.person == person and draft.batch is None]
    yield from sorted(mine, key=lambda draft: draft.at, reverse=True)


def _every() -> Iterator[Draft]:
    for place in _root().glob("*/draft.json"):
        if draft := _read(place.parent.name):
            yield draft


def forget(token: str) -> None:
    """Remove a file and everything known of it."""
    shutil.rmtree(_folder(token), ignore_errors=True)


def forget_abandoned() -> int:
    """Remove what has waited for a week, and the remains of what never arrived whole; returns how many."""
    now, gone = clock.now(), 0
    for place in _root().glob("*"):
        draft = _read(place.name)
        since = draft.brought_at if draft else datetime.fromtimestamp(place.stat().st_mtime, UTC)
        if now - since > FORGOTTEN_AFTER:
            forget(place.name)
            gone += 1
    return gone
