"""A mail server on loopback: takes mail, refuses it for now or for ever, or hangs up once it has taken it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default


@dataclass
class MailServer:
    """What it was given, and how it behaves. ``recipients`` and ``letters`` answer those commands with a refusal."""

    port: int = 0
    mails: list[Message] = field(default_factory=list)
    refuse_recipient: str = ""  # "550 no such mailbox"
    refuse_letter: str = ""  # "451 try again later"
    hangs_up_after_taking: bool = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        house = self.server.house
        self._say("220 fake.example.org ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "RCPT" and house.refuse_recipient:
                self._say(house.refuse_recipient)
            elif verb == "DATA":
                self._take(house)
                if house.hangs_up_after_taking:
                    return
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, house: MailServer) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        if house.refuse_letter:
            self._say(house.refuse_letter)
            return
        house.mails.append(message_from_bytes(b"".join(lines), policy=default))
        if not house.hangs_up_after_taking:
            self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    house: MailServer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server on a free port, until the block ends."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.house = MailServer(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server.house
        server.shutdown()
        thread.join()
