"""An authenticator app as a person's phone has it: RFC 6238, six digits, thirty seconds, SHA-1."""

from __future__ import annotations

import base64
import hmac
import struct
import time


def digits(secret: str, *, at: float | None = None) -> str:
    """The six digits shown at a moment (seconds since 1970), now when none is given."""
    period = int((time.time() if at is None else at) // 30)
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", period), "sha1")
    place = digest[-1] & 0x0F
    value = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFF_FFFF
    return f"{value % 1_000_000:06}"
