"""The charts of Corredor: plain numbers in, one accessible SVG out, the same in page, report and print.

Vega-Lite draws them (``drawing``), on sheets whose words are placed by us (``sheet``). Every series carries its name
beside it: there is no legend to look up. Provisional points are hollow, revised ones violet, forecasts orange, dashed
and with their fan.

    charts.trend(observed, forecast=fan, last_year=previous, title="…", says="…", language="es", size="narrow").svg
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from corredor.interfaces.web.components import formats, palette
from corredor.interfaces.web.components.drawing import Picture, to_png
from corredor.interfaces.web.components.sheet import (
    LETTER_WIDTH,
    SIZES,
    Layer,
    Name,
    Sheet,
    box,
    boxes,
    gridlines,
    haloed,
    layer,
    month_words,
    months_between,
    names_beside,
    picture,
    rule,
    sheet,
    text,
    type_size,
)

__all__ = [
    "Band",
    "Group",
    "Part",
    "Picture",
    "Point",
    "bars",
    "composition",
    "over_time",
    "small_multiples",
    "sparkline",
    "to_png",
    "trend",
]

WORDS = {
    "en": {
        "observed": "Observed",
        "forecast": "Forecast",
        "chance": "{share} chance",
        "before": "Year before",
        "simple": "Simple rule",
        "other": "Other",
    },
    "es": {
        "observed": "Observado",
        "forecast": "Pronóstico",
        "chance": "prob. {share}",
        "before": "Año anterior",
        "simple": "Regla simple",
        "other": "Otras",
    },
}
GROUP_COLOURS = ("#0e3946", "#0b6478", "#5f9fae", "#a8cbd3", "#c98a4b", "#ecc9a0", "#b9bfbd")


@dataclass(frozen=True, slots=True)
class Point:
    """A month's number and its status; ``None`` leaves a gap."""

    month: date
    value: float | None
    status: str = "observed"


@dataclass(frozen=True, slots=True)
class Band:
    """A forecast month: its middle and the ranges of 50, 80 and 95 per cent."""

    month: date
    mid: float
    fifty: tuple[float, float]
    eighty: tuple[float, float]
    ninety_five: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole, such as a nationality."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Group:
    """A named series."""

    label: str
    points: Sequence[Point]
    note: str = ""  # what is counted, in small letters under the name (small multiples only)


def _known(points: Sequence[Point]) -> list[Point]:
    known = [point for point in points if point.value is not None]
    if not known:
        raise ValueError("a chart needs at least one number")
    return known


# Trend -------------------------------------------------------------------------------------------------------


def trend(
    observed: Sequence[Point],
    *,
    title: str,
    says: str,
    language: str,
    forecast: Sequence[Band] = (),
    last_year: Sequence[Point] = (),
    baseline: Sequence[Point] = (),
    size: str = "wide",
    key: str = "trend",
) -> Picture:
    """A series over its months, with its forecast's fan, the year before and the simple rule the forecast must beat.

    ``last_year`` carries the months as they were (April 2024); they are drawn at the months a year later.
    Refuses a series without a number.
    """
    last = _known(observed)[-1]
    before = [Point(point.month.replace(year=point.month.year + 1), point.value) for point in last_year]
    on = _trend_sheet(observed, forecast, before, baseline, language, size)
    middle = [last, *(Point(band.month, band.mid) for band in forecast)]
    layers = [
        *gridlines(on),
        *month_words(on, lambda i: on.width * i / max(len(on.months) - 1, 1)),
        *_fan(on, last, forecast),
        *_line(on, before, palette.RULE, strokeWidth=1.6),
        *_line(
            on, [last, *baseline][bool(not baseline) :], palette.SOFT, strokeWidth=1.5, strokeDash=[1.5, 3.5]
        ),
        *_line(on, observed, palette.OBSERVED, strokeWidth=2.6),
        *_line(on, middle[bool(not forecast) :], palette.FORECAST, strokeWidth=2.4, strokeDash=[6, 4]),
        *_marked_points(on, observed),
        *_trend_names(on, observed, forecast, before, baseline),
    ]
    return on.picture(layers, title=title, says=says, key=f"{key}-{size}")


