"""What a mandate may be, decided without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Whoever may stop a person at a border must not be the one to whom that person tells what happened on the way.
APART = ({"enforcement"}, {"field_officer", "receiver"})


@dataclass(frozen=True, slots=True)
class Term:
    """A role over days, both ends included; no end means until further notice."""

    role: str
    starts_on: date
    ends_on: date | None = None
    country: str | None = None
    organisation: str | None = None

    def meets(self, other: Term) -> bool:
        """Whether the two share a day."""
        return self.starts_on <= (other.ends_on or date.max) and other.starts_on <= (self.ends_on or date.max)

    def repeats(self, other: Term) -> bool:
        """Whether the other says the same thing again, at least for a day."""
        same = (self.role, self.country, self.organisation) == (other.role, other.country, other.organisation)
        return same and self.meets(other)

    def must_stay_apart(self, other: Term) -> bool:
        """Whether one person may not hold both on the same day."""
        wall, inside = APART
        across = (self.role in wall and other.role in inside) or (self.role in inside and other.role in wall)
        return across and self.meets(other)
