"""Running sums, so that the totals a file states can be checked while it streams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from corredor.areas.flows.adapters.general.numbers import Count

_MOST_SCOPES = 50_000
_MOST_OPEN = 2_000

Scope = tuple[object, ...]  # the labels of a row; None where a total stands for all


@dataclass(slots=True)
class _Sum:
    """A sum of counts; hidden ones make it a range."""

    low: int = 0
    high: int = 0
    rows: int = 0

    def add(self, count: Count) -> None:
        self.low += count.value if count.value is not None else count.low or 0
        self.high += count.value if count.value is not None else count.high or 0
        self.rows += 1

    def against(self, stated: int) -> int:
        """The sum to show beside the stated total: the stated one itself when hidden counts allow it."""
        return min(max(stated, self.low), self.high)


@dataclass(slots=True)
class _Open:
    """A total that stands above its parts, waiting for them."""

    row: int
    what: str
    stated: dict[int, int]
    scope: Scope | None = None
    sums: dict[int, _Sum] = field(default_factory=dict)


class Sums:
    """Sums per figure column: of all rows, of the rows since the last subtotal, and of the rows that share labels.

    Memory is bounded: past 50,000 distinct sets of labels, totals of such sets are no longer checked (never checked
    wrongly); totals of all rows and of sections always are.
    """

    def __init__(self, columns: list[int], *, optional: Iterable[int] = ()) -> None:
        """``optional``: places of labels that a total may leave blank while its parts fill them (a remark)."""
        self.columns = columns
        self.optional = frozenset(optional)
        self.all = {index: _Sum() for index in columns}
        self.section = {index: _Sum() for index in columns}
        self.scopes: dict[tuple[int, Scope], _Sum] | None = {}
        self.open_part: _Open | None = None
        self.open_all: list[_Open] = []
        self._closed: list[tuple[int, int, str, int, int]] = []

    def add(self, labels: Scope, values: dict[int, Count]) -> None:
        """Take in the counts of one ordinary row."""
        for index, count in values.items():
            self.all[index].add(count)
            self.section[index].add(count)
            if self.open_part is not None:
                self.open_part.sums.setdefault(index, _Sum()).add(count)
            if self.scopes is not None and len(labels) > 1:
                for scope in self._scopes_of(labels):
                    self.scopes.setdefault((index, scope), _Sum()).add(count)
        if self.scopes is not None and len(self.scopes) > _MOST_SCOPES:
            self.scopes = None

    def _scopes_of(self, labels: Scope) -> set[Scope]:
        """The labels of the totals that may hold a row: one label stands for all, optional ones do or do not."""
        found: set[Scope] = set()
        for at in range(len(labels)):
            scope = (*labels[:at], None, *labels[at + 1 :])
            found.add(scope)
            found.add(tuple(None if n in self.optional else label for n, label in enumerate(scope)))
        return {scope for scope in found if any(label is not None for label in scope)}

    def new_section(self) -> None:
        """A section heading has passed: subtotals count from here."""
        self.section = {index: _Sum() for index in self.columns}

    def total(
        self, row: int, scope: Scope, what: str, stated: dict[int, int], *, is_part: bool, trailing: bool
    ) -> Iterator[tuple[int, int, int]]:
        """Check a total row: (column, stated, summed) for each figure, now or, if it stands above its parts, later.

        ``is_part`` marks subtotals; ``trailing`` ones are known to stand below what they add up.
        """
        others = [label for label in scope if label is not None]
        if others:
            yield from self._of_scope(row, scope, what, stated)
        elif is_part:
            yield from self._of_part(row, what, stated, trailing=trailing)
        else:
            self._close_part()
            yield from self._of_all(row, what, stated)

    def closed(self) -> list[tuple[int, int, str, int, int]]:
        """Subtotals above their parts that the last total row brought to an end."""
        done, self._closed = self._closed, []
        return done

    def finish(self) -> list[tuple[int, int, str, int, int]]:
        """The file has ended: every total still waiting is checked."""
        self._close_part()
        done = self.closed()
        for waiting in self.open_all:
            for index, stated in waiting.stated.items():
                parts = (
                    self.all[index]
                    if waiting.scope is None
                    else (self.scopes or {}).get((index, waiting.scope))
                )
                if parts is not None and parts.rows:
                    done.append((waiting.row, index, waiting.what, stated, parts.against(stated)))
        return done

    def _of_scope(
        self, row: int, scope: Scope, what: str, stated: dict[int, int]
    ) -> Iterator[tuple[int, int, int]]:
        if self.scopes is None:
            return
        known = {index: self.scopes.get((index, scope)) for index in stated}
        if not any(known.values()):
            if len(self.open_all) < _MOST_OPEN:
                self.open_all.append(_Open(row, what, stated, scope))
            return
        for index, parts in known.items():
            if parts is not None:
                yield index, stated[index], parts.against(stated[index])

    def _of_part(
        self, row: int, what: str, stated: dict[int, int], *, trailing: bool
    ) -> Iterator[tuple[int, int, int]]:
        seen = any(parts.rows for parts in self.section.values())
        agree = all(self.section[index].against(number) == number for index, number in stated.items())
        if seen and (agree or trailing) and self.open_part is None:
            yield from (
                (index, number, self.section[index].against(number)) for index, number in stated.items()
            )
        else:
            self._close_part()
            self.open_part = _Open(row, what, stated)
        self.new_section()

    def _of_all(self, row: int, what: str, stated: dict[int, int]) -> Iterator[tuple[int, int, int]]:
        if not any(parts.rows for parts in self.all.values()):
            self.open_all.append(_Open(row, what, stated))
            return
        for index, number in stated.items():
            of_all, of_section = self.all[index], self.section[index]
            chosen = (
                of_section
                if 0 < of_section.rows < of_all.rows and of_all.against(number) != number
                else of_all
            )
            yield index, number, chosen.against(number)
        self.new_section()

    def _close_part(self) -> None:
        part, self.open_part = self.open_part, None
        if part is None:
            return
        for index, stated in part.stated.items():
            parts = part.sums.get(index)
            if parts is not None:
                self._closed.append((part.row, index, part.what, stated, parts.against(stated)))
