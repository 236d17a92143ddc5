"""The sheet charts are drawn on: an area with its two scales, room for words around it, and the marks laid on it.

Words stand in places computed here, in the reader's language, rather than where a library would put them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from corredor.interfaces.web.components import formats, palette
from corredor.interfaces.web.components.drawing import Picture, draw

Layer = dict[str, Any]

SIZES = {"full": (1120, 350), "wide": (720, 320), "narrow": (360, 290)}
LETTER_WIDTH = 0.56  # of the type size, on average


def type_size(size: str) -> float:
    """The size of letters: a phone shows a narrow drawing at its own width, a desk a wide one somewhat smaller."""
    return 12.0 if size == "narrow" else 13.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The drawing's area and its two scales: months run from 0, numbers from 0 to ``top`` in steps of ``step``.

    The area stands within ``gutter`` on the left (for numbers) and ``beside`` on the right (for names).
    """

    width: float
    height: float
    gutter: float
    beside: float
    months: tuple[date, ...]
    top: float
    step: float
    language: str
    letters: float

    @property
    def small(self) -> float:
        return self.letters - 1

    def y(self, value: float) -> float:
        return self.height * (1 - min(value, self.top) / self.top)

    def x(self, month: date) -> float:
        """Where a month stands on a line; the first at the left edge, the last at the right one."""
        return self.width * self.months.index(month) / max(len(self.months) - 1, 1)

    def channel_x(self) -> dict[str, Any]:
        last = max(len(self.months) - 1, 1)
        return {
            "field": "x",
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, last], "nice": False},
        }

    def channel_y(self, field: str = "y") -> dict[str, Any]:
        scale = {"domain": [0, self.top], "nice": False}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    def picture(self, layers: list[Layer], *, title: str, says: str, key: str) -> Picture:
        """The layers on this sheet, with room for words around the area."""
        around = {"left": self.gutter, "right": self.beside, "top": 14, "bottom": 38}
        return picture(self.width, self.height, layers, around=around, title=title, says=says, key=key)


def sheet(size: str, *, beside: float, months: tuple[date, ...], largest: float, language: str) -> Sheet:
    """A sheet of a known size whose scale holds ``largest``."""
    width, height = SIZES[size]
    letters = type_size(size)
    top, step = nice_top(largest)
    gutter = 12 + len(formats.number(top, language)) * (letters - 1) * LETTER_WIDTH
    return Sheet(width - gutter - beside, height - 52, gutter, beside, months, top, step, language, letters)


def picture(
    width: float,
    height: float,
    layers: list[Layer],
    *,
    title: str,
    says: str,
    key: str,
    around: dict[str, float] | None = None,
) -> Picture:
    """A drawing of exactly this size, so that letters are equally large in all of them."""
    frame = {
        "width": width,
        "height": height,
        "padding": around or 0,
        "autosize": {"type": "none"},
        "description": says,
        "layer": layers,
    }
    return draw(frame, title=title, says=says, key=key)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """Every first of a month from ``first`` to ``last``, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    return tuple(date((start + i) // 12, (start + i) % 12 + 1, 1) for i in range(count))


def nice_top(largest: float) -> tuple[float, float]:
    """A round number at or above the largest, and the step between its gridlines (three to five of them)."""
    if largest <= 0:
        return 1.0, 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    size = next(step * power for step in (0.2, 0.25, 0.5, 1.0, 2.0, 2.5) if step * power * 5 >= largest)
    size = max(1.0, size) if largest > 1 else size
    return size * math.ceil(largest / size), size


# Marks -------------------------------------------------------------------------------------------------------


def layer(mark: dict[str, Any], values: list[dict[str, Any]], **encoding: Any) -> Layer:
    return {"mark": mark, "data": {"values": values}, "encoding": encoding}


def text(words: str, x: float, y: float, colour: str = palette.INK, **mark: Any) -> Layer:
    """Words at a place of the drawing, in its own units."""
    look = {"type": "text", "align": "left", "baseline": "middle", "color": colour, **mark}
    return layer(look, [{}], x={"value": x}, y={"value": y}, text={"value": words})


def haloed(words: str, x: float, y: float, colour: str = palette.INK, **mark: Any) -> list[Layer]:
    """Words that stay readable over lines: first thick in the ground's colour, then as they are."""
    ground = {"stroke": palette.SHEET, "strokeWidth": 4, "strokeJoin": "round"}
    return [text(words, x, y, palette.SHEET, **ground, **mark), text(words, x, y, colour, **mark)]


