"""Template tags of the working pages."""

from __future__ import annotations

from typing import Any

from django import template

from corredor.kernel import policy
from corredor.kernel.policy import PUBLIC

register = template.Library()


@register.inclusion_tag("flows/working/_tabs.html", takes_context=True)
def work_tabs(context: template.Context, here: str = "") -> dict[str, Any]:
    """The places where figures are worked on, and which of them this page is."""
    actor = context.get("actor") or PUBLIC
    return {"here": here, "may_bring": policy.can(actor, "flows.import_figures")}
