"""``corredor demo`` as people use it: real processes in a folder of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from corredor.interfaces.cli.filling import DEMO_PASSWORD
from corredor.kernel.people.roles import ROLES

MEMORY_LIMIT_MB = 400


class Demo:
    """A demo started in ``home``; what it prints is kept."""

    def __init__(self, home: Path, *arguments: str, command: str = "demo", language: str = "en") -> None:
        self.said = home.parent / f"{time.monotonic_ns()}.said"
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "corredor", command, "--no-browser", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment(home, language),
            )

    @property
    def words(self) -> str:
        return self.said.read_text()

    def wait_for(self, text: str, seconds: float = 60) -> str:
        ends_at = time.monotonic() + seconds
        while text not in self.words:
            assert time.monotonic() < ends_at, self.words
            assert self.process.poll() is None or text in self.words, self.words
            time.sleep(0.03)
        return self.words

    def end(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def family(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]


def environment(home: Path, language: str = "en") -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CORREDOR_", "DJANGO_"))
    }
    return {
        **kept,
        "CORREDOR_HOME": str(home),
        "CORREDOR_LANGUAGE": language,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def status(port: str, path: str) -> int:
    asked = HTTPConnection("127.0.0.1", int(port), timeout=10)
    asked.request("GET", path, headers={"Host": "localhost"})
    return asked.getresponse().status


@pytest.fixture
def started(request: pytest.FixtureRequest) -> Iterator[list[Demo]]:
    demos: list[Demo] = []
    yield demos
    for demo in demos:
        demo.end()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a demo was started once and left in order."""
    folder = tmp_path_factory.mktemp("demo") / "home"
    first = Demo(folder, "--port", free_port())
    first.wait_for("Ctrl-C", 120)
    assert first.end() == 130
    return folder


def test_demo_prints_the_address_and_one_sign_in_for_each_role(home: Path, started: list[Demo]) -> None:
    port = free_port()

    demo = Demo(home, "--port", port)
    started.append(demo)
    words = demo.wait_for("Ctrl-C")

    assert f"http://localhost:{port}/" in words
    assert DEMO_PASSWORD in words
    assert words.count("@example.org") == len(ROLES)
    assert status(port, "/health/ready") == 200
    assert status(port, "/health/live") == 200


def test_demo_speaks_the_language_of_the_terminal(home: Path, started: list[Demo]) -> None:
    demo = Demo(home, "--port", free_port(), language="es")
    started.append(demo)

    words = demo.wait_for("Ctrl-C lo detiene")

    assert "Corredor está listo" in words
    assert "Secretaría Ejecutiva" in words


def test_second_start_prepares_nothing_again(home: Path, started: list[Demo]) -> None:
    before = (home / "prepared.json").stat().st_mtime_ns

    demo = Demo(home, "--port", free_port())
    started.append(demo)
    words = demo.wait_for("Ctrl-C")

    assert "Preparing" not in words
    assert (home / "prepared.json").stat().st_mtime_ns == before


def test_whole_demo_stays_below_its_memory(home: Path, started: list[Demo]) -> None:
    port = free_port()
    demo = Demo(home, "--port", port)
    started.append(demo)
    demo.wait_for("Ctrl-C")
    for path in ("/", "/flows/", "/foresight/") * 3:
        status(port, path)

    used = {
        name(process): memory_mb(process) for process in demo.family() if not is_building_the_map(process)
    }

    assert sum(used.values()) < MEMORY_LIMIT_MB, used


def memory_mb(process: psutil.Process) -> float:
    """What the process holds; what several share is divided among them (proportional set size)."""
    return float(process.memory_full_info().pss) / 1e6


def name(process: psutil.Process) -> str:
    return f"{process.pid} {' '.join(process.cmdline()[-3:])}"


def is_building_the_map(process: psutil.Process) -> bool:
    """The live map is built once, aside, after the first start; it ends by itself and is no part of the demo."""
    while process.ppid() > 1:
        if any("scripts/assets" in word for word in process.cmdline()):
            return True
        process = psutil.Process(process.ppid())
    return False


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_every_process_is_gone_after_the_end(home: Path, started: list[Demo], number: int, code: int) -> None:
    demo = Demo(home, "--port", free_port())
    started.append(demo)
    demo.wait_for("Ctrl-C")
    family = demo.family()

    assert demo.end(number) == code
    assert psutil.wait_procs(family, timeout=10)[1] == []
    assert not (home / "running.json").exists()


def test_killed_demo_leaves_nobody_behind_and_starts_again_on_the_same_port(
    home: Path, started: list[Demo]
) -> None:
    port = free_port()
    demo = Demo(home, "--port", port)
    demo.wait_for("Ctrl-C")
    family = demo.family()
    demo.process.kill()
    demo.process.wait()

    again = Demo(home, "--port", port)
    started.append(again)

    again.wait_for("Ctrl-C")
    assert psutil.wait_procs(family, timeout=20)[1] == []


