"""What a file really is, judged by its content before anything opens it; hostile files are refused here.

`inspect` reads a file once, in pieces, and never more than its limits allow: what comes out of it can be handed to a
spreadsheet or CSV library without fear for memory or time. `inert` makes a text from a file safe to export again.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO

from corredor.areas.flows.adapters.guard import compound, packages, text
from corredor.areas.flows.adapters.guard.formulas import formulas_without_value, inert
from corredor.areas.flows.adapters.guard.kinds import FileKind, Kind, Limits, Note, refuse

__all__ = ["FileKind", "Kind", "Limits", "Note", "formulas_without_value", "inert", "inspect"]


def inspect(path: Path, *, max_bytes: int | None = None, limits: Limits | None = None) -> FileKind:
    """Say what the file is and that it is safe to read; raise FileRefused, with a stable code, when it is not.

    The file's name is never trusted. ``max_bytes`` replaces the limit on its size on disk.
    """
    limits = limits or Limits()
    if max_bytes is not None:
        limits = replace(limits, max_bytes=max_bytes)
    with _open_regular(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size == 0:
            raise refuse("empty")
        if size > limits.max_bytes:
            raise refuse("too-large", size=size, limit=limits.max_bytes)
        return _by_content(stream, size, limits)


def _open_regular(path: Path) -> IO[bytes]:
    """Open an ordinary file: links, folders, pipes and devices are refused without waiting on them."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise refuse("not-found") from None
    except OSError:
        raise refuse("not-a-file") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise refuse("not-a-file")
    return os.fdopen(descriptor, "rb")


def _by_content(stream: IO[bytes], size: int, limits: Limits) -> FileKind:
    start = stream.read(4096)
    stream.seek(0)
    if start.startswith(b"PK"):
        return packages.inspect(stream, size, limits)
    if start.startswith(compound.SIGNATURE):
        return compound.inspect(stream, size, limits)
    if start.startswith(b"%PDF-"):
        return _inspect_pdf(stream, size)
    if start.startswith(b"\x1f\x8b"):
        return text.inspect_gzip(stream, size, limits)
    return text.inspect(stream, size, limits)


def _inspect_pdf(stream: IO[bytes], size: int) -> FileKind:
    """A PDF that is whole and open. What it draws is the reader's business."""
    with suppress(OSError):
        stream.seek(-min(size, 4096), os.SEEK_END)
    end = stream.read()
    if b"%%EOF" not in end:
        raise refuse("truncated")
    if b"/Encrypt" in end:
        raise refuse("encrypted")
    return FileKind("pdf", size, size)
