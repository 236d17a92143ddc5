"""A real browser for the stories of the roles: Debian's Chromium, in both languages, at a desk and on a phone.

A journey asks for ``visit``, a function that opens a new browser window: its own cookies, the language and the size of
the test. Whatever a page asks of the network outside this machine is stopped, and the test fails; so it does when a
page's script breaks or the content policy refuses something.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, Route

SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 740}}
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
SHOTS = os.environ.get("CORREDOR_SCREENSHOTS", "")
FLAGS = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = (
        os.environ.get("CORREDOR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if not chromium:
        pytest.fail("the journeys need Debian's chromium: apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


@pytest.fixture(params=["es", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["desk", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def _fresh_attempts(transactional_db: None) -> None:
    cache.clear()


class Faults(list[str]):
    """What a page did that it must not."""

    def watch(self, context: BrowserContext) -> None:
        context.route("**/*", self._only_here)
        context.on("page", self._listen)

    def _only_here(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in {"data", "blob"} or address.netloc.rsplit(":", 1)[0] in LOOPBACK:
            route.continue_()
        else:
            self.append(f"asked the network for {route.request.url}")
            route.abort()

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda fault: self.append(f"a script broke: {fault}"))
        page.on("console", lambda said: self._hear(said.text))

    def _hear(self, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.append(text)


@pytest.fixture
def faults() -> Iterator[Faults]:
    found = Faults()
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def visit(browser: Browser, live_server: Any, faults: Faults, language: str, size: str) -> Iterator[Visit]:
    """Open an address of the site in a new browser window of the test's language and size."""
    contexts = []

    def open_window(address: str = "/") -> Page:
        context = browser.new_context(
            viewport=SIZES[size], locale=language, is_mobile=size == "phone", has_touch=size == "phone"
        )
        contexts.append(context)
        faults.watch(context)
        context.add_cookies([{"name": "corredor_language", "value": language, "url": live_server.url}])
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.goto(f"{live_server.url}{address}")
        return page

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def photograph(language: str, size: str) -> Callable[[Page, str], None]:
    """Check that a page fits its window and can be used by everybody (axe, on the phone's size, where most is at
    stake), and keep a picture of it where CORREDOR_SCREENSHOTS names a folder.
    """

    def take(page: Page, name: str) -> None:
        if size == "phone":
            faults = Axe().run(page).response["violations"]
            said = [f"{fault['id']}: {[node['html'] for node in fault['nodes']]}" for fault in faults]
            assert not said, f"{name}: {said}"
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{name} is {overflow} pixels wider than the window"
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{name}-{language}-{size}.png", full_page=True)

    return take
