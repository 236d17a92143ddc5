"""Any file as sheets of rows: delimited text in any encoding, XLSX, XLS, ODS. Text streams; workbooks are bounded."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

import python_calamine

from corredor.areas.flows.adapters import guard
from corredor.areas.flows.adapters.figures import FileRefused

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("cp1252", "mac_roman", "cp850")
_SPANISH = frozenset("áéíóúñüÁÉÍÓÚÑÜ¿¡çÇãõâêôàèìòùäößåøîïÃÕÂÊÔ°º–—’“”«»")
_WORKBOOKS = {"xlsx", "xls", "ods"}

Row = list[Any]  # cells: str, int, float, bool, date, datetime or None
BAD_LINE = "\x00bad line"  # the only cell of a row that could not be split


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table-bearing sheet: where it is, and merged cells as (row, column, row, column), 0-based, inclusive."""

    name: str
    merges: tuple[tuple[int, int, int, int], ...] = ()
    formulas: frozenset[tuple[int, int]] = (
        frozenset()
    )  # (row, column), 1-based, formulas that store no result


@dataclass(slots=True)
class Source:
    """A file opened for reading: its kind, how its text is written, its sheets."""

    path: Path
    kind: guard.FileKind
    encoding: str = ""
    delimiter: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    _book: python_calamine.CalamineWorkbook | None = None

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet from its first one, blank ones included, so that positions are the file's own."""
        if self._book is None:
            yield from _text_rows(self.path, self.kind.kind, self.encoding, self.delimiter)
            return
        for row in self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False):
            yield [None if cell == "" else cell for cell in row]

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name; a workbook's only sheet answers to any name, since names change with the month."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        if len(self.sheets) == 1:
            return self.sheets[0]
        raise FileRefused(
            "no-such-sheet",
            f"The workbook has no sheet “{name}”.",
            f"El libro no tiene la hoja «{name}».",
        )


def open_source(path: Path, *, limits: guard.Limits | None = None) -> Source:
    """Inspect and open a file. Raises FileRefused when it is hostile, damaged or of another kind."""
    kind = guard.inspect(path, limits=limits)
    if kind.kind == "pdf":
        raise FileRefused(
            "pdf",
            "A PDF is read only by the adapter made for its layout. Send the table as a spreadsheet or CSV.",
            "Un PDF solo lo lee el adaptador hecho para su formato. Envíe la tabla como hoja de cálculo o CSV.",
        )
    if kind.kind in _WORKBOOKS:
        return _open_workbook(path, kind)
    encoding = _encoding(path, kind.kind)
    return Source(path, kind, encoding, _delimiter(path, kind.kind, encoding), [Sheet("")])


def _open_workbook(path: Path, kind: guard.FileKind) -> Source:
    try:
        with path.open("rb") as stream:
            book = python_calamine.CalamineWorkbook.from_filelike(cast(Any, stream))
        formulas = guard.formulas_without_value(path) if kind.kind == "xlsx" and kind.has_formulas else {}
        sheets = [
            Sheet(about.name, _merges(book, about.name), frozenset(formulas.get(about.name, ())))
            for about in book.sheets_metadata
            if about.visible == python_calamine.SheetVisibleEnum.Visible
            and about.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except (python_calamine.CalamineError, ValueError, OSError, KeyError) as error:
        raise FileRefused(
            "truncated",
            "The workbook is damaged and cannot be read. Open it, save it again and send that copy.",
            "El libro está dañado y no se puede leer. Ábralo, guárdelo de nuevo y envíe esa copia.",
        ) from error
    return Source(path, kind, sheets=sheets, _book=book)


def _merges(book: python_calamine.CalamineWorkbook, name: str) -> tuple[tuple[int, int, int, int], ...]:
    ranges = book.get_sheet_by_name(name).merged_cell_ranges or []
    return tuple((top, left, bottom, right) for (top, left), (bottom, right) in ranges)


# ---------------------------------------------------------------------------------------------------------------------
# Delimited text


def _open_bytes(path: Path, kind: str) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if kind == "csv.gz" else path.open("rb")


def _encoding(path: Path, kind: str) -> str:
    """The encoding: a byte-order mark says it; else UTF-8 if the whole file is; else the one that reads as language."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    others = bytearray()
    is_utf8 = True
    with _open_bytes(path, kind) as stream:
        first = stream.read(1 << 20)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if first.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        piece = first
        while piece and len(others) < 4_096:
            if is_utf8:
                is_utf8 = _decodes(decoder, piece)
            if not is_utf8:
                others.extend(byte for byte in piece if byte > 127)
            piece = stream.read(1 << 20)
    if is_utf8 and _decodes(decoder, b"", final=True):
        return "utf-8"
    return max(ENCODINGS, key=lambda encoding: _likeness(bytes(others[:4_096]), encoding))


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _likeness(letters: bytes, encoding: str) -> int:
    """How much the non-ASCII bytes read as letters of the region's languages in an encoding."""
    text = letters.decode(encoding, errors="replace")
    return sum(1 if c in _SPANISH else -1 for c in text)


def _delimiter(path: Path, kind: str, encoding: str) -> str:
    """The separator under which most lines have the same number of cells, more than one."""
    with _open_bytes(path, kind) as stream:
        text = stream.read(1 << 18).decode(encoding, errors="replace")
    lines = [line for line in text.splitlines()[:300] if line.strip()][:-1] or text.splitlines()
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        with suppress(csv.Error):
            widths.update(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        width, times = max(((w, n) for w, n in widths.items() if w > 1), key=lambda wn: wn[1], default=(1, 0))
        score = times / max(1, len(lines)) + 0.01 * min(width, 20)
        if times and score > best_score:
            best, best_score = delimiter, score
    return best


def _text_rows(path: Path, kind: str, encoding: str, delimiter: str) -> Iterator[Row]:
    with _open_bytes(path, kind) as stream:
        lines = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        reader = csv.reader(lines, delimiter=delimiter)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield [BAD_LINE]
                continue
            yield [cell if cell and not cell.isspace() else None for cell in row]


def first_rows(source: Source, sheet: str, limit: int) -> list[Row]:
    """The first rows of a sheet, for looking."""
    return list(islice(source.rows(sheet), limit))
