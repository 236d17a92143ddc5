"""Sums kept beside the figures they come from, in the same transaction.

A sum is not computed anew: what a batch changes in a part, it changes in the whole. For a whole W of parts p,
W(new) = W(old) + Σ (p(new) - p(old)), with the range of a hidden part where its value is hidden; all in integers, so
the result is exactly the sum of the current parts (proven by a property test against summing anew).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corredor.areas.flows.rules import sums
from corredor.areas.flows.services import calendar
from corredor.areas.flows.services.registry import Registry
from corredor.areas.flows.services.store import NOTHING, Bools, Columns, Found, Ints, current, same

PROVISIONAL, VALIDATED = 0, 1


@dataclass(slots=True, eq=False)
class Touched:
    """What a batch does to wholes: one entry a (series, period), the series being the whole's."""

    series: Ints
    period: Ints
    least: Ints  # added to the lower end
    most: Ints
    new_parts: Ints
    seen_parts: Ints  # parts this batch spoke of, changed or not
    provisional: Ints  # of those, how many are provisional or unfinished

    _summed = ("least", "most", "new_parts", "seen_parts", "provisional")

    def gathered(self) -> Touched:
        """One entry for each (series, period)."""
        order = np.lexsort((self.period, self.series))
        series, period = self.series[order], self.period[order]
        is_first = np.append(True, (series[1:] != series[:-1]) | (period[1:] != period[:-1]))
        starts = np.flatnonzero(is_first[: len(series)])
        if not len(starts):
            return self
        added = [np.add.reduceat(getattr(self, name)[order], starts) for name in self._summed]
        return Touched(series[starts], period[starts], *added)


def _together(pieces: list[Touched]) -> Touched:
    names = ("series", "period", *Touched._summed)
    if not pieces:
        return Touched(*(np.empty(0, dtype=np.int64) for _ in names))
    return Touched(*(np.concatenate([getattr(piece, name) for piece in pieces]) for name in names)).gathered()


