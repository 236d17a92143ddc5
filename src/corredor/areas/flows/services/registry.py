"""The series of one source, found or made by what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from corredor.areas.flows.models import Series, Source
from corredor.areas.flows.rules.sums import Key, broken_down_by
from corredor.areas.flows.services.store import EPOCH, Columns

_FIELDS = ("nationality", "departure", "sex", "age", "direction", "detail", "basis")


class Registry:
    """Every series of a source by key, with the periods it spans; new ones are made in the caller's transaction."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.key_of: dict[int, Key] = {}
        self.id_of: dict[Key, int] = {}
        self.made: set[int] = set()
        self._span: dict[int, tuple[date | None, date | None]] = {}
        self._seen: dict[int, tuple[int, int]] = {}
        rows = Series.objects.filter(source=source).values_list(
            "id", "measure_id", "gate_id", "frequency", *_FIELDS, "first_period", "last_period"
        )
        for number, *words, first, last in rows.iterator(chunk_size=5_000):
            self._keep(number, Key(*words))
            self._span[number] = (first, last)

    def _keep(self, number: int, key: Key) -> None:
        self.key_of[number] = key
        self.id_of[key] = number

    def ids(self, keys: Iterable[Key]) -> NDArray[np.int64]:
        """The series of each key, in order; those that do not exist yet are made."""
        keys = list(keys)
        missing = list(dict.fromkeys(key for key in keys if key not in self.id_of))
        if missing:
            Series.objects.bulk_create((self._new(key) for key in missing), batch_size=1_000)
            self._find_made(missing)
        return np.array([self.id_of[key] for key in keys], dtype=np.int64)

    def _new(self, key: Key) -> Series:
        words = dict(zip(_FIELDS, key[3:], strict=True))
        return Series(
            source=self.source,
            measure_id=key.measure,
            gate_id=key.gate,
            frequency=key.frequency,
            is_whole=not broken_down_by(key),
            level=self.source.default_level,
            **words,
        )

    def _find_made(self, missing: list[Key]) -> None:
        """Bulk creation returns no numbers on every database: what is newer than all we knew is ours."""
        newest = max(self.key_of, default=0)
        rows = Series.objects.filter(source=self.source, pk__gt=newest).values_list(
            "id", "measure_id", "gate_id", "frequency", *_FIELDS
        )
        for number, *words in rows.iterator(chunk_size=5_000):
            self._keep(number, Key(*words))
            self.made.add(number)

    def note_periods(self, rows: Columns) -> None:
        """Remember which periods were written, for `save_periods`."""
        if not len(rows):
            return
        order = np.lexsort((rows.period, rows.series))
        series, period = rows.series[order], rows.period[order]
        ends = np.flatnonzero(np.append(series[1:] != series[:-1], True))
        starts = np.append(0, ends[:-1] + 1)
        for number, first, last in zip(
            series[ends].tolist(), period[starts].tolist(), period[ends].tolist(), strict=True
        ):
            earlier = self._seen.get(number, (first, last))
            self._seen[number] = (min(earlier[0], first), max(earlier[1], last))

    def save_periods(self) -> None:
        """Widen the first and last period of the series written to."""
        wider = []
        for number, (first, last) in self._seen.items():
            had_first, had_last = self._span.get(number, (None, None))
            begins, ends = EPOCH + timedelta(days=first), EPOCH + timedelta(days=last)
            begins, ends = min(begins, had_first or begins), max(ends, had_last or ends)
            if (begins, ends) != (had_first, had_last):
                wider.append((str(begins), str(ends), number))
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE flows_series SET first_period = %s, last_period = %s WHERE id = %s", wider
            )
