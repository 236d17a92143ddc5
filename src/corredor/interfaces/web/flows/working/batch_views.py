"""The record of imports: what each brought, how far it is seen, and the contact point's decisions about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corredor.areas.flows import queries as flows
from corredor.areas.flows import services
from corredor.areas.flows.queries import working
from corredor.areas.flows.queries.things import BatchPage, country_words
from corredor.areas.flows.services.trying import Outlook, try_publishing
from corredor.interfaces.web.access import PageRequest, page
from corredor.interfaces.web.bounded_uploads import posted
from corredor.interfaces.web.flows.working import tables
from corredor.interfaces.web.flows.working.forms import PublishForm, WithdrawForm
from corredor.interfaces.web.flows.working.import_views import refusals_file
from corredor.interfaces.web.flows.working.series_words import READERS, TONES
from corredor.kernel import policy
from corredor.kernel.errors import NotPermitted, Refused
from corredor.kernel.sharing import Level

ON_A_PAGE = 30


@page("flows.read_batches")
def batches(request: PageRequest) -> HttpResponse:
    """The imports this reader may see, source by source when asked."""
    source = request.GET.get("source", "")
    before = request.GET.get("before", "")
    found = flows.batches(
        request.actor,
        source=source,
        before=int(before) if before.isascii() and before.isdigit() else None,
        limit=ON_A_PAGE + 1,
    )
    shown = found[:ON_A_PAGE]
    context = {
        "table": tables.batches(shown),
        "is_empty": not shown,
        "source": source,
        "sources": working.working_sources(request.actor),
        "older": shown[-1].id if len(found) > ON_A_PAGE else None,
        "may_import": policy.can(request.actor, "flows.import_figures"),
        "waiting": [card for card in shown if card.may_publish_to and card.level == Level.OWN],
    }
    return render(request, "flows/working/batches.html", context)


@page("flows.read_batches")
def batch(request: PageRequest, number: int) -> HttpResponse:
    """One import: what it brought, what was refused, what it revised, how far it is seen."""
    found = flows.batch(request.actor, number)
    card = found.batch
    may_decide = bool(card.may_publish_to) or _may_withdraw(request, found)
    context = {
        "page": found,
        "card": card,
        "title": tables.title(card),
        "state": tables.STATES[card.status],
        "readers": READERS[card.level],
        "tone": TONES[card.level],
        "refusals": tables.refusals_of_batch(found.refusals[:100]),
        "more_refused": max(0, card.refused - 100),
        "checks": tables.checks_of_batch(found.checks),
        "differ": sum(not check.agrees for check in found.checks),
        "revisions": tables.revisions(working.revisions_of(request.actor, number)),
        "may_decide": may_decide,
        "may_withdraw": _may_withdraw(request, found),
        "country": country_words(card.source.country) if card.source.country else "",
    }
    return render(request, "flows/working/batch.html", context)


def _may_withdraw(request: PageRequest, found: BatchPage) -> bool:
    may = policy.can(request.actor, "flows.publish_figures", found.batch.source)
    return may and found.batch.status == "kept"


@page("flows.read_batches")
def batch_refusals(request: PageRequest, number: int) -> HttpResponse:
    """The refused rows of a batch as a file to work through."""
    found = flows.batch(request.actor, number)
    language = (get_language() or "es")[:2]
    lines = [
        (row.row, row.sheet, row.column, row.found, row.reason.in_language(language), row.code)
        for row in found.refusals
    ]
    return refusals_file(lines, found.batch.file_name)


@page("flows.publish_figures")
def publish(request: PageRequest, number: int) -> HttpResponse:
    """Choose who may see a batch, look at it with their eyes, and confirm."""
    card = flows.batch(request.actor, number).batch
    if not policy.can(request.actor, "flows.publish_figures", card.source):
        raise NotPermitted(action="flows.publish_figures")
    if not card.may_publish_to:
        return redirect("flows_batch", number)
    form = PublishForm(posted(request), levels=card.may_publish_to)
    outlook: Outlook | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if "publish" in request.POST:
                    return _published(request, number, form.chosen)
                outlook = try_publishing(batch=number, level=form.chosen, by=request.actor)
                status = 200
            except Refused as refusal:
                form.add_error("level", _with_batches(refusal))
                status = refusal.http_status
    context = {
        "card": card,
        "title": tables.title(card),
        "form": form,
        "outlook": outlook,
        "readers": READERS[outlook.level] if outlook else "",
        "table": tables.outlook(outlook.rows) if outlook else None,
        "more": max(0, outlook.shown + outlook.protected - len(outlook.rows)) if outlook else 0,
    }
    return render(request, "flows/working/publish.html", context, status=status)


def _published(request: PageRequest, number: int, level: Level) -> HttpResponse:
    services.publish_batch(batch=number, level=level, by=request.actor)
    messages.success(request, _("Published. They are now seen by %(readers)s.") % {"readers": READERS[level]})
    return redirect("flows_batch", number)


def _with_batches(refusal: Refused) -> str:
    """A refusal with the numbers of the batches it speaks of."""
    numbers: Any = refusal.details.get("batches")
    if not numbers:
        return str(refusal)
    named = _("batch %(numbers)s") % {"numbers": ", ".join(map(str, numbers))}
    return f"{refusal} ({named})"


@page("flows.publish_figures")
def withdraw(request: PageRequest, number: int) -> HttpResponse:
    """Take a batch back, with the reason on record."""
    found = flows.batch(request.actor, number)
    if not policy.can(request.actor, "flows.publish_figures", found.batch.source):
        raise NotPermitted(action="flows.publish_figures")
    if found.batch.status != "kept":
        return redirect("flows_batch", number)
    form = WithdrawForm(posted(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.withdraw_batch(batch=number, by=request.actor, reason=form.cleaned_data["reason"])
            except Refused as refusal:
                form.add_error(None, _with_batches(refusal))
                status = refusal.http_status
            else:
                messages.success(request, _("The batch is withdrawn: what was said before it holds again."))
                return redirect(reverse("flows_batch", args=[number]))
    context = {"card": found.batch, "title": tables.title(found.batch), "form": form}
    return render(request, "flows/working/withdraw.html", context, status=status)
