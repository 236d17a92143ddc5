"""Small counts protected before they leave the country: every way out of figures passes here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Exists, OuterRef, Q

from corredor.areas.flows.models import Coverage, Series
from corredor.areas.flows.queries.reading import Cards, Sight, current_of, current_points, statements_of
from corredor.areas.flows.queries.things import Point, SeriesCard
from corredor.areas.flows.rules import sums
from corredor.areas.flows.rules.protection import Protection, Table, protect, tables_shown
from corredor.kernel.sharing import Level


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
    """The points of the asked series, protected together with all their neighbours in the same tables.

    Each source on its own: its cells sum to its own total, and what another source says hides none of them.
    """
    asked: dict[str, list[SeriesCard]] = defaultdict(list)
    tables: dict[str, dict[Table, list[SeriesCard]]] = defaultdict(lambda: defaultdict(list))
    for card in guarded:
        asked[card.source.code].append(card)
    for card in _neighbours(guarded, cards):
        tables[card.source.code][_table(card)].append(card)
    shown: dict[int, list[Point]] = {}
    for source, mine in asked.items():
        shown.update(_source_shown(mine, tables[source], sight, cards, since))
    return shown


def _source_shown(
    guarded: list[SeriesCard],
    tables: dict[Table, list[SeriesCard]],
    sight: Sight,
    cards: Cards,
    since: date | None,
) -> dict[int, list[Point]]:
    """The points of the asked series of one source, given all its tables."""
    order = {table.basis: sums.preference(table.basis) for table in tables}
    allowed = tables_shown(_ever_shared(guarded[0].source.code, tables), wider=cards.wider(), order=order)
    asked = {card.id for card in guarded}
    shown: dict[int, list[Point]] = {}
    for table in allowed & {_table(card) for card in guarded}:
        points = _table_shown(tables[table], sight, since)
        shown.update({number: points[number] for number in points if number in asked})
    return shown


def _ever_shared(source: str, tables: dict[Table, list[SeriesCard]]) -> list[Table]:
    """The tables of a source of which anything ever left the country: only these can be played against each other.

    One that went to members alone counts for the public too, since a member also reads what the public reads; and so
    does a withdrawn one, which somebody may have kept.
    """
    left = Coverage.objects.filter(series=OuterRef("pk"), batch__level__gt=Level.OWN)
    parts = Series.objects.filter(
        Exists(left), source=source, measure__in={table.measure for table in tables}, is_whole=False
    )
    shared = set(parts.values_list("pk", flat=True))
    return [table for table, members in tables.items() if any(card.id in shared for card in members)]


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
    """The cells of one table, protected period by period.

    A cell that any edition of a period had to hide stays hidden in all later ones: whoever kept the earlier edition, or
    asks for it as known then, would otherwise read the hidden count off the later one.
    """
    threshold = members[0].source.small_cell_threshold
    floor = sight.reach.floor_for(members[0].source.country)
    bounds = {card.id: since for card in members} if since else None
    withheld = {card.id for card in members if card.level < floor}
    by_period: dict[date, dict[int, list[Point]]] = defaultdict(dict)
    for number, periods in statements_of(members, sight, bounds).items():
        for period, said in periods:
            by_period[period][number] = said
    shown: dict[int, list[Point]] = defaultdict(list)
    for _, cells in sorted(by_period.items()):
        protection = _of_every_edition(cells, withheld, threshold)
        for number, said in cells.items():
            if number in withheld or str(number) in protection.unnamed:
                continue
            point = current_of(said)
            shown[number].append(_hidden(point) if str(number) in protection.hidden else point)
    return shown


def _of_every_edition(cells: dict[int, list[Point]], withheld: set[int], threshold: int) -> Protection:
    """What the last edition of a period hides, together with all that the editions before it hid."""
    hidden: set[str] = set()
    protection = Protection()
    for edition in sorted({point.batch for said in cells.values() for point in said}):
        counts = {
            str(number): None if number in withheld else known[-1].value
            for number, said in cells.items()
            if (known := [point for point in said if point.batch <= edition])
        }
        protection = protect(counts, threshold)
        hidden |= protection.hidden | protection.unnamed
    return Protection(frozenset(hidden), protection.unnamed)


def _hidden(point: Point) -> Point:
    return replace(point, value=None, low=None, high=None, revised_from=None, parts=None, is_protected=True)
