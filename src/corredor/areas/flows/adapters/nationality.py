"""Which country a written nationality means: official names in English and Spanish, as publishers write them.

Codes are ISO 3166-1 alpha-3. Two user-assigned codes are in common use and kept: ``XKX`` (Kosovo) and ``XXA``
(stateless, as in passports: ICAO Doc 9303). States that no longer exist keep the code of ISO 3166-3 (``YUG``,
``SCG``, ``SUN`` …). "Other", "unspecified" and "unknown" are ``OTHER``. Names come from Unicode's CLDR (through
Babel) and from ``reference/nationality_aliases.csv``. Nothing is guessed: a name that is not known is refused, with
the nearest known names as suggestions.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.core import get_global
from rapidfuzz import fuzz, process

from corredor.areas.flows.adapters.figures import ALL, OTHER, Place, Refusal

STATELESS = "XXA"
KOSOVO = "XKX"

ALIASES = Path(__file__).resolve().parents[1] / "reference" / "nationality_aliases.csv"
LONGEST_NAME = 80  # of something that could be a country's name
LANGUAGES = ("en", "es", "es_419", "es_MX")

# Retired codes: CLDR points them at today's territories, which must keep their own code.
FORMER = frozenset({"ANT", "BUR", "CSK", "DDR", "FXX", "NTZ", "SCG", "SUN", "TMP", "YMD", "YUG", "ZAR"})
CODES_PUBLISHED = {
    "STL": STATELESS,
    "XXA": STATELESS,
    "OOO": OTHER,
    "OOS": OTHER,
    "UNK": OTHER,
    "XXX": OTHER,
    "TIB": OTHER,  # not a code of ISO 3166; eight people in Panama 2012–2016
}
SMALL_WORDS = frozenset(["the", "of", "and", "de", "del", "la", "las", "los", "el", "y", "e", "d", "l"])
SHORTENED = {
    "republica": "rep",
    "republic": "rep",
    "democratica": "dem",
    "democratic": "dem",
    "islas": "isl",
    "isla": "isl",
    "islands": "isl",
    "island": "isl",
    "is": "isl",
    "st": "saint",
    "peoples": "people",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A known name near to an unknown one; ``likeness`` runs from 0 to 100."""

    iso3: str
    name: str
    likeness: float


@lru_cache(maxsize=4096)
def iso3(written: str) -> str | None:
    """The code for a nationality as written, ALL or OTHER where it says so, or None when it is not known.

    Case, accents, punctuation, word order and small words do not matter: "CHINA, PEOPLES REPUBLIC OF",
    "Dominicana, Rep." and "república dominicana" are understood. ISO codes are taken as they are.
    """
    text = written.strip()
    if text in CODES_PUBLISHED:
        return CODES_PUBLISHED[text]
    if text.isupper() and (text in alpha2_by_alpha3() or text in FORMER or text == ALL):
        return text
    if text.isupper() and len(text) == 2 and text in _alpha3_by_alpha2():
        return _alpha3_by_alpha2()[text]
    names = _names()
    return names.get(key(text)) or names.get(key(_without_brackets(text)))


@lru_cache(maxsize=4096)
def suggestions(written: str, *, limit: int = 3) -> tuple[Suggestion, ...]:
    """The known names most like ``written``, best first, each country once; empty when nothing is near."""
    wanted = plain(written)
    if not wanted or len(wanted) > LONGEST_NAME:
        return ()
    found: dict[str, Suggestion] = {}
    for name, likeness, _ in process.extract(
        wanted, list(_display_names()), scorer=fuzz.WRatio, score_cutoff=70, limit=limit * 4
    ):
        code, shown = _display_names()[name]
        found.setdefault(code, Suggestion(code, shown, round(likeness, 1)))
    return tuple(found.values())[:limit]


def unknown(written: str, place: Place) -> Refusal:
    """The refusal for a nationality that is not known, with what may have been meant."""
    near = ", ".join(f"{s.name} ({s.iso3})" for s in suggestions(written))
    shown = written.strip()
    return Refusal(
        place=place,
        code="unknown-nationality",
        reason_en=f"“{shown}” is not a known nationality." + (f" Did you mean: {near}?" if near else ""),
        reason_es=f"«{shown}» no es una nacionalidad conocida." + (f" ¿Quiso decir: {near}?" if near else ""),
        found=shown,
    )


