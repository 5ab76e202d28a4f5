"""Asking ClamAV's daemon about a file (clamd(8), INSTREAM). It may be away, slow, or talk nonsense."""

import socket
import struct
from typing import IO, Final

from django.core.exceptions import ImproperlyConfigured

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 60.0
_BLOCK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096

Target = str | tuple[str, int]


class ScannerError(Exception):
    """No verdict: nobody answers, too late, or with something we do not understand. Ask again later."""


class TooLargeForScannerError(Exception):
    """The scanner takes no file of this size (StreamMaxLength); asking again would not help."""


def target(setting: str) -> Target:
    """Where SAPA_CLAMD points: the path of a socket, or a host and a port."""
    if setting.startswith("/"):
        return setting
    host, colon, port = setting.rpartition(":")
    if not colon or not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ImproperlyConfigured(
            f"SAPA_CLAMD must be the path of a socket or host:port; it is {setting!r}."
        )
    return host.strip("[]"), int(port)


def scan(file: IO[bytes], at: Target) -> str:
    """What the scanner calls the harm in `file`; empty when it found none."""
    try:
        with _connected(at) as line:
            answer = _ask(line, file)
    except OSError as problem:
        raise ScannerError(f"{type(problem).__name__}: {problem}") from problem
    return _verdict(answer)


def _connected(at: Target) -> socket.socket:
    if isinstance(at, tuple):
        line = socket.create_connection(at, timeout=CONNECT_SECONDS)
    else:
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(at)
        except OSError:
            line.close()
            raise
    line.settimeout(ANSWER_SECONDS)
    return line


def _ask(line: socket.socket, file: IO[bytes]) -> bytes:
    try:
        line.sendall(b"zINSTREAM\0")
        while block := file.read(_BLOCK):
            line.sendall(struct.pack(">I", len(block)) + block)
        line.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It hung up while we were sending; it may have said why.
        pass
    answer = b""
    while not answer.endswith(b"\0"):
        piece = line.recv(_LONGEST_ANSWER)
        answer += piece
        if not piece or len(answer) > _LONGEST_ANSWER:
            break
    return answer


def _verdict(answer: bytes) -> str:
    said = answer.rstrip(b"\0\n").decode("utf-8", "replace").strip()
    name, _colon, verdict = said.partition(": ")
    if name == "stream" and verdict == "OK":
        return ""
    if name == "stream" and verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")[:120] or "unnamed"
    if "size limit exceeded" in said:
        raise TooLargeForScannerError(said)
    raise ScannerError(f"unexpected answer {said[:100]!r}")
