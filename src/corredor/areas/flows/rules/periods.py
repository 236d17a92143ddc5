"""Days, weeks, months, quarters and years as the figures use them: named by their first day."""

from __future__ import annotations

from datetime import date, timedelta

PER_YEAR = {"D": 365, "W": 52, "M": 12, "Q": 4, "Y": 1}
_MONTHS = {"M": 1, "Q": 3, "Y": 12}


def start_of(day: date, frequency: str) -> date:
    """The first day of the period of this frequency that contains ``day``. Weeks begin on Monday."""
    if frequency == "D":
        return day
    if frequency == "W":
        return day - timedelta(days=day.weekday())
    if frequency == "M":
        return day.replace(day=1)
    if frequency == "Q":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(month=1, day=1)


def shifted(first_day: date, frequency: str, periods: int) -> date:
    """The first day of the period ``periods`` later (earlier when negative). A fiscal year keeps its month."""
    if frequency == "D":
        return first_day + timedelta(days=periods)
    if frequency == "W":
        return first_day + timedelta(weeks=periods)
    months = first_day.year * 12 + first_day.month - 1 + periods * _MONTHS[frequency]
    return date(months // 12, months % 12 + 1, 1)


def last_day_of(first_day: date, frequency: str) -> date:
    """The last day of the period that begins on ``first_day``."""
    return shifted(first_day, frequency, 1) - timedelta(days=1)


def year_before(first_day: date, frequency: str) -> date:
    """The same period of the year before; for weeks 52 weeks earlier, for 29 February the 28th."""
    if frequency == "W":
        return first_day - timedelta(weeks=52)
    if (first_day.month, first_day.day) == (2, 29):
        return date(first_day.year - 1, 2, 28)
    return first_day.replace(year=first_day.year - 1)


def is_part(first_day: date, frequency: str, known_on: date) -> bool:
    """Whether a figure known on that day can only be a running total: its period was not over."""
    return known_on <= last_day_of(first_day, frequency)


def days_in(first_day: date, frequency: str) -> int:
    """How many days the period has."""
    return (shifted(first_day, frequency, 1) - first_day).days


def between(first: date, last: date, frequency: str) -> list[date]:
    """Every period from ``first`` to ``last``, both included."""
    periods = []
    while first <= last:
        periods.append(first)
        first = shifted(first, frequency, 1)
    return periods


def label(first_day: date, frequency: str) -> str:
    """The period as ISO 8601 writes it: 2024-03-05, 2024-W10, 2024-03; 2024-Q1; 2024 or 2023-10/P1Y (fiscal)."""
    if frequency == "D":
        return first_day.isoformat()
    if frequency == "W":
        year, week, _ = first_day.isocalendar()
        return f"{year}-W{week:02d}"
    if frequency == "M":
        return f"{first_day:%Y-%m}"
    if frequency == "Q":
        return f"{first_day.year}-Q{(first_day.month + 2) // 3}"
    return f"{first_day.year}" if first_day.month == 1 else f"{first_day:%Y-%m}/P1Y"
