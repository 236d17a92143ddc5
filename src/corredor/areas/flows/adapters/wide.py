"""Wide tables of a statistical bulletin: title lines, a heading line, a row a country, subtotals, notes at the foot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corredor.areas.flows.adapters import nationality
from corredor.areas.flows.adapters.figures import Place, TotalCheck

# Subtotals of the Mexican bulletin and how wide they are: a wider one closes a narrower one.
WHOLE_TABLE = 0
SUBTOTALS = {
    "total": WHOLE_TABLE,
    "total general": WHOLE_TABLE,
    "america": 1,
    "europa": 1,
    "asia": 1,
    "africa": 1,
    "oceania": 1,
    "america del norte": 2,
    "america central": 2,
    "islas del caribe": 2,
    "el caribe": 2,
    "caribe": 2,
    "america del sur": 2,
}
_NOTE = re.compile(
    r"^(nota|notas|fuente|fuentes|source|note|\(?-?\)? ?(significa|indica)|\d+ ?/|\(\d+\)|\*)", re.I
)
_MARK = re.compile(r"\s*(\d+/|\(\d+/?\)|\*+|[¹²³⁴-⁹]+)\s*$")


def label(cell: Any) -> str:
    """A row's or column's name without the marks of footnotes: "Honduras 1/" is "Honduras"."""
    text = " ".join(str(cell if cell is not None else "").split())
    return _MARK.sub("", text).strip()


def is_note(cell: Any) -> bool:
    """Whether a row is one of the notes under a table, which end it."""
    return bool(_NOTE.match(" ".join(str(cell).split())))


def subtotal_level(name: str) -> int | None:
    """How wide a subtotal a row's name stands for, or None when it names a country."""
    return SUBTOTALS.get(" ".join(nationality.plain(name).split()))


@dataclass(slots=True)
class _Open:
    name: str
    level: int
    stated: list[int | None]
    places: list[Place]
    summed: list[int]
    parts: int = 0


class Subtotals:
    """Checks every subtotal row of a table against the countries it covers: those below it, up to the next as wide.

    A total of the whole table is checked at the end, wherever it stands. A subtotal with no country under it (the
    bulletin may print a continent alone) is checked by nothing and gives no result.
    """

    def __init__(self, headings: list[str]) -> None:
        self.headings = headings
        self.open: list[_Open] = []
        self.whole: list[_Open] = []
        self.table = [0] * len(headings)

    def subtotal(
        self, name: str, level: int, stated: list[int | None], places: list[Place]
    ) -> Iterator[TotalCheck]:
        row = _Open(name, level, stated, places, [0] * len(stated))
        if level == WHOLE_TABLE:
            self.whole.append(row)
            return
        yield from self._close(level)
        self.open.append(row)

    def country(self, counts: list[int | None]) -> None:
        for sums in (self.table, *(row.summed for row in self.open)):
            for index, value in enumerate(counts):
                sums[index] += value or 0
        for row in self.open:
            row.parts += 1

    def finish(self) -> Iterator[TotalCheck]:
        yield from self._close(0)
        for row in self.whole:
            row.summed, row.parts = self.table, 1
            yield from self._checks(row)

    def _close(self, level: int) -> Iterator[TotalCheck]:
        while self.open and self.open[-1].level >= level:
            yield from self._checks(self.open.pop())

    def _checks(self, row: _Open) -> Iterator[TotalCheck]:
        if not row.parts:
            return
        for heading, stated, place, summed in zip(
            self.headings, row.stated, row.places, row.summed, strict=True
        ):
            if stated is not None:
                yield TotalCheck(place, f"{row.name} · {heading}", stated, summed)
