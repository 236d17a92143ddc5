"""The map of gates as a chart: one circle a gate, its measure named, and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from corredor.areas.flows.queries.things import GateSituation, Headline, MeasureCard
from corredor.interfaces.web.components import map as corridor_map
from corredor.interfaces.web.components.parts import Cell, Chart, Column, Link, Row, Table
from corredor.interfaces.web.flows import pictures, words
from corredor.interfaces.web.flows.knowledge import Knowledge


def first_measure(gate: GateSituation) -> Headline:
    """What a gate's one circle shows: the measure that counts most there. Measures are never added."""
    return max(gate.headlines, key=lambda headline: (headline.last.value or 0, headline.series.key))


# On a map a name has the room of a few words.
SHORT_NAMES = {
    "irregular_situation": gettext_lazy("irregular situation"),
    "assisted_returns_children": gettext_lazy("returns of children"),
    "usbp_encounters": gettext_lazy("encounters"),
}


def short_name(measure: MeasureCard) -> str:
    """What is counted, as a map says it."""
    return str(SHORT_NAMES.get(measure.code, str(measure.name).lower()))


def spots(gates: Sequence[GateSituation], knowledge: Knowledge) -> list[corridor_map.Gate]:
    """The gates that have a place on both sheets."""
    placed = [
        corridor_map.Gate(
            code=gate.gate.code,
            name=str(gate.gate.name).partition(",")[0],
            lat=gate.gate.lat,
            lon=gate.gate.lon,
            value=shown.last.value,
            measure=short_name(shown.series.measure),
            status=words.status(shown.last),
            href=knowledge.link("gate", code=gate.gate.code),
        )
        for gate in gates
        if gate.gate.lat is not None and gate.gate.lon is not None
        for shown in (first_measure(gate),)
    ]
    return corridor_map.on_map(placed)


def told(gates: Sequence[GateSituation], knowledge: Knowledge) -> dict[str, Any]:
    """Title, sentence and language of the map, as the drawing takes them."""
    shown = spots(gates, knowledge)
    says = ngettext(
        "%(count)s gate, the newest whole period of each. Measures differ from gate to gate and are never added.",
        "%(count)s gates, the newest whole period of each. Measures differ from gate to gate and are never added.",
        len(shown),
    ) % {"count": len(shown)}
    return {"title": _("The corridor, gate by gate"), "says": says, "language": words.language()}


def chart(
    gates: Sequence[GateSituation], knowledge: Knowledge, *, as_of: datetime, downloads: Sequence[Link]
) -> Chart:
    """The map with its table and its files."""
    arguments = told(gates, knowledge)
    drawn = pictures.both(corridor_map.draw, spots(gates, knowledge), **arguments)
    publishers = sorted({headline.series.source.publisher for gate in gates for headline in gate.headlines})
    return Chart(
        arguments["title"],
        arguments["says"],
        drawn["wide"],
        table(gates, knowledge),
        "; ".join(publishers),
        as_of,
        narrow=drawn["narrow"],
        downloads=downloads,
        key="map",
        gates=spots(gates, knowledge),
    )


def table(gates: Sequence[GateSituation], knowledge: Knowledge) -> Table:
    """Every measure of every gate, side by side."""
    columns = [
        Column(_("Gate")),
        Column(_("What is counted")),
        Column(_("Period")),
        Column(_("Number"), is_number=True),
        Column(_("Period before"), is_number=True),
        Column(_("Year before"), is_number=True),
        Column(_("Age")),
    ]
    rows = [_row(gate, headline, knowledge) for gate in gates for headline in gate.headlines]
    return Table(_("Newest whole period at each gate, from south to north"), columns, rows)


def _row(gate: GateSituation, headline: Headline, knowledge: Knowledge) -> Row:
    last = headline.last
    earlier = [change.than.value if change else None for change in (headline.previous, headline.year_before)]
    value = last.value if last.value is not None else words.value_or_reason(last)
    return Row(
        [
            Cell(str(gate.gate.name), href=knowledge.link("gate", code=gate.gate.code)),
            Cell(str(headline.series.measure.name), href=knowledge.link("series", number=headline.series.id)),
            unbroken(words.period(last.period, headline.series.frequency)),
            Cell(value, status=words.status(last)),
            *earlier,
            unbroken(words.age(headline.age_days)),
        ]
    )


def unbroken(text: str) -> str:
    """Words that stay on one line of a table."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")
