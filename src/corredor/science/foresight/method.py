"""What a forecasting method is: fit it to a history, ask it for quantiles."""

from __future__ import annotations

from typing import Protocol

from corredor.science.foresight.panel import Panel
from corredor.science.foresight.quantiles import Array


class Fitted(Protocol):
    """A method that has seen its history."""

    def predict(self, horizons: int) -> Array:
        """Quantiles of the periods 1 … ``horizons`` after the history's last: (flows, horizons, 23).

        Natural counts, not negative, not falling along the levels; NaN for a flow the method cannot forecast.
        """
        ...


class Method(Protocol):
    """A way of forecasting. It knows nothing but the history it is given; equal histories, equal forecasts."""

    @property
    def name(self) -> str: ...

    def fit(self, history: Panel) -> Fitted:
        """Learn from the history, whose last period is the origin of the forecasts."""
        ...
