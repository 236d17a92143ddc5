"""Early warning judged by the protocol: surges and collapses found at a budget of false alarms.

    .venv/bin/python benchmarks/foresight_warning.py [--json]

Series: Border Patrol by citizenship (south-west border) and by sector since 1999, Darién, Honduras, Mexico, each with
at least 500 in some month. The stack learns before 2018; all are judged from 2018 on. Three ways to set a threshold:
best on the judged months at ≤ 0.2 and ≤ 0.4 false alarms per series-year (as the project's reference compares), and
best before 2018 at ≤ 0.2, then left alone. Then the named onsets, with the delay in months.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from foresight_backtest import CORRIDOR_FILES, DATA

from corredor.science.foresight.panel import Count, Flow, Panel, panel_of_counts
from corredor.science.foresight.quantiles import Array
from corredor.science.foresight.warning import DETECTORS, Record, Watched, starts_of, train_stack, walk_z
from corredor.science.series import Period

USBP = DATA / "usa_usbp_monthly_fy2000_fy2025"
LEAST = 500
TEST = Period.month(2018, 1)
FIRST = 24  # periods before anything is judged
NAMED = {  # the protocol's onsets
    ("HND", "ALL"): ("2019-01", "2022-02", "2023-07"),
    ("MEX", "ALL"): ("2019-04", "2020-08", "2021-02", "2023-06"),
    ("DAR", "ALL"): ("2021-02", "2022-05", "2023-07"),
    ("DAR", "HTI"): ("2020-11", "2022-07"),
    ("DAR", "VEN"): ("2022-02", "2023-04"),
    ("USBP", "ALL"): ("2019-02", "2020-07"),
}


@dataclass(frozen=True)
class Light:
    """A detector's scores with its thresholds."""

    scores: Array
    at_02: Record
    at_04: Record
    kept: Record  # threshold chosen before 2018

    def told(self) -> dict[str, dict[str, float | None]]:
        return {"0.2": _plain(self.at_02), "0.4": _plain(self.at_04), "before_2018": _plain(self.kept)}


def watched_panel() -> Panel:
    """Every series of the test, on one calendar."""
    summed: dict[tuple[str, str, str], float] = {}
    for line in _lines(USBP / "usbp_monthly_by_region_citizenship.csv.gz"):
        if "Southwest" in line["region"]:
            _add(summed, ("USBP", line["citizenship"], line["month"][:7]), line["count"])
    for line in _lines(USBP / "usbp_monthly_by_sector.csv"):
        _add(summed, ("SECTOR", line["sector"], line["month"][:7]), line["count"])
    for node in ("DAR", "HND", "MEX"):
        for line in _lines(DATA / CORRIDOR_FILES[node]):
            _add(summed, (node, line["nationality_iso3"], line["month"][:7]), line["count"])
    panel = panel_of_counts(
        [Count(node, kind, Period.parse(month), n) for (node, kind, month), n in summed.items()]
    )
    large = np.nanmax(panel.counts, axis=1) >= LEAST
    flows = tuple(flow for flow, kept in zip(panel.flows, large, strict=True) if kept)
    return Panel(flows, panel.start, panel.counts[large])


def _lines(path: Path) -> list[dict[str, str]]:
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    return list(csv.DictReader(text.splitlines()))


def _add(summed: dict[tuple[str, str, str], float], key: tuple[str, str, str], count: str) -> None:
    summed[key] = summed.get(key, 0.0) + float(count)


def lights(panel: Panel, direction: int) -> dict[str, Light]:
    """Every detector and the stack, judged."""
    split, end = TEST - panel.start, panel.counts.shape[1]
    stack = train_stack(panel.counts, direction, range(FIRST, split))
    before = Watched.over(panel.counts[:, :split], direction, range(FIRST, split))
    after = Watched.over(panel.counts, direction, range(split, end))
    scores = {name: detect(panel.counts, direction) for name, detect in DETECTORS.items()}
    scores["stack"] = stack.scores(panel.counts)
    return {
        name: Light(
            one,
            after.at_budget(one, 0.2),
            after.at_budget(one, 0.4),
            after.record(one, before.at_budget(one, 0.2).threshold),
        )
        for name, one in scores.items()
    }


def named_onsets(panel: Panel, surges: dict[str, Light]) -> list[dict[str, object]]:
    """Delay in months of the first alarm from a month before to three after each named onset; None when missed."""
    return [
        {
            "series": f"{node} {kind}",
            "onset": month,
            **{name: _delay(panel, Flow(node, kind), month, light) for name, light in surges.items()},
            "walk_z > 2": _delay_at(panel, Flow(node, kind), month, walk_z(panel.counts, 1), 2.0),
        }
        for (node, kind), months in NAMED.items()
        for month in months
    ]


def _delay(panel: Panel, flow: Flow, month: str, light: Light) -> int | None:
    return _delay_at(panel, flow, month, light.scores, light.at_04.threshold)


def _delay_at(panel: Panel, flow: Flow, month: str, scores: Array, threshold: float) -> int | None:
    onset = Period.parse(month) - panel.start
    starts = starts_of(np.nan_to_num(scores[panel.flows.index(flow)], nan=-np.inf) > threshold)
    hits = starts[(starts >= onset - 1) & (starts <= onset + 3)]
    return int(hits[0]) - onset if len(hits) else None


def _plain(record: Record) -> dict[str, float | None]:
    return {
        "found": round(record.found_share, 3),
        "found_soon": round(record.found_soon_share, 3),
        "delay": None if record.mean_delay is None else round(record.mean_delay, 2),
        "precision": round(record.precision, 2),
        "false_per_year": round(record.false_per_year, 3),
    }


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--json", action="store_true")
    asked = reader.parse_args()

    panel = watched_panel()
    judged = {"surge": lights(panel, 1), "collapse": lights(panel, -1)}
    result = {
        "series": len(panel.flows),
        **{
            kind: {
                "episodes": all_lights["stack"].at_02.episodes,
                "series_years": round(all_lights["stack"].at_02.series_years),
                "lights": {name: light.told() for name, light in all_lights.items()},
            }
            for kind, all_lights in judged.items()
        },
        "named": named_onsets(panel, judged["surge"]),
    }
    print(json.dumps(result, indent=1) if asked.json else _table(result))


def _table(result: dict) -> str:
    lines = [f"{result['series']} series; found within 3 months / within 1, delay, precision, false a year"]
    for kind in ("surge", "collapse"):
        entry = result[kind]
        lines.append(f"{kind}: {entry['episodes']} episodes in {entry['series_years']} series-years")
        for name, told in entry["lights"].items():
            cells = [
                f"{way}: {100 * one['found']:.0f}/{100 * one['found_soon']:.0f} {one['delay']} "
                f"p{one['precision']} fa{one['false_per_year']}"
                for way, one in told.items()
            ]
            lines.append(f"  {name:14} " + " | ".join(cells))
    for one in result["named"]:
        told = {name: delay for name, delay in one.items() if name not in ("series", "onset")}
        lines.append(f"{one['series']} {one['onset']}: {told}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
