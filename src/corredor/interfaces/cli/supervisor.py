"""A light parent that keeps the server and the worker running. It loads neither Django nor the application."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from corredor.interfaces.cli import lifeline
from corredor.interfaces.cli.words import warn

SHORT_LIFE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 30.0
PATIENCE_SECONDS = 12.0
LOG_KEPT_BYTES = 5_000_000
TICK_SECONDS = 0.1


@dataclass
class Child:
    """One process to keep running, and where its words go."""

    name: str
    arguments: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    short_lives: int = 0
    start_again_at: float | None = None

    @property
    def pause(self) -> float:
        """Seconds to wait before the next start: none at first, then ever longer."""
        return 0.0 if self.short_lives <= 1 else min(2.0 ** (self.short_lives - 1), LONGEST_PAUSE_SECONDS)

    def last_lines(self, count: int = 15) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""


@dataclass
class Background:
    """Something useful but not needed, and the child that gains from it."""

    process: subprocess.Popen[bytes]
    then_start_again: str


@dataclass
class Supervisor:
    """Starts children, starts again the one that dies, and stops them all together.

    ``stop_signal`` is the signal that asked for the end, None while running.
    """

    children: list[Child]
    environment: dict[str, str]
    keep_open: tuple[int, ...] = ()  # file descriptors the children hold too
    stop_signal: int | None = None
    _pipe: tuple[int, int] = field(default_factory=os.pipe)
    _background: Background | None = None

    def listen_for_the_end(self) -> None:
        """Take Ctrl-C and the polite end as a wish to stop everything cleanly."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, _frame: FrameType | None) -> None:
        self.stop_signal = self.stop_signal or number

    def start(self) -> None:
        for child in self.children:
            self._launch(child)

    def _launch(self, child: Child) -> None:
        child.start_again_at = None
        child.started_at = time.monotonic()
        # A session of its own: Ctrl-C reaches only the parent, which then ends the children in order.
        command = [sys.executable, "-m", "corredor", *child.arguments]
        with child.log.open("ab") as log:
            child.process = self._begin(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _begin(self, command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
        environment = {**self.environment, lifeline.VARIABLE: str(self._pipe[0])}
        return subprocess.Popen(  # noqa: S603 - our own commands
            command, env=environment, pass_fds=(self._pipe[0], *self.keep_open), **options
        )

    def run_once(self, command: Sequence[str]) -> int:
        """Run a command at the terminal until it ends; a wish to stop ends it too. Returns its code."""
        process = self._begin(command)
        while process.poll() is None:
            if self.stop_signal is not None:
                _end([process])
            time.sleep(TICK_SECONDS / 2)
        return process.returncode

    def in_background(self, command: Sequence[str], *, log: Path, then_start_again: str) -> None:
        """Run something that may fail beside the children; when it succeeds, start one child again."""
        with log.open("wb") as words:
            process = self._begin(
                command, stdin=subprocess.DEVNULL, stdout=words, stderr=words, start_new_session=True
            )
        self._background = Background(process, then_start_again)

    def look_after(self) -> None:
        """Start again what has died; called over and over."""
        now = time.monotonic()
        for child in self.children:
            if child.start_again_at is not None:
                if now >= child.start_again_at:
                    self._launch(child)
            elif child.process is not None and child.process.poll() is not None:
                self._plan_restart(child, now)

    def _plan_restart(self, child: Child, now: float) -> None:
        assert child.process is not None
        lived = now - child.started_at
        child.short_lives = child.short_lives + 1 if lived < SHORT_LIFE_SECONDS else 1
        child.start_again_at = now + child.pause
        code = child.process.returncode
        warn(
            f"The {child.name} stopped (code {code}); starting it again. Its log: {child.log}",
            f"El proceso {child.name} se detuvo (código {code}); se inicia de nuevo. Su registro: {child.log}",
        )

    def has_given_up(self, *, attempts: int = 3) -> bool:
        """Whether a child died that many times in a row right after its start."""
        return any(child.short_lives >= attempts for child in self.children)

    def start_again(self, name: str) -> None:
        """End one child politely; ``look_after`` starts it again at once."""
        for child in self.children:
            if child.name == name and child.process is not None:
                child.started_at -= SHORT_LIFE_SECONDS
                _end([child.process])
                self._launch(child)

    def wait_until(self, is_done: Callable[[], bool], *, seconds: float) -> bool:
        """Look after the children until ``is_done``, the end is asked for, or time is up."""
        ends_at = time.monotonic() + seconds
        while self.stop_signal is None and time.monotonic() < ends_at:
            if is_done():
                return True
            self.look_after()
            time.sleep(TICK_SECONDS / 2)
        return False

    def run(self) -> None:
        """Look after the children until the end is asked for."""
        while self.stop_signal is None:
            self.look_after()
            self._look_at_background()
            time.sleep(TICK_SECONDS)

    def _look_at_background(self) -> None:
        if self._background is not None and (code := self._background.process.poll()) is not None:
            name, self._background = self._background.then_start_again, None
            if code == 0:
                self.start_again(name)

    def stop(self) -> None:
        """End every child, politely first, and whatever runs beside them at once."""
        if self._background is not None:
            _send(self._background.process, signal.SIGKILL)
            self._background.process.wait()
        _end([child.process for child in self.children if child.process is not None])

    def exit_code(self) -> int:
        """130 after Ctrl-C, as shells expect; 0 after a polite end."""
        return 130 if self.stop_signal == signal.SIGINT else 0


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        _send(process, signal.SIGTERM)
    ends_at = time.monotonic() + PATIENCE_SECONDS
    for process in processes:
        try:
            process.wait(timeout=max(0.1, ends_at - time.monotonic()))
        except subprocess.TimeoutExpired:
            _send(process, signal.SIGKILL)
            process.wait()


def _send(process: subprocess.Popen[bytes], number: int) -> None:
    """Politely to the process itself; the last resort to its whole group."""
    if process.poll() is not None:
        return
    try:
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    except ProcessLookupError:
        return


def fresh_log(home: Path, name: str) -> Path:
    """The log of a child, put aside as ``.old`` when it has grown long."""
    log = home / f"{name}.log"
    if log.exists() and log.stat().st_size > LOG_KEPT_BYTES:
        log.replace(log.with_suffix(".log.old"))
    return log
