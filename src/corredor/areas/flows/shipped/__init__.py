"""The public figures that travel with the product, so that a first start shows the real corridor.

Every file is tidy (Corredor's own export columns, see ``adapters/tidy``); `shipped_files` lists them in the order in
which they became known, so that taking them one by one, each with its ``known_on``, also rebuilds what was known when.
Made by ``scripts/ship_data.py`` from the public files; the licences stand in ``SOURCES.csv`` beside every file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).resolve().parent
Basis = Literal["published", "sum:file"]


@dataclass(frozen=True, slots=True)
class ShippedFile:
    """One file of figures of one source, all known since ``known_on``.

    ``basis`` is "published" for what the source states, "sum:file" for sums made here of its parts (see
    ``adapters/wholes``). ``is_current`` marks the last state; the others are earlier editions of monthly totals.
    """

    path: Path
    source: str
    known_on: date
    basis: Basis
    is_current: bool
    figures: int
    first_period: date
    last_period: date
    sha256: str
    publisher: str
    attribution_en: str
    attribution_es: str
    licence_note_en: str
    licence_note_es: str


def shipped_files() -> tuple[ShippedFile, ...]:
    """Every shipped file, earliest known first."""
    with (FOLDER / "SOURCES.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(_shipped(row) for row in csv.DictReader(lines))


def _shipped(row: dict[str, str]) -> ShippedFile:
    return ShippedFile(
        path=FOLDER / row["file"],
        source=row["source"],
        known_on=date.fromisoformat(row["known_on"]),
        basis="published" if row["basis"] == "published" else "sum:file",
        is_current=row["is_current"] == "yes",
        figures=int(row["figures"]),
        first_period=date.fromisoformat(row["first_period"]),
        last_period=date.fromisoformat(row["last_period"]),
        sha256=row["sha256"],
        publisher=row["publisher"],
        attribution_en=row["attribution_en"],
        attribution_es=row["attribution_es"],
        licence_note_en=row["licence_note_en"],
        licence_note_es=row["licence_note_es"],
    )
