"""``corredor doctor``: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import sqlite3
import ssl
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import click

from corredor.interfaces.cli.main import start_django
from corredor.interfaces.cli.words import terminal_language

State = Literal["well", "care", "wrong"]
MARKS = {"well": "ok", "care": "!", "wrong": "✗"}
CHECKOUT = Path(__file__).resolve().parents[4]
OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 35)
OLDEST_POSTGRESQL = 140000
LARGEST_DRIFT = timedelta(seconds=5)
SHORTEST_KEY = 40
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;)?")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``care`` works but deserves a look; only ``wrong`` fails the examination."""

    code: str
    title: str
    state: State
    seen: str
    mend: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document · un documento JSON")
def doctor(as_json: bool) -> None:
    """Say what is wrong with this installation and how to mend it; exit 1 when something is.

    Decir qué falla en esta instalación y cómo corregirlo; termina con 1 si algo falla.
    """
    findings = list(examine())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        _print(findings)
    sys.exit(1 if any(finding.state == "wrong" for finding in findings) else 0)


def _print(findings: list[Finding]) -> None:
    for finding in findings:
        click.echo(f"{MARKS[finding.state]:>2}  {finding.title}: {finding.seen}")
        if finding.mend:
            click.echo(f"      → {finding.mend}")


def examine() -> Iterator[Finding]:
    """Every finding, from the machine to the figures; what cannot be looked at is a finding too."""
    yield look_at_python()
    yield look_at_packages()
    try:
        start_django()
    except (Exception, SystemExit) as fault:
        yield _cannot_start(fault)
        return
    yield from map(
        _tried, (look_at_mode, look_at_folder, look_at_secret_key, look_at_address, look_at_static)
    )
    yield from map(_tried, (look_at_map, look_at_mail))
    database = _tried(look_at_database)
    yield database
    if database.state != "wrong":
        yield from map(_tried, _looks_into_the_database())


def _tried(look: Callable[[], Finding]) -> Finding:
    from django.utils.translation import gettext as _

    code = look.__name__.removeprefix("look_at_")
    try:
        return look()
    except Exception as fault:
        mend = _("Mend what is said here or above, then look again.")
        return Finding(code, code.replace("_", " ").capitalize(), "wrong", _first_line(fault), mend)


def _first_line(fault: BaseException) -> str:
    """The kind of a fault and its first line, without what a connection string may hold."""
    text = re.sub(r"//[^@\s]*@", "//…@", str(fault)).splitlines()
    return f"{type(fault).__name__}: {text[0] if text else ''}"[:300]


# Before Django is there ------------------------------------------------------------------------------------------


def _either(en: str, es: str) -> str:
    return en if terminal_language() == "en" else es


def look_at_python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("python", "Python", "well", version)
    return Finding(
        "python",
        "Python",
        "wrong",
        version,
        _either("Install Python 3.11 or later.", "Instale Python 3.11 o posterior."),
    )


def look_at_packages(lock: Path = CHECKOUT / "requirements" / "base.txt") -> Finding:
    """Whether what is installed is what the lock says."""
    title = _either("Packages", "Paquetes")
    if not lock.exists():
        seen = _either("installed without the lock", "instalados sin el archivo de versiones fijas")
        return Finding("packages", title, "well", seen)
    differing = sorted(_differing(lock.read_text()))
    if not differing:
        return Finding(
            "packages", title, "well", _either("as the lock says", "según el archivo de versiones fijas")
        )
    mend = _either(
        "Delete the folder .venv and run ./corredor again.",
        "Borre la carpeta .venv y ejecute ./corredor de nuevo.",
    )
    return Finding("packages", title, "wrong", ", ".join(differing[:8]), mend)


def _differing(lock: str) -> Iterator[str]:
    for line in lock.splitlines():
        if found := PINNED.match(line):
            yield from _difference(found[1], found[2], bool(found[3]))


def _difference(name: str, wanted: str, is_for_some_machines: bool) -> Iterator[str]:
    try:
        installed = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        if not is_for_some_machines:
            yield f"{name} –"
        return
    if installed != wanted and not is_for_some_machines:
        yield f"{name} {installed} ≠ {wanted}"


def _cannot_start(fault: BaseException) -> Finding:
    mend = _either(
        "Correct the environment variable named above (docs/guide/en/operate.md lists them).",
        "Corrija la variable de entorno indicada arriba (docs/guide/es/operate.md las enumera).",
    )
    return Finding("settings", _either("Settings", "Configuración"), "wrong", _first_line(fault), mend)


# With Django -----------------------------------------------------------------------------------------------------


