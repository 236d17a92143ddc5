"""Small counts protected before they leave the country: every way out of figures passes here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q

from corredor.areas.flows.models import Series
from corredor.areas.flows.queries.reading import Cards, Sight, current_points
from corredor.areas.flows.queries.things import Point, SeriesCard
from corredor.areas.flows.rules import sums
from corredor.areas.flows.rules.protection import Table, protect, tables_shown


def points_shown(
    series: Iterable[SeriesCard], sight: Sight, cards: Cards, since: dict[int, date] | None = None
) -> dict[int, list[Point]]:
    """The current points of each series as this reader may see them, small counts protected."""
    series = list(series)
    guarded = [card for card in series if needs_protection(card, sight)]
    if not guarded:
        return current_points(series, sight, since)
    free = [card for card in series if not needs_protection(card, sight)]
    earliest = min((since or {}).values(), default=None)
    shown = current_points(free, sight, since)
    for number, points in _protected(guarded, sight, cards, earliest).items():
        begin = (since or {}).get(number)
        shown[number] = [point for point in points if begin is None or point.period >= begin]
    return shown


def needs_protection(card: SeriesCard, sight: Sight) -> bool:
    """Whether it is a part of the people at a gate, of a source that protects small counts from this reader."""
    return (
        not card.is_whole
        and card.source.small_cell_threshold > 1
        and not sight.reach.sees_small_counts(card.source.country)
    )


def _protected(
    guarded: list[SeriesCard], sight: Sight, cards: Cards, since: date | None
) -> dict[int, list[Point]]:
    """The points of the asked series, protected together with all their neighbours in the same tables."""
    every = _neighbours(guarded, cards)
    tables: dict[Table, list[SeriesCard]] = defaultdict(list)
    for card in every:
        tables[_table(card)].append(card)
    order = {table.basis: sums.preference(table.basis) for table in tables}
    allowed = tables_shown(tables, wider=cards.wider(), order=order)
    asked = {card.id for card in guarded}
    shown: dict[int, list[Point]] = {}
    for table in allowed & {_table(card) for card in guarded}:
        points = _table_shown(tables[table], sight, since)
        shown.update({number: points[number] for number in points if number in asked})
    return shown


def _neighbours(guarded: list[SeriesCard], cards: Cards) -> list[SeriesCard]:
    pairs = {(card.source.code, card.measure.code) for card in guarded}
    chosen = Q()
    for source, measure in pairs:
        chosen |= Q(source=source, measure=measure)
    return cards.series(Series.objects.filter(chosen, is_whole=False))


def _table(card: SeriesCard) -> Table:
    key = sums.Key(
        card.measure.code,
        card.gate.code,
        card.frequency,
        card.nationality,
        card.departure,
        card.sex,
        card.age,
        card.direction,
        card.detail,
        card.basis,
    )
    return Table(
        card.measure.code,
        card.gate.code,
        card.direction,
        card.frequency,
        sums.broken_down_by(key),
        card.basis,
    )


def _table_shown(members: list[SeriesCard], sight: Sight, since: date | None) -> dict[int, list[Point]]:
    threshold = members[0].source.small_cell_threshold
    floor = sight.reach.floor_for(members[0].source.country)
    bounds = {card.id: since for card in members} if since else None
    points = current_points(members, sight, bounds)
    withheld = {card.id for card in members if card.level < floor}
    by_period: dict[date, dict[int, Point]] = defaultdict(dict)
    for number, series in points.items():
        for point in series:
            by_period[point.period][number] = point
    shown: dict[int, list[Point]] = defaultdict(list)
    for _, cells in sorted(by_period.items()):
        counts = {str(n): None if n in withheld else point.value for n, point in cells.items()}
        protection = protect(counts, threshold)
        for number, point in cells.items():
            if number in withheld or str(number) in protection.unnamed:
                continue
            hide = str(number) in protection.hidden
            shown[number].append(_hidden(point) if hide else point)
    return shown


def _hidden(point: Point) -> Point:
    return replace(point, value=None, low=None, high=None, revised_from=None, parts=None, is_protected=True)
