"""The gallery of parts (demonstration only) and the outlines the live map is drawn from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from corredor.interfaces.web.components import examples, geography
from corredor.interfaces.web.components.parts import Link
from corredor.kernel.errors import NotFound


class ExampleForm(forms.Form):
    """A form with every kind of field, for the gallery."""

    where = forms.CharField(
        label=_("Place"), help_text=_("The name used on the spot, for example “Lajas Blancas”.")
    )
    people = forms.IntegerField(label=_("People counted"), min_value=0)
    when = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    measure = forms.ChoiceField(
        label=_("What is counted"), choices=[("t", _("Irregular transit")), ("e", _("Entries"))]
    )
    certainty = forms.ChoiceField(
        label=_("How sure is it?"),
        choices=[
            ("seen", _("Seen by our own staff")),
            ("told", _("Told by others")),
            ("rumour", _("Unconfirmed")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    told = forms.BooleanField(label=_("The duty office has been told"), required=False)


def only_in_demonstration() -> None:
    if not (settings.IS_DEMO or settings.DEBUG):
        raise NotFound


def gallery(request: HttpRequest) -> HttpResponse:
    """Every part, alive, in the reader's language."""
    only_in_demonstration()
    here = reverse("components")
    context = {
        **examples.parts(get_language() or "es"),
        "crumbs": [Link(_("Situation"), "/"), Link(_("Parts of a page"), here, is_current=True)],
        "tabs": [
            Link(_("By month"), here, is_current=True),
            Link(_("By nationality"), "#"),
            Link(_("By age"), "#"),
        ],
        "page": Paginator(range(240), 20).get_page(request.GET.get("page")),
        "form": ExampleForm(),
        "wrong_form": ExampleForm(
            {
                "wrong-where": "Lajas Blancas",
                "wrong-people": "-3",
                "wrong-when": "31/31/2025",
                "wrong-measure": "t",
            },
            prefix="wrong",
        ),
    }
    return render(request, "components/gallery.html", context)


def example_situation(request: HttpRequest) -> HttpResponse:
    """The parts as a situation page puts them together, with published figures of December 2024."""
    only_in_demonstration()
    return render(request, "components/example_situation.html", examples.situation(get_language() or "es"))


def geometry(request: HttpRequest) -> FileResponse:
    """The outlines for the live map: the shipped file, or the deployment's own."""
    place = Path(settings.MAP_GEOMETRY) if settings.MAP_GEOMETRY else geography.SHIPPED
    response = FileResponse(place.open("rb"), content_type="application/geo+json")
    response["Cache-Control"] = "public, max-age=86400"
    return response


OPEN_VIEWS: tuple[Any, ...] = (gallery, example_situation, geometry)
for open_view in OPEN_VIEWS:
    open_view.checks_its_own_actions = True
