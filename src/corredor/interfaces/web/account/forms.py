"""The sign-in library's forms in our words: labels above the fields, nothing written inside them."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.base import forms as second
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from corredor.interfaces.web.account.backend import may_sign_in


class OurWords(forms.Form):
    """Replaces labels by ``labels`` and takes out the words inside the fields, which vanish when one writes."""

    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class SignInForm(OurWords, LoginForm):
    labels = {"login": _("E-mail")}


class ConfirmForm(OurWords, ReauthenticateForm):
    pass


class ForgottenForm(OurWords, ResetPasswordForm):
    """Sends a mail in either case, so that the page tells nobody which addresses have an account."""

    labels = {"email": _("E-mail")}
    users: list[Any]

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        self.users = [person for person in self.users if may_sign_in(person)]
        if self.users:
            return str(super().save(request, **kwargs))
        address = str(self.cleaned_data["email"])
        get_adapter(request).send_mail("account/email/unknown_account", address, {})
        return address


NEW_PASSWORD = {
    "oldpassword": _("The password you use now"),
    "password1": _("The new password"),
    "password2": _("The new password again"),
}


class NewPasswordForm(OurWords, ChangePasswordForm):
    labels = NEW_PASSWORD


class FirstPasswordForm(OurWords, SetPasswordForm):
    labels = NEW_PASSWORD


class PasswordByLinkForm(OurWords, ResetPasswordKeyForm):
    labels = NEW_PASSWORD


class SecondStepForm(OurWords, second.AuthenticateForm):
    pass


class ConfirmByCodeForm(OurWords, second.ReauthenticateForm):
    pass


class AppForm(OurWords, ActivateTOTPForm):
    labels = {"code": _("The six digits")}


class AddKeyForm(OurWords, AddWebAuthnForm):
    labels = {
        "name": _("A name for it, such as “My phone”"),
        "passwordless": _("Let this passkey alone open my account, without a password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].help_text = _("The device then always asks for its own lock.")
        self.fields["passwordless"].initial = True


class NameKeyForm(OurWords, EditWebAuthnForm):
    labels = {"name": _("A name for it, such as “My phone”")}
