"""Published figures of the corridor for tests of pages: a few shipped sources, imported and published as in a demo."""

from __future__ import annotations

from datetime import date

from corredor.areas.flows.services.importing import take_file
from corredor.areas.flows.services.opening import File, Reading
from corredor.areas.flows.services.publishing import publish_batch
from corredor.areas.flows.services.reference import load_reference
from corredor.areas.flows.shipped import shipped_files
from corredor.interfaces import forecasting
from corredor.kernel.policy import SYSTEM
from corredor.kernel.sharing import Level

DARIEN = "pan-snm-darien"
HONDURAS = "hnd-inm-irregular"
RETURNS = "mex-upm-returns"


def publish_shipped(*sources: str) -> None:
    """Import the shipped files of these sources, edition by edition, and publish them to everybody."""
    load_reference()
    for shipped in shipped_files():
        if shipped.source in sources:
            reading = Reading("tidy", shipped.source, basis=shipped.basis)
            report = take_file(File.examined(shipped.path), reading, by=SYSTEM, known_at=shipped.known_on)
            assert report.batch is not None
            publish_batch(batch=report.batch, level=Level.PUBLIC, by=SYSTEM)


def forecast_as_of(*days: date, source: str = "") -> None:
    """Issue the forecasts that could have been made on these days."""
    for day in days:
        forecasting.issue_from_figures(by=SYSTEM, source=source, known_on=day)
    forecasting.record_from_figures(by=SYSTEM, source=source)
