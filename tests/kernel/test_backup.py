"""Everything to one file and back, on each engine and across them; and every way in which a file can be wrong."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import translation
from tests.early import PrivatePostgreSQL
from tests.factories import people

from corredor.kernel.audit import queries as audit
from corredor.kernel.audit.services import record
from corredor.kernel.countries.services import load_reference_countries
from corredor.kernel.installation import archive, backup
from corredor.kernel.installation.services import IsADemo, settle_kind
from corredor.kernel.organisations.services import load_reference_organisations
from corredor.kernel.people.models import Mandate, Person
from corredor.kernel.policy import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """A folder of this test's own for documents and staging."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "home/documents"
    settings.HOME.mkdir()
    return Path(settings.HOME)


@pytest.fixture
def lived_in(home: Path) -> None:
    """An installation in which something happened."""
    load_reference_countries()
    load_reference_organisations()
    settle_kind(demo=False)
    people.holder("delegate", country="HND")
    people.holder("observer_organisation")
    Person.objects.filter(name__endswith="1").update(name="Demo Ñandú “1”\n\t\\N")
    for number in range(3):
        with transaction.atomic():
            record(
                SYSTEM,
                "tried",
                f"things.thing:{number}",
                country="HND" if number else None,
                at=NOON,
                share=0.1,
            )
    (home / "documents/2026").mkdir(parents=True)
    (home / "documents/2026/reunión.txt").write_bytes(b"\0acta")


def empty() -> None:
    """A new installation, as ``corredor migrate`` leaves it."""
    call_command("flush", interactive=False, verbosity=0)
    for file in Path(settings.MEDIA_ROOT).rglob("*.txt"):
        file.unlink()
    load_reference_countries()
    load_reference_organisations()
    settle_kind(demo=False)


def everything() -> dict[str, list[Any]]:
    """Every row of every table that a backup keeps."""
    return {
        model._meta.label_lower: list(model._base_manager.order_by("pk").values_list())
        for model in backup.tables_kept()
    }


@pytest.fixture
def backed_up(lived_in: None, tmp_path: Path) -> Path:
    backup.back_up(tmp_path / "all.tar", NOON)
    return tmp_path / "all.tar"


def test_everything_comes_back_as_it_was(backed_up: Path, home: Path) -> None:
    before, heads = everything(), audit.heads()
    empty()

    manifest = backup.restore(backed_up)

    assert everything() == before
    assert audit.heads() == heads
    assert audit.verify() == []
    assert (home / "documents/2026/reunión.txt").read_bytes() == b"\0acta"
    assert manifest.rows == sum(len(rows) for rows in before.values())
    assert manifest.documents == 1
    assert sorted(item.name for item in home.iterdir()) == ["documents"]


def test_new_rows_get_numbers_of_their_own_after_a_restore(backed_up: Path) -> None:
    highest = max(Person.objects.values_list("pk", flat=True))
    empty()
    backup.restore(backed_up)

    assert people.person(email="demo.later@example.org").pk > highest


def test_backup_is_of_one_moment_and_leaves_no_rest(lived_in: None, tmp_path: Path) -> None:
    manifest = backup.back_up(tmp_path / "all.tar", NOON)

    assert sorted(item.name for item in tmp_path.iterdir()) == ["all.tar", "home"]
    assert (tmp_path / "all.tar").stat().st_mode & 0o077 == 0
    assert manifest.made_at == NOON.isoformat()
    assert archive.read_manifest(tmp_path / "all.tar") == manifest


def test_every_table_is_kept_or_left_out_on_purpose() -> None:
    every = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}

    kept = {model._meta.label_lower for model in backup.tables_kept()}

    assert every >= backup.LEFT_OUT
    assert kept == every - backup.LEFT_OUT
    assert kept >= backup.FILLED_BY_MIGRATE - {"flows.gate", "flows.measure", "flows.source"}


def test_sign_ins_of_browsers_are_not_in_a_backup(backed_up: Path) -> None:
    names = {part.name for part in archive.read_manifest(backed_up).parts}

    assert not any("session" in name for name in names)
    assert not any("secret" in name for name in names)


