"""The latest of each series: what a line of the situation page shows, with its doubts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from corredor.areas.flows.queries import notes, sentences
from corredor.areas.flows.queries.protecting import points_shown
from corredor.areas.flows.queries.reading import Cards, Sight
from corredor.areas.flows.queries.things import (
    Change,
    Flag,
    GateSituation,
    Headline,
    Point,
    SeriesCard,
    Words,
)
from corredor.areas.flows.rules import periods, quality, sums
from corredor.kernel import clock

TREND = 25  # periods shown; two years and the month a year before the last
NEARLY = 0.05  # a sum within five in a hundred of the published total is of the whole
OVERLAP = 12  # periods in which a sum is held against the published total
LONGER = {"D": 62, "W": 60}
FREQUENCIES = ("M", "W", "D", "Q", "Y")
Line = tuple[str, str, str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Told:
    """One way in which a line is told: a series and its points."""

    card: SeriesCard
    points: list[Point]

    @property
    def whole(self) -> list[Point]:
        return [point for point in self.points if not point.is_part]

    @property
    def told(self) -> list[Point]:
        """The points that can head the line: whole ones, and sums of finished periods of which rows were refused."""
        return [point for point in self.points if not point.is_part or self._only_lacks_rows(point)]

    def _only_lacks_rows(self, point: Point) -> bool:
        over = not periods.is_part(point.period, self.card.frequency, point.known_at.date())
        return over and self.card.is_summed and not sums.sums_days(self.card.basis)

    @property
    def rank(self) -> tuple[bool, int, tuple[int, int, str]]:
        """The one with the newest period first; of equals the published one, then the file's own sum."""
        newest = (self.told or self.points)[-1].period.toordinal()
        return (not self.told, -newest, sums.preference(self.card.basis))


def headlines(series: Iterable[SeriesCard], sight: Sight, cards: Cards) -> list[Headline]:
    """One headline for each line (source, measure, gate and break-down) of which this reader sees a figure.

    Where a line is told in several ways (published, or summed from its parts) the newest is shown, the published one
    first, and the others are held against it. A newer sum continues the published line only when it covers the whole
    (see `_continues`); the published totals of the earlier periods stay in the line. Sums over a further detail of the
    source's, such as a remark, are nobody's whole. Months are preferred to weeks, and those to days.
    """
    by_line = _lines(series)
    since = {
        card.id: _since(card, sight.as_known_on)
        for line in by_line.values()
        for card in line
        if card.last_period
    }
    candidates = [card for line in by_line.values() for card in line]
    points = points_shown(candidates, sight, cards, since)
    remarks = notes.by_series([card for card in candidates if card.id in points], sight)
    today = sight.as_known_on or clock.today()
    made = []
    for line in by_line.values():
        told = _in_order([_Told(c, points[c.id]) for c in line if points.get(c.id)])
        if told:
            made.append(_headline(told, today, remarks.get(told[0].card.id, ())))
    return made


def _in_order(told: list[_Told]) -> list[_Told]:
    """The tellings of a line, the one that is shown first, with what earlier periods it takes over from the others."""
    split = [one for one in told if sums.has_detail(one.card.basis)]
    wholes = [one for one in told if not sums.has_detail(one.card.basis)]
    published = next((one for one in wholes if not one.card.is_summed and one.told), None)
    if published is not None:
        cut = [_continuing(published, one, split) for one in wholes]
        wholes = [one for one in cut if one.points]
    ordered = sorted(wholes, key=lambda one: one.rank)
    if ordered and published is not None and ordered[0].card.is_summed:
        ordered[0] = _joined(published, ordered[0])
    return ordered


def _continuing(published: _Told, other: _Told, split: Sequence[_Told]) -> _Told:
    """A telling without the later periods in which it cannot continue the published line."""
    if not other.card.is_summed:
        return other
    last = published.told[-1].period
    covers = _covers_the_whole(published, other)
    kept = [p for p in other.points if p.period <= last or (covers and _continues(other, p, split))]
    return _Told(other.card, kept)


def _covers_the_whole(published: _Told, other: _Told) -> bool:
    """Whether a sum has come close to the published total wherever both were told lately."""
    stated = {point.period: point.value for point in published.whole}
    both = [(stated[p.period], p.value) for p in other.whole if stated.get(p.period) and p.value is not None]
    return all(abs(value - (total or 0)) <= NEARLY * (total or 0) for total, value in both[-OVERLAP:])


def _continues(other: _Told, point: Point, split: Sequence[_Told]) -> bool:
    """Whether a sum of one period is of everybody: over several parts, none of them told only with a further detail.

    What was told with a detail before the sum was last told no longer counts: the file may have been sent again.
    """
    lone = sums.adds_nationalities(other.card.basis) and (point.parts or 0) < 2
    beside = [p for one in split for p in one.points if p.period == point.period and p.batch >= point.batch]
    return not lone and all(p.value is not None and p.value == point.value for p in beside)


def _joined(published: _Told, newer: _Told) -> _Told:
    """The published line, carried on by the newer periods of a sum."""
    last = published.told[-1].period
    stated = [point for point in published.points if point.period <= last]
    missing = {point.period for point in stated}
    before = [p for p in newer.points if p.period <= last and p.period not in missing]
    later = [point for point in newer.points if point.period > last]
    return _Told(newer.card, sorted([*stated, *before, *later], key=lambda point: point.period))


