"""How the secretariat brings somebody in, and where anybody reads who may do what."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.factories.people import holder

pytestmark = pytest.mark.usefixtures("countries")
PASSWORD = "siete ranas cruzan el rio"
WORDS = {
    "open": {"es": "Abrir e invitar", "en": "Open and invite"},
    "give": {"es": "Asignar el mandato", "en": "Give the mandate"},
    "set": {"es": "Establecer la contraseña", "en": "Set the password"},
    "close": {"es": "Cerrar la cuenta", "en": "Close the account"},
    "delegate": {"es": "Delegado y punto de contacto, Panamá", "en": "Delegate and contact point, Panama"},
    "say for which": {"es": "Indique para qué país", "en": "Say for which country"},
    "signed out": {"es": "Iniciar sesión", "en": "Sign in"},
    "roles": {"es": "Personas y roles", "en": "People and roles"},
    "sign in": {"es": "Iniciar sesión", "en": "Sign in"},
}


@pytest.fixture
def say(language):
    return lambda key: WORDS[key][language]


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def test_the_secretariat_brings_a_delegate_in_and_sees_him_or_her_off(
    visit, say, language, photograph, mailoutbox
):
    manager = holder("secretariat", language=language)
    manager.set_password(PASSWORD)
    manager.save()
    page = visit("/account/login/?next=/people/open/")
    page.fill("#id_login", manager.email)
    page.fill("#id_password", PASSWORD)
    press(page, say("sign in"))

    photograph(page, "open-account")
    page.fill("#id_name", "Demo Persona Nueva")
    page.fill("#id_email", "demo.nueva@example.org")
    page.select_option("#id_language", language)
    press(page, say("open"))
    page.select_option("#id_role", "delegate")
    press(page, say("give"))
    expect(page.locator("#errors")).to_contain_text(say("say for which"))
    photograph(page, "mandate-refused")
    page.select_option("#id_country", "PAN")
    press(page, say("give"))
    expect(page.locator("main")).to_contain_text(say("delegate"))
    photograph(page, "account")

    invited = visit(re.search(r"https?://[^/]+(/\S*/key/\S+)", mailoutbox[0].body).group(1))
    photograph(invited, "set-password")
    invited.fill("#id_password1", PASSWORD)
    invited.fill("#id_password2", PASSWORD)
    press(invited, say("set"))
    invited.goto(invited.url.split("/account/")[0] + "/account/login/?next=/account/")
    invited.fill("#id_login", "demo.nueva@example.org")
    invited.fill("#id_password", PASSWORD)
    press(invited, say("sign in"))
    expect(invited.locator("main")).to_contain_text("Demo Persona Nueva")

    page.goto(page.url.split("/people/")[0] + "/people/")
    photograph(page, "accounts")
    page.get_by_role("link", name="Demo Persona Nueva").click()
    page.get_by_role("link", name=say("close")).click()
    photograph(page, "close-account")
    press(page, say("close"))
    invited.reload()
    expect(invited.get_by_role("heading", level=1)).to_have_text(say("signed out"))


def test_anybody_reads_who_may_do_what(visit, say, photograph):
    page = visit("/people/roles/")

    expect(page.get_by_role("heading", level=1)).to_have_text(say("roles"))
    photograph(page, "roles")
