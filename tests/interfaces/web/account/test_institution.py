from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from tests.fakes.institution import Institution

from corredor.kernel.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution(settings):
    with Institution() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.provider
        yield provider


def go_and_come_back(client: Client, institution: Institution, *, start: str = "/account/oidc/institution/"):
    """What a browser does: press the button, visit the institution, follow it back."""
    there = client.post(start)["Location"]
    assert there.startswith(f"{institution.issuer}/authorize?")
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    assert urlsplit(back).path == "/account/oidc/institution/callback/"
    return client.get(back.removeprefix("http://testserver"))


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_the_button_shows_only_where_an_institution_is_named(client, institution, settings):
    assert "Demo Institution" in client.get("/account/login/").content.decode()

    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "/account/oidc/" not in client.get("/account/login/").content.decode()
    assert client.post("/account/oidc/institution/").status_code == 404


def test_a_verified_address_of_an_account_signs_in(client, institution, somebody):
    institution.claims = {"sub": "77", "email": somebody.email, "email_verified": True}

    answer = go_and_come_back(client, institution)

    assert answer["Location"] == "/"
    assert is_signed_in(client)
    somebody.refresh_from_db()
    assert somebody.has_usable_password()
    assert not SocialAccount.objects.exists()


def test_it_comes_back_to_the_page_one_wanted(client, institution, somebody):
    institution.claims = {"sub": "77", "email": somebody.email, "email_verified": True}

    answer = go_and_come_back(client, institution, start="/account/oidc/institution/?next=/people/roles/")

    assert answer["Location"] == "/people/roles/"


@pytest.mark.parametrize("verified", [False, None, "true", "false", 1])
def test_an_address_the_institution_has_not_verified_does_not_sign_in(
    client, institution, somebody, verified
):
    institution.claims = {"sub": "77", "email": somebody.email, "email_verified": verified}

    answer = go_and_come_back(client, institution)

    assert answer.status_code == 403
    assert "dirección que haya verificado" in answer.content.decode()
    assert not is_signed_in(client)


def test_an_address_without_an_account_opens_none(client, institution, somebody):
    institution.claims = {"sub": "78", "email": "demo.nobody@example.org", "email_verified": True}

    answer = go_and_come_back(client, institution)

    assert answer.status_code == 403
    assert "Secretaría Ejecutiva" in answer.content.decode()
    assert Person.objects.count() == 1


def test_a_closed_account_does_not_sign_in_through_its_institution(client, institution, somebody):
    institution.claims = {"sub": "77", "email": somebody.email, "email_verified": True}
    Person.objects.update(is_active=False)

    assert go_and_come_back(client, institution).status_code == 403
    assert not is_signed_in(client)


def test_the_second_step_is_asked_for_here_too(client, institution, somebody):
    institution.claims = {"sub": "77", "email": somebody.email, "email_verified": True}
    TOTP.activate(somebody, generate_totp_secret())

    assert go_and_come_back(client, institution)["Location"] == "/account/2fa/"
    assert not is_signed_in(client)


def test_an_answer_nobody_asked_for_is_refused(client, institution, somebody):
    institution.claims = {"sub": "77", "email": somebody.email, "email_verified": True}
    there = client.post("/account/oidc/institution/")["Location"]
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]

    other = Client().get(back.removeprefix("http://testserver"))

    assert other.status_code == 401
    assert "no respondió como se esperaba" in other.content.decode()


def test_the_same_answer_does_not_sign_in_twice(client, institution, somebody):
    institution.claims = {"sub": "77", "email": somebody.email, "email_verified": True}
    there = client.post("/account/oidc/institution/")["Location"]
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    client.get(back.removeprefix("http://testserver"))
    client.post("/account/logout/")

    assert client.get(back.removeprefix("http://testserver")).status_code == 401
    assert not is_signed_in(client)


def test_pressing_cancel_there_is_no_fault_here(client, institution):
    there = client.post("/account/oidc/institution/")["Location"]
    state = parse_qs(urlsplit(there).query)["state"][0]

    answer = client.get(f"/account/oidc/institution/callback/?error=access_denied&state={state}", follow=True)

    assert answer.status_code == 200
    assert "cancelado" in answer.content.decode()


def test_an_institution_that_does_not_answer_leaves_the_other_ways_in(client, institution):
    institution.is_down = True

    answer = client.post("/account/oidc/institution/")

    assert answer.status_code == 503
    assert "entre con su contraseña" in answer.content.decode()


def test_another_account_is_not_tied_to_an_open_session(client, institution, somebody):
    client.force_login(somebody)
    institution.claims = {"sub": "78", "email": "demo.nobody@example.org", "email_verified": True}

    answer = go_and_come_back(client, institution, start="/account/oidc/institution/?process=connect")

    assert answer["Location"] == "/account/login/"
    assert not SocialAccount.objects.exists()


def test_the_settings_name_the_institution_from_the_environment(monkeypatch):
    from corredor.config import environment

    monkeypatch.setenv("CORREDOR_OIDC_ISSUER", "https://sign-in.example.org/realm/")
    with pytest.raises(environment.SettingMissing, match="CORREDOR_OIDC_CLIENT_ID"):
        environment.openid_connect()
    monkeypatch.setenv("CORREDOR_OIDC_CLIENT_ID", "corredor")
    monkeypatch.setenv("CORREDOR_OIDC_SECRET", "secret")

    (app,) = environment.openid_connect()["openid_connect"]["APPS"]

    assert (app["name"], app["settings"]["server_url"]) == (
        "sign-in.example.org",
        "https://sign-in.example.org/realm",
    )
    assert environment.openid_connect_origins() == ["https://sign-in.example.org"]
