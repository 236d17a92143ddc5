"""What the commands say before Django is there: in the language of the terminal."""

from __future__ import annotations

import os
import sys


def terminal_language() -> str:
    """ "en" or "es": CORREDOR_LANGUAGE first, then the terminal's locale."""
    wanted = os.environ.get("CORREDOR_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "es"
    return "en" if wanted.startswith(("en", "C", "POSIX")) else "es"


def say(en: str, es: str) -> None:
    """A line on standard output; a closed terminal is no reason to stop."""
    _write(sys.stdout, en if terminal_language() == "en" else es)


def warn(en: str, es: str) -> None:
    """A line on standard error."""
    _write(sys.stderr, en if terminal_language() == "en" else es)


def _write(stream: object, text: str) -> None:
    try:
        print(text, file=stream, flush=True)  # type: ignore[call-overload]
    except (BrokenPipeError, OSError):
        return
