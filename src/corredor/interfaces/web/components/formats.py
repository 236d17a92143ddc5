"""How numbers and dates are written in each language; one place, so that page, picture and print agree.

Spanish is written as the region writes it (CLDR ``es_419``), English as international English (``en_001``). A caller
who knows the reader's country may pass a full locale such as ``es_CR``.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

NO_NUMBER = "–"


@cache
def locale_of(language: str) -> Locale:
    """The CLDR locale for "es", "en" or a full locale ("es_CR", "es-mx")."""
    name = language.replace("-", "_")
    return Locale.parse({"es": "es_419", "en": "en_001"}.get(name.lower(), name))


def number(value: float | None, language: str, decimals: int = 0) -> str:
    """``4849`` → "4,849"; an unknown number is a dash, never a zero."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return NO_NUMBER
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=locale_of(language)))


def short_number(value: float | None, language: str) -> str:
    """A number for the side of a small picture: "36.8 k", "1.2 M"; below ten thousand as it is."""
    if value is None or abs(value) < 10_000:
        return number(value, language)
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if abs(value) >= size:
            scaled = value / size
            return f"{number(scaled, language, decimals=0 if abs(scaled) >= 100 else 1)}\u202f{letter}"
    raise AssertionError("unreachable: the value is at least ten thousand")


def share(part: float, language: str, decimals: int = 0) -> str:
    """A fraction as a percentage: ``0.183`` → "18%" (as the language spaces it)."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    pattern += "\u00a0%" if language.startswith("es") else "%"
    return str(format_percent(part, format=pattern, locale=locale_of(language)))


def between(low: float | None, high: float | None, language: str, decimals: int = 0) -> str:
    """ "40–130": a range with an en dash."""
    return f"{number(low, language, decimals)}–{number(high, language, decimals)}"


def month(value: date, language: str) -> str:
    """ "April 2025", "abril de 2025"."""
    return str(format_skeleton("yMMMM", value, locale=locale_of(language)))


def short_month(value: date, language: str) -> str:
    """ "Apr 2025", "abr 2025"."""
    return f"{month_letters(value, language)} {value.year}"


def month_letters(value: date, language: str) -> str:
    """The month alone, in three or four letters: "Apr", "abr"."""
    return str(format_date(value, "LLL", locale=locale_of(language))).rstrip(".")


def day(value: date, language: str) -> str:
    """ "19 June 2025", "19 de junio de 2025"."""
    return str(format_date(value, "long", locale=locale_of(language)))


def moment(value: datetime, language: str) -> str:
    """ "19 June 2025, 14:05 (UTC−6)": an aware moment in the zone it carries."""
    if value.tzinfo is None:
        raise ValueError("a moment carries its zone")
    return f"{day(value, language)}, {value:%H:%M} ({offset(value)})"


def offset(value: datetime) -> str:
    """How far a moment's clock is from Greenwich's: "UTC", "UTC−6", "UTC−3:30"."""
    shift = value.utcoffset()
    minutes = round(shift.total_seconds() / 60) if shift else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
