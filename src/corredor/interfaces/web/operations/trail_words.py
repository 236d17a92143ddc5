"""The lines of the audit in the reader's words: what was done, and in which role."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from corredor.kernel.people.roles import ROLES

VERBS = {
    "added": pgettext_lazy("in the audit", "added"),
    "added_second_step": pgettext_lazy("in the audit", "added a second step"),
    "changed_password": pgettext_lazy("in the audit", "changed the password"),
    "changed_profile": pgettext_lazy("in the audit", "changed the profile"),
    "closed_account": pgettext_lazy("in the audit", "closed the account"),
    "created_token": pgettext_lazy("in the audit", "created a token"),
    "ended_mandate": pgettext_lazy("in the audit", "ended the mandate"),
    "gave_mandate": pgettext_lazy("in the audit", "gave a mandate"),
    "import refused": pgettext_lazy("in the audit", "had an import refused"),
    "imported": pgettext_lazy("in the audit", "imported"),
    "issued_forecasts": pgettext_lazy("in the audit", "issued forecasts"),
    "made private": pgettext_lazy("in the audit", "made private"),
    "mapping remembered": pgettext_lazy("in the audit", "kept a mapping of columns"),
    "note written": pgettext_lazy("in the audit", "wrote a note"),
    "opened_account": pgettext_lazy("in the audit", "opened the account"),
    "published": pgettext_lazy("in the audit", "published"),
    "recorded_outcomes": pgettext_lazy("in the audit", "recorded what came"),
    "removed_second_step": pgettext_lazy("in the audit", "removed a second step"),
    "renewed_second_step": pgettext_lazy("in the audit", "renewed the second step"),
    "reported": pgettext_lazy("in the audit", "reported on the message"),
    "reset_password": pgettext_lazy("in the audit", "reset the password"),
    "retracted_forecasts": pgettext_lazy("in the audit", "took forecasts back"),
    "revoked_token": pgettext_lazy("in the audit", "revoked the token"),
    "sent": pgettext_lazy("in the audit", "sent"),
    "set_password": pgettext_lazy("in the audit", "set the password"),
    "sharing set": pgettext_lazy("in the audit", "set with whom it is shared"),
    "signed_in": pgettext_lazy("in the audit", "signed in"),
    "withdrawn": pgettext_lazy("in the audit", "withdrew"),
}


def did(verb: str) -> str:
    """What was done; a verb of an earlier version, unknown to this one, as it was written."""
    return str(VERBS.get(verb, verb.replace("_", " ")))


def roles(codes: str) -> str:
    """The roles of a line (codes with commas between) by their titles."""
    return ", ".join(str(ROLES[code].title) if code in ROLES else code for code in codes.split(",") if code)
