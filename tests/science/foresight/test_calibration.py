"""Learning from one's own past: on histories whose errors are known."""

from dataclasses import dataclass

import numpy as np
import pytest

from corredor.science.foresight.method import Fitted
from corredor.science.foresight.methods.calibration import (
    AdaptiveConformal,
    Apart,
    Mixture,
    Recalibrated,
    Widened,
)
from corredor.science.foresight.methods.corridor_mix import corridor_mix
from corredor.science.foresight.methods.random_walk import CUBE_ROOT_WALK, LAST_VALUE
from corredor.science.foresight.methods.record import Remembered, record_of, weighted_quantiles
from corredor.science.foresight.panel import Flow, Panel
from corredor.science.foresight.quantiles import LEVELS, MEDIAN, PROBITS, as_quantiles, index_of
from corredor.science.foresight.scoring import covered
from corredor.science.series import Period

START = Period.month(2015, 1)
UPPER, LOWER = 21, 1


@dataclass(frozen=True)
class Said:
    quantiles: np.ndarray

    def predict(self, horizons: int) -> np.ndarray:
        return np.repeat(self.quantiles[:, None, :], horizons, axis=1)


@dataclass(frozen=True)
class Boaster:
    """Knows the middle of the noise (root 10), but claims half its spread and is ``bias`` too high."""

    claimed: float = 0.5
    bias: float = 0.0
    name: str = "boaster"

    def fit(self, history: Panel) -> Fitted:
        return Said(
            np.tile(as_quantiles((10 + self.bias + self.claimed * PROBITS) ** 3), (len(history.flows), 1))
        )


def noise(flows: int = 60, months: int = 80, seed: int = 3) -> Panel:
    """Counts whose cube roots are normal about 10 with standard deviation 1, month by month, flow by flow."""
    roots = np.random.default_rng(seed).normal(10, 1, size=(flows, months))
    return Panel(tuple(Flow("DAR", f"N{k}") for k in range(flows)), START, np.maximum(roots, 0) ** 3)


def test_recalibration_gives_a_boaster_its_true_spread():
    quantiles = Recalibrated("mended", Boaster()).fit(noise()).predict(1)[0, 0]

    assert np.cbrt(quantiles[UPPER]) - np.cbrt(quantiles[LOWER]) == pytest.approx(2 * 1.96, rel=0.08)
    assert np.cbrt(quantiles[MEDIAN]) == pytest.approx(10, abs=0.1)


def test_recalibration_takes_away_a_bias():
    quantiles = Recalibrated("mended", Boaster(claimed=1.0, bias=1.5)).fit(noise()).predict(1)[0, 0]

    assert np.cbrt(quantiles[MEDIAN]) == pytest.approx(10, abs=0.15)


def test_recalibration_leaves_an_honest_method_alone():
    quantiles = Recalibrated("mended", Boaster(claimed=1.0)).fit(noise()).predict(2)[:, 1]

    assert np.cbrt(quantiles) == pytest.approx(np.tile(10 + PROBITS, (60, 1)), abs=0.15)


def test_conformal_intervals_cover_what_they_promise():
    panel = noise(months=90)
    method = AdaptiveConformal("conformal", Boaster(claimed=0.01))
    origins = [panel.start + k for k in range(75, 89)]

    inside = [
        covered(panel.at(o + 1), method.fit(panel.until(o)).predict(1)[:, 0], 80).mean() for o in origins
    ]

    assert np.mean(inside) == pytest.approx(0.80, abs=0.04)


def test_conformal_says_nothing_before_it_has_a_past():
    young = noise(months=30)

    assert np.isnan(AdaptiveConformal("conformal", CUBE_ROOT_WALK).fit(young).predict(3)).all()
    assert np.array_equal(
        Recalibrated("mended", CUBE_ROOT_WALK).fit(young).predict(3), CUBE_ROOT_WALK.fit(young).predict(3)
    )


def test_record_holds_only_outcomes_already_known():
    panel = noise(flows=2, months=50)

    record = record_of(CUBE_ROOT_WALK, panel, horizons=3)

    assert record.age.tolist() == list(range(13, 0, -1))
    assert np.isnan(record.outcomes[-1, :, 1:]).all()
    assert record.outcomes[-1, :, 0] == pytest.approx(panel.counts[:, -1])
    assert record.outcomes[0, 0] == pytest.approx(panel.counts[0, 37:40])


