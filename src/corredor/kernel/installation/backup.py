"""Writing everything to one file and reading it back, from either database engine into either.

Left out: sessions and what a browser remembers, caches, the places of workers, the jobs engine's own checkpoints; all
of these are made again. The secret key is not in a backup: keep it elsewhere, for second steps are locked with it.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock
from corredor.kernel.audit import queries as audit
from corredor.kernel.errors import Refused
from corredor.kernel.installation import archive
from corredor.kernel.installation.archive import DamagedBackup, Manifest, NewerBackup, Part
from corredor.kernel.installation.models import Installation
from corredor.kernel.installation.services import IsADemo, NotADemo
from corredor.kernel.installation.storage import CannotWrite, is_storage_fault

LEFT_OUT = {
    "auth.group",
    "auth.group_permissions",
    "auth.permission",
    "contenttypes.contenttype",
    "jobs.slot",
    "sessions.session",
    "usersessions.usersession",
}
# What ``corredor migrate`` fills by itself: a new installation has these rows and is still empty.
FILLED_BY_MIGRATE = {
    "countries.country",
    "flows.gate",
    "flows.measure",
    "flows.source",
    "installation.installation",
    "jobs.job",
    "organisations.organisation",
}
ROWS_AT_ONCE = 2_000
LONGEST_LINE = 50_000_000
DOCUMENTS = "documents"


class FileExists(Refused):
    code = "file-exists"
    rule = _("There is already a file of that name.")
    way_out = _("A backup never replaces another file. Choose another name.")


class NotEmpty(Refused):
    code = "not-empty"
    rule = _("This installation is not empty.")
    way_out = _("Nothing was changed. A backup is restored into a new, empty folder or database.")


class OlderBackup(Refused):
    code = "older-backup"
    rule = _("This backup was made by an earlier version of Corredor.")
    way_out = _(
        "Nothing was changed. Restore it with the version that made it, then upgrade that installation."
    )


# Writing ---------------------------------------------------------------------------------------------------------


def back_up(place: Path, now: datetime | None = None) -> Manifest:
    """Write everything to ``place``, as it was at one moment, while people go on working.

    Memory stays bounded; beside the file, room is needed for its tables once more. A backup cut off leaves no file.
    """
    if place.exists():
        raise FileExists
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=place.parent) as folder:
        workshop = Path(folder)
        with _one_moment():
            manifest = _describe(now or clock.now())
            tables = [_write_table(model, workshop) for model in tables_kept()]
        documents = [_document_part(file) for file in _document_files()]
        manifest.parts.extend([part for part, _file in (*tables, *documents)])
        draft = workshop / "archive"
        archive.write(draft, manifest, ((part.name, file) for part, file in (*tables, *documents)))
        draft.chmod(0o600)
        with draft.open("rb+") as written:
            os.fsync(written.fileno())
        if place.exists():
            raise FileExists
        draft.rename(place)
    return manifest


def tables_kept() -> list[type[models.Model]]:
    """The tables of a backup, in the order of their names."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def columns(model: type[models.Model]) -> list[Any]:
    """The fields that are stored, without those the database computes itself."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


@contextmanager
def _one_moment() -> Iterator[None]:
    """Every read within the block sees the database as it was at its beginning. Writers are not held up."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _describe(now: datetime) -> Manifest:
    return Manifest(
        version=settings.VERSION,
        kind=Installation.objects.values_list("kind", flat=True).get(pk=1),
        made_at=now.isoformat(),
        engine=connection.vendor,
        migrations=sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations),
        heads={chain: [length, digest] for chain, (length, digest) in audit.heads().items()},
    )


def _write_table(model: type[models.Model], workshop: Path) -> tuple[Part, Path]:
    label = model._meta.label_lower
    file, names, rows = workshop / label, [field.attname for field in columns(model)], 0
    with gzip.open(file, "wt", compresslevel=5, encoding="utf-8") as lines:
        lines.write(json.dumps(names) + "\n")
        for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=ROWS_AT_ONCE):
            lines.write(json.dumps(row, default=_plain, ensure_ascii=False) + "\n")
            rows += 1
    return _part(f"data/{label}.jsonl.gz", file, rows), file


