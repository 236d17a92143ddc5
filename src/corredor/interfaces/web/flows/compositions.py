"""Of whom a figure is made, as bars and as a table; what had to be protected says so."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corredor.areas.flows.queries.things import Composition
from corredor.interfaces.web.components import charts, formats
from corredor.interfaces.web.components.parts import Cell, Chart, Column, Link, Row, Table
from corredor.interfaces.web.flows import pictures, words
from corredor.interfaces.web.flows.knowledge import Knowledge


def heading(made: Composition) -> str:
    """What it is broken down by, and of which period."""
    by = {
        "nationality": _("Nationalities"),
        "departure": _("Countries of departure"),
        "sex": _("Women and men"),
        "age": _("Ages"),
        "sex+age": _("Sex and age"),
        "detail": _("Details"),
    }[made.by]
    return f"{by}, {words.period(made.period, made.series.frequency)}"


def says(made: Composition) -> str:
    """The largest part in a sentence, and how many are protected."""
    shown = [
        part for part in made.parts if part.point and part.point.value is not None and part.code != "REST"
    ]
    said = ""
    if shown and shown[0].share is not None:
        told = {"name": str(shown[0].name), "share": words.share(shown[0].share)}
        said = _("%(name)s: %(share)s of all.") % told
    elif shown:
        said = f"{shown[0].name}: {words.number(shown[0].point.value if shown[0].point else None)}."
    if made.protected:
        hidden = ngettext(
            "%(count)s small count is not shown, to protect people.",
            "%(count)s small counts are not shown, to protect people.",
            made.protected,
        ) % {"count": made.protected}
        said = f"{said} {hidden}".strip()
    return said


def arguments(made: Composition) -> dict[str, Any] | None:
    """What the drawing takes; None when there is nothing to draw."""
    parts = [
        charts.Part(str(part.name), float(part.point.value))
        for part in made.parts
        if part.code != "REST" and part.point and part.point.value is not None
    ]
    shown = sum(part.value for part in parts)
    if not parts or shown <= 0:
        return None
    rest = _rest(made, shown)
    return {
        "parts": parts,
        "title": heading(made),
        "says": says(made),
        "language": words.language(),
        "most": len(parts),
        "rest": rest,
    }


def _rest(made: Composition, shown: float) -> float:
    """What the whole holds beyond the parts shown; nothing when the parts say more than the whole."""
    whole = made.whole.value if made.whole else None
    if whole is not None:
        return max(0.0, whole - shown)
    rest = next((part for part in made.parts if part.code == "REST"), None)
    return float(rest.point.value or 0) if rest and rest.point else 0.0


def draw(made: Composition, size: str) -> str:
    """The picture at one size."""
    told = arguments(made)
    return pictures.svg(charts.composition, size=size, **told) if told else ""


def chart(made: Composition, knowledge: Knowledge, *, prefix: str = "") -> Chart | None:
    """The composition with its table and files."""
    if arguments(made) is None:
        return None
    files = [
        Link(kind.upper(), knowledge.link("composition_file", number=made.series.id, by=made.by, kind=kind))
        for kind in ("csv", "xlsx", "svg", "png")
    ]
    points = [part.point for part in made.parts if part.point]
    return Chart(
        f"{prefix}{heading(made)}",
        says(made),
        draw(made, "wide"),
        table(made, knowledge),
        made.series.source.publisher,
        max(point.known_at for point in points),
        narrow=draw(made, "narrow"),
        downloads=files,
    )


def table(made: Composition, knowledge: Knowledge) -> Table:
    """Each part with its count and share; protected counts say that they are."""
    rows = []
    for part in made.parts:
        value: Any = words.value_or_reason(part.point) if part.point else _("protected")
        if part.point and part.point.value is not None:
            value = part.point.value
        share = formats.share(part.share, words.language(), 1) if part.share is not None else None
        href = ""
        if made.by == "nationality" and part.code not in ("REST", "OOO"):
            href = knowledge.link("nationality", iso3=part.code)
        name = str(part.name)
        if part.code == "REST" and part.members > 1:
            name = _("%(name)s (%(count)s)") % {"name": name, "count": part.members}
        rows.append(Row([Cell(name, href=href), value, share]))
    columns = [
        Column(_("Who")),
        Column(words.capital(words.unit(made.series.measure.unit)), is_number=True),
        Column(_("Share"), is_number=True),
    ]
    whole = made.whole.value if made.whole else None
    totals = [_("All, as published"), whole, ""] if whole is not None else []
    return Table(heading(made), columns, rows, totals=totals)
