"""Who may be signed in at all, by whichever way."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class SignIn(AuthenticationBackend):
    """E-mail and password, and the rule that also holds for passkeys, other institutions and open sessions."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Open accounts only; a demo's invented people only in a demo."""
        return may_sign_in(user)


def may_sign_in(person: Any) -> bool:
    """Whether an account may be signed in to in this installation."""
    return bool(person.is_active) and (settings.IS_DEMO or not person.is_demo)
