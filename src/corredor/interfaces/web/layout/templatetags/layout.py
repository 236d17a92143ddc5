"""Template tags of the shell around every page."""

from __future__ import annotations

from typing import Any

from django import template

from corredor.interfaces.web.layout import navigation
from corredor.kernel.policy import PUBLIC

register = template.Library()


@register.inclusion_tag("layout/_menu.html", takes_context=True)
def main_menu(context: template.Context) -> dict[str, Any]:
    request = context.get("request")
    actor = context.get("actor") or PUBLIC
    return {"entries": navigation.entries(navigation.MAIN, actor, request.path if request else "")}


@register.inclusion_tag("layout/_user.html", takes_context=True)
def user_menu(context: template.Context) -> dict[str, Any]:
    request = context.get("request")
    actor = context.get("actor") or PUBLIC
    path = request.path if request else ""
    return {
        "actor": actor,
        "entries": navigation.entries(navigation.OWN, actor, path),
        "request": request,
    }


@register.inclusion_tag("layout/_language.html", takes_context=True)
def language_switch(context: template.Context) -> dict[str, Any]:
    """A button to the other language, back to this same page."""
    request = context.get("request")
    other = "en" if context.get("language", "es") == "es" else "es"
    return {
        "other": other,
        "name": {"es": "Español", "en": "English"}[other],
        "back": request.get_full_path() if request else "/",
        "csrf_token": context.get("csrf_token"),
    }
