"""What the reading pages say of numbers, in the reader's language: periods, ages, changes, chances."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from corredor.areas.flows.queries.sentences import period_words
from corredor.areas.flows.queries.things import Change, Headline, Point
from corredor.interfaces.web.components import formats

# The share of surprise below which a change in per cent says nothing: 3 people instead of 1 is not "+200 %".
SMALLEST_FOR_SHARES = 20
SURGE = 1.5


def language() -> str:
    """The reader's language, in two letters."""
    return (get_language() or "es")[:2]


def number(value: float | None) -> str:
    """A count as the reader's language writes it."""
    return formats.number(value, language())


def share(part: float) -> str:
    """A share in whole per cent, with a decimal where rounding would say all or nothing of what is not."""
    is_blunt = round(part * 100) in (0, 100) and round(part * 100, 1) not in (0.0, 100.0)
    return formats.share(part, language(), 1 if is_blunt else 0)


def period(first_day: date, frequency: str = "M") -> str:
    """ "April 2025", "semana del 3 de marzo de 2025"."""
    return str(period_words(first_day, frequency))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def age(days: int) -> str:
    """How old a figure is, from the end of its period."""
    if days < 14:
        return ngettext("%(count)s day old", "%(count)s days old", days) % {"count": days}
    if days < 60:
        weeks = days // 7
        return ngettext("%(count)s week old", "%(count)s weeks old", weeks) % {"count": weeks}
    months = round(days / 30.44)
    return ngettext("%(count)s month old", "%(count)s months old", months) % {"count": months}


def unit(code: str, value: float | None = None) -> str:
    """What is counted; never "people" where the source counts events."""
    if code == "events":
        return ngettext("event", "events", _plural(value))
    return ngettext("person", "people", _plural(value))


def _plural(value: float | None) -> int:
    return 1 if value == 1 else 2


def status(point: Point) -> str:
    """The status of a figure, in the words of the parts of a page."""
    if point.is_provisional:
        return "provisional"
    return "revised" if point.status == "revised" or point.revised_from is not None else "observed"


def value_or_reason(point: Point) -> str:
    """A figure as a cell says it: its number, the range its source admits, or that it is protected."""
    if point.value is not None:
        return number(point.value)
    if point.is_protected:
        return gettext("protected")
    if point.low is not None and point.high is not None:
        return formats.between(point.low, point.high, language())
    return gettext("not shown")


def change(moved: Change | None) -> str:
    """How a figure stands to an earlier one: "121 fewer than in March 2025 (−62%)"."""
    if moved is None or moved.by is None:
        return ""
    than = period(moved.than.period, moved.than.frequency)
    if moved.by == 0:
        return gettext("the same as in %(period)s") % {"period": than}
    told = {"count": number(abs(moved.by)), "period": than}
    if moved.by > 0:
        said = gettext("%(count)s more than in %(period)s") % told
    else:
        said = gettext("%(count)s fewer than in %(period)s") % told
    if moved.ratio is None or (moved.than.value or 0) < SMALLEST_FOR_SHARES:
        return said
    sign = "+" if moved.by > 0 else "−"
    return f"{said} ({sign}{share(abs(moved.ratio))})"


def what_changed(headline: Headline) -> str:
    """One sentence on what is new: against the period before, and against the same period a year before."""
    said = [text for text in map(change, (headline.previous, headline.year_before)) if text]
    if not said:
        return gettext("Nothing earlier to compare it with.")
    return f"{capital('; '.join(said))}."


CHANCES = (
    (0.05, _("very unlikely")),
    (0.20, _("unlikely")),
    (0.40, _("possible")),
    (0.60, _("about as likely as not")),
    (0.80, _("likely")),
    (1.01, _("very likely")),
)


def chance(part: float) -> dict[str, Any]:
    """A chance in words and as a rounded share; never nought or all."""
    word = next(word for limit, word in CHANCES if part < limit)
    if part < 0.01:
        return {"word": word, "share": gettext("less than 1 in 100")}
    if part > 0.99:
        return {"word": word, "share": gettext("more than 99 in 100")}
    return {"word": word, "share": gettext("about %(count)s in 100") % {"count": round(part * 100)}}


def as_of(when: str) -> str:
    """ "as of 19 June 2025"."""
    return gettext("as of %(when)s") % {"when": when}
