"""The forum's own: roles, oneself, documents, and the audit for those who read it."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Annotated, Any, Literal

from django.utils.translation import override
from ninja import Query, Schema

from corredor.interfaces.api.contract import ApiRequest
from corredor.interfaces.api.fields import Cursor, IdInPath, Limit, Moment, Number, WordsOut
from corredor.interfaces.api.operations import read
from corredor.interfaces.api.paging import Page, all_of, page_of, place_of
from corredor.interfaces.api.sending import sent
from corredor.kernel import policy
from corredor.kernel.audit import queries as audit
from corredor.kernel.audit.models import AuditLine
from corredor.kernel.documents import queries as kept
from corredor.kernel.documents.models import Document, Version
from corredor.kernel.errors import NotFound
from corredor.kernel.people.roles import ROLES, Role
from corredor.kernel.policy import Actor

BYTES = "application/octet-stream"
AT_ONCE = 200


class RoleOut(Schema):
    """A job at the forum: what it may be asked to do, and what it must never be able to do."""

    code: str
    title: WordsOut
    job: WordsOut
    never: WordsOut
    held_for: Literal["country", "organisation", "forum"]
    sees_as_far_as: Literal["public", "observers", "members"]
    may: list[str]


class ActionOut(Schema):
    """Something that can be done, and who needs no role for it."""

    name: str
    title: WordsOut
    open_to: Literal["anyone", "anyone signed in", "roles"]


class RolesOut(Schema):
    roles: list[RoleOut]
    actions: list[ActionOut]


class CapacityOut(Schema):
    role: str
    country: str | None
    organisation: str | None


class MeOut(Schema):
    """Who acts, by the mandates held today."""

    person: int
    capacities: list[CapacityOut]
    language: Literal["es", "en"]
    zone: str
    by_token: bool
    reads_only: bool


class VersionOut(Schema):
    number: int
    name: str
    kind: str
    size: int
    sha256: str
    added_at: Moment


class DocumentOut(Schema):
    """Something the forum keeps; of a country, of an organisation, or (both null) of the forum itself."""

    id: int
    title: WordsOut
    country: str | None
    organisation: str | None
    is_public: bool
    added_at: Moment
    versions: list[VersionOut]


class HeadOut(Schema):
    """The last link of a chain: note it outside, to prove later that nothing was cut off."""

    chain: str
    length: int
    digest: str


class LineOut(Schema):
    """Who did what to what, when: numbers and codes, never names."""

    chain: str
    position: int
    at: Moment
    actor: int | None
    roles: list[str]
    verb: str
    thing: str
    detail: dict[str, Any]
    previous: str
    digest: str


# ---------------------------------------------------------------------------------------------------------------------
# Roles and oneself


@read(
    "/roles", action="people.read_roles", en="The page of roles", es="La página de los roles", answer=RolesOut
)
def roles(request: ApiRequest) -> Any:
    """Every role with the actions it is granted, and every action there is."""
    return {
        "roles": [role_out(role) for role in ROLES.values()],
        "actions": [action_out(action) for action in policy.actions()],
    }


def in_both_languages(text: Any) -> dict[str, str]:
    with override("en"):
        english = str(text)
    with override("es"):
        return {"en": english, "es": str(text)}


def role_out(role: Role) -> dict[str, Any]:
    return {
        "code": role.code,
        "title": in_both_languages(role.title),
        "job": in_both_languages(role.job),
        "never": in_both_languages(role.never),
        "held_for": role.held_for,
        "sees_as_far_as": role.clearance,
        "may": sorted(role.may),
    }


def action_out(action: policy.Action) -> dict[str, Any]:
    open_to = "anyone" if action.is_open else "anyone signed in" if action.is_own else "roles"
    return {"name": action.name, "title": in_both_languages(action.title), "open_to": open_to}


@read("/me", action="account.keep_own", en="Who I am here", es="Quién soy aquí", answer=MeOut)
def me(request: ApiRequest) -> Any:
    actor = request.actor
    return {
        "person": actor.person_id,
        "capacities": [
            {"role": held.role, "country": held.country, "organisation": held.organisation}
            for held in actor.capacities
        ],
        "language": actor.language,
        "zone": actor.zone,
        "by_token": request.bearer is not None,
        "reads_only": request.bearer.reads_only if request.bearer else False,
    }


# ---------------------------------------------------------------------------------------------------------------------
# Documents


@read("/documents", action="documents.read_public", en="The forum's documents, the latest first", es="Los documentos del foro, primero el más reciente", answer=Page[DocumentOut])  # fmt: skip
def documents(request: ApiRequest, cursor: Cursor = "", limit: Limit = 200) -> Any:
    found = _older_than(request.actor, place_of(cursor, str, int), limit + 1)
    return page_of(found, limit, shown=document_out, place=lambda one: (one.added_at.isoformat(), one.pk))


def _older_than(actor: Actor, place: tuple[str, int] | None, wanted: int) -> list[Document]:
    """The documents after a place, found by their place and not by their count: new ones push nothing away."""
    found: list[Document] = []
    for start in count(0, AT_ONCE):
        part = kept.documents(actor, limit=AT_ONCE, offset=start)
        found += [
            one for one in part if place is None or (one.added_at, one.pk) < (_moment(place[0]), place[1])
        ]
        if len(part) < AT_ONCE or len(found) >= wanted:
            break
    return found[:wanted]


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise NotFound from fault
    if moment.tzinfo is None:
        raise NotFound
    return moment


@read("/documents/{int:id}", action="documents.read_public", en="One document with its versions", es="Un documento con sus versiones", answer=DocumentOut)  # fmt: skip
def document(request: ApiRequest, id: IdInPath) -> Any:
    return document_out(kept.document(request.actor, id))


@read("/documents/{int:id}/file", action="documents.read_public", en="The file of a document", es="El archivo de un documento", answer=None, forms=(BYTES,))  # fmt: skip
def document_file(
    request: ApiRequest,
    id: IdInPath,
    number: Annotated[
        Number | None, Query(None, le=2**31 - 1, description="The version; the latest if left out")
    ] = None,
) -> Any:
    found = kept.download(request.actor, id, number=number)
    if not found.path.exists():
        raise NotFound
    answer = sent(request, lambda: found.path.open("rb"), size=found.size, name=found.name, media_type=BYTES)
    answer["ETag"] = f'"{found.sha256}"'
    return answer


def document_out(document: Document) -> dict[str, Any]:
    return {
        "id": document.pk,
        "title": {"en": document.title_en, "es": document.title_es},
        "country": document.country_id,
        "organisation": document.organisation.code if document.organisation else None,
        "is_public": document.is_public,
        "added_at": document.added_at,
        "versions": [version_out(one) for one in sorted(document.versions.all(), key=lambda one: one.number)],
    }


def version_out(version: Version) -> dict[str, Any]:
    names = ("number", "name", "kind", "size", "sha256", "added_at")
    return {name: getattr(version, name) for name in names}


# ---------------------------------------------------------------------------------------------------------------------
# Audit


@read("/audit/heads", action="audit.read", en="The last link of every chain", es="El último eslabón de cada cadena", answer=Page[HeadOut])  # fmt: skip
def audit_heads(request: ApiRequest) -> Any:
    heads = audit.heads().items()
    return all_of([{"chain": chain, "length": length, "digest": digest} for chain, (length, digest) in heads])


@read("/audit/lines", action="audit.read", en="The lines of a chain, in order", es="Las líneas de una cadena, en orden", answer=Page[LineOut])  # fmt: skip
def audit_lines(
    request: ApiRequest,
    chain: Annotated[
        str, Query("FORUM", pattern="^[A-Z]{3,5}$", description="A country, or FORUM")
    ] = "FORUM",
    cursor: Cursor = "",
    limit: Limit = 200,
) -> Any:
    after = (place_of(cursor, int) or (0,))[0]
    lines = policy.visible(request.actor, AuditLine.objects.filter(chain=chain, position__gt=after))
    found = list(lines.order_by("position")[: limit + 1])
    return page_of(found, limit, shown=line_out, place=lambda line: (line.position,))


def line_out(line: AuditLine) -> dict[str, Any]:
    names = ("chain", "position", "at", "actor", "verb", "thing", "detail", "previous", "digest")
    return {
        **{name: getattr(line, name) for name in names},
        "roles": [role for role in line.roles.split(",") if role],
    }
