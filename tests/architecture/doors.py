"""Every way into the site, read from the addresses themselves and from the API's own document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Door:
    """A page: its name, its address as written in ``urls``, its view, and the arguments the address asks for."""

    name: str
    route: str
    view: Callable[..., Any]
    arguments: frozenset[str]

    @property
    def action(self) -> str | None:
        return getattr(self.view, "action", None)

    @property
    def changes(self) -> bool:
        """Whether the page takes POST only."""
        return bool(getattr(self.view, "changes", False))

    @property
    def checks_itself(self) -> bool:
        return bool(getattr(self.view, "checks_its_own_actions", False))


def pages(resolver: URLResolver | None = None, route: str = "", space: str = "") -> Iterator[Door]:
    """Every address of the site except those of the API, which its document lists."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = f"{space}{entry.name}" if entry.name else here
            yield Door(name, here, entry.callback, frozenset(entry.pattern.regex.groupindex))
        elif entry.app_name != "ninja":
            yield from pages(entry, here, f"{space}{entry.namespace}:" if entry.namespace else space)


@dataclass(frozen=True)
class Operation:
    """An operation of the API: its name, method, address and the action it says it needs (``x-action``)."""

    name: str
    method: str
    path: str
    action: str | None


def operations() -> Iterator[Operation]:
    """Every operation that the API's document lists; none while there is no API."""
    try:
        document = Client().get(reverse("api-1:openapi-json")).json()
    except NoReverseMatch:
        return
    for path, methods in document["paths"].items():
        for method, facts in methods.items():
            yield Operation(facts["operationId"], method, path, facts.get("x-action"))
