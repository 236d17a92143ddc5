"""How the sign-in library speaks and decides in Corredor: its mails, refusals, links and secrets."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from corredor.interfaces.web import second_step
from corredor.interfaces.web.account.backend import may_sign_in
from corredor.kernel.people.queries import actor_of, person_with_address


class AccountAdapter(DefaultAccountAdapter):
    """Accounts without sign-up; mails in their reader's language; refusals that say what can be done."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The address or the password is not right. Try again, or ask for a new password."
        ),
        "too_many_login_attempts": _(
            "Too many attempts: five for one account in five minutes, or ten from one connection in a minute. "
            "Wait five minutes, sign in with a passkey, or ask for a new password."
        ),
        "incorrect_code": _(
            "This code is not right, or it has expired. Wait for the next one and try again."
        ),
        "incorrect_password": _("This is not the password of this account."),
        "enter_current_password": _("Write the password you use now."),
        "rate_limited": _("Too many requests. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Refuse, after the right password or key, whoever may not sign in here."""
        if not may_sign_in(user):
            return HttpResponseRedirect(reverse("account_inactive"))
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the reader's language, whoever's page asked for the mail."""
        person = person_with_address(email)
        language = person.language if person else translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, {**context, "person": person, "language": language})

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return self.absolute(path.replace("UID-KEY", key))

    def absolute(self, path: str) -> str:
        """The whole address of a page: from the installation's own origin where one is set, never a borrowed host."""
        return (
            f"{settings.ORIGIN.rstrip('/')}{path}"
            if settings.ORIGIN
            else self.request.build_absolute_uri(path)
        )


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets kept encrypted; the last second step of a role that needs one is not removed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _(
            "Your role asks for a second step. Add another one before removing this one."
        ),
        "cannot_generate_recovery_codes": _("Recovery codes come with a second step. Set one up first."),
    }

    def encrypt(self, text: str) -> str:
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _lock().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """The square that an app reads, on white paper also where the page is dark."""
        paper = '<rect width="100%" height="100%" fill="#fff"/>'
        return str(super().build_totp_svg(url)).replace("<path", f"{paper}<path", 1)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if authenticator.type not in second_step.SECOND_STEPS:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=second_step.SECOND_STEPS)
        return others.exclude(pk=authenticator.pk).exists() or not second_step.is_required(
            actor_of(authenticator.user)
        )

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() + 1
        return str(_("Passkey %(number)s") % {"number": number})


def _lock() -> MultiFernet:
    """Keys derived from the installation's secret, older secrets still opening what they locked."""
    secrets = [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(secret))) for secret in secrets])


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"corredor second step").derive(
        secret.encode()
    )


class InstitutionAdapter(DefaultSocialAccountAdapter):
    """Sign-in through an institution: an address it has verified, of an account that exists, and nothing else."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        verified = [address.email for address in sociallogin.email_addresses if address.verified is True]
        person = next(filter(None, map(person_with_address, verified)), None)
        if person is None or not may_sign_in(person):
            raise ImmediateHttpResponse(self._no_account(request, has_address=bool(verified)))
        sociallogin.user = person

    def _no_account(self, request: HttpRequest, *, has_address: bool) -> HttpResponse:
        return render(request, "socialaccount/no_account.html", {"has_address": has_address}, status=403)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
