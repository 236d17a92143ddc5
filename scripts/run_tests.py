"""./corredor test            every test, first on SQLite with the browser, then those of the database on PostgreSQL
./corredor test ARGUMENTS  one run of pytest with these arguments

The last line is the sum of all runs: "N passed, N failed". The exit code is 0 only when everything passed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser")
COUNTS = re.compile(r"(\d+) (passed|failed|errors?)\b")
# The last line of a run of pytest: "== 812 passed, 1 failed in 93.10s (0:01:33) ==".
SUMMARY = re.compile(r"^=*\s*(?=\d+ (passed|failed|error|skipped|deselected|warning)).* in [\d.]+s")
PARALLEL = ("-n", "2", "--dist", "loadfile")


def find_browser() -> bool:
    """Whether a browser for the journeys is here; as root on Debian it is installed."""
    if _has_browser():
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing chromium for the browser tests …", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = [
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
            "fonts-dejavu-core",
        ]
        for command in (["apt-get", "update", "-qq"], install):
            subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
    return _has_browser()


def _has_browser() -> bool:
    return any(shutil.which(name) for name in BROWSERS)


def run(title: str, *arguments: str, **environment: str) -> tuple[int, int, int]:
    """One run of pytest, shown as it goes; its exit code and how many tests passed and failed."""
    print(f"\n### {title}", flush=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    passed = failed = 0
    for line in process.stdout:
        print(line, end="", flush=True)
        if SUMMARY.match(line):
            passed, failed = counts(line)
    return process.wait(), passed, failed


def counts(line: str) -> tuple[int, int]:
    """Tests passed and failed according to a closing line; errors count as failures."""
    found = {
        kind.rstrip("s") if kind.startswith("error") else kind: int(n) for n, kind in COUNTS.findall(line)
    }
    return found.get("passed", 0), found.get("failed", 0) + found.get("error", 0)


def main(arguments: list[str]) -> int:
    if arguments:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
    if not find_browser():
        print(
            "The browser tests need chromium. On Debian or Ubuntu: sudo apt-get install chromium",
            file=sys.stderr,
        )
        return 2
    runs = [
        run("SQLite, and the browser", *PARALLEL, "tests", CORREDOR_TEST_DATABASE="sqlite"),
        run(
            "PostgreSQL: the tests of the database",
            *PARALLEL,
            "-p",
            "tests.database_only",
            "tests",
            CORREDOR_TEST_DATABASE="postgresql",
        ),
    ]
    passed, failed = sum(run[1] for run in runs), sum(run[2] for run in runs)
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return 0 if failed == 0 and passed and all(code == 0 for code, _, _ in runs) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
