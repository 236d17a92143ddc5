"""Earlier forecasts as faded fans behind what was counted: how wide they were, and where the truth went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corredor.interfaces.web.components import formats, palette
from corredor.interfaces.web.components.charts import Band, Point
from corredor.interfaces.web.components.drawing import Picture
from corredor.interfaces.web.components.sheet import (
    Layer,
    Name,
    Sheet,
    gridlines,
    layer,
    month_words,
    months_between,
    names_beside,
    sheet,
)

WORDS = {"en": ("Observed", "Earlier", "forecasts"), "es": ("Observado", "Pronósticos", "anteriores")}


@dataclass(frozen=True, slots=True)
class Fan:
    """A forecast as issued: the last month it knew, that month's count, and its ranges."""

    origin: date
    start: float
    bands: Sequence[Band]


def draw(
    observed: Sequence[Point],
    fans: Sequence[Fan],
    *,
    title: str,
    says: str,
    language: str,
    size: str = "wide",
    key: str = "past",
) -> Picture:
    """The counts as a line, and behind it the 80 and 50 per cent ranges and the middle of each earlier forecast."""
    known = [point for point in observed if point.value is not None]
    last = max(known[-1].month, *(fan.bands[-1].month for fan in fans))
    months = months_between(min(observed[0].month, *(fan.origin for fan in fans)), last)
    reach = [band.eighty[1] for fan in fans for band in fan.bands]
    largest = max([point.value or 0 for point in known] + reach)
    beside = 92 if size == "narrow" else 112
    on = sheet(size, beside=beside, months=months, largest=largest, language=language)
    layers = [
        *gridlines(on),
        *month_words(on, lambda i: on.width * i / max(len(on.months) - 1, 1)),
        *(part for fan in fans for part in _fan(on, fan)),
        _line(on, [(p.month, p.value or 0) for p in known], palette.OBSERVED, 2.6),
        *names_beside(_names(on, known, fans, language), on),
    ]
    return on.picture(layers, title=title, says=says, key=f"{key}-{size}")


def _fan(on: Sheet, fan: Fan) -> list[Layer]:
    start = (fan.origin, fan.start, fan.start)
    areas = [
        _area(on, [start, *((b.month, *getattr(b, reach)) for b in fan.bands)], colour)
        for reach, colour in (("eighty", palette.FAN_95), ("fifty", palette.FAN_80))
    ]
    middle = [(fan.origin, fan.start), *((band.month, band.mid) for band in fan.bands)]
    return [*areas, _line(on, middle, palette.FORECAST, 1.3, [4, 3])]


def _area(on: Sheet, rows: Sequence[tuple[date, float, float]], colour: str) -> Layer:
    at = {month: i for i, month in enumerate(on.months)}
    values = [
        {"x": at[month], "low": round(max(0, low), 1), "high": round(min(on.top, high), 1)}
        for month, low, high in rows
    ]
    look = {"type": "area", "color": colour, "opacity": 0.75}
    return layer(look, values, x=on.channel_x(), y=on.channel_y("low"), y2={"field": "high"})


def _line(
    on: Sheet, spots: Sequence[tuple[date, float]], colour: str, width: float, dash: list[int] | None = None
) -> Layer:
    at = {month: i for i, month in enumerate(on.months)}
    rows = [{"x": at[month], "y": round(value, 1)} for month, value in spots]
    look = {"type": "line", "color": colour, "strokeWidth": width, "strokeJoin": "round"}
    return layer({**look, "strokeDash": dash} if dash else look, rows, x=on.channel_x(), y=on.channel_y())


def _names(on: Sheet, known: Sequence[Point], fans: Sequence[Fan], language: str) -> list[Name]:
    seen, *earlier = WORDS[language[:2]]
    number = formats.number(known[-1].value, language)
    top = max(fan.bands[-1].mid for fan in fans)
    return [
        Name((seen, number), on.y(known[-1].value or 0), palette.OBSERVED),
        Name(tuple(earlier), on.y(top), palette.FORECAST),
    ]
