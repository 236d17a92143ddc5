"""Zip packages: XLSX and ODS. Every member is inflated once, counted and scanned; none is believed."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from corredor.areas.flows.adapters.guard.kinds import (
    EMBEDDED,
    EXTERNAL,
    MACROS,
    FileKind,
    Kind,
    Limits,
    Note,
    refuse,
)

_PIECE = 1 << 20
_LONGEST_TAG = 1_000_000  # with the text after it; what is open at the end of a piece waits for the next
_LONGEST_DIRECTORY_ENTRY = 400
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def inspect(stream: IO[bytes], size: int, limits: Limits) -> FileKind:
    """An XLSX or ODS workbook that is whole, open and expands to what it declares."""
    _check_directory(stream, size, limits)
    try:
        members = zipfile.ZipFile(stream).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError):
        raise refuse("truncated") from None
    kind = _kind_of(stream, members)
    _check_members(members, size, limits)
    scan = _Scan(limits)
    expanded = 0
    for member in members:
        for piece in _inflated(stream, member):
            expanded += len(piece)
            scan.take(member.filename, piece)
        scan.close(member.filename)
    return FileKind(kind, size, expanded, _notes(members), has_formulas=scan.has_formulas)


def _check_directory(stream: IO[bytes], size: int, limits: Limits) -> None:
    """Before anything parses the directory: that it is there and lists a believable number of members."""
    stream.seek(max(0, size - 66_000))
    end = stream.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        raise refuse("truncated")
    if end.rfind(b"PK\x06\x07", 0, at) >= 0:
        raise refuse("unsafe-package", detail="zip64")
    entries, directory_size = struct.unpack_from("<HI", end, at + 10)
    if entries > limits.max_members or directory_size > limits.max_members * _LONGEST_DIRECTORY_ENTRY:
        raise refuse("bomb", detail=f"> {limits.max_members} members")


def _kind_of(stream: IO[bytes], members: list[zipfile.ZipInfo]) -> Kind:
    names = {member.filename for member in members}
    if "xl/workbook.xml" in names and "[Content_Types].xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        kind = next(member for member in members if member.filename == "mimetype")
        if kind.file_size < 200 and b"".join(_inflated(stream, kind)).strip() == _ODS_TYPE:
            return "ods"
    if any(name.lower().endswith((".zip", ".xlsx", ".gz", ".csv", ".xls")) for name in names):
        raise refuse("nested")
    detail = "XLSB" if "xl/workbook.bin" in names else "zip"
    raise refuse("not-a-table", detail=detail)


def _check_members(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    """What the directory declares: names, flags, sizes, and that no two members share the same bytes."""
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise refuse("unsafe-package", detail="a name twice")
    for member in members:
        if member.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", member.filename):
            raise refuse("unsafe-package", detail="a path that leaves the package")
        if member.flag_bits & 0x41:
            raise refuse("encrypted")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refuse("unsafe-package", detail="compression method")
        if (
            member.file_size > limits.ratio_from
            and member.file_size > limits.max_ratio * member.compress_size
        ):
            raise refuse("bomb", detail=f"> {limits.max_ratio} : 1")
    if sum(member.file_size for member in members) > limits.max_expanded:
        raise refuse("bomb", detail=f"> {limits.max_expanded} bytes")
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise refuse("unsafe-package", detail="members that overlap")
        end = member.header_offset + 30 + member.compress_size
    if end > size:
        raise refuse("truncated")


def _inflated(stream: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's bytes, straight from the compressed data; exactly as many as declared, or the file is refused."""
    stream.seek(member.header_offset)
    header = stream.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise refuse("truncated")
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    stream.seek(member.header_offset + 30 + name_length + extra_length)
    inflate = zlib.decompressobj(wbits=-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    left, given, checksum, pending = member.compress_size, 0, 0, b""
    while left or pending:
        if not pending:
            pending = stream.read(min(left, _PIECE))
            left -= len(pending)
            if not pending:
                raise refuse("truncated")
        try:
            piece = inflate.decompress(pending, _PIECE) if inflate else pending
        except zlib.error:
            raise refuse("truncated") from None
        pending = inflate.unconsumed_tail if inflate else b""
        given += len(piece)
        checksum = zlib.crc32(piece, checksum)
        if given > member.file_size or (inflate and inflate.unused_data):
            raise refuse("bomb", detail="more than declared")
        if piece:
            yield piece
    if inflate:
        given += len(last := inflate.flush())
        checksum = zlib.crc32(last, checksum)
        if last:
            yield last
    if given != member.file_size or checksum != member.CRC:
        raise refuse("truncated")


def _notes(members: list[zipfile.ZipInfo]) -> tuple[Note, ...]:
    names = [member.filename.lower() for member in members]
    found = []
    if any(name.endswith(("vbaproject.bin",)) or name.startswith("basic/") for name in names):
        found.append(MACROS)
    if any(name.startswith(("xl/externallinks/", "xl/connections", "xl/querytables/")) for name in names):
        found.append(EXTERNAL)
    if any("/embeddings/" in name or "/activex/" in name or name.startswith("object ") for name in names):
        found.append(EMBEDDED)
    return tuple(found)


# ---------------------------------------------------------------------------------------------------------------------
# What the members say

_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,4})([0-9]{1,10})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["']([0-9]{1,10})["']""")
_ROW_START = re.compile(rb"<(?:\w+:)?row[\s>/]")
_CELL_START = re.compile(rb"<(?:\w+:)?c[\s>/]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ODS_TAG = re.compile(rb"<(/?)(?:\w+:)?(table|table-row|table-cell|covered-table-cell)(?=[\s>/])([^>]*)>")
_REPEATED = re.compile(rb"""number-(?:columns|rows)-repeated\s*=\s*["']([0-9]{1,10})["']""")


@dataclass(slots=True)
class _Scan:
    """Looks at each member as it passes: entities, nested archives, formulas, and the rectangle the cells span."""

    limits: Limits
    has_formulas: bool = False
    cells: int = 0
    _tail: bytes = b""
    _rows: int = 0
    _columns: int = 0
    _rows_begun: int = 0
    _cells_in_row: int = 0
    _ods: _OdsTable = field(default_factory=lambda: _OdsTable())

    def take(self, name: str, piece: bytes) -> None:
        is_markup = name.lower().endswith((".xml", ".rels", ".vml"))
        if not self._tail and not is_markup and piece.startswith((b"PK\x03\x04", b"\x1f\x8b")):
            raise refuse("nested")
        if not is_markup:
            self._tail = b"-"
            return
        if not self._tail and piece.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")):
            raise refuse("unsafe-package", detail="XML not in UTF-8")
        text = self._tail + piece
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text:
            raise refuse("xml-entities")
        if name.startswith("xl/worksheets/"):
            self._measure_sheet(text)
        elif name == "content.xml":
            self._measure_table(text)
        elif name == "META-INF/manifest.xml" and b"encryption-data" in text:
            raise refuse("encrypted")
        self._tail = text[text.rfind(b"<") :]
        if len(self._tail) > _LONGEST_TAG:
            raise refuse("unsafe-package", detail="an endless tag")

    def close(self, name: str) -> None:
        """The member has ended: what its sheet spans counts towards the workbook."""
        if name.startswith("xl/worksheets/"):
            self.cells += self._rows * self._columns
        elif name == "content.xml":
            self.cells += self._ods.finished()
        self._check()
        self._tail, self._rows, self._columns, self._rows_begun, self._cells_in_row = b"", 0, 0, 0, 0

    def _measure_sheet(self, text: bytes) -> None:
        self.has_formulas = self.has_formulas or _FORMULA.search(text) is not None
        letters, numbers = set(), {b"0"}
        for column, row in _CELL.findall(text):
            letters.add(column)
            numbers.add(row)
        numbers.update(_ROW.findall(text))
        self._rows = max(self._rows, *map(int, numbers))
        self._columns = max([self._columns, *map(_column_number, letters)])
        self._count_in_order(text)
        if self._columns > self.limits.max_columns:
            raise refuse("too-many-columns", limit=self.limits.max_columns)
        self._check(self._rows * self._columns)

    def _count_in_order(self, text: bytes) -> None:
        """Rows and cells may leave out where they stand; each is then one further than the last."""
        rows = _ROW_START.split(text)
        self._rows_begun += len(rows) - 1
        self._rows = max(self._rows, self._rows_begun)
        for number, row in enumerate(rows):
            here = len(_CELL_START.findall(row))
            self._cells_in_row = here if number else self._cells_in_row + here
            self._columns = max(self._columns, self._cells_in_row)

    def _measure_table(self, text: bytes) -> None:
        self.has_formulas = self.has_formulas or b"table:formula=" in text
        cut = text.rfind(b"<")
        for tag in _ODS_TAG.finditer(text, 0, cut if cut > 0 else len(text)):
            self._ods.take(tag[1] == b"/", tag[2], tag[3])
        if self._ods.columns > self.limits.max_columns:
            raise refuse("too-many-columns", limit=self.limits.max_columns)
        self._check(self._ods.spanned + self._ods.rows * self._ods.columns)

    def _check(self, here: int = 0) -> None:
        if self.cells + here > self.limits.max_cells:
            raise refuse("too-many-cells", limit=self.limits.max_cells)


@dataclass(slots=True)
class _OdsTable:
    """The rectangle of cells that hold something; repetition counts, trailing emptiness does not."""

    rows: int = 0
    columns: int = 0
    spanned: int = 0  # cells of the tables already ended
    _row: int = 0
    _column: int = 0
    _row_repeat: int = 1
    _row_holds: bool = False

    def take(self, closing: bool, tag: bytes, attributes: bytes) -> None:
        if tag == b"table":
            self.finished()
        elif tag == b"table-row" and not closing:
            self._row += self._row_repeat
            self._row_repeat, self._column, self._row_holds = _repeat(attributes), 0, False
        elif tag != b"table-row" and not closing:
            self._column += _repeat(attributes)
            if b"value-type" in attributes or b"formula" in attributes:
                self.rows = max(self.rows, self._row + self._row_repeat - 1)
                self.columns = max(self.columns, self._column)

    def finished(self) -> int:
        self.spanned += self.rows * self.columns
        self.rows = self.columns = self._row = self._column = 0
        self._row_repeat = 1
        return self.spanned


def _repeat(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
