"""A scanner that behaves badly: hangs, hangs up, or talks nonsense. A real clamd is in tests/plugin.py."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Behaviour = Callable[[socket.socket], None]


def hang(line: socket.socket) -> None:
    """Takes everything and never answers."""
    while line.recv(65_536):
        pass


def hang_up(line: socket.socket) -> None:
    """Closes as soon as somebody calls."""


def answer(said: bytes) -> Behaviour:
    """Hears the whole file and answers this."""

    def reply(line: socket.socket) -> None:
        heard = b""
        while not heard.endswith(b"\0\0\0\0"):
            heard += line.recv(65_536)
        line.sendall(said)

    return reply


@contextmanager
def scanner(behave: Behaviour) -> Iterator["Scanner"]:
    """Listens on a free port of this computer and behaves so to everybody who calls."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host, port = listening.getsockname()
        made = Scanner(f"{host}:{port}")
        thread = threading.Thread(target=_serve, args=(listening, behave, made), daemon=True)
        thread.start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


class Scanner:
    """Where it listens, and how often it was called."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.calls = 0


def _serve(listening: socket.socket, behave: Behaviour, made: Scanner) -> None:
    while True:
        try:
            line, _peer = listening.accept()
        except OSError:
            return
        made.calls += 1
        with line:
            line.settimeout(5)
            try:
                behave(line)
            except OSError:
                continue
