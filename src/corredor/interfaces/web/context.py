"""What every page knows: who reads it, what kind of installation it is, where else the reader may go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from corredor.kernel.policy import PUBLIC


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": getattr(request, "actor", PUBLIC),
        "is_demo": settings.IS_DEMO,
        "language": (get_language() or "es")[:2],
        "version": settings.VERSION,
    }
