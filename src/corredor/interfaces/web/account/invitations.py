"""The first mail a person receives: the link by which a new account gets its password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest
from django.urls import reverse

if TYPE_CHECKING:
    from corredor.kernel.people.models import Person


def invite(request: HttpRequest, person: Person) -> None:
    """Send the invitation, in the person's language; asking again sends a fresh link."""
    adapter = get_adapter(request)
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    context = {
        "password_reset_url": adapter.get_reset_password_from_key_url(
            f"{user_pk_to_url_str(person)}-{token}"
        ),
        "reset_page": adapter.absolute(reverse("account_reset_password")),
    }
    adapter.send_mail("account/email/invitation", person.email, context)
