"""Backtest of the forecasting methods by the protocol, on the public series beside the checkout.

    .venv/bin/python benchmarks/foresight_backtest.py [--region corridor|frontex] [--parts] [--trees] [--json]

Prints relative WIS against the cube-root random walk (1 = no better), coverage, surge average precision, time, memory.
The Frontex series are another region, never used to choose anything: the honest check.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from corredor.science.foresight.backtest import backtest, months
from corredor.science.foresight.method import Method
from corredor.science.foresight.methods.calibration import AdaptiveConformal, Recalibrated
from corredor.science.foresight.methods.corridor_mix import corridor_ensemble, corridor_mix
from corredor.science.foresight.methods.elastic_net import CorridorNet
from corredor.science.foresight.methods.random_walk import CUBE_ROOT_WALK
from corredor.science.foresight.methods.record import Remembered
from corredor.science.foresight.panel import Count, Panel, panel_of_counts
from corredor.science.series import Period

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CORREDOR_SHARED", ROOT.parent / "shared")) / "data"
CORRIDOR_FILES = {
    "DAR": "darien_transit/darien_monthly_by_nationality.csv",
    "HND": "honduras_irregular_entries/honduras_monthly_by_nationality.csv",
    "MEX": "mexico_irregular_situation/mexico_monthly_by_nationality.csv",
    "USA": "usa_sw_border_encounters/usa_swb_monthly_by_nationality.csv",
}


def corridor() -> Panel:
    """The four nodes, Darién from 2021, up to April 2025."""
    counts = [
        Count(node, line["nationality_iso3"], Period.parse(line["month"][:7]), float(line["count"]))
        for node, name in CORRIDOR_FILES.items()
        for line in csv.DictReader((DATA / name).read_text().splitlines())
        if line["month"] < "2025-05"
    ]
    return panel_of_counts(counts, since={"DAR": Period.month(2021, 1)})


def frontex() -> Panel:
    """Detections by route and nationality since 2015; land and sea are summed."""
    summed: dict[tuple[str, str, str], float] = {}
    for line in _frontex_lines():
        key = (line["route"], line["nationality_iso3"], line["month"][:7])
        summed[key] = summed.get(key, 0.0) + float(line["count"])
    counts = [Count(route, nat, Period.parse(month), n) for (route, nat, month), n in summed.items()]
    return panel_of_counts([count for count in counts if count.period >= Period.month(2015, 1)], chain=())


def _frontex_lines() -> Iterator[dict[str, str]]:
    path = DATA / "frontex_detections" / "frontex_monthly_by_route_nationality.csv.gz"
    with gzip.open(path, "rt") as lines:
        yield from csv.DictReader(lines)


def parts() -> list[Method]:
    """The pieces of the mixture, each on its own."""
    walk, net = Remembered(CUBE_ROOT_WALK), Remembered(CorridorNet())
    return [
        AdaptiveConformal("walk_conformal", walk),
        Recalibrated("walk_recalibrated", walk),
        AdaptiveConformal("net_conformal", net),
    ]


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--region", choices=("corridor", "frontex"), default="corridor")
    reader.add_argument("--parts", action="store_true", help="also score the pieces of the mixture")
    reader.add_argument("--trees", action="store_true", help="also score the ensemble with boosted trees")
    reader.add_argument("--json", action="store_true")
    asked = reader.parse_args()

    began = time.perf_counter()
    panel = corridor() if asked.region == "corridor" else frontex()
    origins = None if asked.region == "corridor" else months(Period.month(2022, 7), Period.month(2024, 10))
    methods = [
        corridor_mix(),
        *([corridor_ensemble(threads=1)] if asked.trees else []),
        *(parts() if asked.parts else []),
    ]
    rng = np.random.default_rng(20261123)
    result = backtest(
        panel,
        methods,
        issued="corridor_ensemble" if asked.trees else "corridor_mix",
        origins=origins,
        rng=rng,
    )
    result["seconds"] = round(time.perf_counter() - began, 1)
    result["rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(result, indent=1) if asked.json else _table(result))


def _table(result: dict) -> str:
    lines = [
        f"{'method':20} {'class':7} {'n':>6} {'log':>6} {'interval':>13} {'natural':>8} {'cover':>9} {'surge':>6}"
    ]
    for name, classes in result["models"].items():
        for flow_class, entry in classes.items():
            low, high = entry["rwis_log_interval"]
            cover = "/".join(f"{value:.0f}" for value in entry["coverage"].values())
            surge = "" if entry["surge_ap"] is None else f"{entry['surge_ap']:.2f}"
            lines.append(
                f"{name:20} {flow_class:7} {entry['n']:6} {entry['rwis_log']:6.3f} [{low:.3f}, {high:.3f}] "
                f"{entry['rwis_natural']:7.3f} {cover:>9} {surge:>6}"
            )
    for name, spans in result["surge"].items():
        found = ", ".join(
            f"{span} {s['average_precision']:.2f}/{s['brier_skill']:.2f}" for span, s in spans.items()
        )
        lines.append(f"surge AP/Brier skill over TOTAL + MAIN, {name}: {found}")
    return "\n".join([*lines, f"{result['seconds']} s, {result['rss_mb']} MB"])


if __name__ == "__main__":
    main()
