"""A delegate keeps a country's document, renews it, and makes it public with a reason; then anybody reads it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.factories.people import holder

PASSWORD = "siete ranas cruzan el rio"
WORDS = {
    "sign in": {"es": "Iniciar sesión", "en": "Sign in"},
    "add": {"es": "Agregar el documento", "en": "Add the document"},
    "both": {"es": "Título en inglés", "en": "Title in English"},
    "publish": {"es": "Publicar el documento", "en": "Publish the document"},
    "public": {"es": "El documento es público.", "en": "The document is public."},
    "make public": {"es": "Hacerlo público", "en": "Make it public"},
    "title": {"es": "Lineamientos de demostración", "en": "Demo guidelines"},
}


@pytest.fixture
def say(language):
    return lambda key: WORDS[key][language]


@pytest.fixture(autouse=True)
def _own_folder(countries, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def test_a_document_is_kept_and_made_public(visit, say, language, photograph):
    delegate = holder("delegate", language=language)
    delegate.set_password(PASSWORD)
    delegate.save()
    page = visit("/account/login/?next=/documents/add/")
    page.fill("#id_login", delegate.email)
    page.fill("#id_password", PASSWORD)
    press(page, say("sign in"))

    page.fill("#id_title_es", WORDS["title"]["es"])
    page.set_input_files(
        "#id_file", files=[{"name": "demo.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 demo"}]
    )
    press(page, say("add"))
    expect(page.locator("#errors")).to_contain_text(say("both"))
    expect(page.locator("#id_title_es")).to_have_value(WORDS["title"]["es"])
    photograph(page, "document-refused")
    page.fill("#id_title_en", WORDS["title"]["en"])
    page.set_input_files(
        "#id_file", files=[{"name": "demo.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 demo"}]
    )
    press(page, say("add"))
    photograph(page, "document")
    public = visit("/documents/")
    expect(public.locator("main")).not_to_contain_text(say("title"))

    page.get_by_role("link", name=say("make public")).click()
    page.fill("#id_reason", "Demo")
    photograph(page, "publication")
    press(page, say("publish"))
    expect(page.locator("main")).to_contain_text(say("public"))

    public.reload()
    photograph(public, "documents")
    public.get_by_role("link", name=say("title")).click()
    expect(public.get_by_role("heading", level=1)).to_have_text(say("title"))
