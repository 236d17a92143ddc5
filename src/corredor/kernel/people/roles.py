"""The roles of the forum, on one page that can be printed.

A role is a job to be done, never a rank. ``may`` lists the actions it is granted; the mandate (role × country,
organisation or body × dates) says over what. ``never`` is written for the reader: what this role must not be able to
do, each backed by a test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Held = Literal["country", "organisation", "forum"]


@dataclass(frozen=True, slots=True)
class Role:
    """A job at the forum. ``clearance`` is how far into the figures it sees beyond its own country's."""

    code: str
    title: Any
    job: Any
    never: Any
    held_for: Held
    clearance: Literal["public", "observers", "members"]
    may: frozenset[str]
    is_enforcement: bool = False


READS_SHARED = (
    "documents.read",
    "flows.read",
    "foresight.read",
    "people.read_roles",
)
WORKS_ON_FIGURES = (
    "flows.import_figures",
    "flows.read_batches",
    "flows.annotate_quality",
    "foresight.issue",
)


def _role(
    code: str,
    title: Any,
    job: Any,
    never: Any,
    *,
    held_for: Held,
    clearance: Literal["public", "observers", "members"],
    may: Iterable[str],
    is_enforcement: bool = False,
) -> Role:
    return Role(code, title, job, never, held_for, clearance, frozenset(may), is_enforcement)


_PAGE = (
    _role(
        "delegate",
        _("Delegate and contact point"),
        _(
            "Give the country's position before the date, publish its figures, and know what is still awaited from it."
        ),
        _("Publish for another country, see other countries' drafts, or see any person's record."),
        held_for="country",
        clearance="members",
        may=(
            *READS_SHARED,
            *WORKS_ON_FIGURES,
            "flows.publish_figures",
            "flows.set_sharing",
            "documents.add",
            "documents.decide_publication",
        ),
    ),
    _role(
        "deputy",
        _("Deputy contact point"),
        _("Do everything the contact point does, except publish."),
        _("Publish outside the country."),
        held_for="country",
        clearance="members",
        may=(*READS_SHARED, *WORKS_ON_FIGURES, "documents.add"),
    ),
    _role(
        "reviewer",
        _("National reviewer"),
        _("Give a ministry's part to the contact point."),
        _("Publish outside the country."),
        held_for="country",
        clearance="members",
        may=(*READS_SHARED, "flows.read_batches", "flows.annotate_quality"),
    ),
    _role(
        "presidency",
        _("Presidency pro tempore"),
        _("Run the meetings, get the report agreed, and remind kindly those from whom something is awaited."),
        _("Alter what a country has published, read protection cases, or close an agreement silently."),
        held_for="country",
        clearance="members",
        may=(*READS_SHARED, "documents.add", "documents.decide_publication", "messages.read_outbox"),
    ),
    _role(
        "secretariat",
        _("Executive Secretariat"),
        _("Keep the memory and the plan: documents, directory, accounts, the public and the private side."),
        _("Read protection cases, or decide the content of what States say."),
        held_for="forum",
        clearance="members",
        may=(
            *READS_SHARED,
            "audit.read",
            "documents.add",
            "documents.decide_publication",
            "flows.read_batches",
            "foresight.issue",
            "messages.read_outbox",
            "operations.read",
            "people.manage",
        ),
    ),
    _role(
        "duty_officer",
        _("Focal point on duty"),
        _("Woken at night: know whether it is real, whether it comes our way, and whom to tell."),
        _("See names, publish to the media, or skip the log."),
        held_for="country",
        clearance="members",
        may=(*READS_SHARED,),
    ),
    _role(
        "field_officer",
        _("Field officer, protection"),
        _("Know who needs help first and where to send them, without a network."),
        _("Search people across stations or countries, export, or see a case after its transfer."),
        held_for="country",
        clearance="observers",
        may=("people.read_roles", "flows.read"),
    ),
    _role(
        "receiver",
        _("Referral receiver"),
        _("Know who arrives and with what consent, and answer."),
        _("See more than was consented, or pass it on without a new consent."),
        held_for="organisation",
        clearance="observers",
        may=("people.read_roles", "flows.read"),
    ),
    _role(
        "enforcement",
        _("Border authority"),
        _("Know how many and when, as totals."),
        _("See any protection record, profile, small cell, or the place of an informal shelter."),
        held_for="country",
        clearance="observers",
        may=("people.read_roles", "flows.read", "foresight.read"),
        is_enforcement=True,
    ),
    _role(
        "observer_organisation",
        _("Observer organisation"),
        _("Offer what the Group asked for and see it used."),
        _("Enter the drafting room, see members' comments, vote or approve."),
        held_for="organisation",
        clearance="observers",
        may=READS_SHARED,
    ),
    _role(
        "observer_country",
        _("Observer country"),
        _("Follow the open discussion."),
        _("Enter the drafting room, decide or approve."),
        held_for="country",
        clearance="observers",
        may=READS_SHARED,
    ),
    _role(
        "civil_society",
        _("Civil-society network"),
        _("See that a recommendation reached the Group and what was done with it."),
        _("Enter the members' space or see places of groups marked restricted."),
        held_for="organisation",
        clearance="public",
        may=READS_SHARED,
    ),
    _role(
        "data_protection_officer",
        _("Data protection officer"),
        _("Prove that the wall holds: logs, access reviews, proofs of erasure."),
        _("Read the contents of what is protected."),
        held_for="forum",
        clearance="public",
        may=("people.read_roles", "audit.read", "flows.read", "operations.read"),
    ),
)

ROLES: dict[str, Role] = {role.code: role for role in _PAGE}
