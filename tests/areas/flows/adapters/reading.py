"""Read a file with an adapter and lay its items out for comparison."""

import csv
import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corredor.areas.flows.adapters.figures import Adapter, Figure, Item, Refusal, TotalCheck
from corredor.areas.flows.adapters.wholes import SUMMED

DIMENSIONS = (
    "measure",
    "gate",
    "frequency",
    "period",
    "nationality",
    "departure",
    "sex",
    "age",
    "direction",
    "detail",
)


class Reading:
    """What an adapter made of a file."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = list(items)
        self.figures = [item for item in self.items if isinstance(item, Figure)]
        self.refusals = [item for item in self.items if isinstance(item, Refusal)]
        self.checks = [item for item in self.items if isinstance(item, TotalCheck)]
        self.stated = [figure for figure in self.figures if figure.place.column != SUMMED]

    @classmethod
    def of(cls, adapter: Adapter, path: Path) -> "Reading":
        return cls(adapter.read(path))

    def values(self, *dimensions: str, **fixed: Any) -> dict[tuple[Any, ...], int | None]:
        """Value by the named dimensions, over every figure with the fixed ones; no two figures may share a key."""
        found: dict[tuple[Any, ...], int | None] = {}
        for figure in self.figures:
            if all(getattr(figure, name) == value for name, value in fixed.items()):
                key = tuple(getattr(figure, name) for name in dimensions)
                assert key not in found, f"{key} is stated twice"
                found[key] = figure.value
        return found

    def assert_no_figure_twice(self) -> None:
        assert len(self.values(*DIMENSIONS)) == len(self.figures)


def tidy_rows(path: Path) -> Iterator[dict[str, str]]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
