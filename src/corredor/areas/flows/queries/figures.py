"""Figures in bulk, page by page, for the API and the exports: what each reader may see, protected as on the pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from corredor.areas.flows.models import Series
from corredor.areas.flows.queries.protecting import points_shown
from corredor.areas.flows.queries.reading import Cards, Sight, visible_series
from corredor.areas.flows.queries.things import FigureFilter, FigurePage, FigureRow, SeriesCard
from corredor.kernel.errors import Invalid
from corredor.kernel.policy import Actor

SERIES_AT_ONCE = 50
EVERYTHING = FigureFilter()


def search_series(
    actor: Actor, wanted: FigureFilter = EVERYTHING, *, after: int = 0, limit: int = 200
) -> tuple[SeriesCard, ...]:
    """The series this reader may see that pass the filter, in order of number, from the one after ``after``."""
    cards, rows = Cards(), _chosen(actor, wanted).order_by("pk")
    found: list[SeriesCard] = []
    while len(found) < limit and (chunk := cards.series(rows.filter(pk__gt=after)[:limit])):
        found += [card for card in chunk if _spans(card, wanted)]
        after = chunk[-1].id
    return tuple(found[:limit])


def _spans(card: SeriesCard, wanted: FigureFilter) -> bool:
    """Whether what this reader sees of the series lies in the time asked for."""
    if card.first_period is None or card.last_period is None:
        return not (wanted.since or wanted.until)
    ends_early = wanted.since is not None and card.last_period < wanted.since
    begins_late = wanted.until is not None and card.first_period > wanted.until
    return not (ends_early or begins_late)


def _chosen(actor: Actor, wanted: FigureFilter) -> QuerySet[Series]:
    rows = visible_series(actor)
    exact = {
        "source": wanted.source,
        "measure": wanted.measure,
        "gate": wanted.gate,
        "gate__country": wanted.country,
        "frequency": wanted.frequency,
        "nationality": wanted.nationality,
        "basis": wanted.basis,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.breakdown == "whole":
        rows = rows.filter(is_whole=True)
    elif wanted.breakdown == "nationality":
        rows = rows.filter(departure="ALL", sex="ALL", age="ALL", detail="").exclude(nationality="ALL")
    elif wanted.breakdown == "demography":
        rows = rows.filter(nationality="ALL", departure="ALL", detail="").exclude(sex="ALL", age="ALL")
    if wanted.since:
        rows = rows.filter(last_period__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(Q(first_period__lte=wanted.until))
    return rows


def figures(
    actor: Actor,
    wanted: FigureFilter = EVERYTHING,
    *,
    cursor: str = "",
    limit: int = 500,
    as_known_on: date | None = None,
) -> FigurePage:
    """Figures in order of series and period; ``cursor`` continues where a page ended. Refuses a bad cursor (Invalid)."""
    number, period = _place(cursor)
    rows: list[FigureRow] = []
    for row in _figures_from(actor, wanted, number, period, as_known_on):
        if len(rows) == limit:
            last = rows[-1]
            return FigurePage(tuple(rows), _cursor(last.series.id, last.point.period))
        rows.append(row)
    return FigurePage(tuple(rows), "")


def every_figure(
    actor: Actor, wanted: FigureFilter = EVERYTHING, *, as_known_on: date | None = None
) -> Iterator[FigureRow]:
    """All figures that pass the filter, one by one, in bounded memory: for exports."""
    return _figures_from(actor, wanted, 0, None, as_known_on)


def _figures_from(
    actor: Actor, wanted: FigureFilter, number: int, period: date | None, as_known_on: date | None
) -> Iterator[FigureRow]:
    """Figures of the series ``number`` after ``period``, then of all later series."""
    cards, sight = Cards(), Sight.of(actor, as_known_on)
    rows = _chosen(actor, wanted).order_by("pk")
    start = number - 1 if period else number
    while chunk := cards.series(rows.filter(pk__gt=start)[:SERIES_AT_ONCE]):
        since = {card.id: wanted.since for card in chunk} if wanted.since else None
        points = points_shown(chunk, sight, cards, since)
        for card in chunk:
            for point in points.get(card.id, []):
                is_later = card.id != number or period is None or point.period > period
                if is_later and (wanted.until is None or point.period <= wanted.until):
                    yield FigureRow(card, point)
        start = chunk[-1].id


def _cursor(number: int, period: date) -> str:
    return base64.urlsafe_b64encode(f"{number}.{period.isoformat()}".encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[int, date | None]:
    if not cursor:
        return 0, None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        number, period = text.split(".", 1)
        return int(number), date.fromisoformat(period)
    except (ValueError, binascii.Error) as error:
        raise Invalid({"cursor": _("This is not a cursor that a page of figures gave.")}) from error
