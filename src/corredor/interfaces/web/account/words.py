"""Words of the sign-in library that people meet here, listed so that our catalogue says them in our Spanish."""

from django.utils.translation import gettext_noop as _

MET = (
    _("Code"),
    _("Invalid or expired key."),
    _("Password"),
    _("This account is currently inactive."),
    _("The new value must be different from the current one."),
    _("Use a security key"),
    _("Use authenticator app or code"),
    _("Use your password"),
    _("You must type the same password each time."),
)
