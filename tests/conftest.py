"""What every test may lean on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The public data beside the checkout, in full; the product ships only an excerpt of it.

    A checkout that stands alone goes without these tests; continuous integration, and whoever names the folder, must
    have it.
    """
    named = os.environ.get("CORREDOR_SHARED")
    may_lack_it = not named and not os.environ.get("CI")
    folder = Path(named or ROOT.parent / "shared") / "data"
    if may_lack_it and not folder.is_dir():
        pytest.skip("the public data does not lie beside this checkout")
    return folder


@pytest.fixture
def countries(db: None) -> None:
    """The forum's countries and organisations, as the product ships them."""
    from corredor.kernel.countries.services import load_reference_countries
    from corredor.kernel.organisations.services import load_reference_organisations

    load_reference_countries()
    load_reference_organisations()
