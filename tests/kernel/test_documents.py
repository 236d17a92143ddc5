import errno
import io
import os
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.factories.people import actor

from corredor.kernel import clock
from corredor.kernel.audit.models import AuditLine
from corredor.kernel.documents import kinds, queries, services, storage
from corredor.kernel.documents.models import Document, Version
from corredor.kernel.errors import Invalid, NotFound, NotPermitted
from corredor.kernel.policy import PUBLIC, SYSTEM

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
TITLE = {"es": "Lineamientos de asistencia", "en": "Guidelines for assistance"}
PDF = b"%PDF-1.7\nGuidelines\n"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("countries")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "documents"
    return settings.MEDIA_ROOT


def add(by=SYSTEM, content=PDF, name="guidelines.pdf", **more):
    return services.add_document(title=TITLE, file=io.BytesIO(content), name=name, by=by, **more)


def files(media: Path) -> list[Path]:
    return [path for path in media.glob("*/*") if path.is_file()]


def package(**members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return content.getvalue()


def test_a_document_is_private_when_it_is_added():
    delegate = actor("delegate")

    kept = add(delegate, country="HND")

    assert not kept.is_public
    assert queries.download(delegate, kept.pk).path.read_bytes() == PDF
    assert [(line.chain, line.verb) for line in AuditLine.objects.order_by("pk")] == [("HND", "added")] * 2
    with pytest.raises(NotFound):
        queries.download(PUBLIC, kept.pk)


@pytest.mark.parametrize(
    ("owner", "seen_by"),
    [
        ({}, {"delegate", "deputy", "presidency", "secretariat"}),
        ({"country": "HND"}, {"delegate", "deputy", "presidency"}),
        (
            {"organisation": "iom"},
            {"delegate", "deputy", "presidency", "secretariat", "observer_organisation"},
        ),
    ],
)
def test_what_is_private_is_seen_by_its_owner_and_members(owner, seen_by):
    kept = add(**owner)
    roles = ("delegate", "deputy", "presidency", "secretariat", "observer_organisation", "civil_society",
             "enforcement", "data_protection_officer")  # fmt: skip
    readers = {
        role: actor(role, country="HND", organisation="unhcr" if role == "civil_society" else "iom")
        for role in roles
    }

    assert {role for role, reader in readers.items() if kept in queries.documents(reader)} == seen_by
    assert queries.documents(PUBLIC) == []


def test_another_country_does_not_see_what_is_private_to_one():
    kept = add(country="HND")

    with pytest.raises(NotFound):
        queries.document(actor("delegate", country="PAN"), kept.pk)


def test_what_was_decided_public_is_seen_by_all_and_says_who_when_and_why():
    kept, presidency = add(), actor("presidency")
    with clock.moved_to(NOON):
        services.decide_publication(
            document=kept, is_public=True, reason="Agreed at the meeting", by=presidency
        )

    seen = queries.document(PUBLIC, kept.pk)
    assert (seen.decision.by_id, seen.decision.at, seen.decision.reason) == (
        presidency.person_id,
        NOON,
        "Agreed at the meeting",
    )
    assert queries.download(PUBLIC, kept.pk).path.read_bytes() == PDF


def test_a_later_version_of_a_public_document_stays_private_until_it_is_decided_on():
    delegate, deputy = actor("delegate"), actor("deputy")
    kept = add(delegate, country="HND")
    services.decide_publication(document=kept, is_public=True, reason="Final", by=delegate)

    services.add_version(document=kept, file=io.BytesIO(b"%PDF-draft"), name="draft.pdf", by=deputy)

    assert [version.number for version in queries.document(PUBLIC, kept.pk).versions.all()] == [1]
    assert queries.download(PUBLIC, kept.pk).path.read_bytes() == PDF
    assert queries.download(deputy, kept.pk).path.read_bytes() == b"%PDF-draft"
    with pytest.raises(NotFound):
        queries.download(PUBLIC, kept.pk, number=2)

    services.decide_publication(document=kept, is_public=True, reason="Final, corrected", by=delegate)
    assert queries.download(PUBLIC, kept.pk).path.read_bytes() == b"%PDF-draft"


def test_what_was_public_can_be_made_private_again_and_both_decisions_are_kept():
    kept, secretariat = add(), actor("secretariat")
    for is_public, reason in ((True, "Agreed"), (False, "An annex names a shelter")):
        services.decide_publication(document=kept, is_public=is_public, reason=reason, by=secretariat)

    with pytest.raises(NotFound):
        queries.document(PUBLIC, kept.pk)
    decisions = kept.decisions.order_by("pk")
    assert [(row.is_public, row.reason) for row in decisions] == [
        (True, "Agreed"),
        (False, "An annex names a shelter"),
    ]


@pytest.mark.parametrize(
    ("role", "owner"),
    [("secretariat", {"country": "HND"}), ("presidency", {"country": "HND"}), ("deputy", {"country": "HND"}),
     ("delegate", {}), ("delegate", {"country": "PAN"})],
)  # fmt: skip
def test_nobody_decides_for_another_owner(role, owner):
    kept = add(**owner)

    with pytest.raises(NotPermitted):
        services.decide_publication(document=kept, is_public=True, reason="x", by=actor(role))
    assert not Document.objects.get().is_public


@pytest.mark.parametrize(
    ("role", "owner"),
    [("delegate", {}), ("delegate", {"country": "PAN"}), ("secretariat", {"country": "HND"}),
     ("observer_organisation", {"organisation": "iom"}), ("field_officer", {"country": "HND"})],
)  # fmt: skip
def test_nobody_adds_in_the_name_of_another(role, owner, media):
    with pytest.raises(NotPermitted):
        add(actor(role), **owner)
    assert not media.exists(), "a file that may not be added is not even read"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_decision_needs_a_reason(reason):
    with pytest.raises(Invalid) as refusal:
        services.decide_publication(document=add(), is_public=True, reason=reason, by=SYSTEM)
    assert "reason" in refusal.value.fields


def test_a_title_is_in_both_languages():
    with pytest.raises(Invalid) as refusal:
        services.add_document(title={"es": "Solo"}, file=io.BytesIO(PDF), name="x.pdf", by=SYSTEM)
    assert list(refusal.value.fields) == ["title_en"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.pdf"),
        (b"MZ\x90\x00", "report.pdf"),
        (b"\x7fELF\x02", "report"),
        (b"#!/bin/sh\n", "report.txt"),
        (b"plain", "run.BAT"),
        (package(word__document_dot_xml="x", word__vbaProject_dot_bin="x"), "letter.docx"),
        (package(tools__setup_dot_exe="x"), "tools.zip"),
    ],
)
def test_what_is_empty_or_could_run_is_refused_and_leaves_nothing(content, name, media):
    with pytest.raises(Invalid) as refusal:
        add(content=content, name=name)

    assert "file" in refusal.value.fields
    assert files(media) == []
    assert not Document.objects.exists()


