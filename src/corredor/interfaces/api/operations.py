"""How an operation of the API is written: what it does in both languages, the action it needs, what it takes.

    @read("/gates", action="flows.read", en="Every gate", es="Todos los puntos de control", answer=Page[GateOut])
    def gates(request: ApiRequest) -> Any: …

An operation without an action cannot be written; one that is put in by another way is closed to everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from corredor.interfaces.api.admission import Admission
from corredor.interfaces.api.contract import JSON, OPERATIONS, Body, Operation, api

F = TypeVar("F", bound=Callable[..., Any])


def read(
    path: str, *, action: str, en: str, es: str, answer: Any, forms: tuple[str, ...] = (JSON,), tag: str = ""
) -> Callable[[F], F]:
    """An operation that only reads."""
    return _operation("GET", path, action, en, es, answer, "none", forms, tag)


def write(
    method: Literal["POST", "PUT"],
    path: str,
    *,
    action: str,
    en: str,
    es: str,
    answer: Any,
    body: Body = "json",
    tag: str = "",
) -> Callable[[F], F]:
    """An operation that changes something, by the same service as the page."""
    return _operation(method, path, action, en, es, answer, body, (JSON,), tag)


def _operation(
    method: str,
    path: str,
    action: str,
    en: str,
    es: str,
    answer: Any,
    body: Body,
    forms: tuple[str, ...],
    tag: str,
) -> Callable[[F], F]:
    def keep(function: F) -> F:
        name = function.__name__
        described = Operation(name, action, en, es, method != "GET", body, forms)
        if name in OPERATIONS:
            raise ValueError(f"two operations are named {name}")
        OPERATIONS[name] = described
        api.api_operation(
            [method],
            path,
            auth=Admission(described),
            response=answer,
            operation_id=name,
            summary=en,
            description=(function.__doc__ or "").strip() or None,
            tags=[tag or path.strip("/").split("/")[0]],
            url_name=name,
        )(function)
        return function

    return keep
