"""How far a country's figures may go: source by source, series by series."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from corredor.areas.flows import services
from corredor.areas.flows.queries import working
from corredor.areas.flows.queries.things import country_words
from corredor.interfaces.web.access import PageRequest, page
from corredor.interfaces.web.bounded_uploads import posted
from corredor.interfaces.web.flows.working import tables
from corredor.interfaces.web.flows.working.forms import SharingForm
from corredor.kernel import policy


@page("flows.read_batches")
def sharing(request: PageRequest) -> HttpResponse:
    """The country's sources, each with its page of levels."""
    return render(request, "flows/working/sharing.html", {"sources": working.working_sources(request.actor)})


@page("flows.read_batches")
def sharing_of(request: PageRequest, source: str) -> HttpResponse:
    """One source: how far each group of series may go; its contact point sets it here."""
    card = working.working_source(request.actor, source)
    groups = working.shared_groups(request.actor, source)
    may_set = policy.can(request.actor, "flows.set_sharing", card)
    form = SharingForm(posted(request), groups=groups)
    status = 200
    if request.method == "POST":
        policy.require(request.actor, "flows.set_sharing", card)
        status = 422
        if form.is_valid():
            changed = form.changes()
            with transaction.atomic():
                for series, level in changed:
                    services.set_series_level(series=series, level=level, by=request.actor)
            said = ngettext("%(count)s series is set anew.", "%(count)s series are set anew.", len(changed))
            messages.success(request, said % {"count": len(changed)})
            return redirect("flows_sharing_of", source)
    context = {
        "source": card,
        "form": form,
        "groups": groups,
        "table": tables.groups(groups),
        "may_set": may_set,
        "country": country_words(card.country),
    }
    return render(request, "flows/working/sharing_of.html", context, status=status)
