"""Last value and cube-root random walk, on cases worked by hand."""

import numpy as np
import pytest

from corredor.science.foresight import CUBE_ROOT_WALK, LAST_VALUE, Flow, Panel
from corredor.science.foresight.quantiles import MEDIAN, PROBITS, index_of
from corredor.science.series import Period

UPPER, LOWER = index_of(0.975), index_of(0.025)


def panel(*rows: list[float]) -> Panel:
    flows = tuple(Flow("DAR", f"N{k}") for k in range(len(rows)))
    return Panel(flows, Period.month(2024, 1), np.array(rows, dtype=float))


def test_cube_root_walk_of_1_8_27_moves_by_one_root_a_month():
    """Roots 1, 2, 3: σ = 1, so four months ahead the upper 97.5 % is (3 + 2 · 1.96)³ and the lower is nothing."""
    quantiles = CUBE_ROOT_WALK.fit(panel([1, 8, 27])).predict(4)[0]

    assert quantiles[:, MEDIAN] == pytest.approx([27.0] * 4)
    assert quantiles[0, UPPER] == pytest.approx((3 + 1.959964) ** 3, rel=1e-6)
    assert quantiles[3, UPPER] == pytest.approx((3 + 2 * 1.959964) ** 3, rel=1e-6)
    assert quantiles[3, LOWER] == 0.0


def test_last_value_walks_on_natural_counts():
    """Moves +10 and −10: σ = 10."""
    quantiles = LAST_VALUE.fit(panel([100, 110, 100])).predict(1)[0, 0]

    assert quantiles == pytest.approx(100 + 10 * PROBITS)


def test_moves_over_a_gap_count_for_the_months_they_took():
    """Roots 1, –, 3: one move of 2 over two months, σ² = 4 / 2."""
    quantiles = CUBE_ROOT_WALK.fit(panel([1, np.nan, 27])).predict(1)[0, 0]

    assert quantiles[UPPER] == pytest.approx((3 + 1.959964 * np.sqrt(2)) ** 3, rel=1e-6)


def test_a_flow_not_heard_of_for_a_month_is_one_month_less_certain():
    late = CUBE_ROOT_WALK.fit(panel([1000, 1331, np.nan])).predict(1)
    fresh = CUBE_ROOT_WALK.fit(panel([1000, 1331])).predict(2)

    assert late[0, 0] == pytest.approx(fresh[0, 1])


def test_a_single_count_gives_no_forecast():
    quantiles = CUBE_ROOT_WALK.fit(panel([5, np.nan], [5, 6])).predict(2)

    assert np.isnan(quantiles[0]).all()
    assert np.isfinite(quantiles[1]).all()


def test_each_flow_is_forecast_alone():
    together = CUBE_ROOT_WALK.fit(panel([1, 8, 27], [5, 50, 500])).predict(3)
    alone = CUBE_ROOT_WALK.fit(panel([5, 50, 500])).predict(3)

    assert together[1] == pytest.approx(alone[0])
