"""What is done with an uploaded file: understood, previewed, imported. At once, or by a worker when it is large."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from corredor.areas.flows import services
from corredor.areas.flows.services import Report
from corredor.areas.flows.services.proposing import ImportProposal
from corredor.areas.flows.services.trying import sample_of
from corredor.interfaces.web.flows.working import uploads
from corredor.interfaces.web.flows.working.uploads import Draft
from corredor.kernel.errors import NotFound, Refused
from corredor.kernel.jobs import enqueue, job
from corredor.kernel.people import queries as people
from corredor.kernel.people.queries import actor_of
from corredor.kernel.policy import SYSTEM, Actor

AT_ONCE_BYTES = 3_000_000  # a larger file is read by a worker
GENERAL = "general"
SHOWN_CHECKS = 200
FAULT = _("Something in Corredor broke while the file was read; nothing was kept.")
FAULT_WAY_OUT = _("Try once more. If it happens again, tell the operators.")


def understand(draft: Draft, by: Actor, *, sheet: str = "") -> ImportProposal:
    """How the file would be read; a layout that is known, or confirmed before for this source, needs no question."""
    proposal = services.propose_import(
        path=draft.path, by=by, source=draft.source, sheet=sheet, file_name=draft.file_name
    )
    draft.adapter, draft.sheet = proposal.adapter, sheet
    draft.mapping = proposal.mapping
    draft.is_understood = proposal.proposal is None or proposal.is_remembered
    if proposal.proposal is None:
        alone = services.propose_import(path=draft.path, by=by, file_name=draft.file_name)
        draft.layout_source = alone.source
    return proposal


def ask_for(draft: Draft, doing: str, by: Actor) -> None:
    """Preview or import now, or have it done by a worker; the draft says which."""
    draft.doing, draft.fault, draft.turn = doing, None, draft.turn + 1
    uploads.keep(draft)
    if draft.size > AT_ONCE_BYTES:
        enqueue(
            "flows.carry_import",
            key=f"{draft.token}:{draft.turn}",
            token=draft.token,
            person=draft.person,
            doing=doing,
            turn=draft.turn,
        )
    else:
        carry_out(draft, doing, by)


@job("flows.carry_import", heavy=True, attempts=3)
def carry_import(*, token: str, person: int, doing: str, turn: int) -> None:
    """A large file's preview or import. Done twice it changes nothing: the same file is known already."""
    try:
        draft = uploads.find(token, person)
    except NotFound:
        return  # discarded meanwhile
    if draft.turn == turn and draft.batch is None:
        carry_out(draft, doing, actor_of(people.account(SYSTEM, person)))


@job("flows.forget_uploads")
def forget_uploads() -> None:
    """Remove the files of imports that nobody finished."""
    uploads.forget_abandoned()


def carry_out(draft: Draft, doing: str, by: Actor) -> None:
    """Preview or import the file, and write down in the draft what came of it."""
    is_import = doing == "import"
    try:
        report = services.import_observations(
            path=draft.path,
            by=by,
            adapter=draft.adapter or None,
            source=draft.source,
            mapping=draft.mapping if draft.adapter == GENERAL else None,
            known_at=date.fromisoformat(draft.known_on) if draft.known_on else None,
            dry_run=not is_import,
            file_name=draft.file_name,
        )
        _note(draft, report, by, is_import=is_import)
    except Refused as refused:
        draft.fault = in_both_languages(refused)
    except BaseException:
        draft.fault = in_both_languages(Refused(FAULT, FAULT_WAY_OUT))
        raise
    finally:
        draft.doing = ""
        uploads.keep(draft)


def _note(draft: Draft, report: Report, by: Actor, *, is_import: bool) -> None:
    draft.report = in_short(report)
    uploads.keep_refused(draft, [refusal_in_short(row) for row in report.refusals])
    if is_import:
        draft.batch = report.batch
    elif draft.adapter == GENERAL and draft.mapping is not None:
        figures = sample_of(path=draft.path, mapping=draft.mapping, by=by, file_name=draft.file_name)
        draft.sample = [figure_in_short(figure) for figure in figures]


def in_short(report: Report) -> dict[str, Any]:
    """A report as a page shows it: its counts and checked totals, those that differ first."""
    checks = sorted(report.checks, key=lambda check: check.agrees)
    counts = ("read", "kept", "unchanged", "revised", "refused", "summed", "of_other_sources")
    return {
        **{name: getattr(report, name) for name in counts},
        "status": report.status,
        "totals": len(report.checks),
        "totals_that_differ": sum(not check.agrees for check in report.checks),
        "checks": [check_in_short(check) for check in checks[:SHOWN_CHECKS]],
    }


def check_in_short(check: Any) -> dict[str, Any]:
    names = ("what", "stated", "summed", "agrees")
    return {"row": check.place.row, **{name: getattr(check, name) for name in names}}


def refusal_in_short(row: Any) -> dict[str, Any]:
    return {
        "row": row.place.row,
        "column": row.place.column,
        "sheet": row.place.sheet,
        "found": str(row.found)[:200],
        "code": row.code,
        "en": row.reason_en,
        "es": row.reason_es,
    }


def figure_in_short(figure: Any) -> dict[str, Any]:
    names = ("measure", "gate", "frequency", "nationality", "departure", "sex", "age", "direction", "detail")
    return {
        **{name: getattr(figure, name) for name in names},
        "period": figure.period.isoformat(),
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "row": figure.place.row,
    }


def in_both_languages(refused: Refused) -> dict[str, dict[str, str]]:
    """A refusal's words, kept for whoever reads them later in either language."""
    said = {}
    for language in ("es", "en"):
        with override(language):
            said[language] = {"rule": str(refused.rule), "way_out": str(refused.way_out)}
    return said
