"""The record of imports, for those who work with it."""

from __future__ import annotations

from corredor.areas.flows.models import Batch, Source
from corredor.areas.flows.queries.reading import source_card
from corredor.areas.flows.queries.things import BatchCard, BatchPage, CheckRow, RefusalRow, SourceCard, Words
from corredor.kernel import policy
from corredor.kernel.errors import NotFound
from corredor.kernel.policy import Actor
from corredor.kernel.sharing import Level


def batches(
    actor: Actor, *, source: str = "", before: int | None = None, limit: int = 50
) -> tuple[BatchCard, ...]:
    """The imports this reader may see, newest first; ``before`` continues after the last number of a page."""
    policy.require(actor, "flows.read_batches")
    rows = policy.visible(actor, Batch.objects.all()).select_related("source", "imported_by", "published_by")
    if source:
        rows = rows.filter(source=source)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return tuple(_card(batch, actor) for batch in rows.order_by("-pk")[:limit])


def batch(actor: Actor, number: int) -> BatchPage:
    """One import with its refusals and checked totals; refuses what this reader may not see (NotFound)."""
    policy.require(actor, "flows.read_batches")
    rows = policy.visible(actor, Batch.objects.filter(pk=number))
    found = rows.select_related("source", "imported_by", "published_by").first()
    if found is None:
        raise NotFound
    refusals = tuple(
        RefusalRow(r.row, r.column, r.sheet, r.code, Words(r.reason_en, r.reason_es), r.found)
        for r in found.refusals.order_by("pk")
    )
    checks = tuple(
        CheckRow(c.row, c.column, c.sheet, c.what, c.stated, c.summed) for c in found.checks.order_by("pk")
    )
    return BatchPage(_card(found, actor), refusals, checks)


def _card(batch: Batch, actor: Actor) -> BatchCard:
    return BatchCard(
        batch.pk,
        source_card(batch.source),
        batch.file_name,
        batch.adapter,
        batch.imported_by.name if batch.imported_by else "",
        batch.imported_at,
        batch.known_at,
        batch.status,  # type: ignore[arg-type]
        Words(batch.failure_en, batch.failure_es),
        Level(batch.level),
        batch.published_by.name if batch.published_by else "",
        batch.published_at,
        batch.read,
        batch.kept,
        batch.unchanged,
        batch.revised,
        batch.refused,
        batch.summed,
        _may_publish_to(batch, actor),
    )


def _may_publish_to(batch: Batch, actor: Actor) -> tuple[Level, ...]:
    may = policy.can(actor, "flows.publish_figures", batch.source)
    if batch.status != Batch.Status.KEPT or not may:
        return ()
    return tuple(level for level in Level if level > batch.level)


def importable_sources(actor: Actor) -> tuple[SourceCard, ...]:
    """The sources whose figures this person may import."""
    every = Source.objects.order_by("code")
    return tuple(source_card(s) for s in every if policy.can(actor, "flows.import_figures", s))


def sources() -> tuple[SourceCard, ...]:
    """Every source, with its attribution."""
    return tuple(source_card(source) for source in Source.objects.order_by("code"))
