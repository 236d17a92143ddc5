"""The public figures that travel with the product, taken in through the same door as everybody's."""

from __future__ import annotations

from corredor.areas.flows.models import Batch
from corredor.areas.flows.services.importing import Report, take_file
from corredor.areas.flows.services.opening import File, Reading
from corredor.areas.flows.services.publishing import publish_batch
from corredor.areas.flows.services.reference import load_reference
from corredor.areas.flows.shipped import shipped_files
from corredor.kernel.policy import SYSTEM, Actor
from corredor.kernel.sharing import Level


def load_shipped(*, by: Actor = SYSTEM) -> list[Report]:
    """Import and publish the shipped figures, edition by edition, so that "as known on" works from the start.

    Loads the reference tables first. Safe to repeat, also after it was cut off: what is kept already is left alone.
    """
    load_reference()
    reports = []
    for shipped in shipped_files():
        kept = Batch.objects.filter(
            source=shipped.source, sha256=shipped.sha256, status=Batch.Status.KEPT
        ).first()
        if kept is None:
            file = File.examined(shipped.path)
            wanted = Reading("tidy", shipped.source, basis=shipped.basis)
            report = take_file(file, wanted, by=by, known_at=shipped.known_on)
            reports.append(report)
            number = report.batch
        else:
            number = kept.pk
        if number is not None:
            publish_batch(batch=number, level=Level.PUBLIC, by=by)
    return reports
