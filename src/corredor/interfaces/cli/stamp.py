"""What a prepared folder was prepared with: the shape of the database and the figures that are shipped."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
PARTS = (
    "migrations/*.py",
    "shipped/**/*",
    "reference/**/*",
    "interfaces/cli/filling.py",
    "kernel/people/roles.py",
)
LIBRARIES = ("django", "django-allauth")


def fingerprint(package: Path = PACKAGE) -> str:
    """Changes whenever a migration, a shipped file, a role or a library with tables of its own changes."""
    digest = hashlib.sha256()
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for file in sorted({file for part in PARTS for file in package.glob(f"**/{part}") if _is_ours(file)}):
        digest.update(f"{file.relative_to(package).as_posix()} ".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _is_ours(file: Path) -> bool:
    """What Python compiled beside the shipped files says nothing new, and the first start makes it."""
    return file.is_file() and file.parent.name != "__pycache__"
