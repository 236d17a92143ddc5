"""Template tags for the parts of a page. ``{% load components %}``; every part is shown at ``/components/``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zlib import crc32

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from corredor.interfaces.web.components import formats, islands
from corredor.interfaces.web.components.map import MEMBERS, Gate, words_of
from corredor.interfaces.web.components.parts import Cell, Chart, Column, Figure, Link, Table

register = template.Library()

STATUS_WORDS = {
    "observed": pgettext_lazy("status of a number", "Observed"),
    "provisional": pgettext_lazy("status of a number", "Provisional"),
    "revised": pgettext_lazy("status of a number", "Revised"),
    "forecast": pgettext_lazy("status of a number", "Forecast"),
}
STATUS_MEANINGS = {
    "observed": _("Counted and confirmed by its source."),
    "provisional": _("Counted, but the source may still complete or correct it."),
    "revised": _("Corrected by its source after it was first published."),
    "forecast": _("Not yet happened: a calculation, with its range."),
}


def language() -> str:
    return get_language() or "es"


# Words -------------------------------------------------------------------------------------------------------


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    """A number as the reader's language writes it."""
    return formats.number(value, language(), decimals)


@register.filter
def share(value: float, decimals: int = 0) -> str:
    """A fraction as a percentage."""
    return formats.share(value, language(), decimals)


@register.filter
def month(value: date) -> str:
    return formats.month(value, language())


@register.filter
def short_month(value: date) -> str:
    return formats.short_month(value, language())


@register.filter
def day(value: date) -> str:
    """The day of a date, or of a moment in the reader's zone."""
    return formats.day(timezone.localtime(value) if isinstance(value, datetime) else value, language())


@register.filter
def moment(value: date) -> str:
    """A moment in the reader's zone, with that zone; a bare date as a day."""
    if not isinstance(value, datetime):
        return formats.day(value, language())
    return formats.moment(timezone.localtime(value), language())


@register.filter
def iso(value: date) -> str:
    return value.isoformat()


# Parts -------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/status.html")
def status(code: str, label: Any = "") -> dict[str, Any]:
    """The tag that tells observed, provisional, revised and forecast numbers apart, by shape as well as colour."""
    return {"code": code, "label": label or STATUS_WORDS[code], "meaning": STATUS_MEANINGS[code]}


@register.inclusion_tag("components/label.html")
def label(text: Any, tone: str = "") -> dict[str, Any]:
    """A small tag for a phase or state; tone is "", "good", "care" or "stop"."""
    return {"text": text, "tone": tone}


@register.inclusion_tag("components/figure.html")
def figure(part: Figure) -> dict[str, Any]:
    """A number with its range, status, period, source and hour."""
    spread = formats.between(part.low, part.high, language(), part.decimals) if part.low is not None else ""
    level = formats.share(part.level / 100, language()) if part.level else ""
    return {"part": part, "spread": spread, "level": level}


@register.inclusion_tag("components/table.html")
def table(part: Table) -> dict[str, Any]:
    """A table that scrolls inside itself, keeps its headings in sight and prints whole."""
    return {
        "part": part,
        "key": part.key or f"table-{crc32(str(part.caption).encode()):x}",
        "rows": [{"status": row.status, "cells": _shown(row.cells, part.columns)} for row in part.rows],
        "totals": _shown(part.totals, part.columns),
    }


def _shown(cells: Sequence[Any], columns: Sequence[Column]) -> list[dict[str, Any]]:
    return [_shown_cell(cell, column) for cell, column in zip(cells, columns, strict=False)]


def _shown_cell(cell: Any, column: Column) -> dict[str, Any]:
    """The text of a cell, whether it is a number, and the bare number for sorting."""
    part = cell if isinstance(cell, Cell) else Cell(cell)
    is_figure = isinstance(part.value, int | float) and not isinstance(part.value, bool)
    text = formats.number(part.value, language(), column.decimals) if is_figure else part.value
    return {
        "text": formats.NO_NUMBER if text is None else text,
        "is_unknown": part.value is None,
        "is_number": column.is_number,
        "sort": part.value if is_figure else "",
        "href": part.href,
        "status": part.status,
        "picture": part.picture,
    }


@register.inclusion_tag("components/chart.html")
def chart(part: Chart) -> dict[str, Any]:
    """A picture with its sentence, its source and the same numbers as a table."""
    return {"part": part, "live": _live_map(part.gates) if part.gates else None}


