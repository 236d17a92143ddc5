"""How far figures go, decided by the country's contact point."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from corredor.areas.flows.events import BatchWithdrawn, ObservationsPublished, SharingChanged
from corredor.areas.flows.models import Batch, Series, Source
from corredor.kernel import clock, events
from corredor.kernel.audit.services import record
from corredor.kernel.errors import NotFound, Refused
from corredor.kernel.policy import Actor, require
from corredor.kernel.sharing import Level


class EarlierBatchWaits(Refused):
    code = "earlier-batch-waits"
    rule = _("An earlier batch about the same figures has not been published this far.")
    way_out = _("Publish the earlier batch first, or withdraw it if it was wrong.")


class LaterBatchRests(Refused):
    code = "later-batch-rests"
    rule = _("A later batch was read against this one.")
    way_out = _("Withdraw the later batches first, from the newest back.")


class NotKept(Refused):
    code = "not-kept"
    rule = _("Only a batch that was kept can be published or withdrawn.")
    way_out = _("Look at the batch: it says what became of it.")


class OnlyOutward(Refused):
    code = "only-outward"
    rule = _("What was published cannot be made unseen.")
    way_out = _("Withdraw the batch, and import the right figures.")


def publish_batch(*, batch: int, level: Level, by: Actor) -> Level:
    """Let a batch be seen as far as ``level``; returns how far it goes now. Publishing it again changes nothing.

    Only the country's contact point may. Refuses a batch before an earlier one about the same figures, since what is
    unchanged in it is only written there; and any step back.
    """
    with transaction.atomic():
        found = _locked(batch)
        require(by, "flows.publish_figures", found.source)
        if found.status != Batch.Status.KEPT:
            raise NotKept
        if found.level == level:
            return level
        if level < found.level:
            raise OnlyOutward
        waiting = [other.pk for other in _overlapping(found) if other.pk < batch and other.level < level]
        if waiting:
            raise EarlierBatchWaits(batches=waiting)
        found.level = level
        found.published_by_id = by.person_id
        found.published_at = clock.now()
        found.save(update_fields=["level", "published_by", "published_at"])
        record(by, "published", found, country=found.source.country or None, level=level.name.lower())
        events.publish(ObservationsPublished(found.pk, found.source_id, level.name.lower()))
    return level


def withdraw_batch(*, batch: int, by: Actor, reason: str = "") -> None:
    """Take a batch back: what was said before it is current again. The rows stay, as the record of what was said.

    ``reason`` is kept on record with the withdrawal.
    """
    with transaction.atomic():
        found = _locked(batch)
        require(by, "flows.publish_figures", found.source)
        if found.status == Batch.Status.WITHDRAWN:
            return
        if found.status != Batch.Status.KEPT:
            raise NotKept
        later = [other.pk for other in _overlapping(found) if other.pk > batch]
        if later:
            raise LaterBatchRests(batches=later)
        found.status = Batch.Status.WITHDRAWN
        found.save(update_fields=["status"])
        record(by, "withdrawn", found, country=found.source.country or None, reason=reason.strip())
        events.publish(BatchWithdrawn(found.pk, found.source_id))


def set_series_level(*, series: int, level: Level, by: Actor) -> None:
    """Set how far a series may go at most; the batches decide how far it has gone."""
    with transaction.atomic():
        found = Series.objects.select_for_update().select_related("source").filter(pk=series).first()
        if found is None:
            raise NotFound
        require(by, "flows.set_sharing", found.source)
        if found.level == level:
            return
        found.level = level
        found.save(update_fields=["level"])
        record(by, "sharing set", found, country=found.source.country or None, level=level.name.lower())
        events.publish(SharingChanged(found.pk, level.name.lower()))


def _locked(number: int) -> Batch:
    """The batch, with its source locked, so that nothing of it is imported or published meanwhile."""
    found = Batch.objects.filter(pk=number).values_list("source_id", flat=True).first()
    if found is None:
        raise NotFound
    Source.objects.select_for_update().get(pk=found)
    return Batch.objects.select_related("source").get(pk=number)


def _overlapping(batch: Batch) -> list[Batch]:
    """The other kept batches of the source that speak of the same measures at the same gates."""
    kept = Batch.objects.filter(source=batch.source_id, status=Batch.Status.KEPT).exclude(pk=batch.pk)
    mine = set(batch.covers)
    return [other for other in kept if not mine.isdisjoint(other.covers)]
