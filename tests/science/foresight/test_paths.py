"""Sample paths: their margins are the forecasts, their sums agree, and chance is an argument."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corredor.science.foresight.panel import Flow
from corredor.science.foresight.paths import dependence_of, sample_paths
from corredor.science.foresight.quantiles import LEVELS, MEDIAN, PROBITS, as_quantiles, index_of

FLOWS = (Flow("DAR", "A"), Flow("DAR", "B"), Flow("DAR", "C"), Flow("HND", "A"))


def normal(middle: float, spread: float, horizons: int = 3) -> np.ndarray:
    """Cube roots Normal(middle, spread √h)."""
    return np.stack(
        [as_quantiles((middle + spread * np.sqrt(h) * PROBITS) ** 3) for h in range(1, horizons + 1)]
    )


QUANTILES = np.stack([normal(10, 0.5), normal(12, 0.5), normal(8, 0.3), normal(11, 0.4)])


def drawn(draws: int = 20_000, **settings):
    return sample_paths(FLOWS, QUANTILES, rng=np.random.default_rng(3), draws=draws, **settings)


def test_each_flow_keeps_the_forecast_it_had():
    paths = drawn()

    for row in range(len(FLOWS)):
        found = np.cbrt(np.quantile(paths.counts[:, row, 2], LEVELS[2:-2]))
        assert found == pytest.approx(np.cbrt(QUANTILES[row, 2, 2:-2]), abs=0.05)


def test_months_move_together_as_a_random_walk_and_flows_as_told():
    """Horizons 1 and 3: correlation √(1/3). Two flows of a node: ρ. Flows of different nodes: none."""
    roots = np.cbrt(drawn(dependence=0.4).counts)

    assert np.corrcoef(roots[:, 0, 0], roots[:, 0, 2])[0, 1] == pytest.approx(np.sqrt(1 / 3), abs=0.02)
    assert np.corrcoef(roots[:, 0, 1], roots[:, 1, 1])[0, 1] == pytest.approx(0.4, abs=0.02)
    assert np.corrcoef(roots[:, 0, 1], roots[:, 3, 1])[0, 1] == pytest.approx(0.0, abs=0.02)


def test_a_total_is_wider_when_flows_move_together():
    """Equal parts: independent, the variance of the sum is n σ²; wholly together, n² σ²."""
    apart, together = (drawn(dependence=rho).total_of("DAR")[:, 0] for rho in (0.0, 0.999))

    assert together.std() > 1.5 * apart.std()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.1, 12), rho=st.floats(0, 1))
def test_every_sum_agrees_to_one_person_in_every_future(seed, scale, rho):
    paths = sample_paths(
        FLOWS,
        QUANTILES * scale,
        rng=np.random.default_rng(seed),
        draws=50,
        dependence=rho,
        totals={"DAR": normal(15, 0.5)},
    )

    parts = paths.sum_of(lambda flow: flow == FLOWS[0]) + paths.sum_of(lambda flow: flow in FLOWS[1:3])
    assert np.array_equal(parts, paths.total_of("DAR"))
    assert np.array_equal(paths.counts, np.rint(paths.counts))
    assert paths.counts.min() >= 0


def test_a_direct_total_draws_the_paths_half_way_on_the_cube_root_scale():
    direct = normal(20, 0.5)
    alone, drawn_to = drawn(), drawn(totals={"DAR": direct})

    expected = (np.cbrt(np.median(alone.total_of("DAR"), axis=0)) + np.cbrt(direct[:, MEDIAN])) / 2
    assert np.cbrt(np.median(drawn_to.total_of("DAR"), axis=0)) == pytest.approx(expected, abs=0.01)
    assert np.array_equal(drawn_to.counts[:, 3], alone.counts[:, 3])


def test_quantiles_of_an_aggregate_are_legal():
    quantiles = drawn(500).quantiles_of(lambda flow: flow.node == "DAR")

    assert quantiles.shape == (3, 23)
    assert np.all(np.diff(quantiles, axis=1) >= 0)
    assert quantiles[0, index_of(0.5)] == pytest.approx(10**3 + 12**3 + 8**3, rel=0.03)


def test_equal_generators_give_equal_paths():
    assert np.array_equal(drawn(50).counts, drawn(50).counts)


def test_nodes_are_never_added():
    with pytest.raises(ValueError, match="counted at each"):
        drawn(10).sum_of(lambda flow: flow.nationality == "A")


def test_totals_and_unknown_quantiles_are_refused():
    with pytest.raises(ValueError, match="totals are their sums"):
        sample_paths([Flow("DAR")], QUANTILES[:1], rng=np.random.default_rng(1))
    with pytest.raises(ValueError, match="known quantiles"):
        sample_paths(FLOWS[:1], QUANTILES[:1] * np.nan, rng=np.random.default_rng(1))


def test_dependence_is_measured_and_drawn_half_way_to_the_usual():
    """Scores with correlation 0.75: half-way to 0.35 is 0.55. Too few origins: 0.35."""
    rng = np.random.default_rng(1)
    scores = np.sqrt(0.75) * rng.normal(size=(4000, 1)) + 0.5 * rng.normal(size=(4000, 12))

    assert dependence_of(scores) == pytest.approx(0.55, abs=0.02)
    assert dependence_of(rng.normal(size=(4000, 12))) == pytest.approx(0.175, abs=0.02)
    assert dependence_of(scores[:5]) == 0.35