def _trend_sheet(
    observed: Sequence[Point],
    forecast: Sequence[Band],
    before: Sequence[Point],
    baseline: Sequence[Point],
    language: str,
    size: str,
) -> Sheet:
    """High enough for every line and for the 80 per cent range; the outermost one may be cut."""
    own = [point.month for point in observed] + [band.month for band in forecast]
    months = months_between(min(own), max(own))
    lines = [p.value or 0 for p in (*observed, *baseline, *(p for p in before if p.month in months))]
    largest = max(lines + [band.eighty[1] for band in forecast])
    return sheet(
        size, beside=92 if size == "narrow" else 112, months=months, largest=largest, language=language
    )


def _placed(on: Sheet, points: Sequence[Point]) -> list[dict[str, Any]]:
    """Points within the sheet's months as rows; a gap in months or numbers starts a new stretch of line."""
    at = {month: i for i, month in enumerate(on.months)}
    rows: list[dict[str, Any]] = []
    stretch, previous = 0, -2
    for point in points:
        x = at.get(point.month)
        if x is None or point.value is None:
            continue
        stretch += x != previous + 1
        rows.append({"x": x, "y": round(point.value, 1), "stretch": stretch})
        previous = x
    return rows


def _line(on: Sheet, points: Sequence[Point], colour: str, **mark: Any) -> list[Layer]:
    rows = _placed(on, points)
    if len(rows) < 2:
        return []
    look = {"type": "line", "color": colour, "strokeJoin": "round", "strokeCap": "round", **mark}
    stretches = {"field": "stretch", "type": "nominal"}
    return [layer(look, rows, x=on.channel_x(), y=on.channel_y(), detail=stretches)]


def _fan(on: Sheet, start: Point, forecast: Sequence[Band]) -> list[Layer]:
    """Three areas that open from the last number; what lies above the sheet is cut at its top."""
    if not forecast:
        return []
    at = {month: i for i, month in enumerate(on.months)}
    layers = []
    for reach, colour in (
        ("ninety_five", palette.FAN_95),
        ("eighty", palette.FAN_80),
        ("fifty", palette.FAN_50),
    ):
        rows = [{"x": at[start.month], "low": start.value, "high": start.value}]
        for band in forecast:
            low, high = getattr(band, reach)
            rows.append(
                {"x": at[band.month], "low": round(max(0, low), 1), "high": round(min(on.top, high), 1)}
            )
        area = {"type": "area", "color": colour, "opacity": 1}
        layers.append(layer(area, rows, x=on.channel_x(), y=on.channel_y("low"), y2={"field": "high"}))
    return layers


def _marked_points(on: Sheet, observed: Sequence[Point]) -> list[Layer]:
    """A ring for each provisional number, a violet diamond for each revised one, a dot for the last."""
    looks = {
        "provisional": {"shape": "circle", "color": palette.SHEET, "stroke": palette.OBSERVED, "size": 62},
        "revised": {"shape": "diamond", "color": palette.REVISED, "stroke": palette.SHEET, "size": 130},
    }
    layers = []
    for status, look in looks.items():
        layers += _points(on, [point for point in observed if point.status == status], strokeWidth=2, **look)
    last = _known(observed)[-1]
    if last.status == "observed":
        layers += _points(on, [last], shape="circle", color=palette.OBSERVED, size=60)
    return layers


def _points(on: Sheet, points: Sequence[Point], **look: Any) -> list[Layer]:
    rows = _placed(on, points)
    mark = {"type": "point", "filled": True, "opacity": 1, **look}
    return [layer(mark, rows, x=on.channel_x(), y=on.channel_y())] if rows else []


