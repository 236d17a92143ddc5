"""Importing a file: all of a batch is kept, or nothing of it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from corredor.areas.flows.adapters.figures import FileRefused, Place
from corredor.areas.flows.adapters.figures import Refusal as RefusedRow
from corredor.areas.flows.adapters.figures import TotalCheck as CheckedTotal
from corredor.areas.flows.events import ObservationsImported
from corredor.areas.flows.models import Batch, Refusal, Source, TotalCheck
from corredor.areas.flows.services import calendar, store
from corredor.areas.flows.services.blocks import EPOCH, Block
from corredor.areas.flows.services.opening import TIDY, File, Reading, find_source, not_taken, opened
from corredor.areas.flows.services.proposing import remember_mapping
from corredor.areas.flows.services.registry import Registry
from corredor.areas.flows.services.sums import Sums
from corredor.kernel import clock, events
from corredor.kernel.audit.services import record
from corredor.kernel.errors import Conflict, Invalid, Refused
from corredor.kernel.policy import Actor, require

KEPT_REFUSALS = 10_000  # with place and reason; those beyond are counted
STALE_AFTER = timedelta(hours=1)
Outcome = Literal["kept", "unchanged", "known-already", "refused", "dry-run"]


class NewerFiguresKept(Refused):
    code = "newer-figures-kept"
    rule = _("Figures of this source that became known later are already kept.")
    way_out = _("Figures are imported in the order in which they became known.")


@dataclass(slots=True)
class Report:
    """What became of a file. ``read`` = ``kept`` + ``unchanged`` + ``refused`` + ``of_other_sources``.

    ``kept`` counts what was written, of which ``revised`` replaced another statement; ``refused`` counts rows and
    cells, the first of them are in ``refusals``. ``summed`` totals were written beside them.
    """

    adapter: str
    source: str
    batch: int | None = None
    status: Outcome = "kept"
    kept: int = 0
    unchanged: int = 0
    revised: int = 0
    refused: int = 0
    summed: int = 0
    of_other_sources: int = 0
    refusals: list[RefusedRow] = field(default_factory=list)
    checks: list[CheckedTotal] = field(default_factory=list)
    covers: set[str] = field(default_factory=set)
    unfinished_until: date | None = None  # last day of the latest period that was not over

    @property
    def read(self) -> int:
        return self.kept + self.unchanged + self.refused + self.of_other_sources

    @property
    def has_figures(self) -> bool:
        return self.kept + self.unchanged > 0

    def refuse(self, rows: list[RefusedRow]) -> None:
        self.refused += len(rows)
        self.refusals.extend(rows[: max(0, KEPT_REFUSALS - len(self.refusals))])


def import_observations(
    *,
    path: Path,
    by: Actor,
    adapter: str | None = None,
    source: str | None = None,
    mapping: dict[str, Any] | None = None,
    known_at: datetime | date | None = None,
    dry_run: bool = False,
    file_name: str = "",
) -> Report:
    """Keep the figures of a file as one batch: every good row, or, when anything breaks, nothing.

    ``adapter`` names the reader and ``source`` whose figures they are, when the file does not tell; ``mapping`` says
    which column is what for a file of no known layout (see propose_import), and is remembered for the source.
    ``known_at`` is when the figures became known, now unless said; they are imported in that order. ``dry_run`` does
    everything and keeps nothing. Refuses (Refused) files that are hostile, of no known layout or source, or older
    than what is kept. The same file again changes nothing.
    """
    require(by, "flows.import_figures")
    close_unfinished()
    wanted = Reading(adapter, source, mapping)
    file = File.examined(path, file_name)
    report = take_file(file, wanted, by=by, known_at=known_at, dry_run=dry_run)
    if mapping is not None and report.has_figures and not dry_run:
        remember_mapping(source=report.source, mapping=mapping, by=by)
    return report


def take_file(
    file: File, wanted: Reading, *, by: Actor, known_at: datetime | date | None, dry_run: bool = False
) -> Report:
    """Keep, or only try, the figures of a file that has been examined; see import_observations."""
    moment = moment_known(known_at)
    with opened(file, wanted, today=moment.date()) as reading:
        owner = find_source(reading.source)
        require(by, "flows.import_figures", owner)
        draft = Batch(
            source=owner,
            file_name=file.name,
            sha256=file.sha256,
            adapter=reading.adapter,
            mapping=reading.mapping,
            imported_by_id=by.person_id,
            imported_at=clock.now(),
            known_at=moment,
            process=f"{socket.gethostname()}:{os.getpid()}",
        )
        is_now = known_at is None or known_at == clock.today()  # a moment of today is taken at its word
        keep = _tried if dry_run else _kept_or_failed
        return keep(draft, reading.blocks, by, is_now=is_now)


def moment_known(known_at: datetime | date | None) -> datetime:
    now = clock.now()
    if known_at is None:
        return now
    if not isinstance(known_at, datetime):
        known_at = min(datetime.combine(known_at, time(12), UTC), now) if known_at == now.date() else (
            datetime.combine(known_at, time(12), UTC)
        )  # fmt: skip
    if known_at > now:
        raise Invalid({"known_at": _("Figures cannot have become known in the future.")})
    return known_at.astimezone(UTC)


# ---------------------------------------------------------------------------------------------------------------------
# Keeping


def _tried(draft: Batch, blocks: Iterator[Block], by: Actor, *, is_now: bool) -> Report:
    """Do it all, and take it all back."""
    try:
        with transaction.atomic():
            draft.save()
            report = _keep(draft, blocks, by, is_now=is_now)
            transaction.set_rollback(True)
    except FileRefused as refused:
        raise not_taken(refused) from refused
    report.batch, report.status = None, "dry-run"
    return report


def _kept_or_failed(draft: Batch, blocks: Iterator[Block], by: Actor, *, is_now: bool) -> Report:
    draft.save()  # seen at once, so that a batch that never finishes is known by its number
    started = draft.pk
    try:
        first = next(blocks, None)  # slow reading happens here, before anything is locked
        with transaction.atomic():
            return _keep(draft, chain([] if first is None else [first], blocks), by, is_now=is_now)
    except FileRefused as refused:
        _fail(started, refused.reason_en, refused.reason_es)
        raise not_taken(refused) from refused
    except Refused as refused:
        _fail(started, *_both_languages(refused))
        raise
    except BaseException:
        _fail(started, "A fault of the program or the machine.", "Una falla del programa o del equipo.")
        raise


def _keep(draft: Batch, blocks: Iterator[Block], by: Actor, *, is_now: bool) -> Report:
    """Everything of the batch, inside the caller's transaction."""
    Source.objects.select_for_update().get(pk=draft.source_id)  # one import of a source at a time
    again = _same_as_latest(draft)
    if again is not None:
        draft.delete()
        return _known_already(again)
    _refuse_older(draft, is_now=is_now)
    return keep_blocks(_in_order(draft), blocks, by)


