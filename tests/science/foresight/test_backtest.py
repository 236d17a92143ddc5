"""The judgement of methods: what it counts, what it may not see, and the figures it must reproduce."""

import json

import numpy as np
import pytest

from corredor.science.foresight.backtest import Window, backtest, forecasts_of, months, outcomes_of
from corredor.science.foresight.methods.boosting import CorridorTrees
from corredor.science.foresight.methods.calibration import AdaptiveConformal, Recalibrated
from corredor.science.foresight.methods.corridor_mix import corridor_ensemble, corridor_mix
from corredor.science.foresight.methods.elastic_net import CorridorNet
from corredor.science.foresight.methods.random_walk import CUBE_ROOT_WALK, LAST_VALUE
from corredor.science.foresight.panel import Flow, Panel
from corredor.science.series import Period

PROTOCOL_ORIGINS = months(Period.month(2022, 7), Period.month(2025, 3))


def poisoned_after(panel: Panel, origin: Period) -> Panel:
    """The panel with every count after the origin replaced by 10⁹."""
    counts = np.array(panel.counts)
    counts[:, origin - panel.start + 1 :] = 1e9
    return Panel(panel.flows, panel.start, counts, panel.chain)


@pytest.mark.parametrize(
    "make",
    [
        lambda: LAST_VALUE,
        lambda: CUBE_ROOT_WALK,
        CorridorNet,
        lambda: CorridorTrees(rounds=12, threads=1),
        lambda: AdaptiveConformal("conformal", CUBE_ROOT_WALK),
        lambda: Recalibrated("mended", CUBE_ROOT_WALK),
        lambda: corridor_mix(3),
        lambda: corridor_ensemble(3, threads=1),
    ],
)
def test_no_method_sees_the_future(corridor, make):
    origins = [corridor.start + k for k in (40, 47, 50)]

    clean = forecasts_of(make(), corridor, origins, 3)
    rows = len(corridor.flows) * 3
    for k, origin in enumerate(origins):
        poisoned = forecasts_of(make(), poisoned_after(corridor, origin), [origin], 3)
        assert np.array_equal(poisoned, clean[k * rows : (k + 1) * rows], equal_nan=True)


def test_on_the_real_corridor_the_mixture_does_not_see_the_future(real_corridor):
    origin = Period.month(2022, 7)

    clean = forecasts_of(corridor_mix(), real_corridor, [origin], 6)
    poisoned = forecasts_of(corridor_mix(), poisoned_after(real_corridor, origin), [origin], 6)

    assert np.array_equal(poisoned, clean)


def test_leak_test_would_notice_a_method_that_peeks(corridor):
    """The history handed to a method really ends at the origin, so only a panel smuggled in could leak."""
    origin = corridor.start + 40
    smuggled = corridor_mix(1).fit(corridor).predict(1)
    honest = corridor_mix(1).fit(corridor.until(origin)).predict(1)

    assert not np.allclose(smuggled, honest)


def test_the_protocols_rows_are_counted_as_published(real_corridor):
    """Reference: MAIN 19,187 and TOTAL 732 forecasts over the protocol's origins and horizons 1–6."""
    outcomes = outcomes_of(real_corridor, PROTOCOL_ORIGINS, 6)
    known = ~np.isnan(outcomes.observed)

    counted = {c: int(np.sum(known & (outcomes.flow_class == c))) for c in ("MAIN", "TOTAL")}

    assert counted == {"MAIN": 19_187, "TOTAL": 732}


