"""Reading figures: which series a reader may see, and what is current in each, at any date.

The read path: pages ask for whole series (published totals and the sums kept beside the figures), a handful each, by
primary key. Nothing here scans the observations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, cast

from django.db import connection
from django.db.models import Case, IntegerField, Max, Min, QuerySet, Value, When

from corredor.areas.flows.models import Batch, Gate, Measure, Series, Source
from corredor.areas.flows.permissions import Reach, published_coverage, reach
from corredor.areas.flows.queries.things import GateCard, MeasureCard, Point, SeriesCard, SourceCard, Words
from corredor.kernel import policy
from corredor.kernel.sharing import Level

STATUSES = ("provisional", "validated", "revised")
EPOCH = date(1970, 1, 1)
LONG_AGO = date(1, 1, 1)
NEVER: tuple[date | None, date | None] = (None, None)
_FIELDS = (
    "id",
    "source_id",
    "measure_id",
    "gate_id",
    "frequency",
    "nationality",
    "departure",
    "sex",
    "age",
    "direction",
    "detail",
    "basis",
    "level",
    "first_period",
    "last_period",
)


@dataclass(frozen=True, slots=True)
class Sight:
    """How far a reader sees, and as of when."""

    actor: policy.Actor
    reach: Reach
    as_known_on: date | None

    @classmethod
    def of(cls, actor: policy.Actor, as_known_on: date | None = None) -> Sight:
        return cls(actor, reach(actor), as_known_on)

    @property
    def known_before(self) -> datetime | None:
        """The end of the day (UTC) up to which figures count as known."""
        if self.as_known_on is None:
            return None
        return datetime.combine(self.as_known_on + timedelta(days=1), time(0), UTC)


# ---------------------------------------------------------------------------------------------------------------------
# Cards


class Cards:
    """Sources, measures and gates as cards, read once for a question."""

    def __init__(self) -> None:
        self._sources: dict[str, SourceCard] | None = None
        self._measures: dict[str, MeasureCard] | None = None
        self._gates: dict[str, GateCard] | None = None

    @property
    def sources(self) -> dict[str, SourceCard]:
        if self._sources is None:
            self._sources = {source.pk: source_card(source) for source in Source.objects.all()}
        return self._sources

    @property
    def measures(self) -> dict[str, MeasureCard]:
        if self._measures is None:
            self._measures = {measure.pk: measure_card(measure) for measure in Measure.objects.all()}
        return self._measures

    @property
    def gates(self) -> dict[str, GateCard]:
        if self._gates is None:
            self._gates = {gate.pk: gate_card(gate) for gate in Gate.objects.all()}
        return self._gates

    def wider(self) -> dict[str, list[str]]:
        """The gates around each gate, the nearest first."""
        around: dict[str, list[str]] = {}
        for code in self.gates:
            around[code] = []
            parent = self.gates[code].parent
            while parent and parent not in around[code]:
                around[code].append(parent)
                parent = self.gates[parent].parent
        return around

    def series(self, rows: QuerySet[Series]) -> list[SeriesCard]:
        """The series of a queryset as cards. Those of ``visible_series`` tell the periods their reader may know of."""
        if "floor" not in rows.query.annotations:
            return [self._series(row) for row in rows.values_list(*_FIELDS)]
        found = list(rows.values_list("floor", *_FIELDS))
        floors = {number: floor for floor, number, *_ in found if floor > Level.OWN}
        spans = dict.fromkeys(floors, NEVER) | _spans_published(floors)
        return [self._series(row, spans.get(row[0])) for _, *row in found]

    def _series(self, row: Sequence[Any], span: tuple[date | None, date | None] | None = None) -> SeriesCard:
        fields: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
        if span is not None:
            fields["first_period"], fields["last_period"] = span
        return SeriesCard(
            source=self.sources[fields.pop("source_id")],
            measure=self.measures[fields.pop("measure_id")],
            gate=self.gates[fields.pop("gate_id")],
            level=Level(fields.pop("level")),
            **fields,
        )


def _spans_published(floors: dict[int, int]) -> dict[int, tuple[date | None, date | None]]:
    """The first and last period published down to the floor of each series."""
    found: dict[int, tuple[date | None, date | None]] = {}
    for floor in sorted(set(floors.values())):
        numbers = [number for number, its in floors.items() if its == floor]
        for start in range(0, len(numbers), 5_000):
            rows = published_coverage(Level(floor)).filter(series__in=numbers[start : start + 5_000])
            spans = rows.values("series").annotate(first=Min("first_period"), last=Max("last_period"))
            found.update({row["series"]: (row["first"], row["last"]) for row in spans})
    return found


def source_card(source: Source) -> SourceCard:
    return SourceCard(
        source.pk,
        Words(source.name_en, source.name_es),
        source.publisher,
        source.country,
        Words(source.attribution_en, source.attribution_es),
        Words(source.licence_note_en, source.licence_note_es),
        source.citation,
        source.small_cell_threshold,
    )


def measure_card(measure: Measure) -> MeasureCard:
    return MeasureCard(
        measure.pk,
        Words(measure.name_en, measure.name_es),
        measure.unit,
        measure.kind,
        Words(measure.definition_en, measure.definition_es),
        Words(measure.notes_en, measure.notes_es),
    )


def gate_card(gate: Gate) -> GateCard:
    return GateCard(
        gate.pk,
        Words(gate.name_en, gate.name_es),
        gate.country,
        gate.kind,
        gate.lat,
        gate.lon,
        gate.corridor_order,
        gate.parent_id or "",
    )


# ---------------------------------------------------------------------------------------------------------------------
# Points


def statements_of(
    series: Iterable[SeriesCard], sight: Sight, since: dict[int, date] | None = None
) -> dict[int, list[tuple[date, list[Point]]]]:
    """Everything this reader may see that was ever said: by series, then by period, the oldest statement first.

    ``since`` bounds the first day of the periods, series by series. Nothing is protected here.
    """
    wanted = {card.id: card for card in series}
    if not wanted:
        return {}
    rows = _rows(wanted, sight, since or {})
    batches = _batches({row[8] for row in rows})
    found: dict[int, list[tuple[date, list[Point]]]] = {}
    for (number, days), said in groupby(rows, key=itemgetter(0, 1)):
        period = _day(days)
        frequency = wanted[number].frequency
        points = [_point(row, period, frequency, batches) for row in said]
        found.setdefault(number, []).append((period, points))
    return found


def current_points(
    series: Iterable[SeriesCard], sight: Sight, since: dict[int, date] | None = None
) -> dict[int, list[Point]]:
    """The latest statement about each period, by series, oldest period first; nothing is protected here."""
    return {
        number: [current_of(said) for _, said in periods]
        for number, periods in statements_of(series, sight, since).items()
    }


def current_of(said: Sequence[Point]) -> Point:
    """The last statement about a period, with what was said before it."""
    last = said[-1]
    whole = [point for point in said if not point.is_part]
    if len(said) == 1 or not whole:
        return last
    values = [point.value for point in whole]
    different = [value for value in values[:-1] if value is not None and value != values[-1]]
    return replace(
        last,
        first_known_at=whole[0].known_at,
        revised_from=different[-1] if different and not last.is_part else None,
        revisions=sum(1 for one, other in pairwise(values) if one != other),
    )


def _point(
    row: Sequence[Any], period: date, frequency: str, batches: dict[int, tuple[datetime, int]]
) -> Point:
    known_at, level = batches[row[8]]
    return Point(
        period,
        frequency,
        row[2],
        row[3],
        row[4],
        STATUSES[row[5]],  # type: ignore[arg-type]
        bool(row[6]),
        known_at,
        known_at,
        row[8],
        Level(level),
        parts=row[7],
    )


@lru_cache(maxsize=50_000)
def _day(days: int) -> date:
    return EPOCH + timedelta(days=days)


def _rows(wanted: dict[int, SeriesCard], sight: Sight, since: dict[int, date]) -> list[tuple[Any, ...]]:
    days = {
        "postgresql": "o.period - DATE '1970-01-01'",
        "sqlite": "CAST(julianday(o.period) - 2440587.5 AS INTEGER)",
    }[connection.vendor]
    known = "AND b.known_at < %s" if sight.known_before else ""
    found: list[tuple[Any, ...]] = []
    cards = sorted(wanted.values(), key=lambda card: card.id)
    with connection.cursor() as cursor:
        for start in range(0, len(cards), 400):
            part = cards[start : start + 400]
            values = ", ".join(["(%s, %s, %s)"] * len(part))
            bounds: list[Any] = []
            for card in part:
                begin = since.get(card.id, LONG_AGO)
                written = begin if connection.vendor == "postgresql" else begin.isoformat()
                bounds += [card.id, written, int(sight.reach.floor_for(card.source.country))]
            if sight.known_before:
                bounds.append(connection.ops.adapt_datetimefield_value(sight.known_before))
            cursor.execute(
                f"""
                WITH wanted(series_id, since, floor) AS (VALUES {values})
                SELECT o.series_id, {days}, o.value, o.low, o.high, o.status, o.is_part, o.parts, o.batch_id
                FROM wanted w CROSS JOIN flows_observation o CROSS JOIN flows_batch b
                WHERE o.series_id = w.series_id AND o.period >= w.since
                  AND b.id = o.batch_id AND b.status = 'kept' AND b.level >= w.floor {known}
                ORDER BY o.series_id, o.period, o.batch_id
                """,  # noqa: S608  every part is our own; what readers choose goes in as parameters
                bounds,
            )
            found += cursor.fetchall()
    return found


def _batches(numbers: set[int]) -> dict[int, tuple[datetime, int]]:
    rows = Batch.objects.filter(pk__in=numbers).values_list("pk", "known_at", "level")
    return {number: (known_at, level) for number, known_at, level in rows}


def visible_series(actor: policy.Actor) -> QuerySet[Series]:
    """The series this reader may know of, each with the ``floor`` down to which its figures are seen."""
    sight = reach(actor)
    rows = cast("QuerySet[Series]", policy.visible(actor, Series.objects.all()))
    if sight.sees_all:
        return rows
    whole = When(source__country__in=sight.own - {""}, then=Value(int(Level.OWN)))
    floor = Value(int(sight.floor))
    return rows.annotate(floor=Case(whole, default=floor, output_field=IntegerField()))
