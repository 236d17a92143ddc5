"""The arithmetic of the chain: each line's digest covers its content and the digest before it.

    digest_n = SHA-256( canonical JSON of line n, with digest_{n-1} )

Canonical JSON: keys sorted, no blanks, UTF-8, moments in UTC with microseconds.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """What one audit line says, without its own digest."""

    chain: str
    position: int
    at: datetime
    actor: int | None
    roles: str
    verb: str
    thing: str
    detail: dict[str, Any]
    previous: str

    def digest(self) -> str:
        content = asdict(self) | {"at": self.at.astimezone(UTC).isoformat(timespec="microseconds")}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
