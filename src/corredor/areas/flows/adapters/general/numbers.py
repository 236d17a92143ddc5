"""Counts as written: thousands in any style, hidden small counts, signs for none and for not known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

NumberStyle = Literal["plain", "1,234", "1.234", "1 234", "1'234"]
STYLES: tuple[NumberStyle, ...] = ("plain", "1,234", "1.234", "1 234", "1'234")
LARGEST_COUNT = 10_000_000_000

_SEPARATORS = {"1,234": ",", "1.234": ".", "1 234": " ", "1'234": "'"}
_SPACES = re.compile("[\u00a0\u2007\u2009\u202f ]+")
_DASHES = str.maketrans("–—−‐‑", "-----")
_BELOW = re.compile(r"(?:<|menos de|less than|fewer than|menor a|menor que|under)\s*(\d{1,4})", re.IGNORECASE)
_AT_MOST = re.compile(r"(?:<=|≤|hasta|up to)\s*(\d{1,4})", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?:de |from |entre |between )?(\d{1,4})\s*(?:-|a|to|y|and)\s*(\d{1,4})", re.IGNORECASE
)
_MARKS = re.compile(r"(?<=\d)\s*(?:\(\d{1,2}\)|[*¹²³⁴⁵†‡]+|\s[pr]/?|\s\d/)$")
NOT_KNOWN = frozenset(
    ["n.d.", "nd", "n.d", "n/d", "n.a.", "na", "n/a", "s/d", "s.d.", "sd", "s/i", "s.i.", "..", "...", "…", ":", "no disponible", "not available", "sin dato", "sin datos", "no data"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """A count read from a cell: exact, or a range the source admits for one it hides."""

    value: int | None
    low: int | None = None
    high: int | None = None


Meaning = Literal["zero", "missing"] | tuple[int, int]  # what a blank or a sign stands for


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell holds no count; the code is stable."""

    code: str


def is_digits(text: str) -> bool:
    """Whether a text is nothing but the digits 0 to 9."""
    return text.isascii() and text.isdecimal()


@lru_cache(maxsize=65_536)
def parse_text(text: str, style: NumberStyle) -> Count | Fault | None:
    """The count a text writes, a fault, or None when the text is no attempt at a number."""
    written = _SPACES.sub(" ", text.strip().translate(_DASHES))
    if is_digits(written):
        return _whole(written)
    hidden = _hidden(written)
    if hidden:
        return hidden
    written = _MARKS.sub("", written)
    negative = written.startswith("-") or (written.startswith("(") and written.endswith(")"))
    digits = written.strip("()-+ ").strip()
    if not re.match(r"\d", digits):
        return None
    whole = _without_separators(digits, style)
    if whole is None:
        return _fault_of(digits, style)
    if negative and int(whole):
        return Fault("negative")
    return _whole(whole)


def _whole(digits: str) -> Count | Fault:
    return (
        Count(int(digits)) if len(digits) < 12 and int(digits) <= LARGEST_COUNT else Fault("impossible-count")
    )


def _hidden(written: str) -> Count | None:
    if match := _BELOW.fullmatch(written):
        limit = int(match[1])
        return Count(None, 1, limit - 1) if limit > 2 else Count(max(0, limit - 1))
    if match := _AT_MOST.fullmatch(written):
        return Count(None, 1, int(match[1])) if int(match[1]) > 1 else None
    if match := _BETWEEN.fullmatch(written):
        low, high = int(match[1]), int(match[2])
        return Count(None, low, high) if low < high else None
    return None


def _without_separators(digits: str, style: NumberStyle) -> str | None:
    """The digits alone when the text is written in the style (a zero fraction is allowed), else None."""
    if is_digits(digits):
        return digits
    separator = _SEPARATORS.get(style, "")
    decimal = "," if style in ("1.234", "1 234") else "."
    whole, point, fraction = digits.rpartition(decimal)
    if point and fraction and set(fraction) <= {"0"} and (decimal != separator):
        digits = whole
    if is_digits(digits):
        return digits
    if separator and re.fullmatch(rf"\d{{1,3}}(?:{re.escape(separator)}\d{{3}})+", digits, re.ASCII):
        return digits.replace(separator, "")
    return None


def _fault_of(digits: str, style: NumberStyle) -> Fault | None:
    if any(other != style and _without_separators(digits, other) for other in STYLES[1:]):
        return Fault("other-number-style")
    if re.fullmatch(r"[\d.,' ]*\d[.,]\d+", digits, re.ASCII):
        return Fault("fractional")
    return Fault("not-a-number") if re.fullmatch(r"[\d.,' ]+%?", digits, re.ASCII) else None


def parse(cell: object, style: NumberStyle) -> Count | Fault | None:
    """The count in a cell, a fault, or None when the cell does not try to be a number."""
    if isinstance(cell, str):
        return parse_text(cell, style)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    if cell != cell or cell in (float("inf"), float("-inf")):
        return Fault("not-a-number")
    if cell < 0:
        return Fault("negative")
    if cell != int(cell):
        return Fault("fractional")
    return Count(int(cell)) if cell <= LARGEST_COUNT else Fault("impossible-count")


def sign_of(cell: object) -> str | None:
    """The sign a cell holds instead of a count: "" (blank), "-", "*", "—", "n.d." …; None when it holds something else."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if text and set(text) == {"—"}:
        return "—"
    text = text.translate(_DASHES).lower()
    if text in ("", "*", "**", "x", "c") or set(text) == {"-"}:
        return text[:1] if text != "**" else "*"
    return "n.d." if text in NOT_KNOWN else None


def style_of(texts: list[str]) -> tuple[NumberStyle, bool]:
    """The thousands style of the texts of count columns, and whether they settle it.

    Counts have no fractions: "12.345" everywhere means twelve thousand. Texts that fit two styles do not settle it.
    """
    votes: dict[NumberStyle, int] = {}
    for text in texts:
        written = _SPACES.sub(" ", text.strip().lstrip("-"))
        for style in STYLES[1:]:
            separator = re.escape(_SEPARATORS[style])
            if re.fullmatch(rf"\d{{1,3}}(?:{separator}\d{{3}})+", written, re.ASCII):
                votes[style] = votes.get(style, 0) + (3 if len(written) > 8 else 1)
    if not votes:
        return "plain", True
    best = max(votes, key=lambda style: votes[style])
    return best, len(votes) == 1 or votes[best] >= 10 * (sum(votes.values()) - votes[best])
