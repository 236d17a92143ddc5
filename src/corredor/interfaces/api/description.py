"""The API's description for people: operations by resource, schemas, refusals."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from corredor.interfaces.api import problems, spanish
from corredor.interfaces.api.contract import document as openapi
from corredor.kernel import errors, policy
from corredor.kernel.people.roles import ROLES

PREFIX = "/api/v1"
OF_ITS_OWN = {problems.__name__, errors.__name__}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field: its name, what it holds, whether it must be given, and what is said of it."""

    name: str
    kind: str
    is_required: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """An operation as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    note: str
    action: str
    action_title: Any
    who: tuple[Any, ...]
    parameters: tuple[Field, ...]
    body_form: str
    body: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]


def document() -> dict[str, Any]:
    """The OpenAPI document, as it is published."""
    return openapi(PREFIX + "/")


def groups(language: str) -> list[tuple[str, list[Described]]]:
    """The operations by resource, in the order in which they are written."""
    told, found = document(), defaultdict(list)
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            found[one["tags"][0]].append(_described(method, path, one, told, language))
    return list(found.items())


def _described(method: str, path: str, one: dict[str, Any], told: dict[str, Any], language: str) -> Described:
    action = next(known for known in policy.actions() if known.name == one["x-action"])
    form, body = _body(one, told, language)
    answers = {
        str(status): ", ".join(answer.get("content", {})) or "—"
        for status, answer in one["responses"].items()
    }
    return Described(
        one["operationId"],
        method.upper(),
        path,
        one["x-summary-es"] if language == "es" else one["summary"],
        _note(one.get("description", ""), language),
        action.name,
        action.title,
        _who(action),
        tuple(_parameter(parameter, language) for parameter in one["parameters"]),
        form,
        body,
        tuple(answers.items()),
    )


def _who(action: policy.Action) -> tuple[Any, ...]:
    if action.is_open:
        return (_("anyone"),)
    if action.is_own:
        return (_("anyone signed in"),)
    return tuple(role.title for role in ROLES.values() if action.name in role.may)


def _parameter(one: dict[str, Any], language: str) -> Field:
    name = f"{{{one['name']}}}" if one["in"] == "path" else one["name"]
    return Field(name, kind_of(one["schema"]), one["required"], _note(one.get("description", ""), language))


def _body(one: dict[str, Any], told: dict[str, Any], language: str) -> tuple[str, tuple[Field, ...]]:
    content = one.get("requestBody", {}).get("content", {})
    for form, described in content.items():
        schema = described["schema"]
        if "$ref" in schema:
            schema = told["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return form, _fields(schema, language)
    return "", ()


def _fields(schema: dict[str, Any], language: str) -> tuple[Field, ...]:
    required = schema.get("required", [])
    return tuple(
        Field(name, kind_of(details), name in required, _note(details.get("description", ""), language))
        for name, details in schema.get("properties", {}).items()
    )


def _note(english: str, language: str) -> str:
    return spanish.NOTES.get(english, english) if language == "es" else english


def schemas(language: str) -> list[tuple[str, str, tuple[Field, ...]]]:
    """What operations take and give: name, sentence, fields."""
    known = document()["components"]["schemas"]
    return [
        (name, _about(name, known[name], language), _fields(known[name], language)) for name in sorted(known)
    ]


def _about(name: str, schema: dict[str, Any], language: str) -> str:
    english = str(schema.get("description", "")).replace("``", "")
    return spanish.SCHEMAS.get(name, english) if language == "es" else english


def kind_of(schema: dict[str, Any]) -> str:
    """What a field holds, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(kind_of(one) for one in schema[key]))
    if schema.get("type") == "array":
        return f"[{kind_of(schema.get('items', {}))}]"
    if "format" in schema:
        return str(schema["format"])
    return str(schema.get("type", "any"))


def refusals() -> list[dict[str, Any]]:
    """Every kind of refusal in the reader's language."""
    return [
        {"code": kind.code, "status": kind.http_status, "rule": kind.rule, "way_out": kind.way_out}
        for kind in problems.kinds()
    ]


def as_markdown() -> str:
    """The operations as tables, both languages side by side, for docs/reference."""
    told, parts = document(), []
    in_spanish = {one.name: one.summary for _tag, group in groups("es") for one in group}
    for tag, group in groups("en"):
        rows = [
            f"| `{one.method} {one.path}` | {one.summary} · {in_spanish[one.name]} | `{one.action}` | {_taken(one)} |"
            for one in group
        ]
        parts += [
            f"## {tag}\n",
            "| operation | what it does · qué hace | action | takes |",
            "| --- | --- | --- | --- |",
        ]
        parts += [*rows, ""]
    kinds = [
        f"| {kind.http_status} | `{kind.code}` |"
        for kind in problems.kinds()
        if kind.__module__ in OF_ITS_OWN
    ]
    parts += ["## Refusals of every operation\n", "| status | code |", "| --- | --- |", *kinds, ""]
    return (
        f"OpenAPI {told['openapi']}, published at `{PREFIX}/openapi.json`; readable at `{PREFIX}/docs`.\n\n"
        + "\n".join(parts)
    )


def _taken(one: Described) -> str:
    fields = [*one.parameters, *one.body]
    return ", ".join(f"`{field.name}`" + ("" if field.is_required else "?") for field in fields) or "—"
