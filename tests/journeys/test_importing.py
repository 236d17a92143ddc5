"""A delegate brings a ministry's messy spreadsheet, repairs how it is read, and publishes it; others see it then."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.factories import ministry
from tests.factories.people import holder

from corredor.areas.flows import services
from corredor.areas.flows.models import Source

PASSWORD = "siete ranas cruzan el rio"
SOURCE = "hnd-inm-irregular"
WORDS = {
    "sign in": {"es": "Iniciar sesión", "en": "Sign in"},
    "look": {"es": "Examinar el archivo", "en": "Look at the file"},
    "see": {"es": "Ver qué cambiaría", "en": "See what it would change"},
    "measure": {"es": "Indique qué se cuenta.", "en": "Say what is counted."},
    "keep": {"es": "Conservar estas cifras", "en": "Keep these figures"},
    "kept": {"es": "Las cifras se conservan.", "en": "The figures are kept."},
    "decide": {"es": "Decidir quién puede verlo", "en": "Decide who may see it"},
    "eyes": {"es": "Verlo con sus ojos", "en": "See it with their eyes"},
    "protected": {"es": "protegido", "en": "protected"},
    "publish": {"es": "Publicar", "en": "Publish"},
    "published": {"es": "Publicado.", "en": "Published."},
    "nothing changes": {"es": "Nada cambia", "en": "Nothing changes"},
    "congo": {"es": "República Democrática del Congo", "en": "Congo - Kinshasa"},
    "march": {"es": "marzo de 2024", "en": "March 2024"},
    "levels": {"es": "Establecer estos niveles", "en": "Set these levels"},
    "note": {"es": "Escribir la nota", "en": "Write the note"},
}


@pytest.fixture
def say(language):
    return lambda key: WORDS[key][language]


@pytest.fixture(autouse=True)
def _honduras(countries, settings, tmp_path):
    settings.HOME = tmp_path
    services.load_reference()
    Source.objects.filter(pk=SOURCE).update(small_cell_threshold=10)


@pytest.fixture
def signed_in(visit, say, language):
    """A window in which an invented holder of a role is signed in, at an address."""

    def window(role: str, address: str, **where: str) -> Page:
        somebody = holder(role, language=language, **where)
        somebody.set_password(PASSWORD)
        somebody.save()
        page = visit(f"/account/login/?next={address}")
        page.fill("#id_login", somebody.email)
        page.fill("#id_password", PASSWORD)
        press(page, say("sign in"))
        return page

    return window


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def bring(page: Page, language: str, say) -> None:
    content = ministry.workbook(language=language)
    page.set_input_files(
        "#id_file",
        files=[{"name": "marzo.xlsx", "mimeType": "application/octet-stream", "buffer": content}],
    )
    press(page, say("look"))


def test_a_messy_spreadsheet_is_repaired_kept_and_published(visit, signed_in, say, language, photograph):
    page = signed_in("delegate", "/flows/import/")
    photograph(page, "import")
    bring(page, language, say)

    # What is missing is asked beside its field, and what was understood is shown.
    photograph(page, "columns")
    page.fill("#id_name-0", say("congo"))
    press(page, say("see"))
    expect(page.locator("#errors")).to_contain_text(say("measure"))
    expect(page.locator("#id_name-0")).to_have_value(say("congo"))
    photograph(page, "columns-refused")
    page.select_option("#id_measure", "irregular_entries")
    page.select_option("#id_gate", "HND-ALL")
    press(page, say("see"))

    expect(page.locator("main")).to_contain_text("1,617")  # the file's total of January, checked
    photograph(page, "preview")
    press(page, say("keep"))
    expect(page.locator("main")).to_contain_text(say("kept"))
    photograph(page, "batch")

    # Before it is published neither another country nor the public sees anything of it.
    other = signed_in("delegate", "/flows/gates/HND-ALL/", country="PAN")
    public = visit("/flows/gates/HND-ALL/")
    for reader in (other, public):
        expect(reader.locator("h1")).to_be_visible()
        expect(reader.locator("main")).not_to_contain_text("1,175")

    # The contact point sees it with their eyes, small counts protected, and publishes.
    page.get_by_role("link", name=say("decide")).first.click()
    photograph(page, "publish")
    page.locator("input[name=level][value='3']").check()
    press(page, say("eyes"))
    expect(page.locator("#outlook")).to_contain_text(say("protected"))
    photograph(page, "outlook")
    press(page, say("publish"))
    expect(page.locator("main")).to_contain_text(say("published"))

    for reader in (other, public):
        reader.reload()
        expect(reader.locator("main")).to_contain_text("1,175")
        expect(reader.locator("main")).to_contain_text(say("march"))

    # The same file once more says that nothing changes; its layout needs no question any more.
    page.goto(page.url.split("/flows/")[0] + "/flows/import/")
    bring(page, language, say)
    expect(page.locator("main")).to_contain_text(say("nothing changes"))
    photograph(page, "nothing-changes")


def test_a_country_sets_how_far_its_series_go_and_writes_beside_its_figures(
    signed_in, say, language, photograph
):
    page = signed_in("delegate", "/flows/import/")
    bring(page, language, say)
    page.select_option("#id_measure", "irregular_entries")
    page.select_option("#id_gate", "HND-ALL")
    press(page, say("see"))
    photograph(page, "preview-with-refusals")
    page.locator("form[action$='/keep/'] button").click()
    site = page.url.split("/flows/")[0]

    page.goto(f"{site}/flows/batches/")
    photograph(page, "batches")
    page.goto(f"{site}/flows/sharing/{SOURCE}/")
    photograph(page, "sharing")
    page.select_option("#id_level-1", "0")
    press(page, say("levels"))
    expect(page.locator("#id_level-1")).to_have_value("0")
    page.goto(f"{site}/flows/quality/{SOURCE}/")
    photograph(page, "quality")
    page.locator("a[href$='/note/']").first.click()
    page.locator("#points a").first.click()
    page.fill("#id_text_es", "Cierre de la frontera")
    page.fill("#id_text_en", "Border closed")
    photograph(page, "note")
    press(page, say("note"))
    expect(page.locator("main")).to_contain_text(
        {"es": "Cierre de la frontera", "en": "Border closed"}[language]
    )
