"""What can be asked of the figures. Every question takes the reader, and answers with what that reader may see."""

from corredor.areas.flows.queries.batches import batch, batches, importable_sources, sources
from corredor.areas.flows.queries.figures import every_figure, figures, search_series
from corredor.areas.flows.queries.pages import (
    composition,
    country,
    freshness,
    gate,
    gates,
    keys_seen,
    nationalities,
    nationality,
    quality_of,
    series_card,
    series_points,
    situation,
    statements,
    vintages,
)
from corredor.areas.flows.queries.things import FigureFilter

__all__ = [
    "FigureFilter",
    "batch",
    "batches",
    "composition",
    "country",
    "every_figure",
    "figures",
    "freshness",
    "gate",
    "gates",
    "importable_sources",
    "keys_seen",
    "nationalities",
    "nationality",
    "quality_of",
    "search_series",
    "series_card",
    "series_points",
    "situation",
    "sources",
    "statements",
    "vintages",
]
