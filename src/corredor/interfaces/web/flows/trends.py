"""A series as a picture: its last years, the forecast's fan, the year before and the simple rule; the table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from corredor.areas.flows.queries.things import Point, SeriesCard
from corredor.areas.flows.rules import periods
from corredor.areas.foresight.queries import ForecastView
from corredor.interfaces.web.components import charts, formats
from corredor.interfaces.web.components.parts import Cell, Chart, Column, Link, Row, Table
from corredor.interfaces.web.flows import forecasts, past_fans, pictures, words
from corredor.interfaces.web.flows.knowledge import Knowledge

MONTHS_DRAWN = 30
PAST_FANS = 6


@dataclass(frozen=True, slots=True)
class Trend:
    """What one trend shows."""

    series: SeriesCard
    points: Sequence[Point]
    forecast: ForecastView | None = None

    @property
    def ahead(self) -> ForecastView | None:
        """The forecast, while none of its periods has been counted."""
        is_ahead = self.forecast and self.points and self.forecast.steps[0].target > self.points[-1].period
        return self.forecast if is_ahead else None


def name_of(card: SeriesCard) -> str:
    """What a series counts, where, and of whom."""
    told = {"gate": str(card.gate.name), "measure": str(card.measure.name).lower(), "who": who(card)}
    if told["who"]:
        return _("%(gate)s: %(measure)s, %(who)s") % told
    return _("%(gate)s: %(measure)s") % told


def who(card: SeriesCard) -> str:
    """Of which people a series is; empty for everybody."""
    from corredor.areas.flows.queries.things import country_words

    said = []
    if card.nationality != "ALL":
        said.append(str(card.nationality_name))
    if card.departure != "ALL":
        said.append(_("coming from %(country)s") % {"country": country_words(card.departure)})
    if card.sex != "ALL":
        said.append({"F": _("women and girls"), "M": _("men and boys")}.get(card.sex, card.sex))
    if card.age != "ALL":
        said.append(_("age %(age)s") % {"age": card.age.replace("-", "–")})
    if card.detail:
        said.append(card.detail)
    return ", ".join(said)


def says(trend: Trend) -> str:
    """The picture in one or two sentences."""
    shown = [point for point in trend.points if point.value is not None]
    if not shown:
        return _("No count of this series may be shown.")
    last = shown[-1]
    highest = max(shown, key=lambda point: point.value or 0)
    told = {
        "value": words.number(last.value),
        "period": words.period(last.period, last.frequency),
        "highest": words.number(highest.value),
        "when": words.period(highest.period, highest.frequency),
    }
    said = _("%(value)s in %(period)s; the highest was %(highest)s in %(when)s.") % told
    if not trend.ahead:
        return said
    coming = forecasts.next_of(trend.ahead, trend.series.frequency)
    told = {"period": coming.period, "range": formats.between(coming.low, coming.high, words.language())}
    return said + " " + _("For %(period)s the forecast gives %(range)s in eight cases of ten.") % told


def arguments(trend: Trend) -> dict[str, Any]:
    """What the drawing of a monthly trend takes."""
    shown = _drawn(trend.points)
    begin = shown[0].period
    before = [
        charts.Point(point.period, point.value)
        for point in trend.points
        if periods.shifted(point.period, "M", 12) >= begin
    ]
    ahead = trend.ahead
    return {
        "observed": [charts.Point(p.period, p.value, words.status(p)) for p in shown],
        "forecast": forecasts.bands(ahead) if ahead else (),
        "last_year": before,
        "baseline": [charts.Point(s.target, s.last_value) for s in ahead.steps] if ahead else (),
        "title": name_of(trend.series),
        "says": says(trend),
        "language": words.language(),
    }


def _drawn(points: Sequence[Point]) -> list[Point]:
    """The last months, up to the newest one that has a number; a gap stays a gap."""
    last = max(i for i, point in enumerate(points) if point.value is not None)
    kept = points[: last + 1]
    begin = periods.shifted(kept[-1].period, "M", 1 - MONTHS_DRAWN)
    return [point for point in kept if point.period >= begin]


def draw(trend: Trend, size: str) -> str:
    """The picture at one size: months with fan and year before; other frequencies as a plain line."""
    if trend.series.frequency == "M":
        return pictures.svg(charts.trend, size=size, **arguments(trend))
    width, height = (720, 200) if size == "wide" else (360, 150)
    values = [point.value for point in trend.points[-400:]]
    return charts.sparkline(values, says=says(trend), width=width, height=height)


def can_draw(trend: Trend) -> bool:
    return any(point.value is not None for point in trend.points)


def chart(trend: Trend, knowledge: Knowledge, *, title: str = "") -> Chart | None:
    """The trend with its table and its files; none when no count may be shown."""
    if not can_draw(trend):
        return None
    card = trend.series
    files = [
        Link(kind.upper(), knowledge.link(page, number=card.id, kind=kind))
        for page, kind in (
            ("series_file", "csv"),
            ("series_file", "xlsx"),
            ("trend_picture", "svg"),
            ("trend_picture", "png"),
        )
    ]
    return Chart(
        title or name_of(card),
        says(trend),
        draw(trend, "wide"),
        table(trend),
        card.source.publisher,
        max(point.known_at for point in trend.points),
        narrow=draw(trend, "narrow"),
        downloads=files,
    )


def table(trend: Trend, most: int = 60) -> Table:
    """The newest periods first: forecast with its range, then what was counted, with status and what was said before."""
    frequency = trend.series.frequency
    rows = []
    for step in reversed(trend.ahead.steps) if trend.ahead else ():
        spread = formats.between(round(step.low_80), round(step.high_80), words.language())
        rows.append(
            Row([words.period(step.target, frequency), round(step.median), spread, None, None], "forecast")
        )
    for point in list(reversed(trend.points))[:most]:
        value: Any = point.value if point.value is not None else words.value_or_reason(point)
        known = formats.day(point.known_at, words.language())
        cells = [words.period(point.period, frequency), value, None, point.revised_from, known]
        rows.append(Row(cells, words.status(point)))
    columns = [
        Column(_("Period")),
        Column(words.capital(words.unit(trend.series.measure.unit)), is_number=True),
        Column(_("80 per cent range"), is_number=True),
        Column(_("Said before"), is_number=True),
        Column(_("Known on")),
    ]
    return Table(name_of(trend.series), columns, rows)


def past_chart(trend: Trend, made: Sequence[ForecastView], knowledge: Knowledge) -> Chart | None:
    """Forecasts issued before, faded, against what came; none when none was issued before."""
    if not made or trend.series.frequency != "M" or not can_draw(trend):
        return None
    told = past_arguments(trend, made)
    drawn = pictures.both(past_fans.draw, **told)
    files = [
        Link(kind.upper(), knowledge.link("past_picture", number=trend.series.id, kind=kind))
        for kind in ("svg", "png")
    ]
    return Chart(
        told["title"],
        told["says"],
        drawn["wide"],
        past_table(trend, made),
        f"{trend.series.source.publisher}; Corredor",
        max(point.known_at for point in trend.points),
        narrow=drawn["narrow"],
        downloads=files,
    )


def past_arguments(trend: Trend, made: Sequence[ForecastView]) -> dict[str, Any]:
    """What the drawing of past fans takes."""
    shown = _drawn(trend.points)
    fans = [
        past_fans.Fan(forecast.origin, float(forecast.last_count), forecasts.bands(forecast))
        for forecast in made[:PAST_FANS]
    ]
    within, scored = _within(made)
    says_ = _(
        "Of %(scored)s months that have been counted since, %(within)s fell within the 80 per cent range."
    ) % {
        "scored": scored,
        "within": within,
    }
    return {
        "observed": [charts.Point(p.period, p.value, words.status(p)) for p in shown],
        "fans": fans,
        "title": _("What was forecast before, and what came"),
        "says": says_,
        "language": words.language(),
    }


def _within(made: Sequence[ForecastView]) -> tuple[int, int]:
    steps = [step for forecast in made for step in forecast.steps if step.observed is not None]
    return sum(1 for s in steps if s.low_80 <= (s.observed or 0) <= s.high_80), len(steps)


def past_table(trend: Trend, made: Sequence[ForecastView]) -> Table:
    """Every month of every earlier forecast, with what came."""
    language = words.language()
    rows = [
        Row(
            [
                words.period(step.target),
                Cell(words.period(forecast.origin)),
                round(step.median),
                formats.between(round(step.low_80), round(step.high_80), language),
                round(step.last_value),
                step.observed,
            ]
        )
        for forecast in made
        for step in forecast.steps
    ]
    columns = [
        Column(_("Month forecast")),
        Column(_("Made from figures up to")),
        Column(_("Middle forecast"), is_number=True),
        Column(_("80 per cent range"), is_number=True),
        Column(_("Last value"), is_number=True),
        Column(_("What came"), is_number=True),
    ]
    return Table(_("Earlier forecasts, as issued"), columns, rows)
