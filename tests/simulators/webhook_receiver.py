"""A receiver of webhooks that checks the signature as the Standard Webhooks form says, and has its bad days."""

import hmac
import json
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


@dataclass
class Receiver:
    """`heard` holds what was signed as it should be; `status` answers instead of 204, `seconds` makes it slow."""

    origin: str = ""
    secret: str = ""
    status: int = 204
    seconds: float = 0.0
    words: bytes = b""
    heard: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    refused: int = 0


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver = cast("_Server", self.server).receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.paths.append(self.path)
        if not self._is_signed(receiver.secret, body):
            receiver.refused += 1
            self._answer(401, b"")
            return
        receiver.headers.append(dict(self.headers))
        receiver.heard.append(json.loads(body))
        time.sleep(receiver.seconds)
        self._answer(receiver.status, receiver.words)

    def _is_signed(self, secret: str, body: bytes) -> bool:
        signed = f"{self.headers['Webhook-Id']}.{self.headers['Webhook-Timestamp']}.".encode() + body
        digest = hmac.new(b64decode(secret.removeprefix("whsec_")), signed, sha256).digest()
        good = "v1," + b64encode(digest).decode()
        return any(hmac.compare_digest(each, good) for each in self.headers["Webhook-Signature"].split())

    def _answer(self, status: int, words: bytes) -> None:
        try:
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/somewhere-else")
            if status != 204:
                self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)
        except OSError:
            return  # who asked has gone

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver = receiver


@contextmanager
def webhook_receiver() -> Iterator[Receiver]:
    """A receiver on a free port; gone afterwards."""
    receiver = Receiver()
    server = _Server(receiver)
    receiver.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
