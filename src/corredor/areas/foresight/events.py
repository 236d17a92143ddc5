"""What has happened in foresight."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ForecastsIssued:
    """Forecasts were issued and frozen; ``issue`` is the number of the act of issuing."""

    issue: int


@dataclass(frozen=True)
class OutcomesRecorded:
    """What was forecast has been compared with what came; ``steps`` says how many periods."""

    steps: int
