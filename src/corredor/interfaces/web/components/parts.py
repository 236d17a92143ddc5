"""The parts of a page as plain values: a view fills one in, a template tag of the same name shows it.

    Figure(_("Darién, registered transit"), 73, unit=_("people"), status="provisional", period=…, source=…, as_of=…)

Nothing here knows Django or the database, so that a PDF or a mail can use the same parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from corredor.interfaces.web.components.map import Gate

STATUSES = ("observed", "provisional", "revised", "forecast")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what must walk beside it: its status, period, source and hour; a forecast also its range.

    Refuses a status it does not know, a forecast without a range and a number without a source.
    """

    label: Any
    value: float | None
    source: Any
    as_of: date | datetime
    status: str = "observed"
    unit: Any = ""
    period: Any = ""
    low: float | None = None
    high: float | None = None
    level: int | None = None  # per cent of the range, for forecasts: 80
    change: Any = ""  # one sentence: "less than in March (194)"
    href: str = ""
    decimals: int = 0

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"a figure is one of {', '.join(STATUSES)}")
        if self.status == "forecast" and (self.low is None or self.high is None or self.level is None):
            raise ValueError("a forecast carries its range and the level of that range")
        if not self.source:
            raise ValueError("a figure names its source")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and whether it holds numbers (set to the right, digits aligned)."""

    heading: Any
    is_number: bool = False
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that says more than its value: a link, the status of its number, a small picture (a ``sparkline``)."""

    value: Any
    href: str = ""
    status: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the columns; the first one heads the row."""

    cells: Sequence[Any]
    status: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption, and totals only where adding is allowed (one measure, one source)."""

    caption: Any
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Sequence[Any] = ()
    note: Any = ""
    key: str = ""  # an id on the page, when something links here
    is_caption_hidden: bool = False

    def __post_init__(self) -> None:
        for row in (*(row.cells for row in self.rows), *([self.totals] if self.totals else [])):
            if len(row) != len(self.columns):
                raise ValueError("every row has one cell for each column")


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; ``is_current`` when the reader is already there."""

    label: Any
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, the sentence that says what it shows, and the same numbers as a table.

    ``wide`` and ``narrow`` are the same drawing for a desk and for a phone (``charts`` and ``map`` make both).
    """

    title: Any
    says: Any
    wide: str
    table: Table
    source: Any
    as_of: date | datetime
    narrow: str = ""
    downloads: Sequence[Link] = field(default=())
    key: str = ""
    gates: Sequence[Gate] = field(default=())  # for a map: offers it as a live one where the script was built
