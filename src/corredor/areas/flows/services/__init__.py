"""What can be done with figures: one keyword-only function a verb, each in one transaction."""

from corredor.areas.flows.services.importing import (
    NewerFiguresKept,
    Report,
    close_unfinished,
    import_observations,
)
from corredor.areas.flows.services.opening import FileNotTaken, LayoutUnknown, SourceNotSaid
from corredor.areas.flows.services.proposing import ImportProposal, propose_import, remember_mapping
from corredor.areas.flows.services.publishing import publish_batch, set_series_level, withdraw_batch
from corredor.areas.flows.services.quality import NothingProvisional, annotate_quality, validate
from corredor.areas.flows.services.reference import load_reference
from corredor.areas.flows.services.shipped import load_shipped

__all__ = [
    "FileNotTaken",
    "ImportProposal",
    "LayoutUnknown",
    "NewerFiguresKept",
    "NothingProvisional",
    "Report",
    "SourceNotSaid",
    "annotate_quality",
    "close_unfinished",
    "import_observations",
    "load_reference",
    "load_shipped",
    "propose_import",
    "publish_batch",
    "remember_mapping",
    "set_series_level",
    "validate",
    "withdraw_batch",
]