def _trend_names(
    on: Sheet,
    observed: Sequence[Point],
    forecast: Sequence[Band],
    before: Sequence[Point],
    baseline: Sequence[Point],
) -> list[Layer]:
    """What each line is called, at its right end; with a forecast, the observed line's name stands at its last point."""
    words, language, last = WORDS[on.language[:2]], on.language, _known(observed)[-1]
    names = []
    told: tuple[str, ...]
    if forecast:
        end = forecast[-1]
        chance = words["chance"].format(share=formats.share(0.8, language))
        told = (
            words["forecast"],
            formats.number(end.mid, language),
            formats.between(*end.eighty, language),
            chance,
        )
        names.append(Name(told, on.y(end.mid), palette.FORECAST))
    else:
        told = (words["observed"], formats.number(last.value, language))
        names.append(Name(told, on.y(last.value or 0), palette.OBSERVED))
    ends = [point for point in before if point.value is not None and point.month in on.months]
    if ends:
        names.append(Name((words["before"],), on.y(ends[-1].value or 0), palette.SOFT))
    if baseline:
        names.append(Name((words["simple"],), on.y(baseline[-1].value or 0), palette.SOFT))
    return names_beside(names, on) + (
        _last_observed(on, _known(observed), words["observed"]) if forecast else []
    )


def _last_observed(on: Sheet, known: Sequence[Point], word: str) -> list[Layer]:
    """Name and last number above the last point, on the side from which the line does not come."""
    last = known[-1]
    x, y = on.x(last.month), on.y(last.value or 0)
    came_from_above = len(known) > 1 and (known[-2].value or 0) > (last.value or 0)
    number = formats.number(last.value, on.language)
    words = f"{word} {number}"
    room = on.width - x if came_from_above else x
    if len(words) * on.letters * LETTER_WIDTH > room:
        words = number
    place = (x + 7, "left") if came_from_above else (x + 2, "right")
    look = {"align": place[1], "fontWeight": "bold", "fontSize": on.letters}
    return haloed(words, place[0], max(8, y - 20), palette.OBSERVED, **look)


# Months as bars ----------------------------------------------------------------------------------------------

BAR_LOOKS: dict[str, dict[str, Any]] = {
    "observed": {"color": palette.OBSERVED},
    "provisional": {
        "color": palette.SHEET,
        "stroke": palette.OBSERVED,
        "strokeWidth": 1.6,
        "strokeDash": [4, 2.5],
    },
    "revised": {"color": palette.REVISED},
    "forecast": {
        "color": palette.FAN_80,
        "stroke": palette.FORECAST,
        "strokeWidth": 1.4,
        "strokeDash": [1.5, 2.5],
    },
}


def bars(
    points: Sequence[Point], *, title: str, says: str, language: str, size: str = "wide", key: str = "bars"
) -> Picture:
    """One bar a month, its look telling its status; the largest and the last say their number."""
    known = _known(points)
    largest = max(known, key=lambda point: point.value or 0)
    months = months_between(points[0].month, points[-1].month)
    on = sheet(size, beside=6, months=months, largest=largest.value or 0, language=language)
    band = on.width / len(months)
    layers = gridlines(on)
    for status, look in BAR_LOOKS.items():
        rows = [_bar(on, months.index(p.month), p.value or 0, 0) for p in known if p.status == status]
        layers += [boxes(rows, look)] if rows else []
    layers += month_words(on, lambda i: band * (i + 0.5))
    for point in {largest.month: largest, known[-1].month: known[-1]}.values():
        x, y = band * (months.index(point.month) + 0.5), on.y(point.value or 0) - 10
        words = formats.number(point.value, language)
        x = min(x, on.width - len(words) * on.letters * LETTER_WIDTH / 2 + 4)
        layers += haloed(words, x, y, align="center", fontWeight="bold", fontSize=on.letters)
    return on.picture(layers, title=title, says=says, key=f"{key}-{size}")


def _bar(on: Sheet, place: int, value: float, base: float, gap: float = 0.14) -> dict[str, float]:
    """The box of a month's value standing on ``base``."""
    band = on.width / len(on.months)
    return {
        "x": round(band * (place + gap), 1),
        "x2": round(band * (place + 1 - gap), 1),
        "y": round(on.y(base + value), 1),
        "y2": round(on.y(base), 1),
    }


# Composition -------------------------------------------------------------------------------------------------


