"""What can be done with figures: one keyword-only function a verb, each in one transaction."""

from corredor.areas.flows.services.importing import (
    FileNotTaken,
    LayoutUnknown,
    NewerFiguresKept,
    Report,
    SourceNotSaid,
    close_unfinished,
    import_observations,
)
from corredor.areas.flows.services.reference import load_reference

__all__ = [
    "FileNotTaken",
    "LayoutUnknown",
    "NewerFiguresKept",
    "Report",
    "SourceNotSaid",
    "close_unfinished",
    "import_observations",
    "load_reference",
]
