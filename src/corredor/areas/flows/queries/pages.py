"""What each page asks: the situation, a gate, a country, a nationality, a series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Literal

from django.db.models import Q, QuerySet

from corredor.areas.flows.models import Series
from corredor.areas.flows.queries import notes, sentences
from corredor.areas.flows.queries.headlines import by_gate, doubts, headlines, usual_lag
from corredor.areas.flows.queries.protecting import needs_protection, points_shown
from corredor.areas.flows.queries.reading import Cards, Sight, current_points, statements_of, visible_series
from corredor.areas.flows.queries.things import (
    Composition,
    CountryPage,
    Flag,
    Freshness,
    GateCard,
    GatePage,
    Headline,
    NationalityPage,
    Part,
    Point,
    SeriesCard,
    SeriesPage,
    Situation,
    Statement,
    Vintage,
    Words,
    country_words,
    is_nationality,
)
from corredor.areas.flows.rules import periods, quality, sums
from corredor.kernel import clock
from corredor.kernel.errors import NotFound
from corredor.kernel.policy import Actor

By = Literal["nationality", "sex", "age", "sex+age", "departure", "detail"]
REST = Words("All others", "Todas las demás")
_SEXES = {
    "F": Words("Women and girls", "Mujeres y niñas"),
    "M": Words("Men and boys", "Hombres y niños"),
    "X": Words("Other or unspecified", "Otro o sin especificar"),
}


def situation(actor: Actor, *, as_known_on: date | None = None) -> Situation:
    """The corridor as this reader may see it, today or as it was known at the end of a day (UTC)."""
    cards, sight = Cards(), Sight.of(actor, as_known_on)
    whole = cards.series(visible_series(actor).filter(is_whole=True))
    gates = by_gate(headlines(whole, sight, cards))
    known = [headline.points[-1].known_at for gate in gates for headline in gate.headlines]
    return Situation(gates, as_known_on, clock.now(), max(known, default=None))


def gates() -> tuple[GateCard, ...]:
    """Every gate, from south to north, then those off the corridor."""
    everyone = Cards().gates.values()
    return tuple(sorted(everyone, key=lambda g: (g.order is None, g.order or 0, g.code)))


def gate(actor: Actor, code: str, *, as_known_on: date | None = None) -> GatePage:
    """One gate: its headlines and of whom its newest figures are made. Refuses an unknown gate (NotFound)."""
    cards, sight = Cards(), Sight.of(actor, as_known_on)
    card = cards.gates.get(code)
    if card is None:
        raise NotFound
    rows = visible_series(actor).filter(gate=code)
    made = _in_order(headlines(cards.series(rows.filter(is_whole=True)), sight, cards))
    compositions = [
        found
        for headline in made
        for by in ("nationality", "sex+age", "sex", "age")
        if (found := _composition(rows, headline.series, headline.last.period, by, sight, cards, top=8))
    ]
    children = tuple(other for other in cards.gates.values() if other.parent == code)
    return GatePage(card, cards.gates.get(card.parent), children, tuple(made), tuple(compositions))


def _in_order(made: list[Headline]) -> list[Headline]:
    return [headline for group in by_gate(made) for headline in group.headlines]


def country(actor: Actor, iso3: str, *, as_known_on: date | None = None) -> CountryPage:
    """Everything counted in one country (ISO alpha-3). Refuses an unknown country (NotFound)."""
    if not is_nationality(iso3):
        raise NotFound
    cards, sight = Cards(), Sight.of(actor, as_known_on)
    whole = cards.series(visible_series(actor).filter(is_whole=True, gate__country=iso3))
    return CountryPage(iso3, country_words(iso3), by_gate(headlines(whole, sight, cards)))


def nationality(actor: Actor, iso3: str, *, as_known_on: date | None = None) -> NationalityPage:
    """One nationality (ISO alpha-3) along the corridor. Refuses an unknown one (NotFound)."""
    if not is_nationality(iso3):
        raise NotFound
    cards, sight = Cards(), Sight.of(actor, as_known_on)
    rows = visible_series(actor).filter(nationality=iso3, departure="ALL", sex="ALL", age="ALL", detail="")
    made = headlines(cards.series(rows), sight, cards)
    return NationalityPage(iso3, country_words(iso3), by_gate(made))


def nationalities(actor: Actor) -> tuple[tuple[str, Words], ...]:
    """The nationalities of which this reader may see some figure, in order of code."""
    codes = visible_series(actor).exclude(nationality="ALL").values_list("nationality", flat=True).distinct()
    return tuple((code, country_words(code)) for code in sorted(codes))


# ---------------------------------------------------------------------------------------------------------------------
# One series


def series_card(actor: Actor, series: int | str) -> SeriesCard:
    """A series by its number or its key; refuses what this reader may not see (NotFound)."""
    rows = visible_series(actor)
    found = Cards().series(
        rows.filter(pk=series) if isinstance(series, int) else rows.filter(_by_key(series))
    )
    if not found:
        raise NotFound
    return found[0]


def keys_seen(actor: Actor, keys: Iterable[str]) -> frozenset[str]:
    """Those of the series' keys that this reader may see."""
    asked = [_by_key(key) for key in keys]
    rows = visible_series(actor).filter(reduce(or_, asked)) if asked else Series.objects.none()
    return frozenset(card.key for card in Cards().series(rows))


