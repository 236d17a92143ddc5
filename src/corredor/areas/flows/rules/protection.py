"""Small counts protected in what leaves the country: hidden, and not to be found again by subtraction.

A table is one break-down of one figure: its cells sum to a total that everybody sees. A cell of 1 to ``threshold`` - 1
people is hidden (primary). Then the smallest other cells are hidden too (complementary) until at least two are hidden
and together they hold twice the threshold, so that total minus shown cells says no more than a sum of several.
Where the whole table holds fewer people than that, none of its cells is even named: with so few, a name is a count.

Two tables about the same people can be played against each other; ``tables_shown`` decides which may be seen at all.
Method: cell suppression as in Hundepool et al., Statistical Disclosure Control (Wiley, 2012), ch. 4, for one dimension.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

FREQUENCIES = ("M", "W", "Q", "Y", "D")  # the one in which a break-down is shown, in order of choice


@dataclass(frozen=True, slots=True)
class Protection:
    """What may not be shown: ``hidden`` cells are named without their count, ``unnamed`` not even that."""

    hidden: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()


def protect(cells: Mapping[str, int | None], threshold: int) -> Protection:
    """Which cells of a table to hide. A cell whose count is withheld for another reason (None) counts as hidden."""
    if threshold <= 1:
        return Protection()
    hidden = {code for code, people in cells.items() if people is None or 0 < people < threshold}
    if not hidden:
        return Protection()
    others = sorted((people, code) for code, people in cells.items() if people and code not in hidden)
    while others and not _is_enough(hidden, cells, threshold):
        hidden.add(others.pop(0)[1])
    if not _is_enough(hidden, cells, threshold):
        return Protection(unnamed=frozenset(cells))
    return Protection(hidden=frozenset(hidden))


def _is_enough(hidden: set[str], cells: Mapping[str, int | None], threshold: int) -> bool:
    return len(hidden) >= 2 and sum(cells[code] or 0 for code in hidden) >= 2 * threshold


class Table(NamedTuple):
    """One break-down of the figures of a measure: at which gate, in which frequency, by what."""

    measure: str
    gate: str
    direction: str
    frequency: str
    by: tuple[str, ...]  # the dimensions, e.g. ("sex", "age")
    basis: str


def tables_shown(
    tables: Iterable[Table], *, wider: Mapping[str, Iterable[str]], order: Mapping[str, tuple[int, int, str]]
) -> set[Table]:
    """The break-downs that may be shown together outside the country.

    For each measure: by a dimension only at the widest gate that is broken down by it (``wider`` gives the gates around
    a gate), since a region less one crossing is the other; in one direction (ALL where there is one), one frequency and
    one basis (``order``), since days make months; and by several dimensions at once only where none of them is shown
    already, alone or with others, since both tables then sum to the same.
    """
    shown: set[Table] = set()
    every = set(tables)
    widest = {table for table in every if not _has_wider(table, every, wider)}
    for _, rivals in sorted(_grouped(widest).items()):
        shown.add(
            min(rivals, key=lambda t: (t.direction != "ALL", FREQUENCIES.index(t.frequency), order[t.basis]))
        )
    apart: list[Table] = []
    for table in sorted(shown, key=lambda t: (len(t.by), t.by)):
        if not any((o.measure, o.gate) == (table.measure, table.gate) and _shares(o, table) for o in apart):
            apart.append(table)
    return set(apart)


def _has_wider(table: Table, every: set[Table], wider: Mapping[str, Iterable[str]]) -> bool:
    around = set(wider.get(table.gate, ()))
    return any(
        other.gate in around and other.measure == table.measure and _shares(other, table) for other in every
    )


def _grouped(tables: set[Table]) -> dict[tuple[str, str, tuple[str, ...]], list[Table]]:
    groups: dict[tuple[str, str, tuple[str, ...]], list[Table]] = {}
    for table in tables:
        groups.setdefault((table.measure, table.gate, table.by), []).append(table)
    return groups


def _shares(one: Table, other: Table) -> bool:
    """Whether both break people down by the same dimension: summed over the rest they tell the same, or a part of it."""
    return not set(one.by).isdisjoint(other.by)
