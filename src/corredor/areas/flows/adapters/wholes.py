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

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from corredor.areas.flows.adapters.figures import Figure, Item, Place, Refusal

SUMMED = "sum"  # the column named by a figure that no single cell states


def with_wholes(
    items: Iterable[Item],
    *fold: Callable[[Figure], Figure | None],
) -> Iterator[Item]:
    """Hand over ``items``, then the sums of their figures.

    Each ``fold`` turns a part into the whole it belongs to (its value is not looked at), or None when it has no part
    in that sum. The sums come after the items, in the order in which their first part appeared, placed at the last row
    that is part of them under the column "sum". When any row was refused no sums are handed over, but one Refusal
    saying so: a sum without the refused row would be false. Memory grows with the number of sums, not with the file.
    """
    sums: list[dict[Figure, int]] = [defaultdict(int) for _ in fold]
    last_row: dict[Figure, int] = {}
    refused: Refusal | None = None
    for item in items:
        yield item
        if isinstance(item, Refusal):
            refused = refused or item
        elif isinstance(item, Figure) and item.value is not None:
            for make, wholes in zip(fold, sums, strict=True):
                whole = make(item)
                if whole is not None:
                    bare = replace(whole, value=None, low=None, high=None, place=Place(row=0, column=SUMMED))
                    wholes[bare] += item.value
                    last_row[bare] = item.place.row
    if refused is not None:
        yield _withheld(refused)
        return
    for wholes in sums:
        for bare, total in wholes.items():
            yield replace(bare, value=total, place=Place(row=last_row[bare], column=SUMMED))


def _withheld(refused: Refusal) -> Refusal:
    row = refused.place.row
    return Refusal(
        Place(row=row, column=SUMMED, sheet=refused.place.sheet),
        "sums-withheld",
        f"Totals are not summed from this file, because row {row} (and perhaps others) was not taken.",
        f"No se suman totales de este archivo, porque la fila {row} (y quizá otras) no se tomó.",
    )
