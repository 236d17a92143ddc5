"""The pages where figures are read: gates, countries, nationalities, series, sources; and their files."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from corredor.areas.flows import queries as flows
from corredor.areas.flows.queries import FigureFilter
from corredor.areas.flows.queries.things import FigureRow
from corredor.interfaces.web.access import PageRequest
from corredor.interfaces.web.components.parts import Link
from corredor.interfaces.web.flows import (
    answers,
    compositions,
    files,
    past_fans,
    pictures,
    reading,
    trends,
)
from corredor.interfaces.web.flows.knowledge import Knowledge, asked_for
from corredor.kernel.errors import NotFound

BREAKDOWNS = ("nationality", "departure", "sex", "age", "sex+age", "detail")


def crumbs(knowledge: Knowledge, *links: Link) -> list[Link]:
    """The way here from the situation page."""
    return [Link(_("Situation"), knowledge.link("home")), Link(_("Flows"), knowledge.link("flows")), *links]


@answers.reading("flows.read")
def overview(request: PageRequest) -> HttpResponse:
    """Everything there is to read: gates, countries and nationalities."""
    knowledge = asked_for(request)
    context = reading.overview(request.actor, knowledge)
    return render(request, "flows/overview.html", {**context, "knowledge": knowledge})


@answers.reading("flows.read")
def gate(request: PageRequest, code: str) -> HttpResponse:
    """One gate: what was counted, its trends, of whom, and the gates within and around it."""
    knowledge = asked_for(request)
    context = reading.gate(request.actor, code, knowledge)
    here = Link(context["page"].gate.name, "", is_current=True)
    return render(
        request, "flows/gate.html", {**context, "knowledge": knowledge, "crumbs": crumbs(knowledge, here)}
    )


@answers.reading("flows.read")
def country(request: PageRequest, iso3: str) -> HttpResponse:
    """Everything counted in one country."""
    knowledge = asked_for(request)
    context = reading.country(request.actor, iso3, knowledge)
    here = Link(context["page"].name, "", is_current=True)
    return render(
        request, "flows/country.html", {**context, "knowledge": knowledge, "crumbs": crumbs(knowledge, here)}
    )


@answers.reading("flows.read")
def nationality(request: PageRequest, iso3: str) -> HttpResponse:
    """One nationality along the corridor."""
    knowledge = asked_for(request)
    context = reading.nationality(request.actor, iso3, knowledge)
    here = Link(context["page"].name, "", is_current=True)
    return render(
        request,
        "flows/nationality.html",
        {**context, "knowledge": knowledge, "crumbs": crumbs(knowledge, here)},
    )


@answers.reading("flows.read")
def series(request: PageRequest, number: int) -> HttpResponse:
    """One series: trend, forecast, what was forecast before, revisions, doubts, other sources beside it."""
    knowledge = asked_for(request)
    context = reading.series(request.actor, number, knowledge)
    card = context["card"]
    way = crumbs(
        knowledge,
        Link(card.gate.name, knowledge.link("gate", code=card.gate.code)),
        Link(card.measure.name, "", is_current=True),
    )
    return render(request, "flows/series.html", {**context, "knowledge": knowledge, "crumbs": way})


@answers.reading("flows.read")
def sources(request: PageRequest) -> HttpResponse:
    """Who states what, how far each has come, on what terms, and how it is worked on here."""
    knowledge = asked_for(request)
    context = reading.sources(request.actor, knowledge)
    return render(request, "flows/sources.html", {**context, "knowledge": knowledge})


# Files -------------------------------------------------------------------------------------------------------


@answers.reading("flows.read")
def series_file(request: PageRequest, number: int, kind: str) -> HttpResponse:
    """The figures of a series as CSV or XLSX."""
    if kind not in files.TABLES:
        raise NotFound
    page = flows.series_points(request.actor, number, as_known_on=asked_for(request).on)
    rows = (FigureRow(page.series, point) for point in page.points)
    answer: HttpResponse = files.table(rows, kind, f"corredor-{file_name(page.series)}")
    return answer


@answers.reading("flows.read")
def trend_picture(request: PageRequest, number: int, kind: str) -> HttpResponse:
    """The trend of a series as SVG or PNG, as the page draws it."""
    trend = reading.trend_of(request.actor, number, asked_for(request))
    if kind not in files.PICTURES or not trends.can_draw(trend):
        raise NotFound
    says = files.footing((trend.series.source, point.known_at) for point in trend.points[-1:])
    return files.picture(trends.draw(trend, "wide"), kind, f"corredor-{file_name(trend.series)}", says=says)


@answers.reading("flows.read")
def past_picture(request: PageRequest, number: int, kind: str) -> HttpResponse:
    """Earlier forecasts against what came, as SVG or PNG."""
    knowledge = asked_for(request)
    trend = reading.trend_of(request.actor, number, knowledge)
    made = reading.past_of(request.actor, trend, knowledge)
    if kind not in files.PICTURES or trends.past_chart(trend, made, knowledge) is None:
        raise NotFound
    drawn = pictures.svg(past_fans.draw, size="wide", **trends.past_arguments(trend, made))
    says = files.footing((trend.series.source, point.known_at) for point in trend.points[-1:])
    return files.picture(
        drawn, kind, f"corredor-{_('earlier-forecasts')}-{file_name(trend.series)}", says=says
    )


@answers.reading("flows.read")
def composition_file(request: PageRequest, number: int, by: str, kind: str) -> HttpResponse:
    """A composition as a picture, or every figure it is made of as a file, protected as on the page."""
    knowledge = asked_for(request)
    if by not in BREAKDOWNS:
        raise NotFound
    made = flows.composition(request.actor, number, by=by, as_known_on=knowledge.on)  # type: ignore[arg-type]
    if made is None:
        raise NotFound
    name = f"corredor-{file_name(made.series)}-{made.label}"
    if kind in files.TABLES:
        wanted = FigureFilter(
            source=made.series.source.code,
            measure=made.series.measure.code,
            gate=made.series.gate.code,
            frequency=made.series.frequency,
            breakdown="nationality" if by == "nationality" else "demography",
            since=made.period,
            until=made.period,
        )
        answer: HttpResponse = files.table(
            flows.every_figure(request.actor, wanted, as_known_on=knowledge.on), kind, name
        )
        return answer
    drawn = compositions.draw(made, "wide") if kind in files.PICTURES else ""
    if not drawn:
        raise NotFound
    says = files.footing((made.series.source, part.point.known_at) for part in made.parts if part.point)
    return files.picture(drawn, kind, name, says=says)


@answers.reading("flows.read")
def figures_file(request: PageRequest, kind: str) -> HttpResponse:
    """Every figure this reader may see that passes the address's filter, as CSV or XLSX, row by row."""
    if kind not in files.TABLES:
        raise NotFound
    asked = {
        name: request.GET.get(name, "").replace("\0", "")
        for name in ("source", "measure", "gate", "country", "nationality")
    }
    breakdown: Any = request.GET.get("breakdown", "")
    if breakdown not in ("", "whole", "nationality", "demography"):
        raise NotFound
    wanted = FigureFilter(breakdown=breakdown, **asked)  # type: ignore[arg-type]
    rows = flows.every_figure(request.actor, wanted, as_known_on=asked_for(request).on)
    named = "-".join(plain(value) for value in asked.values() if value) or _("figures")
    answer: HttpResponse = files.table(rows, kind, f"corredor-{named}")
    return answer


def file_name(card: Any) -> str:
    """Codes of a series as part of a file's name."""
    parts = [card.gate.code, card.measure.code]
    parts += [code for code in (*card.breakdown, card.detail) if code and code != "ALL"]
    return "-".join(map(plain, parts)).lower()


def plain(part: str) -> str:
    """A word from outside as part of a file's name: letters, digits, dashes, and not many of them."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in part)[:60]
