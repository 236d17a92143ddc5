"""When the place where things are kept takes no more: writing is refused, reading goes on."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from corredor.kernel.errors import Refused

# https://www.sqlite.org/rescode.html: full, read-only, input/output error, a file that cannot be opened.
SQLITE_CODES = frozenset({13, 8, 10, 14})
# https://www.postgresql.org/docs/current/errcodes-appendix.html: disk full, read-only transaction, i/o error.
POSTGRESQL_CODES = frozenset({"53100", "25006", "58030"})
SYSTEM_CODES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


class CannotWrite(Refused):
    code = "cannot-write"
    http_status = 503
    rule = _("Nothing can be saved at the moment: the place where Corredor keeps its data takes no more.")
    way_out = _(
        "What was saved before is safe and can be read. Keep what you were writing and try again later;"
        " those who run this installation see this fault on the operations page."
    )


def is_storage_fault(error: BaseException | None) -> bool:
    """Whether ``error``, or what caused it, says that the disk is full or may not be written."""
    return any(_says_so(cause) for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _says_so(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        # The extended code carries the primary one in its lowest byte.
        return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in SQLITE_CODES
    if isinstance(error, OSError):
        return error.errno in SYSTEM_CODES
    return getattr(error, "sqlstate", None) in POSTGRESQL_CODES
