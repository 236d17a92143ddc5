"""What may be read of the forum's documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import Prefetch, QuerySet

from corredor.kernel import policy
from corredor.kernel.documents import kinds, storage
from corredor.kernel.documents.models import Document, Version
from corredor.kernel.errors import NotFound
from corredor.kernel.policy import Actor


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be given out. Only what cannot act in a browser is shown in it; the rest is saved, as plain bytes."""

    path: Path
    name: str
    size: int
    sha256: str
    kind: str
    added_at: datetime

    @property
    def is_shown(self) -> bool:
        return self.kind in kinds.SAFE_TO_SHOW

    @property
    def content_type(self) -> str:
        """What a browser is told: never a type that could run."""
        if not self.is_shown:
            return kinds.UNKNOWN
        return "text/plain; charset=utf-8" if self.kind == "text/plain" else self.kind


def documents(actor: Actor, *, limit: int = 100, offset: int = 0) -> list[Document]:
    """The documents this actor may see, each with the versions it may see, the latest first."""
    return list(_seen(actor).order_by("-added_at", "-pk")[offset : offset + limit])


def document(actor: Actor, pk: int) -> Document:
    """One document, with the versions this actor may see; refuses with ``NotFound`` when it may see none."""
    found = _seen(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _seen(actor: Actor) -> QuerySet[Document]:
    versions = policy.visible(actor, Version.objects.order_by("-number"))
    return (
        policy.visible(actor, Document.objects.all())
        .select_related("country", "organisation", "decision")
        .prefetch_related(Prefetch("versions", versions))
    )


def download(actor: Actor, pk: int, *, number: int | None = None) -> Download:
    """The file of a version, the latest unless numbered; refuses with ``NotFound`` what the actor may not see."""
    versions = policy.visible(actor, Version.objects.filter(document_id=pk)).order_by("-number")
    version = versions.first() if number is None else versions.filter(number=number).first()
    if version is None:
        raise NotFound
    return Download(
        path=storage.path_of(version.sha256),
        name=version.name,
        size=version.size,
        sha256=version.sha256,
        kind=version.kind,
        added_at=version.added_at,
    )


def damaged() -> list[Version]:
    """The versions whose file is missing or no longer holds what was added, for operators. Reads every file."""
    whole: dict[str, bool] = {}
    for sha256 in Version.objects.values_list("sha256", flat=True).distinct():
        whole[sha256] = storage.is_whole(sha256)
    return [version for version in Version.objects.order_by("pk") if not whole.get(version.sha256, True)]
