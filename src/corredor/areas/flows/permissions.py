from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from corredor.areas.flows.models import Batch, Coverage, QualityNote, Series
from corredor.kernel import policy
from corredor.kernel.sharing import Level, clearance_of, countries_seen_whole

of_own_country = policy.same_country("country")

policy.declare("flows.read", _("Read the figures shared with you"), is_open=True)
policy.declare("flows.import_figures", _("Import a country's figures"), scope=of_own_country)
policy.declare("flows.publish_figures", _("Publish a country's figures"), scope=of_own_country)
policy.declare("flows.set_sharing", _("Set how far a country's figures may go"), scope=of_own_country)
policy.declare("flows.annotate_quality", _("Write a note beside a country's figure"), scope=of_own_country)


def _reads_batches(capacity: policy.Capacity, source: Any) -> bool:
    """The secretariat reads the record of every import; a national role that of its country."""
    return capacity.country is None or of_own_country(capacity, source)


policy.declare("flows.read_batches", _("Read what was imported, refused and published"), scope=_reads_batches)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far into the figures a reader sees: down to ``floor``, and everything of ``own`` countries (ISO alpha-3).

    Two locks hold a figure: its series has a farthest level, and its batch has been published so far. A reader sees it
    when both reach the floor.
    """

    floor: Level
    own: frozenset[str]
    sees_all: bool = False

    def floor_for(self, country: str) -> Level:
        """The lowest level this reader sees of a country's figures."""
        return Level.OWN if self.sees_small_counts(country) else self.floor

    def sees_small_counts(self, country: str) -> bool:
        """Whether small counts of this country are shown as they are: to those who work for it, and to nobody else."""
        return self.sees_all or (bool(country) and country in self.own)


def reach(actor: policy.Actor) -> Reach:
    """How far into the figures this actor sees."""
    return Reach(clearance_of(actor), countries_seen_whole(actor), sees_all=actor.is_system)


@policy.scope_of(Series)
def series_visible(actor: policy.Actor, series: QuerySet[Series]) -> QuerySet[Series]:
    """Series that may reach this actor and of which something has been published that far."""
    sight = reach(actor)
    if sight.sees_all:
        return series
    own = Q(source__country__in=sight.own) & ~Q(source__country="")
    published = Exists(published_coverage(sight.floor).filter(series=OuterRef("pk")))
    return series.filter(own | (Q(level__gte=sight.floor) & published))


def published_coverage(floor: Level) -> QuerySet[Coverage]:
    """What kept batches that were published down to ``floor`` speak of."""
    return Coverage.objects.filter(batch__status=Batch.Status.KEPT, batch__level__gte=floor)


@policy.scope_of(Batch)
def batches_visible(actor: policy.Actor, batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """The record of imports: the country's own, and for the secretariat those shared with members."""
    granted = policy.granting(actor, "flows.read_batches")
    countries = {capacity.country for capacity in granted if capacity.country}
    seen = Q(source__country__in=countries)
    if any(capacity.country is None for capacity in granted):
        seen |= Q(level__gte=Level.MEMBERS)
    return batches.filter(seen) if granted else batches.none()


@policy.scope_of(QualityNote)
def notes_visible(actor: policy.Actor, notes: QuerySet[QualityNote]) -> QuerySet[QualityNote]:
    """Notes go as far as they were meant to, and never farther than their series."""
    sight = reach(actor)
    own = Q(series__source__country__in=sight.own) & ~Q(series__source__country="")
    published = Exists(published_coverage(sight.floor).filter(series=OuterRef("series")))
    return notes.filter(own | (Q(level__gte=sight.floor, series__level__gte=sight.floor) & published))