def composition(
    parts: Sequence[Part],
    *,
    title: str,
    says: str,
    language: str,
    size: str = "wide",
    key: str = "composition",
    most: int = 8,
    rest: float = 0,
) -> Picture:
    """Parts of one total, largest first, each bar with its name, number and share; the others together as one grey bar.

    ``rest`` is what the total holds beyond the given parts.

    Refuses a negative part and a total of zero.
    """
    total = sum(part.value for part in parts) + rest
    if total <= 0 or any(part.value < 0 for part in parts):
        raise ValueError("a composition needs parts that add up to something")
    rows = ranked(parts, most, WORDS[language[:2]]["other"], rest)
    is_grey = len(rows) > min(most, len(parts))
    letters = type_size(size)
    width = SIZES[size][0]
    is_narrow = size == "narrow"
    step = 40.0 if is_narrow else 29.0
    left = 0 if is_narrow else max(len(part.label) for part in rows) * letters * LETTER_WIDTH + 12
    unit = (width - left - letters * 9) / max(part.value for part in rows)
    layers: list[Layer] = []
    for i, part in enumerate(rows):
        y = step * i + (28 if is_narrow else step / 2)
        name_y = step * i + 10 if is_narrow else y
        end = left + max(1.5, unit * part.value)
        colour = palette.RULE if is_grey and i == len(rows) - 1 else palette.OBSERVED
        words = formats.number(part.value, language)
        share = formats.share(part.value / total, language, 0 if part.value >= total / 10 else 1)
        layers += [
            text(part.label, 0, name_y, fontSize=letters),
            box(left, y - 8, end, y + 8, colour),
            text(words, end + 7, y, fontWeight="bold", fontSize=letters),
            text(share, end + 14 + len(words) * letters * 0.55, y, palette.SOFT, fontSize=letters),
        ]
    return picture(width, step * len(rows), layers, title=title, says=says, key=f"{key}-{size}")


def ranked(parts: Sequence[Part], most: int, other: str, rest: float = 0) -> list[Part]:
    """The largest ``most`` parts in order, and the others added up with ``rest`` under one name."""
    ordered = sorted(parts, key=lambda part: (-part.value, part.label))
    rest += sum(part.value for part in ordered[most:])
    return [*ordered[:most], Part(other, rest)] if rest else ordered[:most]


def over_time(
    groups: Sequence[Group],
    *,
    title: str,
    says: str,
    language: str,
    size: str = "wide",
    key: str = "over-time",
) -> Picture:
    """The groups of one total month by month, as stacked columns, with their names in the stack's order beside it.

    At most seven groups, the first at the base; refuses more, for nobody tells eight colours apart.
    """
    if len(groups) > len(GROUP_COLOURS):
        raise ValueError(f"at most {len(GROUP_COLOURS)} groups can be told apart; put the others together")
    months = months_between(min(g.points[0].month for g in groups), max(g.points[-1].month for g in groups))
    values = [{point.month: point.value or 0 for point in group.points} for group in groups]
    totals = [sum(of_group.get(month, 0) for of_group in values) for month in months]
    beside = 34 + max(len(group.label) for group in groups) * type_size(size) * LETTER_WIDTH
    on = sheet(size, beside=beside, months=months, largest=max(totals), language=language)
    band = on.width / len(months)
    layers = gridlines(on)
    base = dict.fromkeys(months, 0.0)
    for of_group, colour in zip(values, GROUP_COLOURS, strict=False):
        rows = []
        for i, month in enumerate(months):
            value = of_group.get(month, 0)
            rows += [_bar(on, i, value, base[month], gap=0.06)] if value else []
            base[month] += value
        layers += [boxes(rows, {"color": colour})] if rows else []
    layers += month_words(on, lambda i: band * (i + 0.5)) + _stack_names(
        [group.label for group in groups], on
    )
    return on.picture(layers, title=title, says=says, key=f"{key}-{size}")


def _stack_names(labels: Sequence[str], on: Sheet) -> list[Layer]:
    """Names in the stack's order, each with a square of its colour, in the middle of the right side."""
    line = on.letters * 1.6
    top = max(0.0, on.height / 2 - line * len(labels) / 2)
    layers = []
    for row, (label, colour) in enumerate(reversed(list(zip(labels, GROUP_COLOURS, strict=False)))):
        y = top + line * (row + 0.5)
        layers += [
            box(on.width + 9, y - 6, on.width + 21, y + 6, colour),
            text(label, on.width + 27, y, fontSize=on.letters),
        ]
    return layers


