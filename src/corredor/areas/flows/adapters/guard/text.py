"""Delimited text, plain or gzip: that it is text, its lines are of human length, and it expands honestly."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable, Iterator
from typing import IO

from corredor.areas.flows.adapters.guard.kinds import FileKind, Limits, refuse

_PIECE = 1 << 20
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13})
_ARCHIVES = (b"\x1f\x8b", b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_MARKUP = re.compile(rb"\s*<(!doctype|html|\?xml|table|head|meta|body|svg|!--)|\s*\{\\rtf", re.IGNORECASE)
_LONG = 4_096  # only lines longer than this can have too many columns


def inspect(stream: IO[bytes], size: int, limits: Limits) -> FileKind:
    """Plain text in any encoding a ministry uses."""
    _check_text(iter(lambda: stream.read(_PIECE), b""), limits)
    return FileKind("csv", size, size)


def inspect_gzip(stream: IO[bytes], size: int, limits: Limits) -> FileKind:
    """Gzip of one text, decompressed to its end in pieces without ever keeping it."""
    expanded = _Meter(size, limits)
    _check_text(expanded.measured(_inflated(stream)), limits)
    return FileKind("csv.gz", size, expanded.total)


class _Meter:
    """Counts what comes out of a compressed stream and stops it when it is out of proportion."""

    def __init__(self, size: int, limits: Limits) -> None:
        self.size, self.limits, self.total = size, limits, 0

    def measured(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.total += len(piece)
            if self.total > self.limits.max_expanded:
                raise refuse("bomb", detail=f"> {self.limits.max_expanded} bytes")
            if self.total > self.limits.ratio_from and self.total > self.limits.max_ratio * self.size:
                raise refuse("bomb", detail=f"> {self.limits.max_ratio} : 1")
            yield piece


def _inflated(stream: IO[bytes]) -> Iterator[bytes]:
    """The content of every member of a gzip file, in pieces of at most 1 MiB."""
    inflate = zlib.decompressobj(wbits=31)
    pending = b""
    while True:
        pending = pending or stream.read(65_536)
        if not pending:
            raise refuse("truncated")
        try:
            piece = inflate.decompress(pending, _PIECE)
        except zlib.error:
            raise refuse("truncated") from None
        if piece:
            yield piece
        if inflate.eof:
            pending = inflate.unused_data or stream.read(65_536)
            if not pending.strip(b"\0"):  # zero padding after the last member is allowed
                return
            inflate = zlib.decompressobj(wbits=31)
        else:
            pending = inflate.unconsumed_tail


def _check_text(pieces: Iterator[bytes], limits: Limits) -> None:
    """Refuse binary data, markup, archives, endless lines and absurd numbers of columns. Empty text is refused too."""
    first = next(pieces, b"")
    if not first:
        raise refuse("empty")
    if first.startswith(_ARCHIVES):
        raise refuse("nested" if first.startswith(_ARCHIVES[:2]) else "not-a-table", detail="archive")
    if _MARKUP.match(first.removeprefix(codecs.BOM_UTF8)):
        raise refuse("not-a-table", detail="HTML, XML, RTF")
    to_utf8 = _decoder(first)
    open_line = b""
    piece: bytes | None = first
    while piece:
        text = to_utf8(piece)
        _check_characters(text)
        open_line = _check_lines(open_line + text, limits)
        piece = next(pieces, None)
    _check_line(open_line, limits)


def _decoder(first: bytes) -> Callable[[bytes], bytes]:
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        return lambda piece: decoder.decode(piece).encode("utf-8")
    return bytes


def _check_characters(text: bytes) -> None:
    """NUL never occurs in text; a few other control characters slip in from spreadsheets, many do not."""
    if b"\0" in text:
        raise refuse("binary")
    controls = len(text) - len(text.translate(None, _CONTROLS))
    if controls > 8 and controls * 300 > len(text):
        raise refuse("binary")


def _check_lines(text: bytes, limits: Limits) -> bytes:
    """Check the whole lines of a piece; return what follows the last line end."""
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = text.split(b"\n")
    rest = lines.pop()
    for line in lines:
        if len(line) > _LONG:
            _check_line(line, limits)
    if len(rest) > _LONG:
        _check_line(rest, limits)
    return rest


def _check_line(line: bytes, limits: Limits) -> None:
    if max(line.count(mark) for mark in (b",", b";", b"\t", b"|")) >= limits.max_columns:
        raise refuse("too-many-columns", limit=limits.max_columns)
    if len(line) > limits.max_line:
        raise refuse("line-too-long", limit=limits.max_line)
