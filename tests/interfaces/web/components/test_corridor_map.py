"""The drawn map: true circles, words that do not collide, the same for those who hear it."""

import gzip
import math
import re
import xml.etree.ElementTree as ET

import pytest

from corredor.interfaces.web.components import drawing, labels
from corredor.interfaces.web.components import map as corridor_map
from corredor.interfaces.web.components.geography import Geography, read
from corredor.interfaces.web.components.map import Gate

DARIEN = Gate("PAN-DARIEN", "Darién", 8.05, -77.60, 4000, "tránsito", href="/flows/gates/PAN-DARIEN/")
TAPACHULA = Gate("MEX-TAP", "Tapachula <sur>", 14.9, -92.26, 1000, "eventos", status="provisional")
SILENT = Gate("CRI-PENAS-BLANCAS", "Peñas Blancas", 11.21, -85.61, None)
SWANTON = Gate("USA-NB-SWB", "Swanton", 44.92, -73.12, 500)
BORDER = [
    Gate(f"B{i}", f"Sector {i}", 32.7 - i * 0.8, -117 + i * 2.4, 100 * (i + 1), "encuentros")
    for i in range(9)
]  # a crowded row of places along one border
SVG = "{http://www.w3.org/2000/svg}"


def draw(*gates: Gate, language: str = "es", size: str = "wide") -> str:
    return corridor_map.draw(gates, title="Mapa", says="Lo que muestra", language=language, size=size)


def circles(svg: str) -> dict[str, float]:
    """The radius of each gate's circle, by the gate's title."""
    found = {}
    for gate in ET.fromstring(svg).iter(f"{SVG}g"):
        if "gate" in gate.get("class", "").split():
            title = next(gate.iter(f"{SVG}title")).text or ""
            found[title] = [float(c.get("r", 0)) for c in gate.iter(f"{SVG}circle") if c.get("class") is None]
    return {title: radii[0] for title, radii in found.items() if radii}


def test_the_area_of_a_circle_shows_the_number() -> None:
    radii = circles(draw(DARIEN, TAPACHULA))

    assert radii["Darién: 4,000, tránsito"] == pytest.approx(
        2 * radii["Tapachula <sur>: 1,000, eventos, provisional"]
    )


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_a_gate_without_a_figure_is_a_spot_that_says_so(size: str) -> None:
    assert "Peñas Blancas: sin cifra" not in circles(draw(DARIEN, SILENT, size=size))
    assert "Peñas Blancas: no figure" in draw(DARIEN, SILENT, language="en", size=size)


def test_every_gate_with_an_address_is_a_link_that_says_its_number() -> None:
    link = next(ET.fromstring(draw(DARIEN, TAPACHULA)).iter(f"{SVG}a"))

    assert link.get("href") == "/flows/gates/PAN-DARIEN/"
    assert link.get("aria-label") == "Darién: 4,000, tránsito"


def test_the_map_has_a_name_and_a_description_of_its_own_for_each_size() -> None:
    for size in ("wide", "narrow"):
        root = ET.fromstring(draw(DARIEN, size=size))
        title, said = root.find(f"{SVG}title"), root.find(f"{SVG}desc")

        assert root.get("aria-labelledby") == f"map-{size}-title map-{size}-desc"
        assert (title is not None and title.text, said is not None and said.text) == (
            "Mapa",
            "Lo que muestra",
        )


