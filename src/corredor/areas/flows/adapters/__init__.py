"""How the outside writes its figures: one adapter a publisher, every one a stream of figures, refusals and checks.

`ADAPTERS` holds them by name; `recognise` finds the one for a file. A file is judged safe by ``guard`` before either
opens it. What must not be added to what is said in ``wholes``.
"""

from __future__ import annotations

from pathlib import Path

from corredor.areas.flows.adapters.cbp import CBP
from corredor.areas.flows.adapters.corridor import (
    CBP_SERIES,
    GUATEMALA,
    HONDURAS,
    MEXICO_RETURNS,
    MEXICO_SITUATION,
    PANAMA,
)
from corredor.areas.flows.adapters.figures import Adapter
from corredor.areas.flows.adapters.layouts import CsvAdapter
from corredor.areas.flows.adapters.mexico_tables import BOLETIN, UPM_AIRPORTS
from corredor.areas.flows.adapters.ohss import OHSS
from corredor.areas.flows.adapters.outside import FRONTEX, UK_SMALL_BOATS
from corredor.areas.flows.adapters.unhcr import UNHCR
from corredor.areas.flows.adapters.usbp import USBP_PDF, USBP_TEXT

_ALL: tuple[Adapter, ...] = (
    PANAMA,
    HONDURAS,
    MEXICO_SITUATION,
    MEXICO_RETURNS,
    BOLETIN,
    UPM_AIRPORTS,
    GUATEMALA,
    CBP,
    CBP_SERIES,
    USBP_PDF,
    USBP_TEXT,
    OHSS,
    UNHCR,
    UK_SMALL_BOATS,
    FRONTEX,
)
ADAPTERS: dict[str, Adapter] = {adapter.name: adapter for adapter in _ALL}


def recognise(path: Path, name: str = "") -> Adapter | None:
    """The adapter whose layout a file has, or None when no publisher known here writes like that.

    Some layouts are alike and told apart by the file's name: give ``name`` when ``path`` does not end in it, as with
    an upload.
    """
    return next((adapter for adapter in _ALL if _recognises(adapter, path, name)), None)


def _recognises(adapter: Adapter, path: Path, name: str) -> bool:
    if isinstance(adapter, CsvAdapter):
        return adapter.recognises(path, name)
    return adapter.recognises(path)
