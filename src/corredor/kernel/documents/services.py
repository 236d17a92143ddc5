"""Adding documents and versions of them, and deciding what is public."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock
from corredor.kernel.audit import services as audit
from corredor.kernel.documents import kinds, storage
from corredor.kernel.documents.models import Decision, Document, Version
from corredor.kernel.errors import Invalid, Refused
from corredor.kernel.jobs import job
from corredor.kernel.organisations.models import Organisation
from corredor.kernel.policy import Actor, require

MOST_BYTES = 50_000_000
LONGEST_TITLE = 250
LONGEST_REASON = 500
LONGEST_NAME = 200


class NoRoom(Refused):
    code = "no-room"
    http_status = 507
    rule = _("There is no room left on the disk, so the file was not taken.")
    way_out = _("What is already here is safe. Tell the operators, and send the file again later.")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file that lies in its place."""

    sha256: str
    size: int
    kind: str
    name: str


def add_document(
    *,
    title: Mapping[str, str],
    file: IO[bytes],
    name: str,
    by: Actor,
    country: str | None = None,
    organisation: str | None = None,
) -> Document:
    """Keep a new document with its first version; it is private.

    ``title`` is in both languages: {"es": …, "en": …}. The owner is a ``country`` (ISO alpha-3), an ``organisation``
    (its code) or, with neither, the forum. Refuses a title missing in a language, and a file that is empty, above
    50 MB, or could run when it is opened.
    """
    titles = _checked_titles(title)
    document = Document(
        title_es=titles["es"],
        title_en=titles["en"],
        country_id=country,
        organisation=Organisation.objects.get(code=organisation) if organisation else None,
        added_at=clock.now(),
    )
    require(by, "documents.add", document)
    with _taken_in(file, name) as taken, transaction.atomic():
        document.save()
        audit.record(by, "added", document, country=country)
        _add(document, taken, by)
    return document


def add_version(*, document: Document, file: IO[bytes], name: str, by: Actor) -> Version:
    """Keep a new version; the same content as the last one adds nothing. Refuses files as ``add_document`` does."""
    require(by, "documents.add", document)
    with _taken_in(file, name) as taken, transaction.atomic():
        document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        last = document.versions.order_by("-number").first()
        if last and last.sha256 == taken.sha256:
            return last
        return _add(document, taken, by)


@contextmanager
def _taken_in(file: IO[bytes], name: str) -> Iterator[TakenIn]:
    """The file read whole, judged, and safe in its place before the rows that speak of it are written."""
    try:
        with storage.receive(file, most_bytes=MOST_BYTES) as arrived:
            kind = _judge(arrived, name)
            storage.keep(arrived)
    except storage.TooBig as fault:
        most = MOST_BYTES // 1_000_000
        raise Invalid({"file": _("The file is larger than %(most)s MB.") % {"most": most}}) from fault
    except storage.NoRoom as fault:
        raise NoRoom from fault
    yield TakenIn(arrived.sha256, arrived.size, kind, _plain(name))


def _judge(arrived: storage.Arrived, name: str) -> str:
    """The kind of the file; refuses what is empty or could run."""
    if arrived.size == 0:
        raise Invalid({"file": _("The file is empty.")})
    if kinds.is_program(arrived.path, name):
        raise Invalid(
            {
                "file": _(
                    "This file could run when it is opened: a program, a script, or a document with macros."
                )
            },
            way_out=_("Save it without macros, or as PDF, and add it again."),
        )
    return kinds.kind_of(arrived.path)


def _plain(name: str) -> str:
    """A file's name without folders or signs that could mislead."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    stem, dot, ending = visible.rpartition(".")
    if len(visible) > LONGEST_NAME and dot:
        visible = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return visible[:LONGEST_NAME] or "document"


def _checked_titles(title: Mapping[str, str]) -> dict[str, str]:
    titles = {language: " ".join(title.get(language, "").split()) for language in ("es", "en")}
    faults: dict[str, Any] = {}
    for language, text in titles.items():
        if not text:
            faults[f"title_{language}"] = _("A document has a title in both languages.")
        elif len(text) > LONGEST_TITLE:
            faults[f"title_{language}"] = _("A title has at most %(most)s signs.") % {"most": LONGEST_TITLE}
    if faults:
        raise Invalid(faults)
    return titles


def _add(document: Document, taken: TakenIn, by: Actor) -> Version:
    version = Version.objects.create(
        document=document,
        number=_last_number(document) + 1,
        sha256=taken.sha256,
        size=taken.size,
        kind=taken.kind,
        name=taken.name,
        added_at=clock.now(),
        added_by_id=by.person_id,
    )
    audit.record(
        by, "added", version, country=document.country_id, sha256=taken.sha256, number=version.number
    )
    return version


@transaction.atomic
def decide_publication(*, document: Document, is_public: bool, reason: str, by: Actor) -> Document:
    """Make a document public as it is now, or private again, with the reason kept.

    A version added later stays private until it is decided on. Refuses an empty reason, and whoever may not decide for
    the owner.
    """
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    require(by, "documents.decide_publication", document)
    decision = Decision.objects.create(
        document=document,
        is_public=is_public,
        number=_last_number(document),
        reason=_checked_reason(reason),
        at=clock.now(),
        by_id=by.person_id,
    )
    document.is_public, document.decision = is_public, decision
    document.save(update_fields=["is_public", "decision"])
    verb = "published" if is_public else "made private"
    audit.record(
        by, verb, document, country=document.country_id, decision=decision.pk, number=decision.number
    )
    return document


def _checked_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid({"reason": _("Say why: the reason is kept with the decision.")})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("A reason has at most %(most)s signs.") % {"most": LONGEST_REASON}})
    return reason


def _last_number(document: Document) -> int:
    return document.versions.aggregate(last=Max("number"))["last"] or 0


@job("documents.sweep", heavy=True)
def sweep() -> None:
    """Delete files left behind by a death between the file and its row."""
    storage.sweep(lambda sha256: Version.objects.filter(sha256=sha256).exists())
