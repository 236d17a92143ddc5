"""What is asked of the reader: the block on top of the home page, one part from each area that has something to ask.

An area adds one function to BLOCKS. It takes the actor and returns a Block, or None when nothing is asked; what the
actor may not see never gets here, because the area's queries answer for this actor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corredor.areas.flows import queries as flows
from corredor.areas.flows.queries.things import BatchCard
from corredor.interfaces.web.components import formats
from corredor.interfaces.web.components.parts import Link
from corredor.interfaces.web.flows import words
from corredor.kernel import policy
from corredor.kernel.policy import Actor
from corredor.kernel.sharing import Level


@dataclass(frozen=True, slots=True)
class Line:
    """One thing asked: words that lead to where it is done (plain words while that page does not exist), and a note."""

    label: Any
    href: str = ""
    note: Any = ""


@dataclass(frozen=True, slots=True)
class Block:
    """What one area asks of this reader."""

    title: Any
    lines: tuple[Line, ...]
    more: Link | None = None


def blocks(actor: Actor) -> Iterator[Block]:
    """What is asked of this reader, area by area; nothing of the public."""
    if actor.is_public:
        return
    for ask in BLOCKS:
        if block := ask(actor):
            yield block


def figures_to_publish(actor: Actor) -> Block | None:
    """Imports of the country that others cannot see yet: its contact point decides how far they go."""
    if not policy.can(actor, "flows.publish_figures"):
        return None
    waiting = [batch for batch in flows.batches(actor, limit=50) if is_awaiting(batch)]
    if not waiting:
        return None
    title = ngettext(
        "%(count)s import awaits your decision to publish",
        "%(count)s imports await your decision to publish",
        len(waiting),
    ) % {"count": len(waiting)}
    return Block(title, tuple(_line(batch) for batch in waiting[:5]))


def is_awaiting(batch: BatchCard) -> bool:
    """Whether it is still the country's own and this reader may publish it."""
    return bool(batch.may_publish_to) and batch.level == Level.OWN


def _line(batch: BatchCard) -> Line:
    note = _("%(kept)s figures, imported on %(day)s by %(who)s") % {
        "kept": words.number(batch.kept),
        "day": formats.day(batch.imported_at, words.language()),
        "who": batch.imported_by or "Corredor",
    }
    return Line(f"{batch.source.name} · {batch.file_name}", address("flows_batch", number=batch.id), note)


def figures_to_import(actor: Actor) -> Block | None:
    """Sources of the country whose next figure takes longer than usual."""
    mine = {source.code for source in flows.importable_sources(actor)}
    if not mine:
        return None
    late = [fresh for fresh in flows.freshness(actor) if fresh.source.code in mine and fresh.is_late]
    if not late:
        return None
    lines = tuple(
        Line(
            str(fresh.source.name),
            address("flows_import"),
            _("last period: %(period)s") % {"period": words.period(fresh.last_period, fresh.frequency)},
        )
        for fresh in late
    )
    return Block(_("The next figures are taking longer than usual"), lines)


def address(name: str, **arguments: Any) -> str:
    """The address of a page, empty where this installation has no such page."""
    try:
        return reverse(name, kwargs=arguments or None)
    except NoReverseMatch:
        return ""


BLOCKS: tuple[Callable[[Actor], Block | None], ...] = (figures_to_publish, figures_to_import)
