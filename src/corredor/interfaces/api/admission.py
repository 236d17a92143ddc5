"""Before an operation of the API runs: is its action theirs who come, is it meant, can the request be read?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext_lazy as _

from corredor.interfaces.api import problems, wire
from corredor.interfaces.api.contract import JSON, MULTIPART, ApiRequest, Operation, parameters, parts
from corredor.kernel import policy
from corredor.kernel.errors import Invalid

ROOM_FOR_FORMS = 1_000_000


class PageToken(CsrfViewMiddleware):
    """Django's check of the page's token, which says what it found instead of showing a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


class Admission:
    """Lets an operation run for those who may do its action, when the request is one it can read."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation

    def __call__(self, request: ApiRequest) -> bool:
        policy.require(request.actor, self.operation.action)
        if self.operation.changes:
            self._check_it_is_meant(request)
        self._check_form_of_answer(request)
        self._check_query(request)
        self._check_body(request)
        return True

    def _check_it_is_meant(self, request: ApiRequest) -> None:
        """A token must be one that writes; a session must show that the request comes from our own page."""
        if request.bearer is not None:
            if request.bearer.reads_only:
                raise problems.TokenReadsOnly
            return
        check = PageToken(lambda _request: HttpResponse())
        if check.process_view(request, lambda _request: None, (), {}) is not None:  # type: ignore[arg-type,return-value]
            raise problems.CameFromElsewhere

    def _check_form_of_answer(self, request: ApiRequest) -> None:
        if not any(request.accepts(form) for form in (*self.operation.forms, problems.MEDIA_TYPE)):
            raise problems.NotAcceptable

    def _check_query(self, request: ApiRequest) -> None:
        known = parameters()[self.operation.name]
        unknown = sorted(set(request.GET) - known)
        if unknown:
            raise Invalid(
                {name: _("This operation knows no such parameter.") for name in map(_shown, unknown)}
            )
        repeated = [name for name, values in request.GET.lists() if len(values) > 1]
        if repeated:
            raise Invalid({name: _("Say this once.") for name in repeated})
        for name, value in request.GET.items():
            wire.refuse_unclean(name, str(value))

    def _check_body(self, request: ApiRequest) -> None:
        if self.operation.body == "none":
            return
        wanted = JSON if self.operation.body == "json" else MULTIPART
        if request.content_type != wanted:
            raise problems.UnsupportedMedia
        most = wire.MOST_JSON_BYTES if wanted == JSON else settings.IMPORT_MAX_BYTES + ROOM_FOR_FORMS
        if "Transfer-Encoding" in request.headers and "Content-Length" not in request.headers:
            raise problems.LengthRequired
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            raise problems.TooLarge
        if wanted == JSON:
            request.given = wire.read_json(request)
        else:
            self._check_form(request)

    def _check_form(self, request: ApiRequest) -> None:
        unknown = sorted({*request.POST, *request.FILES} - parts()[self.operation.name])
        if unknown:
            raise Invalid(
                {name: _("This is not a field of this operation.") for name in map(_shown, unknown)}
            )
        for name, value in request.POST.items():
            wire.refuse_unclean(name, str(value))


def _shown(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[:80] or "?"
