"""From when a page speaks: today's knowledge, or what was known at the end of a day. Every link on it keeps that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock
from corredor.kernel.errors import Invalid

PARAMETER = "known_on"
FIRST_DAY = date(1900, 1, 1)  # as in the API; nothing was known here before


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The day whose knowledge is shown; None for all that is known now."""

    on: date | None = None

    def link(self, name: str, query: dict[str, Any] | None = None, **arguments: Any) -> str:
        """The address of a page, speaking from the same day."""
        asked = {key: value for key, value in (query or {}).items() if value not in (None, "")}
        if self.on:
            asked[PARAMETER] = self.on.isoformat()
        address = reverse(name, kwargs=arguments or None)
        return f"{address}?{urlencode(asked)}" if asked else address

    @property
    def day(self) -> date:
        """The day from which ages are counted."""
        return self.on or clock.today()


def asked_for(request: HttpRequest) -> Knowledge:
    """The day a reader asked for. Today or later is what is known now. Refuses what is no day (Invalid)."""
    written = request.GET.get(PARAMETER, "").strip()
    if not written:
        return Knowledge()
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise _no_day() from error
    if day < FIRST_DAY:
        raise _no_day()
    return Knowledge(day if day < clock.today() else None)


def _no_day() -> Invalid:
    return Invalid({PARAMETER: _("Write the day as year-month-day, for example 2025-03-31.")})
