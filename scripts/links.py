"""Every relative link in README and docs leads somewhere, and the guide says the same in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def faults(root: Path) -> list[str]:
    """What does not hold, each with its place."""
    pages = sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("deploy/**/*.md")])
    return [*(fault for page in pages for fault in _broken(root, page)), *_one_sided(root)]


def _broken(root: Path, page: Path) -> Iterator[str]:
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if ELSEWHERE.match(target):
            continue
        path, _, anchor = unquote(target).partition("#")
        place = (page.parent / path).resolve() if path else page
        if not place.exists():
            yield f"{page.relative_to(root)}: {target} leads nowhere"
        elif anchor and place.suffix == ".md" and anchor not in anchors(place.read_text(encoding="utf-8")):
            yield f"{page.relative_to(root)}: {target} names no heading"


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as forges make them: lower case, blanks as hyphens, marks left out."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")
        number = 0
        while (unique := f"{anchor}-{number}" if number else anchor) in found:
            number += 1
        found.add(unique)
    return found


def _one_sided(root: Path) -> Iterator[str]:
    """Pages of the guide that one language has and the other has not."""
    names = {
        language: {
            page.relative_to(root / "docs/guide" / language).as_posix() for page in _guide(root, language)
        }
        for language in ("en", "es")
    }
    for language, other in (("en", "es"), ("es", "en")):
        yield from (f"docs/guide/{other}: no {name}" for name in sorted(names[language] - names[other]))


def _guide(root: Path, language: str) -> list[Path]:
    return list((root / "docs/guide" / language).glob("**/*.md"))