def keep_blocks(batch: Batch, blocks: Iterator[Block], by: Actor) -> Report:
    """Write blocks as one batch, inside the caller's transaction, which holds its source."""
    report = Report(batch.adapter, batch.source_id, batch.pk)
    _Keeping(batch, report).all(blocks)
    _finish(batch, report, by)
    return report


def _same_as_latest(draft: Batch) -> Batch | None:
    """The same file as the last one of its reader, with nothing in between: there is nothing to do."""
    kept = Batch.objects.filter(source=draft.source_id, status=Batch.Status.KEPT)
    alike = kept.filter(sha256=draft.sha256, adapter=draft.adapter).order_by("-pk")
    same = next((batch for batch in alike if batch.mapping == draft.mapping), None)
    if same is None or not set(same.covers).isdisjoint(
        chain.from_iterable(kept.filter(pk__gt=same.pk).values_list("covers", flat=True))
    ):
        return None
    # A month that was running when the file was first kept may be over now: then it does say something new.
    return same if same.unfinished_until is None or draft.known_at.date() <= same.unfinished_until else None


def _known_already(batch: Batch) -> Report:
    return Report(
        batch.adapter,
        batch.source_id,
        batch.pk,
        "known-already",
        unchanged=batch.kept + batch.unchanged,
        refused=batch.refused,
        refusals=[
            RefusedRow(Place(r.row, r.column, r.sheet), r.code, r.reason_en, r.reason_es, r.found)
            for r in batch.refusals.order_by("pk")
        ],
        checks=[
            CheckedTotal(Place(c.row, c.column, c.sheet), c.what, c.stated, c.summed)
            for c in batch.checks.order_by("pk")
        ],
    )