def _by_key(key: str) -> Q:
    names = ("source", "measure", "gate", "frequency", "nationality", "departure", "sex", "age", "direction")
    parts = key.split("/")
    if len(parts) < len(names) + 2:
        raise NotFound
    *head, tail = parts[: len(names)], parts[len(names) :]
    *detail, basis = tail
    return Q(**dict(zip(names, head[0], strict=True)), detail="/".join(detail), basis=basis)


def series_points(
    actor: Actor,
    series: int | str,
    *,
    as_known_on: date | None = None,
    since: date | None = None,
    until: date | None = None,
) -> SeriesPage:
    """The points of a series, oldest first, with what is known of their quality. Refuses (NotFound)."""
    card, sight = series_card(actor, series), Sight.of(actor, as_known_on)
    points = points_shown([card], sight, Cards(), {card.id: since} if since else None).get(card.id, [])
    points = [point for point in points if until is None or point.period <= until]
    return SeriesPage(card, tuple(points), tuple(_all_flags(card, points, sight)))


def quality_of(actor: Actor, series: int | str, *, as_known_on: date | None = None) -> tuple[Flag, ...]:
    """Everything to doubt in a series, and the notes beside it; the numbers are left as they are."""
    return series_points(actor, series, as_known_on=as_known_on).flags


def _all_flags(card: SeriesCard, points: Sequence[Point], sight: Sight) -> list[Flag]:
    flags = []
    for point in points:
        if point.is_part:
            unfinished = periods.is_part(point.period, card.frequency, point.known_at.date())
            flags.append(sentences.part_period(point) if unfinished else sentences.parts_missing(point))
    flags += _differences(card, points, sight)
    flags += doubts(card, points, sight.as_known_on or clock.today())
    return [*flags, *notes.by_series([card], sight).get(card.id, ())]


def _differences(card: SeriesCard, points: Sequence[Point], sight: Sight) -> list[Flag]:
    """Periods in which a sum of parts differs from the published whole."""
    if card.is_summed or not card.is_whole:
        return []
    beside = Series.objects.filter(
        source=card.source.code,
        measure=card.measure.code,
        gate=card.gate.code,
        frequency=card.frequency,
        direction=card.direction,
        is_whole=True,
    ).exclude(basis="published")
    stated = {point.period: point for point in points if not point.is_part}
    return [
        sentences.sum_differs(stated[summed.period], summed)
        for summing in current_points(Cards().series(beside), sight).values()
        for summed in summing
        if summed.period in stated
        and not summed.is_part
        and quality.sum_difference(stated[summed.period].value, summed.value)
    ]


