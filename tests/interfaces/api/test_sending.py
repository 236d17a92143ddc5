"""Files leave piece by piece on either kind of server, and are closed afterwards."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor

from django.core.handlers.asgi import ASGIRequest
from django.test import RequestFactory

from corredor.interfaces.api.sending import PIECE, sent

CONTENT = bytes(range(256)) * 1000


class Watched(io.BytesIO):
    pieces = 0

    def read(self, size: int | None = -1) -> bytes:
        self.pieces += 1
        return super().read(size)


def answer_to(request, file):
    return sent(request, lambda: file, size=len(CONTENT), name="año.csv", media_type="text/csv")


def test_a_server_that_waits_gets_the_file_in_pieces():
    file = Watched(CONTENT)

    answer = answer_to(RequestFactory().get("/"), file)

    assert file.pieces == 0
    assert b"".join(answer.streaming_content) == CONTENT
    assert file.pieces == len(CONTENT) // PIECE + 2
    assert file.closed


def test_a_server_that_does_not_wait_gets_it_in_pieces_too():
    file = Watched(CONTENT)
    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}

    async def taken() -> list[bytes]:
        answer = answer_to(ASGIRequest(scope, io.BytesIO()), file)
        return [piece async for piece in answer.streaming_content]

    with ThreadPoolExecutor(
        1
    ) as elsewhere:  # a browser test before this one may have left a loop running here
        pieces = elsewhere.submit(asyncio.run, taken()).result()

    assert b"".join(pieces) == CONTENT
    assert max(map(len, pieces)) == PIECE
    assert file.closed


def test_the_name_survives_its_accents():
    answer = answer_to(RequestFactory().get("/"), io.BytesIO(CONTENT))

    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''a%C3%B1o.csv"
    assert answer["Content-Length"] == str(len(CONTENT))
