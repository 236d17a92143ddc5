"""The pages of one's own account, and the ways in that are ours: the demo's."""

from __future__ import annotations

from functools import wraps
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as get_institution_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corredor.interfaces.web import second_step
from corredor.interfaces.web.access import PageRequest, View, page
from corredor.interfaces.web.layout.views import keep_language
from corredor.kernel.errors import NotFound
from corredor.kernel.people import queries

log = structlog.get_logger(__name__)
SIGN_IN_BACKEND = settings.AUTHENTICATION_BACKENDS[0]


class SignInView(LoginView):
    """The sign-in page, with every way in that this installation has."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        institutions = get_institution_adapter(self.request).list_providers(self.request)
        demo_people = queries.demo_people() if settings.IS_DEMO else []
        return {**context, "institutions": institutions, "demo_people": demo_people}


sign_in = SignInView.as_view()


def when_it_answers(view: View) -> View:
    """Show a page that leaves the other ways in when the institution is down or talks nonsense."""

    @wraps(view)
    def tried(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (OSError, ValueError, KeyError) as fault:  # no connection, no JSON, or not what was promised
            log.warning("institution did not answer", fault=type(fault).__name__)
            return render(request, "socialaccount/authentication_error.html", status=503)

    return tried


@page("account.sign_in", changes=True)
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in at once as one of a demo's invented people, in the language that the visitor was reading.

    Outside a demo there is no such page.
    """
    if not settings.IS_DEMO:
        raise NotFound
    chosen = request.POST.get("person", "")
    held = next((one for one in queries.demo_people() if str(one.person_id) == chosen), None)
    if held is None:
        raise NotFound
    login(request, held.person, backend=SIGN_IN_BACKEND)
    response = redirect(get_next_redirect_url(request) or settings.LOGIN_REDIRECT_URL)
    keep_language(response, get_language() or settings.LANGUAGE_CODE)
    return response


@page("account.keep_own")
def my_account(request: PageRequest) -> HttpResponse:
    """What the account holds and how it is protected, each with the way to change it."""
    person: Any = request.user
    kept = list(Authenticator.objects.filter(user=person))
    context = {
        "person": person,
        "mandates": queries.mandates_of(person),
        "has_app": any(one.type == Authenticator.Type.TOTP for one in kept),
        "keys": sum(one.type == Authenticator.Type.WEBAUTHN for one in kept),
        "codes": next((one.wrap() for one in kept if one.type == Authenticator.Type.RECOVERY_CODES), None),
        "sessions": len(UserSession.objects.purge_and_list(person)),
    }
    return render(request, "account/my_account.html", context)


@page("account.keep_own")
def second_step_page(request: PageRequest) -> HttpResponse:
    """Why a role asks for a second step, and the two ways to set one up."""
    person: Any = request.user
    if not second_step.is_missing(person, queries.actor_of(person)):
        return redirect(get_next_redirect_url(request) or "my_account")
    return render(request, "account/second_step.html")


@page("account.keep_own", changes=True)
def end_session(request: PageRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions, wherever it is open."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        get_adapter(request).logout(request)
        return redirect("account_login")
    session.end()
    messages.success(request, _("That session has ended."))
    return redirect("usersessions_list")