def vintages(actor: Actor, series: int | str, *, period: date | None = None) -> tuple[Vintage, ...]:
    """Everything this reader may see that was said of a series (or of one period of it), oldest statement first.

    Where small counts are protected only what is current is told.
    """
    card, sight = series_card(actor, series), Sight.of(actor)
    if needs_protection(card, sight):
        told = [(point.period, [point]) for point in points_shown([card], sight, Cards()).get(card.id, [])]
    else:
        told = statements_of([card], sight, {card.id: period} if period else None).get(card.id, [])
    return tuple(_vintage(point) for day, said in told if period in (None, day) for point in said)


def _vintage(point: Point) -> Vintage:
    return Vintage(
        point.period,
        point.frequency,
        point.value,
        point.low,
        point.high,
        point.status,
        point.is_part,
        point.known_at,
        point.batch,
    )


def statements(actor: Actor, series: int | str, *, as_known_on: date | None = None) -> tuple[Statement, ...]:
    """The counts ever stated about a series, by period and then as they became known: what a forecast starts from.

    Hidden counts are left out, and so is everything of a series whose small counts are protected from this reader.
    """
    card, sight = series_card(actor, series), Sight.of(actor, as_known_on)
    if needs_protection(card, sight):
        return ()
    return tuple(
        Statement(point.period, point.value, point.known_at, point.status, point.is_part)
        for _, said in statements_of([card], sight).get(card.id, [])
        for point in said
        if point.value is not None
    )


# ---------------------------------------------------------------------------------------------------------------------
# Of whom a figure is made


def composition(
    actor: Actor,
    series: int | str,
    *,
    period: date | None = None,
    by: By = "nationality",
    top: int = 8,
    as_known_on: date | None = None,
) -> Composition | None:
    """The largest parts of a whole series in a period (the newest, unless said) and the rest together.

    None where the source does not break it down so, or where what it says may not be shown. Refuses (NotFound).
    """
    cards, sight = Cards(), Sight.of(actor, as_known_on)
    card = series_card(actor, series)
    if period is None:
        points = current_points([card], sight).get(card.id, [])
        whole = [point for point in points if not point.is_part] or points
        if not whole:
            return None
        period = whole[-1].period
    return _composition(visible_series(actor), card, period, by, sight, cards, top=top)


def _composition(
    rows: QuerySet[Series],
    whole: SeriesCard,
    period: date,
    by: str,
    sight: Sight,
    cards: Cards,
    *,
    top: int,
) -> Composition | None:
    alike = rows.filter(
        source=whole.source.code,
        measure=whole.measure.code,
        gate=whole.gate.code,
        frequency=whole.frequency,
        direction=whole.direction,
        is_whole=False,
        first_period__lte=period,
        last_period__gte=period,
    )
    members = cards.series(alike.filter(_broken_down(by)))
    if not members:
        return None
    since = {card.id: period for card in [*members, whole]}
    points = points_shown([*members, whole], sight, cards, since)
    there = {
        card.id: point for card in members for point in points.get(card.id, []) if point.period == period
    }
    chosen = _one_basis([card for card in members if card.id in there])
    if not chosen:
        return None
    total = next((point for point in points.get(whole.id, []) if point.period == period), None)
    parts = [_part(card, there[card.id], by, total) for card in chosen]
    protected = sum(1 for part in parts if part.point and part.point.is_protected)
    return Composition(whole, period, total, by, _largest(parts, total, top), protected)  # type: ignore[arg-type]


def _broken_down(by: str) -> Q:
    alone = {"nationality", "departure", "sex", "age"} - set(by.split("+"))
    filters = Q(**dict.fromkeys(alone, "ALL"))
    for name in by.split("+"):
        filters &= ~Q(detail="") if name == "detail" else ~Q(**{name: "ALL"})
    return filters if by == "detail" else filters & Q(detail="")