def test_totals_learn_from_large_flows_and_mostly_from_themselves():
    counts = noise(flows=2, months=50).counts
    panel = Panel((Flow("DAR", "VEN"), Flow("DAR")), START, counts)

    weights = record_of(CUBE_ROOT_WALK, panel, horizons=1).weights(0, 0, forgetting=1.0)

    assert weights[0].tolist() == [1.0, 8.0]


def test_weighted_quantiles_stand_at_the_middle_of_their_weights():
    """Weights 1, 2, 1 of 4: the values stand at 1/8, 1/2 and 7/8."""
    found = weighted_quantiles(
        np.array([30.0, 10.0, 20.0]), np.array([1.0, 1.0, 2.0]), np.array([0.125, 0.5, 0.6875])
    )

    assert found[0] == pytest.approx([10, 20, 25])


def test_mixture_leaves_out_who_has_nothing_to_say():
    young = noise(months=30)
    silent = AdaptiveConformal("conformal", CUBE_ROOT_WALK)

    mixed = Mixture("mix", (CUBE_ROOT_WALK, silent)).fit(young).predict(2)

    assert mixed == pytest.approx(CUBE_ROOT_WALK.fit(young).predict(2))


def test_widened_stretches_about_an_unmoved_median():
    quantiles = Widened("wide", Boaster(claimed=1.0), 1.5).fit(noise(flows=1)).predict(1)[0, 0]

    assert np.cbrt(quantiles) == pytest.approx(10 + 1.5 * PROBITS)


def test_totals_and_nationalities_can_have_methods_of_their_own(corridor):
    apart = Apart("apart", LAST_VALUE, CUBE_ROOT_WALK).fit(corridor).predict(2)

    assert np.array_equal(apart[corridor.is_total], LAST_VALUE.fit(corridor).predict(2)[corridor.is_total])
    assert np.array_equal(
        apart[~corridor.is_total], CUBE_ROOT_WALK.fit(corridor).predict(2)[~corridor.is_total]
    )


def test_remembered_asks_once_for_each_history():
    asked = []

    @dataclass(frozen=True)
    class Asked:
        name: str = "asked"

        def fit(self, history: Panel) -> Fitted:
            asked.append(history.last)
            return CUBE_ROOT_WALK.fit(history)

    panel, remembered = noise(flows=1), Remembered(Asked())
    first, again = (remembered.fit(panel.until(START + 40)).predict(4) for _ in range(2))
    remembered.fit(panel)

    assert np.array_equal(first, again)
    assert asked == [START + 40, panel.last]
    with pytest.raises(ValueError, match="remembered"):
        remembered.fit(panel).predict(7)


def test_the_mixture_gives_every_flow_a_legal_forecast(corridor):
    quantiles = corridor_mix(3).fit(corridor).predict(3)

    assert quantiles.shape == (len(corridor.flows), 3, len(LEVELS))
    assert np.all(np.isfinite(quantiles))
    assert np.all(quantiles >= 0)
    assert np.all(np.diff(quantiles, axis=2) >= 0)


def test_a_young_panel_gets_the_walk(corridor):
    young = corridor.until(corridor.start + 8)
    rows = ~corridor.is_total

    mixed = corridor_mix(2).nationalities.base.fit(young).predict(2)

    assert mixed[rows] == pytest.approx(CUBE_ROOT_WALK.fit(young).predict(2)[rows])


def test_calm_flows_are_not_taught_by_wild_ones():
    """Half the flows spread as claimed, half four times as much: pooled, all are stretched; by likeness, each its own."""
    rng = np.random.default_rng(8)
    spreads = np.where(np.arange(40) < 20, 0.5, 2.0)[:, None]
    roots = 10 + spreads * rng.normal(size=(40, 72))
    flows = tuple(Flow("DAR", f"N{k}") for k in range(40))
    panel = Panel(flows, Period.month(2018, 1), np.round(roots**3))
    calm = np.arange(40) < 20

    def width(as_volatile):
        method = Recalibrated("mended", Boaster(claimed=0.5), as_volatile=as_volatile)
        quantiles = np.cbrt(method.fit(panel).predict(1)[:, 0])
        return (quantiles[:, index_of(0.9)] - quantiles[:, index_of(0.1)])[calm].mean()

    assert width(0.2) == pytest.approx(2 * 1.2816 * 0.5, rel=0.15)
    assert width(None) > 1.5 * width(0.2)
