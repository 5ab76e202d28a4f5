"""A push service (RFC 8030) that checks our signature (RFC 8292) before it answers, and keeps what it was asked."""

import json
import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import jwt
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Push:
    """One request that was signed as it should be."""

    path: str
    headers: dict[str, str]
    claims: dict[str, object]
    length: int


@dataclass
class PushService:
    """`answers` holds status and headers for a path; every other is 201 when the signature is good, else 403."""

    origin: str = ""
    pushes: list[Push] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)

    def endpoint(self, name: str) -> str:
        return f"{self.origin}/push/{name}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        service = cast("_Server", self.server).service
        length = int(self.headers.get("Content-Length", "0"))
        self.rfile.read(length)
        try:
            claims = _claims(self.headers.get("Authorization", ""), service.origin)
            int(self.headers["TTL"])
        except (jwt.InvalidTokenError, ValueError, KeyError, TypeError) as problem:
            service.refused.append(f"{type(problem).__name__}: {problem}")
            return self._answer(403, {})
        service.pushes.append(Push(self.path, dict(self.headers), claims, length))
        status, headers = service.answers.get(self.path, (201, {"Location": f"{service.origin}/m/1"}))
        return self._answer(status, headers)

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        body = json.dumps({"status": status}).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service: PushService) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.service = service


def _claims(header: str, origin: str) -> dict[str, object]:
    scheme, _space, rest = header.partition(" ")
    if scheme != "vapid":
        raise ValueError("not vapid")
    parts = dict(each.strip().split("=", 1) for each in rest.split(","))
    point = urlsafe_b64decode(parts["k"] + "=" * (-len(parts["k"]) % 4))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    # Its clock is not ours: the tests stand at an instant of their own.
    options: Any = {"verify_exp": False, "require": ["aud", "exp", "sub"]}
    claims: dict[str, object] = jwt.decode(
        parts["t"], key, algorithms=["ES256"], audience=origin, options=options
    )
    if not str(claims["sub"]).startswith(("mailto:", "https:")):
        raise ValueError("no contact")
    return claims


@contextmanager
def push_service() -> Iterator[PushService]:
    """A service on a free port; gone afterwards."""
    service = PushService()
    server = _Server(service)
    service.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