@cache
def codes() -> frozenset[str]:
    """Every code `iso3` may answer with: today's countries, those of the past, Kosovo, stateless, other and ALL."""
    return frozenset({*alpha2_by_alpha3(), *FORMER, STATELESS, OTHER, ALL})


@cache
def alpha2_by_alpha3() -> dict[str, str]:
    """Every current alpha-3 code with its alpha-2."""
    territories = Locale("en").territories
    codes = {
        old: new[0]
        for old, new in get_global("territory_aliases").items()
        if len(old) == 3 and old.isalpha() and old not in FORMER and new[0] in territories
    }
    return {code: alpha2 for code, alpha2 in codes.items() if not _is_private(code)} | {KOSOVO: "XK"}


def key(written: str) -> str:
    """What stays of a name when case, accents, punctuation, small words and word order are put aside."""
    words = [SHORTENED.get(word, word) for word in plain(written).split()]
    return " ".join(sorted(word for word in words if word not in SMALL_WORDS))


def _without_brackets(written: str) -> str:
    """ "Myanmar (Burma)" is also "Myanmar", and "Bermudas, Islas (R. Unido)" is "Bermudas, Islas"."""
    return re.sub(r"\([^)]*\)", " ", written)


def _is_private(alpha3: str) -> bool:
    """User-assigned codes (ISO 3166-1, 8.1.3), which CLDR lists too: AAA–AAZ, QMA–QZZ, XAA–XZZ, ZZA–ZZZ."""
    return alpha3[:2] in ("AA", "ZZ") or alpha3[0] == "X" or "QM" <= alpha3[:2] <= "QZ"


def plain(written: str) -> str:
    """Lower case, without accents or punctuation, words one space apart."""
    decomposed = unicodedata.normalize("NFKD", written.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    # "People's" is one word and "R.Unido" two.
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’`]", "", bare)).split())


@cache
def _alpha3_by_alpha2() -> dict[str, str]:
    return {alpha2: alpha3 for alpha3, alpha2 in alpha2_by_alpha3().items()}


@cache
def _names() -> dict[str, str]:
    """Every known key with its code. Aliases come last: they are chosen by hand and win."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        territories = Locale.parse(language).territories
        for alpha2, alpha3 in _alpha3_by_alpha2().items():
            written = str(territories[alpha2])
            found[key(written)] = found[key(_without_brackets(written))] = alpha3
    for alias in _aliases():
        for form in alias.forms():
            found[key(form)] = alias.iso3
    return found


@cache
def _display_names() -> dict[str, tuple[str, str]]:
    """Plain name → (code, name as shown), in both languages."""
    shown: dict[str, tuple[str, str]] = {}
    for language in ("en", "es"):
        territories = Locale(language).territories
        for alpha2, alpha3 in _alpha3_by_alpha2().items():
            shown.setdefault(plain(str(territories[alpha2])), (alpha3, str(territories[alpha2])))
    for alias in _aliases():
        if alias.iso3 in alpha2_by_alpha3():
            shown.setdefault(plain(alias.written), (alias.iso3, alias.written))
    return shown


@dataclass(frozen=True, slots=True)
class _Alias:
    iso3: str
    written: str
    kind: str  # name, demonym

    def forms(self) -> Iterator[str]:
        """The word itself; a Spanish demonym in -o also in its other three endings and as "-o(a)"."""
        yield self.written
        if self.kind == "demonym" and self.written.endswith("o"):
            stem = self.written[:-1]
            yield from (stem + ending for ending in ("a", "os", "as", "o(a)", "o/a"))
        elif self.kind == "demonym":
            yield from (self.written + ending for ending in ("s", "es"))


@cache
def _aliases() -> tuple[_Alias, ...]:
    with ALIASES.open(encoding="utf-8", newline="") as lines:
        return tuple(_Alias(row["iso3"], row["written"], row["kind"]) for row in csv.DictReader(lines))