class Sums:
    """Gathers what the figures of a batch do to their wholes; `rows` then says what to write."""

    def __init__(self, registry: Registry, *, batch: int, known_day: int) -> None:
        self.registry, self.batch, self.known_day = registry, batch, known_day
        self._own: list[Touched] = []
        self._months: list[Touched] = []
        self._targets: dict[tuple[str, int], list[int]] = {}

    def add(self, rows: Columns, found: Found, changed: Bools) -> None:
        """Count in figures as this batch states them, with what was said before of each."""
        if not len(rows):
            return
        effect = _effect(rows, found, changed)
        series, position = np.unique(rows.series, return_inverse=True)
        self._send(effect, self._wholes_of(series), position, self._own)
        self._send(effect, self._months_of(series), position, self._months)

    def _send(
        self, effect: Touched, targets: list[list[int]], position: NDArray[np.int64], pile: list[Touched]
    ) -> None:
        """Put on a pile what each row does to its targets; ``targets`` are by distinct series."""
        for turn in range(max(map(len, targets), default=0)):
            target = np.array([t[turn] if turn < len(t) else NOTHING for t in targets], dtype=np.int64)[
                position
            ]
            has = target != NOTHING
            if has.any():
                period, *rest = (getattr(effect, name)[has] for name in ("period", *Touched._summed))
                if pile is self._months:
                    period = calendar.month_starts(period)
                pile.append(Touched(target[has], period, *rest).gathered())

    def _wholes_of(self, series: Ints) -> list[list[int]]:
        return self._targets_of("wholes", series, sums.wholes_of)

    def _months_of(self, series: Ints) -> list[list[int]]:
        return self._targets_of("month", series, lambda key: [m for m in [sums.month_of(key)] if m])

    def _targets_of(
        self, kind: str, series: Ints, keys_of: Callable[[sums.Key], list[sums.Key]]
    ) -> list[list[int]]:
        """The series of the wholes of each series; those that are missing are made together."""
        numbers = series.tolist()
        keys = {
            number: keys_of(self.registry.key_of[number])
            for number in numbers
            if (kind, number) not in self._targets
        }
        self.registry.ids(key for several in keys.values() for key in several)
        for number, several in keys.items():
            self._targets[kind, number] = [self.registry.id_of[key] for key in several]
        return [self._targets[kind, number] for number in numbers]

    def rows(self, *, is_incomplete: bool) -> list[Columns]:
        """The sums to write. ``is_incomplete``: some row of the file was refused, so the sums lack a part."""
        own, found, changed = self._settled(_together(self._own), is_incomplete)
        countable = self._without_overlap(own)
        own, found, changed = own.at(countable), found.at(countable), changed[countable]
        series, position = np.unique(own.series, return_inverse=True)
        if len(own):
            self._send(_effect(own, found, changed), self._months_of(series), position, self._months)
        months, _, months_changed = self._settled(_together(self._months), is_incomplete)
        return [own.at(changed), months.at(months_changed)]

    def _without_overlap(self, own: Columns) -> Bools:
        """Ages that contain each other are not summed."""
        ages: dict[sums.Key, set[str]] = {}
        for key in self.registry.id_of:
            if key.age != sums.ALL:
                for whole in sums.wholes_of(key):
                    ages.setdefault(whole, set()).add(key.age)
        wrong = [self.registry.id_of[whole] for whole in ages if sums.overlap(ages[whole])]
        return ~np.isin(own.series, np.array(wrong, dtype=np.int64))

    def _settled(self, touched: Touched, is_incomplete: bool) -> tuple[Columns, Found, Bools]:
        found = current(touched.series, touched.period, batch=self.batch)
        before = found.columns
        least = np.where(found.exists, before.least, 0) + touched.least
        most = np.where(found.exists, before.most, 0) + touched.most
        parts = np.where(found.exists, before.parts, 0) + touched.new_parts
        is_part = self._is_part(touched, found, parts, is_incomplete)
        # A part not spoken of by this batch keeps the doubt it had.
        doubt = found.exists & (before.status == PROVISIONAL) & (touched.seen_parts < parts)
        provisional = is_part | (touched.provisional > 0) | doubt
        exact = least == most
        rows = Columns(
            touched.series,
            touched.period,
            np.where(exact, least, NOTHING),
            np.where(exact, NOTHING, least),
            np.where(exact, NOTHING, most),
            np.where(provisional, PROVISIONAL, VALIDATED),
            is_part,
            parts,
        )
        return rows, found, ~found.exists | ~same(rows, before)

    def _is_part(self, touched: Touched, found: Found, parts: Ints, is_incomplete: bool) -> Bools:
        series, position = np.unique(touched.series, return_inverse=True)
        keys = [self.registry.key_of[number] for number in series.tolist()]
        frequency = np.array([key.frequency for key in keys])[position] if keys else np.empty(0, dtype="<U1")
        last = calendar.last_days(touched.period, frequency)
        unfinished = last >= self.known_day
        was_unfinished = last >= found.known_day
        lacked = found.exists & found.columns.is_part & ~was_unfinished & (touched.new_parts == 0)
        adds_days = np.array([sums.sums_days(key.basis) for key in keys], dtype=bool)
        few_days = np.zeros(len(parts), dtype=bool)
        if len(parts):
            days = last - touched.period + 1
            few_days = adds_days[position] & (parts < days)
            lacked &= ~adds_days[position]
        return unfinished | few_days | lacked | is_incomplete


def _effect(rows: Columns, found: Found, changed: Bools) -> Touched:
    """What each row adds to the wholes it belongs to."""
    none = np.zeros(len(rows), dtype=np.int64)
    return Touched(
        rows.series,
        rows.period,
        np.where(changed, rows.least - np.where(found.exists, found.columns.least, none), 0),
        np.where(changed, rows.most - np.where(found.exists, found.columns.most, none), 0),
        (changed & ~found.exists).astype(np.int64),
        np.ones(len(rows), dtype=np.int64),
        ((rows.status == PROVISIONAL) | rows.is_part).astype(np.int64),
    )
