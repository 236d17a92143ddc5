"""The readable page of the API, in the reader's language, made from the same description that programs read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from corredor.interfaces.api import description


def reference(request: HttpRequest) -> HttpResponse:
    """Every operation: what it does, who may, what it takes and gives; and every refusal with its way out."""
    language = (get_language() or "es")[:2]
    context = {
        "groups": description.groups(language),
        "refusals": description.refusals(),
        "schemas": description.schemas(language),
    }
    return render(request, "api/reference.html", context)


reference.action = "api.read_reference"  # type: ignore[attr-defined]
