"""The light parent, tried on small children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corredor.interfaces.cli.supervisor import Child, Supervisor

STAYS = "import time; time.sleep(60)"
DIES = "raise SystemExit(7)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


class OfPython(Supervisor):
    """Runs a child's argument as Python instead of a command of Corredor."""

    def _begin(self, command, **options):  # type: ignore[no-untyped-def]
        script = command[-1]
        return super()._begin([sys.executable, "-c", script], **options)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[object]:
    made: list[Supervisor] = []

    def supervisor(*scripts: str) -> Supervisor:
        children = [Child(f"child{n}", [script], tmp_path / f"{n}.log") for n, script in enumerate(scripts)]
        made.append(OfPython(children, dict(os.environ)))
        return made[-1]

    yield supervisor
    for one in made:
        one.stop()


def process_of(supervisor: Supervisor, number: int = 0) -> subprocess.Popen[bytes]:
    process = supervisor.children[number].process
    assert process is not None
    return process


def test_child_that_dies_is_started_again(make) -> None:  # type: ignore[no-untyped-def]
    supervisor = make(STAYS)
    supervisor.start()
    first = process_of(supervisor).pid
    os.kill(first, signal.SIGKILL)

    started_again = supervisor.wait_until(lambda: process_of(supervisor).pid != first, seconds=10)

    assert started_again
    assert process_of(supervisor).poll() is None


def test_child_that_dies_again_and_again_is_given_longer_pauses_and_then_up(make) -> None:  # type: ignore[no-untyped-def]
    supervisor = make(DIES)
    supervisor.start()

    gave_up = supervisor.wait_until(supervisor.has_given_up, seconds=20)

    assert gave_up
    assert supervisor.children[0].pause >= 2


def test_pause_never_grows_beyond_half_a_minute(tmp_path: Path) -> None:
    pauses = [Child("x", [], tmp_path / "x.log", short_lives=lives).pause for lives in range(12)]

    assert pauses[:4] == [0.0, 0.0, 2.0, 4.0]
    assert max(pauses) == 30.0


def test_all_children_are_gone_after_stop_even_a_deaf_one(
    make,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("corredor.interfaces.cli.supervisor.PATIENCE_SECONDS", 1.0)
    supervisor = make(STAYS, DEAF)
    supervisor.start()
    assert supervisor.wait_until(lambda: "deaf" in supervisor.children[1].last_lines(), seconds=10)

    supervisor.stop()

    assert process_of(supervisor, 0).returncode == -signal.SIGTERM
    assert process_of(supervisor, 1).returncode == -signal.SIGKILL


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_exit_code_tells_how_the_end_was_asked_for(make, number: int, code: int) -> None:  # type: ignore[no-untyped-def]
    supervisor = make()

    supervisor._asked_to_stop(number, None)

    assert supervisor.exit_code() == code


def test_what_runs_beside_starts_its_child_again_only_when_it_succeeds(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    supervisor = make(STAYS)
    supervisor.start()
    first = process_of(supervisor).pid
    supervisor.in_background([DIES], log=tmp_path / "a.log", then_start_again="child0")
    _look_until_over(supervisor)
    after_failure = process_of(supervisor).pid
    supervisor.in_background(["pass"], log=tmp_path / "a.log", then_start_again="child0")
    _look_until_over(supervisor)

    assert after_failure == first
    assert process_of(supervisor).pid != first


def _look_until_over(supervisor: Supervisor) -> None:
    ends_at = time.monotonic() + 20
    while supervisor._background is not None:
        assert time.monotonic() < ends_at
        supervisor._look_at_background()
        time.sleep(0.05)


def test_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    child = "from corredor.interfaces.cli import lifeline; import time; lifeline.watch(); print('up', flush=True); time.sleep(60)"
    parent = f"""
import os, subprocess, sys
reading, writing = os.pipe()
subprocess.Popen([sys.executable, "-c", {child!r}], pass_fds=(reading,),
                 env={{**os.environ, "CORREDOR_LIFELINE": str(reading)}}, stdout=sys.stdout)
import time; time.sleep(60)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, env=environment)
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"up\n"

    killed.kill()
    killed.wait()

    # The end of its output is the end of the last process that holds it.
    assert killed.stdout.read() == b""
