"""The forecasts of a whole corridor: together, each from its own last month, refusals beside them."""

from datetime import date

import numpy as np
import pytest

from corredor.science.foresight import Flow, corridor_forecasts, first_forecast
from corredor.science.foresight.panel import Panel
from corredor.science.series import ObservedSeries, Period


def series_of(panel: Panel) -> dict[Flow, ObservedSeries]:
    return {
        flow: ObservedSeries.from_counts(str(flow), panel.start, counts)
        for flow, counts in zip(panel.flows, panel.counts, strict=True)
    }


def test_every_flow_gets_the_mixture_with_its_baselines_beside_it(corridor):
    issued = corridor_forecasts(series_of(corridor), horizons=3)

    forecast = issued.forecasts[Flow("HND", "A")]
    assert set(issued.forecasts) == set(corridor.flows)
    assert issued.refusals == {}
    assert forecast.method == "corridor_mix"
    assert forecast.cube_root_walk == pytest.approx(
        first_forecast(series_of(corridor)[Flow("HND", "A")], horizons=3).quantiles
    )
    assert not np.allclose(forecast.quantiles, forecast.cube_root_walk)


def test_a_flow_that_is_a_month_late_is_forecast_from_its_own_last_month(corridor):
    series = series_of(corridor)
    late = Flow("HND", "B")
    series[late] = ObservedSeries.from_counts(
        str(late), corridor.start, corridor.counts[corridor.flows.index(late), :-1]
    )

    issued = corridor_forecasts(series, horizons=2)

    assert issued.forecasts[late].origin == corridor.last + -1
    assert issued.forecasts[Flow("DAR", "B")].origin == corridor.last


def test_a_refused_flow_does_not_stop_the_others(corridor):
    series = series_of(corridor)
    silent = Flow("DAR", "Z")
    series[silent] = ObservedSeries.from_counts(str(silent), corridor.start, [0] * 60)

    issued = corridor_forecasts(series, horizons=1)

    assert issued.refusals[silent].code == "never-moved"
    assert set(issued.forecasts) == set(corridor.flows)


def test_as_known_then_nothing_later_counts(corridor):
    day = date(2023, 7, 1)  # June is over

    then = corridor_forecasts(series_of(corridor), horizons=2, known_at=day)
    cut = corridor_forecasts(series_of(corridor.until(Period.month(2023, 6))), horizons=2)

    flow = Flow("HND", "C")
    assert then.forecasts[flow].origin == Period.month(2023, 6)
    assert np.array_equal(then.forecasts[flow].quantiles, cut.forecasts[flow].quantiles)


def test_a_corridor_with_nothing_to_forecast_says_why():
    issued = corridor_forecasts(
        {Flow("DAR"): ObservedSeries.from_counts("Darién", Period.month(2024, 1), [1, 2])}
    )

    assert issued.forecasts == {}
    assert issued.refusals[Flow("DAR")].code == "too-short"


def test_a_lone_young_flow_is_forecast_by_the_walk_and_a_total_by_its_mixture(corridor):
    young = ObservedSeries.from_counts("young", Period.month(2024, 1), [3, 9, 4, 7, 12, 10, 8, 6])

    issued = corridor_forecasts({Flow("DAR", "A"): young}, horizons=2)

    forecast = issued.forecasts[Flow("DAR", "A")]
    assert forecast.interval(1, 80)[0] <= 6 <= forecast.interval(1, 80)[1]
    assert forecast.median(1) == pytest.approx(6)
