"""The script that makes the outlines: known shapes come out as computed by hand."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "scripts"))

import geometry  # noqa: E402

from corredor.interfaces.web.components.geography import SHIPPED, read  # noqa: E402

# Two squares of two degrees that share one side: Costa Rica (188) and Panama (591), as TopoJSON keeps them.
TOPOLOGY = {
    "transform": {"scale": [1, 1], "translate": [-84, 8]},
    "arcs": [[[2, 0], [0, 2]], [[2, 2], [-2, 0], [0, -2], [2, 0]], [[2, 0], [2, 0], [0, 2], [-2, 0]]],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "id": "188", "arcs": [[0, 1]]},
                {"type": "Polygon", "id": "591", "arcs": [[2, -1]]},
            ]
        }
    },
}


def test_countries_are_put_together_from_shared_arcs() -> None:
    made = geometry.corridor(TOPOLOGY)
    shapes = {feature["id"]: feature["geometry"]["coordinates"] for feature in made["features"]}

    assert sorted(map(tuple, shapes["CRI"][0][0][:-1])) == [(-84, 8), (-84, 10), (-82, 8), (-82, 10)]
    assert shapes["borders"] == [[[-82, 8], [-82, 10]]]


def test_the_flattest_points_go_first() -> None:
    line = [(0.0, 0.0), (1.0, 0.01), (2.0, 0.0), (3.0, 2.0), (4.0, 0.0)]

    assert geometry.simplified(line, smallest=0.05) == [(0.0, 0.0), (2.0, 0.0), (3.0, 2.0), (4.0, 0.0)]
    assert geometry.simplified(line, smallest=9.0) == [(0.0, 0.0), (4.0, 0.0)]


def test_what_lies_outside_the_frame_is_cut_at_its_edge() -> None:
    half_outside = [
        (geometry.EAST - 1, 10.0),
        (geometry.EAST + 1, 10.0),
        (geometry.EAST + 1, 11.0),
        (geometry.EAST - 1, 11.0),
    ]

    assert geometry.area(geometry.clipped(half_outside)) == pytest.approx(1.0)


def test_the_shipped_file_is_small_and_holds_borders_and_their_disclaimer() -> None:
    shapes = read(SHIPPED)

    assert SHIPPED.stat().st_size < 150_000
    assert len(shapes.borders) >= 20
    assert shapes.disclaimer["es"].startswith("Los límites")
    assert json.loads(SHIPPED.read_text())["attribution"] == geometry.ATTRIBUTION
