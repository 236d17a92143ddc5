"""Lists in pages: ``items`` and ``next``, the cursor that continues after the last of them.

A cursor holds the place of the last item, not a count of those before it: what is added or taken away meanwhile makes
no item appear twice or not at all.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext_lazy as _
from ninja import Schema

from corredor.kernel.errors import Invalid

T = TypeVar("T")
GREATEST = 2**63 - 1


class Page(Schema, Generic[T]):
    """A page of a list; ``next`` is null on the last one."""

    items: list[T]
    next: str | None = None


def cursor_of(*place: int | str) -> str:
    """A cursor for the place of an item."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str, *kinds: type) -> tuple[Any, ...] | None:
    """The place a cursor holds; None for an empty one. Refuses (Invalid) what no page gave."""
    if not cursor:
        return None
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError) as fault:
        raise _no_cursor() from fault
    fits = isinstance(place, list) and [type(part) for part in place] == list(kinds)
    if not fits or any(isinstance(part, int) and not 0 <= part <= GREATEST for part in place):
        raise _no_cursor()
    return tuple(place)


def _no_cursor() -> Invalid:
    return Invalid({"cursor": _("This is not a cursor that a page of this list gave.")})


def page_of(
    found: Sequence[T], limit: int, *, shown: Callable[[T], Any], place: Callable[[T], tuple[int | str, ...]]
) -> dict[str, Any]:
    """A page from up to ``limit`` + 1 things: whether there is one more tells whether another page follows."""
    items = list(found[:limit])
    more = len(found) > limit
    return {
        "items": [shown(one) for one in items],
        "next": cursor_of(*place(items[-1])) if more else None,
    }


def all_of(items: Sequence[Any]) -> dict[str, Any]:
    """A short list, whole."""
    return {"items": list(items), "next": None}
