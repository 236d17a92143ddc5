"""OLE compound files: the legacy XLS. Walks the allocation table and the workbook's records (MS-CFB, MS-XLS)."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from typing import IO

from corredor.areas.flows.adapters.guard.kinds import EMBEDDED, MACROS, FileKind, Limits, Note, refuse

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA  # from here on: special values, not sectors
_FREE = 0xFFFFFFFF
_BOF, _EOF, _FILEPASS, _MULTIPLE = 0x0809, 0x000A, 0x002F, (0x00BD, 0x00BE)
_CELLS = frozenset([0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x0406])


def inspect(stream: IO[bytes], size: int, limits: Limits) -> FileKind:
    """An XLS workbook that is whole, open and whose sheets span a bounded number of cells."""
    data = stream.read()
    try:
        book = _Compound(data)
        streams = book.directory()
    except (struct.error, IndexError):
        raise refuse("truncated") from None
    if "EncryptedPackage" in streams:
        raise refuse("encrypted")
    workbook = streams.get("Workbook") or streams.get("Book")
    if workbook is None:
        raise refuse("not-a-table", detail="OLE")
    start, length = workbook
    if length > len(data):
        raise refuse("truncated")
    _check_records(book.content(start, length), limits)
    return FileKind("xls", size, size, _notes(streams))


def _notes(streams: dict[str, tuple[int, int]]) -> tuple[Note, ...]:
    macros = [MACROS] if "_VBA_PROJECT_CUR" in streams or "_VBA_PROJECT" in streams else []
    embedded = [EMBEDDED] if any(name.startswith("MBD") or name == "\x01Ole" for name in streams) else []
    return (*macros, *embedded)


class _Compound:
    """A compound file's sectors and chains. Chains that loop or leave the file mean it is damaged."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise refuse("truncated")
        self.sector_size = 1 << shift
        fat_sectors, self.directory_start = (
            struct.unpack_from("<I4xI", data, 44)[0],
            struct.unpack_from("<I", data, 48)[0],
        )
        self.mini_cutoff, self.mini_start = struct.unpack_from("<II", data, 56)
        self.table = self._allocation_table(fat_sectors)

    def _allocation_table(self, fat_sectors: int) -> array[int]:
        listed = list(struct.unpack_from("<109I", self.data, 76))
        following, count = struct.unpack_from("<II", self.data, 68)
        per_sector = self.sector_size // 4
        for _ in range(min(count, len(self.data) // self.sector_size)):
            entries = struct.unpack(f"<{per_sector}I", self._sector(following))
            listed.extend(entries[:-1])
            following = entries[-1]
        if fat_sectors > len(self.data) // self.sector_size:
            raise refuse("truncated")
        table = array("I")
        for number in listed[:fat_sectors]:
            table.frombytes(self._sector(number))
        used = max((i for i in range(len(table) - 1, -1, -1) if table[i] != _FREE), default=0)
        if (used + 1) * self.sector_size >= len(self.data):
            raise refuse("truncated")
        return table

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector_size
        if number >= _LAST_SECTOR or start >= len(self.data):
            raise refuse("truncated")
        return self.data[start : start + self.sector_size].ljust(self.sector_size, b"\0")

    def _chain(self, start: int) -> Iterator[bytes]:
        for _ in range(len(self.table)):
            if start >= _LAST_SECTOR:
                return
            yield self._sector(start)
            start = self.table[start]
        if start < _LAST_SECTOR:
            raise refuse("truncated")

    def directory(self) -> dict[str, tuple[int, int]]:
        """Name → (first sector, length) of every stream and folder."""
        found = {}
        for sector in self._chain(self.directory_start):
            for at in range(0, self.sector_size, 128):
                length = struct.unpack_from("<H", sector, at + 64)[0]
                if not 2 <= length <= 64:
                    continue
                name = sector[at : at + length - 2].decode("utf-16-le", errors="replace")
                if sector[at + 66] == 5:
                    self.root = struct.unpack_from("<I", sector, at + 116)[0]
                found[name] = struct.unpack_from("<II", sector, at + 116)
        return found

    def content(self, start: int, length: int) -> bytes:
        """A stream's bytes; short ones live in the small sectors of the root."""
        if length >= self.mini_cutoff:
            content = b"".join(self._chain(start))
        else:
            small = b"".join(self._chain(self.root))
            numbers = array("I", b"".join(self._chain(self.mini_start)))
            pieces = []
            for _ in range(len(numbers) + 1):
                if start >= len(numbers):
                    break
                pieces.append(small[start * 64 : start * 64 + 64])
                start = numbers[start]
            content = b"".join(pieces)
        if len(content) < length:
            raise refuse("truncated")
        return content[:length]


def _check_records(content: bytes, limits: Limits) -> None:
    """Refuse a password, records that leave the stream, and sheets whose used rectangle is out of bounds."""
    at, cells, rows, columns = 0, 0, 0, 0
    if struct.unpack_from("<H", content)[0] != _BOF and struct.unpack_from("<H", content)[0] & 0xFF != 0x09:
        raise refuse("truncated")
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if kind == _FILEPASS:
            raise refuse("encrypted")
        if at + 4 + length > len(content):
            raise refuse("truncated")
        if kind == _BOF:
            cells, rows, columns = cells + rows * columns, 0, 0
        elif kind in _CELLS and length >= 4:
            row, column = struct.unpack_from("<HH", content, at + 4)
            if kind in _MULTIPLE:
                column = struct.unpack_from("<H", content, at + 2 + length)[0]
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        at += 4 + length
    if cells + rows * columns > limits.max_cells:
        raise refuse("too-many-cells", limit=limits.max_cells)
