"""The situation page: the home of every reader, with what is asked of them on top."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from corredor.areas.flows import queries as flows
from corredor.areas.flows.queries.things import FigureRow
from corredor.interfaces.web.access import PageRequest
from corredor.interfaces.web.components import map as corridor_map
from corredor.interfaces.web.flows import answers, files, headlines, maps, pictures
from corredor.interfaces.web.flows.knowledge import asked_for
from corredor.interfaces.web.home import own
from corredor.interfaces.web.home import situation as words_of_it
from corredor.kernel.errors import NotFound


@answers.reading("flows.read")
def situation(request: PageRequest) -> HttpResponse:
    """The corridor as this reader may see it."""
    wanted = words_of_it.Wanted.from_query(request.GET)
    context = words_of_it.page(request.actor, asked_for(request), wanted)
    return render(request, "home/situation.html", {**context, "own_blocks": list(own.blocks(request.actor))})


@answers.reading("flows.read")
def situation_file(request: PageRequest, kind: str) -> HttpResponse:
    """The map as SVG or PNG, or the figures behind it as CSV or XLSX: those of the page, and no others."""
    knowledge = asked_for(request)
    seen = flows.situation(request.actor, as_known_on=knowledge.on)
    shown = headlines.wholes(words_of_it.narrowed(seen, words_of_it.Wanted.from_query(request.GET)))
    name = f"corredor-{_('situation')}-{(knowledge.day):%Y-%m-%d}"
    if kind in files.TABLES:
        rows = (FigureRow(h.series, point) for gate in shown for h in gate.headlines for point in h.points)
        return files.table(rows, kind, name)
    if kind not in files.PICTURES or not maps.spots(shown, knowledge):
        raise NotFound
    unlinked = [replace(spot, href="") for spot in maps.spots(shown, knowledge)]
    drawn = pictures.svg(corridor_map.draw, unlinked, **maps.told(shown, knowledge))
    return files.picture(
        corridor_map.standalone(drawn), kind, name, says=files.said_of(h for g in shown for h in g.headlines)
    )