def _lines(series: Iterable[SeriesCard]) -> dict[Line, list[SeriesCard]]:
    """The series by what they are about, in the one frequency that is shown."""
    found: dict[Line, list[SeriesCard]] = defaultdict(list)
    for card in series:
        about = (
            card.source.code,
            card.measure.code,
            card.gate.code,
            *card.breakdown,
            card.direction,
            card.detail,
        )
        found[about].append(card)
    for about, cards in found.items():
        chosen = min((card.frequency for card in cards), key=FREQUENCIES.index)
        found[about] = [card for card in cards if card.frequency == chosen]
    return found


def _since(card: SeriesCard, as_known_on: date | None) -> date:
    last = card.last_period or date.min
    if as_known_on is not None:
        last = min(last, periods.start_of(as_known_on, card.frequency))
    return periods.shifted(last, card.frequency, 1 - LONGER.get(card.frequency, TREND))


def _headline(told: Sequence[_Told], today: date, remarks: Sequence[Flag]) -> Headline:
    card, points = told[0].card, told[0].points
    heading = told[0].told
    last = heading[-1] if heading else points[-1]
    running = points[-1] if points[-1].period > last.period else None
    by_period = {point.period: point for point in points if not point.is_part or point is last}
    previous = _change(last, by_period.get(periods.shifted(last.period, card.frequency, -1)))
    year = _change(last, by_period.get(periods.year_before(last.period, card.frequency)))
    flags = (*_flags(told, last, running, today), *(r for r in remarks if r.period in (None, last.period)))
    return Headline(
        card,
        tuple(points),
        last,
        running,
        previous,
        year,
        max(0, (today - last.last_day).days),
        flags,
        sentences.what_changed(last, card.measure.unit, previous, year),
    )


def _change(now: Point, then: Point | None) -> Change | None:
    """How a figure stands to an earlier one; None when there is none, or when one of the two is only a part."""
    if then is None or now.is_part or then.is_part:
        return None
    if now.value is None or then.value is None:
        return Change(then, None, None)
    return Change(then, now.value - then.value, now.value / then.value - 1 if then.value else None)


def _flags(told: Sequence[_Told], last: Point, running: Point | None, today: date) -> list[Flag]:
    card = told[0].card
    flags = [_part(card, point) for point in (last, running) if point is not None and point.is_part]
    flags += [
        sentences.sum_differs(last, summed)
        for summed in _sums_beside(told, last)
        if quality.sum_difference(last.value, summed.value)
    ]
    flags += doubts(card, told[0].points, today, only=last.period)
    return flags


def _part(card: SeriesCard, point: Point) -> Flag:
    unfinished = periods.is_part(point.period, card.frequency, point.known_at.date())
    return sentences.part_period(point) if unfinished else sentences.parts_missing(point)


def _sums_beside(told: Sequence[_Told], last: Point) -> list[Point]:
    """What the other ways of telling a published line say of the same period."""
    if told[0].card.is_summed or last.is_part:
        return []
    return [
        point
        for other in told[1:]
        for point in other.points
        if point.period == last.period and not point.is_part
    ]


def doubts(card: SeriesCard, points: Sequence[Point], today: date, *, only: date | None = None) -> list[Flag]:
    """Revisions, gaps, unusual changes and lateness in points, oldest first; ``only`` keeps those of one period."""
    whole = [point for point in points if not point.is_part]
    if not whole:
        return []
    flags = [
        sentences.revised(point)
        for point in whole
        if point.revised_from is not None and only in (None, point.period)
    ]
    flags += [
        sentences.gap(period, card.frequency)
        for period in quality.gaps([point.period for point in points], card.frequency)
        if only is None or period >= periods.shifted(only, card.frequency, -3)
    ]
    flags += _unusual(whole, only)
    lag = usual_lag(whole)
    if quality.is_late(whole[-1].period, card.frequency, lag, today):
        flags.append(sentences.late(lag or 0, whole[-1], today))
    return flags


def _unusual(whole: Sequence[Point], only: date | None) -> list[Flag]:
    flags = []
    for position, point in enumerate(whole):
        if only not in (None, point.period) or point.value is None:
            continue
        values = [p.value for p in whole[max(0, position - quality.LONGEST_HISTORY - 1) : position + 1]]
        z = None if None in values else quality.unusual_change([value or 0 for value in values])
        if z is not None:
            flags.append(sentences.unusual(point, z))
    return flags


def usual_lag(whole: Sequence[Point]) -> int | None:
    """Days from the end of a period to its first figure, over periods first stated after the series began here."""
    began = min(point.first_known_at for point in whole)
    lags = [
        (point.first_known_at.date() - point.last_day) // timedelta(days=1)
        for point in whole
        if point.first_known_at > began
    ]
    return quality.usual_lag(lags)


def by_gate(made: Iterable[Headline]) -> tuple[GateSituation, ...]:
    """Headlines gate by gate: the corridor from south to north, then the other gates by name."""
    grouped: dict[str, list[Headline]] = defaultdict(list)
    for headline in made:
        grouped[headline.series.gate.code].append(headline)
    situations = [GateSituation(group[0].series.gate, tuple(_ordered(group))) for group in grouped.values()]
    return tuple(sorted(situations, key=lambda s: _place(s)))


def _ordered(group: list[Headline]) -> list[Headline]:
    return sorted(group, key=lambda h: (h.series.measure.code, h.series.source.code, h.series.key))


def _place(situation: GateSituation) -> tuple[int, int, str]:
    order = situation.gate.order
    return (0, order, situation.gate.code) if order is not None else (1, 0, situation.gate.code)


def nothing_said() -> Words:
    """What a page says where there is no figure."""
    return Words("No figure has been shared here yet.", "Aún no se ha compartido ninguna cifra aquí.")
