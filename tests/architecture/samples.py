"""What the addresses with arguments are tried with, and the answers that are right without being a page.

A new address with an argument needs a line in SAMPLES: a function that makes the thing and returns the arguments. It
receives the person who will knock (None for the public). Things of a country are Honduras's, as the people's
mandates are. A new operation of the API with parameters needs one in API.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories.people import holder

Sample = Callable[[Any], dict[str, Any]]


def somebody(_knocking: Any) -> dict[str, Any]:
    return {"pk": holder("deputy").pk}


def a_mandate(_knocking: Any) -> dict[str, Any]:
    return {"pk": holder("deputy").mandates.get().pk}


def a_session_of_one_s_own(knocking: Any) -> dict[str, Any]:
    from allauth.usersessions.models import UserSession

    whose = knocking or holder("deputy")
    key = f"sample-{UserSession.objects.count()}"
    return {"pk": UserSession.objects.create(user=whose, ip="127.0.0.1", session_key=key).pk}


def any_key(_knocking: Any) -> dict[str, Any]:
    return {"pk": 1}  # whoever knocks is first asked to confirm who it is


SAMPLES: dict[str, Sample] = {
    "account": somebody,
    "invite": somebody,
    "close_account": somebody,
    "give_mandate": somebody,
    "end_mandate": a_mandate,
    "end_session": a_session_of_one_s_own,
    "mfa_edit_webauthn": any_key,
    "mfa_remove_webauthn": any_key,
    "account_reset_password_from_key": lambda _knocking: {"uidb36": "1", "key": "none"},
    "openid_connect_login": lambda _knocking: {"provider_id": "institution"},
    "openid_connect_callback": lambda _knocking: {"provider_id": "institution"},
}

# Opened to the right person, these answer that there is nothing: no demo, no institution, no codes yet.
NOTHING_THERE = {
    "demo_sign_in",
    "openid_connect_login",
    "openid_connect_callback",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
}

# Opened to anyone, these answer with words of their own that are not about the reader.
OWN_ANSWERS = {"socialaccount_login_error": {401}, "health_ready": {200, 503}}

# A look at these writes, and why that is right.
WRITE_ON_A_LOOK = {"health_ready": "it tries whether the database takes what is written"}

# Views that name no action, and why that is right.
CHECK_THEMSELVES = {
    "set_language": "it keeps a word in the reader's own browser and reads nothing",
    "components": "the parts of a page with invented values; only in a demonstration",
    "components_situation": "the same, put together",
    "map_geometry": "outlines of land, public domain",
}

API: dict[str, Sample] = {}
