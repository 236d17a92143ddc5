"""How the installation is doing, what it said to people, and who did what: read, call, show."""

from __future__ import annotations

import sys

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from corredor.interfaces.web.access import PageRequest, page, show_refusal
from corredor.interfaces.web.operations import presentation
from corredor.kernel import clock
from corredor.kernel.audit import queries as audits
from corredor.kernel.installation import health
from corredor.kernel.installation.storage import CannotWrite, is_storage_fault
from corredor.kernel.jobs import queries as work
from corredor.kernel.messages import queries as messages

ON_A_PAGE = 50


@page("operations.read")
@require_safe
@never_cache
def overview(request: PageRequest) -> HttpResponse:
    """Every sign of health with what to do, and the work under way."""
    now = clock.now()
    shown = {
        "signs": health.signs(now),
        "work": presentation.work_table(work.overview(now), messages.waiting()),
        "links": presentation.links(request.actor, "operations"),
    }
    return render(request, "operations/overview.html", shown)


@page("operations.read")
@require_safe
@never_cache
def jobs(request: PageRequest) -> HttpResponse:
    """The work that was given up, for somebody to look at."""
    shown = {
        "work": presentation.work_table(work.overview(clock.now()), messages.waiting()),
        "failures": presentation.failure_table(work.failures()),
        "links": presentation.links(request.actor, "operations_jobs"),
    }
    return render(request, "operations/jobs.html", shown)


@page("messages.read_outbox")
@require_safe
def outbox(request: PageRequest) -> HttpResponse:
    """What Corredor wrote to people, as far as this reader may see it, the latest first."""
    number = _page_number(request)
    found = messages.outbox(request.actor, limit=ON_A_PAGE + 1, offset=(number - 1) * ON_A_PAGE)
    if number > 1 and not found:
        raise Http404
    shown = {
        "table": presentation.outbox_table(found[:ON_A_PAGE]),
        "earlier": number + 1 if len(found) > ON_A_PAGE else 0,
        "later": number - 1,
        "links": presentation.links(request.actor, "outbox"),
    }
    return render(request, "operations/outbox.html", shown)


@page("messages.read_outbox")
@require_safe
def message(request: PageRequest, pk: int) -> HttpResponse:
    """One message, word for word."""
    return render(request, "operations/message.html", {"message": messages.message(request.actor, pk)})


@page("audit.read")
@require_safe
@never_cache
def audit(request: PageRequest) -> HttpResponse:
    """Who did what, by chain and by thing; and, when asked, whether every chain still holds."""
    chain, thing = request.GET.get("chain", "").strip().upper(), request.GET.get("thing", "").strip()
    heads = audits.heads()
    lines = Paginator(audits.lines(request.actor, chain=chain, thing=thing), ON_A_PAGE)
    shown_lines = lines.get_page(request.GET.get("page"))
    shown = {
        "heads": presentation.heads_table(heads),
        "chains": sorted(heads),
        "chain": chain,
        "thing": thing,
        "page": shown_lines,
        "table": presentation.lines_table(shown_lines.object_list),
        "faults": presentation.faults(audits.verify()) if "verify" in request.GET else None,
        "links": presentation.links(request.actor, "audit"),
    }
    return render(request, "operations/audit.html", shown)


def fault(request: HttpRequest) -> HttpResponse:
    """The page of last resort: says so when the disk takes no more, else that something failed on our side."""
    if not is_storage_fault(sys.exc_info()[1]):
        return server_error(request)
    refusal = CannotWrite()
    if request.path.startswith("/api/"):
        problem: dict[str, object] = {
            "type": "about:blank",
            "title": str(refusal.rule),
            "detail": str(refusal.way_out),
        }
        problem |= {"status": refusal.http_status, "code": refusal.code}
        return JsonResponse(problem, status=refusal.http_status, content_type="application/problem+json")
    return show_refusal(request, refusal)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isdecimal() and 0 < int(text) < 100_000 else 1
