"""From figures to forecasts: reads what each level of reader sees, and has it forecast and scored at that level.

``foresight`` may not know ``flows``; a door may ask both. A forecast that rests on unpublished figures is issued for
that country only, and the public gets the one that rests on what is public: nothing can be read back from a fan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from corredor.areas.flows import queries as flows
from corredor.areas.flows.events import (
    BatchWithdrawn,
    ObservationsImported,
    ObservationsPublished,
    SharingChanged,
)
from corredor.areas.flows.queries import FigureFilter
from corredor.areas.flows.queries.things import SeriesCard
from corredor.areas.flows.rules import sums
from corredor.areas.foresight import queries as foresight
from corredor.areas.foresight import rules, services
from corredor.areas.foresight.services import IssueReport
from corredor.kernel import clock, events
from corredor.kernel.jobs import enqueue, job
from corredor.kernel.policy import PUBLIC, SYSTEM, Actor, Capacity
from corredor.kernel.sharing import Level

FREQUENCIES = ("D", "W", "M")
Telling = tuple[rules.FlowKey, list[rules.Known]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who stands for all readers of a level, and, for a country's own figures, of which country."""

    level: Level
    actor: Actor
    country: str = ""


SHARED_READERS = (
    Reader(Level.PUBLIC, PUBLIC),
    Reader(Level.OBSERVERS, Actor(name="observers", capacities=(Capacity("observer_organisation"),))),
    Reader(Level.MEMBERS, Actor(name="members", capacities=(Capacity("secretariat"),))),
)


def own_reader(country: str) -> Reader:
    """The reader of what is a country's own."""
    return Reader(Level.OWN, Actor(name=country, capacities=(Capacity("deputy", country=country),)), country)


def issue_from_figures(
    *, by: Actor, source: str = "", gate: str = "", known_on: date | None = None
) -> IssueReport:
    """Forecast every flow of the source and gate (all, when empty) from the figures as they stand.

    With ``known_on`` the forecasts are those that could have been made that day. Refuses actors without
    ``foresight.issue``.
    """
    chosen = FigureFilter(source=source, gate=gate)
    wanted = list(flows_to_forecast(chosen, known_on=known_on))
    return services.issue_forecasts(flows=wanted, by=by, today=known_on or clock.today(), known_on=known_on)


def issue_edition_by_edition(*, by: Actor) -> IssueReport:
    """For every day on which figures became known, the forecasts that could have been made that day; then the scores.

    What fills a demo or a new installation with past figures: each fan rests only on what was known, and is scored by
    what came later. Safe to repeat.
    """
    every = IssueReport()
    for day in sorted({batch.known_at.date() for batch in flows.batches(by, limit=10_000)}):
        report = issue_from_figures(by=by, known_on=day)
        every.issued += report.issued
        every.unchanged += report.unchanged
        every.withheld = report.withheld
    record_from_figures(by=by)
    return every


def record_from_figures(*, by: Actor, source: str = "", gate: str = "") -> int:
    """Score every forecast whose figure has arrived; returns how many outcomes were recorded."""
    chosen = FigureFilter(source=source, gate=gate)
    return services.record_outcomes(actuals=list(_actuals(chosen)), by=by)


def flows_to_forecast(
    chosen: FigureFilter, *, known_on: date | None = None
) -> Iterator[rules.FlowToForecast]:
    """Each flow once for every level at which something else is known about it than one level wider."""
    wider: dict[str, str] = {}
    for reader in _readers():
        for flow in _flows_of(reader, chosen, known_on):
            digest = rules.digest_of(flow.figures)
            if wider.get(flow.flow.key) != digest:
                wider[flow.flow.key] = digest
                yield flow


def _readers() -> list[Reader]:
    owners = sorted({source.country for source in flows.sources() if source.country})
    return [*SHARED_READERS, *map(own_reader, owners)]


def _flows_of(reader: Reader, chosen: FigureFilter, known_on: date | None) -> Iterator[rules.FlowToForecast]:
    for about, known in _figures_by_flow(reader, chosen, known_on):
        if known:
            yield rules.FlowToForecast(about, tuple(known), reader.level)


