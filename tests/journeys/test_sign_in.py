"""How people come in: each way, in a real browser, in both languages, at a desk and on a phone."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.factories.people import holder
from tests.fakes.authenticator_app import digits

pytestmark = pytest.mark.usefixtures("countries")
PASSWORD = "siete ranas cruzan el rio"
WORDS = {
    "sign in": {"es": "Iniciar sesión", "en": "Sign in"},
    "confirm": {"es": "Confirmar", "en": "Confirm"},
    "continue": {"es": "Continuar", "en": "Continue"},
    "set up": {"es": "Configurar", "en": "Set up"},
    "add": {"es": "Añadir", "en": "Add"},
    "with a passkey": {"es": "Entrar con una llave de acceso", "en": "Sign in with a passkey"},
    "use a passkey": {"es": "Usar una llave de acceso", "en": "Use a passkey"},
    "end this session": {"es": "Terminar esta sesión", "en": "End this session"},
    "end all": {"es": "Terminar todas las demás", "en": "End all the others"},
    "not read": {"es": "No se leyó la llave de acceso", "en": "The passkey was not read"},
    "too many": {"es": "Demasiados intentos", "en": "Too many attempts"},
    "my account": {"es": "Mi cuenta y seguridad", "en": "My account and security"},
    "border": {"es": "Autoridad fronteriza", "en": "Border authority"},
    "one more step": {"es": "Un paso más para su rol", "en": "One more step for your role"},
    "alone": {"es": "Que esta llave abra por sí sola", "en": "Let this passkey alone open"},
}


@pytest.fixture
def delegate(countries, language):
    somebody = holder("delegate", language=language)
    somebody.set_password(PASSWORD)
    somebody.save()
    return somebody


@pytest.fixture
def say(language):
    return lambda key: WORDS[key][language]


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def enter(page: Page, somebody, say) -> None:
    page.fill("#id_login", somebody.email)
    page.fill("#id_password", PASSWORD)
    press(page, say("sign in"))


def confirm(page: Page, say) -> None:
    page.fill("#id_password", PASSWORD)
    press(page, say("confirm"))


def with_a_device(page: Page) -> dict:
    """Give the window a device that keeps passkeys and recognises its owner; returns how to ask it things."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return {"session": device, "id": made["authenticatorId"]}


def test_with_a_password(visit, delegate, say, photograph):
    page = visit("/account/")
    photograph(page, "sign-in")
    page.fill("#id_login", delegate.email)
    page.fill("#id_password", "not this one")
    press(page, say("sign in"))
    expect(page.locator("#errors")).to_be_visible()
    photograph(page, "sign-in-refused")

    enter(page, delegate, say)

    expect(page.get_by_role("heading", level=1)).to_have_text(say("my account"))
    photograph(page, "my-account")


def test_too_many_attempts_are_explained(visit, delegate, say, photograph):
    page = visit("/account/login/")
    for _attempt in range(5):
        page.fill("#id_login", delegate.email)
        page.fill("#id_password", "not this one")
        press(page, say("sign in"))

    enter(page, delegate, say)

    expect(page.locator("#errors")).to_contain_text(say("too many"))
    photograph(page, "sign-in-closed-for-a-while")


def test_with_an_app_and_then_a_recovery_code(visit, delegate, say, photograph):
    page = visit("/account/second/app/")
    enter(page, delegate, say)
    confirm(page, say)
    photograph(page, "app-set-up")
    page.fill("#id_code", digits(page.locator(".facts code").inner_text()))
    press(page, say("set up"))
    expect(page.locator(".tasks code")).to_have_count(10)
    photograph(page, "recovery-codes")
    code = page.locator(".tasks code").first.inner_text()

    other = visit("/account/")
    enter(other, delegate, say)
    photograph(other, "second-step")
    other.fill("#id_code", code)
    press(other, say("continue"))

    expect(other.get_by_role("heading", level=1)).to_have_text(say("my account"))
    again = visit("/account/")
    enter(again, delegate, say)
    again.fill("#id_code", code)
    press(again, say("continue"))
    expect(again.locator("#errors")).to_be_visible()


def test_with_a_passkey_alone_and_as_a_second_step(visit, delegate, say, language, photograph):
    page = visit("/account/second/keys/add/")
    device = with_a_device(page)
    enter(page, delegate, say)
    confirm(page, say)
    photograph(page, "passkey-add")
    expect(page.get_by_label(say("alone"))).to_be_checked()
    page.fill("#id_name", "Demo key")
    press(page, say("add"))
    expect(page.locator(".tasks code")).to_have_count(10)
    kept = device["session"].send("WebAuthn.getCredentials", {"authenticatorId": device["id"]})["credentials"]
    assert len(kept) == 1

    page.goto(page.url.split("/account/")[0] + "/account/second/keys/")
    expect(page.locator("main")).to_contain_text("Demo key")
    photograph(page, "passkeys")

    page.context.clear_cookies(name="sessionid")
    page.goto(page.url.split("/account/")[0] + "/account/login/?next=/account/")
    press(page, say("with a passkey"))
    expect(page.get_by_role("heading", level=1)).to_have_text(say("my account"))

    page.context.clear_cookies(name="sessionid")
    page.goto(page.url.split("/account/")[0] + "/account/login/?next=/account/")
    enter(page, delegate, say)
    press(page, say("use a passkey"))
    expect(page.get_by_role("heading", level=1)).to_have_text(say("my account"))


def test_a_passkey_that_is_not_read_leaves_the_page_and_says_so(visit, say, photograph):
    page = visit("/account/login/")
    device = with_a_device(page)
    device["session"].send(
        "WebAuthn.setUserVerified", {"authenticatorId": device["id"], "isUserVerified": False}
    )
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )

    press(page, say("with a passkey"))

    expect(page.get_by_text(say("not read"))).to_be_visible()
    photograph(page, "passkey-not-read")


def test_another_session_is_ended_from_here(visit, delegate, say, photograph):
    lost, here = visit("/account/"), visit("/account/sessions/")
    enter(lost, delegate, say)
    enter(here, delegate, say)
    photograph(here, "sessions")

    here.get_by_role("button", name=say("end this session")).click()

    expect(here.locator("main .tasks li")).to_have_count(1)
    lost.reload()
    expect(lost.get_by_role("heading", level=1)).to_have_text(say("sign in"))


def test_a_role_that_needs_a_second_step_is_shown_the_way(visit, delegate, say, settings, photograph):
    settings.SECOND_STEP_ROLES = ["delegate"]
    page = visit("/people/roles/")
    page.goto(page.url.split("/people/")[0] + "/account/login/?next=/people/roles/")

    enter(page, delegate, say)

    expect(page.get_by_role("heading", level=1)).to_have_text(say("one more step"))
    photograph(page, "one-more-step")


def test_in_a_demo_one_press_is_enough(visit, say, settings, photograph):
    from corredor.kernel.people.demo import invent_people

    invent_people(since=date(2026, 1, 1))
    settings.IS_DEMO = True
    page = visit("/account/login/?next=/account/")
    photograph(page, "demo-sign-in")

    page.locator("li").filter(has_text=say("border")).get_by_role("button").click()

    expect(page.locator("main")).to_contain_text("Demo Persona")
    expect(page.locator("main")).to_contain_text(say("border"))
