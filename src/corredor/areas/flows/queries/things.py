"""What a page, the API or an export is given: everything it must show beside a number, and never a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.translation import get_language

from corredor.areas.flows.rules import periods
from corredor.kernel.countries.names import country_name, is_country
from corredor.kernel.sharing import Level


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages; as text it speaks the reader's."""

    en: str = ""
    es: str = ""

    def __str__(self) -> str:
        return self.in_language(get_language() or "es")

    def in_language(self, language: str) -> str:
        return self.es if language.startswith("es") else self.en

    def __bool__(self) -> bool:
        return bool(self.en or self.es)


def country_words(iso3: str) -> Words:
    """A country or nationality (ISO alpha-3, ALL, OOO) by name."""
    return _OUTSIDE_ISO.get(iso3) or Words(country_name(iso3, "en"), country_name(iso3, "es"))


def is_nationality(iso3: str) -> bool:
    """Whether figures can be of this nationality."""
    return iso3 != "ALL" and (iso3 in _OUTSIDE_ISO or is_country(iso3))


_OUTSIDE_ISO = {"XKX": Words("Kosovo", "Kosovo")}  # in use by publishers, and in no list of ISO


@dataclass(frozen=True, slots=True)
class SourceCard:
    """Who states a figure, and what must be said when it is shown again."""

    code: str
    name: Words
    publisher: str
    country: str
    attribution: Words
    licence_note: Words
    citation: str
    small_cell_threshold: int = 0


@dataclass(frozen=True, slots=True)
class MeasureCard:
    """What is counted. ``unit`` is persons or events; ``kind`` flow or stock."""

    code: str
    name: Words
    unit: str
    kind: str
    definition: Words
    notes: Words


@dataclass(frozen=True, slots=True)
class GateCard:
    """Where it is counted. ``lat``/``lon`` in degrees, None off the map; ``order`` from south to north."""

    code: str
    name: Words
    country: str
    kind: str
    lat: float | None
    lon: float | None
    order: int | None
    parent: str = ""


@dataclass(frozen=True, slots=True)
class SeriesCard:
    """What a row of numbers is about."""

    id: int
    source: SourceCard
    measure: MeasureCard
    gate: GateCard
    frequency: Literal["D", "W", "M", "Q", "Y"]
    nationality: str
    departure: str
    sex: str
    age: str
    direction: str
    detail: str
    basis: str  # "published", or "sum:…" and of what
    level: Level
    first_period: date | None
    last_period: date | None

    @property
    def is_summed(self) -> bool:
        return self.basis != "published"

    @property
    def is_whole(self) -> bool:
        """Whether it counts everybody at its gate, not a part of them."""
        return not self.detail and self.breakdown == ("ALL", "ALL", "ALL", "ALL")

    @property
    def breakdown(self) -> tuple[str, str, str, str]:
        return (self.nationality, self.departure, self.sex, self.age)

    @property
    def key(self) -> str:
        """A name that stays: the codes joined by "/", as the API and the forecasts use them."""
        parts = (self.source.code, self.measure.code, self.gate.code, self.frequency, *self.breakdown)
        return "/".join((*parts, self.direction, self.detail, self.basis))

    @property
    def nationality_name(self) -> Words:
        return country_words(self.nationality)


