"""Imports: bring a file, see what became of it, publish or withdraw it; the same services as page and command."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, Query, Schema
from ninja.files import UploadedFile as Upload
from pydantic import ConfigDict

from corredor.areas.flows import queries, services
from corredor.areas.flows.queries.things import BatchCard, CheckRow, RefusalRow
from corredor.areas.flows.services import Report
from corredor.interfaces.api import problems, wire
from corredor.interfaces.api.contract import ApiRequest
from corredor.interfaces.api.fields import (
    Code,
    Cursor,
    Day,
    IdInPath,
    LevelName,
    Limit,
    Moment,
    PublishLevel,
    WordsOut,
    level_name,
    level_of,
    words,
)
from corredor.interfaces.api.operations import read, write
from corredor.interfaces.api.paging import Page, page_of, place_of
from corredor.kernel.errors import Invalid, Refused

MOST_MAPPING = 200_000


class BatchOut(Schema):
    """One import. ``read`` = ``kept`` + ``unchanged`` + ``refused``; ``revised`` is a part of ``kept``."""

    batch: int
    source: str
    file: str
    adapter: str
    known_at: Moment
    imported_at: Moment
    published_at: Moment | None
    status: Literal["reading", "kept", "failed", "withdrawn"]
    failure: WordsOut
    level: LevelName
    may_publish_to: list[LevelName]
    read: int
    kept: int
    unchanged: int
    revised: int
    refused: int
    summed: int


class CheckOut(Schema):
    """A total the file states, and what its parts sum to."""

    row: int
    column: str
    sheet: str
    what: str
    stated: int
    summed: int
    agrees: bool


class RefusalOut(Schema):
    """A row or cell of the file that was not taken."""

    row: int
    column: str
    sheet: str
    reason_code: str
    reason_es: str
    reason_en: str
    found: str


class BatchPageOut(BatchOut):
    """An import with the totals that were checked; its refusals are a list of their own."""

    checks: list[CheckOut]


class ReportOut(Schema):
    """What became of a file, in the words of ``corredor flows import --json``. ``batch`` is null when nothing was kept."""

    batch: int | None
    adapter: str
    source: str
    status: Literal["kept", "unchanged", "known-already", "refused", "dry-run"]
    read: int
    kept: int
    unchanged: int
    revised: int
    refused: int
    of_other_sources: int
    summed: int
    refusals: list[RefusalOut]
    refusals_left_off: int
    checks: list[CheckOut]


class ProposalOut(Schema):
    """How a file would be read. ``mapping`` can be repaired and sent with the import; null for a known layout."""

    adapter: str
    source: str
    is_remembered: bool
    mapping: dict[str, Any] | None
    questions: list[dict[str, Any]]


class PublicationIn(Schema):
    """How far the batch may be seen from now on."""

    model_config = ConfigDict(extra="forbid")

    level: PublishLevel


class ReachedOut(Schema):
    batch: int
    level: LevelName


class WithdrawnOut(Schema):
    batch: int
    status: Literal["withdrawn"]


class ValidationIn(Schema):
    """Which provisional figures stand: of a source, measure and gate, for whole periods up to a day."""

    model_config = ConfigDict(extra="forbid")

    source: Code
    measure: Code
    gate: Code
    through: Day


class NothingTaken(Refused):
    code = "nothing-taken"
    http_status = 422
    rule = _("No row of the file could be taken.")
    way_out = _("The report says row by row what is to be corrected.")


# ---------------------------------------------------------------------------------------------------------------------
# Reading


@read("/batches", action="flows.read_batches", en="The imports, newest first", es="Las importaciones, primero la más reciente", answer=Page[BatchOut])  # fmt: skip
def batches(
    request: ApiRequest,
    source: Annotated[str, Query("", max_length=60)] = "",
    cursor: Cursor = "",
    limit: Limit = 200,
) -> Any:
    place = place_of(cursor, int)
    found = queries.batches(request.actor, source=source, before=place[0] if place else None, limit=limit + 1)
    return page_of(found, limit, shown=batch_out, place=lambda card: (card.id,))


def batch_out(card: BatchCard) -> dict[str, Any]:
    return {
        "batch": card.id,
        "source": card.source.code,
        "file": card.file_name,
        "adapter": card.adapter,
        "known_at": card.known_at,
        "imported_at": card.imported_at,
        "published_at": card.published_at,
        "status": card.status,
        "failure": words(card.failure),
        "level": level_name(card.level),
        "may_publish_to": [level_name(level) for level in card.may_publish_to],
        **{
            name: getattr(card, name)
            for name in ("read", "kept", "unchanged", "revised", "refused", "summed")
        },
    }


@read(
    "/batches/{int:id}",
    action="flows.read_batches",
    en="One import",
    es="Una importación",
    answer=BatchPageOut,
)
def batch(request: ApiRequest, id: IdInPath) -> Any:
    found = queries.batch(request.actor, id)
    return {**batch_out(found.batch), "checks": [check_out(one) for one in found.checks]}


def check_out(check: CheckRow) -> dict[str, Any]:
    names = ("row", "column", "sheet", "what", "stated", "summed", "agrees")
    return {name: getattr(check, name) for name in names}


@read("/batches/{int:id}/refusals", action="flows.read_batches", en="What of a file was not taken, and why", es="Lo que no se tomó de un archivo, y por qué", answer=Page[RefusalOut])  # fmt: skip
def refusals(request: ApiRequest, id: IdInPath, cursor: Cursor = "", limit: Limit = 200) -> Any:
    start = (place_of(cursor, int) or (0,))[0]
    every = queries.batch(request.actor, id).refusals  # written once with the batch: their order stays
    numbered = list(enumerate(every[start : start + limit + 1], start=start + 1))
    return page_of(numbered, limit, shown=lambda one: refusal_out(one[1]), place=lambda one: (one[0],))


def refusal_out(refusal: RefusalRow) -> dict[str, Any]:
    return {
        "row": refusal.row,
        "column": refusal.column,
        "sheet": refusal.sheet,
        "reason_code": refusal.code,
        "reason_es": refusal.reason.es,
        "reason_en": refusal.reason.en,
        "found": refusal.found,
    }


# ---------------------------------------------------------------------------------------------------------------------
# Bringing


@write("POST", "/batches", action="flows.import_figures", en="Import a file of figures", es="Importar un archivo de cifras", answer=ReportOut, body="multipart")  # fmt: skip
def import_figures(
    request: ApiRequest,
    file: Annotated[Upload, File(..., description="CSV, XLSX, XLS, ODS or PDF as published")],
    adapter: Annotated[str, Form("", max_length=60, description="The reader; recognised when left out")] = "",
    source: Annotated[
        str, Form("", max_length=60, description="Whose figures, when the file does not tell")
    ] = "",
    mapping: Annotated[
        str, Form("", max_length=MOST_MAPPING, description="JSON from /batches/proposals")
    ] = "",
    known_at: Annotated[
        Day | None, Form(None, description="When the figures became known; now if left out")
    ] = None,
    dry_run: Annotated[bool, Form(False, description="Do it all and keep nothing")] = False,
) -> Any:
    """All good rows are kept as one batch, or nothing. The same file again changes nothing (“known-already”)."""
    understood = _mapping(mapping)
    with on_disk(file) as path:
        report = services.import_observations(
            path=path,
            by=request.actor,
            adapter=adapter or None,
            source=source or None,
            mapping=understood,
            known_at=known_at,
            dry_run=dry_run,
            file_name=file_name(file),
        )
    told = report_out(report)
    return problems.response(NothingTaken(), extra={"report": told}) if report.status == "refused" else told


@write("POST", "/batches/proposals", action="flows.import_figures", en="Say how a file would be read", es="Decir cómo se leería un archivo", answer=ProposalOut, body="multipart")  # fmt: skip
def propose_mapping(
    request: ApiRequest,
    file: Annotated[Upload, File(...)],
    source: Annotated[str, Form("", max_length=60)] = "",
    sheet: Annotated[str, Form("", max_length=120)] = "",
) -> Any:
    """Nothing is kept."""
    with on_disk(file) as path:
        found = services.propose_import(
            path=path, by=request.actor, source=source or None, sheet=sheet, file_name=file_name(file)
        )
    questions = json.loads(found.proposal.to_json()).get("questions", []) if found.proposal else []
    return {
        "adapter": found.adapter,
        "source": found.source,
        "is_remembered": found.is_remembered,
        "mapping": found.mapping,
        "questions": questions,
    }


@contextmanager
def on_disk(file: UploadedFile) -> Iterator[Path]:
    """The uploaded file as a path; a small one is written down for as long as it is read."""
    if isinstance(file, TemporaryUploadedFile):
        yield Path(file.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(suffix=Path(file_name(file)).suffix[:12]) as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        yield Path(kept.name)


def file_name(file: UploadedFile) -> str:
    """The name it was given, without signs that cannot be kept."""
    return "".join(sign for sign in file.name or "file" if sign.isprintable()) or "file"


def _mapping(text: str) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        given = json.loads(text)
        wire.look_through(given)
    except (ValueError, RecursionError, problems.Unreadable) as fault:
        raise Invalid({"mapping": _("This is not JSON.")}) from fault
    if not isinstance(given, dict) or not isinstance(given.get("mapping", given), dict):
        raise Invalid({"mapping": _("This is not a mapping.")})
    return dict(given.get("mapping", given))


def report_out(report: Report) -> dict[str, Any]:
    counted = ("read", "kept", "unchanged", "revised", "refused", "of_other_sources", "summed")
    return {
        "batch": report.batch,
        "adapter": report.adapter,
        "source": report.source,
        "status": report.status,
        **{name: getattr(report, name) for name in counted},
        "refusals": [
            {
                "row": one.place.row,
                "column": one.place.column,
                "sheet": one.place.sheet,
                "reason_code": one.code,
                "reason_es": one.reason_es,
                "reason_en": one.reason_en,
                "found": str(one.found),
            }
            for one in report.refusals
        ],
        "refusals_left_off": report.refused - len(report.refusals),
        "checks": [
            {
                "row": one.place.row,
                "column": one.place.column,
                "sheet": one.place.sheet,
                "what": one.what,
                "stated": one.stated,
                "summed": one.summed,
                "agrees": one.agrees,
            }
            for one in report.checks
        ],
    }


# ---------------------------------------------------------------------------------------------------------------------
# Deciding


@write("PUT", "/batches/{int:id}/level", action="flows.publish_figures", en="Publish a batch", es="Publicar un lote", answer=ReachedOut)  # fmt: skip
def publish_batch(request: ApiRequest, id: IdInPath, wanted: PublicationIn) -> Any:
    """Let it be seen farther. Publishing it again as far changes nothing; it never goes back."""
    queries.batch(request.actor, id)
    reached = services.publish_batch(batch=id, level=level_of(wanted.level), by=request.actor)
    return {"batch": id, "level": level_name(reached)}


@write("POST", "/batches/{int:id}/withdrawal", action="flows.publish_figures", en="Withdraw a batch", es="Retirar un lote", answer=WithdrawnOut, body="none")  # fmt: skip
def withdraw_batch(request: ApiRequest, id: IdInPath) -> Any:
    """What was said before it is current again. Withdrawing it again changes nothing."""
    queries.batch(request.actor, id)
    services.withdraw_batch(batch=id, by=request.actor)
    return {"batch": id, "status": "withdrawn"}


@write("POST", "/validations", action="flows.import_figures", en="Validate provisional figures", es="Validar cifras provisionales", answer=ReportOut)  # fmt: skip
def validate(request: ApiRequest, wanted: ValidationIn) -> Any:
    """They are stated again as a batch of their own, which is published like any other."""
    report = services.validate(
        source=wanted.source,
        measure=wanted.measure,
        gate=wanted.gate,
        through=wanted.through,
        by=request.actor,
    )
    return report_out(report)
