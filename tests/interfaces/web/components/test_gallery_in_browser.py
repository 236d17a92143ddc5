"""The gallery in a real browser: it fits every screen, needs no script, and can be used by everyone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = ["/components/", "/components/situation/"]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_sticks_out_of_the_screen(gallery: Any, path: str, width: int) -> None:
    page = gallery.open(path, width=width)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert gallery.complaints == []


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("es", 390, "light"), ("en", 1280, "light"), ("es", 1280, "dark")]
)
def test_everyone_can_use_the_parts(gallery: Any, language: str, width: int, scheme: str) -> None:
    for path in PAGES:
        page = gallery.open(path, width=width, language=language, color_scheme=scheme, bypass_csp=True)

        found = Axe().run(page, options={"runOnly": RULES})

        assert [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found.response["violations"]] == []
        assert len(found.response["passes"]) > 20


def test_without_script_everything_is_there(gallery: Any) -> None:
    page = gallery.open("/components/situation/", java_script_enabled=False)

    page.get_by_text("Las mismas cifras en una tabla").first.click()

    assert page.get_by_role("table").first.is_visible()
    assert page.get_by_role("link", name="Darién: 4,849").first.is_visible()
    assert not page.get_by_role("button", name="Abrir el mapa interactivo").is_visible()


def test_a_phone_sees_the_narrow_drawing_and_a_desk_the_wide_one(gallery: Any) -> None:
    def widths(width: int) -> set[str]:
        page = gallery.open("/components/situation/", width=width)
        return set(
            page.locator("svg.map:visible").evaluate_all("all => all.map(one => one.getAttribute('viewBox'))")
        )

    assert [box.split()[2] for box in widths(390)] == ["380"]
    assert [box.split()[2] for box in widths(1280)] == ["1000"]


def test_large_enough_to_touch(gallery: Any) -> None:
    page = gallery.open("/components/", width=390)

    heights = page.locator(
        "main .button, header button, header a, nav.pages a, nav.tabs a, summary, select"
    ).evaluate_all(
        "all => all.filter(one => one.offsetParent).map(one => [one.textContent.trim(), one.getBoundingClientRect().height])"
    )

    assert len(heights) > 15
    assert [words for words, height in heights if height < 40] == []


def test_on_paper_the_shell_disappears_and_tables_are_whole(gallery: Any) -> None:
    page = gallery.open("/components/situation/")

    page.emulate_media(media="print")

    assert not page.locator(".banner").is_visible()
    assert page.locator(".print-head").is_visible()
    assert page.locator(".table-scroll").last.evaluate("one => getComputedStyle(one).overflowX") == "visible"
    assert page.locator("svg.map:visible").count() == 1
