"""What comes over the wire, looked at before anything reads it: size, form, and signs no text may hold."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from corredor.interfaces.api.problems import TooLarge, Unreadable
from corredor.kernel.errors import Invalid

MOST_JSON_BYTES = 1_000_000
DEEPEST = 60


def is_clean(text: str) -> bool:
    """Whether a text can be kept and written: no NUL and no half of a character (a lone surrogate)."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def read_json(request: HttpRequest) -> Any:
    """The JSON body. Refuses what is too large, too deep, not JSON, or holds text nobody could read."""
    if len(request.body) > MOST_JSON_BYTES:
        raise TooLarge
    try:
        found = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as fault:
        raise Unreadable from fault
    look_through(found)
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def look_through(found: Any) -> None:
    """Refuse texts that are not clean and nesting that no request needs, without calling itself."""
    waiting: list[tuple[Any, int]] = [(found, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise Unreadable
        if isinstance(value, str):
            refuse_unclean("body", value)
        elif isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]


def refuse_unclean(name: str, text: str) -> None:
    if not is_clean(text):
        raise Invalid({name: _("This text holds signs that no text may hold.")})
