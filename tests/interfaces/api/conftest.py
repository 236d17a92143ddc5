"""A small corridor as the API shows it: published figures, a country's own, a forecast, a document."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from tests.factories.people import actor

from corredor.areas.flows import queries, services
from corredor.areas.flows.models import Source
from corredor.interfaces import forecasting
from corredor.kernel import clock
from corredor.kernel.documents import services as documents
from corredor.kernel.people.queries import actor_of
from corredor.kernel.policy import SYSTEM
from corredor.kernel.sharing import Level
from corredor.kernel.tokens.services import create_token

COLUMNS = "measure,gate,frequency,period,nationality,value"
NOW = datetime(2024, 8, 20, 12, tzinfo=UTC)
TOTALS = (900, 1400, 1100, 2300, 1900, 2600, 3100, 2800, 3600, 3300, 4100, 3900)
SOURCE = "hnd-inm-irregular"


@dataclass(frozen=True)
class Corridor:
    """Numbers of what was made: Honduras's published and own batch, its whole series, a small one, a document."""

    published: int
    own: int
    whole: int
    small: int
    document: int
    hidden_document: int


def row(period: str, value: Any, nationality: str = "ALL", **said: str) -> str:
    given = {"measure": "irregular_entries", "gate": "HND-ALL", "frequency": "M", **said}
    given |= {"period": period, "nationality": nationality, "value": str(value)}
    return ",".join(given[name] for name in COLUMNS.split(","))


def file_of(folder: Path, name: str, rows: list[str]) -> Path:
    path = folder / name
    path.write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    caches["counters"].clear()


@pytest.fixture
def at_noon():
    with clock.moved_to(NOW):
        yield


@pytest.fixture
def corridor(countries: None, tmp_path: Path, at_noon: None) -> Corridor:
    services.load_reference()
    Source.objects.filter(pk=SOURCE).update(small_cell_threshold=5)
    months = [f"2023-{month:02d}-01" for month in range(1, 13)]
    rows = [row(month, total) for month, total in zip(months, TOTALS, strict=True)]
    rows += [
        row("2023-12-01", value, who) for who, value in (("VEN", 3000), ("CUB", 800), ("HTI", 97), ("COL", 3))
    ]
    first = file_of(tmp_path, "published.csv", rows)
    published = services.import_observations(
        path=first, by=SYSTEM, source=SOURCE, known_at=date(2024, 1, 20)
    ).batch
    services.publish_batch(batch=published, level=Level.PUBLIC, by=SYSTEM)
    second = file_of(tmp_path, "own.csv", [row("2023-12-01", 3950), row("2024-01-01", 4400)])
    own = services.import_observations(
        path=second, by=SYSTEM, source=SOURCE, known_at=date(2024, 2, 20)
    ).batch
    forecasting.issue_from_figures(by=SYSTEM, known_on=date(2024, 2, 21))
    found = {card.nationality: card.id for card in queries.search_series(SYSTEM) if card.basis == "published"}
    for number in found.values():
        services.set_series_level(series=number, level=Level.PUBLIC, by=SYSTEM)
    return Corridor(
        published, own, found["ALL"], found["COL"], a_document(is_public=True), a_document(is_public=False)
    )


def a_document(*, is_public: bool) -> int:
    made = documents.add_document(
        title={"es": "Informe de prueba", "en": "Report for a test"},
        file=io.BytesIO(b"%PDF-1.7 a report"),
        name="informe.pdf",
        by=actor("delegate"),
        country="HND",
    )
    if is_public:
        documents.decide_publication(
            document=made, is_public=True, reason="for the test", by=actor("delegate")
        )
    return made.pk


@pytest.fixture
def as_token():
    """A client that comes with a fresh token of a person."""

    def client(person: Any, *, reads_only: bool = False, **headers: str) -> Client:
        _token, secret = create_token(by=actor_of(person), name="for a test", days=30, reads_only=reads_only)
        return Client(headers={"Authorization": f"Bearer {secret}", **headers})

    return client
