from __future__ import annotations

import statistics
import time

import pytest
from django.core import mail
from django.core.cache import caches
from django.test import Client
from tests.factories.people import holder, person
from tests.interfaces.web.account.conftest import PASSWORD, sign_in

from corredor.kernel.audit.models import AuditLine

pytestmark = pytest.mark.django_db


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_the_right_password_signs_in_and_leaves_a_line(client, with_password):
    answer = sign_in(client, with_password.email)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)
    assert AuditLine.objects.get().verb == "signed_in"


def test_the_address_is_taken_in_any_letters(client, with_password):
    sign_in(client, with_password.email.upper())

    assert is_signed_in(client)


def test_after_signing_in_one_lands_where_one_wanted_to_go(client, with_password):
    wanted = client.get("/account/")

    assert wanted["Location"] == "/account/login/?next=%2Faccount%2F"
    answer = client.post(wanted["Location"], {"login": with_password.email, "password": PASSWORD})
    assert answer["Location"] == "/account/"


def test_nobody_is_led_to_another_site_after_signing_in(client, with_password):
    answer = client.post(
        "/account/login/?next=https://elsewhere.example/",
        {"login": with_password.email, "password": PASSWORD},
    )

    assert answer["Location"] == "/"


@pytest.mark.parametrize("language", ["es", "en"])
def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(client, somebody, language):
    client.cookies["corredor_language"] = language

    unknown = sign_in(client, "demo.nobody@example.org", "not the password")
    wrong = sign_in(client, somebody.email, "not the password")

    assert unknown.status_code == wrong.status_code == 200
    words = {
        "es": "La dirección o la contraseña no es correcta",
        "en": "The address or the password is not right",
    }
    for answer in (unknown, wrong):
        assert words[language] in answer.content.decode()


def test_an_unknown_address_takes_as_long_as_a_wrong_password(client, somebody, settings):
    settings.ACCOUNT_RATE_LIMITS = False

    def seconds(email: str) -> float:
        started = time.perf_counter()
        sign_in(client, email, "not the password")
        return time.perf_counter() - started

    seconds(somebody.email)
    pairs = [(seconds("demo.nobody@example.org"), seconds(somebody.email)) for _ in range(7)]
    unknown, known = (statistics.median(side) for side in zip(*pairs, strict=True))

    assert 0.5 < unknown / known < 2


def test_a_closed_account_is_refused_even_with_the_right_password(client, somebody):
    somebody.is_active = False
    somebody.save()

    answer = sign_in(client, somebody.email)

    assert answer["Location"] == "/account/closed/"
    assert not is_signed_in(client)
    assert "cerrada" in client.get("/account/closed/").content.decode()


def test_an_open_session_ends_when_the_account_closes(client, somebody):
    sign_in(client, somebody.email)

    somebody.is_active = False
    somebody.save()

    assert not is_signed_in(client)


def test_there_is_no_sign_up_and_no_page_of_addresses(client, somebody):
    sign_in(client, somebody.email)

    for closed in (
        "/account/signup/",
        "/account/email/",
        "/account/confirm-email/",
        "/account/3rdparty/",
        "/account/3rdparty/signup/",
        "/account/social/signup/",
        "/account/login/code/",
        "/account/password/reset/confirm/",
        "/account/signup/passkey/",
    ):
        assert client.get(closed).status_code == 404, closed
        assert client.post(closed).status_code == 404, closed


def test_five_wrong_passwords_close_an_account_for_five_minutes_from_anywhere(client, somebody):
    for attempt in range(5):
        sign_in(client, somebody.email, "wrong", REMOTE_ADDR=f"10.0.0.{attempt}")

    answer = sign_in(client, somebody.email, REMOTE_ADDR="10.9.9.9")

    assert "cinco minutos" in answer.content.decode()
    assert not is_signed_in(client)


def test_a_crowd_of_other_visitors_does_not_push_the_count_out(client, somebody):
    for attempt in range(5):
        sign_in(client, somebody.email, "wrong", REMOTE_ADDR=f"10.0.0.{attempt}")
    caches["default"].set_many({f"somebody-else-{number}": 1 for number in range(600)}, 300)

    sign_in(client, somebody.email, REMOTE_ADDR="10.9.9.9")

    assert not is_signed_in(client)


def test_ten_wrong_passwords_close_a_connection_for_a_minute_for_any_account(client, somebody):
    for attempt in range(10):
        sign_in(client, f"demo.other{attempt}@example.org", "wrong", REMOTE_ADDR="10.0.0.1")

    assert "Demasiados intentos" in sign_in(client, somebody.email, REMOTE_ADDR="10.0.0.1").content.decode()
    sign_in(client, somebody.email, REMOTE_ADDR="10.0.0.2")
    assert is_signed_in(client)


def test_thirty_requests_in_a_minute_get_a_page_that_explains(client):
    for _attempt in range(30):
        client.post("/account/login/", {"login": "", "password": ""})

    answer = client.post("/account/login/", {"login": "", "password": ""})

    assert answer.status_code == 429
    assert "cada conexión" in answer.content.decode()


