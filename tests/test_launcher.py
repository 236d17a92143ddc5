"""The one script that sets everything up, tried in a folder of its own with a uv that installs nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Stands for uv: makes the environment with what Python has, and writes down each time it is asked to install.
UV = """#!/bin/sh
case "$1" in
  --version) echo "uv 0" ;;
  venv) for last; do :; done; exec "{python}" -m venv --clear --without-pip "$last" ;;
  pip) echo "$@" >> "{log}"; sleep "${{UV_SLEEPS:-0}}"; exit "${{UV_FAILS:-0}}" ;;
esac
"""


class Checkout:
    """A folder that looks like a fresh checkout to the launcher."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "asked.log"
        for inside in ("requirements", "src/corredor", ".tools/bin", "scripts"):
            (folder / inside).mkdir(parents=True)
        shutil.copy(ROOT / "corredor", folder / "corredor")
        for lock in ("base", "dev", "bootstrap"):
            (folder / "requirements" / f"{lock}.txt").write_text(f"# {lock}\n")
        (folder / "src/corredor/__init__.py").touch()
        (folder / "src/corredor/__main__.py").write_text("import sys; print('ran', *sys.argv[1:])\n")
        (folder / "scripts/test").write_text('#!/bin/sh\necho tests "$@"\n')
        (folder / "scripts/test").chmod(0o755)
        uv = folder / ".tools/bin/uv"
        uv.write_text(UV.format(python=sys.executable, log=self.log))
        uv.chmod(0o755)

    def environment(self, **more: str) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "CORREDOR_PYTHON": sys.executable, **more}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.folder / "corredor"), *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, env=self.environment(**more), check=False, timeout=60
        )

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "a folder")


def test_first_start_sets_up_and_the_second_does_nothing(checkout: Checkout) -> None:
    first, second = checkout.run("demo", "--port", "1"), checkout.run("demo")

    assert first.returncode == 0, first.stderr
    assert first.stdout == "ran demo --port 1\n"
    assert "Preparando" in first.stderr
    assert second.stdout == "ran demo\n"
    assert second.stderr == ""
    assert len(checkout.asked()) == 1


def test_set_up_killed_half_way_is_completed_by_the_next_start(checkout: Checkout) -> None:
    command = [str(checkout.folder / "corredor"), "demo"]
    environment = checkout.environment(UV_SLEEPS="30")
    killed = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
    _wait_until(lambda: bool(checkout.asked()))
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not (checkout.folder / ".venv/.stamp").exists()

    again = checkout.run("demo")

    assert again.stdout == "ran demo\n"
    assert len(checkout.asked()) == 2


def test_environment_broken_by_a_kill_is_made_anew(checkout: Checkout) -> None:
    checkout.run("demo")
    (checkout.folder / ".venv/.stamp").unlink()
    (checkout.folder / ".venv/bin/python").unlink()
    (checkout.folder / ".venv/bin/python").write_text("half a file")

    again = checkout.run("demo")

    assert again.stdout == "ran demo\n"


def test_new_lock_is_installed(checkout: Checkout) -> None:
    checkout.run("demo")
    (checkout.folder / "requirements/base.txt").write_text("# base, newer\n")

    checkout.run("demo")

    assert len(checkout.asked()) == 2


def test_tools_for_tests_serve_for_the_demo_too(checkout: Checkout) -> None:
    tested = checkout.run("test", "-q")
    shown = checkout.run("demo")

    assert tested.stdout == "tests -q\n"
    assert shown.stdout == "ran demo\n"
    assert len(checkout.asked()) == 1
    assert checkout.asked()[0].endswith("requirements/dev.txt")


def test_two_first_starts_at_once_set_up_once(checkout: Checkout) -> None:
    command = [str(checkout.folder / "corredor"), "demo"]
    both = [
        subprocess.Popen(command, env=checkout.environment(UV_SLEEPS="1"), stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    said = [process.communicate(timeout=60)[0] for process in both]

    assert said == ["ran demo\n", "ran demo\n"]
    assert len(checkout.asked()) == 1


def test_moved_folder_is_set_up_again(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run("demo")
    checkout.folder.rename(tmp_path / "moved")
    checkout.folder = tmp_path / "moved"

    moved = checkout.run("demo")

    assert moved.stdout == "ran demo\n", moved.stderr


def test_without_a_python_it_says_what_is_needed(checkout: Checkout, tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("sh", "dirname", "cat", "cksum"):
        (bare / tool).symlink_to(str(shutil.which(tool)))

    refused = checkout.run("demo", PATH=str(bare), CORREDOR_PYTHON="")

    assert refused.returncode != 0
    assert "Python 3.11" in refused.stderr


def _wait_until(is_so: object, seconds: float = 20) -> None:
    ends_at = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < ends_at
        time.sleep(0.05)
