"""What to doubt in a country's figures, the notes written beside them, and their validation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from corredor.areas.flows import queries as flows
from corredor.areas.flows import services
from corredor.areas.flows.queries import working
from corredor.areas.flows.queries.things import Flag, SeriesPage
from corredor.interfaces.web.access import PageRequest, page
from corredor.interfaces.web.bounded_uploads import posted
from corredor.interfaces.web.components.parts import Cell, Column, Row, Table
from corredor.interfaces.web.flows import words
from corredor.interfaces.web.flows.working.forms import NoteForm, ValidateForm
from corredor.interfaces.web.flows.working.series_words import about
from corredor.kernel import clock, policy
from corredor.kernel.errors import Invalid, NotFound, Refused
from corredor.kernel.sharing import Level

SHOWN_SERIES = 40
SHOWN_FLAGS = 12
SHOWN_POINTS = 36
KINDS = {
    "gap": gettext_lazy("Gap"),
    "part-period": gettext_lazy("Part of a period"),
    "parts-missing": gettext_lazy("Parts missing"),
    "sum-differs": gettext_lazy("Sums differ"),
    "unusual": gettext_lazy("Unusual"),
    "late": gettext_lazy("Late"),
    "revised": gettext_lazy("Revised"),
    "note": gettext_lazy("Note"),
}


@page("flows.read_batches")
def quality(request: PageRequest) -> HttpResponse:
    """The country's sources, each with its page of doubts."""
    return render(request, "flows/working/quality.html", {"sources": working.working_sources(request.actor)})


@page("flows.read_batches")
def quality_of(request: PageRequest, source: str) -> HttpResponse:
    """One source: gaps, part periods, sums that differ, unusual and late figures, notes; and what can be validated."""
    return _show_quality(request, source)


def _show_quality(
    request: PageRequest, source: str, form: ValidateForm | None = None, status: int = 200
) -> HttpResponse:
    card = working.working_source(request.actor, source)
    every = working.whole_series(request.actor, source)
    pages = [flows.series_points(request.actor, series.id) for series in every[:SHOWN_SERIES]]
    may_validate = policy.can(request.actor, "flows.import_figures", card)
    provisional = working.has_provisional(request.actor, source) if may_validate else ()
    fresh = ValidateForm(provisional=provisional, initial={"through": clock.today()})
    context = {
        "source": card,
        "blocks": [_block(one) for one in pages],
        "more": max(0, len(every) - SHOWN_SERIES),
        "provisional": provisional,
        "form": (form or fresh) if provisional else None,
        "may_annotate": policy.can(request.actor, "flows.annotate_quality", card),
    }
    return render(request, "flows/working/quality_of.html", context, status=status)


def _block(found: SeriesPage) -> dict[str, Any]:
    """A series with what is to be known of it, the newest first."""
    flags = sorted(found.flags, key=lambda flag: flag.period or date.max, reverse=True)
    return {
        "title": about(found.series),
        "number": found.series.id,
        "table": flags_table(found, flags[:SHOWN_FLAGS]) if flags else None,
        "more": max(0, len(flags) - SHOWN_FLAGS),
        "count": len(flags),
    }


def flags_table(found: SeriesPage, flags: list[Flag]) -> Table:
    rows = [
        Row(
            [
                words.period(flag.period, found.series.frequency) if flag.period else _("The whole series"),
                KINDS.get(flag.code, flag.code),
                f"{flag.words} ({flag.by})" if flag.by else str(flag.words),
            ]
        )
        for flag in flags
    ]
    columns = (Column(_("Period")), Column(_("What")), Column(_("What is known of it")))
    caption = _("To know beside %(series)s") % {"series": about(found.series)}
    return Table(caption, columns, rows, key=f"flags-{found.series.id}", is_caption_hidden=True)


@page("flows.import_figures", changes=True)
def validate(request: PageRequest, source: str) -> HttpResponse:
    """Declare provisional figures validated; they become a batch of their own, published like any other."""
    working.working_source(request.actor, source)
    provisional = working.has_provisional(request.actor, source)
    form = ValidateForm(request.POST, provisional=provisional)
    status = 422
    if form.is_valid():
        measure, gate = form.cleaned_data["about"].split(" ", 1)
        try:
            report = services.validate(
                source=source,
                measure=measure,
                gate=gate,
                through=form.cleaned_data["through"],
                by=request.actor,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = refusal.http_status
        else:
            said = ngettext("%(count)s figure is validated.", "%(count)s figures are validated.", report.kept)
            messages.success(
                request,
                f"{said % {'count': report.kept}} "
                + _("Its publication is decided like that of any other batch."),
            )
            return redirect("flows_batch", report.batch)
    return _show_quality(request, source, form, status)


@page("flows.annotate_quality")
def note(request: PageRequest, number: int) -> HttpResponse:
    """A series of the country with its latest figures; a note is written beside one of them, or beside the whole."""
    found = flows.series_points(request.actor, number)
    if found.series.source.country not in request.actor.countries:
        raise NotFound
    period = _period(request.GET.get("period", ""), found)
    may_publish = policy.can(request.actor, "flows.publish_figures")
    form = NoteForm(posted(request), initial={"level": int(Level.OWN)}, may_publish=may_publish)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _write(request, number, form, period)
            except Invalid as refusal:
                for text in refusal.fields.get("text", []):
                    form.take_text(str(text))
            else:
                messages.success(
                    request, _("The note stands beside the figure; the figure itself is unchanged.")
                )
                return redirect("flows_note", number)
    context = {
        "series": found.series,
        "title": about(found.series),
        "form": form,
        "period": words.period(period, found.series.frequency) if period else "",
        "points": _points(found),
        "flags": flags_table(found, list(found.flags)) if found.flags else None,
    }
    return render(request, "flows/working/note.html", context, status=status)


def _write(request: PageRequest, number: int, form: NoteForm, period: date | None) -> None:
    entered = form.cleaned_data
    services.annotate_quality(
        series=number,
        by=request.actor,
        text_es=entered["text_es"],
        text_en=entered["text_en"],
        period=period,
        level=Level(int(entered["level"])),
    )


def _period(asked: str, found: SeriesPage) -> date | None:
    """The period asked for, when the series has a figure of it."""
    return next((point.period for point in found.points if point.period.isoformat() == asked), None)


def _points(found: SeriesPage) -> Table:
    """The latest figures, each leading to the note beside it."""
    rows = [
        Row(
            [
                Cell(
                    words.period(point.period, found.series.frequency),
                    href=f"{reverse('flows_note', args=[found.series.id])}?period={point.period.isoformat()}#write",
                ),
                words.value_or_reason(point),
            ],
            words.status(point),
        )
        for point in reversed(found.points[-SHOWN_POINTS:])
    ]
    columns = (Column(_("Write beside")), Column(_("Number"), is_number=True))
    return Table(_("The latest figures"), columns, rows, key="points", is_caption_hidden=True)
