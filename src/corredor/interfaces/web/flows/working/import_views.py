"""Importing figures: a file is put aside, understood, previewed, and kept when a person says so."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corredor.areas.flows import queries as flows
from corredor.areas.flows import services
from corredor.areas.flows.services.trying import known_layouts
from corredor.interfaces.web.access import PageRequest, page
from corredor.interfaces.web.bounded_uploads import files, posted, why_stopped
from corredor.interfaces.web.flows.working import carrying, tables, uploads
from corredor.interfaces.web.flows.working.columns import ColumnsForm, country_names
from corredor.interfaces.web.flows.working.forms import SheetForm, UploadForm
from corredor.interfaces.web.flows.working.uploads import Draft
from corredor.kernel.errors import Refused

LOOK_AGAIN_SECONDS = 4


@page("flows.import_figures")
def import_figures(request: PageRequest) -> HttpResponse:
    """Choose a file and say whose figures it holds."""
    sources = flows.importable_sources(request.actor)
    form = UploadForm(
        posted(request),
        files(request),
        sources=sources,
        stopped=why_stopped(request),
        most_mb=settings.IMPORT_MAX_BYTES // 1_000_000,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return redirect("flows_draft", _take_in(request, form).token)
            except Refused as refusal:
                form.add_error("file", str(refusal))
                status = refusal.http_status
    context = {
        "form": form,
        "sources": sources,
        "waiting": list(uploads.waiting(request.actor.person_id)),
        "layouts": _layouts(),
    }
    return render(request, "flows/working/import.html", context, status=status)


def _take_in(request: PageRequest, form: UploadForm) -> Draft:
    """Put the file aside and look at it; one that cannot be read at all is removed again."""
    file, entered = form.cleaned_data["file"], form.cleaned_data
    known_on = entered["known_on"].isoformat() if entered["known_on"] else ""
    draft = uploads.take_in(
        chunks=file.chunks(),
        name=file.name,
        person=request.actor.person_id or 0,
        source=entered["source"],
        known_on=known_on,
    )
    try:
        carrying.understand(draft, request.actor)
    except BaseException:
        uploads.forget(draft.token)
        raise
    uploads.keep(draft)
    if draft.is_understood:
        carrying.ask_for(draft, "preview", request.actor)
    return draft


def _layouts() -> list[str]:
    """The publishers whose files are recognised, by name."""
    writing = {code for _name, code in known_layouts()}
    return sorted({str(card.name) for card in flows.sources() if card.code in writing})


@page("flows.import_figures")
def draft(request: PageRequest, token: str) -> HttpResponse:
    """Where a file stands: being read, waiting for its columns, or previewed."""
    found = uploads.find(token, request.actor.person_id)
    if found.batch is not None:
        return redirect("flows_batch", found.batch)
    if found.doing:
        response = render(request, "flows/working/progress.html", {"draft": found})
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
        return response
    if not found.is_understood:
        return redirect("flows_columns", token)
    return render(request, "flows/working/preview.html", _preview(found))


def _preview(found: Draft) -> dict[str, Any]:
    report = found.report
    refused = uploads.refused_rows(found)
    layout = next((card for card in flows.sources() if card.code == found.layout_source), None)
    return {
        "draft": found,
        "source": _source_of(found),
        "fault": _in_language(found.fault),
        "report": report,
        "counts": tables.counts(report) if report else (),
        "nothing_new": bool(report and not report["kept"]),
        "sample": tables.sample(found.sample),
        "refusals": tables.refusals(refused[:50]),
        "more_refused": max(0, (report or {}).get("refused", 0) - 50),
        "checks": tables.checks(report["checks"]) if report else None,
        "is_by_columns": found.adapter == carrying.GENERAL,
        "other_layout": layout if layout and layout.code != found.source else None,
    }


def _source_of(found: Draft) -> Any:
    return next(card for card in flows.sources() if card.code == found.source)


def _in_language(fault: dict[str, dict[str, str]] | None) -> dict[str, str] | None:
    return fault[(get_language() or "es")[:2]] if fault else None


@page("flows.import_figures")
def columns(request: PageRequest, token: str) -> HttpResponse:
    """What Corredor understood of each column; corrected here, and remembered for the source once figures are kept."""
    found = uploads.find(token, request.actor.person_id)
    proposal = services.propose_import(
        path=found.path,
        by=request.actor,
        source=found.source,
        sheet=request.GET.get("sheet", found.sheet),
        file_name=found.file_name,
    )
    if proposal.proposal is None or found.doing or found.batch is not None:
        return redirect("flows_draft", token)
    other_sheet = request.GET.get("sheet", found.sheet) != found.sheet
    mapping = found.mapping if found.mapping and not other_sheet else proposal.mapping
    source = _source_of(found)
    form = ColumnsForm(posted(request), proposal=proposal, mapping=mapping or {}, country=source.country)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            found.mapping, found.is_understood = form.mapping, True
            found.sheet = request.GET.get("sheet", found.sheet)
            carrying.ask_for(found, "preview", request.actor)
            if found.fault is None:
                return redirect("flows_draft", token)
            form.add_error(None, " ".join((_in_language(found.fault) or {}).values()))
    context = {
        "draft": found,
        "source": source,
        "form": form,
        "proposal": proposal.proposal,
        "is_remembered": proposal.is_remembered,
        "sheets": _sheet_form(proposal.proposal, found, request),
        "sample": tables.sample([carrying.figure_in_short(one) for one in proposal.proposal.sample]),
        "checks": tables.checks([carrying.check_in_short(one) for one in proposal.proposal.checks[:20]]),
        "refusals": tables.refusals([carrying.refusal_in_short(one) for one in proposal.proposal.refused]),
        "countries": country_names((get_language() or "es")[:2]),
    }
    return render(request, "flows/working/columns.html", context, status=status)


def _sheet_form(proposal: Any, found: Draft, request: PageRequest) -> SheetForm | None:
    if len(proposal.sheets) < 2:
        return None
    return SheetForm(sheets=proposal.sheets, initial={"sheet": proposal.mapping.sheet})


@page("flows.import_figures", changes=True)
def keep_figures(request: PageRequest, token: str) -> HttpResponse:
    """Keep what the preview showed, as one batch."""
    found = uploads.find(token, request.actor.person_id)
    if found.doing or not found.is_understood or found.batch is not None:
        return redirect("flows_draft", token)
    carrying.ask_for(found, "import", request.actor)
    if found.batch is None:
        return redirect("flows_draft", token)
    uploads.forget(token)
    if found.report and found.report["kept"]:
        said = _("The figures are kept. Only your country sees them until its contact point publishes.")
        messages.success(request, said)
    else:
        messages.info(request, _("Nothing changed meanwhile: every figure had been said before."))
    return redirect("flows_batch", found.batch)


@page("flows.import_figures", changes=True)
def look_again(request: PageRequest, token: str) -> HttpResponse:
    """Preview anew: figures of the source may have been imported since."""
    found = uploads.find(token, request.actor.person_id)
    if not found.doing and found.is_understood and found.batch is None:
        carrying.ask_for(found, "preview", request.actor)
    return redirect("flows_draft", token)


@page("flows.import_figures", changes=True)
def discard(request: PageRequest, token: str) -> HttpResponse:
    """Remove the file; nothing of it was kept."""
    found = uploads.find(token, request.actor.person_id)
    uploads.forget(token)
    messages.success(request, _("“%(name)s” is removed; nothing of it was kept.") % {"name": found.file_name})
    return redirect("flows_import")


@page("flows.import_figures")
def draft_refusals(request: PageRequest, token: str) -> HttpResponse:
    """The rows that would not be taken, as a file to work through."""
    found = uploads.find(token, request.actor.person_id)
    language = (get_language() or "es")[:2]
    lines = [
        (row["row"], row["sheet"], row["column"], row["found"], row[language], row["code"])
        for row in uploads.refused_rows(found)
    ]
    return refusals_file(lines, found.file_name)


def refusals_file(lines: list[tuple[Any, ...]], name: str) -> HttpResponse:
    """Refused rows as CSV in the reader's language."""
    text = io.StringIO()
    text.write("\ufeff")  # so that spreadsheets read it as UTF-8
    writer = csv.writer(text)
    writer.writerow([_("row"), _("sheet"), _("column"), _("found"), _("reason"), _("code")])
    writer.writerows([[_inert(cell) for cell in line] for line in lines])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    stem = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name.rsplit(".", 1)[0])[:60]
    prefix = _("not-taken")
    response["Content-Disposition"] = f'attachment; filename="{prefix}-{stem}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _inert(cell: Any) -> Any:
    """A text a spreadsheet would take for a formula is told to be text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
