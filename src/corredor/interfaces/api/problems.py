"""Errors as ``application/problem+json`` (RFC 9457): which rule refuses, and what can be done now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from corredor.kernel.errors import Invalid, NotFound, NotPermitted, Refused
from corredor.kernel.policy import Actor

MEDIA_TYPE = "application/problem+json"
TYPE = "/api/v1/docs#problem-"


class NotSignedIn(Refused):
    code = "not-signed-in"
    http_status = 401
    rule = _("This needs somebody who is known here.")
    way_out = _("Send a token: Authorization: Bearer corredor_…. You make one on the page of your account.")


class TokenNotTaken(Refused):
    code = "token-not-taken"
    http_status = 401
    rule = _("This token opens nothing: it is unknown, over or revoked.")
    way_out = _("Make a new one on the page of your account.")


class TokenReadsOnly(Refused):
    code = "token-reads-only"
    http_status = 403
    rule = _("This token only reads.")
    way_out = _("Make a token that may also change things.")


class CameFromElsewhere(Refused):
    code = "came-from-elsewhere"
    http_status = 403
    rule = _("The request does not come from a page of this site.")
    way_out = _("Send the page's token in the header X-CSRFToken, or use a token of the API.")


class MethodNotAllowed(Refused):
    code = "method-not-allowed"
    http_status = 405
    rule = _("This address does not take that method.")
    way_out = _("The header Allow names those it takes.")


class NotAcceptable(Refused):
    code = "not-acceptable"
    http_status = 406
    rule = _("This cannot be given in any form that the request accepts.")
    way_out = _("The description of the operation lists its forms.")


class LengthRequired(Refused):
    code = "length-required"
    http_status = 411
    rule = _("The request does not say how long it is.")
    way_out = _("Send the header Content-Length.")


class TooLarge(Refused):
    code = "too-large"
    http_status = 413
    rule = _("The request is larger than is taken here.")
    way_out = _("Send it in smaller parts.")


class UnsupportedMedia(Refused):
    code = "unsupported-media-type"
    http_status = 415
    rule = _("This operation does not read that kind of content.")
    way_out = _("The description of the operation names the one it reads.")


class Unreadable(Refused):
    code = "unreadable"
    http_status = 400
    rule = _("The body of the request cannot be read.")
    way_out = _("Check that it is whole, and in the form that its Content-Type says.")


class TooManyRequests(Refused):
    code = "too-many-requests"
    http_status = 429
    rule = _("These are more requests than a minute takes.")
    way_out = _("Wait as many seconds as the header Retry-After says.")


def kinds() -> list[type[Refused]]:
    """Every kind of refusal there is, in order of status and code."""
    found: dict[str, type[Refused]] = {}
    waiting: list[type[Refused]] = [Refused]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.code, kind)
        waiting += kind.__subclasses__()
    return sorted(found.values(), key=lambda kind: (kind.http_status, kind.code))


def of(fault: Exception, actor: Actor) -> Refused | None:
    """The refusal that an exception means at this door; None for a fault of ours."""
    if isinstance(fault, NotPermitted) and actor.is_public:
        return NotSignedIn()
    if isinstance(fault, Refused):
        return fault
    if isinstance(fault, Http404):
        return NotFound()
    if isinstance(fault, RequestDataTooBig):
        return TooLarge()
    return None


def document(refusal: Refused) -> dict[str, Any]:
    """The refusal in the reader's language, as RFC 9457 orders it."""
    told: dict[str, Any] = {
        "type": TYPE + refusal.code,
        "title": str(type(refusal).rule),
        "status": refusal.http_status,
        "detail": str(refusal.rule),
        "code": refusal.code,
        "way_out": str(refusal.way_out),
    }
    if isinstance(refusal, Invalid):
        told["fields"] = {
            name: [str(message) for message in messages] for name, messages in refusal.fields.items()
        }
    details = {name: _plain(value) for name, value in refusal.details.items() if name != "action"}
    return {**told, "details": details} if details else told


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def response(refusal: Refused, *, extra: Mapping[str, Any] | None = None) -> HttpResponse:
    """The answer that carries a refusal."""
    told = {**document(refusal), **(extra or {})}
    body = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, default=str)
    answer = HttpResponse(
        body.encode("utf-8", "replace"), status=refusal.http_status, content_type=MEDIA_TYPE
    )
    if refusal.http_status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Corredor"'
    return answer


def invalid(errors: Iterable[Mapping[str, Any]]) -> Invalid:
    """What does not fit the description of an operation, field by field."""
    fields: dict[str, Any] = {}
    for error in errors:
        source, *place = error["loc"]
        name = ".".join(str(part) for part in place) or str(source)
        fields.setdefault(_visible(name), []).append(_words_for(error))
    return Invalid(fields)


def _visible(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[:80] or "?"


def _words_for(error: Mapping[str, Any]) -> Any:
    """What is wrong with a field, in the reader's language; English for the rare rest."""
    limits = error.get("ctx", {})
    kind = error["type"]
    if kind == "missing":
        return _("This is missing.")
    if kind in {"literal_error", "enum"}:
        return _("Choose one of: %(choices)s.") % {"choices": limits["expected"]}
    if kind == "greater_than_equal":
        return _("The least is %(least)s.") % {"least": limits["ge"]}
    if kind == "less_than_equal":
        return _("The most is %(most)s.") % {"most": limits["le"]}
    if kind == "string_too_long":
        return _("At most %(most)s letters.") % {"most": limits["max_length"]}
    if kind == "string_too_short":
        return _("At least %(least)s letters.") % {"least": limits["min_length"]}
    if kind == "string_pattern_mismatch":
        return _("This is not written as it should be: %(pattern)s") % {"pattern": limits["pattern"]}
    if kind == "extra_forbidden":
        return _("This is not a field of this operation.")
    if kind.startswith(("int", "float")):
        return _("This is not a whole number.")
    if kind.startswith("bool"):
        return _("Say true or false.")
    if kind.startswith("string"):
        return _("This is not text.")
    if kind.startswith(("date", "value_error")):
        return _("This is not a day as ISO 8601 writes it (2025-06-30).")
    if kind.startswith(("dict", "model")):
        return _("This is not an object.")
    return _("This cannot be taken.")


def for_request(request: HttpRequest, fault: Exception) -> HttpResponse | None:
    """The answer to an exception, or None when it is a fault of ours."""
    refusal = of(fault, request.actor)  # type: ignore[attr-defined]
    return response(refusal) if refusal else None
