"""What arrives with a form; files are written to the disk as they come, and stopped at the size Corredor reads."""

from __future__ import annotations

import errno

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


class BoundedUpload(TemporaryFileUploadHandler):
    """Stops a file that is too large, or that the disk cannot hold; ``why_stopped`` then says which."""

    taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        if self.taken > settings.IMPORT_MAX_BYTES:
            self._stop("too-large")
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as fault:
            if fault.errno not in FULL_DISK:
                raise
            self._stop("no-room")

    def _stop(self, why: str) -> None:
        self.request.upload_stopped = why  # type: ignore[union-attr]
        raise StopUpload(connection_reset=False)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent with a form, even when it is empty; None for a mere look."""
    return request.POST if request.method == "POST" else None


def files(request: HttpRequest) -> MultiValueDict[str, UploadedFile] | None:
    """The files sent with a form; None for a mere look."""
    return request.FILES if request.method == "POST" else None


def why_stopped(request: HttpRequest) -> str:
    """ "too-large", "no-room", or nothing when every file came through."""
    return getattr(request, "upload_stopped", "")
