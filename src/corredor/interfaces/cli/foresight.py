"""``corredor foresight``: issue forecasts, record what came, look at them and at how good they have been."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime

import click
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation

from corredor.areas.foresight import queries
from corredor.interfaces import forecasting
from corredor.kernel.policy import SYSTEM


@click.group()
def foresight() -> None:
    """Forecasts: issue them, record what came, look at them. · Pronósticos."""


def as_day(_context: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def show(answer: object) -> None:
    click.echo(json.dumps(answer, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))


@foresight.command()
@click.option("--source", default="", help="Only the flows of this source.")
@click.option("--gate", default="", help="Only the flows at this gate.")
@click.option(
    "--known-on", type=click.DateTime(["%Y-%m-%d"]), callback=as_day, help="From what was known that day."
)
@click.option("--json", "as_json", is_flag=True)
def issue(source: str, gate: str, known_on: date | None, as_json: bool) -> None:
    """Forecast every flow one to six periods ahead from the figures as they stand."""
    report = forecasting.issue_from_figures(by=SYSTEM, source=source, gate=gate, known_on=known_on)
    if as_json:
        show(asdict(report))
        return
    click.echo(f"issued {report.issued} · unchanged {report.unchanged} · withheld {len(report.withheld)}")


@foresight.command()
@click.option("--source", default="", help="Only the flows of this source.")
@click.option("--json", "as_json", is_flag=True)
def record(source: str, as_json: bool) -> None:
    """Score every forecast whose figure has arrived."""
    recorded = forecasting.record_from_figures(by=SYSTEM, source=source)
    if as_json:
        show({"recorded": recorded})
        return
    click.echo(f"recorded {recorded}")


@foresight.command("list")
@click.option("--gate", default="")
@click.option("--nationality", default="")
@click.option("--after", default=0, help="The id of the last forecast seen.")
@click.option("--limit", default=100, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True)
def list_forecasts(gate: str, nationality: str, after: int, limit: int, as_json: bool) -> None:
    """Forecasts in order of issue."""
    found = queries.forecasts(SYSTEM, gate=gate, nationality=nationality, after=after, limit=limit)
    if as_json:
        show([asdict(forecast) for forecast in found])
        return
    for forecast in found:
        first = forecast.steps[0]
        click.echo(
            f"{forecast.id}  {forecast.gate} {forecast.measure} {forecast.nationality}  {first.target:%Y-%m}: "
            f"{first.median:.0f} ({first.low_80:.0f}–{first.high_80:.0f})  last value {forecast.last_count}"
        )


@foresight.command("record-of")
@click.option("--flow", default=None, help="One flow; all without it.")
@click.option("--horizon", type=click.IntRange(1, 6), default=None)
@click.option("--json", "as_json", is_flag=True)
def record_of(flow: str | None, horizon: int | None, as_json: bool) -> None:
    """How good the forecasts have been against the cube-root walk (below 1 is better)."""
    record = queries.record(SYSTEM, flow=flow, horizon=horizon)
    if as_json:
        show(asdict(record))
        return
    if not record.forecasts:
        click.echo(translation.gettext("No forecast has its outcome yet."))
        return
    click.echo(f"{record.forecasts} · rWIS {record.relative_wis} · 80 % → {record.coverage_80}")
