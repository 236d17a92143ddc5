"""The fast path for tidy CSV: Corredor's own export columns, one row a figure, read in columnar blocks.

Every rule of a row is stated once, in plain Python (`problems_of`). DuckDB only separates the rows that plainly keep the
rules from those that may not; the few it sets aside are then judged, and explained, by that same Python.

    header = read_header(path)                     # None when the file is not tidy
    for block in read_tidy_blocks(path, today=today):
        for number, combination in enumerate(block.combinations):
            …                                      # Combination(source, measure, gate, …): find or make its series once
        …                                          # then arrays: block.combination, block.period, block.value …
        block.refusals                             # rows of this stretch of the file that are not taken
"""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import tempfile
from array import array
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import python_calamine
from numpy.typing import NDArray

from corredor.areas.flows.adapters.figures import ALL, FileRefused, Place, Refusal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The dimensions of a figure, then what is said of it. `source` is optional and empty when the file has none.
DIMENSIONS = (
    "source",
    "measure",
    "gate",
    "frequency",
    "nationality",
    "departure",
    "sex",
    "age",
    "direction",
    "detail",
)
MEASUREMENTS = ("period", "value", "low", "high", "status")
COLUMNS = (
    "measure",
    "gate",
    "frequency",
    "period",
    *DIMENSIONS[4:],
    "value",
    "low",
    "high",
    "status",
    "source",
)
REQUIRED = ("measure", "gate", "frequency", "period", "value")

STATUSES = ("provisional", "validated", "revised")  # TidyBlock.status is an index into this
NOT_STATED = -1  # in value, low and high: counts are never negative

LARGEST_COUNT = 10_000_000_000
EARLIEST_PERIOD = date(1900, 1, 1)
LONGEST_LINE = 65_536
LONGEST_DETAIL = 500
_EPOCH = date(1970, 1, 1)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SPARE_COLUMNS = 2  # a line a little too long is then read, and refused with its own words
_DEFAULTS = {
    "nationality": ALL,
    "departure": ALL,
    "sex": ALL,
    "age": ALL,
    "direction": ALL,
    "status": "validated",
}


class Combination(NamedTuple):
    """One distinct set of dimensions of a block; blank breakdowns already read as ALL."""

    source: str
    measure: str
    gate: str
    frequency: str
    nationality: str
    departure: str
    sex: str
    age: str
    direction: str
    detail: str


@dataclass(frozen=True, slots=True, eq=False)
class TidyBlock:
    """A stretch of the file. The arrays have one entry per row taken, in file order.

    ``combination[i]`` is an index into ``combinations`` (valid in this block only); ``period`` days since 1970-01-01;
    ``value``, ``low``, ``high`` counts, NOT_STATED (-1) where the file says nothing (a hidden small count has no value
    and a range); ``status`` an index into STATUSES; ``row`` the 1-based row of the file, header included. Within the
    whole file no two rows taken state the same combination and period.
    """

    combinations: list[Combination]
    combination: NDArray[np.int32]
    period: NDArray[np.int32]
    value: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    status: NDArray[np.int8]
    row: NDArray[np.int64]
    refusals: list[Refusal]

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class TidyHeader:
    """Where each of Corredor's columns stands in the file; ``ignored`` are headings that are not ours."""

    columns: tuple[str, ...]
    delimiter: str
    lines: int  # lines above the first figure: 1, or 2 with HXL tags
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codes an installation knows; None lets any well-formed code pass."""

    measures: Collection[str] | None = None
    gates: Collection[str] | None = None
    sources: Collection[str] | None = None
    nationalities: Collection[str] | None = None


class Problem(NamedTuple):
    """Why a row is not taken: the column, a stable code and the reason in both languages."""

    column: str
    code: str
    reason_en: str
    reason_es: str


# ---------------------------------------------------------------------------------------------------------------------
# The header


def read_header(path: Path) -> TidyHeader | None:
    """The tidy header of a file, or None when it has another layout. Never raises on content."""
    try:
        with _open_bytes(path) as stream:
            if stream.read(4) in _WORKBOOKS:
                lines = [_csv_line(row) for row in _first_sheet(path)[:2]]
            else:
                stream.seek(0)
                lines = _first_lines(stream)
    except (OSError, EOFError, UnicodeError, gzip.BadGzipFile, python_calamine.CalamineError):
        return None
    for delimiter in (",", ";", "\t"):
        header = _header_of(lines, delimiter)
        if header is not None:
            return header
    return None


def _first_sheet(path: Path) -> list[list[object]]:
    with path.open("rb") as stream:
        book = python_calamine.CalamineWorkbook.from_filelike(cast(Any, stream))
        return cast(list[list[object]], book.get_sheet_by_index(0).to_python(skip_empty_area=False))


def _csv_line(row: list[object]) -> str:
    """A workbook's row as a line of CSV; a blank row stays a blank line, so that rows keep their numbers."""
    cells = [_cell_text(cell) for cell in row]
    if not any(cells):
        return ""
    return ",".join(
        '"' + cell.replace('"', '""') + '"' if '"' in cell or "," in cell else cell for cell in cells
    )


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return " ".join(str(cell).split("\n")).replace("\r", "")


