"""Pages are closed unless they say which action opens them.

    @page("flows.read")
    def situation(request: PageRequest) -> HttpResponse: …

    @page("people.manage", changes=True)  # POST only
    def close(request: PageRequest, pk: int) -> HttpResponse: …

``page`` refuses before the view runs when the policy does not allow the action at all; what the action allows on one
thing is the service's or query's business. ``DenyByDefault`` closes every view that names no action, and leads those
whose role asks for a second step to set one up: until then they act without that role, at every door.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from corredor.interfaces.web import second_step
from corredor.kernel import policy
from corredor.kernel.errors import NotFound, NotPermitted, Refused
from corredor.kernel.people.queries import actor_of

View = Callable[..., HttpResponseBase]
SECOND_STEP_PAGE = "second_step"


class PageRequest(HttpRequest):
    """A request with its actor, as every view receives it."""

    actor: policy.Actor
    awaits_second_step: bool


def page(action: str, *, changes: bool = False) -> Callable[[View], View]:
    """Open a view to those who may do ``action``; others are asked to sign in, or refused with the reason.

    A view that always ``changes`` something takes POST only.
    """

    def open_to(view: View) -> View:
        @wraps(view)
        def guarded(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not policy.can(request.actor, action):
                if request.actor.is_public:
                    return to_sign_in(request)
                raise NotPermitted(action=action)
            if changes and request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            return view(request, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        guarded.changes = changes  # type: ignore[attr-defined]
        return guarded

    return open_to


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and, afterwards, back to where the person wanted to go."""
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('account_login')}?{query}")


class ActorAndLanguage:
    """Gives the request its actor, language and time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        from django.conf import settings

        person: Any = request.user
        request.actor = actor_of(person)
        request.awaits_second_step = second_step.is_missing(person, request.actor)
        if request.awaits_second_step:
            request.actor = second_step.until_set_up(request.actor)
        if not request.actor.is_public:
            timezone.activate(request.actor.zone)
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(request.actor.language)
                request.LANGUAGE_CODE = request.actor.language
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        if not request.actor.is_public and not response.has_header("Cache-Control"):
            response["Cache-Control"] = (
                "private, no-store"  # the next person at this computer goes back to nothing
            )
        return response


class DenyByDefault:
    """Closes views that name no action, asks for a missing second step, shows refusals in the reader's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: PageRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if not hasattr(view, "action") and not checks_its_own_actions(view):
            return show_refusal(request, NotFound())
        action = getattr(view, "action", "account.")
        if request.awaits_second_step and not action.startswith("account."):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse(SECOND_STEP_PAGE)}?{query}")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return show_refusal(request, exception)
        return None


def checks_its_own_actions(view: Any) -> bool:
    """The API checks each operation in its own door; a test lists every view that says so."""
    return bool(getattr(view, "checks_its_own_actions", False))


def show_refusal(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page that says which rule refuses and what can be done now."""
    return render(request, "layout/refused.html", {"refusal": refusal}, status=refusal.http_status)
