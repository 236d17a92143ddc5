"""What can be asked about the forum's countries."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from corredor.kernel.countries.models import Country, HolidayChange


def members(language: str) -> list[Country]:
    """The eleven members in protocol order: alphabetical in the language of the document."""
    return _in_protocol_order(Country.Standing.MEMBER, language)


def observers(language: str) -> list[Country]:
    """The observer countries in protocol order."""
    return _in_protocol_order(Country.Standing.OBSERVER, language)


def _in_protocol_order(standing: str, language: str) -> list[Country]:
    return list(Country.objects.filter(standing=standing).order_by(f"order_name_{language[:2]}"))


@cache
def _published_holidays(iso2: str, year: int, language: str) -> dict[date, str]:
    import holidays  # loads every country's calendar

    known = holidays.country_holidays(iso2).supported_languages
    chosen = next((tag for tag in known if tag.startswith(language)), None)
    return dict(holidays.country_holidays(iso2, years=year, language=chosen))


def holidays_of(country: Country, year: int, language: str = "es") -> dict[date, str]:
    """Public holidays of a country in a year: the published calendar, with the changes kept as data."""
    days = dict(_published_holidays(country.iso2, year, language[:2]))
    for change in HolidayChange.objects.filter(country=country, day__year=year):
        if change.is_holiday:
            days[change.day] = change.name_es if language.startswith("es") else change.name_en
        else:
            days.pop(change.day, None)
    return dict(sorted(days.items()))


def is_working_day(country: Country, day: date) -> bool:
    """Whether a country's offices work that day: not a weekend, not a holiday."""
    return day.weekday() < 5 and day not in holidays_of(country, day.year)


def next_working_day(country: Country, day: date) -> date:
    """The first working day on or after ``day``."""
    while not is_working_day(country, day):
        day += timedelta(days=1)
    return day


def reference_rows() -> list[dict[str, str]]:
    """The countries as the product ships them."""
    text = files("corredor.kernel.countries").joinpath("reference/countries.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