def test_a_proxy_s_word_about_addresses_is_not_believed_unless_there_is_one(client, somebody):
    for attempt in range(11):
        sign_in(client, f"demo.o{attempt}@example.org", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.1.{attempt}")

    assert (
        "Demasiados intentos"
        in sign_in(client, somebody.email, HTTP_X_FORWARDED_FOR="10.0.2.1").content.decode()
    )


def test_a_new_password_is_sent_by_mail_in_the_reader_s_language_and_works_once(client, somebody):
    somebody.language = "en"
    somebody.save()

    client.post("/account/password/reset/", {"email": somebody.email})
    (message,) = mail.outbox
    link = next(word for word in message.body.split() if word.startswith("http"))
    form = client.get(link, follow=True)
    new = "a heron waits for rain at dusk"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

    assert message.to == [somebody.email]
    assert message.subject == "Corredor · Set your password"
    assert done["Location"] == "/account/password/reset/done/"
    sign_in(client, somebody.email, new)
    assert is_signed_in(client)
    assert "ya no funciona" in Client().get(link, follow=True).content.decode()


def test_asking_for_a_new_password_says_the_same_whoever_asks(client, somebody):
    known = client.post("/account/password/reset/", {"email": somebody.email}, follow=True)
    unknown = client.post("/account/password/reset/", {"email": "demo.nobody@example.org"}, follow=True)

    strip = lambda answer: answer.content.decode().split("<main")[1].split("</main")[0]  # noqa: E731
    assert strip(known) == strip(unknown)
    assert [message.to[0] for message in mail.outbox] == [somebody.email, "demo.nobody@example.org"]
    assert "ninguna cuenta" in mail.outbox[1].body


def test_a_closed_account_gets_no_link(client, somebody):
    somebody.is_active = False
    somebody.save()

    client.post("/account/password/reset/", {"email": somebody.email})

    assert "/password/reset/key/" not in mail.outbox[0].body


def test_links_in_mails_start_with_the_installation_s_own_address(client, somebody, settings):
    settings.ORIGIN, settings.ALLOWED_HOSTS = "https://corredor.example", ["*"]

    client.post("/account/password/reset/", {"email": somebody.email}, HTTP_HOST="evil.example")

    assert "https://corredor.example/account/password/reset/key/" in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(somebody):
    here, elsewhere = Client(), Client()
    sign_in(here, somebody.email)
    sign_in(elsewhere, somebody.email)
    new = "a heron waits for rain at dusk"

    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert "contraseña" in mail.outbox[-1].body


@pytest.mark.parametrize("weak", ["short1", "password1234", "123456789012345"])
def test_weak_passwords_are_refused_with_the_reason(client, somebody, weak):
    sign_in(client, somebody.email)

    answer = client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    )

    assert answer.status_code == 200
    assert 'class="errors"' in answer.content.decode()
    somebody.refresh_from_db()
    assert somebody.check_password(PASSWORD)


def test_passwords_are_kept_with_argon2(somebody):
    assert somebody.password.startswith("argon2$argon2id$")


def test_sessions_are_listed_and_one_of_them_is_ended(somebody):
    here = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0")
    phone = Client(
        HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/150 Mobile Safari/537"
    )
    sign_in(here, somebody.email)
    sign_in(phone, somebody.email)

    listed = here.get("/account/sessions/").content.decode()
    other = somebody.usersession_set.get(user_agent__contains="Android")
    here.post(f"/account/sessions/{other.pk}/end/")

    assert "Firefox, Windows" in listed
    assert "Chrome, Android" in listed
    assert is_signed_in(here)
    assert not is_signed_in(phone)


def test_nobody_ends_somebody_else_s_session(somebody, client):
    theirs = Client()
    sign_in(theirs, somebody.email)
    client.force_login(person())

    answer = client.post(f"/account/sessions/{somebody.usersession_set.get().pk}/end/")

    assert answer.status_code == 404
    assert is_signed_in(theirs)


def test_all_the_other_sessions_end_at_once(somebody):
    here, one, two = Client(), Client(), Client()
    for each in (here, one, two):
        sign_in(each, somebody.email)

    here.post("/account/sessions/")

    assert [is_signed_in(each) for each in (here, one, two)] == [True, False, False]


def test_sessions_that_are_over_leave_no_address_behind(somebody, client):
    from allauth.usersessions.models import UserSession

    from corredor.kernel.people.services import forget_ended_sessions

    sign_in(client, somebody.email)
    client.session.flush()
    client.cookies.clear()

    forget_ended_sessions()
    assert not UserSession.objects.exists()


def test_closing_an_account_ends_its_sessions_and_forgets_its_keys(somebody, client, countries):
    from allauth.mfa.models import Authenticator
    from allauth.usersessions.models import UserSession

    from corredor.kernel.people.services import close_account
    from corredor.kernel.policy import SYSTEM

    sign_in(client, somebody.email)
    Authenticator.objects.create(user=somebody, type="totp", data={})

    close_account(by=SYSTEM, person=somebody)

    assert not is_signed_in(client)
    assert not UserSession.objects.filter(user=somebody).exists()
    assert not Authenticator.objects.filter(user=somebody).exists()


def test_signing_out_needs_a_press_of_a_button(client, somebody):
    sign_in(client, somebody.email)

    client.get("/account/logout/")
    assert is_signed_in(client)
    client.post("/account/logout/")
    assert not is_signed_in(client)


def test_signing_in_needs_the_page_s_own_token(somebody):
    strict = Client(enforce_csrf_checks=True)

    assert sign_in(strict, somebody.email).status_code == 403
    assert not is_signed_in(strict)


def test_the_session_is_a_new_one_after_signing_in(client, somebody):
    client.get("/account/login/")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before

    sign_in(client, somebody.email)

    assert client.session.session_key != before


@pytest.mark.usefixtures("countries")
def test_the_page_of_one_s_account_says_what_one_holds(client):
    client.force_login(holder("delegate", country="PAN"))

    page = client.get("/account/").content.decode()

    assert "Delegado y punto de contacto · Panamá" in page
