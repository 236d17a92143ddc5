"""The islands in a real browser: the live map over our own outlines, tables in the reader's order."""

from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("built_islands")
SITUATION = "/components/situation/"


def open_live_map(page: Any) -> Any:
    page.get_by_role("button", name="Abrir el mapa interactivo").click()
    page.wait_for_selector("[data-room][data-ready]", timeout=30_000)
    return page.locator("[data-room]")


def test_the_live_map_opens_when_asked_and_gives_the_drawn_one_back(gallery: Any) -> None:
    page = gallery.open(SITUATION)
    drawn = page.locator("#map .picture")

    room = open_live_map(page)
    assert room.is_visible()
    assert not drawn.is_visible()

    page.get_by_role("button", name="Volver al mapa dibujado").click()
    assert drawn.is_visible()
    assert not room.is_visible()
    assert gallery.complaints == []


def test_nothing_of_the_live_map_is_fetched_before_it_is_asked_for(gallery: Any) -> None:
    page = gallery.open(SITUATION)
    page.wait_for_load_state("networkidle")

    fetched = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")

    assert not [name for name in fetched if "live" in name or "worker" in name or "geometry" in name]


def test_every_gate_of_the_live_map_can_be_reached_by_keyboard(gallery: Any) -> None:
    page = gallery.open(SITUATION)
    room = open_live_map(page)

    links = room.get_by_role("link")
    names = links.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    links.first.focus()

    assert len(names) == 14
    assert "Darién: 4,849 · tránsito" in names
    assert page.evaluate("document.activeElement.className").startswith("live-gate")


def test_without_graphics_the_drawn_map_stays_and_says_so(gallery: Any) -> None:
    page = gallery.open(SITUATION)
    page.evaluate("HTMLCanvasElement.prototype.getContext = () => null")

    page.get_by_role("button", name="Abrir el mapa interactivo").click()
    page.get_by_text("El mapa interactivo no funciona en este navegador").wait_for()

    assert page.locator("#map .picture").is_visible()


def test_a_table_is_put_in_order_by_its_heading(gallery: Any) -> None:
    page = gallery.open(SITUATION)
    table = page.get_by_role("table", name="Darién por nacionalidad, 2024")
    first = table.locator("tbody th").first

    table.get_by_role("button", name="ene").click()
    assert (first.inner_text(), table.locator("th[aria-sort]").get_attribute("aria-sort")) == (
        "Venezuela",
        "descending",
    )

    table.get_by_role("button", name="ene").click()
    assert first.inner_text() == "India"
    assert gallery.complaints == []
