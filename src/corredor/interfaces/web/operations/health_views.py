"""Two addresses for those who watch the installation. Open to all, and therefore without any detail."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from corredor.interfaces.web.access import PageRequest, page
from corredor.kernel.installation import health


@page("operations.health")
@require_safe
@never_cache
def live(request: PageRequest) -> HttpResponse:
    """The process answers. It asks nothing of the database, so that a busy database restarts nobody."""
    return JsonResponse({"live": True})


@page("operations.health")
@require_safe
@never_cache
def ready(request: PageRequest) -> HttpResponse:
    """People can work here now: 200, else 503. What is wrong is on the operations page, for those who may see it."""
    is_ready = health.is_ready()
    return JsonResponse({"ready": is_ready}, status=200 if is_ready else 503)
