"""A file as a stream of columnar blocks, whatever its layout: the one shape in which figures are kept.

A tidy file comes in blocks already. What other adapters hand over figure by figure is packed into blocks and put
aside in a temporary folder, so that memory does not grow with the file and no transaction waits for a slow workbook.
"""

from __future__ import annotations

import json
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corredor.areas.flows.adapters.figures import Figure, Item, Place, Refusal, TotalCheck
from corredor.areas.flows.adapters.tidy import (
    NOT_STATED,
    STATUSES,
    Combination,
    TidyBlock,
    Vocabulary,
    dimension_problems,
)
from corredor.areas.flows.adapters.wholes import SUMMED
from corredor.areas.flows.rules.sums import PUBLISHED, Key

EPOCH = date(1970, 1, 1)
ROWS_PER_BLOCK = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some figures of one source. Arrays have one entry a figure; ``key`` points into ``keys``; see TidyBlock."""

    keys: list[Key]
    key: NDArray[np.int32]
    period: NDArray[np.int32]
    value: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    status: NDArray[np.int8]
    row: NDArray[np.int64]
    refusals: list[Refusal] = field(default_factory=list)
    checks: list[TotalCheck] = field(default_factory=list)
    of_other_sources: int = 0

    def __len__(self) -> int:
        return len(self.period)

    def only(self, chosen: NDArray[np.bool_]) -> Block:
        """The same block with the chosen figures only."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in _COLUMNS})


_COLUMNS = ("key", "period", "value", "low", "high", "status", "row")
_TYPES = ("<i4", "<i4", "<i8", "<i8", "<i8", "<i1", "<i8")


def from_tidy(blocks: Iterable[TidyBlock], source: str, *, basis: str = PUBLISHED) -> Iterator[Block]:
    """Tidy blocks as blocks of one source; figures that name another source are counted and left out."""
    for tidy in blocks:
        mine = np.array([c.source in ("", source) for c in tidy.combinations], dtype=bool)
        block = Block(
            [Key(*combination[1:], basis) for combination in tidy.combinations],
            tidy.combination,
            tidy.period,
            tidy.value,
            tidy.low,
            tidy.high,
            tidy.status,
            tidy.row,
            tidy.refusals,
            of_other_sources=0 if mine.all() else int((~mine[tidy.combination]).sum()),
        )
        yield block if not block.of_other_sources else block.only(mine[tidy.combination])


class Spool:
    """Blocks put aside on disk and read back in order. Close it to remove them."""

    def __init__(self, items: Iterable[Item], *, vocabulary: Vocabulary, today: date) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="corredor-import-")
        self._count = 0
        try:
            for block in _packed(items, vocabulary, today):
                self._put(block)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[Block]:
        for number in range(self._count):
            yield self._take(number)

    def close(self) -> None:
        self._folder.cleanup()

    def _put(self, block: Block) -> None:
        stem = Path(self._folder.name, str(self._count))
        np.savez(stem.with_suffix(".npz"), **{name: getattr(block, name) for name in _COLUMNS})
        words = {
            "keys": block.keys,
            "refusals": [
                [*_plain(r.place), r.code, r.reason_en, r.reason_es, r.found] for r in block.refusals
            ],
            "checks": [[*_plain(c.place), c.what, c.stated, c.summed] for c in block.checks],
        }
        stem.with_suffix(".json").write_text(json.dumps(words), encoding="utf-8")
        self._count += 1

    def _take(self, number: int) -> Block:
        stem = Path(self._folder.name, str(number))
        words = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        with np.load(stem.with_suffix(".npz"), allow_pickle=False) as columns:
            return Block(
                keys=[Key(*key) for key in words["keys"]],
                refusals=[Refusal(Place(*r[:3]), *r[3:]) for r in words["refusals"]],
                checks=[TotalCheck(Place(*c[:3]), *c[3:]) for c in words["checks"]],
                **{name: columns[name] for name in _COLUMNS},
            )


def _plain(place: Place) -> list[object]:
    return [place.row, place.column, place.sheet]


def _packed(items: Iterable[Item], vocabulary: Vocabulary, today: date) -> Iterator[Block]:
    packer = _Packer(vocabulary, today)
    try:
        for item in items:
            packer.add(item)
            if packer.is_full:
                yield packer.taken()
        yield packer.taken()
    finally:
        with suppress(AttributeError):
            items.close()  # type: ignore[attr-defined]


class _Packer:
    """Figures gathered into the columns of a block."""

    def __init__(self, vocabulary: Vocabulary, today: date) -> None:
        self.vocabulary, self.today = vocabulary, today
        self._start()

    def _start(self) -> None:
        self.keys: dict[Key, int] = {}
        self.columns = {name: array(kind[1:].replace("i1", "b").replace("i4", "i").replace("i8", "q"))
                        for name, kind in zip(_COLUMNS, _TYPES, strict=True)}  # fmt: skip
        self.refusals: list[Refusal] = []
        self.checks: list[TotalCheck] = []

    @property
    def is_full(self) -> bool:
        return len(self.columns["key"]) + len(self.refusals) + len(self.checks) >= ROWS_PER_BLOCK

    def add(self, item: Item) -> None:
        if isinstance(item, Refusal):
            self.refusals.append(item)
        elif isinstance(item, TotalCheck):
            self.checks.append(item)
        elif refused := self._problem(item):
            self.refusals.append(refused)
        else:
            self._add_figure(item)

    def _problem(self, figure: Figure) -> Refusal | None:
        if figure.period > self.today:
            return Refusal(
                figure.place,
                "in-the-future",
                "The period has not begun yet: nothing can have been counted in it.",
                "El período aún no ha empezado: nada puede haberse contado en él.",
                figure.period.isoformat(),
            )
        key = _key_of(figure)
        if key in self.keys:
            return None
        for problem in dimension_problems(Combination("", *key[:-1]), self.vocabulary):
            return Refusal(figure.place, problem.code, problem.reason_en, problem.reason_es)
        return None

    def _add_figure(self, figure: Figure) -> None:
        columns = self.columns
        columns["key"].append(self.keys.setdefault(_key_of(figure), len(self.keys)))
        columns["period"].append((figure.period - EPOCH).days)
        for name in ("value", "low", "high"):
            stated = getattr(figure, name)
            columns[name].append(NOT_STATED if stated is None else stated)
        columns["status"].append(STATUSES.index(figure.status))
        columns["row"].append(figure.place.row)

    def taken(self) -> Block:
        arrays: dict[str, Any] = {
            name: np.array(self.columns[name], dtype=kind)
            for name, kind in zip(_COLUMNS, _TYPES, strict=True)
        }
        block = Block(list(self.keys), refusals=self.refusals, checks=self.checks, **arrays)
        self._start()
        return block


def _key_of(figure: Figure) -> Key:
    return Key(
        figure.measure,
        figure.gate,
        figure.frequency,
        figure.nationality,
        figure.departure,
        figure.sex,
        figure.age,
        figure.direction,
        figure.detail,
        "sum:file" if figure.place.column == SUMMED else PUBLISHED,
    )
