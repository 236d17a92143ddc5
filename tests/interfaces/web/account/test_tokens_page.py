"""The page of one's own tokens: made and seen once, ended at will."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.people import holder

from corredor.kernel.tokens.models import Token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("countries")]


@pytest.fixture
def delegate():
    """Somebody who signs in through an institution: there is no password to ask for again."""
    somebody = holder("delegate")
    somebody.set_unusable_password()
    somebody.save()
    client = Client(headers={"Accept-Language": "es"})
    client.force_login(somebody)
    return client


def make(client: Client, **said):
    return client.post(
        reverse("my_tokens"), {"name": "informe mensual", "days": "90", "reads_only": "on", **said}
    )


def test_a_token_is_shown_once_and_opens_the_api(delegate):
    made = make(delegate).content.decode()
    again = delegate.get(reverse("my_tokens")).content.decode()

    secret = re.search(r"<code>(corredor_[\w-]+)</code>", made)[1]
    assert secret not in again
    assert "informe mensual" in again
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["reads_only"] is True


def test_what_was_entered_is_not_lost_when_it_is_refused(delegate):
    refused = make(delegate, name="mi informe", days="5000")

    assert refused.status_code == 422
    assert 'value="mi informe"' in refused.content.decode()
    assert Token.objects.count() == 0


def test_a_token_is_revoked_with_one_button(delegate):
    make(delegate)
    token = Token.objects.get()

    answer = delegate.post(reverse("revoke_token", args=[token.pk]), follow=True)

    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "Esa clave ya no abre nada." in answer.content.decode()


def test_another_s_token_is_not_there(delegate):
    make(delegate)
    stranger = Client()
    stranger.force_login(holder("secretariat"))

    assert stranger.post(reverse("revoke_token", args=[Token.objects.get().pk])).status_code == 404
    assert Token.objects.get().ending not in stranger.get(reverse("my_tokens")).content.decode()


def test_the_public_is_asked_to_sign_in():
    assert Client().get(reverse("my_tokens")).status_code == 302


def test_making_one_asks_first_who_is_sitting_there():
    somebody = holder("delegate")
    somebody.set_password("una contraseña larga")
    somebody.save()
    client = Client()
    client.force_login(somebody)

    asked = make(client)

    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert Token.objects.count() == 0
