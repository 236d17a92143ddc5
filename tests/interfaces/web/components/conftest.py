"""A real browser for the gallery: Debian's Chromium, which may reach this machine only."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, BrowserContext, Page, Route
from pytest_django.fixtures import Settings

from corredor.interfaces.web.components import islands

ROOT = Path(__file__).resolve().parents[4]
FLAGS = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": FLAGS}


@pytest.fixture
def built_islands(settings: Settings) -> Iterator[None]:
    """The islands as they are in the sources now."""
    subprocess.run([str(ROOT / "scripts" / "assets")], check=True, timeout=300)
    settings.STATICFILES_DIRS = [ROOT / "src" / "corredor" / "interfaces" / "web" / "static"]
    for remembered in (finders.get_finder, islands.manifest):
        remembered.cache_clear()
    yield
    for remembered in (finders.get_finder, islands.manifest):
        remembered.cache_clear()


@pytest.fixture
def gallery(live_server: Any, settings: Settings, browser: Browser) -> Iterator["Reader"]:
    """Opens pages of the demonstration and notes every complaint of the browser and every call to elsewhere."""
    settings.IS_DEMO = True
    reader = Reader(live_server.url, browser)
    yield reader
    reader.leave()


class Reader:
    """Somebody at a screen, in a language."""

    def __init__(self, address: str, browser: Browser) -> None:
        self.address, self.browser = address, browser
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []

    def open(self, path: str, *, width: int = 1280, language: str = "es", **about: Any) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": 900}, locale=language, **about)
        self.contexts.append(context)
        context.add_cookies([{"name": "corredor_language", "value": language, "url": self.address}])
        context.route("**/*", self._only_here)
        page = context.new_page()
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.address + path)
        return page

    def leave(self) -> None:
        for context in self.contexts:
            context.close()

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)

    def _only_here(self, route: Route) -> None:
        if route.request.url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.complaints.append(f"asked elsewhere: {route.request.url}")
            route.abort()