def rule(x: float, y: float, x2: float, y2: float, colour: str = palette.LINE) -> Layer:
    ends = {"x": {"value": x}, "x2": {"value": x2}, "y": {"value": y}, "y2": {"value": y2}}
    return layer({"type": "rule", "color": colour, "strokeWidth": 1}, [{}], **ends)


def box(x: float, y: float, x2: float, y2: float, colour: str) -> Layer:
    ends = {"x": {"value": x}, "x2": {"value": x2}, "y": {"value": y}, "y2": {"value": y2}}
    return layer({"type": "rect", "color": colour}, [{}], **ends)


def boxes(rows: list[dict[str, Any]], look: dict[str, Any]) -> Layer:
    """Many boxes of one look, placed in the drawing's own units by x, x2, y, y2."""

    def plain(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": None, "axis": None}

    return layer(
        {"type": "rect", **look}, rows, x=plain("x"), x2={"field": "x2"}, y=plain("y"), y2={"field": "y2"}
    )


# Words around the area ---------------------------------------------------------------------------------------


def gridlines(on: Sheet) -> list[Layer]:
    """Horizontal lines with their numbers at the left."""
    layers = []
    for i in range(round(on.top / on.step) + 1):
        y = on.y(i * on.step)
        words = formats.number(i * on.step, on.language, 0 if on.step >= 1 else 2)
        layers.append(rule(0, y, on.width, y, palette.LINE if i else palette.RULE))
        layers.append(text(words, -7, y, palette.SOFT, align="right", fontSize=on.small))
    return layers


def month_words(on: Sheet, place: Callable[[int], float]) -> list[Layer]:
    """Months under the chart, as many as fit, and the year under each January (and under the first month)."""
    room = on.width / max(len(on.months), 1)
    every = next((n for n in (1, 2, 3, 6, 12) if room * n >= on.letters * 2.7), 12)
    shown = [i for i, month in enumerate(on.months) if (month.month - 1) % every == 0] or [0]
    layers = []
    for i in shown:
        words = formats.month_letters(on.months[i], on.language)
        layers.append(text(words, place(i), on.height + 13, palette.SOFT, align="center", fontSize=on.small))
        layers.append(rule(place(i), on.height, place(i), on.height + 4, palette.RULE))
    years = [i for i in shown if on.months[i].month == 1]
    if not years or place(years[0]) - place(shown[0]) > on.letters * 3.5:
        years.insert(0, shown[0])
    if len(years) > 1 and place(years[1]) - place(years[0]) < on.letters * 3:
        years = years[::2]
    bold: dict[str, Any] = {"align": "center", "fontWeight": "bold", "fontSize": on.small}
    return layers + [text(str(on.months[i].year), place(i), on.height + 29, **bold) for i in years]


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a series in one or more lines, wished at a height beside the end of its line."""

    words: tuple[str, ...]
    y: float
    colour: str


def names_beside(names: Sequence[Name], on: Sheet) -> list[Layer]:
    """Names at the right, in the order of their lines, moved apart until none covers another."""
    line = on.letters * 1.2
    ordered = sorted(names, key=lambda name: name.y)
    heights = [len(name.words) * line + 4 for name in ordered]
    tops = [name.y - height / 2 for name, height in zip(ordered, heights, strict=True)]
    for i in range(1, len(tops)):
        tops[i] = max(tops[i], tops[i - 1] + heights[i - 1])
    floor = on.height + line * 0.4
    for i in reversed(range(len(tops))):
        tops[i] = min(tops[i], floor - heights[i])
        floor = tops[i]
    return [
        text(
            words,
            on.width + 9,
            top + line * (row + 0.5),
            name.colour,
            fontWeight="bold" if row == 0 else "normal",
            fontSize=on.letters,
        )
        for name, top in zip(ordered, tops, strict=True)
        for row, words in enumerate(name.words)
    ]