def _figures_by_flow(reader: Reader, chosen: FigureFilter, known_on: date | None) -> Iterator[Telling]:
    """The figures of each flow as this reader sees them: one telling a flow, the source's own before our sums."""
    flows_told: dict[tuple[str, ...], dict[str, Telling]] = {}
    for row in flows.every_figure(reader.actor, chosen, as_known_on=known_on):
        card, point = row.series, row.point
        if not _is_a_flow(card) or (reader.country and card.source.country != reader.country):
            continue
        line = (
            card.source.code,
            card.measure.code,
            card.gate.code,
            card.frequency,
            card.nationality,
            card.direction,
        )
        tellings = flows_told.setdefault(line, {})
        if card.basis not in tellings:
            tellings[card.basis] = (_about(card), [])
        if point.value is not None:
            known = rules.Known(point.period, point.value, point.status, point.known_at.date(), point.batch)
            tellings[card.basis][1].append(known)
    return map(_preferred, flows_told.values())


def _about(card: SeriesCard) -> rules.FlowKey:
    return rules.FlowKey(
        card.key,
        card.measure.code,
        card.gate.code,
        card.nationality,
        card.frequency,
        card.source.country,
        card.source.code,
    )


def _is_a_flow(card: SeriesCard) -> bool:
    """Totals and nationalities are forecast; ages, sexes and further details are not."""
    is_counted_often = card.frequency in FREQUENCIES and card.measure.kind == "flow"
    return is_counted_often and card.departure == card.sex == card.age == "ALL" and not card.detail


def _preferred(tellings: dict[str, Telling]) -> Telling:
    """The telling with the newest figure; of equals the one that the pages show."""

    def rank(basis: str) -> tuple[int, tuple[int, int, str]]:
        newest = max((known.period for known in tellings[basis][1]), default=date.min)
        return -newest.toordinal(), sums.preference(basis)

    return tellings[min(tellings, key=rank)]


def _actuals(chosen: FigureFilter) -> Iterable[rules.Actual]:
    """The whole figures that have arrived, at the widest level at which each is seen."""
    awaited = set(foresight.awaiting_outcome(clock.today()))
    seen: set[tuple[str, date]] = set()
    for reader in _readers():
        for row in flows.every_figure(reader.actor, chosen):
            place = (row.series.key, row.point.period)
            if place not in awaited or place in seen or row.point.value is None or row.point.is_part:
                continue
            seen.add(place)
            yield rules.Actual(*place, row.point.value, row.point.known_at.date(), reader.level)


@job("foresight.refresh", heavy=True)
def refresh(*, source: str = "") -> None:
    """Score what has arrived, then forecast anew what has changed. Repeating it changes nothing."""
    record_from_figures(by=SYSTEM, source=source)
    issue_from_figures(by=SYSTEM, source=source)


def _ask_for_refresh(source: str) -> None:
    """At the end of the running minute, once for all that happens to the source until then."""
    due = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    enqueue("foresight.refresh", key=f"{source}:{due.isoformat()}", at=due, source=source)


@events.listen(ObservationsImported)
def refresh_after_import(event: ObservationsImported) -> None:
    """New figures: new outcomes and forecasts for those who already see them."""
    _ask_for_refresh(event.source)


@events.listen(ObservationsPublished)
def refresh_after_publishing(event: ObservationsPublished) -> None:
    """More readers see them: forecasts for these readers."""
    _ask_for_refresh(event.source)


@events.listen(BatchWithdrawn)
def refresh_after_withdrawal(event: BatchWithdrawn) -> None:
    """Figures taken back: the forecasts that rest on them go, and new ones rest on what remains."""
    services.retract_forecasts(by=SYSTEM, source=event.source, batch=event.batch)
    _ask_for_refresh(event.source)


@events.listen(SharingChanged)
def refresh_after_sharing(event: SharingChanged) -> None:
    """A series goes farther or less far, and so do its forecasts."""
    card = flows.series_card(SYSTEM, event.series)
    services.retract_forecasts(by=SYSTEM, flow=card.key, beyond=Level[event.level.upper()])
    _ask_for_refresh(card.source.code)
