"""Which totals follow from a published figure, without ever adding across measures, gates, sources or directions.

A figure broken down by some dimensions belongs to the whole of its gate, and, when nationality is one of them, to the
whole of its nationality. Each kind of break-down makes a sum of its own ("sum:nationality", "sum:sex+age"): every one
is complete in itself, and they can be held against each other and against the total the source publishes.
Days make months; weeks do not, since a week that straddles two months would have to be split by guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

ALL = "ALL"
PUBLISHED = "published"
_AGE = re.compile(r"(\d+)(?:-(\d+)|\+)")


class Key(NamedTuple):
    """What a series of one source is about."""

    measure: str
    gate: str
    frequency: str
    nationality: str
    departure: str
    sex: str
    age: str
    direction: str
    detail: str
    basis: str = PUBLISHED


def broken_down_by(key: Key) -> tuple[str, ...]:
    """The dimensions in which the series is only a part: names as they stand in a basis."""
    parts = [name for name in ("nationality", "departure", "sex", "age") if getattr(key, name) != ALL]
    return (*parts, f"detail({detail_keys(key.detail)})") if key.detail else tuple(parts)


def detail_keys(detail: str) -> str:
    """ "component=OFO;area=X" → "component,area"; details of the same keys make one complete set."""
    return ",".join(word.split("=", 1)[0] for word in detail.split(";"))[:40]


def wholes_of(key: Key) -> list[Key]:
    """The sums, of its own frequency, to which a published figure belongs."""
    if key.basis != PUBLISHED:
        return []
    parts = broken_down_by(key)
    whole = key._replace(nationality=ALL, departure=ALL, sex=ALL, age=ALL, detail="")
    sums = [whole._replace(basis=f"sum:{'+'.join(parts)}")] if parts else []
    others = [part for part in parts if part != "nationality"]
    if others and len(others) < len(parts):
        sums.append(whole._replace(nationality=key.nationality, basis=f"sum:{'+'.join(others)}"))
    return sums


def month_of(key: Key) -> Key | None:
    """The monthly sum to which a daily figure belongs; None for other frequencies and for finer break-downs."""
    if key.frequency != "D" or key.basis == "sum:file":
        return None
    if (key.departure, key.sex, key.age, key.detail) != (ALL, ALL, ALL, ""):
        return None
    basis = "sum:days" if key.basis == PUBLISHED else f"{key.basis}+days"
    return key._replace(frequency="M", basis=basis)


def sums_days(basis: str) -> bool:
    return basis.startswith("sum:") and basis.split("+")[-1].removeprefix("sum:") == "days"


def has_detail(basis: str) -> bool:
    """Whether a sum is over a further detail of the source's: such parts need not make a whole."""
    return "detail(" in basis


def adds_nationalities(basis: str) -> bool:
    """Whether nationality is one of the dimensions summed over."""
    return "nationality" in basis.removeprefix("sum:").split("+")


def overlap(ages: Iterable[str]) -> bool:
    """Whether some age groups contain each other ("0-17" beside "12-17"): their sum would count people twice."""
    spans = []
    for age in set(ages):
        match = _AGE.fullmatch(age)
        if match:
            start = int(match[1])
            spans.append((start, int(match[2]) if match[2] else 1000))
    spans.sort()
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))


def preference(basis: str) -> tuple[int, int, str]:
    """Order in which one of several series about the same whole is shown: published, the file's own sum, ours."""
    if basis == PUBLISHED:
        return (0, 0, basis)
    if basis == "sum:file":
        return (1, 0, basis)
    first = {"sum:days": 0, "sum:nationality": 1, "sum:nationality+days": 2}.get(basis, 3)
    return (2, first, basis)
