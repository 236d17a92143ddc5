"""Files by their content, under MEDIA_ROOT: written whole and safe on the disk before any row speaks of them."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

CHUNK = 1 << 20
INCOMING = "incoming"
UNUSED_FOR_SECONDS = 24 * 3600


class TooBig(Exception):
    """More bytes than allowed."""


class NoRoom(Exception):
    """The disk takes no more."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that has been read whole and is not yet in its place."""

    path: Path
    sha256: str
    size: int


def folder() -> Path:
    return Path(settings.MEDIA_ROOT)


def path_of(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256


@contextlib.contextmanager
def receive(stream: IO[bytes], *, most_bytes: int) -> Iterator[Arrived]:
    """Read a stream into a file aside, on the disk when the block begins; gone after the block unless it was kept."""
    aside = folder() / INCOMING
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=aside)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            arrived = _copy(stream, file, path, most_bytes)
        yield arrived
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom from fault
        raise
    finally:
        path.unlink(missing_ok=True)


def _copy(stream: IO[bytes], file: IO[bytes], path: Path, most_bytes: int) -> Arrived:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most_bytes:
            raise TooBig
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    return Arrived(path, digest.hexdigest(), size)


def keep(arrived: Arrived) -> Path:
    """Put a file in its place for good; the same content lies there once, however often it comes."""
    place = path_of(arrived.sha256)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _no_sweeping():
        os.replace(arrived.path, place)
    for changed in (place.parent, folder()):
        _settle(changed)
    return place


def _settle(changed: Path) -> None:
    """Make a folder's entries survive a power cut."""
    handle = os.open(changed, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _no_sweeping() -> Iterator[None]:
    """Keep the sweep from taking a file away between its look at it and the arrival of a new one in its place."""
    with (folder() / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sweep(is_used: Callable[[str], bool]) -> int:
    """Delete files nobody uses that have lain for a day: left by a death between the file and its row."""
    if not folder().exists():
        return 0
    swept = 0
    for path in folder().glob("*/*"):
        with _no_sweeping():
            is_left_over = path.parent.name == INCOMING or not is_used(path.name)
            if path.is_file() and time.time() - path.stat().st_mtime > UNUSED_FOR_SECONDS and is_left_over:
                path.unlink()
                swept += 1
    return swept


def is_whole(sha256: str) -> bool:
    """Whether the file is there and still holds what its name says."""
    try:
        with path_of(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False