# Small pictures ----------------------------------------------------------------------------------------------

COLUMNS = {"full": 5, "wide": 4, "narrow": 2}


def small_multiples(
    groups: Sequence[Group],
    *,
    title: str,
    says: str,
    language: str,
    size: str = "wide",
    key: str = "multiples",
) -> Picture:
    """A small line for each group, each on its own scale: shapes are compared, heights are not. The last number is said."""
    width, columns, gap = SIZES[size][0], COLUMNS[size], 22.0
    noted = 15.0 if any(group.note for group in groups) else 0.0
    cell_width, cell_height, line_height = (width - gap * (columns - 1)) / columns, 122.0 + noted, 58.0
    layers: list[Layer] = []
    for i, group in enumerate(groups):
        corner = (i % columns) * (cell_width + gap), (i // columns) * cell_height
        if group.note:
            under = {"fontSize": type_size(size) - 2, "limit": cell_width - 4}
            layers.append(text(group.note, corner[0], corner[1] + 23, palette.SOFT, **under))
        beneath = corner[0], corner[1] + noted
        layers += _small_line(group, corner, beneath, cell_width - 4, line_height, language, type_size(size))
    height = cell_height * math.ceil(len(groups) / columns) - 12
    return picture(width, height, layers, title=title, says=says, key=f"{key}-{size}")


def _small_line(
    group: Group,
    corner: tuple[float, float],
    beneath: tuple[float, float],
    width: float,
    height: float,
    language: str,
    letters: float,
) -> list[Layer]:
    """Name and last number over the line, first and last month under it."""
    left, top = corner
    known = _known(group.points)
    base = beneath[1] + 26 + height
    highest = max(point.value or 0 for point in known) or 1
    months = months_between(group.points[0].month, group.points[-1].month)
    unit = (width - 4) / max(len(months) - 1, 1)
    rows = [
        {
            "x": round(left + unit * months.index(point.month), 1),
            "y": round(base - height * (point.value or 0) / highest, 1),
        }
        for point in known
    ]
    plain = {"type": "quantitative", "scale": None, "axis": None}
    x, y = {"field": "x", **plain}, {"field": "y", **plain}
    line = {"type": "line", "color": palette.OBSERVED, "strokeWidth": 1.8, "strokeJoin": "round"}
    dot = {"type": "point", "filled": True, "opacity": 1, "size": 34, "color": palette.OBSERVED}
    bold: dict[str, Any] = {"fontWeight": "bold", "fontSize": letters}
    small = {"fontSize": letters - 2}
    last = formats.number(known[-1].value, language)
    return [
        text(group.label, left, top + 8, **bold),
        text(last, left + width, top + 8, palette.OBSERVED, align="right", **bold),
        rule(left, base, left + width, base),
        layer(line, rows, x=x, y=y),
        layer(dot, rows[-1:], x=x, y=y),
        text(formats.short_month(months[0], language), left, base + 12, palette.SOFT, **small),
        text(
            formats.short_month(months[-1], language),
            left + width,
            base + 12,
            palette.SOFT,
            align="right",
            **small,
        ),
    ]


def sparkline(values: Sequence[float | None], *, says: str, width: int = 120, height: int = 28) -> str:
    """A line without axes for a table's cell, drawn straight as SVG; the last number has a dot."""
    known = [(i, value) for i, value in enumerate(values) if value is not None]
    if not known:
        return ""
    highest = max(value for _i, value in known) or 1
    last = max(len(values) - 1, 1)
    spots = [(2 + (width - 6) * i / last, height - 3 - (height - 6) * value / highest) for i, value in known]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    x, y = spots[-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="spark" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(says)}"><path class="s-observed" stroke="{palette.OBSERVED}" fill="none" d="{path}"/>'
        f'<circle class="f-observed" fill="{palette.OBSERVED}" cx="{x:.1f}" cy="{y:.1f}" r="2.4"/></svg>'
    )
