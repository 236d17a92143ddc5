"""What the benchmarks of flows share: a fresh installation on either database, and tidy files of invented figures."""

from __future__ import annotations

import csv
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

NATIONALITIES = [
    *(
        "VEN",
        "ECU",
        "HTI",
        "COL",
        "CUB",
        "HND",
        "GTM",
        "SLV",
        "NIC",
        "MEX",
        "PER",
        "CHN",
        "IND",
        "BRA",
        "CHL",
        "DOM",
    ),
    *(
        "AFG",
        "NPL",
        "BGD",
        "CMR",
        "AGO",
        "SEN",
        "GHA",
        "NGA",
        "COD",
        "ERI",
        "SOM",
        "PAK",
        "UZB",
        "VNM",
        "TUR",
        "IRN",
    ),
    *(
        "SYR",
        "EGY",
        "MRT",
        "GIN",
        "SLE",
        "TGO",
        "BFA",
        "MLI",
        "CIV",
        "ETH",
        "KEN",
        "UGA",
        "TZA",
        "ZAF",
        "LKA",
        "RUS",
    ),
    *("UKR", "ARG"),
]


@contextmanager
def installation(database: str) -> Iterator[Path]:
    """A fresh, migrated installation with the reference tables, on "sqlite" or a private, durable "postgresql"."""
    folder = Path(tempfile.mkdtemp(prefix="corredor-bench-"))
    os.environ.update(
        CORREDOR_HOME=str(folder),
        CORREDOR_TEST_RUN=str(folder),
        CORREDOR_MODE="embedded",
        CORREDOR_LOG_LEVEL="WARNING",
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corredor.config.settings")
    os.environ.pop("CORREDOR_TEST_DATABASE", None)
    server = None
    if database == "postgresql":
        from tests.early import PrivatePostgreSQL

        server = PrivatePostgreSQL.start(durable=True)
        os.environ["CORREDOR_DATABASE_URL"] = server.url()
    try:
        _prepared()
        yield folder
    finally:
        if server is not None:
            server.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _prepared() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from corredor.areas.flows.services import load_reference

    load_reference()


def write_tidy(
    path: Path, rows: int, *, order: str, measure: str = "irregular_transit", gates: int = 20
) -> None:
    """Daily counts by nationality at ``gates`` gates: invented, with a fixed seed. ``order``: "period" or "series"."""
    from corredor.areas.flows.models import Gate

    codes = list(Gate.objects.order_by("code").values_list("pk", flat=True)[:gates])
    days = rows // (len(codes) * len(NATIONALITIES))
    first = date(2026, 6, 29) - timedelta(days=days - 1)
    periods = [(first + timedelta(days=n)).isoformat() for n in range(days)]
    if order == "period":
        cells = ((gate, day, nat) for day in periods for gate in codes for nat in NATIONALITIES)
    else:
        cells = ((gate, day, nat) for gate in codes for nat in NATIONALITIES for day in periods)
    rng = random.Random(2020)
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["measure", "gate", "frequency", "period", "nationality", "value", "status"])
        for gate, day, nat in islice(cells, rows):
            out.writerow([measure, gate, "D", day, nat, rng.randrange(1, 400), "validated"])
