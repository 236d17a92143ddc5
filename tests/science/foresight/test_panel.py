"""Flows side by side: what is zero, what is missing, what is refused."""

import numpy as np
import pytest

from corredor.science.foresight.panel import Count, Flow, Panel, classes_of, mean_of_last, panel_of_counts
from corredor.science.series import ObservedSeries, Period, SeriesRefused

JANUARY = Period.month(2024, 1)


def row(panel: Panel, node: str, nationality: str = "ALL") -> list[float]:
    return panel.counts[panel.flows.index(Flow(node, nationality))].tolist()


def table(*lines: tuple[str, str, int, float]) -> list[Count]:
    return [Count(node, nationality, JANUARY + month, value) for node, nationality, month, value in lines]


def test_a_missing_line_is_zero_in_a_reported_month_and_unknown_in_another():
    panel = panel_of_counts(
        table(("DAR", "VEN", 0, 5), ("DAR", "HTI", 0, 2), ("DAR", "VEN", 2, 7), ("HND", "VEN", 3, 1))
    )

    assert row(panel, "DAR", "HTI") == pytest.approx([2, np.nan, 0, np.nan], nan_ok=True)
    assert row(panel, "HND", "VEN") == pytest.approx([np.nan, np.nan, np.nan, 1], nan_ok=True)


def test_total_of_a_node_is_its_sum_unless_it_states_one():
    lines = (("DAR", "VEN", 0, 5), ("DAR", "HTI", 0, 2))

    assert row(panel_of_counts(table(*lines)), "DAR") == [7]
    assert row(panel_of_counts(table(*lines, ("DAR", "ALL", 0, 9))), "DAR") == [9]


def test_nodes_are_never_added_to_one_another():
    panel = panel_of_counts(table(("DAR", "VEN", 0, 5), ("HND", "VEN", 0, 4)))

    assert [str(flow) for flow in panel.flows if flow.is_total] == ["DAR · ALL", "HND · ALL"]


def test_earlier_months_of_a_node_can_be_left_out():
    panel = panel_of_counts(table(("DAR", "VEN", 0, 5), ("DAR", "VEN", 1, 6)), since={"DAR": JANUARY + 1})

    assert (panel.start, row(panel, "DAR")) == (JANUARY + 1, [6])


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("empty", []),
        ("duplicated-period", [("DAR", "VEN", 0, 5), ("DAR", "VEN", 0, 5)]),
        ("negative", [("DAR", "VEN", 0, -5)]),
        ("not-a-count", [("DAR", "VEN", 0, 1.5)]),
    ],
)
def test_a_bad_table_is_refused_by_name(code, lines):
    with pytest.raises(SeriesRefused) as refusal:
        panel_of_counts(table(*lines))

    assert refusal.value.code == code


def test_a_nationality_renamed_goes_on_under_its_new_code():
    panel = panel_of_counts(
        table(("HND", "TWN", 0, 20), ("HND", "TWN", 1, 3), ("HND", "CHN", 1, 30), ("HND", "CHN", 2, 40))
    )

    renamed = panel.renamed("TWN", to="CHN")

    assert row(renamed, "HND", "CHN") == [20, 33, 40]
    assert Flow("HND", "TWN") not in renamed.flows
    assert row(renamed, "HND") == row(panel, "HND")


@pytest.mark.parametrize(
    ("mean", "flow_class"), [(50, "MAIN"), (49, "MID"), (10, "MID"), (9, "SPARSE"), (1, "SPARSE")]
)
def test_class_follows_the_mean_of_the_last_twelve_months(mean, flow_class):
    counts = np.array([[10_000.0, *[mean] * 12]])

    assert classes_of(Panel((Flow("DAR", "VEN"),), JANUARY, counts)) == [flow_class]


def test_totals_are_a_class_of_their_own_and_the_rare_are_named():
    counts = np.array([[0.0, 1.0] * 6, [5.0] * 12])

    assert classes_of(Panel((Flow("DAR", "NPL"), Flow("DAR")), JANUARY, counts)) == ["RARE", "TOTAL"]


def test_class_is_decided_with_what_was_known_at_the_origin():
    panel = Panel((Flow("DAR", "VEN"),), JANUARY, np.array([[20.0] * 12 + [5000.0] * 6]))

    assert classes_of(panel.until(JANUARY + 11)) == ["MID"]


def test_months_not_reported_do_not_lower_a_mean():
    assert mean_of_last(np.array([[9.0, np.nan, 3.0]]), 3).tolist() == [6.0]
    assert np.isnan(mean_of_last(np.array([[1.0, np.nan]]), 1)[0])


def test_nothing_later_can_be_reached_from_a_history():
    panel = Panel((Flow("DAR"),), JANUARY, np.array([[1.0, 2.0, 3.0]]))
    history = panel.until(JANUARY + 1)

    assert history.counts.base is None or history.counts.base.shape[1] == 2
    assert np.isnan(history.at(JANUARY + 2)).all()
    assert history.digest != panel.digest


def test_series_of_different_length_share_one_calendar():
    early = ObservedSeries.from_counts("a", JANUARY, [1, 2])
    late = ObservedSeries.from_counts("b", JANUARY + 1, [3, 4])

    panel = Panel.of_many({Flow("DAR"): early, Flow("HND"): late})

    assert row(panel, "DAR") == pytest.approx([1, 2, np.nan], nan_ok=True)
    assert row(panel, "HND") == pytest.approx([np.nan, 3, 4], nan_ok=True)


@pytest.mark.parametrize("counts", [[[1.0], [2.0]], [[-1.0]], [[np.inf]]])
def test_a_panel_that_makes_no_sense_cannot_be_built(counts):
    with pytest.raises(ValueError, match=r"row|finite"):
        Panel((Flow("DAR"),), JANUARY, np.array(counts))
