"""Reading the environment: every setting that differs between installations, with help when one is missing."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

MODES = ("embedded", "demo", "production")
CHECKOUT = Path(__file__).resolve().parents[3]


class SettingMissing(SystemExit):
    """Stops the start with a paragraph of help instead of a stack trace."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(f"CORREDOR_{name}", default)


def flag(name: str, *, default: bool = False) -> bool:
    return text(name, "yes" if default else "no").lower() in {"1", "yes", "true", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word for word in text(name, default).replace(",", " ").split() if word]


def required(name: str, help_text: str) -> str:
    value = text(name)
    if not value:
        raise SettingMissing(f"CORREDOR_{name} is not set. {help_text}")
    return value


def mode() -> str:
    chosen = text("MODE", "embedded")
    if chosen not in MODES:
        raise SettingMissing(f"CORREDOR_MODE is {chosen!r}; it is one of {', '.join(MODES)}.")
    return chosen


def home() -> Path:
    """The folder of this installation: databases, files, keys. Made when it is missing, readable by its owner only."""
    folder = Path(text("HOME") or CHECKOUT / "var" / mode()).expanduser().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """The signing key: from the environment, or made once and kept in the installation's folder."""
    if given := text("SECRET_KEY"):
        return given
    if mode() == "production":
        return required(
            "SECRET_KEY", "Give every process the same long random text, and keep it out of backups."
        )
    keep = folder / "secret-key"
    if not keep.exists():
        # Written aside and linked into place, so that a second process never reads half a key.
        draft = folder / f".secret-key-{os.getpid()}"
        draft.write_text(secrets.token_urlsafe(50))
        draft.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(draft, keep)
        draft.unlink()
    return keep.read_text()


def openid_connect() -> dict[str, Any]:
    """The one OpenID Connect provider of this installation, when one is named."""
    if not (issuer := text("OIDC_ISSUER")):
        return {}
    help_text = "The institution that runs the provider gives it together with the issuer's address."
    app = {
        "provider_id": "institution",
        "name": text("OIDC_NAME", urlsplit(issuer).hostname or "OpenID Connect"),
        "client_id": required("OIDC_CLIENT_ID", help_text),
        "secret": required("OIDC_SECRET", help_text),
        "settings": {"server_url": issuer.rstrip("/")},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def openid_connect_origins() -> list[str]:
    """Where the sign-in form may lead: the issuer's origin, and CORREDOR_OIDC_ORIGINS if its pages live elsewhere."""
    issuer = urlsplit(text("OIDC_ISSUER"))
    return ([f"{issuer.scheme}://{issuer.netloc}"] if issuer.netloc else []) + words("OIDC_ORIGINS")


SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-20000;PRAGMA foreign_keys=ON;",
}


def database(url: str) -> dict[str, Any]:
    """Django's settings for ``sqlite:////path/file.sqlite`` or ``postgresql://user:password@host:port/name``.

    A PostgreSQL socket folder goes into the query: ``postgresql://user@/name?host=/run/postgresql``.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path),
            "OPTIONS": dict(SQLITE_OPTIONS),
            "TEST": {"NAME": f"{unquote(parts.path)}.test"},  # a real file: threads and processes meet there
        }
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingMissing("CORREDOR_DATABASE_URL starts with sqlite:// or postgresql://.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 0, "max_size": 10, "timeout": 20}, **options},
    }