def _looks_into_the_database() -> Iterator[Callable[[], Finding]]:
    yield look_at_journal
    yield from (_sign_of_health(code) for code in ("migrations", "writing", "worker", "disk"))
    yield from (look_at_kind, look_at_clock, look_at_time_zones, look_at_documents, look_at_audit)


def _sign_of_health(code: str) -> Callable[[], Finding]:
    def look() -> Finding:
        from corredor.kernel.installation import health

        sign = next(sign for sign in health.signs() if sign.code == code)
        state: State = "care" if sign.is_well and sign.mend else "well" if sign.is_well else "wrong"
        return Finding(code, sign.title, state, sign.seen, sign.mend)

    look.__name__ = f"look_at_{code}"
    return look


def look_at_mode() -> Finding:
    from django.conf import settings
    from django.utils.translation import gettext as _

    return Finding("mode", _("Mode"), "well", f"{settings.MODE} · {settings.HOME} · {settings.VERSION}")


def look_at_folder() -> Finding:
    from django.conf import settings
    from django.utils.translation import gettext as _

    place, title = Path(settings.HOME), _("Folder")
    mode = stat.S_IMODE(place.stat().st_mode)
    if not os.access(place, os.W_OK):
        return Finding(
            "folder", title, "wrong", oct(mode), _("Let the account that runs Corredor write in %s.") % place
        )
    if mode & 0o007:
        return Finding(
            "folder",
            title,
            "wrong",
            oct(mode),
            _("Everybody on this machine can open it: chmod 700 %s") % place,
        )
    return Finding("folder", title, "well", oct(mode))


def look_at_secret_key() -> Finding:
    from django.conf import settings
    from django.utils.translation import gettext as _

    title, length = _("Secret key"), len(settings.SECRET_KEY)
    if length < SHORTEST_KEY or len(set(settings.SECRET_KEY)) < 10:
        mend = _("Give CORREDOR_SECRET_KEY a long random text. Those who have a second step set it up again.")
        return Finding("secret_key", title, "wrong", _("%d characters") % length, mend)
    kept = Path(settings.HOME) / "secret-key"
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return Finding("secret_key", title, "wrong", _("others can read it"), f"chmod 600 {kept}")
    return Finding("secret_key", title, "well", _("%d characters") % length)


def look_at_address() -> Finding:
    from django.conf import settings
    from django.utils.translation import gettext as _

    title = _("Address")
    if settings.IS_PRODUCTION and not settings.IS_SECURE:
        mend = _(
            "Set CORREDOR_ORIGIN to the https:// address people use, and CORREDOR_ALLOWED_HOSTS to its name."
        )
        return Finding("address", title, "wrong", settings.ORIGIN or "—", mend)
    return Finding("address", title, "well", settings.ORIGIN or ", ".join(settings.ALLOWED_HOSTS))


def look_at_database() -> Finding:
    from django.conf import settings
    from django.db import connection
    from django.utils.translation import gettext as _

    title = _("Database")
    connection.settings_dict["OPTIONS"].pop(
        "pool", None
    )  # a direct connection says at once why there is none
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.vendor == "sqlite":
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            return Finding(
                "database",
                title,
                "wrong",
                f"SQLite {sqlite3.sqlite_version}",
                _("Use a Python with SQLite 3.35 or later."),
            )
        state: State = "care" if settings.IS_PRODUCTION else "well"
        mend = _("For several machines or many people at once, use PostgreSQL.") if state == "care" else ""
        return Finding("database", title, state, f"SQLite {sqlite3.sqlite_version}", mend)
    version = connection.pg_version  # type: ignore[attr-defined]
    seen = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < OLDEST_POSTGRESQL:
        return Finding("database", title, "wrong", seen, _("Use PostgreSQL 14 or later."))
    return Finding("database", title, "well", seen)


