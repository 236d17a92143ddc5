"""Forms of documents. They read; what is allowed is decided by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from corredor.interfaces.web.people.forms import PlainForm
from corredor.kernel.countries.names import country_name
from corredor.kernel.documents.services import LONGEST_REASON, LONGEST_TITLE, MOST_BYTES
from corredor.kernel.organisations import queries as organisations
from corredor.kernel.policy import Actor

MOST_MB = MOST_BYTES // 1_000_000


class FileForm(PlainForm):
    file = forms.FileField(
        label=_("The file"),
        max_length=300,
        allow_empty_file=True,  # the service refuses it, in the reader's words
        help_text=_("At most %(most)s MB. Nothing that could run when it is opened: no programs, no macros.")
        % {"most": MOST_MB},
    )

    def __init__(self, *args: Any, stopped: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stopped = stopped

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if self.stopped:
            self.errors.pop("file", None)
            self.add_error(
                "file",
                _("The file is larger than %(most)s MB.") % {"most": MOST_MB}
                if self.stopped == "too-large"
                else _("There is no room left on the disk, so the file was not taken."),
            )
        return entered


class DocumentForm(FileForm):
    owner = forms.ChoiceField(label=_("Whose document is it?"))
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=LONGEST_TITLE)
    title_en = forms.CharField(label=_("Title in English"), max_length=LONGEST_TITLE)
    field_order = ("owner", "title_es", "title_en", "file")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owners(actor)  # type: ignore[attr-defined]

    @property
    def country(self) -> str | None:
        return self._owner("country")

    @property
    def organisation(self) -> str | None:
        return self._owner("organisation")

    def _owner(self, kind: str) -> str | None:
        named, _colon, code = str(self.cleaned_data["owner"]).partition(":")
        return code if named == kind else None


def owners(actor: Actor) -> list[tuple[str, Any]]:
    """For whom this person may add: the countries and organisations they work for, and the forum for its keepers."""
    language = get_language() or "es"
    found: dict[str, Any] = {}
    for held in actor.capacities:
        if held.role in ("presidency", "secretariat"):
            found["forum"] = _("The forum")
        elif held.country:
            found[f"country:{held.country}"] = country_name(held.country, language)
        elif held.organisation:
            found[f"organisation:{held.organisation}"] = held.organisation
    if "secretariat" in actor.roles:
        found |= {f"organisation:{one.code}": str(one) for one in organisations.organisations(language)}
    return list(found.items())


class PublicationForm(PlainForm):
    reason = forms.CharField(
        label=_("Why?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The reason is kept with the decision and your name."),
    )
