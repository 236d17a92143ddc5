"""Sums an adapter adds where a publisher states only the parts.

How figures avoid double counting, for every adapter and every reader:

1. A measure is never added to another, nor a gate to the gate that contains it (``parent``), nor a week to its month.
2. ALL in a dimension is the whole; figures with that dimension filled in are its parts. Read the whole, or one set of
   parts, never both. Parts by nationality and parts by sex and age are two sets, each complete in itself.
3. ``detail`` holds further parts of the figure that has the same dimensions and no detail. Details with the same keys
   ("component=…;area=…") make one complete set; details with other keys make another.

So a whole must exist wherever there are parts. Where the publisher prints none, `Wholes` sums the parts, exactly; and
where a part was refused, the sum would be false, so it is withheld and said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter

from corredor.areas.flows.adapters.figures import Figure, Item, Place, Refusal

SUMMED = "sum"  # the column named by a figure that no single cell states

Fold = Callable[[Figure], Figure | None]
_COMBINATION = attrgetter(
    "measure", "gate", "frequency", "nationality", "departure", "sex", "age", "direction", "detail", "status"
)


def with_wholes(items: Iterable[Item], *folds: Fold) -> Iterator[Item]:
    """Hand over ``items``, then the sums of their figures.

    Each fold turns a part into the whole it belongs to (only its dimensions are looked at, never its period, value or
    place), or None when it has no part in that sum. The sums come after the items, fold by fold, in the order in
    which their first part appeared, placed at the last row that is part of them under the column "sum".

    A figure stated a second time is refused, so that no sum holds it twice. When any other row was refused no sums
    are handed over, but one Refusal saying so: a sum without the refused row would be false.
    """
    sums = _Sums(folds)
    refused: Refusal | None = None
    for item in items:
        if isinstance(item, Figure) and not sums.take(item):
            yield _said_twice(item.place)
            continue
        if isinstance(item, Refusal):
            refused = refused or item
        yield item
    if refused is None:
        yield from sums.figures()
    else:
        yield _withheld(refused)


@dataclass(slots=True)
class _Sum:
    value: int = 0
    last_row: int = 0


@dataclass(slots=True)
class _Combination:
    """A distinct set of dimensions: the wholes it belongs to are found once, however many periods it has."""

    wholes: list[dict[date, _Sum]]
    periods: set[date] = field(default_factory=set)


class _Sums:
    def __init__(self, folds: tuple[Fold, ...]) -> None:
        self.folds = folds
        self.combinations: dict[tuple[str, ...], _Combination] = {}
        self.wholes: list[dict[Figure, dict[date, _Sum]]] = [{} for _ in folds]

    def take(self, part: Figure) -> bool:
        """Add a part to its wholes; False, and nothing added, when it was already taken."""
        key = _COMBINATION(part)
        combination = self.combinations.get(key)
        if combination is None:
            combination = self.combinations[key] = _Combination(self._wholes_of(part))
        if part.period in combination.periods:
            return False
        combination.periods.add(part.period)
        if part.value is not None:
            for periods in combination.wholes:
                total = periods.setdefault(part.period, _Sum())
                total.value += part.value
                total.last_row = part.place.row
        return True

    def _wholes_of(self, part: Figure) -> list[dict[date, _Sum]]:
        found = []
        for fold, known in zip(self.folds, self.wholes, strict=True):
            whole = fold(part)
            if whole is not None:
                bare = replace(
                    whole, period=date.min, value=None, low=None, high=None, place=Place(0, SUMMED)
                )
                found.append(known.setdefault(bare, {}))
        return found

    def figures(self) -> Iterator[Figure]:
        for wholes in self.wholes:
            for bare, periods in wholes.items():
                for period, total in periods.items():
                    place = Place(total.last_row, SUMMED)
                    yield replace(bare, period=period, value=total.value, place=place)


def _said_twice(place: Place) -> Refusal:
    return Refusal(
        place,
        "said-twice",
        "An earlier row of the file already states this figure. Keep one of the two.",
        "Una fila anterior del archivo ya da esta cifra. Conserve una de las dos.",
    )


def _withheld(refused: Refusal) -> Refusal:
    row = refused.place.row
    return Refusal(
        Place(row=row, column=SUMMED, sheet=refused.place.sheet),
        "sums-withheld",
        f"Totals are not summed from this file, because row {row} (and perhaps others) was not taken.",
        f"No se suman totales de este archivo, porque la fila {row} (y quizá otras) no se tomó.",
    )
