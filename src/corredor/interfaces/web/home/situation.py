"""The situation of the corridor as a page says it: what stands, what changed, what may come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from corredor.areas.flows import queries as flows
from corredor.areas.flows.queries.things import GateSituation, Headline, Situation, country_words
from corredor.interfaces.web.components import formats
from corredor.interfaces.web.components.parts import Cell, Chart, Column, Link, Row, Table
from corredor.interfaces.web.flows import forecasts, headlines, maps, words
from corredor.interfaces.web.flows.headlines import Card
from corredor.interfaces.web.flows.knowledge import Knowledge
from corredor.kernel.policy import Actor

OLD_AFTER_DAYS = 75


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader narrows the page to; empty lets all pass."""

    measure: str = ""
    country: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Wanted:
        return cls(query.get("measure", ""), query.get("country", ""))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.measure or self.country)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter."""

    value: str
    label: str


def narrowed(situation: Situation, wanted: Wanted) -> list[GateSituation]:
    """The gates and measures asked for."""
    gates = []
    for gate in situation.gates:
        if wanted.country and gate.gate.country != wanted.country:
            continue
        kept = tuple(h for h in gate.headlines if wanted.measure in ("", h.series.measure.code))
        if kept:
            gates.append(GateSituation(gate.gate, kept))
    return gates


def choices(situation: Situation) -> dict[str, list[Choice]]:
    """What the filters offer: only what the reader sees some figure of."""
    measures = {
        h.series.measure.code: str(h.series.measure.name) for gate in situation.gates for h in gate.headlines
    }
    countries = {gate.gate.country: str(country_words(gate.gate.country)) for gate in situation.gates}
    return {
        "measures": [Choice(*one) for one in sorted(measures.items(), key=lambda one: one[1])],
        "countries": [Choice(*one) for one in sorted(countries.items(), key=lambda one: one[1])],
    }


def page(actor: Actor, knowledge: Knowledge, wanted: Wanted) -> dict[str, Any]:
    """Everything the situation page shows."""
    situation = flows.situation(actor, as_known_on=knowledge.on)
    gates = narrowed(situation, wanted)
    shown = headlines.wholes(gates)
    made = forecasts.newest_for_headlines(actor, [h for gate in shown for h in gate.headlines], knowledge)
    cards = headlines.cards(shown, made, knowledge)
    since = first_day(actor) if knowledge.on and not situation.gates else None
    return {
        "known_since": since,
        "since_href": Knowledge(since).link("home") if since else "",
        "title": title(shown),
        "lead": lead(shown),
        "oldness": oldness(shown),
        "cards": [replace(card, parts=_places_within(card, gates)) for card in cards],
        "map": map_chart(shown, situation, knowledge, wanted),
        "coming": coming(cards),
        "changes": changes(situation),
        "wanted": wanted,
        "choices": choices(situation),
        "knowledge": knowledge,
        "today_href": Knowledge().link("home"),
    }


def first_day(actor: Actor) -> date | None:
    """The first day at whose end this reader would have seen a figure."""
    day, situation = None, flows.situation(actor)
    while situation.gates:
        known = [p.first_known_at for gate in situation.gates for h in gate.headlines for p in h.points]
        day = min(known).astimezone(UTC).date()
        situation = flows.situation(actor, as_known_on=day - timedelta(days=1))
    return day


def _places_within(card: Card, gates: Sequence[GateSituation]) -> int:
    return len(headlines.parts_of(card.headline.series.gate.code, gates))


def title(shown: Sequence[GateSituation]) -> str:
    """What stands out: in how many of the counts shown there were fewer or more than a year before."""
    moved = [h.year_before for gate in shown for h in gate.headlines if h.year_before and h.year_before.by]
    fewer = sum(1 for change in moved if (change.by or 0) < 0)
    more = len(moved) - fewer
    if not moved:
        return _("The corridor, gate by gate")
    if not more:
        return _("Every count along the corridor is below that of a year before")
    if not fewer:
        return _("Every count along the corridor is above that of a year before")
    told = {"some": fewer, "all": len(moved)} if fewer >= more else {"some": more, "all": len(moved)}
    if fewer >= more:
        return _("%(some)s of %(all)s counts along the corridor are below those of a year before") % told
    return _("%(some)s of %(all)s counts along the corridor are above those of a year before") % told


def lead(shown: Sequence[GateSituation]) -> str:
    """The southernmost gate in one sentence: what comes north passes there first."""
    if not shown:
        return ""
    first = shown[0].headlines[0]
    last = first.last
    told = {
        "gate": str(first.series.gate.name).partition(" (")[0],
        "period": words.period(last.period, first.series.frequency),
        "value": words.value_or_reason(last),
        "unit": words.unit(first.series.measure.unit, last.value),
        "changed": words.what_changed(first),
    }
    return _("%(gate)s, %(period)s: %(value)s %(unit)s. %(changed)s") % told


def oldness(shown: Sequence[GateSituation]) -> str:
    """How old the newest figures are, said plainly when that is long."""
    ages = [h.age_days for gate in shown for h in gate.headlines]
    if not ages or min(ages) < OLD_AFTER_DAYS:
        return ""
    periods = sorted({h.last.period for gate in shown for h in gate.headlines})
    first, last = words.period(periods[0]), words.period(periods[-1])
    told = {"first": first, "last": last, "age": words.age(min(ages)), "oldest": words.age(max(ages))}
    if first == last:
        return _("The newest figures here are of %(last)s: %(age)s. Nothing newer has been shared.") % told
    return (
        _(
            "The newest figures here are of %(first)s to %(last)s: at best %(age)s. Nothing newer has been shared."
        )
        % told
    )


def map_chart(
    shown: Sequence[GateSituation], situation: Situation, knowledge: Knowledge, wanted: Wanted
) -> Chart | None:
    """The map of what is shown; none when no gate has a place on it."""
    if not maps.spots(shown, knowledge):
        return None
    query = {"measure": wanted.measure, "country": wanted.country}
    files = [
        Link(kind.upper(), knowledge.link("situation_file", query, kind=kind))
        for kind in ("csv", "xlsx", "svg", "png")
    ]
    return maps.chart(shown, knowledge, as_of=situation.latest_known_at or situation.read_at, downloads=files)


def coming(cards: Sequence[Card]) -> Table | None:
    """The forecasts of the next period, beside the last value, with the chance of a surge in words."""
    rows = [
        Row(
            [
                Cell(f"{card.gate}: {card.measure.lower()}", href=card.forecast_href),
                card.next.period,
                card.next.last,
                card.next.median,
                formats.between(card.next.low, card.next.high, words.language()),
                f"{words.capital(card.next.surge_word)}: {card.next.surge_share}",
            ]
        )
        for card in cards
        if card.next
    ]
    if not rows:
        return None
    columns = [
        Column(_("Where, and what is counted")),
        Column(_("Forecast for")),
        Column(_("Last value"), is_number=True),
        Column(_("Middle forecast"), is_number=True),
        Column(_("80 per cent range"), is_number=True),
        Column(_("Chance of at least 1.5 times the last value")),
    ]
    caption = _("Next period at each gate, beside the last value")
    return Table(caption, columns, rows, is_caption_hidden=True, key="coming")


def changes(situation: Situation) -> list[dict[str, Any]]:
    """What each source stated last, the newest first."""
    stated: dict[tuple[str, Any], list[Headline]] = {}
    for gate in situation.gates:
        for headline in gate.headlines:
            stated.setdefault((headline.series.source.code, headline.last.first_known_at.date()), []).append(
                headline
            )
    newest = sorted(stated.items(), key=lambda one: (one[0][1], one[0][0]), reverse=True)
    latest = {code: headlines for (code, _day), headlines in reversed(newest)}
    return [_change(latest[code]) for (code, _day), headlines in newest if latest[code] is headlines]


def _change(told: Sequence[Headline]) -> dict[str, Any]:
    """One source's newest statement, with every measure it speaks of."""
    measures = dict.fromkeys(str(headline.series.measure.name).lower() for headline in told)
    return {
        "source": str(told[0].series.source.name),
        "measures": ", ".join(measures),
        "period": words.period(max(headline.last.period for headline in told), told[0].series.frequency),
        "known_at": max(headline.last.first_known_at for headline in told),
        "is_late": any(flag.code == "late" for headline in told for flag in headline.flags),
    }
