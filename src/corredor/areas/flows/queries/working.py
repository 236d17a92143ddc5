"""What those who work on a country's figures ask: what can be counted, what a batch revised, how far each series goes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from django.db.models import Q

from corredor.areas.flows.models import Batch, Series
from corredor.areas.flows.queries.reading import Cards, Sight, statements_of, visible_series
from corredor.areas.flows.queries.things import GateCard, MeasureCard, Point, SeriesCard, SourceCard
from corredor.kernel import policy
from corredor.kernel.errors import NotFound
from corredor.kernel.policy import Actor
from corredor.kernel.sharing import Level

Breakdown = Literal["whole", "nationality", "departure", "demography", "mixed"]
BREAKDOWNS: tuple[Breakdown, ...] = ("whole", "nationality", "departure", "demography", "mixed")


@dataclass(frozen=True, slots=True)
class RevisedFigure:
    """A figure that a batch stated otherwise than before."""

    series: SeriesCard
    before: Point
    after: Point


@dataclass(frozen=True, slots=True)
class SeriesGroup:
    """Series of a source that are shared alike: one measure at one gate, broken down in one way."""

    measure: MeasureCard
    gate: GateCard
    breakdown: Breakdown
    series: tuple[int, ...]
    levels: frozenset[Level]

    @property
    def key(self) -> str:
        return f"{self.measure.code}.{self.gate.code}.{self.breakdown}"

    @property
    def level(self) -> Level | None:
        """The farthest level of all of them; None where they differ."""
        return next(iter(self.levels)) if len(self.levels) == 1 else None


def measures() -> tuple[MeasureCard, ...]:
    """Everything that can be counted, in order of code."""
    return tuple(card for _, card in sorted(Cards().measures.items()))


def working_sources(actor: Actor) -> tuple[SourceCard, ...]:
    """The countries' sources whose record of imports this person reads: those of the own country; the secretariat all."""
    every = Cards().sources.values()
    return tuple(card for card in every if card.country and policy.can(actor, "flows.read_batches", card))


def working_source(actor: Actor, code: str) -> SourceCard:
    """One of them; refuses the others (NotFound)."""
    policy.require(actor, "flows.read_batches")
    for card in working_sources(actor):
        if card.code == code:
            return card
    raise NotFound


def revisions_of(actor: Actor, number: int, *, limit: int = 100) -> tuple[RevisedFigure, ...]:
    """What a batch changed of what was said before, for those who see the country's figures whole."""
    policy.require(actor, "flows.read_batches")
    batch = policy.visible(actor, Batch.objects.filter(pk=number)).select_related("source").first()
    if batch is None:
        raise NotFound
    sight = Sight.of(actor)
    if not batch.revised or not sight.reach.sees_small_counts(batch.source.country):
        return ()
    chosen = Q(pk__in=[])
    for pair in batch.covers:
        measure, gate = pair.split(" ", 1)
        chosen |= Q(measure=measure, gate=gate)
    cards = Cards().series(Series.objects.filter(chosen, source=batch.source_id, basis="published"))
    by_number = {card.id: card for card in cards}
    told = statements_of(cards, sight)
    found = [
        RevisedFigure(by_number[series], before, after)
        for series, periods in sorted(told.items())
        for _, said in periods
        for before, after in pairwise(said)
        if after.batch == number and before.value != after.value
    ]
    return tuple(found[:limit])


def shared_groups(actor: Actor, source: str) -> tuple[SeriesGroup, ...]:
    """How far the series of a source may go, in groups that are set together."""
    owner = working_source(actor, source)
    groups: dict[tuple[str, str, Breakdown], list[SeriesCard]] = defaultdict(list)
    for card in Cards().series(visible_series(actor).filter(source=owner.code)):
        groups[card.measure.code, card.gate.code, breakdown_of(card)].append(card)
    return tuple(
        SeriesGroup(
            cards[0].measure,
            cards[0].gate,
            kind,
            tuple(card.id for card in cards),
            frozenset(card.level for card in cards),
        )
        for (_, _, kind), cards in sorted(groups.items(), key=lambda item: _place(item[0]))
    )


def _place(group: tuple[str, str, Breakdown]) -> tuple[str, str, int]:
    return group[0], group[1], BREAKDOWNS.index(group[2])


def breakdown_of(card: SeriesCard) -> Breakdown:
    """In which way a series is a part: of one nationality, of one sex or age …"""
    if card.is_whole:
        return "whole"
    named = (card.nationality != "ALL", card.departure != "ALL", (card.sex, card.age) != ("ALL", "ALL"))
    if card.detail or sum(named) != 1:
        return "mixed"
    return BREAKDOWNS[1 + named.index(True)]


def whole_series(actor: Actor, source: str) -> tuple[SeriesCard, ...]:
    """The series of a source that count everybody, those the source states before those Corredor sums."""
    owner = working_source(actor, source)
    cards = Cards().series(visible_series(actor).filter(source=owner.code, is_whole=True))
    return tuple(sorted(cards, key=lambda card: (card.measure.code, card.gate.code, card.is_summed, card.id)))


def has_provisional(actor: Actor, source: str) -> tuple[tuple[MeasureCard, GateCard, int], ...]:
    """The measures and gates of a source with provisional figures of periods that are over, and how many."""
    owner = working_source(actor, source)
    cards = Cards().series(visible_series(actor).filter(source=owner.code, basis="published"))
    by_number = {card.id: card for card in cards}
    counted: dict[tuple[str, str], list[SeriesCard]] = defaultdict(list)
    for series, periods in statements_of(cards, Sight.of(actor)).items():
        for _, said in periods:
            if said[-1].status == "provisional" and not said[-1].is_part:
                card = by_number[series]
                counted[card.measure.code, card.gate.code].append(card)
    return tuple((cards[0].measure, cards[0].gate, len(cards)) for _, cards in sorted(counted.items()))
