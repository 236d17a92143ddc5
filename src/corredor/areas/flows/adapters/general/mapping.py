"""How one file is to be read: which column says what. Proposed, shown, repaired by a person, remembered per source."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from corredor.areas.flows.adapters.figures import FileRefused
from corredor.areas.flows.adapters.general.numbers import STYLES, Meaning
from corredor.areas.flows.adapters.general.words import ROLES, plain

LABELS = frozenset(ROLES) - {"count", "total", "ignored"}
SETTABLE = (
    "day",
    "year",
    "fiscal_year",
    "quarter",
    "month",
    "nationality",
    "departure",
    "gate",
    "sex",
    "age",
    "direction",
    "measure",
    "status",
    "detail",
)
DEFAULT_MEANINGS: dict[str, Meaning] = {
    "": "missing",
    "-": "zero",
    "—": "missing",
    "n.d.": "missing",
    "*": (1, 4),
    "x": "missing",
    "c": "missing",
}


@dataclass(slots=True)
class Column:
    """One column: its role, what its heading fixes for its figures, and why Corredor thinks so.

    ``sets`` holds what the heading says of every figure below it, e.g. {"month": 1, "sex": "F"} under
    "Enero · Mujeres". ``fill_down`` repeats the label above into blank cells (merged labels).
    """

    index: int  # 0-based
    heading: str
    role: str
    sets: dict[str, str | int] = field(default_factory=dict)
    confidence: float = 1.0
    because: list[str] = field(default_factory=list)
    fill_down: bool = False


@dataclass(slots=True)
class Mapping:
    """Everything needed to read a file of this layout.

    ``fixed`` is what holds for the whole file (measure, gate, year …); ``names`` translates labels the file uses to
    codes, by role; ``meanings`` says what a blank ("") or a sign ("-", "*", "n.d.") stands for: "zero", "missing" or
    the range of a hidden count. ``frequency`` is what a whole date stands for. ``section`` is the role of lines that
    hold one label alone and speak for the rows below them.
    """

    sheet: str
    first_row: int  # 1-based: the first row below the headings
    columns: list[Column]
    header_rows: list[int] = field(default_factory=list)
    layout: str = "long"
    number_style: str = "plain"
    day_first: bool = True
    frequency: str = ""
    fiscal_start: int = 10
    section: str = ""
    labels_apart: bool = False  # a label may stand on a line of its own, its figures on the next
    fixed: dict[str, str | int] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    meanings: dict[str, Meaning] = field(default_factory=lambda: dict(DEFAULT_MEANINGS))
    encoding: str = ""  # empty: found anew in each file
    delimiter: str = ""
    fingerprint: str = ""

    def labels(self) -> list[Column]:
        return [column for column in self.columns if column.role in LABELS]

    def counts(self) -> list[Column]:
        return [column for column in self.columns if column.role == "count"]

    def totals(self) -> list[Column]:
        return [column for column in self.columns if column.role == "total"]

    def says(self, *names: str) -> bool:
        """Whether one of these is known for every figure: fixed, from a label or from the headings."""
        roles = {column.role for column in self.columns} | {self.section}
        by_heading = self.counts() and all(any(n in column.sets for n in names) for column in self.counts())
        return any(n in roles or n in self.fixed for n in names) or bool(by_heading)

    def to_json(self) -> str:
        """The mapping as JSON, readable by `from_json`."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """The mapping a person may have repaired; FileRefused ("mapping-invalid") says what does not fit."""
        try:
            given = json.loads(text)
        except json.JSONDecodeError as error:
            raise _invalid(str(error)) from error
        if not isinstance(given, dict):
            raise _invalid("an object is expected")
        unknown = set(given) - {f.name for f in fields(cls)}
        if unknown:
            raise _invalid(", ".join(sorted(map(str, unknown))))
        try:
            columns = [Column(**column) for column in given.pop("columns")]
            meanings = {
                sign: _meaning(value) for sign, value in given.pop("meanings", DEFAULT_MEANINGS).items()
            }
            mapping = cls(columns=columns, meanings=meanings, **given)
        except (TypeError, KeyError, AttributeError) as error:
            raise _invalid(str(error)) from error
        mapping.check()
        return mapping

    def check(self) -> None:
        """Raise FileRefused ("mapping-invalid") when a part is not of the expected kind."""
        _require(isinstance(self.first_row, int) and self.first_row >= 1, "first_row")
        _require(isinstance(self.number_style, str) and self.number_style in STYLES, "number_style")
        _require(self.frequency in ("", "D", "W", "M", "Q", "Y"), "frequency")
        _require(isinstance(self.fiscal_start, int) and 1 <= self.fiscal_start <= 12, "fiscal_start")
        _require(self.delimiter in ("", ",", ";", "\t", "|"), "delimiter")
        _require(self.section == "" or self.section in LABELS, "section")
        for name in ("sheet", "layout", "encoding", "fingerprint"):
            _require(isinstance(getattr(self, name), str), name)
        _require(_is_sets(self.fixed), "fixed")
        _require(
            isinstance(self.names, dict) and all(isinstance(v, dict) for v in self.names.values()), "names"
        )
        seen: set[int] = set()
        for column in self.columns:
            _require(isinstance(column.index, int) and 0 <= column.index < 20_000, "index")
            _require(column.index not in seen, "index")
            _require(isinstance(column.heading, str) and column.role in ROLES, f"role {column.role!r}")
            _require(_is_sets(column.sets), f"sets {column.sets!r}")
            seen.add(column.index)


def _is_sets(given: object) -> bool:
    return isinstance(given, dict) and all(
        k in SETTABLE and isinstance(v, str | int) for k, v in given.items()
    )


def _meaning(value: Any) -> Meaning:
    if value in ("zero", "missing"):
        return value
    if (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(isinstance(n, int) and n >= 0 for n in value)
    ):
        low, high = value
        if low <= high:
            return (low, high)
    raise _invalid(f"meaning {value!r}")


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise _invalid(what)


def _invalid(what: str) -> FileRefused:
    return FileRefused(
        "mapping-invalid",
        f"The remembered mapping cannot be used ({what}). Let Corredor propose it again.",
        f"La correspondencia guardada no se puede usar ({what}). Deje que Corredor la proponga de nuevo.",
    )


def fingerprint(columns: list[Column]) -> str:
    """What stays the same in next month's file: the labels' headings, and what kinds of things head the figures."""
    labels = sorted(f"{c.role}:{plain(c.heading)}" for c in columns if c.role in LABELS)
    kinds = sorted({"count:" + "+".join(sorted(c.sets)) for c in columns if c.role == "count"})
    lone = [plain(c.heading) for c in columns if c.role == "count" and not c.sets]
    return hashlib.sha256("\n".join([*labels, *kinds, *lone]).encode()).hexdigest()[:16]


def renew(remembered: Mapping, proposed: Mapping) -> Mapping:
    """A remembered mapping carried over to a new file of the same fingerprint.

    Positions come from the new file; what a person decided (roles by heading, fixed facts, names, meanings, number
    style, frequency) from the remembered one.
    """
    decided = {column.heading: column for column in remembered.columns}
    columns = []
    for column in proposed.columns:
        earlier = decided.get(column.heading)
        if earlier is not None:
            column = Column(column.index, column.heading, earlier.role, dict(earlier.sets), 1.0, ["remembered"], earlier.fill_down)  # fmt: skip
        columns.append(column)
    fixed = {
        k: v
        for k, v in remembered.fixed.items()
        if k not in ("year", "fiscal_year", "day", "month", "quarter")
    }
    return Mapping(
        sheet=proposed.sheet,
        first_row=proposed.first_row,
        columns=columns,
        header_rows=proposed.header_rows,
        layout=remembered.layout,
        number_style=remembered.number_style if remembered.number_style != "plain" else proposed.number_style,
        day_first=remembered.day_first,
        frequency=remembered.frequency,
        fiscal_start=remembered.fiscal_start,
        section=remembered.section,
        labels_apart=remembered.labels_apart or proposed.labels_apart,
        fixed={**proposed.fixed, **fixed},
        names={
            role: {**proposed.names.get(role, {}), **remembered.names.get(role, {})}
            for role in {*proposed.names, *remembered.names}
        },
        meanings=dict(remembered.meanings),
        encoding=proposed.encoding,
        delimiter=proposed.delimiter,
        fingerprint=proposed.fingerprint,
    )
