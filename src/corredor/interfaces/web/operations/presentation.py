"""How the pages of operations show what they read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from corredor.interfaces.web.components.parts import Cell, Column, Link, Row, Table
from corredor.interfaces.web.components.templatetags.components import moment
from corredor.interfaces.web.operations import trail_words
from corredor.kernel import policy
from corredor.kernel.audit.queries import Fault
from corredor.kernel.jobs.queries import Failure, Overview
from corredor.kernel.messages.queries import OutboxMessage

PAGES = (
    ("operations", _("Health"), "operations.read"),
    ("operations_jobs", _("Work"), "operations.read"),
    ("outbox", _("Outbox"), "messages.read_outbox"),
    ("audit", _("Audit"), "audit.read"),
)

FAULTS = {
    "missing": _("A line is missing."),
    "altered": _("A line was altered after it was written."),
    "broken": _("A line does not follow from the one before it."),
    "beyond-head": _("There are lines after the last one that was written."),
    "head-differs": _("The last line is not the one that was noted."),
    "head-missing": _("The note of the last line is gone."),
    "rolled-back": _("The chain was cut back to an earlier state."),
}


def links(actor: policy.Actor, here: str) -> list[Link]:
    """The pages of operations this actor may open."""
    return [
        Link(title, reverse(name), is_current=name == here)
        for name, title, action in PAGES
        if policy.can(actor, action)
    ]


def work_table(work: Overview, messages_waiting: int) -> Table:
    """The work under way, as counts."""
    rows: list[tuple[Any, Any]] = [
        (_("Waiting to begin"), work.waiting),
        (_("Waiting since"), moment(work.waiting_since) if work.waiting_since else "—"),
        (_("Running now"), work.running),
        (_("Planned for later"), work.later),
        (_("Given up"), Cell(work.failed, href=reverse("operations_jobs") if work.failed else "")),
        (_("Events on their way"), work.events_waiting),
        (_("Events that fail again and again"), work.events_stuck),
        (_("Messages on their way"), messages_waiting),
        (_("Workers"), work.workers),
        (_("Last heard of a worker"), moment(work.last_beat_at) if work.last_beat_at else "—"),
    ]
    columns = [Column(_("What")), Column(_("How many"), is_number=True)]
    return Table(_("Work under way"), columns, [Row(row) for row in rows])


def failure_table(failures: Iterable[Failure]) -> Table:
    """Jobs that were given up: the kind of fault only, for texts may name people."""
    columns = [
        Column(_("Job")),
        Column(_("About")),
        Column(_("Attempts"), is_number=True),
        Column(_("Fault")),
        Column(_("Given up at")),
    ]
    rows = [
        Row([failure.name, failure.key, failure.faults, failure.last_fault, moment(failure.failed_at)])
        for failure in failures
    ]
    return Table(_("Work that was given up"), columns, rows)


def outbox_table(messages: Iterable[OutboxMessage]) -> Table:
    """Messages as a list, each leading to its words."""
    columns = [
        Column(_("Message")),
        Column(pgettext_lazy("of a message", "To")),
        Column(_("Channel")),
        Column(pgettext_lazy("of a message", "State")),
        Column(_("Written at")),
    ]
    rows = [
        Row(
            [
                Cell(message.subject or _("(no subject)"), href=reverse("outbox_message", args=[message.pk])),
                message.reader,
                message.channel,
                getattr(message.state, "label", message.state),
                moment(message.queued_at),
            ]
        )
        for message in messages
    ]
    return Table(_("Messages, the latest first"), columns, rows, is_caption_hidden=True)


def heads_table(heads: dict[str, tuple[int, str]]) -> Table:
    """The last link of every chain, to be noted outside."""
    columns = [Column(_("Chain")), Column(_("Lines"), is_number=True), Column(_("Last digest"))]
    rows = [Row([chain, length, digest]) for chain, (length, digest) in heads.items()]
    return Table(_("The last link of every chain"), columns, rows)


def lines_table(lines: Iterable[Any]) -> Table:
    """Audit lines: persons by number, never by name."""
    columns = [
        Column(_("Chain")),
        Column(_("Line"), is_number=True),
        Column(_("At")),
        Column(_("Person")),
        Column(_("As")),
        Column(_("Did")),
        Column(_("To")),
    ]
    rows = [
        Row(
            [
                line.chain,
                line.position,
                moment(line.at),
                f"#{line.actor}" if line.actor else _("Corredor"),
                trail_words.roles(line.roles) or "—",
                trail_words.did(line.verb),
                line.thing,
            ]
        )
        for line in lines
    ]
    return Table(_("Lines, the latest first"), columns, rows, is_caption_hidden=True)


def faults(found: Iterable[Fault]) -> list[dict[str, Any]]:
    """Where a chain does not hold, in words."""
    return [
        {"place": f"{fault.chain}/{fault.position}", "words": FAULTS.get(fault.kind, fault.kind)}
        for fault in found
    ]
