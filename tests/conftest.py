"""What every test may lean on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The public data beside the checkout, in full; the product ships only an excerpt of it."""
    return Path(os.environ.get("CORREDOR_SHARED", ROOT.parent / "shared")) / "data"


@pytest.fixture
def countries(db: None) -> None:
    """The forum's countries and organisations, as the product ships them."""
    from corredor.kernel.countries.services import load_reference_countries
    from corredor.kernel.organisations.services import load_reference_organisations

    load_reference_countries()
    load_reference_organisations()
