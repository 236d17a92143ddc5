"""Refusals: what the rule is and what can be done now, in the reader's language.

Every door shows a ``Refused`` in its own way: the page beside the form, the API as ``application/problem+json``,
the command on standard error with exit code 1. Each kind of refusal is a subclass named for its rule.

    Refused
    ├── NotPermitted     this person may not do this
    ├── NotFound         there is no such thing, or none that this person may see
    ├── Invalid          what was entered cannot be taken; ``fields`` says where and why
    └── Conflict         somebody else was faster, or the state has moved on
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A verb that cannot be done now. ``rule`` says why; ``way_out`` says what can be done."""

    code = "refused"
    http_status = 409
    rule: Any = _("This cannot be done now.")
    way_out: Any = ""

    def __init__(self, rule: Any = None, way_out: Any = None, **details: Any) -> None:
        self.rule = rule if rule is not None else type(self).rule
        self.way_out = way_out if way_out is not None else type(self).way_out
        self.details = details
        super().__init__(self.rule)

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.rule, self.way_out) if part)


class NotPermitted(Refused):
    code = "not-permitted"
    http_status = 403
    rule = _("Your role does not allow this.")
    way_out = _("If you think it should, write to the secretariat.")


class NotFound(Refused):
    code = "not-found"
    http_status = 404
    rule = _("There is nothing here that you may see.")
    way_out = _("Check the address, or sign in if you have not.")


class Invalid(Refused):
    """``fields`` maps a field's name to the messages about it."""

    code = "invalid"
    http_status = 422
    rule = _("Some of what was entered cannot be taken.")
    way_out = _("Correct what is marked; nothing else is lost.")

    def __init__(
        self, fields: Mapping[str, Any] | None = None, rule: Any = None, way_out: Any = None
    ) -> None:
        super().__init__(rule, way_out)
        self.fields = {
            name: value if isinstance(value, list) else [value] for name, value in (fields or {}).items()
        }


class Conflict(Refused):
    code = "conflict"
    rule = _("Somebody changed this while you were working on it.")
    way_out = _("Look at the present state and try again.")
