"""What one cell says: a count, a month, a country; or, as CellRefused, why it cannot be taken."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from corredor.areas.flows.adapters import nationality
from corredor.areas.flows.adapters.figures import Figure, Item, Place, Refusal
from corredor.areas.flows.adapters.rows import Row

Choice = TypeVar("Choice")
Word = TypeVar("Word", str, tuple[str, str])

LARGEST_COUNT = 10_000_000_000
MONTHS = (
    ("january", "jan", "enero", "ene"),
    ("february", "feb", "febrero"),
    ("march", "mar", "marzo"),
    ("april", "apr", "abril", "abr"),
    ("may", "mayo"),
    ("june", "jun", "junio"),
    ("july", "jul", "julio"),
    ("august", "aug", "agosto", "ago"),
    ("september", "sep", "sept", "septiembre", "setiembre", "set"),
    ("october", "oct", "octubre"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre", "dic"),
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}
_COUNT = re.compile(r"\d+|\d{1,3}(,\d{3})+")


class CellRefused(Exception):
    """A cell that cannot be taken; carries the refusal to hand over."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason_en)
        self.refusal = refusal


def each(rows: Iterable[Row], make: Callable[[Row], Iterable[Figure]]) -> Iterator[Item]:
    """The figures ``make`` finds in every row; where it cannot, the refusal instead."""
    for row in rows:
        try:
            yield from make(row)
        except CellRefused as refused:
            yield refused.refusal


def refuse(place: Place, code: str, reason_en: str, reason_es: str, found: object = "") -> CellRefused:
    return CellRefused(Refusal(place, code, reason_en, reason_es, str(found)[:200]))


def count(found: Any, place: Place) -> int:
    """A count of people or events: a whole number, not negative; "1,302" and 12.0 (as Excel stores it) are read."""
    if isinstance(found, bool):
        raise _not_a_number(found, place)
    if isinstance(found, int | float):
        return _counted(float(found), found, place)
    text = "" if found is None else str(found).strip()
    if not text:
        raise refuse(
            place,
            "no-value",
            "The cell is empty. Write 0 if there were none.",
            "La celda está vacía. Escriba 0 si no hubo.",
        )
    if _COUNT.fullmatch(text):
        return _counted(float(text.replace(",", "")), text, place)
    if re.fullmatch(r"-\d[\d.,]*", text):
        raise _negative(text, place)
    if re.fullmatch(r"\d+\.\d+", text):
        return _counted(float(text), text, place)
    raise _not_a_number(text, place)


def iso_month(text: str, place: Place) -> date:
    """The first day of a month written as an ISO date, "2023-08-01"."""
    day = iso_day(text, place)
    if day.day != 1:
        raise refuse(
            place,
            "not-a-first-day",
            "A month is written as its first day, such as 2023-08-01.",
            "Un mes se escribe como su primer día, por ejemplo 2023-08-01.",
            text,
        )
    return day


def iso_day(text: str, place: Place) -> date:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else _no_date(text)
    except ValueError:
        raise refuse(
            place,
            "not-a-date",
            "Write the date as 2023-08-01.",
            "Escriba la fecha como 2023-08-01.",
            text,
        ) from None


def year(found: Any, place: Place) -> int:
    """A calendar or fiscal year between 1900 and 2100."""
    text = str(found).strip().removesuffix(".0")
    if re.fullmatch(r"(19|20)\d\d|2100", text):
        return int(text)
    raise refuse(
        place, "not-a-year", "This is not a year such as 2023.", "Esto no es un año, como 2023.", found
    )


def month_number(name: str, place: Place) -> int:
    """The month in "OCT", "October", "01 October", "Octubre", "Sept.": 10, 9 …"""
    word = re.sub(r"[^a-z]", "", name.casefold())
    if word in _MONTH_NUMBERS:
        return _MONTH_NUMBERS[word]
    raise refuse(
        place,
        "not-a-month",
        "This is not the name of a month.",
        "Esto no es el nombre de un mes.",
        name,
    )


def fiscal_month(fiscal_year: int, month: int) -> date:
    """First day of a month of a United States fiscal year, which begins on 1 October of the year before."""
    return date(fiscal_year - (month >= 10), month, 1)


def country(written: str, place: Place) -> str:
    """The code of a nationality as written; refused with suggestions when it is not known."""
    code = nationality.iso3(written)
    if code is None:
        raise CellRefused(nationality.unknown(written, place))
    return code


def chosen(written: Word, choices: Mapping[Word, Choice], place: Place, code: str) -> Choice:
    """What a word of the publisher's closed list stands for; refused under ``code`` when it is not in the list."""
    if written in choices:
        return choices[written]
    shown = written if isinstance(written, str) else " · ".join(map(str, written))
    raise refuse(
        place,
        code,
        f"“{shown}” is not one of the words this publication uses.",
        f"«{shown}» no es una de las palabras que usa esta publicación.",
        shown,
    )


def _counted(number: float, found: Any, place: Place) -> int:
    if math.isnan(number) or math.isinf(number):
        raise _not_a_number(found, place)
    if number < 0:
        raise _negative(found, place)
    if number != int(number):
        raise refuse(
            place,
            "fractional",
            "A count must be a whole number.",
            "Un recuento debe ser un número entero.",
            found,
        )
    if number > LARGEST_COUNT:
        raise refuse(
            place,
            "impossible-count",
            "This cannot be a count of people.",
            "Esto no puede ser un recuento de personas.",
            found,
        )
    return int(number)


def _negative(found: Any, place: Place) -> CellRefused:
    return refuse(
        place, "negative", "A count cannot be negative.", "Un recuento no puede ser negativo.", found
    )


def _not_a_number(found: Any, place: Place) -> CellRefused:
    return refuse(place, "not-a-number", "This is not a count.", "Esto no es un recuento.", found)


def _no_date(text: str) -> date:
    raise ValueError(text)
