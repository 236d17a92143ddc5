"""A small corridor of invented figures, imported through the front door."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from corredor.areas.flows import services
from corredor.areas.flows.services import Report
from corredor.kernel.policy import SYSTEM, Actor
from corredor.kernel.sharing import Level

COLUMNS = "measure,gate,frequency,period,nationality,departure,sex,age,direction,detail,value,low,high,status"
Take = Callable[..., Report]


def row(period: str, value: Any, **dimensions: str) -> str:
    """A line of a tidy file; irregular entries at Honduras by month, unless said otherwise."""
    given = {
        "measure": "irregular_entries",
        "gate": "HND-ALL",
        "frequency": "M",
        "period": period,
        "value": str(value),
    }
    given |= dimensions
    return ",".join(given.get(name, "") for name in COLUMNS.split(","))


@pytest.fixture
def reference(countries: None) -> None:
    services.load_reference()


@pytest.fixture
def take(reference: None, tmp_path: Path) -> Take:
    """Import rows as Honduras' figures, known on a day; published as far as ``level`` when it is given."""
    numbers = count(1)

    def imported(
        rows: Iterable[str],
        known: date = date(2024, 6, 15),
        *,
        source: str = "hnd-inm-irregular",
        by: Actor = SYSTEM,
        level: Level | None = None,
        **options: Any,
    ) -> Report:
        path = tmp_path / f"file{next(numbers)}.csv"
        path.write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8")
        report = services.import_observations(path=path, by=by, source=source, known_at=known, **options)
        if level is not None:
            services.publish_batch(batch=report.batch or 0, level=level, by=SYSTEM)
        return report

    return imported
