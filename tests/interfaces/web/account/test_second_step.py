from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.http import HttpResponse
from django.test import Client
from tests.factories.people import holder
from tests.fakes.authenticator_app import digits
from tests.interfaces.web.account.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.usefixtures("countries")


def confirm(client: Client) -> None:
    """Say again who one is, as the pages ask before the protection of an account changes."""
    client.post("/account/confirm/", {"password": PASSWORD})


@pytest.fixture
def app_secret(with_password):
    secret = generate_totp_secret()
    TOTP.activate(with_password, secret)
    return secret


def test_the_app_of_these_tests_shows_what_the_standard_says():
    # RFC 6238, appendix B: the last six digits for its secret at second 59 and at second 1111111109.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    assert (digits(secret, at=59), digits(secret, at=1_111_111_109)) == ("287082", "081804")


def test_with_an_app_the_password_alone_does_not_sign_in(client, with_password, app_secret):
    answer = sign_in(client, with_password.email)

    assert answer["Location"] == "/account/2fa/"
    assert client.get("/account/").status_code == 302
    client.post("/account/2fa/", {"code": digits(app_secret)})
    assert client.get("/account/").status_code == 200


def test_the_same_digits_do_not_open_twice(with_password, app_secret):
    shown = digits(app_secret)
    first, second = Client(), Client()
    for each in (first, second):
        sign_in(each, with_password.email)
        each.post("/account/2fa/", {"code": shown})

    assert first.get("/account/").status_code == 200
    assert second.get("/account/").status_code == 302


def test_guessing_digits_is_slowed_down(client, with_password, app_secret):
    sign_in(client, with_password.email)

    answers = [client.post("/account/2fa/", {"code": f"{guess:06}"}) for guess in range(12)]

    assert "Demasiados intentos" in answers[-1].content.decode() or answers[-1].status_code == 429


def test_an_app_is_set_up_with_the_square_and_gives_recovery_codes(client, with_password):
    sign_in(client, with_password.email)
    confirm(client)
    page = client.get("/account/second/app/")
    secret = page.context["form"].secret

    done = client.post("/account/second/app/", {"code": digits(secret)}, follow=True)

    assert "data:image/svg+xml" in page.content.decode()
    assert done.redirect_chain[-1][0] == "/account/second/codes/"
    assert len(done.context["unused_codes"]) == 10
    assert client.get("/account/second/codes/download/").content.decode().count("\n") >= 10


def test_a_recovery_code_opens_once(with_password, client):
    sign_in(client, with_password.email)
    confirm(client)
    secret = client.get("/account/second/app/").context["form"].secret
    codes = client.post("/account/second/app/", {"code": digits(secret)}, follow=True).context["unused_codes"]
    first, second = Client(), Client()
    for each in (first, second):
        sign_in(each, with_password.email)
        each.post("/account/2fa/", {"code": codes[0]})

    assert first.get("/account/").status_code == 200
    assert second.get("/account/").status_code == 302


def test_secrets_of_second_steps_are_not_kept_in_the_open(with_password, app_secret):
    kept = Authenticator.objects.get(user=with_password).data

    assert app_secret not in str(kept)


def test_secrets_open_after_the_installation_s_key_is_renewed(client, with_password, app_secret, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, long enough for a test of renewal"

    sign_in(client, with_password.email)
    client.post("/account/2fa/", {"code": digits(app_secret)})

    assert client.get("/account/").status_code == 200


def test_changing_the_second_step_asks_again_who_one_is(client, with_password):
    sign_in(client, with_password.email)

    answer = client.get("/account/second/app/")

    assert answer["Location"].startswith("/account/confirm/")
    assert "contraseña" in client.get(answer["Location"]).content.decode().lower()


def test_a_role_that_needs_a_second_step_is_led_to_it_gently(client, with_password, settings):
    settings.SECOND_STEP_ROLES = ["delegate"]
    sign_in(client, with_password.email)

    answer = client.get("/people/roles/")

    assert answer["Location"] == "/account/second-step/?next=%2Fpeople%2Froles%2F"
    page = client.get(answer["Location"]).content.decode()
    assert "Un paso más para su rol" in page
    assert client.get("/account/password/change/").status_code == 200


def test_until_then_the_role_gives_nothing_at_any_door(client, settings, rf):
    from corredor.interfaces.web.access import ActorAndLanguage

    settings.SECOND_STEP_ROLES = ["secretariat"]
    request = rf.get("/api/v1/anything")
    request.user = holder("secretariat")
    seen = []
    ActorAndLanguage(lambda asked: seen.append(asked.actor) or HttpResponse())(request)

    assert seen[0].person_id == request.user.pk
    assert seen[0].roles == frozenset()


def test_with_a_second_step_the_role_is_whole(client, with_password, app_secret, settings):
    settings.SECOND_STEP_ROLES = ["delegate"]
    client.force_login(with_password)

    assert client.get("/people/roles/").status_code == 200
    assert client.get("/account/second-step/")["Location"] == "/account/"


def test_a_role_that_needs_none_is_not_asked(client, settings):
    settings.SECOND_STEP_ROLES = ["secretariat"]
    client.force_login(holder("reviewer"))

    assert client.get("/people/roles/").status_code == 200


def test_the_last_second_step_of_such_a_role_is_not_removed(client, with_password, app_secret, settings):
    settings.SECOND_STEP_ROLES = ["delegate"]
    sign_in(client, with_password.email)
    client.post("/account/2fa/", {"code": digits(app_secret)})
    confirm(client)

    answer = client.post("/account/second/app/remove/")

    assert "Añada otro antes de quitar este" in answer.content.decode()
    assert Authenticator.objects.filter(user=with_password, type="totp").exists()


def test_one_that_no_role_needs_is_removed_once_one_has_confirmed(client, with_password, app_secret):
    sign_in(client, with_password.email)
    client.post("/account/2fa/", {"code": digits(app_secret)})

    asked = client.post("/account/second/app/remove/")
    assert Authenticator.objects.filter(user=with_password, type="totp").exists()
    client.post(asked["Location"], {"password": PASSWORD})

    assert not Authenticator.objects.filter(user=with_password).exists()


def test_setting_a_new_password_by_mail_does_not_pass_the_second_step_by(
    client, with_password, app_secret, mailoutbox
):
    client.post("/account/password/reset/", {"email": with_password.email})
    link = next(word for word in mailoutbox[0].body.split() if word.startswith("http"))
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": PASSWORD + " mas", "password2": PASSWORD + " mas"})

    assert client.get("/account/").status_code == 302
    assert sign_in(client, with_password.email, PASSWORD + " mas")["Location"] == "/account/2fa/"