def _live_map(gates: Sequence[Gate]) -> dict[str, Any]:
    """What the island of the map is handed: gates as the reader's language says them, and every word it may show."""
    return {
        "geometry": reverse("map_geometry"),
        "members": sorted(MEMBERS),
        "gates": [
            {
                "code": gate.code,
                "name": gate.name,
                "lat": gate.lat,
                "lon": gate.lon,
                "value": gate.value,
                "said": " · ".join(part for part in words_of(gate, language()[:2]) if part),
                "status": gate.status,
                "href": gate.href,
            }
            for gate in gates
        ],
        "words": {
            "label": gettext("Live map of the corridor"),
            "zoomIn": gettext("Closer"),
            "zoomOut": gettext("Farther"),
            "drawn": gettext("Back to the drawn map"),
            "failed": gettext("The live map cannot run in this browser; the drawn one says the same."),
        },
    }


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(links: Sequence[Link]) -> dict[str, Any]:
    return {"links": links}


@register.inclusion_tag("components/print_button.html")
def print_button() -> dict[str, Any]:
    """Appears only where a script can print; the sheet for print works from the browser's own menu too."""
    return {}


@register.inclusion_tag("components/tabs.html")
def tabs(links: Sequence[Link], label: Any) -> dict[str, Any]:
    """Views of the same thing as plain links: every tab has an address, none needs a script."""
    return {"links": links, "label": label}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list; the rest of the address is kept."""
    request: HttpRequest = context["request"]

    def href(number: int) -> str:
        query = request.GET.copy()
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [{"label": number, "href": href(number) if isinstance(number, int) else ""} for number in numbers]
    return {
        "page": page,
        "links": links,
        "previous": href(page.number - 1) if page.has_previous() else "",
        "next": href(page.number + 1) if page.has_next() else "",
    }


@register.simple_block_tag
def notice(content: str, title: Any = "", tone: str = "tell") -> str:
    """A message about the page; tone is "tell", "good", "care" or "stop"."""
    return _around("notice", content, title=title, tone=tone)


@register.simple_block_tag
def card(content: str, title: Any = "", href: str = "", level: int = 3) -> str:
    """A framed block; with ``href`` the whole of it leads there."""
    return _around("card", content, title=title, href=href, heading=f"h{level}")


@register.simple_block_tag
def empty(content: str, title: Any) -> str:
    """What is said where a list would be: why nothing is there, and what can be done."""
    return _around("empty", content, title=title)


@register.simple_block_tag
def more(content: str, summary: Any) -> str:
    """Something folded away until the reader asks for it."""
    return _around("more", content, summary=summary)


def _around(name: str, content: str, **context: Any) -> str:
    """A part around what its block holds, which the template of the block has escaped already."""
    return render_to_string(f"components/{name}.html", {"content": content, **context})


# Forms -------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A field with its label above, its hint and errors tied to it for those who hear the page."""
    described = [
        f"{bound.id_for_label}-{what}"
        for what, present in (("hint", bound.help_text), ("error", bound.errors))
        if present
    ]
    attributes: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {"field": bound, "widget": bound.as_widget(attrs=attributes), "shape": _shape(bound)}


def _shape(bound: BoundField) -> str:
    kind = getattr(bound.field.widget, "input_type", "")
    if kind == "checkbox" and not hasattr(bound.field.widget, "choices"):
        return "tick"
    return "choices" if kind in {"checkbox", "radio"} else "line"


@register.inclusion_tag("components/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """Every field of a form in its order, hidden ones included."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm, takes_focus: bool = True) -> dict[str, Any]:
    """What must be corrected, at the head of the page, each line leading to its field."""
    return {
        "takes_focus": takes_focus,
        "lines": [_error_line(form, name, text) for name, texts in form.errors.items() for text in texts],
    }


def _error_line(form: BaseForm, name: str, text: Any) -> dict[str, Any]:
    if name not in form.fields:
        return {"text": text}
    return {"href": f"#{_first_input(form[name])}", "label": form[name].label, "text": text}


def _first_input(bound: BoundField) -> str:
    """The id an error leads to: for a list of choices, its first one."""
    return f"{bound.auto_id}_0" if _shape(bound) == "choices" else bound.id_for_label


# Scripts -----------------------------------------------------------------------------------------------------


@register.simple_tag
def island(name: str) -> str:
    """The script and style of an island, when it has been built; nothing otherwise, for the page works without it."""
    return render_to_string("components/island.html", {"files": islands.files_of(name)})
