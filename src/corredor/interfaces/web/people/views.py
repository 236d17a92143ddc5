"""Roles, accounts and mandates: read, call, show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from corredor.interfaces.web.access import PageRequest, page
from corredor.interfaces.web.account.invitations import invite as send_invitation
from corredor.interfaces.web.people import presentation
from corredor.interfaces.web.people.forms import AccountForm, LastDayForm, MandateForm, ProfileForm
from corredor.kernel import clock
from corredor.kernel.countries import queries as countries
from corredor.kernel.errors import Invalid, Refused
from corredor.kernel.organisations import queries as organisations
from corredor.kernel.people import queries, services


@page("people.read_roles")
def roles(request: PageRequest) -> HttpResponse:
    """Who may do what, and what each role must never do: one page that can be printed."""
    return render(
        request, "people/roles.html", {"clearances": presentation.clearances(), "acts": presentation.acts()}
    )


@page("people.manage")
def accounts(request: PageRequest) -> HttpResponse:
    """The accounts by name, searched by words."""
    words = request.GET.get("words", "")
    found = queries.accounts(request.actor, words=words)
    shown = Paginator(found, 30).get_page(request.GET.get("page"))
    table = presentation.account_table(shown.object_list, clock.today())
    return render(request, "people/accounts.html", {"table": table, "page": shown, "words": words})


@page("people.manage")
def account(request: PageRequest, pk: int) -> HttpResponse:
    """One account: its mandates, past and present, and what can be done with it."""
    return _show_account(request, pk)


@page("people.manage")
def open_account(request: PageRequest) -> HttpResponse:
    """Open an account and send its holder the link to set a password."""
    form = AccountForm(request.POST or None, initial={"language": "es"})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            opened = services.open_account(by=request.actor, **form.cleaned_data)
        except Refused as refusal:
            status = _show_in(form, refusal)
        else:
            send_invitation(request, opened)
            messages.success(
                request, _("The account is open and the invitation is on its way. Now give it a mandate.")
            )
            return redirect("account", opened.pk)
    return render(request, "people/open_account.html", {"form": form}, status=status)


@page("people.manage", changes=True)
def invite(request: PageRequest, pk: int) -> HttpResponse:
    """Send the invitation again, with a fresh link."""
    person = queries.account(request.actor, pk)
    if not person.is_active:
        raise services.AccountClosed
    send_invitation(request, person)
    messages.success(request, _("The invitation is on its way again."))
    return redirect("account", pk)


@page("people.manage")
def close_account(request: PageRequest, pk: int) -> HttpResponse:
    """Ask, then close."""
    person = queries.account(request.actor, pk)
    if request.method == "POST":
        services.close_account(by=request.actor, person=person)
        messages.success(request, _("The account is closed and its sessions have ended."))
        return redirect("account", pk)
    return render(request, "people/close_account.html", {"person": person})


@page("people.manage", changes=True)
def give_mandate(request: PageRequest, pk: int) -> HttpResponse:
    """Give the mandate entered on the account's page; a refusal is shown there, with nothing lost."""
    form = MandateForm(request.POST)

    def give() -> str:
        entered = form.cleaned_data
        listed = organisations.organisations("es")
        services.give_mandate(
            by=request.actor,
            person=queries.account(request.actor, pk),
            role=entered["role"],
            country=next((one for one in _all_countries() if one.iso3 == entered["country"]), None),
            organisation=next((one for one in listed if str(one.pk) == entered["organisation"]), None),
            starts_on=entered["starts_on"],
            ends_on=entered["ends_on"],
        )
        return _("The mandate is given.")

    return _done_or_shown(request, pk, form, give)


@page("people.manage", changes=True)
def end_mandate(request: PageRequest, pk: int) -> HttpResponse:
    """Set the last day of a mandate."""
    held = queries.mandate(request.actor, pk)
    form = LastDayForm(request.POST, prefix=f"end-{pk}")

    def end() -> str:
        services.end_mandate(by=request.actor, mandate=held, on=form.cleaned_data["on"])
        return _("The mandate has its last day.")

    return _done_or_shown(request, held.person_id, form, end)


@page("account.keep_own")
def profile(request: PageRequest) -> HttpResponse:
    """The language and time zone in which Corredor speaks to me."""
    mine = {"language": request.actor.language, "zone": request.actor.zone}
    form = ProfileForm(request.POST or None, initial=mine)
    if request.method == "POST" and form.is_valid():
        changed = services.change_profile(by=request.actor, **form.cleaned_data)
        response = redirect("my_account")
        presentation.speak(response, changed.language)
        messages.success(request, presentation.kept_in(changed.language))
        return response
    status = 422 if form.is_bound else 200
    return render(request, "people/profile.html", {"form": form}, status=status)


def _done_or_shown(request: PageRequest, pk: int, form: Any, do: Callable[[], str]) -> HttpResponse:
    """Do it and go back to the account, or show the account again with the refused form."""
    if form.is_valid():
        try:
            messages.success(request, do())
        except Refused as refusal:
            return _show_account(request, pk, refused=form, status=_show_in(form, refusal))
        return redirect("account", pk)
    return _show_account(request, pk, refused=form, status=422)


def _show_account(request: PageRequest, pk: int, *, refused: Any = None, status: int = 200) -> HttpResponse:
    person = queries.account(request.actor, pk)
    today = clock.today(person.zone)
    fresh = MandateForm(initial={"starts_on": today})
    context = {
        "person": person,
        "is_oneself": person.pk == request.actor.person_id,
        "mandates": presentation.mandate_lines(queries.mandates_of(person), today, refused),
        "form": refused if isinstance(refused, MandateForm) else fresh,
        "refused": refused,
    }
    return render(request, "people/account.html", context, status=status)


def _show_in(form: Any, refusal: Refused) -> int:
    """Put a refusal into the form it is about; returns the status of the answer."""
    if isinstance(refusal, Invalid):
        form.take(refusal)
    else:
        form.add_error(None, str(refusal))
    return refusal.http_status


def _all_countries() -> list[Any]:
    return [*countries.members("es"), *countries.observers("es")]
