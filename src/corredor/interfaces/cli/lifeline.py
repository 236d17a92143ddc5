"""A process that was started by another stops when that other one is gone, however it went.

The parent keeps the writing end of a pipe and hands the reading end down; the system closes the pipe with the parent.
"""

from __future__ import annotations

import os
import signal
import threading
import time

VARIABLE = "CORREDOR_LIFELINE"
PARENT = "CORREDOR_SERVER"
LOOK_SECONDS = 0.5


def watch() -> None:
    """In a child: ask this process to stop when the parent is gone. Without a parent's pipe, do nothing."""
    number = os.environ.pop(VARIABLE, "")
    if number:
        threading.Thread(target=_wait, args=(int(number),), name="lifeline", daemon=True).start()


def _wait(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def name_as_parent() -> None:
    """In a server, before it starts processes of its own that no pipe reaches: let them know whose they are."""
    os.environ[PARENT] = str(os.getpid())


def follow_parent() -> None:
    """In a process of such a server: end at once when the server is gone, so that it never serves alone."""
    parent = int(os.environ.get(PARENT, "0"))
    if parent and parent == os.getppid():
        threading.Thread(target=_follow, args=(parent,), name="follow-parent", daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
