"""What has happened to the figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObservationsImported:
    """A batch of figures was kept; at least one figure is new or revised."""

    batch: int
    source: str


@dataclass(frozen=True, slots=True)
class ObservationsPublished:
    """A country's contact point let a batch be seen farther than before."""

    batch: int
    source: str
    level: str


@dataclass(frozen=True, slots=True)
class BatchWithdrawn:
    """A batch was taken back: its figures are no longer anybody's latest."""

    batch: int
    source: str


@dataclass(frozen=True, slots=True)
class SharingChanged:
    """How far a series may go was changed by its country."""

    series: int
    level: str
