"""No number walks alone: an estimate carries its range, method, source and hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantity as somebody judged it: ``low`` ≤ ``mid`` ≤ ``high``, in the unit the context names.

    Refuses an inverted range or a naive ``as_of``. Estimates from several sources stand side by side; there is no
    addition on purpose.
    """

    low: float
    mid: float
    high: float
    method: str
    source: str
    as_of: datetime

    def __post_init__(self) -> None:
        if not self.low <= self.mid <= self.high:
            raise ValueError("an estimate needs low ≤ mid ≤ high")
        if self.as_of.tzinfo is None:
            raise ValueError("as_of is an aware moment")
        if not self.method or not self.source:
            raise ValueError("an estimate names its method and its source")

    @property
    def is_point(self) -> bool:
        return self.low == self.high
