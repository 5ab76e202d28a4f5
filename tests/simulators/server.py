"""What every simulator that speaks HTTP stands on: a server on a free port, its requests, and answers in one call."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeVar, cast


class Simulated(Protocol):
    """What a test holds, looks at and changes while it is served."""

    origin: str


Held = TypeVar("Held", bound=Simulated)


class Request(BaseHTTPRequestHandler):
    """One request; the simulators say in `do_GET` and the like what is answered."""

    protocol_version = "HTTP/1.1"
    # Else head and body of an answer wait 40 ms for each other.
    disable_nagle_algorithm = True

    @property
    def simulated(self) -> Any:
        return cast("_Server", self.server).simulated

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, words: bytes = b"", headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)
        except OSError:
            self.close_connection = True  # who asked has gone

    def answer_json(self, status: int, told: object, headers: dict[str, str] | None = None) -> None:
        self.answer(status, json.dumps(told).encode(), {"Content-Type": "application/json"} | (headers or {}))

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, simulated: Simulated, request: type[Request]) -> None:
        super().__init__(("127.0.0.1", 0), request)
        self.simulated = simulated


@contextmanager
def serve(simulated: Held, request: type[Request], *, path: str = "") -> Iterator[Held]:
    """`simulated` is asked on a free port, until the end of the block; `origin` is its address."""
    server = _Server(simulated, request)
    simulated.origin = f"http://127.0.0.1:{server.server_port}{path}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield simulated
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
