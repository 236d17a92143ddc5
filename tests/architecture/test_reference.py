"""docs/reference says what the code says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from corredor.config.explained import SETTINGS

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import reference


@pytest.mark.parametrize("name", ["roles.md", "events.md", "commands.md", "settings.md", "personal-data.md"])
def test_the_page_is_what_the_code_says(name):
    kept = reference.FOLDER / name

    assert kept.exists(), "run scripts/reference"
    assert kept.read_text() == reference.pages()[name], "out of step: run scripts/reference"


def test_every_setting_the_code_reads_is_explained_and_no_other():
    assert reference.named_settings() == set(SETTINGS)


def test_every_event_says_in_a_sentence_what_has_happened():
    for line in reference.events().splitlines():
        if line.startswith("| `"):
            assert line.split(" | ")[1].strip().endswith("."), line


def test_every_command_says_what_it_does():
    for line in reference.commands().splitlines():
        if line.startswith("| `"):
            assert line.split(" | ")[1].strip(), line
