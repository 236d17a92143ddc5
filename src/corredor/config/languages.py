"""The Spanish catalogues, compiled when their text is newer, so that set-up needs no gettext."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def compile_outdated(package: Path = PACKAGE) -> list[Path]:
    """Compile each ``.po`` whose ``.mo`` is missing or older; returns the catalogues compiled."""
    outdated = [source for source in package.rglob("locale/*/LC_MESSAGES/*.po") if _is_outdated(source)]
    for source in outdated:
        _compile(source)
    return outdated


def _is_outdated(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    draft = source.with_suffix(f".mo.{os.getpid()}")
    with source.open("rb") as text, draft.open("wb") as binary:
        write_mo(binary, read_po(text))
    draft.replace(source.with_suffix(".mo"))
