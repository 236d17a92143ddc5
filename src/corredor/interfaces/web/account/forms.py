"""The sign-in library's forms, where its words need to be ours."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from corredor.interfaces.web.account.backend import may_sign_in


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")


class ForgottenForm(ResetPasswordForm):
    """Sends a mail in either case, so that the page tells nobody which addresses have an account."""

    users: list[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        self.users = [person for person in self.users if may_sign_in(person)]
        if self.users:
            return str(super().save(request, **kwargs))
        address = str(self.cleaned_data["email"])
        get_adapter(request).send_mail("account/email/unknown_account", address, {})
        return address


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("The password you use now")
        self.fields["password1"].label = _("The new password")
        self.fields["password2"].label = _("The new password again")


class AddKeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for it, such as “My phone”")
        self.fields["passwordless"].label = _("Let this passkey alone open my account, without a password")
        self.fields["passwordless"].help_text = _("The device then always asks for its own lock.")
        self.fields["passwordless"].initial = True


class NameKeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for it, such as “My phone”")
