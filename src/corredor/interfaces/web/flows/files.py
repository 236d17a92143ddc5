"""Files of what a page shows: figures as CSV or XLSX with HXL tags, pictures as SVG or PNG, with source and licence."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from html import escape
from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from corredor.areas.flows.exports import csv_lines, write_xlsx
from corredor.areas.flows.queries.things import FigureRow, Headline
from corredor.interfaces.web.components import formats
from corredor.interfaces.web.flows import pictures, words

TABLES = ("csv", "xlsx")
PICTURES = ("svg", "png")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(rows: Iterable[FigureRow], kind: str, name: str) -> Any:
    """Figures as they are read, row by row, in bounded memory."""
    language = words.language()
    if kind == "csv":
        response = StreamingHttpResponse(
            csv_lines(rows, language=language), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    target = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it when it is sent
    write_xlsx(rows, target, language=language)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def picture(svg: str, kind: str, name: str, *, says: str) -> HttpResponse:
    """The picture of the page with its source, hour and licence under it."""
    signed = with_footing(svg, says)
    if kind == "png":
        response = HttpResponse(pictures.png(signed), content_type="image/png")
    else:
        response = HttpResponse(signed, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.{kind}"'
    return response


def said_of(headlines: Iterable[Headline]) -> str:
    """Sources, the newest hour and the terms of reuse of what a picture shows."""
    listed = list(headlines)
    return footing((h.series.source, h.last.known_at) for h in listed)


def footing(stated: Iterable[tuple[Any, Any]]) -> str:
    """ "Source: …. As of 19 June 2025. Licence note." for pairs of a source and when it was known."""
    pairs = list(stated)
    if not pairs:
        return ""
    attributions = dict.fromkeys(str(source.attribution or source.publisher) for source, _ in pairs)
    licences = dict.fromkeys(str(source.licence_note) for source, _ in pairs if source.licence_note)
    as_of = formats.day(max(known_at for _, known_at in pairs), words.language())
    return " ".join([*attributions, f"{words.capital(words.as_of(as_of))}.", *licences, "Corredor."])


_BOX = re.compile(r'viewBox="([\d.-]+) ([\d.-]+) ([\d.]+) ([\d.]+)"')


def with_footing(svg: str, says: str, size: float = 10.5) -> str:
    """The drawing with lines of small print under it."""
    box = _BOX.search(svg)
    if not says or box is None:
        return svg
    left, top, width, height = map(float, box.groups())
    lines = wrapped(says, int(width / (size * 0.52)))
    line = size * 1.35
    text = "".join(
        f'<text x="{left + 4:g}" y="{top + height + line * (row + 1):.1f}">{escape(words_)}</text>'
        for row, words_ in enumerate(lines)
    )
    taller = f'viewBox="{left:g} {top:g} {width:g} {height + line * (len(lines) + 0.6):.0f}"'
    foot = f'<g font-family="Liberation Sans, Arial, sans-serif" font-size="{size}" fill="#4b5c64">{text}</g>'
    return svg.replace(box[0], taller, 1).replace("</svg>", f"{foot}</svg>")


def wrapped(says: str, letters: int) -> list[str]:
    """Words in lines of at most so many letters."""
    lines = [""]
    for word in says.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
