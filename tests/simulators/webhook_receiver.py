"""A receiver of webhooks that checks the signature as the Standard Webhooks form says, and has its bad days."""

import hmac
import json
import time
from base64 import b64decode, b64encode
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tests.simulators import server


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


class _Request(server.Request):
    def do_POST(self) -> None:
        receiver: Receiver = self.simulated
        body = self.body()
        receiver.paths.append(self.path)
        if not self._is_signed(receiver.secret, body):
            receiver.refused += 1
            self.answer(401)
            return
        receiver.headers.append(dict(self.headers))
        receiver.heard.append(json.loads(body))
        time.sleep(receiver.seconds)
        elsewhere = {"Location": "/somewhere-else"} if 300 <= receiver.status < 400 else {}
        self.answer(receiver.status, receiver.words, elsewhere)

    def _is_signed(self, secret: str, body: bytes) -> bool:
        signed = f"{self.headers['Webhook-Id']}.{self.headers['Webhook-Timestamp']}.".encode() + body
        digest = hmac.new(b64decode(secret.removeprefix("whsec_")), signed, sha256).digest()
        good = "v1," + b64encode(digest).decode()
        return any(hmac.compare_digest(each, good) for each in self.headers["Webhook-Signature"].split())


def webhook_receiver() -> AbstractContextManager[Receiver]:
    """A receiver on a free port; gone afterwards."""
    return server.serve(Receiver(), _Request)
