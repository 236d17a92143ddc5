"""What an adapter hands over: figures, refusals and checks, one by one, in the file's order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

Frequency = Literal["D", "W", "M", "Q", "Y"]
Status = Literal["provisional", "validated", "revised"]

ALL = "ALL"  # not broken down by this dimension
OTHER = "OOO"  # the source's own "other" or "unspecified"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file something stands, as the person who opens the file counts."""

    row: int  # 1-based, header lines included
    column: str = ""  # the heading as written, or the letter when there is none
    sheet: str = ""  # sheet or page; empty when the file has one


@dataclass(frozen=True, slots=True)
class Figure:
    """One count as the source states it: what, where, when, of whom.

    ``period`` is the first day of the period. ``value`` is None when the source hides a small count; ``low`` and
    ``high`` then hold the range it admits ("<5" is 1 to 4). Codes: ``measure`` and ``gate`` are Corredor's own,
    ``nationality`` and ``departure`` ISO 3166-1 alpha-3, ALL or OTHER.
    """

    measure: str
    gate: str
    frequency: Frequency
    period: date
    value: int | None
    place: Place
    nationality: str = ALL
    departure: str = ALL
    sex: str = ALL  # F, M, X (other or unspecified)
    age: str = ALL  # "0-11", "18+", "0-17" …; "UNK" when the source has an unknown group
    direction: str = ALL  # north, south, in, out
    detail: str = ""  # the source's further break-down, e.g. "component=OFO;authority=Title 8"
    low: int | None = None
    high: int | None = None
    status: Status = "validated"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row or cell that is not taken, with the reason in both languages and what was found there."""

    place: Place
    code: str  # stable, for programs: "unknown-nationality", "negative", "not-a-number" …
    reason_en: str
    reason_es: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """A total the source states, recognised and checked instead of imported."""

    place: Place
    what: str  # "2023-08 · ALL", "fiscal year 2020 · Tucson"
    stated: int
    summed: int

    @property
    def agrees(self) -> bool:
        return self.stated == self.summed


Item = Figure | Refusal | TotalCheck


@dataclass(eq=False)
class FileRefused(Exception):
    """The whole file is refused: not what it claims to be, hostile, truncated, or of no known layout."""

    code: str
    reason_en: str
    reason_es: str
    place: Place = field(default_factory=lambda: Place(row=0))


class Adapter(Protocol):
    """Reads one publisher's layout. Streams: memory does not grow with the file."""

    name: str  # as in --adapter
    source: str  # code of the source whose figures these are, e.g. "cbp-encounters"

    def recognises(self, path: Path) -> bool:
        """Whether the file has this layout, judged from its first rows; never raises."""
        ...

    def read(self, path: Path) -> Iterator[Item]:
        """Figures, refusals and checks in file order; raises FileRefused when nothing can be kept."""
        ...