def test_other_files_are_never_replaced(lived_in: None, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear")

    with pytest.raises(backup.FileExists):
        backup.back_up(tmp_path / "letter")
    assert (tmp_path / "letter").read_text() == "dear"


def test_installation_in_use_is_not_restored_over(backed_up: Path) -> None:
    before = everything()

    with pytest.raises(backup.NotEmpty):
        backup.restore(backed_up)
    assert everything() == before


def test_documents_without_rows_are_not_overwritten(backed_up: Path, home: Path) -> None:
    empty()
    (home / "documents/mine.txt").write_text("mine")

    with pytest.raises(backup.NotEmpty):
        backup.restore(backed_up)


def test_restore_cut_off_before_its_commit_can_be_repeated(
    backed_up: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    empty()
    put_in_place = backup._put_in_place

    def cut_off(staged: Path) -> None:
        put_in_place(staged)
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "_put_in_place", cut_off)
    with pytest.raises(KeyboardInterrupt):
        backup.restore(backed_up)
    assert not Person.objects.exists()
    monkeypatch.setattr(backup, "_put_in_place", put_in_place)

    backup.restore(backed_up)

    assert everything() == before
    assert not (home / ".restore-unfinished").exists()


def test_demo_s_backup_is_no_start_for_real_work(backed_up: Path, tmp_path: Path) -> None:
    empty()
    forged = rewritten(backed_up, tmp_path, manifest=lambda said: said.update(kind="demo"))

    with pytest.raises(IsADemo):
        backup.restore(forged)


def test_backup_of_a_later_version_is_refused(backed_up: Path, tmp_path: Path) -> None:
    empty()
    later = rewritten(
        backed_up, tmp_path, manifest=lambda said: said["migrations"].append("flows.9999_later")
    )
    newer_format = rewritten(backed_up, tmp_path, manifest=lambda said: said.update(format=2))

    for place in (later, newer_format):
        with pytest.raises(archive.NewerBackup):
            backup.restore(place)


def test_backup_of_an_earlier_version_says_how_to_go_on(backed_up: Path, tmp_path: Path) -> None:
    empty()
    earlier = rewritten(backed_up, tmp_path, manifest=lambda said: said["migrations"].pop())

    with pytest.raises(backup.OlderBackup) as refusal:
        backup.restore(earlier)
    with translation.override("en"):
        assert "then upgrade" in str(refusal.value)


# Files that are wrong --------------------------------------------------------------------------------------------


def rewritten(
    place: Path,
    folder: Path,
    *,
    manifest: Callable[[dict[str, Any]], object] = lambda _said: None,
    member: Callable[[str, bytes], list[tuple[str, bytes]]] = lambda name, content: [(name, content)],
) -> Path:
    """A copy of an archive with its manifest or its members changed."""
    forged = folder / f"forged-{len(list(folder.iterdir()))}.tar"
    with tarfile.open(place) as old, tarfile.open(forged, "w") as new:
        for info in old:
            source = old.extractfile(info)
            assert source is not None
            content = source.read()
            if info.name == archive.MANIFEST:
                said = json.loads(content)
                manifest(said)
                add(new, info.name, json.dumps(said).encode())
            else:
                for name, changed in member(info.name, content):
                    add(new, name, changed)
    return forged


def add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def refused(place: Path) -> None:
    """The file is refused as damaged, and nothing of it stays."""
    with pytest.raises(archive.DamagedBackup):
        backup.restore(place)
    assert not Person.objects.exists()
    assert not Path(settings.MEDIA_ROOT).exists() or not list(Path(settings.MEDIA_ROOT).rglob("*.txt"))


@pytest.mark.parametrize("length", [0, 700, 30_000, -1500])
def test_truncated_file_is_refused(backed_up: Path, tmp_path: Path, length: int) -> None:
    empty()
    whole = backed_up.read_bytes()
    # A tar ends in blocks of zeros: cut into what comes before them.
    (tmp_path / "cut.tar").write_bytes(whole.rstrip(b"\0")[:length])

    refused(tmp_path / "cut.tar")


@pytest.mark.parametrize(
    "content", [b"", b"not an archive", b"\x1f\x8b" + b"\0" * 600, b"PK\x03\x04" + b"x" * 2000]
)
def test_other_kinds_of_files_are_refused(lived_in: None, tmp_path: Path, content: bytes) -> None:
    empty()
    (tmp_path / "other.tar").write_bytes(content)

    refused(tmp_path / "other.tar")


def test_one_changed_byte_is_refused(backed_up: Path, tmp_path: Path) -> None:
    empty()
    forged = rewritten(
        backed_up,
        tmp_path,
        member=lambda name, content: [(name, content[:-1] + bytes([content[-1] ^ 1]))],
    )

    refused(forged)


@pytest.mark.parametrize(
    "name",
    [
        "documents/../../evil.txt",
        "/tmp/evil.txt",
        "documents/..\\evil.txt",
        "../evil",
        "data/../evil.jsonl.gz",
        "documents",
    ],
)
def test_path_that_leads_out_of_its_folder_is_refused(backed_up: Path, tmp_path: Path, name: str) -> None:
    empty()
    forged = rewritten(
        backed_up,
        tmp_path,
        manifest=lambda said: said["parts"][-1].update(name=name),
        member=lambda old, content: [(name if old.startswith("documents/") else old, content)],
    )

    refused(forged)
    assert not (tmp_path / "evil.txt").exists()


def test_link_in_place_of_a_document_is_refused(backed_up: Path, tmp_path: Path) -> None:
    empty()
    forged = rewritten(
        backed_up, tmp_path, member=lambda n, c: [] if n.startswith("documents/") else [(n, c)]
    )
    with tarfile.open(forged, "a") as tar:
        link = tarfile.TarInfo("documents/2026/reunión.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)

    refused(forged)


@pytest.mark.parametrize(
    "members",
    [
        lambda name, content: [] if name == "data/people.person.jsonl.gz" else [(name, content)],
        lambda name, content: [(name, content)] * (2 if name == "data/people.person.jsonl.gz" else 1),
        lambda name, content: [(name, content), ("documents/extra.txt", b"x")],
    ],
    ids=["missing", "twice", "unnamed"],
)
def test_missing_repeated_and_unnamed_members_are_refused(
    backed_up: Path, tmp_path: Path, members: Any
) -> None:
    empty()

    refused(rewritten(backed_up, tmp_path, member=members))


@pytest.mark.parametrize("change", ["row", "column", "count", "reference", "audit", "table"])
def test_consistent_lie_is_refused(backed_up: Path, tmp_path: Path, change: str) -> None:
    """Someone who can compute digests can still not make rows that do not hold together."""
    empty()

    refused(lie(backed_up, tmp_path, change))


def lie(place: Path, folder: Path, change: str) -> Path:
    """An archive whose digests fit what was changed in it."""
    table = {"reference": "people.mandate", "audit": "audit.auditline"}.get(change, "people.person")
    name = f"data/{table}.jsonl.gz"
    with tarfile.open(place) as tar:
        source = tar.extractfile(name)
        assert source is not None
        lines = [json.loads(line) for line in gzip.decompress(source.read()).splitlines()]
    column = lines[0].index
    if change == "row":
        lines[1] = lines[1][:-1]
    if change == "column":
        lines[0][0] = "another"
    if change == "count":
        lines.pop()
    if change == "reference":
        lines[1][column("person_id")] = 999_999
    if change == "audit":
        lines[1][column("verb")] = "altered"
    new_name = "data/people.nothing.jsonl.gz" if change == "table" else name
    packed = gzip.compress("\n".join(json.dumps(line) for line in lines).encode() + b"\n")
    size, sha256 = archive.digest(io.BytesIO(packed))

    def tell(said: dict[str, Any]) -> None:
        for part in said["parts"]:
            if part["name"] == name:
                part.update(name=new_name, bytes=size, sha256=sha256)

    return rewritten(
        place,
        folder,
        manifest=tell,
        member=lambda old, content: [(new_name, packed) if old == name else (old, content)],
    )


# Across engines --------------------------------------------------------------------------------------------------


def corredor(*arguments: str, home: Path, url: str = "") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CORREDOR_")}
    environment = {
        **kept,
        "CORREDOR_HOME": str(home),
        "CORREDOR_DATABASE_URL": url,
        "CORREDOR_LANGUAGE": "en",
    }
    return subprocess.run(
        [sys.executable, "-m", "corredor", *arguments],
        env={**environment, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        input="una contraseña larga\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def test_backup_moves_from_sqlite_to_postgresql_and_back(tmp_path: Path) -> None:
    laptop, office, laptop_again = tmp_path / "laptop", tmp_path / "office", tmp_path / "again"
    server = PrivatePostgreSQL.start()
    try:
        url = server.create_database("office")
        done = [
            corredor("migrate", "--no-static", home=laptop),
            corredor("people", "create", "--email", "demo.one@example.org", "--name", "Demo Persona",
                     "--secretariat", "--password-stdin", home=laptop),
            corredor("backup", str(tmp_path / "1.tar"), home=laptop),
            corredor("restore", str(tmp_path / "1.tar"), "--json", home=office, url=url),
            corredor("audit", "verify", home=office, url=url),
            corredor("backup", str(tmp_path / "2.tar"), "--json", home=office, url=url),
            corredor("restore", str(tmp_path / "2.tar"), home=laptop_again),
            corredor("people", "list", "--json", home=laptop_again),
        ]  # fmt: skip
    finally:
        server.remove()

    assert [step.returncode for step in done] == [0] * len(done), [step.stderr[-500:] for step in done]
    assert json.loads(done[3].stdout)["heads"] == json.loads(done[5].stdout)["heads"]
    assert [person["email"] for person in json.loads(done[7].stdout)] == ["demo.one@example.org"]
    first, second = (archive.read_manifest(tmp_path / f"{n}.tar") for n in (1, 2))
    assert (first.engine, second.engine) == ("sqlite", "postgresql")
    assert {part.name: part.rows for part in first.parts} == {part.name: part.rows for part in second.parts}


def test_command_refuses_with_code_1_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "bad.tar").write_text("no archive")

    refused = corredor("restore", str(tmp_path / "bad.tar"), home=tmp_path / "home2")

    assert refused.returncode == 1
    assert "not a whole backup" in refused.stderr
    assert refused.stdout == ""


def test_memory_stays_bounded_however_many_rows(lived_in: None, tmp_path: Path) -> None:
    Mandate.objects.bulk_create(
        Mandate(
            person_id=Person.objects.values_list("pk", flat=True)[0],
            role="secretariat",
            starts_on=date(2020, 1, 1),
        )
        for _ in range(20_000)
    )
    tracemalloc.start()

    backup.back_up(tmp_path / "many.tar")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
