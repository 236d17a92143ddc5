"""What every test may lean on."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The public data beside the checkout, in full; the product ships only an excerpt of it."""
    return Path(os.environ.get("CORREDOR_SHARED", ROOT.parent / "shared")) / "data"
