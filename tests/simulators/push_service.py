"""A push service (RFC 8030) that checks our signature (RFC 8292) before it answers, and keeps what it was asked."""

from base64 import urlsafe_b64decode
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from tests.simulators import server


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


class _Request(server.Request):
    def do_POST(self) -> None:
        service: PushService = self.simulated
        length = len(self.body())
        try:
            claims = _claims(self.headers.get("Authorization", ""), service.origin)
            int(self.headers["TTL"])
        except (jwt.InvalidTokenError, ValueError, KeyError, TypeError) as problem:
            service.refused.append(f"{type(problem).__name__}: {problem}")
            return self.answer_json(403, {"status": 403})
        service.pushes.append(Push(self.path, dict(self.headers), claims, length))
        status, headers = service.answers.get(self.path, (201, {"Location": f"{service.origin}/m/1"}))
        return self.answer_json(status, {"status": status}, headers)


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


def push_service() -> AbstractContextManager[PushService]:
    """A service on a free port; gone afterwards."""
    return server.serve(PushService(), _Request)
