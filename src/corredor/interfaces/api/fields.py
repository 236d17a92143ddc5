"""What the fields of requests and answers may hold, once for all operations."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from ninja import Path, Query, Schema
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from corredor.areas.flows.queries.things import Words
from corredor.interfaces.api.paging import GREATEST
from corredor.kernel.sharing import Level

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _only_iso(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        raise ValueError("not a day of ISO 8601")
    return value


def _within_reach(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("a day from 1900 to 2199")
    return day


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


Day = Annotated[
    date,
    BeforeValidator(_only_iso),
    AfterValidator(_within_reach),
    WithJsonSchema({"type": "string", "format": "date", "pattern": "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"}),
]
Moment = Annotated[
    str,
    BeforeValidator(lambda moment: _in_utc(moment)),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Number = Annotated[int, Field(ge=1, le=GREATEST)]
Iso3 = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Frequency = Literal["D", "W", "M", "Q", "Y"]
LevelName = Literal["own", "members", "observers", "public"]
PublishLevel = Literal["members", "observers", "public"]

IdInPath = Annotated[Number, Path(..., ge=1, le=GREATEST, description="Its number")]
Limit = Annotated[int, Query(200, ge=1, le=1000, description="How many items at most")]
Cursor = Annotated[str, Query("", max_length=200, description="Where to go on: “next” of the page before")]
KnownOn = Annotated[Day | None, Query(None, description="As it was known at the end of that day (UTC)")]


class WordsOut(Schema):
    """The same in both languages."""

    en: str
    es: str


def words(both: Words) -> dict[str, str]:
    return {"en": both.en, "es": both.es}


def level_name(level: int) -> str:
    return Level(level).name.lower()


def level_of(name: str) -> Level:
    return Level[name.upper()]
