"""Zoom as its documentation describes it, on a port of this machine: tokens, meetings, limits, and its bad days.

Shapes from developers.zoom.us: POST /oauth/token (grant `account_credentials`, HTTP Basic), POST and GET
/users/{user}/meetings, GET, PATCH and DELETE /meetings/{id}; error bodies {"code": …, "message": …}; 429 with
`Retry-After` and `X-RateLimit-*`.
"""

import base64
import json
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.simulators import server

ACCOUNT, CLIENT, SECRET = "akun-1808", "klien-1808", "rahasia-sekali-1808"


@dataclass
class Reply:
    """An answer to give once instead of the right one."""

    status: int
    words: object = None
    headers: dict[str, str] = field(default_factory=dict)
    after_seconds: float = 0.0
    does_it: bool = False  # the work is done all the same, only the answer is lost or wrong


@dataclass
class Zoom:
    """One account at Zoom. `meetings` is what stands there; `calls` is what was asked, in order."""

    meetings: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    scopes: bool = True
    most_listed: int = 300  # on one page of a list
    instead: dict[str, list[Reply]] = field(default_factory=dict)  # "token", "POST", "PATCH", … -> replies
    origin: str = ""
    _ids: "count[int]" = field(default_factory=lambda: count(92_674_392_836))

    def next(self, what: str, *replies: Reply) -> None:
        """The next answers to token requests ("token") or to a method of the API."""
        self.instead.setdefault(what, []).extend(replies)

    def expire_tokens(self) -> None:
        """Every token that was given is refused from now on."""
        self.tokens.clear()

    def asked(self, method: str) -> int:
        """How often the API (not the token address) was asked with this method."""
        return sum(1 for each, path in self.calls if each == method and path.startswith("/v2/"))

    def api(self, method: str, path: str, words: dict[str, Any], query: dict[str, list[str]]) -> Reply:
        parts = path.removeprefix("/v2/").split("/")
        if not self.scopes:
            return Reply(400, {"code": 4711, "message": "Invalid access token, does not contain scopes."})
        match (method, *parts):
            case ("POST", "users", _, "meetings"):
                return self._create(words)
            case ("GET", "users", _, "meetings"):
                return self._list(int(query.get("next_page_token", ["0"])[0]))
            case (_, "meetings", number) if number not in self.meetings:
                return Reply(404, {"code": 3001, "message": f"Meeting does not exist: {number}."})
            case ("GET", "meetings", number):
                return Reply(200, self.meetings[number])
            case ("PATCH", "meetings", number):
                self.meetings[number] |= words
                return Reply(204)
            case ("DELETE", "meetings", number):
                del self.meetings[number]
                return Reply(204)
        return Reply(404, {"code": 2300, "message": "This API endpoint is not recognized."})

    def _list(self, first: int) -> Reply:
        kept = ("id", "topic", "agenda", "start_time", "join_url", "duration", "type")
        listed = [{name: each.get(name, "") for name in kept} for each in self.meetings.values()]
        after = first + self.most_listed
        words = {
            "page_size": self.most_listed,
            "total_records": len(listed),
            "next_page_token": str(after) if after < len(listed) else "",
            "meetings": [each | {"agenda": each["agenda"][:250]} for each in listed[first:after]],
        }
        return Reply(200, words)

    def _create(self, words: dict[str, Any]) -> Reply:
        if words.get("type") != 2 or not str(words.get("start_time", "")).endswith("Z"):
            return Reply(300, {"code": 300, "message": "Validation Failed."})
        number = next(self._ids)
        made = {
            **words,
            "uuid": "4444AAAiAAAAAiAiAiiAii==",
            "id": number,
            "status": "waiting",
            "created_at": "2026-11-23T01:30:00Z",
            "start_url": f"https://zoom.example/s/{number}?zak=rahasia-tuan-rumah",
            "join_url": f"https://zoom.example/j/{number}?pwd=abc",
            "password": "582913",
        }
        self.meetings[str(number)] = made
        return Reply(201, made)


class _Request(server.Request):
    def handle_any(self) -> None:
        zoom: Zoom = self.simulated
        body = self.body()
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        zoom.calls.append((self.command, path))
        if path == "/oauth/token":
            kind, right = "token", self._token(zoom, body)
        else:
            kind, right = self.command, None
        waiting = zoom.instead.get(kind)
        reply = waiting.pop(0) if waiting else None
        if kind == "token":
            return self._say(reply or right)
        if reply is None or reply.does_it:
            done = self._api(zoom, path, body, query)
            reply = reply or done
        return self._say(reply)

    do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815  # names of the library

    def _api(self, zoom: Zoom, path: str, body: bytes, query: dict[str, list[str]]) -> Reply:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token not in zoom.tokens:
            return Reply(401, {"code": 124, "message": "Invalid access token."})
        return zoom.api(self.command, path, json.loads(body) if body else {}, query)

    def _token(self, zoom: Zoom, body: bytes) -> Reply:
        asked = parse_qs(body.decode())
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            return Reply(400, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"})
        if asked != {"grant_type": ["account_credentials"], "account_id": [ACCOUNT]}:
            return Reply(400, {"reason": "unsupported grant type", "error": "unsupported_grant_type"})
        token = f"token-{len(zoom.calls)}"
        zoom.tokens.add(token)
        words = {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": 3599,
            "scope": "meeting:write",
        }
        return Reply(200, words)

    def _say(self, reply: Reply | None) -> None:
        assert reply is not None
        time.sleep(reply.after_seconds)
        if reply.words is None or isinstance(reply.words, bytes):
            self.answer(
                reply.status, reply.words or b"", {"Content-Type": "application/json"} | reply.headers
            )
        else:
            self.answer_json(reply.status, reply.words, reply.headers)


def serve() -> AbstractContextManager[Zoom]:
    """Zoom on a free port of this machine, until the end of the block; `origin` is its address."""
    return server.serve(Zoom(), _Request)
