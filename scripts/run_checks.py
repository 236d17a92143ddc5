"""./corredor check           everything that can be said about the code without running the product
./corredor check NAME …    only these

Runs all, reports each by name, and fails at the end when one did.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import links

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CODE = ("src", "tests", "scripts", "benchmarks")
LARGEST_FILE_BYTES = 2_000_000
LARGEST_TREE_BYTES = 40_000_000
# Written in pieces, so that this file does not find itself.
HOSTS = ("pypi." + "org", "python" + "hosted.org", "registry.npm" + "js.org", "npm" + "mirror.com")
PATHS = ("/wo" + "rk/", "/ro" + "ot/", "/Us" + "ers/", "/ho" + "me/")
PATH_BEFORE = r"(?<![\w.:/~-])"

Check = Callable[[], list[str]]


def tool(*command: str) -> Check:
    """A check that is a program: what it prints when it fails."""

    def check() -> list[str]:
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run(
                [str(BIN / command[0]), *command[1:]],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "CORREDOR_HOME": home, "CORREDOR_MODE": "embedded", "PYTHONPATH": "src"},
            )
        return (done.stdout + done.stderr).strip().splitlines() or ["failed"] if done.returncode else []

    return check


def locks() -> list[str]:
    """No lock says where its packages came from."""
    faults = [
        f"{file.relative_to(ROOT)}:{number}: names an address"
        for file in sorted(ROOT.glob("requirements/*.txt"))
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if re.search(r"https?://", line)
    ]
    for file in tracked("package-lock.json"):
        packages = json.loads(file.read_text())["packages"]
        faults += [
            f"{file.relative_to(ROOT)}: {name} is resolved"
            for name, entry in packages.items()
            if "resolved" in entry
        ]
    return faults


def places() -> list[str]:
    """No file names a package registry or a folder of one machine."""
    machine = re.compile(PATH_BEFORE + "(" + "|".join(re.escape(path) for path in PATHS) + r")\w")
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in tracked()
        for number, line in lines_of(file)
        if any(host in line for host in HOSTS) or machine.search(line)
    ]


def sizes() -> list[str]:
    """The tree stays small enough to clone over a slow line."""
    weights = {file: file.stat().st_size for file in tracked()}
    faults = [
        f"{file.relative_to(ROOT)}: {weight:,} bytes, at most {LARGEST_FILE_BYTES:,}"
        for file, weight in weights.items()
        if weight > LARGEST_FILE_BYTES
    ]
    if (total := sum(weights.values())) > LARGEST_TREE_BYTES:
        faults.append(f"the tree weighs {total:,} bytes, at most {LARGEST_TREE_BYTES:,}")
    return faults


def unfinished() -> list[str]:
    """Nothing is left for later in the code."""
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b|raise NotImplemented" + r"Error")
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in tracked("*.py", "*.html", "*.ts", "*.sh")
        for number, line in lines_of(file)
        if words.search(line)
    ]


def tracked(*patterns: str) -> list[Path]:
    """The files git knows."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def lines_of(file: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines of a text; nothing of a picture."""
    try:
        yield from enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    except UnicodeDecodeError:
        return


CHECKS: dict[str, Check] = {
    "format": tool("ruff", "format", "--check", "--quiet", *CODE),
    "lint": tool("ruff", "check", "--quiet", "--output-format=concise", *CODE),
    "types": tool("mypy"),
    "contracts": tool("lint-imports"),
    "migrations": tool("python", "-m", "corredor", "manage", "makemigrations", "--check", "--dry-run"),
    "languages": tool("python", "scripts/messages.py", "check"),
    "templates": tool("djlint", "src", "--lint", "--quiet"),
    "security": tool("bandit", "-q", "-ll", "-ii", "-c", "pyproject.toml", "-r", "src"),
    "dependencies": tool("deptry", "src"),
    "dead code": tool("vulture"),
    "links": lambda: links.faults(ROOT),
    "locks": locks,
    "places": places,
    "sizes": sizes,
    "unfinished": unfinished,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        print(f"no check is named {', '.join(unknown)}; there are: {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    failed = []
    for name in names or CHECKS:
        started = time.monotonic()
        faults = CHECKS[name]()
        print(f"{'FAILED' if faults else 'ok':<7} {name} ({time.monotonic() - started:.1f} s)", flush=True)
        for fault in faults[:200]:
            print(f"        {fault}")
        failed += [name] if faults else []
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nEverything holds.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
