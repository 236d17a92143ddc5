"""Series from outside the region, for testing methods: the Channel by day, Europe's external border by month.

Their figures are never shipped with the product. Their gates are in ``reference/gates_outside.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from corredor.areas.flows.adapters.cells import chosen, count, country, each, iso_day, iso_month
from corredor.areas.flows.adapters.figures import Figure, Item
from corredor.areas.flows.adapters.layouts import CsvAdapter, Layout
from corredor.areas.flows.adapters.rows import Row
from corredor.areas.flows.adapters.wholes import with_wholes

ROUTES = {
    "Central Mediterranean Route": "EUR-EXT-CMED",
    "Eastern Borders Route": "EUR-EXT-EBORD",
    "Eastern Mediterranean Route": "EUR-EXT-EMED",
    "Western Balkan Route": "EUR-EXT-WBALK",
    "Western African Route": "EUR-EXT-WAFR",
    "Western Mediterranean Route": "EUR-EXT-WMED",
    "Circular Route from Albania to Greece": "EUR-EXT-CIRC",
    "Black Sea Route": "EUR-EXT-BLACK",
    "Other": "EUR-EXT-OTHER",
}


def _channel(rows: Iterator[Row]) -> Iterator[Item]:
    return each(rows, _channel_day)


def _channel_day(row: Row) -> Iterator[Figure]:
    """People only: boats are another unit, and no measure of Corredor counts them."""
    day = iso_day(row["date"], row.place("date"))
    people = count(row["migrants"], row.place("migrants"))
    yield Figure("detections", "GBR-CHANNEL", "D", day, people, row.place("migrants"))


def _routes(rows: Iterator[Row]) -> Iterator[Item]:
    return each(rows, _route)


def _route(row: Row) -> Iterator[Figure]:
    gate = chosen(row["route"], ROUTES, row.place("route"), "unknown-gate")
    month = iso_month(row["month"], row.place("month"))
    yield Figure("detections", gate, "M", month, count(row["count"], row.place("count")), row.place("count"))


def _route_nationalities(rows: Iterator[Row]) -> Iterator[Item]:
    return with_wholes(each(rows, _route_nationality), lambda figure: replace(figure, detail=""))


def _route_nationality(row: Row) -> Iterator[Figure]:
    """Frontex has two groups of others, OOO and OOS (unspecified, sub-Saharan Africa): OOS keeps its name in the detail."""
    nationality = country(row["nationality_iso3"], row.place("nationality_iso3"))
    group = ";group=OOS" if row["nationality_iso3"] == "OOS" else ""
    for figure in _route(row):
        yield replace(
            figure, nationality=nationality, detail=f"border={row['border_type'].casefold()}{group}"
        )


UK_SMALL_BOATS = CsvAdapter(
    "uk-small-boats",
    "gbr-home-office-channel",
    ("small_boats", "channel"),
    (Layout(("date", "migrants", "boats"), _channel),),
)
FRONTEX = CsvAdapter(
    "frontex-routes",
    "eur-frontex-detections",
    ("frontex",),
    (
        Layout(("month", "route", "count"), _routes),
        Layout(("month", "route", "border_type", "nationality_iso3", "count"), _route_nationalities),
    ),
)