def look_at_journal() -> Finding:
    from django.db import connection
    from django.utils.translation import gettext as _

    title = _("Journal")
    if connection.vendor != "sqlite":
        return Finding("journal", title, "well", "PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = str(cursor.fetchone()[0])
        cursor.execute("PRAGMA quick_check(1)")
        state = str(cursor.fetchone()[0])
    if state != "ok":
        return Finding(
            "journal", title, "wrong", state[:200], _("The file is damaged: restore the last backup.")
        )
    if mode.lower() != "wal":
        mend = _(
            "Keep the folder on a local disk: readers and writers wait for one another without write-ahead logging."
        )
        return Finding("journal", title, "care", mode, mend)
    return Finding("journal", title, "well", mode)


def look_at_kind() -> Finding:
    from django.conf import settings
    from django.utils.translation import gettext as _

    from corredor.kernel.errors import Refused
    from corredor.kernel.installation.services import confirm_kind

    try:
        confirm_kind(demo=settings.IS_DEMO)
    except Refused as refusal:
        return Finding("kind", _("Real or demo"), "wrong", str(refusal.rule), str(refusal.way_out))
    return Finding("kind", _("Real or demo"), "well", _("a demo") if settings.IS_DEMO else _("real work"))


def look_at_clock() -> Finding:
    from django.db import connection
    from django.utils.translation import gettext as _

    title = _("Clock")
    if os.environ.get("CORREDOR_CLOCK"):
        mend = _("Take CORREDOR_CLOCK away, unless this is a drill.")
        return Finding("clock", title, "care", os.environ["CORREDOR_CLOCK"], mend)
    here = datetime.now(UTC)
    there = here
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            there = cursor.fetchone()[0]
    seen = here.isoformat(timespec="seconds")
    if abs(there - here) > LARGEST_DRIFT:
        mend = _("This machine and the database's differ: let both take the time from the network.")
        return Finding("clock", title, "wrong", f"{seen} ≠ {there.isoformat(timespec='seconds')}", mend)
    return Finding("clock", title, "well", seen)


def look_at_time_zones() -> Finding:
    from zoneinfo import available_timezones

    from django.utils.translation import gettext as _

    from corredor.kernel.people.queries import zones

    missing = sorted(set(zones()) - available_timezones())
    if missing:
        return Finding(
            "time_zones", _("Time zones"), "wrong", ", ".join(missing), _("Install the package tzdata.")
        )
    return Finding("time_zones", _("Time zones"), "well", str(len(available_timezones())))


def look_at_mail() -> Finding:
    import smtplib
    from urllib.parse import urlsplit

    from django.conf import settings
    from django.utils.translation import gettext as _

    title = _("Mail")
    if not settings.SMTP_URL:
        state: State = "care" if settings.IS_PRODUCTION else "well"
        mend = _("Set CORREDOR_SMTP_URL, so that messages leave.") if state == "care" else ""
        return Finding("mail", title, state, _("no server: messages stay in the outbox page"), mend)
    parts = urlsplit(settings.SMTP_URL)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(parts.hostname or "", parts.port or 0, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException, ssl.SSLError) as fault:
        mend = _("Messages wait and are tried again. Look at the server's name, port and firewall.")
        return Finding("mail", title, "wrong", _first_line(fault), mend)
    return Finding("mail", title, "well", f"{parts.hostname}:{parts.port or ''}".rstrip(":"))


def look_at_static() -> Finding:
    from django.conf import settings
    from django.contrib.staticfiles import finders
    from django.utils.translation import gettext as _

    title = _("Static files")
    if settings.IS_PRODUCTION and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return Finding("static", title, "wrong", _("not gathered"), _("Run “corredor migrate”."))
    if not finders.find("corredor/corredor.css"):
        return Finding("static", title, "wrong", _("the style is missing"), _("Install Corredor again."))
    islands = _("with the live map") if finders.find("islands/manifest.json") else _("with the drawn map")
    return Finding("static", title, "well", islands)


def look_at_map() -> Finding:
    from django.conf import settings
    from django.utils.translation import gettext as _

    title = _("Map")
    if not settings.MAP_GEOMETRY:
        return Finding("map", title, "well", _("the shipped geometry"))
    try:
        json.loads(Path(settings.MAP_GEOMETRY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        mend = _("CORREDOR_MAP_GEOMETRY names a file that can be read as JSON, or nothing.")
        return Finding("map", title, "wrong", _first_line(fault), mend)
    return Finding("map", title, "well", settings.MAP_GEOMETRY)


def look_at_documents() -> Finding:
    from django.utils.translation import gettext as _

    from corredor.kernel.documents.queries import damaged

    found = damaged()
    if found:
        mend = _("Bring these files back from a backup: %s") % ", ".join(
            str(version.pk) for version in found[:10]
        )
        return Finding("documents", _("Documents"), "wrong", _("%d missing or altered") % len(found), mend)
    return Finding("documents", _("Documents"), "well", _("whole"))


def look_at_audit() -> Finding:
    from django.utils.translation import gettext as _

    from corredor.kernel.audit import queries

    faults = queries.verify()
    if faults:
        seen = ", ".join(f"{fault.chain}/{fault.position} {fault.kind}" for fault in faults[:8])
        mend = _(
            "Lines were altered or cut off. Keep this database as it is and compare it with the last backup."
        )
        return Finding("audit", _("Audit"), "wrong", seen, mend)
    lines: Any = sum(length for length, _digest in queries.heads().values())
    return Finding("audit", _("Audit"), "well", _("%d lines, all hold") % lines)
