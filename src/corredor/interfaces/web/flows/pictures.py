"""Drawings kept by what they show: the same numbers in the same words are drawn once in each process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any

from django.core.cache import caches

from corredor.interfaces.web.components import drawing

SIZES = ("wide", "narrow")


def svg(draw: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    """What ``draw`` makes of its arguments, as SVG text; kept under a hash of all of them."""
    name = digest(draw.__module__, draw.__name__, arguments, named)
    kept = caches["pictures"].get(name)
    if kept is None:
        drawn = draw(*arguments, **named)
        kept = drawn if isinstance(drawn, str) else drawn.svg
        caches["pictures"].set(name, kept, timeout=None)
    return str(kept)


def both(draw: Callable[..., Any], *arguments: Any, **named: Any) -> dict[str, str]:
    """The same drawing for a desk and for a phone."""
    return {size: svg(draw, *arguments, size=size, **named) for size in SIZES}


def png(of_svg: str) -> bytes:
    """The same drawing as PNG."""
    name = digest("png", of_svg)
    kept = caches["pictures"].get(name)
    if kept is None:
        kept = drawing.to_png(of_svg)
        caches["pictures"].set(name, kept, timeout=None)
    return bytes(kept)


def digest(*things: Any) -> str:
    """A short name for values, the same in every process."""
    text = json.dumps(things, default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(thing: Any) -> Any:
    if is_dataclass(thing) and not isinstance(thing, type):
        return asdict(thing)
    return str(thing)
