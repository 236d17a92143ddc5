"""What the browser is told about these pages, and what several processes count together."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, RequestFactory
from tests.interfaces.web.account.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.django_db

PUBLIC_SCREENS = [
    "/account/login/",
    "/account/closed/",
    "/account/password/reset/",
    "/account/password/reset/sent/",
    "/account/password/reset/done/",
    "/account/password/reset/key/1-none/",
    "/account/oidc/cancelled/",
    "/account/oidc/error/",
]
OWN_SCREENS = [
    "/account/",
    "/account/logout/",
    "/account/confirm/",
    "/account/password/change/",
    "/account/second/",
    "/account/second/app/",
    "/account/second/keys/",
    "/account/second/keys/add/",
    "/account/second/codes/new/",
    "/account/sessions/",
    "/people/me/",
    "/people/roles/",
]


class Inline(HTMLParser):
    """Everything in a page that a strict policy would refuse to run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "style" or "style" in given:
            self.found.append(f"style in {tag}")
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.found.append("inline script")
        self.found += [f"{name} in {tag}" for name in given if name.startswith("on")]
        self.found += [f"{value}" for value in given.values() if (value or "").startswith("javascript:")]


def inline_in(answer) -> list[str]:
    parser = Inline()
    parser.feed(answer.content.decode())
    return parser.found


@pytest.fixture
def confirmed(client, somebody):
    sign_in(client, somebody.email)
    client.post("/account/confirm/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("screen", PUBLIC_SCREENS + OWN_SCREENS)
def test_no_screen_has_a_script_or_a_style_inside_and_all_say_so(confirmed, client, screen, language):
    browser = Client() if screen in PUBLIC_SCREENS else confirmed
    browser.cookies["corredor_language"] = language

    answer = browser.get(screen)

    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code in (200, 401), screen
    assert f'<html lang="{language}">' in answer.content.decode()
    assert inline_in(answer) == []
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_parser_of_this_test_sees_what_it_looks_for():
    parser = Inline()
    parser.feed('<p style="x" onclick="y"><script>z</script><a href="javascript:w">')
    assert len(parser.found) == 4


def test_screens_of_an_account_are_not_kept_by_the_browser_or_a_proxy(confirmed):
    for screen in ("/account/login/", "/account/second/codes/new/", "/account/password/change/"):
        assert "no-store" in confirmed.get(screen).headers.get("Cache-Control", ""), screen


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, somebody):
    cookie = sign_in(client, somebody.email).cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""  # it ends with the browser
    assert django_settings.SESSION_COOKIE_AGE == 12 * 3600  # and after half a day in any case


def test_over_https_cookies_are_secure_and_browsers_told_to_stay(tmp_path):
    """The settings as a production installation reads them, in a process of its own."""
    says = (
        "from corredor.config import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS,"
        " s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN, bool(s.SECOND_STEP_ROLES))"
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CORREDOR_")},
        "CORREDOR_MODE": "production",
        "CORREDOR_HOME": str(tmp_path),
        "CORREDOR_SECRET_KEY": "a key for a test, long enough to be one",
        "CORREDOR_ORIGIN": "https://corredor.example",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }

    run = subprocess.run(
        [sys.executable, "-c", says], env=environment, capture_output=True, text=True, check=True
    )

    assert run.stdout.split() == ["True", "True", "True", "31536000", "False", "True"]


def test_the_table_of_counts_comes_with_the_migrations():
    assert django_settings.CACHES["default"]["LOCATION"] in connection.introspection.table_names()


@pytest.mark.django_db(transaction=True)
def test_processes_count_the_same_attempts_together():
    """Twelve at once through connections of their own: five pass, as if there were one process."""
    from allauth.core.internal import ratelimit

    cache.clear()

    def attempt(_number: int) -> bool:
        try:
            request = RequestFactory().post("/account/login/")
            rates = {"tried": "5/h/key"}
            return bool(
                ratelimit.consume(request, app="test", action="tried", config=rates, key="demo@example.org")
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        passed = sum(pool.map(attempt, range(12)))

    assert passed <= 5
    assert attempt(13) is False or passed < 5


def test_no_secret_reaches_the_log(client, somebody, caplog):
    with caplog.at_level("DEBUG"):
        sign_in(client, somebody.email)
        client.post("/account/password/reset/", {"email": somebody.email})

    assert not re.search(rf"{re.escape(PASSWORD)}|{re.escape(somebody.email)}", caplog.text)
