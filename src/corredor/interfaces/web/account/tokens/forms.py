from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corredor.kernel.errors import Invalid

LIVES = [(30, _("A month")), (90, _("Three months")), (180, _("Half a year")), (365, _("A year"))]


class TokenForm(forms.Form):
    """What a token is for, how long it lives, and whether it may change anything."""

    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("So that you know it again: “monthly report”.")
    )
    days = forms.TypedChoiceField(label=_("How long it lives"), coerce=int, choices=LIVES, initial=90)
    reads_only = forms.BooleanField(
        label=_("It only reads"),
        required=False,
        initial=True,
        help_text=_("Leave this out only for programs that import or publish figures for you."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def take(self, refusal: Invalid) -> None:
        """Show beside each field why it cannot be taken."""
        for name, faults in refusal.fields.items():
            for fault in faults:
                self.add_error(name if name in self.fields else None, str(fault))