def test_a_file_above_the_limit_is_refused_as_soon_as_it_is_seen(monkeypatch, media):
    monkeypatch.setattr(services, "MOST_BYTES", 3_000_000)

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(Invalid) as refusal:
        services.add_document(title=TITLE, file=endless, name="x.txt", by=SYSTEM)

    assert "3 MB" in str(refusal.value.fields["file"][0])
    assert endless.given <= 4 * storage.CHUNK
    assert files(media) == []


def test_a_full_disk_refuses_and_leaves_nothing(monkeypatch, media):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)

    with pytest.raises(services.NoRoom):
        add()
    assert files(media) == []
    assert not Document.objects.exists()


def test_the_same_content_again_adds_no_version_and_no_file(media):
    kept = add()

    again = services.add_version(document=kept, file=io.BytesIO(PDF), name="copy.pdf", by=SYSTEM)
    other = add()

    assert again.number == 1
    assert other.pk != kept.pk
    assert len(files(media)) == 1


def test_two_who_add_at_once_get_a_number_each():
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    kept = add()

    def version(number: int) -> int:
        try:
            content = io.BytesIO(PDF + bytes(str(number), "ascii"))
            return services.add_version(document=kept, file=content, name="x.pdf", by=SYSTEM).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(version, range(8))) == list(range(2, 10))


def test_the_file_is_on_the_disk_before_its_row_and_a_death_between_leaves_only_an_orphan(monkeypatch, media):
    def die(*_arguments, **_more):
        assert storage.is_whole(files(media)[0].name)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(services.Version.objects, "create", die)
        with pytest.raises(KeyboardInterrupt):
            add()
    assert not Document.objects.exists()
    used = queries.download(SYSTEM, add(content=b"used").pk).path

    services.sweep()
    assert len(files(media)) == 2, "what came today may still be on its way into a row"

    yesterday = time.time() - storage.UNUSED_FOR_SECONDS - 60
    (media / storage.INCOMING / "half").write_bytes(b"half")
    for path in files(media):
        os.utime(path, (yesterday, yesterday))
    services.sweep()

    assert files(media) == [used]


def test_damage_to_a_file_is_found():
    kept, lost = add(), add(content=b"lost")
    queries.download(SYSTEM, lost.pk).path.unlink()
    assert [version.document_id for version in queries.damaged()] == [lost.pk]

    queries.download(SYSTEM, kept.pk).path.write_bytes(b"altered")

    assert {version.document_id for version in queries.damaged()} == {kept.pk, lost.pk}


@pytest.mark.parametrize(
    ("content", "kind", "is_shown"),
    [
        (PDF, "application/pdf", True),
        (b"\x89PNG\r\n\x1a\n....", "image/png", True),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp", True),
        ("Señoras y señores".encode(), "text/plain", True),
        (b"x" * 4095 + "ñ".encode(), "text/plain", True),
        (b"<!DOCTYPE html><script>alert(1)</script>", "text/html", False),
        (b'<?xml version="1.0"?><svg xmlns="x"/>', "application/xml", False),
        (b"\xef\xbb\xbf<svg onload='x'>", "application/xml", False),
        (b"caf\xe9", "application/octet-stream", False),
        (package(word__document_dot_xml="x"), kinds._OFFICE["word/document.xml"], False),
        (
            package(mimetype="application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
            False,
        ),
        (package(mimetype="text/html"), "application/zip", False),
        (b"PK\x03\x04 and then nothing", "application/zip", False),
    ],
)
def test_a_file_is_what_its_content_says_and_only_what_cannot_act_is_shown(content, kind, is_shown):
    got = queries.download(SYSTEM, add(content=content, name="photo.png").pk)

    assert (got.kind, got.is_shown) == (kind, is_shown)
    assert got.content_type.split(";")[0] == (kind if is_shown else "application/octet-stream")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\windows\\a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("fdp.\u202epdf", "fdp.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("", "document"),
        ("ñ" * 300 + ".pdf", "ñ" * 196 + ".pdf"),
    ],
)
def test_a_name_loses_its_folders_and_its_tricks(given, kept):
    add(name=given)

    assert Version.objects.get().name == kept
