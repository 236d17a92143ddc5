"""The outlines a map is drawn on: a GeoJSON file of countries and land borders, and the plane it is laid on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent / "geometry" / "corridor.json"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Geography:
    """Rings of longitude and latitude by country, the borders between them, and what must be said about both."""

    countries: Mapping[str, list[list[Point]]]
    borders: list[list[Point]]
    attribution: str = ""
    disclaimer: Mapping[str, str] = field(default_factory=dict)


@cache
def read(place: Path = SHIPPED) -> Geography:
    """Read a file shaped as the shipped one: features with ``iso3``, one feature of ``kind`` borders.

    A deployment with its own view of borders puts its own file in place (setting ``MAP_GEOMETRY``).
    """
    document = json.loads(place.read_text(encoding="utf-8"))
    countries: dict[str, list[list[Point]]] = {}
    borders: list[list[Point]] = []
    for feature in document["features"]:
        if feature["properties"].get("kind") == "borders":
            borders += [[(x, y) for x, y in line] for line in _parts(feature["geometry"])]
        else:
            rings = [[(x, y) for x, y in polygon[0]] for polygon in _parts(feature["geometry"])]
            countries[feature["properties"]["iso3"]] = rings
    return Geography(countries, borders, document.get("attribution", ""), document.get("disclaimer", {}))


def _parts(geometry: Mapping[str, Any]) -> list[Any]:
    """The pieces of a geometry, whether it is written as one or as many."""
    pieces = geometry["coordinates"]
    return list(pieces) if geometry["type"].startswith("Multi") else [pieces]


@dataclass(frozen=True, slots=True)
class Panel:
    """A window of the world (degrees) laid on the drawing at (x, y), Mercator, north up."""

    west: float
    south: float
    east: float
    north: float
    x: float
    y: float
    width: float

    @property
    def scale(self) -> float:
        """Drawing units in a radian of longitude."""
        return self.width / math.radians(self.east - self.west)

    @property
    def height(self) -> float:
        return (_mercator(self.north) - _mercator(self.south)) * self.scale

    def holds(self, lon: float, lat: float) -> bool:
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    def place(self, lon: float, lat: float) -> Point:
        """Where a place lies on the drawing."""
        x = self.x + math.radians(lon - self.west) * self.scale
        return x, self.y + (_mercator(self.north) - _mercator(lat)) * self.scale


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def outline(panel: Panel, rings: Iterable[list[Point]], finest: float = 0.7) -> str:
    """SVG path data of closed rings within a panel, in tenths of a unit; detail below ``finest`` units is left out."""
    return "".join(_path(panel, _within(panel, ring), finest, is_closed=True) for ring in rings)


def lines(panel: Panel, pieces: Iterable[list[Point]], finest: float = 0.7) -> str:
    """SVG path data of open lines within a panel, in tenths of a unit."""
    return "".join(
        _path(panel, run, finest, is_closed=False) for piece in pieces for run in _runs_within(panel, piece)
    )


def _path(panel: Panel, points: list[Point], finest: float, *, is_closed: bool) -> str:
    drawn: list[tuple[int, int]] = []
    last = len(points) - 1
    for i, (lon, lat) in enumerate(points):
        x, y = panel.place(lon, lat)
        step = (round(x * 10), round(y * 10))
        is_end = not is_closed and i == last
        if not drawn or is_end or math.dist(step, drawn[-1]) >= finest * 10:
            drawn.append(step)
    if len(drawn) < (3 if is_closed else 2):
        return ""
    x, y = drawn[0]
    moves = []
    for nx, ny in drawn[1:]:
        moves.append(f"{nx - x}" + (f"{ny - y}" if ny < y else f" {ny - y}"))
        x, y = nx, ny
    steps = "".join(move if move[0] == "-" else f" {move}" for move in moves).lstrip()
    return f"M{drawn[0][0]} {drawn[0][1]}l{steps}{'z' if is_closed else ''}"


def _within(panel: Panel, ring: list[Point], margin: float = 0.5) -> list[Point]:
    """The part of a ring in the panel and a little around it (Sutherland and Hodgman 1974)."""
    frame = (
        (0, panel.west - margin, 1),
        (0, panel.east + margin, -1),
        (1, panel.south - margin, 1),
        (1, panel.north + margin, -1),
    )
    for axis, limit, sign in frame:
        kept: list[Point] = []
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            a_inside, b_inside = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if a_inside:
                kept.append(a)
            if a_inside != b_inside:
                t = (limit - a[axis]) / (b[axis] - a[axis])
                kept.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
        ring = kept
        if not ring:
            break
    return ring


def _runs_within(panel: Panel, line: list[Point]) -> Iterator[list[Point]]:
    """The stretches of a line that touch the panel, each with one point more at both ends."""
    run: list[Point] = []
    for a, b in pairwise(line):
        if panel.holds(*a) or panel.holds(*b):
            run = run or [a]
            run.append(b)
        elif run:
            yield run
            run = []
    if run:
        yield run
