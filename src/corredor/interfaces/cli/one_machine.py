"""Everything on one machine, in one folder: prepare what is missing, start the processes, look after them.

The parent stays light; what needs the application runs in children. A start that was cut off at any point leaves no
stamp, so the next one prepares again what is not prepared, and every part of preparing may be repeated.
"""

from __future__ import annotations

import errno
import fcntl
import http.client
import json
import os
import shutil
import sys
import time
import webbrowser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corredor.interfaces.cli import ports
from corredor.interfaces.cli.stamp import fingerprint
from corredor.interfaces.cli.supervisor import Child, Supervisor, fresh_log
from corredor.interfaces.cli.words import say, terminal_language, warn

DEFAULT_PORT = 8000
READY_SECONDS = 60.0
LEAVING_SECONDS = 20.0
CHECKOUT = Path(__file__).resolve().parents[4]


class CannotStart(Exception):
    """Said in both languages; ends the start with code 1."""

    way_out = ""

    def __init__(self, en: str, es: str) -> None:
        super().__init__(en if terminal_language() == "en" else es)


@dataclass
class OneMachine:
    """An installation in one folder. ``mode`` is "demo" or "embedded"."""

    mode: str
    home: Path = field(init=False)
    began_at: float = field(default_factory=time.monotonic)
    _lock: int = -1

    def __post_init__(self) -> None:
        self.home = (
            Path(os.environ.get("CORREDOR_HOME") or CHECKOUT / "var" / self.mode).expanduser().resolve()
        )

    # The start ----------------------------------------------------------------------------------------------------

    def open(self, *, port: int | None, browser: bool, fresh: bool = False) -> int:
        """Prepare, start, and look after the processes until Ctrl-C; returns the exit code."""
        self._take_folder()
        if fresh:
            self._empty_folder()
        supervisor = Supervisor([], self._environment(), keep_open=(self._lock,))
        supervisor.listen_for_the_end()
        port = choose_port(port)
        try:
            self._prepare(supervisor)
            if supervisor.stop_signal is None:
                self._serve(supervisor, port, browser)
        finally:
            if supervisor.stop_signal is not None:
                say("Stopping …", "Deteniendo …")
            supervisor.stop()
            self._note(None)
        return supervisor.exit_code()

    def _environment(self) -> dict[str, str]:
        environment = {
            "MALLOC_ARENA_MAX": "2",  # many short threads, one small heap
            "OMP_NUM_THREADS": "1",
            **os.environ,
            "CORREDOR_MODE": self.mode,
            "CORREDOR_HOME": str(self.home),
            "CORREDOR_LANGUAGE": terminal_language(),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        if self.mode == "demo":
            # A demo keeps to its own folder, whatever database the machine's environment names.
            environment.pop("CORREDOR_DATABASE_URL", None)
            environment.pop("CORREDOR_JOBS_DATABASE_URL", None)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is compiled once makes the next start quick
        return environment

    # The folder ---------------------------------------------------------------------------------------------------

    def _take_folder(self) -> None:
        """Hold the folder for this start. The children hold it too, so it is free only when all of them are gone."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(self.home / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
        ends_at = time.monotonic() + LEAVING_SECONDS
        while not self._is_held():
            if self._other_parent_lives() or time.monotonic() > ends_at:
                address = self._noted().get("address", "")
                raise CannotStart(
                    f"Corredor is already running in this folder ({self.home}): {address}",
                    f"Corredor ya está en marcha en esta carpeta ({self.home}): {address}",
                )
            time.sleep(0.2)

    def _is_held(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                return False
            raise
        self._note({"parent": os.getpid()})
        return True

    def _other_parent_lives(self) -> bool:
        """Whether the start that holds the folder goes on; else its children are just leaving and may be awaited."""
        try:
            os.kill(int(self._noted().get("parent") or 0) or -1, 0)
        except (ProcessLookupError, ValueError):
            return False
        except PermissionError:
            return True
        return "parent" in self._noted()

    def _note(self, facts: dict[str, Any] | None) -> None:
        """Write down who runs here and where, for a second start to tell."""
        place = self.home / "running.json"
        if facts is None:
            place.unlink(missing_ok=True)
            return
        draft = place.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(facts))
        draft.replace(place)

    def _noted(self) -> dict[str, Any]:
        return read_json(self.home / "running.json")

    def _empty_folder(self) -> None:
        """Start from nothing; only a folder that a demo made may be emptied."""
        inside = [item for item in self.home.iterdir() if item.name not in {".lock", "running.json"}]
        if inside and not (self.home / "demo").exists():
            raise CannotStart(
                f"{self.home} was not made by a demo; nothing in it is erased. Choose another CORREDOR_HOME.",
                f"{self.home} no fue creada por una demostración; no se borra nada en ella. Elija otra CORREDOR_HOME.",
            )
        # The mark goes last: a removal cut off half way can be taken up again.
        for item in sorted(inside, key=lambda item: item.name == "demo"):
            shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()

    # What must be there first ---------------------------------------------------------------------------------------

    def _prepare(self, supervisor: Supervisor) -> None:
        wanted = fingerprint()
        if self.prepared().get("fingerprint") == wanted and (self.home / "corredor.sqlite").exists():
            return
        command = [sys.executable, "-m", "corredor.interfaces.cli.prepare", self.mode, wanted]
        code = supervisor.run_once(command)
        if code and supervisor.stop_signal is None:
            raise CannotStart(
                "Corredor could not be prepared; the reason stands above. Nothing is lost: start again.",
                "No se pudo preparar Corredor; la razón está arriba. No se ha perdido nada: inicie de nuevo.",
            )

    def prepared(self) -> dict[str, Any]:
        """What the last complete preparation noted: its fingerprint and, for a demo, who can sign in."""
        return read_json(self.home / "prepared.json")

    # The processes ------------------------------------------------------------------------------------------------

    def _serve(self, supervisor: Supervisor, port: int, browser: bool) -> None:
        address = f"http://localhost:{port}/"
        web = Child("web", ["serve", "--port", str(port)], fresh_log(self.home, "web"))
        worker = Child("worker", ["worker"], fresh_log(self.home, "worker"))
        supervisor.children += [web, worker]
        self._note({"parent": os.getpid(), "address": address})
        supervisor.start()
        if not supervisor.wait_until(
            lambda: answers(port) or supervisor.has_given_up(), seconds=READY_SECONDS
        ):
            if supervisor.stop_signal is None:
                raise self._no_answer(supervisor)
            return
        if supervisor.has_given_up():
            raise self._no_answer(supervisor)
        self._announce(address)
        if browser and has_screen():
            webbrowser.open(address)
        self._build_islands(supervisor)
        supervisor.run()

    def _no_answer(self, supervisor: Supervisor) -> CannotStart:
        for child in supervisor.children:
            if lines := child.last_lines():
                warn(f"--- {child.log}\n{lines}", f"--- {child.log}\n{lines}")
        return CannotStart(
            "The site does not answer. Above are the last lines of its logs; “corredor doctor” says more.",
            "El sitio no responde. Arriba están las últimas líneas de sus registros; «corredor doctor» dice más.",
        )

    def _announce(self, address: str) -> None:
        seconds = f"{time.monotonic() - self.began_at:.1f}"
        say(
            f"\nCorredor is ready ({seconds} s): {address}", f"\nCorredor está listo ({seconds} s): {address}"
        )
        sign_ins = self.prepared().get("sign_ins", [])
        if sign_ins:
            print_sign_ins(sign_ins, self.prepared()["password"])
        say("\nCtrl-C stops it.", "\nCtrl-C lo detiene.")

    def _build_islands(self, supervisor: Supervisor) -> None:
        """Build the optional map in the background; without a network the site goes on with the drawn one."""
        script = CHECKOUT / "scripts" / "assets"
        built = Path(__file__).resolve().parents[1] / "web" / "static" / "islands" / "manifest.json"
        if self.mode == "demo" and script.exists() and not built.exists():
            supervisor.in_background([str(script)], log=self.home / "assets.log", then_start_again="web")


def choose_port(asked: int | None) -> int:
    """The port asked for, or the usual one; when it is busy, says so and takes or offers the next free one."""
    wanted = asked or DEFAULT_PORT
    if ports.is_free(wanted):
        return wanted
    other = ports.next_free(wanted)
    if other is None:
        raise CannotStart(
            f"Port {wanted} and those after it are busy.",
            f"El puerto {wanted} y los siguientes están ocupados.",
        )
    if asked is None:
        say(
            f"Port {wanted} is busy; taking {other}.",
            f"El puerto {wanted} está ocupado; se usa el {other}.",
        )
        return other
    if sys.stdin.isatty() and agrees(
        f"Port {wanted} is busy. Use {other} instead? [Y/n] ",
        f"El puerto {wanted} está ocupado. ¿Usar el {other}? [S/n] ",
    ):
        return other
    raise CannotStart(
        f"Port {wanted} is busy. The next free one: --port {other}",
        f"El puerto {wanted} está ocupado. El siguiente libre: --port {other}",
    )


def agrees(en: str, es: str) -> bool:
    answer = input(en if terminal_language() == "en" else es).strip().lower()
    return answer in {"", "y", "yes", "s", "si", "sí"}


def answers(port: int) -> bool:
    """Whether the site says that people can work in it."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/health/ready", headers={"Host": "localhost"})
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def has_screen() -> bool:
    """Whether a browser could open here; a terminal browser would take the terminal away."""
    return sys.platform in {"darwin", "win32"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def print_sign_ins(sign_ins: list[dict[str, str]], password: str) -> None:
    """The table of invented people, one for each role."""
    language = terminal_language()
    width = max(len(person["email"]) for person in sign_ins)
    say(
        f"\nInvented people to sign in as; the password of each is {password}\n",
        f"\nPersonas inventadas para entrar; la contraseña de todas es {password}\n",
    )
    for person in sign_ins:
        line = f"  {person['email']:<{width}}  {person[f'role_{language}']} · {person['holds']}"
        say(line.rstrip(" ·"), line.rstrip(" ·"))


def read_json(place: Path) -> dict[str, Any]:
    """The document in a file; empty when there is none, or half of one."""
    try:
        found = json.loads(place.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
