"""What the guides tell people to type works: every block marked ``sh console`` is run as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```sh console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
BLOCKS = [
    pytest.param(block, id=f"{page.relative_to(ROOT)}#{number}")
    for page in PAGES
    for number, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), start=1)
]


@pytest.mark.parametrize("block", BLOCKS)
def test_block_runs_in_an_empty_folder(block: str, tmp_path: Path) -> None:
    command = tmp_path / "corredor"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m corredor "$@"\n')
    command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CORREDOR_")}

    done = subprocess.run(
        ["/bin/sh", "-e"],
        input=block,
        cwd=tmp_path,
        env={
            **kept,
            "CORREDOR_HOME": str(tmp_path / "home"),
            "PYTHONPATH": os.pathsep.join(str(Path(path).resolve()) for path in sys.path if path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr


def test_guides_have_blocks_that_run() -> None:
    assert len(BLOCKS) >= 4


@pytest.mark.parametrize("page", sorted({page.name for page in ROOT.glob("docs/guide/*/*.md")}))
def test_both_languages_tell_people_to_type_the_same(page: str) -> None:
    english, spanish = (
        BLOCK.findall((ROOT / "docs/guide" / language / page).read_text(encoding="utf-8"))
        for language in ("en", "es")
    )

    assert english == spanish
