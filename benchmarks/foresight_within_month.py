"""Weekly forecasts and the nowcast of the running month on another sea: small boats in the Channel, day by day.

    .venv/bin/python benchmarks/foresight_within_month.py [--json]

Weeks: origins June 2021 to May 2025, 1 to 4 weeks ahead, WIS against the cube-root walk and the last value. Running
month: WIS of the nowcast after 7, 14 and 21 days against the walk's forecast from whole months, same months.
"""

from __future__ import annotations

import argparse
import csv
import json
from datetime import date, timedelta

import numpy as np
from foresight_backtest import DATA

from corredor.science.foresight.backtest import forecasts_of, months, outcomes_of
from corredor.science.foresight.methods.calibration import Mixture
from corredor.science.foresight.methods.random_walk import CUBE_ROOT_WALK, LAST_VALUE
from corredor.science.foresight.methods.seasonal_pool import SeasonalPool
from corredor.science.foresight.nowcast import nowcast
from corredor.science.foresight.panel import Flow, Panel
from corredor.science.foresight.scoring import covered, relative, wis
from corredor.science.series import ObservedSeries, Period


def daily() -> tuple[date, np.ndarray]:
    path = DATA / "uk_small_boats_daily" / "uk_small_boats_daily_2018_2025H1.csv"
    lines = list(csv.DictReader(path.read_text().splitlines()))
    return date.fromisoformat(lines[0]["date"]), np.array([float(line["migrants"]) for line in lines])


def weeks() -> dict[str, dict[str, object]]:
    first, people = daily()  # a Monday
    whole = len(people) // 7
    panel = Panel(
        (Flow("CHANNEL"),), Period.containing(first, "W"), people[: whole * 7].reshape(1, -1, 7).sum(axis=2)
    )
    origins = months(Period.containing(date(2021, 6, 7), "W"), Period.containing(date(2025, 5, 26), "W"))
    outcomes = outcomes_of(panel, origins, 4)
    pool = SeasonalPool()
    methods = (CUBE_ROOT_WALK, LAST_VALUE, pool, Mixture("pool_and_walk", (pool, CUBE_ROOT_WALK)))
    said = {method.name: forecasts_of(method, panel, origins, 4) for method in methods}
    known = ~np.isnan(outcomes.observed)
    y = outcomes.observed[known]
    return {
        name: {
            **{
                f"{scale}_against_{other}": round(
                    relative(wis(y, q[known], scale), wis(y, said[other][known], scale)), 3
                )
                for scale in ("log", "natural")
                for other in ("cube_root_walk", "last_value")
            },
            "coverage": [round(100 * float(covered(y, q[known], p).mean())) for p in (50, 80, 95)],
        }
        for name, q in said.items()
    }


def running_months() -> dict[str, dict[str, object]]:
    first, people = daily()
    start = Period.containing(first, "M")
    last = Period.containing(first + timedelta(days=len(people) - 1), "M")
    totals = np.array([_of_month(first, people, start + k).sum() for k in range(last - start + 1)])
    result: dict[str, dict[str, object]] = {}
    for days in (7, 14, 21):
        rows = [_one_month(first, people, start, totals, k, days) for k in range(36, len(totals))]
        observed, now, walk = (np.array(column) for column in zip(*rows, strict=True))
        result[f"after {days} days"] = {
            "months": len(rows),
            "log": round(relative(wis(observed, now, "log"), wis(observed, walk, "log")), 3),
            "natural": round(relative(wis(observed, now), wis(observed, walk)), 3),
            "coverage": [round(100 * float(covered(observed, now, p).mean())) for p in (50, 80, 95)],
        }
    return result


def _of_month(first: date, people: np.ndarray, month: Period) -> np.ndarray:
    opening = (month.first_day - first).days
    return people[opening : opening + (month.last_day - month.first_day).days + 1]


def _one_month(first, people, start, totals, k, days):
    month = start + k
    seen = people[: (month.first_day - first).days + days]
    series = ObservedSeries.from_counts("Channel", Period.containing(first, "D"), seen)
    history = Panel((Flow("CHANNEL"),), start, totals[None, :k])
    return totals[k], nowcast(series).quantiles, CUBE_ROOT_WALK.fit(history).predict(1)[0, 0]


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--json", action="store_true")
    asked = reader.parse_args()
    result = {"weeks": weeks(), "running_month": running_months()}
    if asked.json:
        print(json.dumps(result, indent=1))
        return
    for part, entries in result.items():
        for name, entry in entries.items():
            print(part, name, entry)


if __name__ == "__main__":
    main()
