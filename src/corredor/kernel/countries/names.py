"""Names of all the world's countries, for nationalities: CLDR's, through Babel, by ISO 3166-1 alpha-3."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

SPECIAL = {
    "ALL": {"en": "All nationalities", "es": "Todas las nacionalidades"},
    "OOO": {"en": "Other or unspecified", "es": "Otras o sin especificar"},
    "XXA": {"en": "Stateless", "es": "Apátridas"},
}


@cache
def alpha2_by_alpha3() -> dict[str, str]:
    """ISO alpha-3 → alpha-2 for every territory CLDR knows."""
    aliases = get_global("territory_aliases")
    territories = Locale("en").territories
    return {
        alias: codes[0]
        for alias, codes in aliases.items()
        if len(alias) == 3
        and alias.isalpha()
        and len(codes) == 1
        and len(codes[0]) == 2
        and codes[0] in territories
    }


@cache
def country_name(iso3: str, language: str = "es") -> str:
    """The name of a country or special group in ``language`` ("es" or "en"); the code itself when unknown."""
    language = "es" if language.startswith("es") else "en"
    if iso3 in SPECIAL:
        return SPECIAL[iso3][language]
    alpha2 = alpha2_by_alpha3().get(iso3)
    return str(Locale(language).territories.get(alpha2, iso3)) if alpha2 else iso3


def is_country(iso3: str) -> bool:
    """Whether ``iso3`` is a country code or one of the special groups."""
    return iso3 in SPECIAL or iso3 in alpha2_by_alpha3()
