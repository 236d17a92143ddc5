"""Observations in bulk: written by COPY on PostgreSQL and by executemany on SQLite, looked up in columns.

Columns are numpy arrays; NOTHING (-1) stands for NULL in value, low, high and parts, since counts are never negative.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any, cast

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from corredor.areas.flows.models import Coverage, Observation

NOTHING = -1
EPOCH = date(1970, 1, 1)
_POSTGRES_EPOCH = (date(2000, 1, 1) - EPOCH).days
_COLUMNS = ("series_id", "period", "batch_id", "value", "low", "high", "status", "is_part", "parts")
_TABLE = Observation._meta.db_table
_COVERAGE = Coverage._meta.db_table

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class Columns:
    """Observations side by side: ``period`` in days since 1970-01-01."""

    series: Ints
    period: Ints
    value: Ints
    low: Ints
    high: Ints
    status: Ints
    is_part: Bools
    parts: Ints

    def __len__(self) -> int:
        return len(self.series)

    def at(self, chosen: NDArray[Any]) -> Columns:
        """Those at the given positions, or for which a mask holds."""
        return Columns(*(getattr(self, name)[chosen] for name in Columns.__slots__))

    @property
    def least(self) -> Ints:
        """What each adds to a sum at least: its value, or the lower end of its range."""
        return np.where(self.value != NOTHING, self.value, self.low)

    @property
    def most(self) -> Ints:
        """What each adds to a sum at most."""
        return np.where(self.value != NOTHING, self.value, self.high)


def same(one: Columns, other: Columns) -> Bools:
    """Where two state the same of the same."""
    equal = np.ones(len(one), dtype=bool)
    for name in ("value", "low", "high", "status", "is_part", "parts"):
        equal &= getattr(one, name) == getattr(other, name)
    return equal


# ---------------------------------------------------------------------------------------------------------------------
# Writing


def write(rows: Columns, batch: int) -> None:
    """Add observations of one batch, inside the caller's transaction, in the order of the primary key."""
    if not len(rows):
        return
    rows = rows.at(np.lexsort((rows.period, rows.series)))
    if connection.vendor == "postgresql":
        _copy(rows, batch)
    else:
        _execute_many(rows, batch)


def _execute_many(rows: Columns, batch: int) -> None:
    marks = ", ".join(["%s"] * len(_COLUMNS))
    sql = f'INSERT INTO "{_TABLE}" ({", ".join(_COLUMNS)}) VALUES ({marks})'  # noqa: S608  names are our own
    with connection.cursor() as cursor:
        cursor.executemany(sql, cast(Any, _tuples(rows, batch)))


def _tuples(rows: Columns, batch: int) -> Iterator[tuple[Any, ...]]:
    return zip(
        rows.series.tolist(),
        _written(rows.period),
        [batch] * len(rows),
        _or_none(rows.value),
        _or_none(rows.low),
        _or_none(rows.high),
        rows.status.tolist(),
        rows.is_part.tolist(),
        _or_none(rows.parts),
        strict=True,
    )


def _written(period: Ints) -> list[str]:
    """Days since 1970-01-01 as databases take them; each day is written out once."""
    days, position = np.unique(period, return_inverse=True)
    written = np.array([str(EPOCH + timedelta(days=int(day))) for day in days], dtype=object)
    return written[position].tolist()


def _or_none(numbers: Ints) -> list[int | None]:
    missing = numbers == NOTHING
    if missing.all():
        return [None] * len(numbers)
    if not missing.any():
        return numbers.tolist()
    objects = numbers.astype(object)
    objects[missing] = None
    return objects.tolist()


def _copy(rows: Columns, batch: int) -> None:
    sql = f'COPY "{_TABLE}" ({", ".join(_COLUMNS)}) FROM STDIN (FORMAT BINARY)'
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for records in _binary(rows, batch):
            copy.write(records)
        copy.write(b"\xff\xff")


def _binary(rows: Columns, batch: int) -> Iterator[bytes]:
    """Records of PostgreSQL's binary COPY. Rows with the same fields empty have the same shape, and go together."""
    optional = ("value", "low", "high", "parts")
    stated = [getattr(rows, name) != NOTHING for name in optional]
    for shape in product((True, False), repeat=len(optional)):
        chosen = np.logical_and.reduce([has == wanted for has, wanted in zip(stated, shape, strict=True)])
        if chosen.any():
            yield _records(rows.at(chosen), batch, dict(zip(optional, shape, strict=True)))


def _records(rows: Columns, batch: int, stated: dict[str, bool]) -> bytes:
    fields = {
        "series_id": (">i8", rows.series),
        "period": (">i4", rows.period - _POSTGRES_EPOCH),
        "batch_id": (">i8", batch),
        "value": (">i8", rows.value),
        "low": (">i8", rows.low),
        "high": (">i8", rows.high),
        "status": (">i2", rows.status),
        "is_part": ("u1", rows.is_part),
        "parts": (">i4", rows.parts),
    }
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for name, (kind, _) in fields.items():
        layout.append((f"{name} length", ">i4"))
        if stated.get(name, True):
            layout.append((name, kind))
    records = np.empty(len(rows), dtype=layout)
    records["fields"] = len(fields)
    for name, (kind, numbers) in fields.items():
        is_stated = stated.get(name, True)
        records[f"{name} length"] = np.dtype(kind).itemsize if is_stated else -1
        if is_stated:
            records[name] = numbers
    return records.tobytes()


