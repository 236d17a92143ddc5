"""How reading pages and files are sent: compressed, and not at all when the reader has them already.

Compression and secrets (BREACH): see docs/decisions, "Reading pages are compressed". The one secret on these pages is
the token of the language form, which Django masks anew at every rendering.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from corredor.interfaces.web.access import PageRequest, page

View = Callable[..., HttpResponseBase]
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def reading(action: str) -> Callable[[View], Any]:
    """Open a page to those who may ``action``, read only: compressed, and answered 304 when nothing has changed."""

    def open_to(view: View) -> Any:
        return page(action)(cast("Callable[..., HttpResponse]", gzip_page(require_safe(_remembered(view)))))

    return open_to


def _remembered(view: View) -> View:
    @wraps(view)
    def answered(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.streaming or response.status_code != 200 or not isinstance(response, HttpResponse):
            return response
        tag = f'"{hashlib.sha256(_TOKEN.sub(b"", response.content)).hexdigest()[:32]}"'
        response["ETag"] = tag
        if request.actor.is_public:
            response.setdefault("Cache-Control", "no-cache")
        return get_conditional_response(request, etag=tag, response=response) or response

    return answered
