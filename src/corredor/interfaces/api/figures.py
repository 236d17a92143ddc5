"""Series and their figures: search, read, download; a country's word about them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import IO, Annotated, Any, Literal

from django.http import StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema, Status
from pydantic import ConfigDict, Field

from corredor.areas.flows import exports, queries, services
from corredor.areas.flows.queries import FigureFilter
from corredor.areas.flows.queries.things import FigureRow, SeriesCard
from corredor.interfaces.api.contract import JSON, ApiRequest
from corredor.interfaces.api.fields import (
    Code,
    Cursor,
    Day,
    Frequency,
    IdInPath,
    Iso3,
    KnownOn,
    LevelName,
    Limit,
    level_of,
)
from corredor.interfaces.api.operations import read, write
from corredor.interfaces.api.paging import Page, page_of, place_of
from corredor.interfaces.api.sending import sent
from corredor.interfaces.api.shapes import (
    FigureOut,
    FigureRowOut,
    FlagOut,
    PartOut,
    SeriesOut,
    VintageOut,
    figure,
    figure_row,
    flag,
    part,
    series_out,
    vintage,
)
from corredor.kernel.errors import Invalid

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {"json": JSON, "csv": CSV, "xlsx": XLSX}
By = Literal["nationality", "sex", "age", "sex+age", "departure", "detail"]


class Wanted(Schema):
    """Which series; what is left out lets all pass. ``since`` and ``until`` bound the first day of the period."""

    source: Code | None = None
    measure: Code | None = None
    gate: Code | None = None
    country: Iso3 | None = Field(None, description="Where it is counted, ISO 3166-1 alpha-3")
    frequency: Frequency | None = None
    nationality: Iso3 | None = Field(
        None, description="ISO 3166-1 alpha-3; ALL for everybody, OOO for others"
    )
    basis: Annotated[str, Field(max_length=80)] | None = Field(
        None, description="“published” leaves out what Corredor summed"
    )
    breakdown: Literal["whole", "nationality", "demography"] | None = None
    since: Day | None = None
    until: Day | None = None

    def as_filter(self) -> FigureFilter:
        return FigureFilter(**{name: value for name, value in self if value})


class SeriesPageOut(Schema):
    """A series with its figures, oldest first, and everything to doubt in them."""

    series: SeriesOut
    figures: list[FigureOut]
    flags: list[FlagOut]


class CompositionOut(Schema):
    """Of whom a period's figure is made; ``protected`` counts the rows hidden to protect people."""

    series: SeriesOut
    period: str
    by: By
    whole: FigureOut | None
    parts: list[PartOut]
    protected: int


class VintagesOut(Schema):
    """Everything the reader may see that was said of a series, oldest statement first."""

    series: SeriesOut
    items: list[VintageOut]


class QualityOut(Schema):
    """Everything to doubt in a series, and the notes beside it; the numbers are left as they are."""

    series: SeriesOut
    flags: list[FlagOut]


class NoteIn(Schema):
    """A note beside a figure (``period``), or beside the whole series; in either language or both."""

    model_config = ConfigDict(extra="forbid")

    text_es: Annotated[str, Field(max_length=2000)] = ""
    text_en: Annotated[str, Field(max_length=2000)] = ""
    period: Day | None = None
    level: LevelName = "own"


class NoteOut(Schema):
    note: int


class LevelIn(Schema):
    """How far it may go."""

    model_config = ConfigDict(extra="forbid")

    level: LevelName


# ---------------------------------------------------------------------------------------------------------------------
# Series


@read("/series", action="flows.read", en="Search the series", es="Buscar las series", answer=Page[SeriesOut])
def series(request: ApiRequest, wanted: Query[Wanted], cursor: Cursor = "", limit: Limit = 200) -> Any:
    after = place_of(cursor, int) or (0,)
    found = queries.search_series(request.actor, wanted.as_filter(), after=after[0], limit=limit + 1)
    return page_of(found, limit, shown=series_out, place=lambda card: (card.id,))


@read("/series/by-key", action="flows.read", en="One series by its key", es="Una serie por su clave", answer=SeriesOut)  # fmt: skip
def series_by_key(request: ApiRequest, key: Annotated[str, Query(..., max_length=800)]) -> Any:
    """The key is the one that figures and forecasts carry: codes joined by “/”."""
    return series_out(queries.series_card(request.actor, key))


@read("/series/{int:id}", action="flows.read", en="One series with its figures", es="Una serie con sus cifras", answer=SeriesPageOut)  # fmt: skip
def one_series(
    request: ApiRequest,
    id: IdInPath,
    as_known_on: KnownOn = None,
    since: Annotated[Day | None, Query(None)] = None,
    until: Annotated[Day | None, Query(None)] = None,
) -> Any:
    found = queries.series_points(request.actor, id, as_known_on=as_known_on, since=since, until=until)
    return {
        "series": series_out(found.series),
        "figures": [figure(found.series, point) for point in found.points],
        "flags": [flag(one) for one in found.flags],
    }