class Spans:
    """The first and last period written of each series by one batch, gathered write by write."""

    def __init__(self) -> None:
        self._spans: list[tuple[Ints, Ints, Ints]] = []

    def add(self, rows: Columns) -> None:
        """Take in what was written; only its spans are kept."""
        if len(rows):
            self._spans.append(_spans(rows.series, rows.period, rows.period))

    def write(self, batch: int) -> None:
        """Keep what the batch speaks of, inside the caller's transaction."""
        if not self._spans:
            return
        series, first, last = _spans(*(np.concatenate(part) for part in zip(*self._spans, strict=True)))
        rows = zip(series.tolist(), [batch] * len(series), _written(first), _written(last), strict=True)
        sql = f'INSERT INTO "{_COVERAGE}" (series_id, batch_id, first_period, last_period) VALUES (%s, %s, %s, %s)'  # noqa: S608  the name is our own
        with connection.cursor() as cursor:
            cursor.executemany(sql, cast(Any, rows))


def _spans(series: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints, Ints]:
    """Each series once, with the least ``first`` and the greatest ``last`` of it."""
    order = np.argsort(series, kind="stable")
    series = series[order]
    starts = np.flatnonzero(np.append(True, series[1:] != series[:-1]))
    return (
        series[starts],
        np.minimum.reduceat(first[order], starts),
        np.maximum.reduceat(last[order], starts),
    )


# ---------------------------------------------------------------------------------------------------------------------
# Looking up


@dataclass(slots=True, eq=False)
class Found:
    """What was said before of each asked (series, period): ``exists`` says where anything was.

    ``known_day`` is the day on which it became known; ``is_of_this_batch`` where this very batch said it.
    """

    columns: Columns
    exists: Bools
    known_day: Ints
    is_of_this_batch: Bools

    def at(self, chosen: NDArray[Any]) -> Found:
        """Those at the given positions, or for which a mask holds."""
        names = ("exists", "known_day", "is_of_this_batch")
        return Found(self.columns.at(chosen), *(getattr(self, name)[chosen] for name in names))


def current(series: Ints, period: Ints, *, batch: int, new: Collection[int] = ()) -> Found:
    """The latest kept statement about each (series, period), this batch's own included.

    Of series known to be ``new`` nothing is asked.
    """
    asked_series = np.array([n for n in np.unique(series).tolist() if n not in new], dtype=np.int64)
    if not len(asked_series):
        return _nothing_before(series, period)
    before = _statements(asked_series, int(period.min()), int(period.max()), batch)
    if not len(before):
        return _nothing_before(series, period)
    known = joined(before[:, 0], before[:, 1])
    order = np.lexsort((before[:, 2], known))  # by series and period, the latest batch last
    known, before = known[order], before[order]
    asked = joined(series, period)
    position = np.searchsorted(known, asked, side="right") - 1
    exists = (position >= 0) & (known[np.maximum(position, 0)] == asked)
    found = before[np.maximum(position, 0)]
    columns = Columns(
        series, period, found[:, 3], found[:, 4], found[:, 5], found[:, 6], found[:, 7] == 1, found[:, 8]
    )
    return Found(columns, exists, found[:, 9], exists & (found[:, 2] == batch))


def _nothing_before(series: Ints, period: Ints) -> Found:
    none = np.full(len(series), NOTHING, dtype=np.int64)
    never = np.zeros(len(series), dtype=bool)
    return Found(Columns(series, period, none, none, none, none, never, none), never, none, never)


def joined(series: Ints, period: Ints) -> Ints:
    """Series and period as one number; periods lie between 1900 and 9999, 22 bits with their sign."""
    return (series.astype(np.int64) << 23) + (period.astype(np.int64) + (1 << 22))


def _statements(series: Ints, first: int, last: int, batch: int) -> Ints:
    """Rows of ten numbers: series, period, batch, value, low, high, status, is_part, parts, day known."""
    number = {
        "postgresql": "(o.period - DATE '1970-01-01')",
        "sqlite": "CAST(julianday(o.period) - 2440587.5 AS INTEGER)",
    }
    known = {
        "postgresql": "((b.known_at AT TIME ZONE 'UTC')::date - DATE '1970-01-01')",
        "sqlite": "CAST(julianday(date(b.known_at)) - 2440587.5 AS INTEGER)",
    }
    part = {"postgresql": "o.is_part::int", "sqlite": "o.is_part"}
    vendor = connection.vendor
    sql = f"""
        SELECT o.series_id, {number[vendor]}, o.batch_id, coalesce(o.value, -1), coalesce(o.low, -1),
               coalesce(o.high, -1), o.status, {part[vendor]}, coalesce(o.parts, -1), {known[vendor]}
        FROM flows_observation o JOIN flows_batch b ON b.id = o.batch_id
        WHERE o.series_id IN ({{ids}}) AND o.period BETWEEN %s AND %s AND (b.status = 'kept' OR b.id = %s)
    """  # noqa: S608  expressions are our own, ids are integers
    found: list[Ints] = []
    span = [EPOCH + timedelta(days=first), EPOCH + timedelta(days=last)]
    with connection.cursor() as cursor:
        for ids in _chunks(series.tolist(), 2_000):
            cursor.execute(sql.format(ids=",".join(map(str, ids))), [*span, batch])
            while rows := cursor.fetchmany(50_000):
                found.append(np.array(rows, dtype=np.int64))
    return np.concatenate(found) if found else np.empty((0, 10), dtype=np.int64)


def _chunks(ids: list[int], size: int) -> Iterable[list[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
