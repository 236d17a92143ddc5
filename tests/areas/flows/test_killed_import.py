"""An import killed in the middle leaves nothing half-kept, and the restart says which batch did not finish."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.areas.flows.conftest import COLUMNS, row

ROOT = Path(__file__).resolve().parents[3]

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from corredor.areas.flows import services
services.load_reference()
"""

KILLED = """
import os, signal, sys
import django; django.setup()
from pathlib import Path
from corredor.areas.flows import services
from corredor.areas.flows.services import importing, store
from corredor.kernel.policy import SYSTEM
write, done = store.write, []
def killed_after(rows, batch):
    write(rows, batch)
    done.append(len(rows))
    if len(done) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
store.write = killed_after
services.import_observations(path=Path(sys.argv[1]), by=SYSTEM, source="hnd-inm-irregular")
"""

AFTERWARDS = """
import json, sys
import django; django.setup()
from pathlib import Path
from corredor.areas.flows import queries, services
from corredor.areas.flows.models import Observation, Series
from corredor.kernel.audit.queries import verify
from corredor.kernel.policy import SYSTEM
kept = [Observation.objects.count(), Series.objects.count()]
unfinished = services.close_unfinished()
card = queries.batches(SYSTEM)[0]
report = services.import_observations(path=Path(sys.argv[1]), by=SYSTEM, source="hnd-inm-irregular")
print(json.dumps({"kept": kept, "unfinished": unfinished, "status": card.status, "why": [card.failure.en, card.failure.es],
    "again": report.status, "kept_again": report.kept, "faults": len(verify())}))
"""


@pytest.fixture
def installation(tmp_path):
    """An installation of its own, on the database this run tests."""
    environment = {**os.environ, "CORREDOR_HOME": str(tmp_path), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    environment["DJANGO_SETTINGS_MODULE"] = "corredor.config.settings"
    if os.environ.get("CORREDOR_TEST_DATABASE") == "postgresql":
        import psycopg

        name = f"killed_{os.getpid()}"
        with psycopg.connect(os.environ["CORREDOR_DATABASE_URL"], autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{name}"')
        environment["CORREDOR_DATABASE_URL"] = os.environ["CORREDOR_DATABASE_URL"].replace(
            "/postgres?", f"/{name}?"
        )
    run(environment, PREPARE)
    return environment


def run(environment, program, *arguments, check=True):
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=check)


def test_an_import_killed_at_any_point_keeps_nothing_and_is_named(installation, tmp_path):
    path = tmp_path / "figures.csv"
    months = [f"{year}-{month:02d}-01" for year in range(2010, 2024) for month in range(1, 13)]
    path.write_text("\n".join([COLUMNS, *(row(m, 7, nationality=n) for m in months for n in ("VEN", "HTI"))]))

    for write in (2, 1):  # once when the figures are written and the sums too, once in between
        killed = run(installation, KILLED, path, write, check=False)
        assert killed.returncode == -signal.SIGKILL, killed.stderr

        told = json.loads(run(installation, AFTERWARDS, path).stdout.splitlines()[-1]) if write == 1 else None

    assert told["kept"] == [0, 0]
    assert told["unfinished"]
    assert told["status"] == "failed"
    assert all(told["why"])
    assert (told["again"], told["kept_again"], told["faults"]) == ("kept", 2 * len(months), 0)