def test_walk_and_last_value_score_as_measured_in_the_protocol(real_corridor):
    """Published mean WIS of MAIN: last value 0.707 log, 1032 natural; cube-root walk 0.591 log, 980 natural.

    Published surge figures of the walk at 1–3 months: average precision 0.41, Brier skill 0.14, base rate 15.4 %.
    The data here book China as China, which moves the third decimal.
    """
    result = backtest(real_corridor, [], issued="cube_root_walk", rng=np.random.default_rng(1))

    last_value, walk = (result["models"][name]["MAIN"] for name in ("last_value", "cube_root_walk"))
    assert last_value["wis_log"] == pytest.approx(0.707, abs=0.005)
    assert last_value["wis_natural"] == pytest.approx(1032, abs=5)
    assert walk["wis_log"] == pytest.approx(0.591, abs=0.005)
    assert walk["wis_natural"] == pytest.approx(980, abs=2)
    assert walk["coverage"] == pytest.approx({"50": 49, "80": 74, "95": 88}, abs=1)
    surge = result["surge"]["cube_root_walk"]["1-3"]
    assert surge["average_precision"] == pytest.approx(0.41, abs=0.005)
    assert surge["brier_skill"] == pytest.approx(0.14, abs=0.005)
    assert surge["base_rate"] == pytest.approx(0.154, abs=0.001)


def test_the_reference_against_itself_is_one_everywhere(corridor):
    result = backtest(
        corridor,
        [],
        issued="cube_root_walk",
        origins=months(corridor.start + 30, corridor.last),
        rng=np.random.default_rng(1),
        windows=(Window("whole", corridor.start, corridor.last),),
    )

    main = result["classes"]["MAIN"]
    assert (main["rwis_log"], main["rwis_natural"], main["mae_ratio"]) == (1.0, 1.0, 1.0)
    assert main["rwis_log_interval"] == [1.0, 1.0]
    assert main["windows"]["whole"]["n"] == main["n"] == sum(h["n"] for h in main["horizons"].values())
    assert sum(node["n"] for node in main["nodes"].values()) == main["n"]
    assert result["models"]["last_value"]["MAIN"]["last_value"] == {"rwis_log": 1.0, "rwis_natural": 1.0}


def test_result_is_plain_data_and_repeatable(corridor):
    def judged() -> str:
        result = backtest(
            corridor,
            [corridor_mix(2)],
            issued="corridor_mix",
            origins=months(corridor.start + 48, corridor.last),
            horizons=2,
            rng=np.random.default_rng(4),
        )
        return json.dumps(result, allow_nan=False)

    first = judged()

    assert first == judged()
    assert set(json.loads(first)["classes"]["MAIN"]["coverage"]) == {"50", "80", "95"}


def test_horizons_beyond_the_last_month_are_not_scored(corridor):
    outcomes = outcomes_of(corridor, [corridor.last + -2], 6)

    assert sorted(set(outcomes.horizon[~np.isnan(outcomes.observed)].tolist())) == [1, 2]


def test_a_surge_is_half_as_much_again_and_a_hundred_more():
    """Mean 400: 600 is a surge and 599 is not; mean 20: 120 is a surge, not 30."""
    counts = np.array(
        [[400.0] * 11 + [410, 390, 599], [400.0] * 11 + [410, 390, 600], [21.0, 19.0] * 6 + [20.0, 120.0]]
    )
    panel = Panel((Flow("DAR", "A"), Flow("DAR", "B"), Flow("DAR")), Period.month(2024, 1), counts)

    result = backtest(
        panel,
        [],
        issued="cube_root_walk",
        origins=[panel.last + -1],
        horizons=1,
        windows=(),
        rng=np.random.default_rng(1),
    )

    assert result["surge"]["cube_root_walk"]["1"]["base_rate"] == pytest.approx(2 / 3, abs=1e-5)


def test_a_panel_without_any_origin_is_refused(corridor):
    with pytest.raises(ValueError, match="no origin"):
        backtest(corridor.until(corridor.start), [], issued="cube_root_walk", rng=np.random.default_rng(1))


def test_the_issued_method_must_be_among_those_judged(corridor):
    with pytest.raises(ValueError, match="corridor_mix is not among"):
        backtest(
            corridor,
            [],
            issued="corridor_mix",
            origins=[corridor.start + 30],
            rng=np.random.default_rng(1),
        )
