"""How much figures move after they are first said: for readers, and for whoever forecasts from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class RevisionSize:
    """Over periods that were stated whole: how many were revised, and by how much of the first statement."""

    periods: int
    revised: int
    median_share: float | None
    largest_share: float | None


def revision_size(statements: Sequence[Sequence[int]]) -> RevisionSize:
    """From the statements of each period, oldest first: |last - first| / max(first, 1)."""
    shares = [abs(said[-1] - said[0]) / max(said[0], 1) for said in statements if said and len(set(said)) > 1]
    return RevisionSize(
        sum(1 for said in statements if said),
        len(shares),
        median(shares) if shares else None,
        max(shares, default=None),
    )