def _plain(value: Any) -> str:
    """A value JSON does not know, in the form its field reads back."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID | timedelta):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"a backup cannot say a {type(value).__name__}")


def _document_files() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT)
    return sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _document_part(file: Path) -> tuple[Part, Path]:
    inside = file.relative_to(settings.MEDIA_ROOT).as_posix()
    return _part(f"{DOCUMENTS}/{inside}", file, 0), file


def _part(name: str, file: Path, rows: int) -> Part:
    with file.open("rb") as content:
        length, sha256 = archive.digest(content)
    return Part(name, length, sha256, rows)


# Reading back ----------------------------------------------------------------------------------------------------


def restore(place: Path) -> Manifest:
    """Read a backup into this empty, migrated installation: all of it, verified, or nothing.

    Refuses damaged files, backups of another version or kind, and an installation that is not empty.
    """
    manifest = archive.read_manifest(place)
    _refuse_other_versions(manifest)
    if manifest.kind == Installation.Kind.DEMO and not settings.IS_DEMO:
        raise IsADemo
    if manifest.kind == Installation.Kind.REAL and settings.IS_DEMO:
        raise NotADemo
    _refuse_unless_empty()
    archive.verify(place, manifest)
    with _documents_staged() as staged, transaction.atomic():
        _empty_tables()
        _read_parts(place, manifest, staged)
        _prove(manifest)
        _put_in_place(staged)
    _unfinished().unlink()
    return manifest


def _refuse_other_versions(manifest: Manifest) -> None:
    ours = {f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations}
    theirs = set(manifest.migrations)
    if theirs - ours:
        raise NewerBackup
    if ours - theirs:
        raise OlderBackup


def _refuse_unless_empty() -> None:
    used = [model for model in tables_kept() if model._meta.label_lower not in FILLED_BY_MIGRATE]
    is_left_over = _unfinished().exists()
    if any(model._base_manager.exists() for model in used) or (_document_files() and not is_left_over):
        raise NotEmpty


def _empty_tables() -> None:
    with connection.cursor() as cursor:
        for model in tables_kept():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - our own names


def _read_parts(place: Path, manifest: Manifest, staged: Path) -> None:
    known = {f"data/{model._meta.label_lower}.jsonl.gz": model for model in tables_kept()}
    for part, content in archive.members(place, manifest):
        if part.name in known:
            _read_table(known.pop(part.name), content, part)
        elif part.name.startswith(f"{DOCUMENTS}/"):
            _stage(content, staged / part.name)
        else:
            raise DamagedBackup
    if known:
        raise DamagedBackup


def _read_table(model: type[models.Model], content: IO[bytes], part: Part) -> None:
    try:
        with gzip.open(content) as lines:
            names = json.loads(lines.readline(LONGEST_LINE))
            by_name = {field.attname: field for field in columns(model)}
            if sorted(names) != sorted(by_name):
                raise DamagedBackup
            fields = [by_name[name] for name in names]
            rows = _insert(model, fields, (_values(line, fields) for line in lines))
    except (ValueError, TypeError, ValidationError, EOFError, OSError, DatabaseError) as fault:
        raise (CannotWrite() if is_storage_fault(fault) else DamagedBackup()) from fault
    if rows != part.rows or model._base_manager.count() != part.rows:
        raise DamagedBackup


def _values(line: bytes, fields: list[Any]) -> list[Any]:
    row = json.loads(line)
    if len(row) != len(fields):
        raise DamagedBackup
    return [_stored(field, value) for field, value in zip(fields, row, strict=True)]


def _stored(field: Any, value: Any) -> Any:
    """A value as this database's driver takes it."""
    if value is None:
        is_json_null = isinstance(field, models.JSONField) and not field.null
        return connection.ops.adapt_json_value(None, None) if is_json_null else None
    return field.get_db_prep_save(field.to_python(value), connection)


def _insert(model: type[models.Model], fields: list[Any], rows: Iterator[list[Any]]) -> int:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(field.column) for field in fields)
    count = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    count += 1
            return count
        statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608
        while some := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(statement, some)
            count += len(some)
    return count


def _prove(manifest: Manifest) -> None:
    """References hold, the audit holds and ends where it ended, numbers go on from where they were."""
    try:
        connection.check_constraints()
    except DatabaseError as fault:
        raise DamagedBackup from fault
    heads = {chain: (length, digest) for chain, (length, digest) in manifest.heads.items()}
    if audit.verify(against=heads) or audit.heads() != heads:
        raise DamagedBackup
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables_kept()):
            cursor.execute(statement)


@contextmanager
def _documents_staged() -> Iterator[Path]:
    """A folder beside the documents' own, gone afterwards."""
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.HOME) as folder:
        (Path(folder) / DOCUMENTS).mkdir()
        yield Path(folder)


def _stage(content: IO[bytes], place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("xb") as file:
        shutil.copyfileobj(content, file, archive.BLOCK)


def _put_in_place(staged: Path) -> None:
    """The last thing before the commit; a mark tells documents that a power cut left here without their rows."""
    _unfinished().touch()
    target = Path(settings.MEDIA_ROOT)
    if target.exists():
        shutil.rmtree(target)
    (staged / DOCUMENTS).rename(target)


def _unfinished() -> Path:
    return Path(settings.HOME) / ".restore-unfinished"