def _one_basis(members: list[SeriesCard]) -> list[SeriesCard]:
    """Parts told in one way only: published ones and sums are never mixed."""
    by_basis: dict[str, list[SeriesCard]] = defaultdict(list)
    for card in members:
        by_basis[card.basis].append(card)
    return by_basis[min(by_basis, key=sums.preference)] if by_basis else []


def _part(card: SeriesCard, point: Point, by: str, total: Point | None) -> Part:
    code = card.detail if by == "detail" else "/".join(str(getattr(card, name)) for name in by.split("+"))
    share = point.value / total.value if point.value is not None and total and total.value else None
    return Part(code, _name(card, by), point, share)


def _name(card: SeriesCard, by: str) -> Words:
    if by in ("nationality", "departure"):
        return country_words(getattr(card, by))
    if by == "sex":
        return _SEXES.get(card.sex, Words(card.sex, card.sex))
    if by == "age":
        return _age(card.age)
    if by == "sex+age":
        sex, age = _SEXES.get(card.sex, Words(card.sex, card.sex)), _age(card.age)
        return Words(f"{sex.en}, {age.en}", f"{sex.es}, {age.es}")
    return Words(card.detail, card.detail)


def _age(age: str) -> Words:
    if age == "UNK":
        return Words("age not known", "edad no conocida")
    if age.endswith("+"):
        return Words(f"{age[:-1]} and over", f"{age[:-1]} años o más")
    if age == "ALL":
        return Words("all ages", "todas las edades")
    return Words(f"{age.replace('-', '–')} years", f"{age.replace('-', '–')} años")


def _largest(parts: list[Part], total: Point | None, top: int) -> tuple[Part, ...]:
    """The ``top`` largest parts that are shown; all others, hidden ones among them, as one row."""
    ordered = sorted(parts, key=lambda p: (-(p.point.value or 0) if p.point else 0, p.code))
    shown = [part for part in ordered if part.point and part.point.value and part.code != "OOO"][:top]
    others = [part for part in ordered if part not in shown]
    if not others:
        return tuple(shown)
    values = [part.point.value if part.point else None for part in others]
    rest = None if None in values else sum(value or 0 for value in values)
    share = rest / total.value if rest is not None and total and total.value else None
    if rest == 0:
        return tuple(shown)
    model = others[0].point
    point = None if model is None or rest is None else _summed(model, rest, len(others))
    return (*shown, Part("REST", REST, point, share, len(others)))


def _summed(model: Point, value: int, parts: int) -> Point:
    return replace(model, value=value, low=None, high=None, revised_from=None, revisions=0, parts=parts)


# ---------------------------------------------------------------------------------------------------------------------
# How far each source has come


def freshness(actor: Actor, *, as_known_on: date | None = None) -> tuple[Freshness, ...]:
    """How far each source has come with each measure, and whether that is late for it."""
    cards, sight = Cards(), Sight.of(actor, as_known_on)
    today = as_known_on or clock.today()
    made = headlines(cards.series(visible_series(actor).filter(is_whole=True)), sight, cards)
    latest: dict[tuple[str, str], Headline] = {}
    for headline in made:
        about = (headline.series.source.code, headline.series.measure.code)
        if about not in latest or latest[about].last.period < headline.last.period:
            latest[about] = headline
    return tuple(_freshness(latest[about], today) for about in sorted(latest))


def _freshness(headline: Headline, today: date) -> Freshness:
    card, last = headline.series, headline.last
    lag = usual_lag([point for point in headline.points if not point.is_part] or [last])
    return Freshness(
        card.source,
        card.measure,
        card.frequency,
        last.period,
        last.first_known_at,
        lag,
        max(0, (today - last.known_at.date()).days),
        quality.is_late(last.period, card.frequency, lag, today),
    )
