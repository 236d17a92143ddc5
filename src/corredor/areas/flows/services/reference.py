"""Loading the measures, gates and sources that the product ships."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import Any

from django.db import transaction

from corredor.areas.flows.models import Gate, Measure, Source
from corredor.kernel.sharing import Level


@transaction.atomic
def load_reference() -> dict[str, int]:
    """Bring in the shipped measures, gates and sources; returns how many of each there are.

    Safe to repeat. What an installation changed since is left as it is: only rows that are missing are added.
    """
    _add_missing(Measure, [_measure(row) for row in _rows("measures")])
    gates = _rows("gates")
    _add_missing(Gate, [_gate(row) for row in gates if not row["parent"]])
    _add_missing(Gate, _parents_first([row for row in gates if row["parent"]]))
    _add_missing(Source, [_source(row) for row in _rows("sources")])
    return {model.__name__.lower(): model.objects.count() for model in (Measure, Gate, Source)}


def _rows(name: str) -> list[dict[str, str]]:
    text = files("corredor.areas.flows").joinpath(f"reference/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _add_missing(model: type[Measure] | type[Gate] | type[Source], things: list[Any]) -> None:
    model.objects.bulk_create(things, ignore_conflicts=True)


def _measure(row: dict[str, str]) -> Measure:
    return Measure(**row)


def _gate(row: dict[str, str]) -> Gate:
    return Gate(
        code=row["code"],
        name_en=row["name_en"],
        name_es=row["name_es"],
        country=row["country_iso3"],
        other_country=row["other_country_iso3"],
        parent_id=row["parent"] or None,
        kind=row["kind"],
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
        coord_source=row["coord_source"],
        corridor_order=int(row["corridor_order"]) if row["corridor_order"] else None,
    )


def _parents_first(rows: list[dict[str, str]]) -> list[Gate]:
    """Children after their parents: foreign keys are checked at the end, but the order reads better."""
    waiting, placed, ordered = list(rows), set(), []
    inside = {row["code"] for row in rows}
    while waiting:
        ready = [row for row in waiting if row["parent"] not in inside or row["parent"] in placed]
        if not ready:
            raise ValueError("gates.csv: a gate contains itself")
        ordered += [_gate(row) for row in ready]
        placed |= {row["code"] for row in ready}
        waiting = [row for row in waiting if row not in ready]
    return ordered


def _source(row: dict[str, str]) -> Source:
    """A source of the reference table has already been published by its owner, in full: nothing more to protect."""
    return Source(
        code=row["code"],
        name_en=row["name_en"],
        name_es=row["name_es"],
        publisher=row["publisher"],
        country=row["country_iso3"],
        adapters=[name for name in row["adapters"].split(";") if name],
        citation=row["citation"],
        attribution_en=row["attribution_en"],
        attribution_es=row["attribution_es"],
        licence_note_en=row["licence_note_en"],
        licence_note_es=row["licence_note_es"],
        default_level=Level.PUBLIC,
        small_cell_threshold=0,
    )
