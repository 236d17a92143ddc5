"""The deployment samples name commands and settings that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corredor.config.explained import SETTINGS
from corredor.interfaces.cli.main import COMMANDS

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
FILES = sorted(file for file in DEPLOY.rglob("*") if file.is_file())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_setting_named_is_one_that_is_read(file: Path) -> None:
    named = set(re.findall(r"CORREDOR_([A-Z_]+)", file.read_text(encoding="utf-8")))

    assert named <= set(SETTINGS)


def test_units_start_commands_that_exist() -> None:
    units = "".join(file.read_text(encoding="utf-8") for file in DEPLOY.glob("systemd/*"))

    assert set(re.findall(r"-m corredor (\w+)", units)) == {"serve", "worker", "backup"}
    assert set(COMMANDS) >= {"serve", "worker", "backup"}


def test_example_gives_production_what_it_needs() -> None:
    example = (DEPLOY / "corredor.env.example").read_text(encoding="utf-8")

    given = dict(line.split("=", 1) for line in example.splitlines() if line and not line.startswith("#"))

    assert given["CORREDOR_MODE"] == "production"
    assert given["CORREDOR_ORIGIN"].startswith("https://")
    assert given["CORREDOR_SECRET_KEY"] == ""
