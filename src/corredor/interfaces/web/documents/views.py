"""The forum's documents: read, call, show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from corredor.interfaces.web.access import PageRequest, page
from corredor.interfaces.web.bounded_uploads import files, posted, why_stopped
from corredor.interfaces.web.documents.forms import DocumentForm, FileForm, PublicationForm, owners
from corredor.kernel import policy
from corredor.kernel.documents import queries, services
from corredor.kernel.errors import Invalid, NotFound, Refused

ON_A_PAGE = 30


@page("documents.read_public")
def documents(request: PageRequest) -> HttpResponse:
    """The documents this reader may see, the latest first."""
    start = request.GET.get("from", "")
    offset = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    found = queries.documents(request.actor, limit=ON_A_PAGE + 1, offset=offset)
    context = {
        "lines": [_line(one) for one in found[:ON_A_PAGE]],
        "next": offset + ON_A_PAGE if len(found) > ON_A_PAGE else None,
        "may_add": policy.can(request.actor, "documents.add"),
    }
    return render(request, "documents/documents.html", context)


def _line(one: Any) -> dict[str, Any]:
    versions = sorted(one.versions.all(), key=lambda version: -version.number)
    return {"document": one, "owner": owner_of(one), "latest": versions[0] if versions else None}


def owner_of(document: Any) -> str:
    """Whose a document is, in the reader's words."""
    return str(document.country or document.organisation or _("The forum"))


@page("documents.read_public")
def document(request: PageRequest, pk: int) -> HttpResponse:
    """One document with its versions, and what was decided about its publication."""
    found = queries.document(request.actor, pk)
    context = {
        "document": found,
        "owner": owner_of(found),
        "versions": found.versions.order_by("-number").select_related("added_by"),
        "may_add": policy.can(request.actor, "documents.add", found),
        "may_decide": policy.can(request.actor, "documents.decide_publication", found),
        "is_reader": not request.actor.is_public,
    }
    return render(request, "documents/document.html", context)


@page("documents.add")
def add(request: PageRequest) -> HttpResponse:
    """A new document; it is private until somebody decides otherwise."""
    form = DocumentForm(
        posted(request),
        files(request),
        actor=request.actor,
        stopped=why_stopped(request),
        initial={"owner": next((code for code, _name in owners(request.actor)), "")},
    )

    def do() -> HttpResponse:
        entered = form.cleaned_data
        added = services.add_document(
            title={"es": entered["title_es"], "en": entered["title_en"]},
            file=entered["file"],
            name=entered["file"].name,
            by=request.actor,
            country=form.country,
            organisation=form.organisation,
        )
        messages.success(request, _("The document is kept. It is private until its publication is decided."))
        return redirect("document", added.pk)

    return _done_or_shown(request, form, do, "documents/add.html", {})


@page("documents.add")
def add_version(request: PageRequest, pk: int) -> HttpResponse:
    """A new version of a document; the earlier ones stay."""
    found = queries.document(request.actor, pk)
    policy.require(request.actor, "documents.add", found)
    form = FileForm(posted(request), files(request), stopped=why_stopped(request))

    def do() -> HttpResponse:
        file = form.cleaned_data["file"]
        version = services.add_version(document=found, file=file, name=file.name, by=request.actor)
        messages.success(request, _("Version %(number)s is the latest.") % {"number": version.number})
        return redirect("document", pk)

    return _done_or_shown(request, form, do, "documents/add_version.html", {"document": found})


@page("documents.decide_publication")
def decide_publication(request: PageRequest, pk: int) -> HttpResponse:
    """Make a document public, or private again, with the reason on record."""
    found = queries.document(request.actor, pk)
    policy.require(request.actor, "documents.decide_publication", found)
    form = PublicationForm(posted(request))

    def do() -> HttpResponse:
        decided = services.decide_publication(
            document=found,
            is_public=not found.is_public,
            reason=form.cleaned_data["reason"],
            by=request.actor,
        )
        said = _("The document is public.") if decided.is_public else _("The document is private again.")
        messages.success(request, said)
        return redirect("document", pk)

    return _done_or_shown(request, form, do, "documents/publication.html", {"document": found})


def _done_or_shown(
    request: PageRequest, form: Any, do: Callable[[], HttpResponse], template: str, context: dict[str, Any]
) -> HttpResponse:
    """Do it, or show the form again with the refusal beside the field it is about."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return do()
            except Invalid as refusal:
                form.take(refusal)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.http_status
    return render(request, template, {"form": form, **context}, status=status)


@page("documents.read_public")
def file(request: PageRequest, pk: int, number: int | None = None) -> FileResponse:
    """The file of a version: shown where nothing in it can act, otherwise saved."""
    given = queries.download(request.actor, pk, number=number)
    try:
        content = given.path.open("rb")
    except FileNotFoundError as fault:
        raise NotFound(
            _("The file of this version is not on the disk."),
            _("Tell the operators: a backup may hold it."),
        ) from fault
    response = FileResponse(
        content, as_attachment=not given.is_shown, filename=given.name, content_type=given.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Length"] = str(given.size)
    return response
