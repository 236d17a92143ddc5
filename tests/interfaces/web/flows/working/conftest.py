"""A country at work on its figures, with a ministry's spreadsheet as it comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories import ministry
from tests.factories.people import holder

from corredor.areas.flows import services

SOURCE = "hnd-inm-irregular"
XLSX = "ingresos marzo.xlsx"


def upload(content: bytes | None = None, name: str = XLSX, **fields: Any) -> dict[str, Any]:
    """What the form of the first page sends."""
    file = SimpleUploadedFile(name, content if content is not None else ministry.workbook())
    return {"source": SOURCE, "known_on": "2024-06-15", "file": file, **fields}


def entered(page: Any, **answers: Any) -> dict[str, Any]:
    """A shown form as its browser would send it back, with some answers changed."""
    form = page.context["form"]
    return {bound.html_name: "" if bound.value() is None else bound.value() for bound in form} | answers


def brought(browser: Client, content: bytes | None = None, **fields: Any) -> str:
    """The address of a file that was brought in."""
    return str(browser.post("/flows/import/", upload(content, **fields))["Location"])


def mapped(browser: Client, content: bytes | None = None, **fields: Any) -> str:
    """The same, its columns confirmed: irregular entries, the whole of Honduras, Congo settled."""
    address = brought(browser, content, **fields)
    page = browser.get(f"{address}columns/")
    if page.status_code == 200 and "measure" in page.context["form"].fields:
        names = dict.fromkeys(page.context["form"].named, "COD")
        browser.post(
            f"{address}columns/", entered(page, measure="irregular_entries", gate="HND-ALL", **names)
        )
    return address


def kept(browser: Client, content: bytes | None = None, **fields: Any) -> str:
    """The address of the batch that a file became."""
    return str(browser.post(f"{mapped(browser, content, **fields)}keep/")["Location"])


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any, countries: None) -> None:
    settings.HOME = tmp_path
    services.load_reference()


@pytest.fixture
def as_role() -> Callable[..., Client]:
    """A browser signed in as an invented holder of a role."""

    def signed_in(role: str, *, language: str = "en", **where: Any) -> Client:
        client = Client()
        client.force_login(holder(role, **where))
        client.cookies["corredor_language"] = language
        return client

    return signed_in


@pytest.fixture
def delegate(as_role: Callable[..., Client]) -> Client:
    return as_role("delegate")
