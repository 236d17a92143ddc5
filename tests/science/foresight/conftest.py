"""A small invented corridor whose truth is known, and the real one of the protocol."""

import csv
from pathlib import Path

import numpy as np
import pytest

from corredor.science.foresight.panel import Count, Flow, Panel, panel_of_counts
from corredor.science.series import Period

NATIONALITIES = tuple("ABCDEFGHIJKL")
FILES = {
    "DAR": "darien_transit/darien_monthly_by_nationality.csv",
    "HND": "honduras_irregular_entries/honduras_monthly_by_nationality.csv",
    "MEX": "mexico_irregular_situation/mexico_monthly_by_nationality.csv",
    "USA": "usa_sw_border_encounters/usa_swb_monthly_by_nationality.csv",
}


def invented_corridor(months: int = 60, seed: int = 5) -> Panel:
    """Twelve nationalities cross Darién as cube-root walks and reach Honduras a month later."""
    rng = np.random.default_rng(seed)
    levels = rng.uniform(4, 12, size=(len(NATIONALITIES), 1))
    roots = np.maximum(levels + np.cumsum(rng.normal(0, 0.7, (len(NATIONALITIES), months + 1)), axis=1), 1.0)
    crossed = np.round(roots**3)
    rows = {Flow("DAR", n): crossed[k, 1:] for k, n in enumerate(NATIONALITIES)}
    rows |= {Flow("HND", n): np.round(0.8 * crossed[k, :-1]) for k, n in enumerate(NATIONALITIES)}
    rows[Flow("DAR")] = crossed[:, 1:].sum(axis=0)
    rows[Flow("HND")] = np.round(0.8 * crossed[:, :-1]).sum(axis=0)
    return Panel(tuple(rows), Period.month(2019, 1), np.array(list(rows.values())))


@pytest.fixture(scope="session")
def corridor() -> Panel:
    return invented_corridor()


@pytest.fixture(scope="session")
def real_corridor(shared_data: Path) -> Panel:
    """Darién, Honduras, Mexico and the United States by nationality, as the protocol takes them."""
    counts = [
        Count(node, line["nationality_iso3"], Period.parse(line["month"][:7]), float(line["count"]))
        for node, name in FILES.items()
        for line in csv.DictReader((shared_data / name).read_text().splitlines())
        if line["month"] < "2025-05"
    ]
    return panel_of_counts(counts, since={"DAR": Period.month(2021, 1)})
