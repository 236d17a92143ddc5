"""Finding a place to listen."""

from __future__ import annotations

import socket


def is_free(port: int, address: str = "127.0.0.1") -> bool:
    """Whether nobody listens on the port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def next_free(after: int, address: str = "127.0.0.1", *, tries: int = 200) -> int | None:
    """The first free port above ``after``; None when there is none within reach."""
    candidates = range(after + 1, min(after + tries, 65535) + 1)
    return next((port for port in candidates if is_free(port, address)), None)
