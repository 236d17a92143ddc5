"""What the API promises: its operations with their actions, and the document (OpenAPI 3.1) that describes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import get_schema
from ninja.parser import Parser

from corredor.interfaces.api import problems
from corredor.kernel import policy
from corredor.kernel.policy import Actor
from corredor.kernel.tokens.queries import Bearer

Body = Literal["none", "json", "multipart"]
JSON = "application/json"
MULTIPART = "multipart/form-data"

ABOUT = """Figures, forecasts and documents of the forum, as the pages show them: the same permission, the same
protection of small counts, the same words in both languages.

Countries and nationalities are ISO 3166-1 alpha-3 codes; moments are ISO 8601 with their zone; days are ISO 8601.
Lists come in pages: `items`, and `next`, which is the `cursor` of the next page or null. Reads carry an `ETag`.
Errors are `application/problem+json` (RFC 9457) in the language of `Accept-Language` (es, en). Parameters that an
operation does not know are refused. Each operation names the action it needs in `x-action`; the page of roles
(`GET /api/v1/roles`) says who may do it."""


class ApiRequest(HttpRequest):
    """A request with its actor, as every operation receives it; ``given`` is its JSON, read and looked at."""

    actor: Actor
    bearer: Bearer | None = None
    given: Any


@dataclass(frozen=True, slots=True)
class Operation:
    """What the door needs to know of an operation before it runs."""

    name: str
    action: str
    en: str
    es: str
    changes: bool
    body: Body
    forms: tuple[str, ...]  # media types it can answer in; the first is the usual one


class BodyParser(Parser):
    """Hands over the JSON that the door has read and looked at."""

    def parse_body(self, request: HttpRequest) -> Any:
        return request.given  # type: ignore[attr-defined]


class Api(NinjaAPI):
    """The API, whose document says for each operation the action, the summary in Spanish and every refusal."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        return document(self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)


def closed(_request: HttpRequest) -> None:
    """Opens nothing: what has not said which action it needs is for nobody."""


OPERATIONS: dict[str, Operation] = {}
api = Api(
    title="Corredor",
    version=settings.VERSION,
    description=ABOUT,
    urls_namespace="api-1",
    docs_url=None,
    auth=closed,
    parser=BodyParser(),
)

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "Why it was refused, and what can be done now (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "way_out"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "way_out": {"type": "string"},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "details": {"type": "object"},
        "report": {"type": "object"},
    },
}
SECURITY: dict[str, Any] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A personal token, made at /account/tokens/.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
        "description": "The session of the pages; what changes something also sends X-CSRFToken.",
    },
}
ALWAYS = (400, 401, 403, 404, 406, 422, 429)


def _complete(described: dict[str, Any], operation: Operation) -> None:
    action = next(one for one in policy.actions() if one.name == operation.action)
    described["x-action"] = operation.action
    described["x-summary-es"] = operation.es
    described["security"] = [{"token": []}, {"session": []}, *([{}] if action.is_open else [])]
    statuses = {
        *ALWAYS,
        *((409, 413, 415) if operation.body != "none" else ()),
        *((409,) if operation.changes else ()),
    }
    for parameter in described["parameters"]:
        _without_null(parameter)
    answers = described["responses"]
    for status in sorted(statuses):
        answers[status] = {
            "description": HTTPStatus(status).phrase,
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    answers[429]["headers"] = {
        "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}
    }
    if not operation.changes:
        answers[304] = {"description": "Not Modified: what the reader has (If-None-Match) still holds."}
    if operation.forms[0] != JSON:
        answers[200]["content"] = {}
    for form in operation.forms:
        if form != JSON:
            content = answers[200].setdefault("content", {})
            content[form] = {"schema": {"type": "string", "format": "binary"}}


def _without_null(parameter: dict[str, Any]) -> None:
    """What stands in an address is there or not: it is never null."""
    schema = parameter["schema"]
    choices = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    if len(choices) == 1:
        del schema["anyOf"]
        schema.update(choices[0])


@cache
def document(path_prefix: str) -> dict[str, Any]:
    """The OpenAPI document, for addresses that begin with a prefix. It is made once: leave it as it is."""
    made = dict(get_schema(api, path_prefix))
    for described in _described(made):
        _complete(described, OPERATIONS[described["operationId"]])
    made["components"]["schemas"]["Problem"] = PROBLEM
    made["components"]["securitySchemes"] = SECURITY
    return made


def _described(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in made["paths"].values():
        yield from methods.values()


@cache
def parameters() -> dict[str, frozenset[str]]:
    """The parameters in the address that each operation knows."""
    return {
        described["operationId"]: frozenset(
            one["name"] for one in described["parameters"] if one["in"] == "query"
        )
        for described in _described(document(""))
    }


@cache
def parts() -> dict[str, frozenset[str]]:
    """The fields of each operation that takes a form."""
    return {
        described["operationId"]: frozenset(
            described["requestBody"]["content"][MULTIPART]["schema"]["properties"]
        )
        for described in _described(document(""))
        if MULTIPART in described.get("requestBody", {}).get("content", {})
    }