def _header_of(lines: list[str], delimiter: str) -> TidyHeader | None:
    headings, below = _split(lines[:1], delimiter), _split(lines[1:2], delimiter)
    if not headings:
        return None
    names = tuple(name.strip().casefold() for name in headings[0])
    ours = [name for name in names if name in COLUMNS]
    if not set(REQUIRED).issubset(ours) or len(ours) != len(set(ours)):
        return None
    cells = [cell.strip() for row in below for cell in row if cell.strip()]
    tags = bool(cells) and all(cell.startswith("#") for cell in cells)
    return TidyHeader(names, delimiter, 2 if tags else 1, tuple(n for n in names if n and n not in COLUMNS))


def _split(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return []


def _first_lines(stream: IO[bytes]) -> list[str]:
    start = b""
    with suppress(EOFError):  # a truncated archive is known by its beginning, and refused for its end
        while len(start) < 4 * LONGEST_LINE and (piece := stream.read(1024)):
            start += piece
    text = start.decode(_encoding_of(start), errors="replace")
    return text.removeprefix("\ufeff").splitlines()[:2]


def _open_bytes(path: Path) -> IO[bytes]:
    stream = path.open("rb")
    zipped = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    return cast(IO[bytes], gzip.GzipFile(fileobj=stream)) if zipped else stream


def _encoding_of(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


# ---------------------------------------------------------------------------------------------------------------------
# The rules of a row, in plain Python

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_ISO3 = re.compile(r"[A-Z]{3}")
_AGE = re.compile(r"ALL|UNK|(?P<start>\d{1,3})-(?P<end>\d{1,3})|\d{1,3}\+")
_DIGITS = re.compile(r"[0-9]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def dimension_problems(combination: Combination, vocabulary: Vocabulary) -> list[Problem]:
    """What is wrong with the dimensions of a row; empty when they can be taken."""
    found = [
        _code_problem("measure", combination.measure, vocabulary.measures),
        _code_problem("gate", combination.gate, vocabulary.gates),
        _code_problem("source", combination.source, vocabulary.sources) if combination.source else None,
        _country_problem("nationality", combination.nationality, vocabulary.nationalities),
        _country_problem("departure", combination.departure, vocabulary.nationalities),
        _choice_problem("frequency", combination.frequency, ("D", "W", "M", "Q", "Y")),
        _choice_problem("sex", combination.sex, (ALL, "F", "M", "X")),
        _choice_problem("direction", combination.direction, (ALL, "north", "south", "in", "out")),
        _age_problem(combination.age),
        _detail_problem(combination.detail),
    ]
    return [problem for problem in found if problem is not None]


def _code_problem(column: str, code: str, known: Collection[str] | None) -> Problem | None:
    if not code:
        return Problem(
            column, f"missing-{column}", f"The column {column} is empty.", f"La columna {column} está vacía."
        )
    if not _CODE.fullmatch(code) or (known is not None and code not in known):
        return Problem(
            column,
            f"unknown-{column}",
            f"“{_short(code)}” is not a {column} code of this installation.",
            f"«{_short(code)}» no es un código de {column} de esta instalación.",
        )
    return None


def _country_problem(column: str, code: str, known: Collection[str] | None) -> Problem | None:
    if code in (ALL, "OOO"):
        return None
    if _ISO3.fullmatch(code) and (known is None or code in known):
        return None
    return Problem(
        column,
        f"unknown-{column}",
        f"“{_short(code)}” is not an ISO 3166-1 three-letter code, ALL or OOO.",
        f"«{_short(code)}» no es un código ISO 3166-1 de tres letras, ALL ni OOO.",
    )


def _choice_problem(column: str, found: str, choices: tuple[str, ...]) -> Problem | None:
    if found in choices:
        return None
    listed = ", ".join(choices)
    return Problem(
        column,
        f"unknown-{column}",
        f"“{_short(found)}” is not one of {listed}.",
        f"«{_short(found)}» no es uno de {listed}.",
    )


def _age_problem(age: str) -> Problem | None:
    match = _AGE.fullmatch(age)
    if match and (match["start"] is None or int(match["start"]) <= int(match["end"])):
        return None
    return Problem(
        "age",
        "unknown-age",
        f"“{_short(age)}” is not an age group such as 0-17, 18+, UNK or ALL.",
        f"«{_short(age)}» no es un grupo de edad como 0-17, 18+, UNK o ALL.",
    )


def _detail_problem(detail: str) -> Problem | None:
    if detail.startswith(("=", "+", "-", "@", "\t")):
        return Problem(
            "detail",
            "formula",
            "The text begins like a spreadsheet formula. Write it without the leading sign.",
            "El texto empieza como una fórmula de hoja de cálculo. Escríbalo sin el signo inicial.",
        )
    if len(detail) > LONGEST_DETAIL:
        return Problem(
            "detail",
            "too-long",
            f"The text is longer than {LONGEST_DETAIL} characters.",
            f"El texto supera los {LONGEST_DETAIL} caracteres.",
        )
    return None


def count_problem(column: str, text: str) -> Problem | None:
    """Why a written count cannot be one: it must be a whole number, not negative, plain digits; empty is allowed."""
    if not text:
        return None
    if _DIGITS.fullmatch(text):
        if (len(text) == 1 or text[0] != "0") and int(text) <= LARGEST_COUNT:
            return None
        return Problem(
            column,
            "impossible-count",
            f"“{_short(text)}” cannot be a count of people.",
            f"«{_short(text)}» no puede ser un recuento de personas.",
        )
    unsigned = text.removeprefix("-")
    if text != unsigned and re.fullmatch(r"[0-9]+([.,][0-9]+)?", unsigned):
        return Problem(
            column, "negative", "A count cannot be negative.", "Un recuento no puede ser negativo."
        )
    if re.fullmatch(r"[0-9]+\.[0-9]+", text):
        return Problem(
            column, "fractional", "A count must be a whole number.", "Un recuento debe ser un número entero."
        )
    return Problem(
        column,
        "not-a-number",
        "Write the count in plain digits, without separators or signs.",
        "Escriba el recuento solo con cifras, sin separadores ni signos.",
    )


def period_problem(text: str, frequency: str, today: date) -> Problem | None:
    """Why a written period cannot be one: the ISO date of its first day, not before 1900 and not after today."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        return Problem(
            "period",
            "not-a-date",
            "Write the first day of the period as a date such as 2023-08-01.",
            "Escriba el primer día del período como fecha, por ejemplo 2023-08-01.",
        )
    if day < EARLIEST_PERIOD:
        return Problem(
            "period", "too-early", "The period begins before 1900.", "El período empieza antes de 1900."
        )
    if day > today:
        return Problem(
            "period",
            "in-the-future",
            "The period has not begun yet: nothing can have been counted in it.",
            "El período aún no ha empezado: nada puede haberse contado en él.",
        )
    if not _begins_period(day, frequency):
        return Problem(
            "period",
            "not-a-first-day",
            f"This day does not begin a period of frequency {frequency}.",
            f"Este día no inicia un período de frecuencia {frequency}.",
        )
    return None


def _begins_period(day: date, frequency: str) -> bool:
    """Weeks begin on Monday, quarters in January, April, July or October; a year may be a fiscal one."""
    if frequency == "W":
        return day.weekday() == 0
    if frequency == "Q":
        return day.day == 1 and day.month % 3 == 1
    return frequency == "D" or day.day == 1


def problems_of(fields: dict[str, str], *, today: date, vocabulary: Vocabulary) -> list[Problem]:
    """Everything wrong with one row, given its fields by column; empty when the row can be taken."""
    combination = _combination(fields)
    problems = dimension_problems(combination, vocabulary)
    if not any(problem.column == "frequency" for problem in problems):
        problems.extend(
            filter(None, [period_problem(fields.get("period", ""), combination.frequency, today)])
        )
    counts = [count_problem(column, fields.get(column, "")) for column in ("value", "low", "high")]
    problems.extend(filter(None, counts))
    if not any(counts):
        problems.extend(
            filter(None, [_range_problem(*(fields.get(c, "") for c in ("value", "low", "high")))])
        )
    if fields.get("status", "") not in ("", *STATUSES):
        problems.extend(filter(None, [_choice_problem("status", fields["status"], STATUSES)]))
    return problems


def _range_problem(value: str, low: str, high: str) -> Problem | None:
    if not value and not (low and high):
        return Problem(
            "value",
            "no-value",
            "There is neither a count nor a range. Write 0 for none, or low and high for a hidden count.",
            "No hay recuento ni intervalo. Escriba 0 si no hubo, o low y high si el recuento está oculto.",
        )
    stated = [int(number) for number in (low, value, high) if number]
    if stated != sorted(stated):
        return Problem(
            "low",
            "range-in-disorder",
            "Low, value and high must not decrease.",
            "Low, value y high no deben decrecer.",
        )
    return None


def _combination(fields: dict[str, str]) -> Combination:
    return Combination(*(fields.get(name) or _DEFAULTS.get(name, "") for name in DIMENSIONS))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


# ---------------------------------------------------------------------------------------------------------------------
# Lines made safe for a fast reader

_BLANK = "blank"
_LINE_PROBLEMS = {
    "encoding": (
        "The line is not UTF-8 text.",
        "La línea no es texto UTF-8.",
    ),
    "binary": (
        "The line holds a NUL byte: it is not text.",
        "La línea contiene un byte NUL: no es texto.",
    ),
    "open-quote": (
        "A quotation mark is opened and not closed on this line.",
        "En esta línea se abre una comilla que no se cierra.",
    ),
    "too-many-columns": (
        "The line has more columns than the header.",
        "La línea tiene más columnas que el encabezado.",
    ),
    "line-too-long": (
        f"The line is longer than {LONGEST_LINE} bytes.",
        f"La línea supera los {LONGEST_LINE} bytes.",
    ),
    "malformed": (
        "The quotation marks of this line do not enclose whole cells.",
        "Las comillas de esta línea no encierran celdas completas.",
    ),
}
_BLOCK_BYTES = 4_000_000


@dataclass(slots=True)
class _Dropped:
    """Lines kept from the fast reader: their 1-based numbers in the file, rising, and why."""

    lines: array[int]
    codes: dict[int, str]  # blank lines are not listed: nothing is refused in them


def _write_clean(path: Path, into: Path) -> _Dropped:
    """Copy the file as UTF-8 lines ended by \\n that hold no blank, binary or half-quoted line."""
    dropped = _Dropped(array("q"), {})
    line = 1
    with _open_bytes(path) as source, into.open("wb") as target:
        for block in _line_blocks(source):
            lines = block.count(b"\n")
            target.write(block if _is_calm(block) else _without_bad_lines(block, line, dropped))
            line += lines
    return dropped


def _line_blocks(source: IO[bytes]) -> Iterator[bytes]:
    """Blocks of whole lines, newlines unified and the last line ended; UTF-16 becomes UTF-8."""
    first = source.read(_BLOCK_BYTES)
    decode = _recoder(_encoding_of(first))
    rest = b""
    chunk = first
    while chunk:
        following = source.read(_BLOCK_BYTES)
        text = rest + decode(chunk, not following)
        if following and text.endswith(b"\r"):
            text, held = text[:-1], b"\r"
        else:
            held = b""
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        cut = text.rfind(b"\n") + 1
        if not cut and len(text) > 16 * LONGEST_LINE:
            raise FileRefused(
                "line-too-long",
                "A line of this file is too long to be a row of figures.",
                "Una línea de este archivo es demasiado larga para ser una fila de cifras.",
            )
        if cut:
            yield text[:cut]
        rest = text[cut:] + held
        chunk = following
    if rest.rstrip(b"\r"):
        yield rest.rstrip(b"\r") + b"\n"


def _recoder(encoding: str) -> Callable[[bytes, bool], bytes]:
    if encoding == "utf-16":
        decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        return lambda chunk, final: decoder.decode(chunk, final).encode("utf-8")
    started = False

    def without_mark(chunk: bytes, final: bool) -> bytes:
        nonlocal started
        chunk = chunk if started else chunk.removeprefix(codecs.BOM_UTF8)
        started = True
        return chunk

    return without_mark


def _is_calm(block: bytes) -> bool:
    if b'"' in block or b"\0" in block or b"\n\n" in block or block.startswith(b"\n"):
        return False
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_bad_lines(block: bytes, first: int, dropped: _Dropped) -> bytes:
    kept = []
    for number, line in enumerate(block.split(b"\n")[:-1], first):
        code = _line_problem(line)
        if code is None:
            kept.append(line)
            continue
        dropped.lines.append(number)
        if code != _BLANK:
            dropped.codes[number] = code
    return b"\n".join(kept) + b"\n" if kept else b""


def _line_problem(line: bytes) -> str | None:
    if not line:
        return _BLANK
    if b"\0" in line:
        return "binary"
    if line.count(b'"') % 2:
        return "open-quote"
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "encoding"
    return None


def _place_among(kept: NDArray[np.int64], removed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions before some were removed: the k-th kept item stood at k + (number removed before it). All 1-based."""
    kept_before = removed - 1 - np.arange(len(removed))
    return kept + np.searchsorted(kept_before, kept, side="left")


# ---------------------------------------------------------------------------------------------------------------------
# The blocks


def read_tidy_blocks(
    path: Path,
    *,
    today: date,
    vocabulary: Vocabulary | None = None,
    rows_per_block: int = 100_000,
    memory_limit: str = "256MB",
) -> Iterator[TidyBlock]:
    """Stream a tidy file in blocks of at most ``rows_per_block`` lines, in file order.

    The whole file is judged before the first block is handed over, so that a row said twice is found wherever it
    stands; what does not fit in ``memory_limit`` waits on disk, in a temporary folder removed at the end. Raises
    FileRefused when the file is not tidy. Text is UTF-8 (with or without mark) or UTF-16, plain or gzip; of a workbook the
    first sheet is read. The file must have passed `guard.inspect`.
    """
    header = read_header(path)
    if header is None:
        raise FileRefused(
            "not-tidy",
            "The first line does not hold Corredor's columns: " + ", ".join(REQUIRED) + ".",
            "La primera línea no contiene las columnas de Corredor: " + ", ".join(REQUIRED) + ".",
            Place(row=1),
        )
    with tempfile.TemporaryDirectory(prefix="corredor-tidy-") as folder:
        path = _as_text(path, Path(folder))
        clean = Path(folder, "clean.csv")
        dropped = _clean_or_refuse(path, clean)
        import duckdb  # heavy: loaded when a file is read

        with duckdb.connect(":memory:", config=_settings(folder, memory_limit)) as db:
            reading = _Reading(db, header, dropped, today, vocabulary or Vocabulary())
            reading.load(clean)
            clean.unlink()
            yield from reading.blocks(rows_per_block)


def _as_text(path: Path, folder: Path) -> Path:
    """The file itself, or a workbook's first sheet written out as CSV."""
    with path.open("rb") as stream:
        if stream.read(4) not in _WORKBOOKS:
            return path
    written = folder / "sheet.csv"
    with written.open("w", encoding="utf-8", newline="\n") as target:
        target.writelines(_csv_line(row) + "\n" for row in _first_sheet(path))
    return written


def _clean_or_refuse(path: Path, clean: Path) -> _Dropped:
    try:
        return _write_clean(path, clean)
    except (EOFError, gzip.BadGzipFile) as error:
        raise FileRefused(
            "truncated",
            "The compressed file ends before its content does. Please send it again.",
            "El archivo comprimido termina antes que su contenido. Envíelo de nuevo.",
        ) from error


def _settings(folder: str, memory_limit: str) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "threads": 1,
        "memory_limit": memory_limit,
        "temp_directory": folder,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


class _Reading:
    """One file inside DuckDB: rows with their combination's number, a verdict, and the lines it could not split."""

    def __init__(
        self,
        db: DuckDBPyConnection,
        header: TidyHeader,
        dropped: _Dropped,
        today: date,
        vocabulary: Vocabulary,
    ) -> None:
        self.db, self.header, self.today, self.vocabulary = db, header, today, vocabulary
        self.dropped = (
            np.frombuffer(dropped.lines, dtype=np.int64) if dropped.lines else np.empty(0, np.int64)
        )
        self.dropped_codes = dropped.codes
        self.rejected = np.empty(0, np.int64)  # 1-based among clean lines below the header

    def load(self, clean: Path) -> None:
        """Read the clean copy, number the combinations, judge every row."""
        self.db.execute(self._load_statement(), [str(clean)])
        self._judge_combinations()
        self.db.execute(self._encode_statement(), {"today": self.today})
        self.db.execute(
            "CREATE TEMP TABLE again AS SELECT combination, period, min(rn) AS first FROM figures WHERE ok "
            "GROUP BY combination, period HAVING count(*) > 1"
        )
        rejected = self.db.execute(
            "SELECT DISTINCT line::BIGINT - ? AS line FROM reject_errors ORDER BY line", [self.header.lines]
        ).fetchnumpy()
        self.rejected = np.asarray(rejected["line"], dtype=np.int64)

    def blocks(self, rows_per_block: int) -> Iterator[TidyBlock]:
        """The whole file, stretch by stretch of clean lines; the last one also answers for lines dropped at the end."""
        counted = self.db.execute("SELECT count(*) FROM figures").fetchone()
        total = (counted[0] if counted else 0) + len(self.rejected)
        answered = 0  # file row up to which dropped lines were reported
        for start in range(1, total + 1, rows_per_block):
            end = min(start + rows_per_block - 1, total)
            last_row = int(self._file_rows(np.array([end]))[0]) if end < total else None
            yield self._block(start, end, answered, last_row)
            answered = last_row or answered
        if not total and self.dropped_codes:
            yield self._block(1, 0, 0, None)

    def _load_statement(self) -> str:
        names = [f"c{i}" for i in range(len(self.header.columns) + _SPARE_COLUMNS)]
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
        place = {
            name: f"c{self.header.columns.index(name)}" for name in COLUMNS if name in self.header.columns
        }
        wanted = ", ".join(
            f"coalesce({place[n]}, '') AS {n}" if n in place else f"'' AS {n}" for n in COLUMNS
        )
        beyond = " OR ".join(f"{name} IS NOT NULL" for name in names[-_SPARE_COLUMNS:])
        return f"""
            CREATE TEMP TABLE raw AS
            SELECT row_number() OVER () AS rn, {wanted}, ({beyond}) AS too_wide
            FROM read_csv(?, header = false, skip = {self.header.lines}, delim = '{self.header.delimiter}',
                quote = '"', escape = '"', columns = {{{types}}}, auto_detect = false, null_padding = true,
                parallel = false, strict_mode = true, max_line_size = {LONGEST_LINE}, store_rejects = true,
                buffer_size = {32 * LONGEST_LINE})
        """  # nosec B608 # noqa: S608  names are our own; the delimiter is one of three

    def _judge_combinations(self) -> None:
        """Number the distinct dimensions and judge each once, in pages, so that memory stays bounded."""
        dimensions = ", ".join(DIMENSIONS)
        self.db.execute(
            f"CREATE TEMP TABLE combos AS SELECT (row_number() OVER () - 1)::INTEGER AS id, {dimensions} "  # nosec B608 # noqa: S608
            f"FROM (SELECT DISTINCT {dimensions} FROM raw)"
        )
        self.db.execute("CREATE TEMP TABLE wrong (id INTEGER)")
        page = 50_000
        for start in range(0, self._count("combos"), page):
            rows = self.db.execute(
                f"SELECT id, {dimensions} FROM combos WHERE id BETWEEN ? AND ?",  # nosec B608 # noqa: S608
                [start, start + page - 1],
            ).fetchall()
            wrong = [row[0] for row in rows if dimension_problems(_with_defaults(row[1:]), self.vocabulary)]
            if wrong:
                self.db.execute("INSERT INTO wrong SELECT unnest(?::INTEGER[])", [wrong])

    def _encode_statement(self) -> str:
        same = " AND ".join(f"r.{name} = c.{name}" for name in DIMENSIONS)
        largest = LARGEST_COUNT
        return f"""
            CREATE TEMP TABLE figures AS
            SELECT rn, id AS combination, day - DATE '1970-01-01' AS period,
                   coalesce(v, -1) AS value, coalesce(l, -1) AS low, coalesce(h, -1) AS high,
                   CASE status WHEN 'provisional' THEN 0 WHEN 'revised' THEN 2 ELSE 1 END::TINYINT AS status,
                   coalesce(
                       NOT too_wide AND NOT wrong AND status IN ('', 'provisional', 'validated', 'revised')
                       AND period = day::VARCHAR AND day BETWEEN DATE '{EARLIEST_PERIOD}' AND $today
                       AND CASE frequency WHEN 'D' THEN true WHEN 'W' THEN isodow(day) = 1
                           WHEN 'Q' THEN day(day) = 1 AND month(day) % 3 = 1 ELSE day(day) = 1 END
                       AND (value = '' OR v::VARCHAR = value) AND coalesce(v, 0) BETWEEN 0 AND {largest}
                       AND (low = '' OR l::VARCHAR = low) AND coalesce(l, 0) BETWEEN 0 AND {largest}
                       AND (high = '' OR h::VARCHAR = high) AND coalesce(h, 0) BETWEEN 0 AND {largest}
                       AND (value <> '' OR (low <> '' AND high <> ''))
                       AND coalesce(l, 0) <= coalesce(v, h, {largest}) AND coalesce(v, l, 0) <= coalesce(h, {largest}),
                   false) AS ok
            FROM (
                SELECT r.rn, c.id, r.period, r.value, r.low, r.high, r.status, r.frequency, r.too_wide,
                       c.id IN (SELECT id FROM wrong) AS wrong,
                       try_cast(r.period AS DATE) AS day, try_cast(r.value AS BIGINT) AS v,
                       try_cast(r.low AS BIGINT) AS l, try_cast(r.high AS BIGINT) AS h
                FROM raw r JOIN combos c ON {same}
            )
        """  # nosec B608 # noqa: S608  every name is our own

    def _count(self, table: str) -> int:
        counted = self.db.execute(f"SELECT count(*) FROM {table}").fetchone()  # nosec B608 # noqa: S608
        return int(counted[0]) if counted else 0

    def _block(self, start: int, end: int, answered: int, last_row: int | None) -> TidyBlock:
        """The clean lines ``start`` to ``end``, and what was dropped or rejected among them."""
        low, high = np.searchsorted(self.rejected, [start, end + 1])
        rows = (int(start - low), int(end - high))  # what remains when rejected lines are taken out
        taken = self.db.execute(
            "SELECT f.* FROM figures f LEFT JOIN again a ON f.combination = a.combination AND f.period = a.period "
            "WHERE f.ok AND f.rn BETWEEN ? AND ? AND (a.first IS NULL OR a.first = f.rn) ORDER BY f.rn",
            rows,
        ).fetchnumpy()
        ids, local = np.unique(np.asarray(taken["combination"]), return_inverse=True)
        refusals = [
            *self._refused_rows(rows),
            *self._repeated_rows(rows),
            *self._rejected_lines(start, end),
            *self._dropped_lines(answered, last_row),
        ]
        return TidyBlock(
            combinations=self._combinations(ids),
            combination=local.astype(np.int32),
            period=np.asarray(taken["period"], np.int32),
            value=np.asarray(taken["value"], np.int64),
            low=np.asarray(taken["low"], np.int64),
            high=np.asarray(taken["high"], np.int64),
            status=np.asarray(taken["status"], np.int8),
            row=self._file_rows_of_figures(np.asarray(taken["rn"], np.int64)),
            refusals=sorted(refusals, key=lambda refusal: refusal.place.row),
        )

    def _combinations(self, ids: NDArray[np.int32]) -> list[Combination]:
        rows = self.db.execute(
            f"SELECT {', '.join(DIMENSIONS)} FROM combos JOIN (SELECT unnest(?::INTEGER[]) AS id) USING (id) ORDER BY id",  # nosec B608 # noqa: S608
            [ids.tolist()],
        ).fetchall()
        return [_with_defaults(row) for row in rows]

    def _refused_rows(self, rows: tuple[int, int]) -> Iterator[Refusal]:
        columns = ", ".join(f"r.{name}" for name in COLUMNS)
        found = self.db.execute(
            f"SELECT f.rn, r.too_wide, {columns} FROM figures f JOIN raw r ON r.rn = f.rn "  # nosec B608 # noqa: S608
            "WHERE NOT f.ok AND f.rn BETWEEN ? AND ? ORDER BY f.rn",
            rows,
        ).fetchall()
        if not found:
            return
        found = [row for row in found if any(row[1:])]  # spreadsheets leave rows of bare commas
        places = self._file_rows_of_figures(np.array([row[0] for row in found], np.int64))
        for place, (_, too_wide, *cells) in zip(places.tolist(), found, strict=True):
            if too_wide:
                yield _line_refusal(place, "too-many-columns")
                continue
            fields = dict(zip(COLUMNS, cells, strict=True))
            for problem in problems_of(fields, today=self.today, vocabulary=self.vocabulary):
                yield Refusal(
                    Place(place, problem.column),
                    problem.code,
                    problem.reason_en,
                    problem.reason_es,
                    _short(fields[problem.column]),
                )

    def _repeated_rows(self, rows: tuple[int, int]) -> Iterator[Refusal]:
        found = self.db.execute(
            "SELECT f.rn, a.first FROM figures f JOIN again a ON f.combination = a.combination AND f.period = a.period "
            "WHERE f.ok AND f.rn <> a.first AND f.rn BETWEEN ? AND ? ORDER BY f.rn",
            rows,
        ).fetchnumpy()
        here = self._file_rows_of_figures(np.asarray(found["rn"], np.int64)).tolist()
        there = self._file_rows_of_figures(np.asarray(found["first"], np.int64)).tolist()
        for row, first in zip(here, there, strict=True):
            yield Refusal(
                Place(row, "value"),
                "said-twice",
                f"Row {first} already states this figure. Keep one of the two.",
                f"La fila {first} ya da esta cifra. Conserve una de las dos.",
            )

    def _rejected_lines(self, start: int, end: int) -> Iterator[Refusal]:
        found = self.db.execute(
            "SELECT line::BIGINT - ? AS below, min(error_type::VARCHAR) FROM reject_errors "
            "WHERE below BETWEEN ? AND ? GROUP BY below ORDER BY below",
            [self.header.lines, start, end],
        ).fetchall()
        codes = {"TOO MANY COLUMNS": "too-many-columns", "LINE SIZE OVER MAXIMUM": "line-too-long"}
        for below, kind in found:
            row = int(self._file_rows(np.array([below]))[0])
            yield _line_refusal(row, codes.get(kind, "malformed"))

    def _dropped_lines(self, answered: int, last_row: int | None) -> Iterator[Refusal]:
        for row, code in self.dropped_codes.items():
            if answered < row and (last_row is None or row <= last_row):
                yield _line_refusal(row, code)

    def _file_rows_of_figures(self, rn: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._file_rows(_place_among(rn, self.rejected))

    def _file_rows(self, clean: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of the file, as its reader counts them, of clean lines below the header."""
        return _place_among(clean + self.header.lines, self.dropped)


def _with_defaults(dimensions: tuple[str, ...]) -> Combination:
    return _combination(dict(zip(DIMENSIONS, dimensions, strict=True)))


def _line_refusal(row: int, code: str) -> Refusal:
    reason_en, reason_es = _LINE_PROBLEMS[code]
    return Refusal(Place(row), code, reason_en, reason_es)
