"""Forms of accounts and mandates. They read; what is allowed is decided by the services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from corredor.kernel.countries import queries as countries
from corredor.kernel.errors import Invalid
from corredor.kernel.organisations import queries as organisations
from corredor.kernel.people import queries
from corredor.kernel.people.roles import ROLES

NOBODY = ("", pgettext_lazy("no country or organisation", "None"))


class PlainForm(forms.Form):
    """A form without the colons and required marks the parts of a page already say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def take(self, refusal: Invalid) -> None:
        """Show beside each field why the service cannot take it."""
        for name, faults in refusal.fields.items():
            for fault in faults:
                self.add_error(name if name in self.fields else None, str(fault))


def offer(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    """Let a field of choices offer these."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=required, widget=widget, help_text=help_text, input_formats=["%Y-%m-%d"]
    )


class ProfileForm(PlainForm):
    language = forms.ChoiceField(label=_("Language"), choices=[("es", "Español"), ("en", "English")])
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Hours and deadlines are shown in it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "zone", [(zone, zone.replace("_", " ")) for zone in self._zones()])

    def _zones(self) -> list[str]:
        listed, chosen = queries.zones(), self.initial.get("zone", "UTC")
        return listed if chosen in listed else [chosen, *listed]


class AccountForm(ProfileForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.CharField(label=_("E-mail"), max_length=254, widget=forms.EmailInput)
    field_order = ("name", "email", "language", "zone")


class MandateForm(PlainForm):
    role = forms.ChoiceField(label=_("Role"))
    country = forms.ChoiceField(
        label=_("Country"), required=False, help_text=_("For the roles a country holds.")
    )
    organisation = forms.ChoiceField(
        label=_("Organisation"), required=False, help_text=_("For receivers and observer organisations.")
    )
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"), required=False, help_text=_("Leave it empty when no end is foreseen."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "es"
        offer(self, "role", [(role.code, role.title) for role in ROLES.values()])
        members = [(one.iso3, str(one)) for one in countries.members(language)]
        observers = [(one.iso3, str(one)) for one in countries.observers(language)]
        offer(self, "country", [NOBODY, (_("Members"), members), (_("Observers"), observers)])
        listed = [(str(one.pk), str(one)) for one in organisations.organisations(language)]
        offer(self, "organisation", [NOBODY, *listed])


class LastDayForm(PlainForm):
    on = day_field(_("Last day"), help_text=_("The mandate holds until the close of that day."))
