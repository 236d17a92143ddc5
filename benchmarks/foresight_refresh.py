"""Time and memory of one refresh of the whole corridor: forecasts for every flow from the newest month.

    .venv/bin/python benchmarks/foresight_refresh.py [--method corridor_mix|corridor_ensemble] [--threads 2] [--json]

Prints the first refresh (nothing remembered, everything trained), the next month's (in between trainings) and the
same month asked again; and the largest memory held. Goals: 60 s and 1.5 GB with training, 10 s without, on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time

from foresight_backtest import corridor

from corredor.science.foresight import Flow, Method, corridor_ensemble, corridor_forecasts, corridor_mix
from corredor.science.foresight.panel import Panel
from corredor.science.series import ObservedSeries


def series_of(panel: Panel) -> dict[Flow, ObservedSeries]:
    """The flows that have counted anybody, as series."""
    return {
        flow: ObservedSeries.from_counts(str(flow), panel.start, counts)
        for flow, counts in zip(panel.flows, panel.counts, strict=True)
    }


def timed(panel: Panel, method: Method) -> dict[str, float]:
    """Seconds and processor seconds of one call, and how many flows were forecast."""
    began, worked = time.perf_counter(), time.process_time()
    issued = corridor_forecasts(series_of(panel), method=method)
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(time.process_time() - worked, 1),
        "forecasts": len(issued.forecasts),
    }


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument(
        "--method", choices=("corridor_mix", "corridor_ensemble"), default="corridor_ensemble"
    )
    reader.add_argument("--threads", type=int, default=2)
    reader.add_argument("--json", action="store_true")
    asked = reader.parse_args()

    panel = corridor()
    latest = panel.last + -1
    newest = latest + -(latest.ordinal % 3)  # a month of training; the one after it falls between two
    ensemble = asked.method == "corridor_ensemble"
    method = corridor_ensemble(threads=asked.threads) if ensemble else corridor_mix()
    result: dict[str, object] = {"method": asked.method, "load": os.getloadavg()[0]}
    result["first"] = timed(panel.until(newest), method)
    result["next_month"] = timed(panel.until(newest + 1), method)
    result["again"] = timed(panel.until(newest + 1), method)
    result["rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(result) if asked.json else "\n".join(f"{key}: {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
