"""The installation's own names: gates and measures, found by the names a file gives them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from rapidfuzz import fuzz, process

from corredor.areas.flows.adapters import nationality
from corredor.areas.flows.adapters.general.words import plain


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


REFERENCE = Path(__file__).resolve().parents[2] / "reference"
_GENERIC = _words(
    "a i airport aeropuerto internacional international whole country todo el la los las pais sector station estacion "
    "reception recepcion border frontera land terrestre crossing de del of the with and y field office oficina aerodrome "
    "aerodromo"
)
_WEAK = _words(
    "north south east west norte sur este oeste central other otros otras all todos todas ruta route"
)


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a code and a name in each language."""

    code: str
    name_en: str
    name_es: str


@dataclass(frozen=True)
class Names:
    """A list of named things that can be asked for by any of their names."""

    entries: tuple[Named, ...]
    is_places: bool = False

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(entry.code for entry in self.entries)

    def exact(self, written: str) -> str | None:
        """The code whose code or name, in either language and without what is in brackets, is written here."""
        if written in self.codes:
            return written
        found = self._by_name.get(plain(written))
        # What is in brackets after a country tells two sources of it apart: it is not the country as a whole.
        if found is None and self.is_places and "(" not in written and (iso3 := nationality.iso3(written)):
            found = f"{iso3}-ALL" if f"{iso3}-ALL" in self.codes else None
        return found or None

    def likely(self, written: str) -> str | None:
        """The one code whose telling words all occur in the text and are a fair part of it; else None.

        A whole country is never taken for likely: "Cd. de México, A. I." is an airport.
        """
        if exact := self.exact(written):
            return exact
        words = set(plain(written).split())
        told = len(words - _GENERIC) if self.is_places else 0  # a title says much besides the measure
        matches: dict[int, set[str]] = {}
        for telling, code in self._telling:
            if telling <= words and len(telling) * 4 >= told:
                matches.setdefault(len(telling), set()).add(code)
        best = matches.get(max(matches, default=0), set())
        return next(iter(best)) if len(best) == 1 else None

    def nearest(self, written: str, limit: int = 3) -> list[Named]:
        """The entries whose names are most like the text, for a person to choose from."""
        names = {plain(name): entry for entry in self.entries for name in (entry.name_en, entry.name_es)}
        near = process.extract(
            plain(written), list(names), scorer=fuzz.WRatio, score_cutoff=70, limit=limit * 2
        )
        return list(dict.fromkeys(names[name] for name, _, _ in near))[:limit]

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """Plain name → code; a name two entries share belongs to neither."""
        found: dict[str, str] = {}
        for entry in self.entries:
            names = {
                plain(form) for name in (entry.name_en, entry.name_es) for form in (name, name.split("(")[0])
            }
            for name in names | {plain(entry.code)}:
                found[name] = entry.code if found.get(name, entry.code) == entry.code else ""
        return found

    @cached_property
    def _telling(self) -> tuple[tuple[frozenset[str], str], ...]:
        """For each name the words that tell it from others, with its code."""
        found = []
        for entry in self.entries:
            if self.is_places and entry.code.endswith("-ALL"):
                continue
            for name in {entry.name_en.split("(")[0], entry.name_es.split("(")[0]}:
                words = frozenset(plain(name).split()) - _GENERIC
                if words - _WEAK and any(len(word) > 3 for word in words):
                    found.append((words, entry.code))
        return tuple(found)


@cache
def gates() -> Names:
    """The gates Corredor ships."""
    return Names(tuple(_read("gates.csv")), is_places=True)


@cache
def measures() -> Names:
    """The measures Corredor ships."""
    return Names(tuple(_read("measures.csv")))


def _read(name: str) -> Iterable[Named]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Named(row["code"], row["name_en"], row["name_es"])
