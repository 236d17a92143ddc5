"""What people add to figures: a note beside them, or their validation. The figure itself is only ever restated."""

from __future__ import annotations

from datetime import date

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from corredor.areas.flows.models import Batch, QualityNote, Series, Source
from corredor.areas.flows.queries.reading import Cards, Sight, current_points
from corredor.areas.flows.queries.things import Point, SeriesCard
from corredor.areas.flows.rules.sums import PUBLISHED, Key
from corredor.areas.flows.services.blocks import EPOCH, Block
from corredor.areas.flows.services.importing import Report, keep_blocks
from corredor.areas.flows.services.opening import find_source
from corredor.areas.flows.services.store import NOTHING
from corredor.kernel import clock
from corredor.kernel.audit.services import record
from corredor.kernel.errors import Invalid, NotFound, Refused
from corredor.kernel.policy import SYSTEM, Actor, require
from corredor.kernel.sharing import Level

VALIDATED = 1


class NothingProvisional(Refused):
    code = "nothing-provisional"
    rule = _("None of these figures is provisional.")
    way_out = _("Choose other figures; there is nothing to do for these.")


def annotate_quality(
    *,
    series: int,
    by: Actor,
    text_es: str = "",
    text_en: str = "",
    period: date | None = None,
    level: Level = Level.OWN,
) -> int:
    """Write a note beside a figure, or a whole series; returns its number. Refuses an empty note (Invalid).

    What others than the own country read is published, so only the contact point writes it.
    """
    if not text_es.strip() and not text_en.strip():
        raise Invalid({"text": _("Write the note, in either language.")})
    with transaction.atomic():
        found = Series.objects.select_related("source").filter(pk=series).first()
        if found is None:
            raise NotFound
        require(by, "flows.annotate_quality" if level == Level.OWN else "flows.publish_figures", found.source)
        note = QualityNote.objects.create(
            series=found,
            period=period,
            text_es=text_es.strip(),
            text_en=text_en.strip(),
            level=level,
            by_id=by.person_id,
            at=clock.now(),
        )
        record(by, "note written", note, country=found.source.country or None, series=series)
    return note.pk


def validate(*, source: str, measure: str, gate: str, through: date, by: Actor) -> Report:
    """Declare the provisional figures of a source, measure and gate validated, for whole periods up to ``through``.

    They are stated again as a batch of their own, which is published like any other. Refuses NothingProvisional.
    """
    owner = find_source(source)
    require(by, "flows.import_figures", owner)
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=source)
        told = _provisional(source, measure, gate, through)
        if not told:
            raise NothingProvisional
        batch = Batch.objects.create(
            source=owner,
            file_name="",
            sha256="",
            adapter="validation",
            imported_by_id=by.person_id,
            imported_at=clock.now(),
            known_at=clock.now(),
        )
        return keep_blocks(batch, iter([_restated(told)]), by)


def _provisional(source: str, measure: str, gate: str, through: date) -> list[tuple[SeriesCard, Point]]:
    rows = Series.objects.filter(source=source, measure=measure, gate=gate, basis=PUBLISHED)
    cards = {card.id: card for card in Cards().series(rows)}
    points = current_points(cards.values(), Sight.of(SYSTEM))
    return [
        (cards[number], point)
        for number, series in points.items()
        for point in series
        if point.status == "provisional" and not point.is_part and point.last_day <= through
    ]


def _restated(told: list[tuple[SeriesCard, Point]]) -> Block:
    keys = list(dict.fromkeys(_key(card) for card, _ in told))
    number = {key: position for position, key in enumerate(keys)}

    def counts(name: str) -> np.ndarray:
        stated = [getattr(point, name) for _, point in told]
        return np.array([NOTHING if count is None else count for count in stated], dtype=np.int64)

    return Block(
        keys,
        np.array([number[_key(card)] for card, _ in told], dtype=np.int32),
        np.array([(point.period - EPOCH).days for _, point in told], dtype=np.int32),
        counts("value"),
        counts("low"),
        counts("high"),
        np.full(len(told), VALIDATED, dtype=np.int8),
        np.arange(1, len(told) + 1, dtype=np.int64),
    )


def _key(card: SeriesCard) -> Key:
    return Key(
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
