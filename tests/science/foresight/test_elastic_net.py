"""The elastic net against its closed forms, and the features it reads."""

import numpy as np
import pytest

from corredor.science.foresight.methods.elastic_net import CorridorNet, elastic_net
from corredor.science.foresight.methods.features import features_of, lagged, rolling, volatility
from corredor.science.foresight.panel import Flow, Panel
from corredor.science.foresight.quantiles import MEDIAN
from corredor.science.series import Period

RNG = np.random.default_rng(11)


def feature(panel: Panel, name: str, flow: Flow) -> np.ndarray:
    features = features_of(panel)
    return features.values[panel.flows.index(flow), :, features.names.index(name)]


def test_without_penalty_it_is_least_squares():
    x, noise = RNG.normal(size=(80, 3)), RNG.normal(size=80)
    y = x @ [1.0, -2.0, 0.5] + noise

    assert elastic_net(x, y, alpha=0.0, l1_ratio=0.5) == pytest.approx(np.linalg.lstsq(x, y)[0], abs=1e-4)


def test_with_the_square_penalty_alone_it_is_ridge():
    x, y = RNG.normal(size=(60, 4)), RNG.normal(size=60)
    ridge = np.linalg.solve(x.T @ x / 60 + 0.3 * np.eye(4), x.T @ y / 60)

    assert elastic_net(x, y, alpha=0.3, l1_ratio=0.0) == pytest.approx(ridge, abs=1e-5)


def test_with_the_absolute_penalty_alone_one_feature_is_soft_thresholded():
    """x = ±1: the least-squares slope 2 loses α = 0.5; a slope of 0.3 is lost altogether."""
    x = np.array([[1.0], [-1.0]])

    assert elastic_net(x, 2.0 * x[:, 0], alpha=0.5, l1_ratio=1.0) == pytest.approx([1.5])
    assert elastic_net(x, 0.3 * x[:, 0], alpha=0.5, l1_ratio=1.0) == pytest.approx([0.0])


def test_a_row_of_weight_two_is_a_row_seen_twice():
    x, y = RNG.normal(size=(30, 3)), RNG.normal(size=30)
    weights = np.where(np.arange(30) < 10, 2.0, 1.0)

    weighted = elastic_net(x, y, alpha=0.05, l1_ratio=0.3, weights=weights)
    repeated = elastic_net(np.vstack([x, x[:10]]), np.append(y, y[:10]), alpha=0.05, l1_ratio=0.3)

    assert weighted == pytest.approx(repeated, abs=1e-6)


def test_features_know_the_neighbours_along_the_chain(corridor):
    level = np.log1p(corridor.counts)
    upstream = level[corridor.flows.index(Flow("DAR", "A"))]
    total = level[corridor.flows.index(Flow("DAR"))]

    assert feature(corridor, "upstream_1_level", Flow("HND", "A")) == pytest.approx(upstream)
    assert feature(corridor, "upstream_total_change", Flow("HND", "A"))[1:] == pytest.approx(np.diff(total))
    assert np.isnan(feature(corridor, "upstream_1_level", Flow("DAR", "A"))).all()
    assert np.isnan(feature(corridor, "downstream_1_level", Flow("HND", "A"))).all()


def test_a_node_outside_the_chain_has_no_neighbours():
    counts = RNG.poisson(50, size=(4, 30)).astype(float)
    flows = (Flow("CIA", "A"), Flow("CIA"), Flow("CIB", "A"), Flow("CIB"))
    panel = Panel(flows, Period.month(2020, 1), counts)

    assert np.isnan(feature(panel, "upstream_1_level", Flow("CIB", "A"))).all()
    assert feature(panel, "node_total_change", Flow("CIB", "A"))[1:] == pytest.approx(
        np.diff(np.log1p(counts[3]))
    )


def test_features_of_a_month_do_not_depend_on_later_months(corridor):
    whole, cut = features_of(corridor).values, features_of(corridor.until(corridor.start + 40)).values

    assert np.array_equal(whole[:, :41], cut, equal_nan=True)


def test_lags_and_rolling_means_of_a_short_row():
    values = np.array([[1.0, 2.0, np.nan, 4.0]])

    assert lagged(values, 1)[0] == pytest.approx([np.nan, 1, 2, np.nan], nan_ok=True)
    assert rolling(values, 2, "nanmean")[0] == pytest.approx([1, 1.5, 2, 4])
    assert rolling(values, 3, "nanmean")[0] == pytest.approx([np.nan, 1.5, 1.5, 3], nan_ok=True)
    with pytest.raises(ValueError, match="look ahead"):
        lagged(values, -1)


def test_volatility_of_a_steady_flow_is_the_calmest_and_of_an_unknown_one_the_wildest():
    steady, unknown = np.full((1, 24), 100.0), np.full((1, 24), np.nan)

    assert volatility(steady)[0, -1] == 0.08
    assert volatility(unknown)[0, -1] == 1.6


def test_net_learns_that_honduras_follows_darien_a_month_later(corridor):
    """In the invented corridor next month's Honduras is 0.8 × this month's Darién: the net must come nearer than no change."""
    history = corridor.until(corridor.last + -1)
    points = CorridorNet(alpha=0.002).fit(history).predict(1)[:, 0, MEDIAN]
    rows = [k for k, flow in enumerate(corridor.flows) if flow.node == "HND"]

    outcome, now = corridor.counts[rows, -1], corridor.counts[rows, -2]
    missed = np.abs(np.log1p(points[rows]) - np.log1p(outcome)).mean()

    assert missed < 0.5 * np.abs(np.log1p(now) - np.log1p(outcome)).mean()


def test_too_little_to_learn_from_gives_nothing():
    short = Panel((Flow("DAR"),), Period.month(2024, 1), np.arange(1.0, 13.0)[None])

    assert np.isnan(CorridorNet().fit(short).predict(2)).all()
