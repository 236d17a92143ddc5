"""The door around every address of the API: language, who acts, how often, the shape of errors, entity tags."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja.errors import AuthenticationError, HttpError, ValidationError

from corredor.interfaces.api import problems, wire
from corredor.interfaces.api.contract import ApiRequest, api
from corredor.kernel import clock, policy
from corredor.kernel.errors import NotPermitted, Refused
from corredor.kernel.tokens import queries as tokens
from corredor.kernel.tokens.services import note_use

View = Callable[..., Any]
SAFE = {"GET", "HEAD"}
WRONG_TOKENS_A_MINUTE = 30


def door(view: View) -> View:
    """A view of the API behind its door."""

    @wraps(view)
    def guarded(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        request.bearer = None
        _speak_to(request)
        answer = _answer(view, request, args, kwargs)
        _leave(request, answer)
        if method == "HEAD" and not answer.streaming:
            answer.content = b""
        return answer

    guarded.checks_its_own_actions = True  # type: ignore[attr-defined]
    guarded.csrf_exempt = True  # type: ignore[attr-defined]  # Admission checks it where a session acts
    return guarded


def _answer(view: View, request: ApiRequest, args: Any, kwargs: Any) -> Any:
    try:
        _come_in(request)
        if not wire.is_clean(request.path):
            raise Http404
        answer = view(request, *args, **kwargs)
        if answer.status_code == 405:
            refused = problems.response(problems.MethodNotAllowed())
            refused["Allow"] = answer["Allow"]
            return refused
        return _unless_known(request, answer)
    except (Refused, Http404, BadRequest, SuspiciousOperation) as fault:
        return _refused(request, fault)


def _come_in(request: ApiRequest) -> None:
    """Find who acts, and count the request. A token given is the only word about it: the session is not looked at."""
    given = request.headers.get("Authorization", "")
    if not given:
        who = "" if request.actor.is_public else f"person:{request.actor.person_id}"
        _count(request, who)
        return
    scheme, _space, secret = given.partition(" ")
    bearer = tokens.bearer(secret.strip()) if scheme.lower() == "bearer" else None
    if bearer is None:
        request.actor = policy.PUBLIC
        _take_one(f"wrong:{_address(request)}", WRONG_TOKENS_A_MINUTE)
        raise problems.TokenNotTaken
    request.actor = bearer.actor
    request.bearer = bearer
    _speak_to(request)
    _count(request, f"token:{bearer.token}")
    note_use(bearer.token)


def _speak_to(request: ApiRequest) -> None:
    """Speak the language the request asks for; without a wish the person's, else the installation's."""
    known = {code for code, _name in settings.LANGUAGES}
    wished = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    heard = (code.split("-")[0] for code, _weight in wished)
    own = settings.LANGUAGE_CODE if request.actor.is_public else request.actor.language
    translation.activate(next((code for code in heard if code in known), own))


def _address(request: HttpRequest) -> str:
    """Who is on the line, behind a digest; those whose address no server told are counted as one."""
    try:
        address = get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        address = ""
    return hashlib.sha256(str(address).encode()).hexdigest()[:24]


def _count(request: ApiRequest, who: str) -> None:
    limits = settings.API_REQUESTS_PER_MINUTE
    if who:
        _take_one(who, limits["known"])
    else:
        _take_one(f"address:{_address(request)}", limits["public"])


def _take_one(who: str, most: int) -> None:
    """One request of this minute's; refuses (429) when they are used up. A cache that does not answer counts nothing."""
    now = clock.now().timestamp()
    counters, key = caches["counters"], f"api:{who}:{math.floor(now / 60)}"
    try:
        counters.add(key, 0, timeout=120)
        used = counters.incr(key)
    except (ValueError, DatabaseError):
        return
    if used > most:
        raise problems.TooManyRequests(wait=60 - math.floor(now % 60))


def _refused(request: ApiRequest, fault: Exception) -> HttpResponse:
    if isinstance(fault, BadRequest | SuspiciousOperation) and problems.of(fault, request.actor) is None:
        fault = problems.Unreadable()
    answer = problems.for_request(request, fault)
    if answer is None:
        raise fault
    if isinstance(fault, problems.TooManyRequests):
        answer["Retry-After"] = str(fault.details["wait"])
    return answer


def _unless_known(request: ApiRequest, answer: HttpResponse) -> HttpResponse:
    """Tag what was read, and say only that it still holds to those who have it."""
    if request.method not in SAFE or answer.status_code != 200:
        return answer
    if not answer.streaming and not answer.has_header("ETag"):
        answer["ETag"] = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    tag = answer.headers.get("ETag")
    has = parse_etags(request.headers.get("If-None-Match", ""))
    if tag and ("*" in has or tag in has or f"W/{tag}" in has):
        known = HttpResponseNotModified()
        known["ETag"] = tag
        return known
    return answer


def _leave(request: ApiRequest, answer: Any) -> None:
    answer["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    patch_vary_headers(answer, ("Accept", "Accept-Language", "Authorization", "Cookie"))
    if not answer.has_header("Cache-Control"):
        answer["Cache-Control"] = "public, no-cache" if request.actor.is_public else "private, no-cache"


# ---------------------------------------------------------------------------------------------------------------------
# What goes wrong inside


@api.exception_handler(Refused)
def say_refusal(request: ApiRequest, fault: Refused) -> HttpResponse:
    return _refused(request, fault)


@api.exception_handler(ValidationError)
def say_what_does_not_fit(request: ApiRequest, fault: ValidationError) -> HttpResponse:
    return _refused(request, problems.invalid(fault.errors))


@api.exception_handler(AuthenticationError)
def say_closed(request: ApiRequest, _fault: AuthenticationError) -> HttpResponse:
    """An operation that named no action."""
    return _refused(request, NotPermitted())


@api.exception_handler(Http404)
def say_nothing_here(request: ApiRequest, fault: Http404) -> HttpResponse:
    return _refused(request, fault)


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(BadRequest)
@api.exception_handler(HttpError)
def say_unreadable(request: ApiRequest, fault: Exception) -> HttpResponse:
    return _refused(request, fault if problems.of(fault, request.actor) else problems.Unreadable())
