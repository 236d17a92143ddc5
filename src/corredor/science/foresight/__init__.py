"""Foresight: what may come, how sure we are, and how good we have been.

For one series::

    first_forecast(series: ObservedSeries, *, horizons: int = 6, known_at: date | None = None,
                   today: date | None = None, method: Method = CUBE_ROOT_WALK) -> Forecast
        # raises ForecastRefused(code, reason_en, reason_es)

For all flows of a corridor together, which is better (each learns from the others). The default method takes a few
seconds for 400 flows and needs numpy alone; ``corridor_ensemble()`` is better still, trains for about half a minute and
loads LightGBM: for the worker's scheduled issue, kept alive between issues so that it trains every third month only::

    corridor_forecasts(series: Mapping[Flow, ObservedSeries], *, horizons: int = 6, known_at: date | None = None,
                       today: date | None = None, method: Method | None = None) -> Issued
        # Issued.forecasts: Mapping[Flow, Forecast]; Issued.refusals: Mapping[Flow, ForecastRefused]
        # Flow("DAR", "VEN") a nationality at a node, Flow("DAR") the node's total

``ObservedSeries(name, frequency, observations)`` comes from ``corredor.science.series``; so does
``Observation(period, count, known_at, status)`` and ``Period.month(2024, 3)``. A ``Forecast`` holds ``origin``,
``targets``, ``quantiles`` (horizons × 23 at ``LEVELS``), ``cube_root_walk`` and ``last_value`` beside it,
``median(h)``, ``interval(h, 80)``, ``chance_of_at_least(count, h)``, ``remarks`` and ``rows()`` for storing.

When the figure arrives, ``outcome_of(forecast, target, observed) -> Outcome`` scores the forecast and both baselines;
``gate_of(outcomes) -> Gate`` says whether the record lets the next forecast be published in its own right.

A method is anything with ``name`` and ``fit(history: Panel)`` whose result has ``predict(horizons)`` → quantiles
(flows, horizons, 23). Scores are in ``scoring``, the judgement of methods on the past in ``backtest``.
"""

from corredor.science.foresight.first import Issued, corridor_forecasts, first_forecast
from corredor.science.foresight.forecast import Forecast, ForecastRefused, Remark, Row
from corredor.science.foresight.method import Fitted, Method
from corredor.science.foresight.methods.corridor_mix import corridor_ensemble, corridor_mix
from corredor.science.foresight.methods.random_walk import CUBE_ROOT_WALK, LAST_VALUE
from corredor.science.foresight.outcome import Gate, Outcome, gate_of, outcome_of
from corredor.science.foresight.panel import Flow, Panel
from corredor.science.foresight.quantiles import LEVELS

__all__ = [
    "CUBE_ROOT_WALK",
    "LAST_VALUE",
    "LEVELS",
    "Fitted",
    "Flow",
    "Forecast",
    "ForecastRefused",
    "Gate",
    "Issued",
    "Method",
    "Outcome",
    "Panel",
    "Remark",
    "Row",
    "corridor_ensemble",
    "corridor_forecasts",
    "corridor_mix",
    "first_forecast",
    "gate_of",
    "outcome_of",
]
