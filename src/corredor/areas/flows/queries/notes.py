"""Notes that people wrote beside numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from corredor.areas.flows.models import QualityNote
from corredor.areas.flows.queries.reading import Sight
from corredor.areas.flows.queries.things import Flag, SeriesCard, Words
from corredor.kernel import policy


def by_series(cards: Iterable[SeriesCard], sight: Sight) -> dict[int, list[Flag]]:
    """The notes this reader may see, by series, the newest first."""
    rows = policy.visible(sight.actor, QualityNote.objects.filter(series__in=[card.id for card in cards]))
    if sight.known_before:
        rows = rows.filter(at__lt=sight.known_before)
    found: dict[int, list[Flag]] = defaultdict(list)
    for note in rows.select_related("by").order_by("-at"):
        words = Words(note.text_en or note.text_es, note.text_es or note.text_en)
        found[note.series_id].append(Flag("note", words, note.period, note.by.name if note.by else ""))
    return found
