"""Sending a file piece by piece, on a server that waits (WSGI) and on one that does not (ASGI)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import IO

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

PIECE = 1 << 16


def sent(
    request: HttpRequest, opened: Callable[[], IO[bytes]], *, size: int, name: str, media_type: str
) -> StreamingHttpResponse:
    """The whole of a file as an answer, in bounded memory; it is opened when the answer begins to be sent."""
    pieces = _as_they_are_taken(opened) if isinstance(request, ASGIRequest) else _one_by_one(opened)
    answer = StreamingHttpResponse(pieces, content_type=media_type)
    answer["Content-Length"] = str(size)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _one_by_one(opened: Callable[[], IO[bytes]]) -> Iterator[bytes]:
    with opened() as file:
        while piece := file.read(PIECE):
            yield piece


async def _as_they_are_taken(opened: Callable[[], IO[bytes]]) -> AsyncIterator[bytes]:
    file = await sync_to_async(opened, thread_sensitive=False)()
    read = sync_to_async(file.read, thread_sensitive=False)
    try:
        while piece := await read(PIECE):
            yield piece
    finally:
        file.close()
