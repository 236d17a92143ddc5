"""The examination of an installation, each illness made on purpose."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from corredor.interfaces.cli import doctor

LONG_KEY = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6uX9"


def examined(home: Path, language: str = "en", **environment: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit code and findings by code of a real run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CORREDOR_")}
    given = {f"CORREDOR_{name}": value for name, value in environment.items()}
    done = subprocess.run(
        [sys.executable, "-m", "corredor", "doctor", "--json"],
        env={
            **kept,
            "CORREDOR_HOME": str(home),
            "CORREDOR_LANGUAGE": language,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            **given,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout, done.stderr
    return done.returncode, {finding["code"]: finding for finding in json.loads(done.stdout)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated folder for real work."""
    folder = tmp_path_factory.mktemp("doctor") / "home"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CORREDOR_")}
    subprocess.run(
        [sys.executable, "-m", "corredor", "migrate", "--no-static"],
        env={**kept, "CORREDOR_HOME": str(folder), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder


def test_sound_installation_misses_only_its_worker(home: Path) -> None:
    code, found = examined(home)

    assert {name for name, finding in found.items() if finding["state"] == "wrong"} == {"worker"}
    assert code == 1
    assert "corredor worker" in found["worker"]["mend"]


def test_findings_are_in_the_language_of_the_terminal(home: Path) -> None:
    _code, found = examined(home, language="es")

    assert found["database"]["title"] == "Base de datos"
    assert "trabajador" in found["worker"]["seen"]


def test_every_wrong_finding_says_how_to_mend_it(home: Path, tmp_path: Path) -> None:
    (tmp_path / "borders.json").write_text("{half")
    home.chmod(0o755)
    try:
        _code, found = examined(
            home,
            MODE="production",
            SECRET_KEY="short",
            MAP_GEOMETRY=str(tmp_path / "borders.json"),
            SMTP_URL="smtp://localhost:9",
            CLOCK="2026-01-01T00:00:00+00:00",
        )
    finally:
        home.chmod(0o700)

    wrong = {name for name, finding in found.items() if finding["state"] == "wrong"}
    assert wrong >= {"folder", "secret_key", "address", "static", "map", "mail"}
    assert found["clock"]["state"] == "care"
    assert all(found[name]["mend"] for name in wrong)


def test_empty_folder_is_told_to_migrate(tmp_path: Path) -> None:
    code, found = examined(tmp_path / "home")

    assert code == 1
    assert "corredor migrate" in found["migrations"]["mend"]


def test_settings_that_cannot_start_are_a_finding(tmp_path: Path) -> None:
    code, found = examined(tmp_path / "home", MODE="holiday")

    assert code == 1
    assert "holiday" in found["settings"]["seen"]
    assert list(found) == ["python", "packages", "settings"]


def test_database_of_the_other_kind_is_told(home: Path) -> None:
    _code, found = examined(home, MODE="demo")

    assert found["kind"]["state"] == "wrong"


def test_database_that_cannot_be_reached_keeps_its_password_to_itself(tmp_path: Path) -> None:
    _code, found = examined(
        tmp_path / "home",
        DATABASE_URL="postgresql://corredor:my-secret@127.0.0.1:9/corredor?connect_timeout=2",
    )

    assert found["database"]["state"] == "wrong"
    assert "my-secret" not in json.dumps(found)


def test_packages_that_differ_from_the_lock_are_named(tmp_path: Path) -> None:
    lock = tmp_path / "base.txt"
    lock.write_text(
        "click==0.0.1 \\\n    --hash=sha256:00\nnobody-has-this==1 \\\nonly-elsewhere==1 ; sys_platform == 'plan9' \\\n"
    )

    finding = doctor.look_at_packages(lock)

    assert finding.state == "wrong"
    assert "click" in finding.seen
    assert "nobody-has-this" in finding.seen
    assert "only-elsewhere" not in finding.seen