def test_second_demo_on_the_same_folder_shows_where_the_first_one_is(home: Path, started: list[Demo]) -> None:
    port = free_port()
    demo = Demo(home, "--port", port)
    started.append(demo)
    demo.wait_for("Ctrl-C")

    second = Demo(home, "--port", free_port())

    assert second.process.wait(timeout=30) == 1
    assert "already running" in second.words
    assert f"http://localhost:{port}/" in second.words
    assert status(port, "/health/live") == 200


def test_server_that_is_killed_comes_back(home: Path, started: list[Demo]) -> None:
    port = free_port()
    demo = Demo(home, "--port", port)
    started.append(demo)
    demo.wait_for("Ctrl-C")
    server = next(
        process for process in psutil.Process(demo.process.pid).children() if "serve" in process.cmdline()
    )

    server.kill()

    demo.wait_for("The web stopped")
    _wait_until_ready(port)


def test_busy_port_is_refused_with_an_offer(home: Path) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = str(listening.getsockname()[1])

        demo = Demo(home, "--port", port)

        assert demo.process.wait(timeout=30) == 1
        assert f"Port {port} is busy. The next free one: --port" in demo.words


@pytest.mark.parametrize("moment", ["Preparing the database", "Inviting"])
def test_first_start_killed_half_way_is_completed_by_the_next(
    tmp_path: Path, started: list[Demo], moment: str
) -> None:
    folder = tmp_path / "home"
    killed = Demo(folder, "--port", free_port())
    killed.wait_for(moment)
    for process in killed.family():
        process.kill()
    killed.process.wait()
    assert not (folder / "prepared.json").exists()

    again = Demo(folder, "--port", free_port())
    started.append(again)

    assert again.wait_for("Ctrl-C", 120).count("@example.org") == len(ROLES)


def test_fresh_begins_again_with_an_empty_folder(home: Path, started: list[Demo]) -> None:
    identity = _identity(home)

    demo = Demo(home, "--port", free_port(), "--fresh")
    started.append(demo)
    demo.wait_for("Ctrl-C", 120)

    assert _identity(home) != identity


def test_fresh_erases_nothing_that_no_demo_made(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/letter.txt").write_text("keep me")

    demo = Demo(tmp_path / "home", "--port", free_port(), "--fresh")

    assert demo.process.wait(timeout=30) == 1
    assert "nothing in it is erased" in demo.words
    assert (tmp_path / "home/letter.txt").read_text() == "keep me"


@pytest.mark.parametrize("door", [["serve", "--port", "0"], ["worker"], ["migrate"]])
def test_no_door_opens_a_demo_database_for_real_work(home: Path, door: list[str]) -> None:
    if door[0] == "serve":
        door = ["serve", "--port", free_port()]

    refused = subprocess.run(
        [sys.executable, "-m", "corredor", *door],
        env=environment(home) | {"CORREDOR_MODE": "embedded"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert refused.returncode != 0
    assert "made for a demo" in refused.stderr


def test_demo_does_not_start_over_real_work(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    subprocess.run(
        [sys.executable, "-m", "corredor", "migrate", "--no-static"],
        env=environment(folder) | {"CORREDOR_MODE": "embedded"},
        check=True,
        timeout=120,
        capture_output=True,
    )

    demo = Demo(folder, "--port", free_port())

    assert demo.process.wait(timeout=60) == 1
    assert "holds real work" in demo.words
    with sqlite3.connect(folder / "corredor.sqlite") as file:
        assert file.execute("SELECT count(*) FROM people_person").fetchone() == (0,)


def test_run_prepares_real_work_without_invented_people(tmp_path: Path, started: list[Demo]) -> None:
    folder = tmp_path / "home"

    real = Demo(folder, "--port", free_port(), command="run")
    started.append(real)
    words = real.wait_for("Ctrl-C", 120)

    assert "corredor people create --secretariat" in words
    assert "@example.org" not in words
    assert "sign_ins" not in json.loads((folder / "prepared.json").read_text())


def _wait_until_ready(port: str, seconds: float = 30) -> None:
    ends_at = time.monotonic() + seconds
    while True:
        try:
            if status(port, "/health/ready") == 200:
                return
        except OSError:
            pass
        assert time.monotonic() < ends_at
        time.sleep(0.1)


def _identity(home: Path) -> str:
    with sqlite3.connect(home / "corredor.sqlite") as file:
        return str(file.execute("SELECT identity FROM installation_installation").fetchone()[0])
