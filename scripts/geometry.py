"""Clip and simplify Natural Earth's countries (world-atlas, TopoJSON) to the corridor, as one small GeoJSON file.

    python scripts/geometry.py countries-10m.json corridor.json

Arcs are simplified before countries are put together, so neighbours keep sharing one border. The same input always
gives the same bytes.
"""

from __future__ import annotations

import heapq
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Line = list[Point]

WEST, SOUTH, EAST, NORTH = -131.0, 3.0, -58.0, 56.0
SMALLEST_TRIANGLE = 0.0016  # square degrees: about two hundredths of a degree of detail
SMALLEST_ISLAND = 0.012  # square degrees
ALPHA3 = {
    "028": "ATG", "044": "BHS", "052": "BRB", "060": "BMU", "076": "BRA", "084": "BLZ", "092": "VGB", "124": "CAN",
    "136": "CYM", "170": "COL", "188": "CRI", "192": "CUB", "212": "DMA", "214": "DOM", "218": "ECU", "222": "SLV",
    "308": "GRD", "320": "GTM", "328": "GUY", "332": "HTI", "340": "HND", "388": "JAM", "484": "MEX", "500": "MSR",
    "531": "CUW", "533": "ABW", "558": "NIC", "591": "PAN", "604": "PER", "630": "PRI", "659": "KNA", "660": "AIA",
    "662": "LCA", "670": "VCT", "740": "SUR", "780": "TTO", "796": "TCA", "840": "USA", "850": "VIR", "862": "VEN",
}  # fmt: skip
ATTRIBUTION = (
    "Natural Earth 1:10m (public domain), by way of world-atlas 2.0.2 (ISC); clipped and simplified."
)
DISCLAIMER = {
    "en": "Borders and names shown do not imply any position on the legal status of a territory.",
    "es": "Los límites y nombres que se muestran no implican posición alguna sobre la condición jurídica de un territorio.",
}


def decoded_arcs(topology: dict[str, Any]) -> list[Line]:
    """The arcs in degrees; TopoJSON keeps them as whole-number steps."""
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(line)
    return arcs


def triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def simplified(line: Line, smallest: float) -> Line:
    """Visvalingam and Whyatt (1993): drop, one by one, the point whose triangle with its neighbours is smallest."""
    last = len(line) - 1
    before, after = list(range(-1, last)), list(range(1, last + 2))
    dropped = [False] * len(line)
    heap = [(triangle(line[i - 1], line[i], line[i + 1]), i) for i in range(1, last)]
    current = {i: area for area, i in heap}
    heapq.heapify(heap)
    while heap and heap[0][0] < smallest:
        area, i = heapq.heappop(heap)
        if dropped[i] or area != current[i]:
            continue
        dropped[i] = True
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for j in (left, right):
            if 0 < j < last:
                current[j] = max(area, triangle(line[before[j]], line[j], line[after[j]]))
                heapq.heappush(heap, (current[j], j))
    return [point for point, is_dropped in zip(line, dropped, strict=True) if not is_dropped]


def joined(references: list[int], arcs: list[Line]) -> Line:
    """A ring from its arcs, its last point not repeating the first; a negative reference (~i) is arc i backwards."""
    ring: Line = []
    for reference in references:
        line = arcs[reference] if reference >= 0 else arcs[~reference][::-1]
        ring += line[1:] if ring else line
    return ring[:-1]


def area(ring: Line) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def clipped(ring: Line) -> Line:
    """Sutherland and Hodgman (1974) against the frame."""
    for axis, limit, sign in ((0, WEST, 1), (0, EAST, -1), (1, SOUTH, 1), (1, NORTH, -1)):
        kept: Line = []
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


def rounded(line: Line) -> list[list[float]]:
    """To a hundredth of a degree, about a kilometre, without repeated points."""
    points: list[list[float]] = []
    for x, y in line:
        point = [round(x, 2), round(y, 2)]
        if not points or point != points[-1]:
            points.append(point)
    return points


def polygons_of(geometry: dict[str, Any]) -> list[list[list[int]]]:
    return geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]


def countries(geometries: list[dict[str, Any]], arcs: list[Line]) -> Iterator[dict[str, Any]]:
    """A feature for each country, its outer rings only (no country of the frame has a hole worth a line)."""
    for geometry in geometries:
        code = ALPHA3.get(geometry.get("id", ""))
        if code is None:
            continue
        rings = [clipped(joined(polygon[0], arcs)) for polygon in polygons_of(geometry)]
        rings = sorted((ring for ring in rings if ring), key=area, reverse=True)
        kept = [ring for i, ring in enumerate(rings) if i == 0 or area(ring) >= SMALLEST_ISLAND]
        if kept:
            shapes = [[[*points, points[0]]] for points in map(rounded, kept)]
            yield {
                "type": "Feature",
                "id": code,
                "properties": {"iso3": code},
                "geometry": {"type": "MultiPolygon", "coordinates": shapes},
            }


def land_borders(geometries: list[dict[str, Any]], arcs: list[Line]) -> list[list[list[float]]]:
    """The arcs that two countries share."""
    uses: Counter[int] = Counter()
    for geometry in geometries:
        if geometry.get("id") in ALPHA3:
            uses.update(
                {r if r >= 0 else ~r for polygon in polygons_of(geometry) for ring in polygon for r in ring}
            )
    lines = [rounded(arcs[i]) for i, times in sorted(uses.items()) if times > 1]
    return [line for line in lines if any(WEST <= x <= EAST and SOUTH <= y <= NORTH for x, y in line)]


def corridor(topology: dict[str, Any]) -> dict[str, Any]:
    geometries = [
        g for g in topology["objects"]["countries"]["geometries"] if g["type"] in {"Polygon", "MultiPolygon"}
    ]
    arcs = [simplified(line, SMALLEST_TRIANGLE) if len(line) > 2 else line for line in decoded_arcs(topology)]
    borders = {
        "type": "Feature",
        "id": "borders",
        "properties": {"kind": "borders"},
        "geometry": {"type": "MultiLineString", "coordinates": land_borders(geometries, arcs)},
    }
    features = sorted(countries(geometries, arcs), key=lambda feature: feature["id"])
    return {
        "type": "FeatureCollection",
        "attribution": ATTRIBUTION,
        "disclaimer": DISCLAIMER,
        "features": [*features, borders],
    }


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:3])
    made = corridor(json.loads(source.read_text()))
    target.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB, {len(made['features']) - 1} countries")
