"""The tables of the working pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from corredor.areas.flows import queries as flows
from corredor.areas.flows.queries import working
from corredor.areas.flows.queries.things import BatchCard, CheckRow, FigureRow, RefusalRow
from corredor.areas.flows.queries.working import RevisedFigure, SeriesGroup
from corredor.interfaces.web.components import formats
from corredor.interfaces.web.components.parts import Cell, Column, Row, Table
from corredor.interfaces.web.flows import words
from corredor.interfaces.web.flows.working.series_words import BREAKDOWNS, about, figure_line

STATES = {
    "reading": _("Being read"),
    "kept": _("Kept"),
    "failed": _("Not kept"),
    "withdrawn": _("Withdrawn"),
}


def counts(report: dict[str, Any]) -> list[tuple[Any, int, Any]]:
    """What would become of a file's rows: words, number, what it means."""
    new = report["kept"] - report["revised"]
    told = [
        (_("New figures"), new, _("said for the first time")),
        (
            _("Revised figures"),
            report["revised"],
            _("said otherwise than before; what was said stays on record"),
        ),
        (_("Unchanged"), report["unchanged"], _("said before, and the same")),
        (_("Not taken"), report["refused"], _("rows or cells that cannot be taken, each with its place")),
    ]
    if report["of_other_sources"]:
        told.append((_("Of other sources"), report["of_other_sources"], _("import the file once for each")))
    return told


def sample(figures: Sequence[dict[str, Any]]) -> Table | None:
    """The first figures as they are read."""
    if not figures:
        return None
    measures = {card.code: card for card in working.measures()}
    gates = {card.code: card for card in flows.gates()}
    columns = (
        Column(_("Row")), Column(_("What is counted")), Column(_("Where")), Column(_("Period")),
        Column(_("Of whom")), Column(_("Number"), is_number=True),
    )  # fmt: skip
    rows = [Row(figure_line(figure, measures, gates)) for figure in figures]
    return Table(
        _("The first figures, as they are read"), columns, rows, key="sample", is_caption_hidden=True
    )


def refusals(rows: Sequence[dict[str, Any]]) -> Table | None:
    """The rows that are not taken, with their place and the reason in the reader's language."""
    language = (get_language() or "es")[:2]
    return _refusals([(row["row"], row["sheet"], row["column"], row["found"], row[language]) for row in rows])


def refusals_of_batch(rows: Sequence[RefusalRow]) -> Table | None:
    return _refusals([(row.row, row.sheet, row.column, row.found, str(row.reason)) for row in rows])


def _refusals(lines: list[tuple[int, str, str, str, str]]) -> Table | None:
    if not lines:
        return None
    with_sheet = any(sheet for _row, sheet, *_ in lines)
    columns = [
        Column(_("Row")),
        Column(_("Column")),
        Column(_("Found there")),
        Column(_("Why it is not taken")),
    ]
    rows = []
    for row, sheet, column, found, reason in lines:
        place = f"{sheet} · {row}" if with_sheet and sheet else str(row)
        rows.append(Row([place, column or None, found or None, reason]))
    return Table(_("What is not taken"), columns, rows, key="refused", is_caption_hidden=True)


def checks(rows: Sequence[dict[str, Any]]) -> Table | None:
    """The totals the file states, beside what their parts add up to."""
    return _checks([(row["row"], row["what"], row["stated"], row["summed"], row["agrees"]) for row in rows])


def checks_of_batch(rows: Sequence[CheckRow]) -> Table | None:
    ordered = sorted(rows, key=lambda row: row.agrees)
    return _checks([(row.row, row.what, row.stated, row.summed, row.agrees) for row in ordered[:200]])


def _checks(lines: list[tuple[int, str, int, int, bool]]) -> Table | None:
    if not lines:
        return None
    columns = (
        Column(_("Row")), Column(_("Total of")), Column(_("The file says"), is_number=True),
        Column(_("Its parts add up to"), is_number=True), Column(_("Agree?")),
    )  # fmt: skip
    rows = [
        Row([str(row), what, stated, summed, _("Yes") if agrees else _("No")])
        for row, what, stated, summed, agrees in lines
    ]
    return Table(_("Totals of the file, checked"), columns, rows, key="totals", is_caption_hidden=True)


def batches(cards: Iterable[BatchCard]) -> Table:
    """The imports, the newest first."""
    columns = (
        Column(_("File")), Column(_("Source")), Column(_("Imported")), Column(_("State")), Column(_("Seen by")),
        Column(_("Kept"), is_number=True), Column(_("Revised"), is_number=True),
        Column(_("Not taken"), is_number=True),
    )  # fmt: skip
    rows = [
        Row(
            [
                Cell(title(card), href=reverse("flows_batch", args=[card.id])),
                str(card.source.name),
                formats.day(timezone.localtime(card.imported_at), words.language()),
                STATES[card.status],
                card.level.label if card.status == "kept" else None,
                card.kept,
                card.revised,
                card.refused,
            ]
        )
        for card in cards
    ]
    return Table(_("Imports"), columns, rows, key="batches", is_caption_hidden=True)


def title(card: BatchCard) -> str:
    """What a batch is called: its file, or what made it when there was none."""
    if card.adapter == "validation":
        return gettext("Validation of provisional figures")
    return card.file_name or gettext("Batch %(number)s") % {"number": card.id}


def revisions(revised: Sequence[RevisedFigure]) -> Table | None:
    """What was said before, and what this batch says."""
    if not revised:
        return None
    columns = (
        Column(_("Figure")), Column(_("Period")), Column(_("Before"), is_number=True),
        Column(_("Now"), is_number=True),
    )  # fmt: skip
    rows = [
        Row(
            [
                about(one.series),
                words.period(one.after.period, one.after.frequency),
                words.value_or_reason(one.before),
                words.value_or_reason(one.after),
            ]
        )
        for one in revised
    ]
    return Table(_("Figures this batch revised"), columns, rows, key="revised", is_caption_hidden=True)


def outlook(rows: Sequence[FigureRow]) -> Table | None:
    """Figures as others will see them."""
    if not rows:
        return None
    columns = (Column(_("Figure")), Column(_("Period")), Column(_("As they will see it"), is_number=True))
    shown = [
        Row(
            [
                about(row.series),
                words.period(row.point.period, row.point.frequency),
                words.value_or_reason(row.point),
            ]
        )
        for row in rows
    ]
    return Table(_("What they will see"), columns, shown, key="outlook", is_caption_hidden=True)


def groups(found: Sequence[SeriesGroup]) -> Table:
    """How far the series of a source may go."""
    columns = (
        Column(_("Where")), Column(_("What is counted")), Column(_("Break-down")),
        Column(_("Series"), is_number=True), Column(_("At most")),
    )  # fmt: skip
    rows = [
        Row(
            [
                str(group.gate.name),
                str(group.measure.name),
                BREAKDOWNS[group.breakdown],
                len(group.series),
                group.level.label if group.level is not None else _("Not all alike"),
            ]
        )
        for group in found
    ]
    return Table(_("How far each series may go"), columns, rows, key="sharing", is_caption_hidden=True)
