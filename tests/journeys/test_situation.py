"""The public reads the situation: in both languages, at a desk and on a phone, and again without any script."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.factories.shipped import DARIEN, HONDURAS, forecast_as_of, publish_shipped

pytestmark = pytest.mark.usefixtures("countries")
WORDS = {
    "choose": {"es": "Elegir otro día, medida o país", "en": "Choose another day, measure or country"},
    "show": {"es": "Mostrar", "en": "Show"},
    "known then": {
        "es": "según lo conocido al 15 de marzo de 2025",
        "en": "as it was known on 15 March 2025",
    },
    "february": {"es": "febrero de 2025", "en": "February 2025"},
    "april": {"es": "abril de 2025", "en": "April 2025"},
    "table": {"es": "Las mismas cifras en una tabla", "en": "The same numbers as a table"},
    "transit": {"es": "Tránsito irregular", "en": "Irregular transit"},
    "forecast": {"es": "Pronóstico para mayo de 2025", "en": "Forecast for May 2025"},
    "how good": {"es": "Qué tan buenos han sido los pronósticos", "en": "How good the forecasts have been"},
}
ADDRESSES = (
    ("situation", "/"),
    ("flows", "/flows/"),
    ("gate", "/flows/gates/PAN-DARIEN/"),
    ("country", "/flows/countries/HND/"),
    ("nationality", "/flows/nationalities/VEN/"),
    ("sources", "/flows/sources/"),
    ("forecasts", "/foresight/"),
    ("record", "/foresight/record/"),
)


@pytest.fixture
def figures(countries) -> None:
    publish_shipped(DARIEN, HONDURAS)
    forecast_as_of(date(2025, 2, 15), source=DARIEN)
    forecast_as_of(date(2025, 6, 30), source=DARIEN)


@pytest.fixture
def say(language):
    return lambda key: WORDS[key][language]


def open_gate(page: Page) -> None:
    page.locator("main").get_by_role("link", name="Darién (").first.click()
    expect(page.locator("h1")).to_contain_text("Darién")


def read_the_table(page: Page, say) -> None:
    page.get_by_text(say("table"), exact=True).first.click()
    row = page.get_by_role("row").filter(has_text=say("april")).filter(has_text="73").first
    expect(row).to_be_visible()


def go_back_in_time(page: Page, say) -> None:
    page.get_by_text(say("choose"), exact=True).click()
    page.locator("#known_on").fill("2025-03-15")
    page.locator("main").get_by_role("button", name=say("show"), exact=True).click()
    expect(page.locator("main")).to_contain_text(say("known then"))
    expect(page.locator("article").first).to_contain_text(say("february"))


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name=name, exact=True).first.click()
    return Path(download.value.path()).read_bytes()


def story(page: Page, say) -> None:
    """From the situation to a gate, its table and its figures; then to what was known before."""
    expect(page.locator("article").first).to_contain_text("73")
    expect(page.locator("article").first).to_contain_text(say("forecast"))
    open_gate(page)
    read_the_table(page, say)
    rows = list(csv.DictReader(io.StringIO(downloaded(page, "CSV").decode("utf-8-sig"))))
    assert rows[0]["value"] == "#affected+num"
    assert (rows[-1]["period"], rows[-1]["value"]) == ("2025-04-01", "73")
    picture = page.locator("main").get_by_role("link", name="PNG", exact=True).first.get_attribute("href")
    png = page.request.get(page.url.split("/flows/")[0] + picture)
    assert png.body().startswith(b"\x89PNG")
    page.goto(page.url.split("/flows/")[0] + "/")
    go_back_in_time(page, say)


def test_the_public_reads_the_situation_and_what_stands_behind_it(figures, visit, say):
    page = visit("/")

    story(page, say)


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_everything_can_be_read_without_a_script(figures, browser, live_server, language, size, say):
    context = browser.new_context(
        java_script_enabled=False, locale=language, viewport={"width": 375, "height": 740}
    )
    context.add_cookies([{"name": "corredor_language", "value": language, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url)

    story(page, say)

    context.close()


def test_every_page_fits_its_window_and_can_be_used_by_everybody(figures, visit, photograph):
    from corredor.areas.flows import queries as flows
    from corredor.areas.foresight.models import Forecast
    from corredor.kernel.policy import PUBLIC

    series = flows.situation(PUBLIC).gates[0].headlines[0].series.id
    forecast = Forecast.objects.filter(nationality="ALL").earliest("origin").pk
    page = visit("/")
    origin = re.match(r"https?://[^/]+", page.url)
    assert origin

    for name, address in (
        *ADDRESSES,
        ("series", f"/flows/series/{series}/"),
        ("forecast", f"/foresight/{forecast}/"),
    ):
        page.goto(f"{origin[0]}{address}")
        photograph(page, f"reading-{name}")


@pytest.mark.parametrize("size", ["desk"], indirect=True)
def test_the_keyboard_alone_leads_from_the_map_to_a_gate(figures, visit, size):
    page = visit("/")
    link = page.locator(".picture-wide svg.map a").first

    link.focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/flows/gates/"))
