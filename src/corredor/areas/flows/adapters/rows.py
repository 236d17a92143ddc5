"""Rows of a file, one by one, each with its number as the person who opens the file counts.

Files are judged safe (``guard``) before anything here opens them; what cannot be read at all raises FileRefused.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineWorkbook

from corredor.areas.flows.adapters.figures import FileRefused, Place

Cells = list[str]
# What openpyxl lets through when a workbook is damaged; an XML ParseError is a SyntaxError. Its own complaint about a
# file's ending cannot come, since it is given a stream.
_DAMAGED = (
    BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    EOFError,
    zlib.error,
    SyntaxError,
)
_FIRST_BYTES = 65_536
_GZIP, _ZIP, _OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """One row under a heading line: its number (headings included) and its cells by heading."""

    number: int
    cells: dict[str, str]
    sheet: str = ""

    def __getitem__(self, heading: str) -> str:
        return self.cells[heading]

    def place(self, heading: str = "") -> Place:
        return Place(row=self.number, column=heading, sheet=self.sheet)


def csv_lines(path: Path, *, delimiter: str = ",") -> Iterator[tuple[int, Cells]]:
    """Numbered records of a CSV, plain or gzip; UTF-8 or UTF-16. Blank records are counted and left out."""
    number = 0
    try:
        with _open_text(path) as text:
            for number, cells in enumerate(csv.reader(text, delimiter=delimiter), start=1):
                if any(cell.strip() for cell in cells):
                    yield number, cells
    except UnicodeError as error:
        raise FileRefused(
            "encoding",
            "The file is not UTF-8 text. Save it as “CSV UTF-8” and send it again.",
            "El archivo no es texto UTF-8. Guárdelo como «CSV UTF-8» y envíelo de nuevo.",
            Place(row=number + 1),
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise truncated(Place(row=number + 1)) from error
    except csv.Error as error:
        raise FileRefused(
            "malformed",
            f"The line cannot be split into columns ({error}).",
            f"La línea no se puede separar en columnas ({error}).",
            Place(row=number + 1),
        ) from error


def csv_start(path: Path, lines: int = 5, *, delimiter: str = ",") -> list[Cells]:
    """The first records of a CSV, for recognising it; empty when it cannot be read. Never raises.

    Only the first bytes are looked at, so a file that is cut or badly encoded further on is still recognised, and then
    refused by whoever reads it, with the place.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(_FIRST_BYTES)
        if start.startswith(_GZIP):
            start = zlib.decompressobj(wbits=31).decompress(start, _FIRST_BYTES)
        text = start.decode(_encoding_of(start), errors="replace")
        return list(islice(csv.reader(text.splitlines(), delimiter=delimiter), lines))
    except (OSError, zlib.error, csv.Error):
        return []


def table_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Rows of a CSV whose first line is ``columns``, in any order; other columns are carried along.

    A last line that ends early means that the file was cut: the whole file is refused. A line of another length
    elsewhere keeps what it has, with empty cells for what is missing, so that its reader can refuse it by name.
    """
    lines = csv_lines(path)
    headings = [heading.strip() for heading in next(lines, (0, cast(Cells, [])))[1]]
    if not set(columns).issubset(headings):
        raise wrong_layout(columns)
    previous: tuple[int, Cells] | None = None
    for line in lines:
        if previous:
            yield _row(headings, *previous)
        previous = line
    if previous is None:
        raise FileRefused("empty", "The file has no rows.", "El archivo no tiene filas.", Place(row=1))
    if len(previous[1]) < len(headings):
        raise truncated(Place(row=previous[0]))
    yield _row(headings, *previous)


def sheets(path: Path) -> Iterator[tuple[str, Iterator[Sequence[Any]]]]:
    """Every sheet of an Excel file of either kind, judged by its content: a stream of rows of values.

    An .xlsx is read as it goes. An old .xls has at most 65,536 rows a sheet and is held in memory one sheet at a time.
    """
    return xlsx_sheets(path) if _first(path, 4) == _ZIP else _xls_sheets(path)


def _xls_sheets(path: Path) -> Iterator[tuple[str, Iterator[Sequence[Any]]]]:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            yield name, iter(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
    except CalamineError as error:
        raise unreadable("Excel") from error


def xlsx_sheets(path: Path) -> Iterator[tuple[str, Iterator[Sequence[Any]]]]:
    """Every sheet of an .xlsx as a stream of rows of values; formulas are not computed, only their stored value."""
    from openpyxl import load_workbook  # heavy, and rarely needed

    with path.open("rb") as stream:
        try:
            workbook = load_workbook(stream, read_only=True, data_only=True)
        except _DAMAGED as error:
            raise unreadable("Excel") from error
        for sheet in workbook.worksheets:
            yield str(sheet.title), _sheet_rows(sheet)


def _sheet_rows(sheet: Any) -> Iterator[Sequence[Any]]:
    try:
        yield from sheet.iter_rows(values_only=True)
    except _DAMAGED as error:
        raise unreadable("Excel") from error


def truncated(place: Place) -> FileRefused:
    return FileRefused(
        "truncated",
        f"The file ends too early, at row {place.row}. Please send it again.",
        f"El archivo termina antes de tiempo, en la fila {place.row}. Envíelo de nuevo.",
        place,
    )


def unreadable(kind: str) -> FileRefused:
    return FileRefused(
        "unreadable",
        f"The file cannot be opened as {kind}: it is damaged, cut short or of another kind.",
        f"El archivo no se puede abrir como {kind}: está dañado, cortado o es de otro tipo.",
    )


def wrong_layout(columns: Sequence[str]) -> FileRefused:
    listed = ", ".join(columns)
    return FileRefused(
        "wrong-layout",
        f"The file does not have the expected columns: {listed}.",
        f"El archivo no tiene las columnas esperadas: {listed}.",
        Place(row=1),
    )


def _row(headings: list[str], number: int, cells: Cells) -> Row:
    padded = [*cells, *[""] * (len(headings) - len(cells))]
    return Row(number, {heading: cell.strip() for heading, cell in zip(headings, padded, strict=False)})


def _open_text(path: Path) -> IO[str]:
    """The file as text, unpacked when it is gzip."""
    is_gzip = _first(path, 2) == _GZIP
    opener = gzip.open if is_gzip else open
    with cast("IO[bytes]", opener(path, "rb")) as stream:
        encoding = _encoding_of(stream.read(4))
    return cast("IO[str]", opener(path, "rt", encoding=encoding, newline=""))


def is_workbook(path: Path) -> bool:
    """Whether the file may be an Excel workbook of either kind, by its first bytes; never raises."""
    try:
        return _first(path, 4) in (_ZIP, _OLE)
    except OSError:
        return False


def _first(path: Path, size: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(size)


def _encoding_of(start: bytes) -> str:
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
