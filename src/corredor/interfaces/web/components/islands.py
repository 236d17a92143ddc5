"""Which files an island of script consists of, as Vite's manifest says; none when it was not built."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.staticfiles import finders

FOLDER = "islands"


@dataclass(frozen=True, slots=True)
class IslandFiles:
    """Paths under the static folder."""

    script: str
    styles: tuple[str, ...] = ()


@cache
def manifest() -> dict[str, Any]:
    """The built manifest, read once for each process."""
    place = finders.find(f"{FOLDER}/manifest.json")
    if not place:
        return {}
    with open(place, encoding="utf-8") as built:
        return dict(json.load(built))


def files_of(name: str) -> IslandFiles | None:
    """The files of the island whose source is ``src/<name>.ts``."""
    entry = manifest().get(f"src/{name}.ts")
    if entry is None:
        return None
    return IslandFiles(
        f"{FOLDER}/{entry['file']}", tuple(f"{FOLDER}/{style}" for style in entry.get("css", ()))
    )
