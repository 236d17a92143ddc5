"""A person's own tokens: make one, see it once, end it."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from corredor.interfaces.web.access import PageRequest, page
from corredor.interfaces.web.account.tokens.forms import TokenForm
from corredor.kernel import clock
from corredor.kernel.errors import Invalid
from corredor.kernel.tokens import queries, services


@page("account.keep_tokens")
@reauthentication_required(allow_get=True)
def tokens(request: PageRequest) -> HttpResponse:
    """The tokens a person keeps, and the form that makes one. Making one asks first who is sitting there."""
    form, secret, status = TokenForm(request.POST or None), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = services.create_token(by=request.actor, **form.cleaned_data)
        except Invalid as refusal:
            form.take(refusal)
            status = refusal.http_status
        else:
            form = TokenForm()
    elif request.method == "POST":
        status = 422
    kept, now = queries.tokens_of(request.actor), clock.now()
    context = {
        "form": form,
        "secret": secret,
        "alive": [token for token in kept if token.is_alive(now)],
        "ended": [token for token in kept if not token.is_alive(now)],
    }
    return render(request, "account/tokens/tokens.html", context, status=status)


@page("account.keep_tokens", changes=True)
def revoke(request: PageRequest, pk: int) -> HttpResponse:
    """End a token now."""
    services.revoke_token(by=request.actor, token=pk)
    messages.success(request, _("That token opens nothing any more."))
    return redirect("my_tokens")
