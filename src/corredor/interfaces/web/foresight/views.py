"""The forecast pages: all of them, each as it was issued, and how good they have been."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from corredor.interfaces.web.access import PageRequest
from corredor.interfaces.web.components.parts import Link
from corredor.interfaces.web.flows import answers, files, trends
from corredor.interfaces.web.flows.knowledge import asked_for
from corredor.interfaces.web.foresight import reading
from corredor.kernel.errors import NotFound


@answers.reading("foresight.read")
def overview(request: PageRequest) -> HttpResponse:
    """Every forecast this reader may see."""
    knowledge = asked_for(request)
    context = reading.overview(request.actor, knowledge, request.GET)
    return render(request, "foresight/overview.html", {**context, "knowledge": knowledge})


@answers.reading("foresight.read")
def forecast(request: PageRequest, number: int) -> HttpResponse:
    """One forecast, frozen as issued, with what came."""
    context = reading.one(request.actor, number)
    knowledge = asked_for(request)
    crumbs = [
        Link(_("Situation"), knowledge.link("home")),
        Link(_("Forecasts"), knowledge.link("foresight")),
        Link(context["title"], "", is_current=True),
    ]
    return render(request, "foresight/forecast.html", {**context, "crumbs": crumbs})


@answers.reading("foresight.read")
def scorecard(request: PageRequest) -> HttpResponse:
    """How good the forecasts have been, against the simplest one."""
    return render(request, "foresight/scorecard.html", reading.scorecard(request.actor))


@answers.reading("foresight.read")
def quantiles_file(request: PageRequest, number: int, kind: str) -> HttpResponse:
    """The 23 quantiles of a forecast as CSV or XLSX."""
    if kind not in files.TABLES:
        raise NotFound
    rows = reading.quantile_rows(reading.issued(request.actor, number))
    answer: Any = _csv(rows, number) if kind == "csv" else _xlsx(rows, number)
    return answer


def _csv(rows: Iterable[list[Any]], number: int) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        yield "\ufeff"
        for row in rows:
            line = io.StringIO(newline="")
            csv.writer(line).writerow(["" if cell is None else cell for cell in row])
            yield line.getvalue()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="corredor-forecast-{number}.csv"'
    return response


def _xlsx(rows: Iterable[list[Any]], number: int) -> FileResponse:
    from openpyxl import Workbook  # heavy: loaded when a workbook is written

    book = Workbook(write_only=True)
    sheet = book.create_sheet("forecast")
    for row in rows:
        sheet.append(row)
    target = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it when it is sent
    book.save(target)
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, filename=f"corredor-forecast-{number}.xlsx", content_type=files.XLSX
    )


@answers.reading("foresight.read")
def fan_picture(request: PageRequest, number: int, kind: str) -> HttpResponse:
    """The fan as issued, as SVG or PNG."""
    about = reading.issued(request.actor, number)
    trend = trends.Trend(about.card, about.points, about.forecast)
    if kind not in files.PICTURES or not trends.can_draw(trend):
        raise NotFound
    says = files.footing([(about.card.source, about.forecast.issued_at)])
    return files.picture(trends.draw(trend, "wide"), kind, f"corredor-forecast-{number}", says=says)