def _refuse_older(draft: Batch, *, is_now: bool) -> None:
    """Refuse figures that became known before kept ones; those of ``is_now`` only waited while others were kept."""
    kept = Batch.objects.filter(source=draft.source_id, status=Batch.Status.KEPT)
    latest = kept.aggregate(latest=Max("known_at"))["latest"]
    if latest and is_now:
        draft.known_at = max(latest, draft.known_at)
    elif latest and latest > draft.known_at:
        raise NewerFiguresKept(known_at=latest)


def _in_order(draft: Batch) -> Batch:
    """The batch with a number later than every kept one of its source, since the number decides what is current."""
    if not Batch.objects.filter(pk=draft.pk, status=Batch.Status.READING).exists():
        raise Conflict(_("This import was closed while it was being read."), _("Import the file again."))
    if Batch.objects.filter(source=draft.source_id, status=Batch.Status.KEPT, pk__gt=draft.pk).exists():
        Batch.objects.filter(pk=draft.pk).delete()
        draft.pk = None
        draft.save(force_insert=True)
    return draft


class _Keeping:
    """The blocks of one batch, written one by one."""

    def __init__(self, batch: Batch, report: Report) -> None:
        self.batch, self.report = batch, report
        self.known_day = (batch.known_at.astimezone(UTC).date() - EPOCH).days
        self.registry = Registry(batch.source)
        self.sums = Sums(self.registry, batch=batch.pk, known_day=self.known_day)
        self.spans = store.Spans()
        self.is_tidy = batch.adapter == TIDY

    def all(self, blocks: Iterator[Block]) -> None:
        for block in blocks:
            self.report.refuse(block.refusals)
            self.report.checks.extend(block.checks[: max(0, KEPT_REFUSALS - len(self.report.checks))])
            self.report.of_other_sources += block.of_other_sources
            if len(block):
                self._keep(block)
        if self.report.kept:
            for rows in self.sums.rows(is_incomplete=self._lacks_rows):
                self._write(rows)
                self.report.summed += len(rows)
        self.registry.save_periods()
        self.spans.write(self.batch.pk)

    @property
    def _lacks_rows(self) -> bool:
        return any(refusal.code not in ("said-twice", "sums-withheld") for refusal in self.report.refusals)

    def _keep(self, block: Block) -> None:
        rows, found = self._looked_up(block)
        if not self.is_tidy:  # a tidy file was already judged as a whole
            block, rows, found = self._without_repeats(block, rows, found)
        changed = ~found.exists | ~store.same(rows, found.columns)
        self._write(rows.at(changed))
        self.sums.add(rows, found, changed)
        report = self.report
        if rows.is_part.any():
            last = calendar.last_days(rows.period, _frequencies(block))[rows.is_part].max()
            report.unfinished_until = max(EPOCH + timedelta(days=int(last)), report.unfinished_until or EPOCH)
        report.kept += int(changed.sum())
        report.revised += int((changed & found.exists).sum())
        report.unchanged += int((~changed).sum())
        report.covers.update(f"{block.keys[i].measure} {block.keys[i].gate}" for i in np.unique(block.key))

    def _looked_up(self, block: Block) -> tuple[store.Columns, store.Found]:
        series = self.registry.ids(block.keys)[block.key]
        period = block.period.astype(np.int64)
        rows = store.Columns(
            series,
            period,
            block.value,
            block.low,
            block.high,
            block.status.astype(np.int64),
            calendar.last_days(period, _frequencies(block)) >= self.known_day,
            np.full(len(block), store.NOTHING, dtype=np.int64),
        )
        if self.is_tidy:
            return rows, store.current(series, period, batch=self.batch.pk, new=self.registry.made)
        return rows, store.current(series, period, batch=self.batch.pk)

    def _without_repeats(
        self, block: Block, rows: store.Columns, found: store.Found
    ) -> tuple[Block, store.Columns, store.Found]:
        """A figure said twice in a file is taken once, and the second time refused with its place."""
        joined = store.joined(rows.series, rows.period)
        order = np.argsort(joined, kind="stable")
        repeated = np.zeros(len(rows), dtype=bool)
        repeated[order[1:]] = joined[order[1:]] == joined[order[:-1]]
        repeated |= found.is_of_this_batch
        if not repeated.any():
            return block, rows, found
        self.report.refuse([_said_twice(row) for row in block.row[repeated].tolist()])
        return block.only(~repeated), rows.at(~repeated), found.at(~repeated)

    def _write(self, rows: store.Columns) -> None:
        store.write(rows, self.batch.pk)
        self.registry.note_periods(rows)
        self.spans.add(rows)