@dataclass(frozen=True, slots=True)
class Point:
    """A figure with what must be said beside it.

    ``value`` None: hidden by the source (then ``low``–``high`` is the range it admits), or protected here
    (``is_protected``). ``is_part``: a running total of an unfinished period, or a sum with parts missing.
    ``known_at`` is when this was stated, ``first_known_at`` when a whole figure of the period first was.
    ``revised_from``: what was said before, when it differed. ``parts``: how many figures were summed.
    """

    period: date
    frequency: str
    value: int | None
    low: int | None
    high: int | None
    status: Literal["provisional", "validated", "revised"]
    is_part: bool
    known_at: datetime
    first_known_at: datetime
    batch: int
    level: Level
    revised_from: int | None = None
    revisions: int = 0
    parts: int | None = None
    is_protected: bool = False

    @property
    def label(self) -> str:
        """The period as ISO 8601 writes it."""
        return periods.label(self.period, self.frequency)

    @property
    def last_day(self) -> date:
        return periods.last_day_of(self.period, self.frequency)

    @property
    def is_provisional(self) -> bool:
        return self.status == "provisional" or self.is_part

    @property
    def is_hidden(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure stands to an earlier one. ``ratio`` is now/then - 1, None when then is 0 or anything is hidden."""

    than: Point
    by: int | None
    ratio: float | None

    @property
    def direction(self) -> Literal["up", "down", "same", "unknown"]:
        if self.by is None:
            return "unknown"
        return "up" if self.by > 0 else "down" if self.by < 0 else "same"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know beside a number; the number itself is never changed.

    ``code``: part-period, sum-differs, gap, unusual, late, revised, parts-missing, note.
    """

    code: str
    words: Words
    period: date | None = None
    by: str = ""  # who wrote it, for notes


@dataclass(frozen=True, slots=True)
class Headline:
    """The latest of one series: what a gate's line shows.

    ``points`` are the last periods, oldest first (gaps are absent), ``last`` the newest of them that covers a whole
    period, ``running`` a newer one that does not. ``age_days`` counts from the end of the period of ``last`` to the
    day of reading.
    """

    series: SeriesCard
    points: tuple[Point, ...]
    last: Point
    running: Point | None
    previous: Change | None
    year_before: Change | None
    age_days: int
    flags: tuple[Flag, ...]
    sentence: Words


@dataclass(frozen=True, slots=True)
class GateSituation:
    """One gate with the headline of each source and measure: side by side, never added."""

    gate: GateCard
    headlines: tuple[Headline, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """The corridor as this reader may see it: gates from south to north, then those off the corridor."""

    gates: tuple[GateSituation, ...]
    as_known_on: date | None
    read_at: datetime
    latest_known_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a composition: ``code`` is a nationality, a sex, an age group; "REST" is all others together."""

    code: str
    name: Words
    point: Point | None
    share: float | None  # of the whole, 0 to 1
    members: int = 1  # how many rows it stands for


@dataclass(frozen=True, slots=True)
class Composition:
    """Of whom a period's figure is made: the largest parts and the rest, with what had to be protected."""

    series: SeriesCard
    period: date
    whole: Point | None
    by: Literal["nationality", "sex", "age", "sex+age", "departure", "detail"]
    parts: tuple[Part, ...]
    protected: int  # how many rows are hidden to protect people

    @property
    def label(self) -> str:
        return periods.label(self.period, self.series.frequency)


@dataclass(frozen=True, slots=True)
class GatePage:
    """Everything of one gate."""

    gate: GateCard
    parent: GateCard | None
    children: tuple[GateCard, ...]
    headlines: tuple[Headline, ...]
    compositions: tuple[Composition, ...]


@dataclass(frozen=True, slots=True)
class CountryPage:
    """Everything counted in one country, gate by gate."""

    iso3: str
    name: Words
    gates: tuple[GateSituation, ...]


@dataclass(frozen=True, slots=True)
class NationalityPage:
    """One nationality along the corridor: a headline per gate, source and measure."""

    iso3: str
    name: Words
    gates: tuple[GateSituation, ...]


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A series with its points and what is known of their quality."""

    series: SeriesCard
    points: tuple[Point, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Vintage:
    """What was said of a period at a moment."""

    period: date
    frequency: str
    value: int | None
    low: int | None
    high: int | None
    status: Literal["provisional", "validated", "revised"]
    is_part: bool
    known_at: datetime
    batch: int

    @property
    def label(self) -> str:
        return periods.label(self.period, self.frequency)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far a source has come: its last period, when it became known, and how late that is for it."""

    source: SourceCard
    measure: MeasureCard
    frequency: str
    last_period: date
    known_at: datetime
    usual_lag_days: int | None  # from the end of a period to the day it became known; None with fewer than 4
    days_since_known: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure with its series, as the API and the exports hand it out."""

    series: SeriesCard
    point: Point


@dataclass(frozen=True, slots=True)
class FigurePage:
    """A page of figures; ``cursor`` asks for the next one, empty at the end."""

    rows: tuple[FigureRow, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Which figures; an empty field lets all pass. ``since``/``until`` bound the first day of the period."""

    source: str = ""
    measure: str = ""
    gate: str = ""
    country: str = ""
    frequency: str = ""
    nationality: str = ""
    basis: str = ""  # "published" leaves out what Corredor summed
    breakdown: Literal["", "whole", "nationality", "demography"] = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """A row of a file that was not taken."""

    row: int
    column: str
    sheet: str
    code: str
    reason: Words
    found: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A total the file states, and what its parts sum to."""

    row: int
    column: str
    sheet: str
    what: str
    stated: int
    summed: int

    @property
    def agrees(self) -> bool:
        return self.stated == self.summed


@dataclass(frozen=True, slots=True)
class BatchCard:
    """One import, as its country sees it."""

    id: int
    source: SourceCard
    file_name: str
    adapter: str
    imported_by: str
    imported_at: datetime
    known_at: datetime
    status: Literal["reading", "kept", "failed", "withdrawn"]
    failure: Words
    level: Level
    published_by: str
    published_at: datetime | None
    read: int
    kept: int
    unchanged: int
    revised: int
    refused: int
    summed: int
    may_publish_to: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One import in full."""

    batch: BatchCard
    refusals: tuple[RefusalRow, ...]
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement ever made about a series and seen by this reader, for forecasting: see science.series."""

    period: date
    value: int
    known_at: datetime
    status: Literal["provisional", "validated", "revised"]
    is_part: bool