@read("/series/{int:id}/composition", action="flows.read", en="Of whom a figure is made", es="De quiénes se compone una cifra", answer=CompositionOut)  # fmt: skip
def composition(
    request: ApiRequest,
    id: IdInPath,
    by: By = "nationality",
    period: Annotated[Day | None, Query(None, description="Its first day; the newest when left out")] = None,
    top: Annotated[int, Query(8, ge=1, le=300)] = 8,
    as_known_on: KnownOn = None,
) -> Any:
    """Empty where the source does not break it down so, or where what it says may not be shown."""
    card = queries.series_card(request.actor, id)
    found = queries.composition(request.actor, id, period=period, by=by, top=top, as_known_on=as_known_on)
    if found is None:
        return {
            "series": series_out(card),
            "period": period.isoformat() if period else "",
            "by": by,
            "whole": None,
            "parts": [],
            "protected": 0,
        }
    return {
        "series": series_out(found.series),
        "period": found.label,
        "by": by,
        "whole": figure(card, found.whole) if found.whole else None,
        "parts": [part(card, one) for one in found.parts],
        "protected": found.protected,
    }


@read("/series/{int:id}/vintages", action="flows.read", en="What was said of a series, and when", es="Lo que se dijo de una serie, y cuándo", answer=VintagesOut)  # fmt: skip
def vintages(
    request: ApiRequest,
    id: IdInPath,
    period: Annotated[Day | None, Query(None, description="Only of the period that begins that day")] = None,
) -> Any:
    card = queries.series_card(request.actor, id)
    said = queries.vintages(request.actor, id, period=period)
    return {"series": series_out(card), "items": [vintage(card, one) for one in said]}


@read("/series/{int:id}/quality", action="flows.read", en="What there is to doubt in a series", es="Lo que conviene revisar en una serie", answer=QualityOut)  # fmt: skip
def quality(request: ApiRequest, id: IdInPath, as_known_on: KnownOn = None) -> Any:
    card = queries.series_card(request.actor, id)
    flags = queries.quality_of(request.actor, id, as_known_on=as_known_on)
    return {"series": series_out(card), "flags": [flag(one) for one in flags]}


@write("POST", "/series/{int:id}/notes", action="flows.annotate_quality", en="Write a note beside a figure", es="Escribir una nota junto a una cifra", answer={201: NoteOut})  # fmt: skip
def annotate_quality(request: ApiRequest, id: IdInPath, note: NoteIn) -> Any:
    card = queries.series_card(request.actor, id)
    number = services.annotate_quality(
        series=card.id,
        by=request.actor,
        text_es=note.text_es,
        text_en=note.text_en,
        period=note.period,
        level=level_of(note.level),
    )
    return Status(201, {"note": number})


@write("PUT", "/series/{int:id}/level", action="flows.set_sharing", en="Set how far a series may go", es="Fijar hasta dónde puede llegar una serie", answer=SeriesOut)  # fmt: skip
def set_series_level(request: ApiRequest, id: IdInPath, wanted: LevelIn) -> Any:
    """Saying it again changes nothing."""
    card: SeriesCard = queries.series_card(request.actor, id)
    services.set_series_level(series=card.id, level=level_of(wanted.level), by=request.actor)
    return series_out(queries.series_card(request.actor, id))


# ---------------------------------------------------------------------------------------------------------------------
# Figures


@read("/figures", action="flows.read", en="Figures, page by page or as a file", es="Cifras, página por página o como archivo", answer=Page[FigureRowOut], forms=(JSON, CSV, XLSX))  # fmt: skip
def figures(
    request: ApiRequest,
    wanted: Query[Wanted],
    as_known_on: KnownOn = None,
    format: Annotated[
        Literal["json", "csv", "xlsx"] | None, Query(None, description="Else by Accept")
    ] = None,
    cursor: Cursor = "",
    limit: Annotated[int | None, Query(None, ge=1, le=1000)] = None,
) -> Any:
    """In order of series and period. As a file (CSV or XLSX with HXL tags) all of them come at once, without pages."""
    form = format or _form_wanted(request)
    if form == "json":
        found = queries.figures(
            request.actor, wanted.as_filter(), cursor=cursor, limit=limit or 500, as_known_on=as_known_on
        )
        return {
            "items": [figure_row(one.series, one.point) for one in found.rows],
            "next": found.cursor or None,
        }
    if cursor or limit:
        given = [name for name, value in (("cursor", cursor), ("limit", limit)) if value]
        raise Invalid({name: _("A file holds everything; leave this out.") for name in given})
    rows = queries.every_figure(request.actor, wanted.as_filter(), as_known_on=as_known_on)
    return _file(request, rows, form)


def _form_wanted(request: ApiRequest) -> str:
    preferred = request.get_preferred_type([JSON, CSV, XLSX])
    return next((form for form, media_type in FORMS.items() if media_type == preferred), "json")


def _file(request: ApiRequest, rows: Iterable[FigureRow], form: str) -> StreamingHttpResponse:
    """Written to the disk first: a reader on a slow line holds neither memory nor the database."""
    target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed when it has been sent
    language = (get_language() or "es")[:2]
    if form == "xlsx":
        exports.write_xlsx(rows, target, language=language)
    else:
        for line in exports.csv_lines(rows, language=language):
            target.write(line.encode("utf-8"))
    size = target.seek(0, 2)
    target.seek(0)
    media_type = XLSX if form == "xlsx" else f"{CSV}; charset=utf-8"
    return sent(request, lambda: target, size=size, name=f"corredor-figures.{form}", media_type=media_type)