def _frequencies(block: Block) -> NDArray[Any]:
    return np.array([key.frequency for key in block.keys])[block.key]


def _said_twice(row: int) -> RefusedRow:
    return RefusedRow(
        Place(row),
        "said-twice",
        "An earlier row of the file already states this figure. Keep one of the two.",
        "Una fila anterior del archivo ya da esta cifra. Conserve una de las dos.",
    )


def _finish(batch: Batch, report: Report, by: Actor) -> None:
    """Close the batch: kept when it has figures, failed with its refusals when it has none."""
    for name in ("read", "kept", "unchanged", "revised", "refused", "summed"):
        setattr(batch, name, getattr(report, name))
    batch.covers = sorted(report.covers)
    batch.process = ""
    batch.unfinished_until = report.unfinished_until
    batch.status = Batch.Status.KEPT if report.has_figures else Batch.Status.FAILED
    report.status = "refused" if not report.has_figures else "kept" if report.kept else "unchanged"
    if not report.has_figures:
        batch.failure_en = "No row of the file could be taken."
        batch.failure_es = "No se pudo tomar ninguna fila del archivo."
    batch.save()
    _keep_words(batch, report)
    record(
        by,
        "imported" if report.has_figures else "import refused",
        batch,
        country=batch.source.country or None,
        source=batch.source_id,
        sha256=batch.sha256,
        kept=report.kept,
        revised=report.revised,
        refused=report.refused,
    )
    if report.kept:
        events.publish(ObservationsImported(batch.pk, batch.source_id))


def _keep_words(batch: Batch, report: Report) -> None:
    Refusal.objects.bulk_create(
        (
            Refusal(
                batch=batch,
                row=r.place.row,
                column=r.place.column[:120],
                sheet=r.place.sheet[:120],
                code=r.code,
                reason_en=r.reason_en,
                reason_es=r.reason_es,
                found=str(r.found).replace("\0", "")[:200],
            )
            for r in report.refusals
        ),
        batch_size=500,
    )
    TotalCheck.objects.bulk_create(
        (
            TotalCheck(
                batch=batch,
                row=c.place.row,
                column=c.place.column[:120],
                sheet=c.place.sheet[:120],
                what=c.what[:200],
                stated=c.stated,
                summed=c.summed,
            )
            for c in report.checks
        ),
        batch_size=500,
    )


# ---------------------------------------------------------------------------------------------------------------------
# What did not finish


def _fail(batch: int, reason_en: str, reason_es: str) -> None:
    """Say on the batch's own row why nothing of it was kept; a database that is gone cannot be told."""
    Batch.objects.filter(pk=batch, status=Batch.Status.READING).update(
        status=Batch.Status.FAILED, failure_en=reason_en, failure_es=reason_es, process=""
    )


def _both_languages(refused: Refused) -> tuple[str, str]:
    from django.utils.translation import override

    with override("en"):
        english = str(refused)
    with override("es"):
        return english, str(refused)


def close_unfinished() -> list[int]:
    """Mark the imports whose process is gone as failed; returns their numbers. Nothing of them was kept."""
    gone = [
        batch.pk
        for batch in Batch.objects.filter(status=Batch.Status.READING)
        if not _is_alive(batch.process, batch.imported_at)
    ]
    for batch in gone:
        _fail(
            batch,
            "The import was cut off before it finished; nothing of it was kept. Import the file again.",
            "La importación se cortó antes de terminar; no se conservó nada. Importe el archivo de nuevo.",
        )
    return gone


def _is_alive(process: str, since: datetime) -> bool:
    host, _colon, number = process.rpartition(":")
    if host != socket.gethostname():
        return clock.now() - since < STALE_AFTER
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