def test_words_of_a_name_cannot_become_markup() -> None:
    assert "<sur>" not in draw(TAPACHULA)


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_no_words_cover_other_words_on_a_crowded_border(size: str) -> None:
    sheet = corridor_map.layout(size, BORDER)
    placed = corridor_map._placed(BORDER, sheet)
    ground = labels.Ground([spot.spot.box for spot in placed])
    found = corridor_map._labels(placed, ground, sheet, "es")

    boxes = [label.box for label in found.values()]
    assert len(found) >= 5
    assert all(labels.overlap(a, b) == 0 for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    assert all(
        not labels.crosses(label.leader, other.box)
        for label in found.values()
        if label.leader
        for other in found.values()
        if other is not label
    )


def test_the_largest_gates_get_their_words_first() -> None:
    svg = draw(*BORDER, size="narrow")

    assert 'class="name">Sector 8<' in svg


def test_the_northern_band_appears_only_when_a_gate_lies_there() -> None:
    assert len(corridor_map.layout("wide", [DARIEN]).panels) == 1
    assert len(corridor_map.layout("wide", [DARIEN, SWANTON]).panels) == 2
    assert "Swanton: 500" in circles(draw(DARIEN, SWANTON))


def test_miami_and_ramey_have_a_place_on_a_phone_too() -> None:
    coast = [Gate("MIP", "Miami", 25.77, -80.19, 100), Gate("RMY", "Ramey", 18.5, -67.14, 50)]

    assert set(circles(draw(*coast, DARIEN, size="narrow"))) >= {"Miami: 100", "Ramey: 50"}


def test_who_calls_can_tell_which_gates_the_map_can_show() -> None:
    channel = Gate("GBR-CHANNEL", "Canal de la Mancha", 51.05, 1.45, 900)

    assert corridor_map.on_map([DARIEN, channel, SWANTON]) == [DARIEN, SWANTON]


def test_many_gates_make_smaller_circles() -> None:
    crowd = [Gate(f"G{i}", f"Paso {i}", 14 + i * 0.05, -90 + i * 0.1, 1000) for i in range(60)]

    assert max(circles(draw(*crowd)).values()) < max(circles(draw(crowd[0])).values())


def test_what_stands_in_brackets_is_told_in_the_title_only() -> None:
    svg = draw(Gate("X", "Las Tablillas (Los Chiles)", 11.06, -84.7, 10))

    assert 'class="name">Las Tablillas<' in svg
    assert "Las Tablillas (Los Chiles): 10" in svg


def test_a_gate_outside_the_map_is_refused_not_lost() -> None:
    with pytest.raises(ValueError, match="GBR-CHANNEL"):
        draw(Gate("GBR-CHANNEL", "Canal de la Mancha", 51.05, 1.45, 900))


def test_the_same_gates_give_the_same_drawing() -> None:
    assert draw(*BORDER) == draw(*reversed(BORDER))


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_map_is_light_and_carries_no_style_of_its_own(size: str) -> None:
    svg = draw(*BORDER, DARIEN, SWANTON, size=size)

    assert len(gzip.compress(svg.encode())) < 25_000
    assert "style=" not in svg
    assert "<style" not in svg


def test_outside_a_page_the_map_brings_its_colours() -> None:
    png = drawing.to_png(corridor_map.standalone(draw(DARIEN)), scale=1)

    assert png.startswith(b"\x89PNG")
    assert "<style>" in corridor_map.standalone(draw(DARIEN))


def test_a_deployment_may_draw_its_own_borders() -> None:
    square = Geography({"PAN": [[(-80, 8), (-79, 8), (-79, 9), (-80, 9)]]}, borders=[])

    svg = corridor_map.draw([DARIEN], title="t", says="s", language="es", geography=square)

    assert len(svg) < len(draw(DARIEN)) / 3
    path = re.search(r'class="member" d="(M[^"]+z)"', svg)
    assert path is not None


def test_every_member_of_the_forum_has_an_outline() -> None:
    assert set(read().countries) >= corridor_map.MEMBERS


def test_a_place_lies_where_mercator_puts_it() -> None:
    panel = corridor_map.layout("wide", []).panels[-1]
    west, east = panel.place(-120.4, 10)[0], panel.place(-66.4, 10)[0]
    a, b, c = (panel.place(-90, lat)[1] for lat in (10, 20, 30))

    assert (west, east) == (pytest.approx(0), pytest.approx(1000))
    expected = (math.asinh(math.tan(math.radians(30))) - math.asinh(math.tan(math.radians(20)))) / (
        math.asinh(math.tan(math.radians(20))) - math.asinh(math.tan(math.radians(10)))
    )
    assert (b - c) / (a - b) == pytest.approx(expected)
