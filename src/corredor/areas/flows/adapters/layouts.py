"""One publisher's set of CSV layouts as an adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corredor.areas.flows.adapters.figures import FileRefused, Item, Place
from corredor.areas.flows.adapters.rows import Cells, Row, csv_start, table_rows


@dataclass(frozen=True, slots=True)
class Layout:
    """A heading line, and what its rows say."""

    columns: tuple[str, ...]
    items: Callable[[Iterator[Row]], Iterator[Item]]


@dataclass(slots=True, eq=False)
class CsvAdapter:
    """Reads every layout of a source; the heading line decides which.

    Several publishers share a heading line ("month,nationality_iso3,count"), so a file is *recognised* only when its
    name holds one of ``name_hints`` as well. A person who names the adapter may use any file name.
    """

    name: str
    source: str
    name_hints: tuple[str, ...]
    layouts: tuple[Layout, ...]

    def recognises(self, path: Path, name: str = "") -> bool:
        """``name`` is the name the file had where it came from, when ``path`` is only where it lies now."""
        named = any(hint in (name or path.name).casefold() for hint in self.name_hints)
        return named and self._layout(csv_start(path, 1)) is not None

    def read(self, path: Path) -> Iterator[Item]:
        layout = self._layout(csv_start(path, 1))
        if layout is None:
            known = " · ".join(",".join(layout.columns) for layout in self.layouts)
            raise FileRefused(
                "wrong-layout",
                f"The first line is none of those this adapter knows: {known}.",
                f"La primera línea no es ninguna de las que este adaptador conoce: {known}.",
                Place(row=1),
            )
        yield from layout.items(table_rows(path, layout.columns))

    def _layout(self, start: list[Cells]) -> Layout | None:
        headings = [heading.strip() for heading in start[0]] if start else []
        return next((layout for layout in self.layouts if sorted(layout.columns) == sorted(headings)), None)
