"""How far a figure goes: its country's own, the members, the observers, everyone. In that order, one step after another.

Two locks hold a figure: its series has a farthest level, and its batch has been published so far. A reader sees it when
both reach the reader. Levels are integers so that a database compares them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """Who may see; each level includes those before it."""

    OWN = 0
    MEMBERS = 1
    OBSERVERS = 2
    PUBLIC = 3

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, code: str) -> Level:
        """The level written "own", "members", "observers" or "public"; raises KeyError for anything else."""
        return cls[code.upper()]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far into the figures a reader sees: down to ``floor``, and everything of ``own`` countries (ISO alpha-3)."""

    floor: Level = Level.PUBLIC
    own: frozenset[str] = frozenset()
    sees_all: bool = False

    def floor_for(self, country: str) -> Level:
        """The lowest level this reader sees of a country's figures."""
        return Level.OWN if self.sees_all or (country and country in self.own) else self.floor

    def sees_small_counts(self, country: str) -> bool:
        """Whether small counts of this country are shown as they are: to those who work for it, and to nobody else."""
        return self.sees_all or bool(country and country in self.own)


EVERYTHING = Reach(Level.OWN, sees_all=True)


def reach_of(capacities: Iterable[tuple[str, str | None]]) -> Reach:
    """The reach of somebody who holds these (clearance, country) pairs; nobody in particular is the public.

    Only a mandate that works with members' figures opens its own country's unpublished ones: an officer in the field
    or at the border works for a country too, and sees totals cleared for observers.
    """
    held = [(Level.of(clearance), country) for clearance, country in capacities]
    own = {country for level, country in held if level <= Level.MEMBERS and country}
    return Reach(min((level for level, _ in held), default=Level.PUBLIC), frozenset(own))


def may_move(*, now: Level, to: Level) -> bool:
    """Publication only goes outward; a batch already as far is left as it is."""
    return to >= now and to != Level.OWN
