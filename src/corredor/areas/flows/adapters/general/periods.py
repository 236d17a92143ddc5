"""Periods as written, in Spanish and English, whole or in parts, and how parts make a period."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from corredor.areas.flows.adapters.figures import Frequency
from corredor.areas.flows.adapters.general.words import plain

_NAMES = (
    "enero january ene jan",
    "febrero february feb",
    "marzo march mar",
    "abril april abr apr",
    "mayo may",
    "junio june jun",
    "julio july jul",
    "agosto august ago aug",
    "septiembre september setiembre sept sep set",
    "octubre october oct",
    "noviembre november nov",
    "diciembre december dic dec",
)
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_MONTH = "(?P<name>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_ORDINALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "primer": 1, "primero": 1, "segundo": 2, "tercer": 3, "tercero": 3,
             "cuarto": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}  # fmt: skip

# A mark after a period says what the figure is worth or points to a note: "2023 p/", "Enero*", "2022 (1)".
_MARK = re.compile(r"\s*(?:(?<=[\d\s])(?P<letter>[pre])/?|\((?P<letter2>[pre])\)|\s\d/|\(\d{1,2}\)|\*+|[¹²³⁴⁵⁶⁷⁸⁹†‡]+)$", re.IGNORECASE)  # fmt: skip
_MARKED = {"p": "provisional", "e": "provisional", "r": "revised"}

Parts = dict[str, object]  # some of: day (date), year, fiscal_year, quarter, month, monthday, week, status


@lru_cache(maxsize=65_536)
def parse_text(text: str, day_first: bool = True) -> Parts | None:
    """What a text says of a period, or None when it says none. ``day_first`` reads 03/04/2023 as the third of April."""
    stripped, parts = _without_marks(text.strip())
    found = _dated(stripped, day_first) or _worded(stripped)
    return {**parts, **found} if found else None


def _without_marks(text: str) -> tuple[str, Parts]:
    parts: Parts = {}
    for _ in range(2):
        match = _MARK.search(text)
        if not match or match.start() == 0:
            break
        letter = (match["letter"] or match["letter2"] or "").lower()
        if letter:
            parts["status"] = _MARKED[letter]
        text = text[: match.start()].rstrip()
    return text, parts


def _dated(text: str, day_first: bool) -> Parts | None:
    """Forms made of digits."""
    if match := re.fullmatch(
        r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?", text
    ):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: [\d:.]+)?", text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        day, month = (first, second) if (day_first and second <= 12) or first > 12 else (second, first)
        return _day(year, month, day)
    if match := re.fullmatch(r"((?:19|20)\d\d)(?:[-/. ]?[Mm]?|[-/. ])(\d{1,2})", text):
        return _month(int(match[1]), int(match[2])) if len(text) > 5 else None
    if match := re.fullmatch(r"(\d{1,2})[-/.]((?:19|20)\d\d)", text):
        return _month(int(match[2]), int(match[1]))
    if match := re.fullmatch(r"((?:19|20)\d\d)-?W(\d{1,2})", text):
        return _week(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"((?:19|20)\d\d)(?:\.0)?", text):
        return {"year": int(match[1])}
    return None


def _day(year: int, month: int, day: int) -> Parts | None:
    try:
        return {"day": date(year, month, day)}
    except ValueError:
        return None


def _month(year: int, month: int) -> Parts | None:
    return {"year": year, "month": month} if 1 <= month <= 12 else None


def _week(year: int, week: int) -> Parts | None:
    try:
        return {"week": date.fromisocalendar(year, week, 1)}
    except ValueError:
        return None


def _worded(text: str) -> Parts | None:
    """Forms with words: months, quarters, fiscal years, weeks."""
    words = plain(text)
    if match := re.fullmatch(
        rf"(?:(\d{{1,2}}) )?(?:de )?{_MONTH}(?: (?:de |del )?(?P<y>\d{{4}}|\d{{2}}))?", words
    ):
        return _named_month(match[1], match["name"], match["y"])
    if match := re.fullmatch(rf"(?:mes de |month of )?{_MONTH}(\d\d|\d{{4}})", words):
        return _named_month(None, match["name"], match[2])
    if match := re.fullmatch(rf"{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)? (\d{{4}})", words):
        return _day(int(match[3]), MONTHS[match["name"]], int(match[2]))
    if match := re.fullmatch(rf"{_YEAR} {_MONTH}", words):
        return {"year": int(match["year"]), "month": MONTHS[match["name"]]}
    if match := re.fullmatch(
        r"(?:fy|af|fiscal year|ano fiscal|ejercicio fiscal) ?(\d{4}|\d\d)(?: ?fytd| ytd)?", words
    ):
        return {"fiscal_year": _full_year(match[1])}
    if match := re.fullmatch(r"(?:ano|year|anio|gestion) (\d{4})", words):
        return {"year": int(match[1])}
    if match := re.fullmatch(
        r"(?:semana|week|se|sem) (?:epidemiologica )?(\d{1,2}) (?:de |del |of )?(\d{4})", words
    ):
        return _week(int(match[2]), int(match[1]))
    return _quarter(words)


def _named_month(number: str | None, name: str, year: str | None) -> Parts | None:
    month = MONTHS[name]
    if year is None:
        # "01 October": the number orders the months of a fiscal year, it is no day.
        return {"month": month} if number is None else {"month": month, "monthday": int(number)}
    if number is not None:
        return _day(_full_year(year), month, int(number))
    return {"year": _full_year(year), "month": month}


def _quarter(words: str) -> Parts | None:
    patterns = (
        r"(?:q|t|trim|qtr|trimestre|quarter) ?(?P<q>[1-4]|i{1,3}|iv)(?: (?:de |del |of )?(?P<y>\d{4}))?",
        r"(?P<q>[1-4]) ?(?:er|do|ro|to|o|st|nd|rd|th)? ?(?:t|q|trim|trimestre|quarter) ?(?:de |del |of )?(?P<y>\d{4})?",
        r"(?P<q>i{1,3}|iv|primer|segundo|tercer|cuarto|first|second|third|fourth) (?:trimestre|quarter|trim)"
        r"(?: (?:de |del |of )?(?P<y>\d{4}))?",
        r"(?P<y>\d{4}) ?(?:q|t|trim|trimestre|quarter) ?(?P<q>[1-4]|i{1,3}|iv)",
    )
    for pattern in patterns:
        if match := re.fullmatch(pattern, words):
            quarter = int(match["q"]) if match["q"].isdigit() else _ORDINALS[match["q"]]
            found: Parts = {"quarter": quarter}
            if match["y"]:
                found["year"] = int(match["y"])
            return found
    return None


def _full_year(year: str) -> int:
    """Two digits: 00–69 are of this century, 70–99 of the last, as POSIX reads them."""
    number = int(year)
    return number if number >= 100 else number + (2000 if number < 70 else 1900)


def parse(cell: object, day_first: bool = True) -> Parts | None:
    """What a cell says of a period: a date, a year as a number, or text."""
    if isinstance(cell, datetime):
        return {"day": cell.date()}
    if isinstance(cell, date):
        return {"day": cell}
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return {"year": int(cell)} if cell == int(cell) and 1900 <= cell <= 2100 else None
    return parse_text(str(cell), day_first)


def month_words(year: int, month: int, language: str) -> str:
    """A month in words: "mayo de 2025" in Spanish ("es"), "May 2025" in English ("en")."""
    spanish, english = _NAMES[month - 1].split()[:2]
    return f"{english.capitalize()} {year}" if language == "en" else f"{spanish} de {year}"


def compose(parts: Parts, *, frequency: str = "", fiscal_start: int = 10) -> tuple[Frequency, date] | str:
    """The frequency and first day that parts make; or the word for what is missing: "year" or "period".

    A fiscal year bears the name of the calendar year in which it ends: FY2023 that starts in October begins on
    2022-10-01. ``frequency`` says what whole dates stand for, when the parts hold one.
    """
    if "week" in parts:
        return "W", _date(parts["week"])
    if "day" in parts:
        return _of_day(_date(parts["day"]), frequency)
    month, quarter, year = _int(parts, "month"), _int(parts, "quarter"), _int(parts, "year")
    fiscal = _int(parts, "fiscal_year")
    if fiscal is not None:
        return _fiscal(fiscal, month, quarter, fiscal_start)
    if year is None:
        return "year" if month or quarter else "period"
    monthday = _int(parts, "monthday") if frequency == "D" else None
    if month and monthday:
        day = _day(year, month, monthday)
        return ("D", _date(day["day"])) if day else "period"
    if month:
        return "M", date(year, month, 1)
    if quarter:
        return "Q", date(year, 3 * quarter - 2, 1)
    return "Y", date(year, 1, 1)


def _fiscal(fiscal: int, month: int | None, quarter: int | None, start: int) -> tuple[Frequency, date]:
    before = 1 if start > 1 else 0
    if month:
        return "M", date(fiscal - (before if month >= start else 0), month, 1)
    if quarter:
        first = (start - 1 + 3 * (quarter - 1)) % 12 + 1
        return "Q", date(fiscal - (before if first >= start else 0), first, 1)
    return "Y", date(fiscal - before, start, 1)


def _of_day(day: date, frequency: str) -> tuple[Frequency, date]:
    if frequency == "M":
        return "M", day.replace(day=1)
    if frequency == "Q":
        return "Q", date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    if frequency == "Y":
        return "Y", day.replace(month=1, day=1)
    if frequency == "W":
        return "W", day - timedelta(days=day.weekday())
    return "D", day


def _date(value: object) -> date:
    if isinstance(value, date):
        return value
    raise TypeError(f"{value!r} is not a date")


def _int(parts: Parts, name: str) -> int | None:
    value = parts.get(name)
    return value if isinstance(value, int) else None
