"""A mail server that speaks the documented dialogue (RFC 5321) and keeps what it takes. It refuses on command."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class Taken:
    """One mail as it came."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)


@dataclass
class Mailbox:
    """What the server took, and how it answers: a reply for MAIL or DATA, or for one recipient, instead of 250."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    to_mail: str = ""
    to_data: str = ""
    to_recipient: dict[str, str] = field(default_factory=dict)
    sessions: int = 0
    # After the mail has been taken the line is cut: the sender never hears that it was.
    cuts_after_data: bool = False


class _Dialogue(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        box = cast("_Server", self.server).box
        box.sessions += 1
        sender, recipients = "", []
        self._say("220 simulator ESMTP")
        while line := self.rfile.readline():
            text = line.decode("utf-8", "replace").strip()
            verb = text[:4].upper()
            if verb in {"EHLO", "HELO"}:
                self._say("250-simulator\r\n250-8BITMIME\r\n250 SIZE 10000000")
            elif verb == "MAIL":
                sender = _address(text)
                self._say(box.to_mail or "250 OK")
            elif verb == "RCPT":
                address = _address(text)
                reply = box.to_recipient.get(address, "")
                if not reply:
                    recipients.append(address)
                self._say(reply or "250 OK")
            elif verb == "DATA":
                self._say("354 go on")
                raw = self._read_mail()
                if not box.to_data:
                    box.taken.append(Taken(sender, recipients, raw))
                if box.cuts_after_data:
                    return
                self._say(box.to_data or "250 taken")
                sender, recipients = "", []
            elif verb == "RSET":
                sender, recipients = "", []
                self._say("250 OK")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("502 not known")

    def _say(self, reply: str) -> None:
        self.wfile.write(reply.encode() + b"\r\n")

    def _read_mail(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, box: Mailbox, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Dialogue)
        self.box = box


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


@contextmanager
def mail_server(box: Mailbox | None = None) -> Iterator[Mailbox]:
    """A server on a free port, or again on the port of `box`; gone afterwards."""
    box = box or Mailbox()
    server = _Server(box, box.port)
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
