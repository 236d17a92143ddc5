"""Noting which sessions are open must never stand in the way of reading."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from corredor.kernel.installation.storage import is_storage_fault

log = structlog.get_logger(__name__)


class SessionTrail:
    """The sign-in library's list of open sessions, which waits while the disk takes no more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._note = UserSessionsMiddleware(lambda _request: None)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            self._note(request)
        except DatabaseError as fault:
            if not is_storage_fault(fault):
                raise
            log.warning("session not noted", fault=type(fault).__name__)
        return self.get_response(request)
