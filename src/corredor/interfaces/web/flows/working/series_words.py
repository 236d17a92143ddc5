"""What a series, a figure of a file and a level are called on the working pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corredor.areas.flows.queries.things import GateCard, MeasureCard, SeriesCard, country_words
from corredor.interfaces.web.flows import words
from corredor.kernel.sharing import Level

SEXES = {"F": _("Women and girls"), "M": _("Men and boys"), "X": _("Other or unspecified sex")}
DIRECTIONS = {"north": _("northward"), "south": _("southward"), "in": _("in"), "out": _("out")}
BREAKDOWNS = {
    "whole": _("Everybody"),
    "nationality": _("By nationality"),
    "departure": _("By country of departure"),
    "demography": _("By sex or age"),
    "mixed": _("In more detail"),
}
READERS = {
    Level.OWN: _("only your country"),
    Level.MEMBERS: _("the members of the Group"),
    Level.OBSERVERS: _("members and observer organisations and countries"),
    Level.PUBLIC: _("everybody, signed in or not"),
}
TONES = {Level.OWN: "", Level.MEMBERS: "care", Level.OBSERVERS: "care", Level.PUBLIC: "good"}


def of_whom(nationality: str, departure: str, sex: str, age: str, direction: str, detail: str) -> str:
    """ "Venezuela, women and girls"; "everybody" when nothing narrows it."""
    said: list[Any] = []
    if nationality != "ALL":
        said.append(country_words(nationality))
    if departure != "ALL":
        said.append(gettext("departed from %(country)s") % {"country": country_words(departure)})
    if sex != "ALL":
        said.append(SEXES.get(sex, sex))
    if age != "ALL":
        said.append(gettext("age not known") if age == "UNK" else gettext("aged %(age)s") % {"age": age})
    if direction != "ALL":
        said.append(DIRECTIONS.get(direction, direction))
    if detail:
        said.append(detail)
    return ", ".join(map(str, said)) or gettext("everybody")


def whom(card: SeriesCard) -> str:
    """Of whom a series counts."""
    return of_whom(card.nationality, card.departure, card.sex, card.age, card.direction, card.detail)


def about(card: SeriesCard) -> str:
    """ "Honduras, irregular entries: Venezuela"."""
    said = f"{card.gate.name}, {str(card.measure.name).lower()}: {whom(card)}"
    return gettext("%(series)s (summed by Corredor)") % {"series": said} if card.is_summed else said


def figure_line(
    figure: dict[str, Any], measures: dict[str, MeasureCard], gates: dict[str, GateCard]
) -> list[Any]:
    """A figure of a file as a row: where it stood, what it counts, where, when, of whom, how many."""
    names = ("nationality", "departure", "sex", "age", "direction", "detail")
    measure, gate = measures.get(figure["measure"]), gates.get(figure["gate"])
    value = figure["value"]
    if value is None:
        value = f"{figure['low']}–{figure['high']}"
    return [
        str(figure["row"]),
        str(measure.name) if measure else gettext("still to be said"),
        str(gate.name) if gate else gettext("still to be said"),
        words.period(date.fromisoformat(figure["period"]), figure["frequency"]),
        of_whom(*(figure[name] for name in names)),
        value,
    ]
