"""The scripts behind ``./corredor test`` and ``check``: their own small rules."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


def script(name: str) -> ModuleType:
    """A file of scripts/ as a module, with its neighbours within reach."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(ROOT / "scripts"))


@pytest.mark.parametrize(
    ("line", "counted"),
    [
        ("===== 812 passed in 93.10s (0:01:33) =====", (812, 0)),
        ("== 2 failed, 810 passed, 3 warnings, 1 error in 93.10s ==", (810, 3)),
        ("==== 4 errors in 0.50s ====", (0, 4)),
    ],
)
def test_closing_line_of_a_run_is_counted(line: str, counted: tuple[int, int]) -> None:
    tests = script("run_tests")

    assert tests.SUMMARY.match(line)
    assert tests.counts(line) == counted


@pytest.mark.parametrize("line", ["tests/a.py::test_3_passed PASSED", "FAILED tests/a.py - 3 passed"])
def test_other_lines_are_not_counted(line: str) -> None:
    assert not script("run_tests").SUMMARY.match(line)


def test_broken_links_and_anchors_are_told_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/b.md").write_text("# Two words\n")
    (tmp_path / "README.md").write_text(
        "[a](docs/b.md) [b](docs/b.md#two-words) [c](https://example.org/x) [d](docs/c.md) [e](docs/b.md#three)\n"
        "```\n[in code](nowhere.md)\n```\n"
    )

    assert script("links").faults(tmp_path) == [
        "README.md: docs/c.md leads nowhere",
        "README.md: docs/b.md#three names no heading",
    ]


def test_page_of_the_guide_in_one_language_only_is_told(tmp_path: Path) -> None:
    for place in ("en/operate.md", "en/delegate.md", "es/operate.md"):
        (tmp_path / "docs/guide" / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs/guide" / place).write_text("# Page\n")

    assert script("links").faults(tmp_path) == ["docs/guide/es: no delegate.md"]


def test_repeated_headings_get_numbered_anchors() -> None:
    text = "# Copias de seguridad\n## ¿Y después?\n## ¿Y después?\n## The `run` command\n"

    assert script("links").anchors(text) == {
        "copias-de-seguridad",
        "y-después",
        "y-después-1",
        "the-run-command",
    }


def test_lock_with_an_address_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = script("run_checks")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/base.txt").write_text("click==8\n--index-url https://example.org/simple\n")
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    monkeypatch.setattr(checks, "tracked", lambda *_patterns: [])

    assert checks.locks() == ["requirements/base.txt:2: names an address"]


def test_folder_of_one_machine_is_told_and_an_address_path_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = script("run_checks")
    page = tmp_path / "page.md"
    page.write_text("see /wo" + "rk/main\nsee https://example.org/wo" + "rk/x\nsee ./ho" + "me/views.py\n")
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    monkeypatch.setattr(checks, "tracked", lambda *_patterns: [page])

    assert checks.places() == ["page.md:1: see /wo" + "rk/main"]


def test_failing_check_fails_the_whole_and_names_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = script("run_checks")
    monkeypatch.setattr(checks, "CHECKS", {"good": list, "bad": lambda: ["a fault"]})

    assert checks.main([]) == 1
    assert "Failed: bad" in capsys.readouterr().out
