"""The live stream of a page: server-sent events, answered by the front itself.

An idle stream is one sleeping task, the server's own: it waits in `receive()` and so learns at once that the
client has left. Writing is a short task of its own that lives while there is something to say.
"""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.utils.module_loading import import_string
from django_scopes import scopes_disabled

from sapa.activity.hub import Hub, News, coalesced, frame
from sapa.activity.models import Event
from sapa.core.addresses import client_address
from sapa.core.gateway import Receive, Scope, Send, environ_of, refuse
from sapa.core.threads import Threads

log = logging.getLogger("sapa.live")

BEAT_SECONDS = 15.0
BEAT = frame("beat", {})
BACKLOG = 64  # signals that a page may be behind before it is told to fetch everything
_RANDOM = random.Random()  # noqa: S311  spreads load, guards nothing

Topics = tuple[str, ...]
Authorise = Callable[[str, str, str], Topics | None]

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


@dataclass(frozen=True, slots=True)
class Address:
    """`/<office>/aliran/<kind>/[<key>/]` and who asks."""

    office: str
    kind: str
    key: str
    session: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a request's headers say: where from, which session, the last event seen before a cut."""

    client: str
    session: str
    seen: int | None


class Streams:
    """All streams of this process: who may listen, how many, and the heartbeat."""

    def __init__(
        self,
        hub: Hub,
        threads: Threads,
        kinds: Mapping[str, str],
        *,
        per_client: int,
        total: int,
        beat: float = BEAT_SECONDS,
    ) -> None:
        self.hub, self.beat = hub, beat
        self._threads, self._kinds = threads, kinds
        self._per_client, self._total = per_client, total
        self._open: set[Stream] = set()
        self._of_client: Counter[str] = Counter()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    async def __call__(
        self, office: str, kind: str, key: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request for a stream; return when the client has left or has lost the right."""
        if kind not in self._kinds:
            return await refuse(send, 404)
        if scope["method"] != "GET":
            return await refuse(send, 405, headers=[(b"allow", b"GET")])
        try:
            visitor = _visitor(scope)
        except DisallowedHost:
            return await refuse(send, 400)
        client = visitor.client
        if self._count >= self._total or self._of_client[client] >= self._per_client:
            return await refuse(send, 503, retry_after=30)
        self._count += 1
        self._of_client[client] += 1
        try:
            await self._serve(Address(office, kind, key, visitor.session), visitor.seen, receive, send)
        finally:
            self._count -= 1
            self._of_client[client] -= 1
            if not self._of_client[client]:
                del self._of_client[client]
        return None

    async def _serve(self, address: Address, seen: int | None, receive: Receive, send: Send) -> None:
        asked_at = time.monotonic()
        try:
            topics = await self.ask(address)
            if topics is None:
                return await refuse(send, 404 if address.key else 403)
            last = await self.last(address)
        except Exception:
            log.exception("could not ask who may listen")
            return await refuse(send, 503, retry_after=10)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        # From here to the first sleep nothing else runs: no signal falls between hello and listening.
        stream = Stream(self, address, topics, send)
        self._open.add(stream)
        try:
            missed = seen is not None and seen < last
            stream.hello(last, recent=missed or self.hub.heard(topics, since=asked_at), first=True)
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            stream.leave()
            self._open.discard(stream)
        return None

    async def ask(self, address: Address) -> Topics | None:
        """The topics that this reader may hear now."""
        return await self._threads.call(_ask, self._kinds[address.kind], address)

    async def last(self, address: Address) -> int:
        """The newest event of the office."""
        return await self._threads.call(_last, address.office)

    def close(self) -> None:
        """End every stream and open no more; the pages come back by themselves, each after a time of its own."""
        self._total = 0
        for stream in self._open:
            stream.end()


class Stream:
    """One page that listens. Small on purpose: there may be thousands."""

    __slots__ = (
        "_address",
        "_behind",
        "_checker",
        "_ended",
        "_missed",
        "_news",
        "_others",
        "_send",
        "_streams",
        "_timer",
        "_topics",
        "_writer",
    )

    def __init__(self, streams: Streams, address: Address, topics: Topics, send: Send) -> None:
        self._streams, self._address, self._topics, self._send = streams, address, topics, send
        self._news: list[News] = []
        self._others: list[bytes] = []
        self._behind = self._missed = self._ended = False
        self._writer: asyncio.Task[None] | None = None
        self._checker: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        streams.hub.add(self, topics)
        # The first beat of each page falls at another moment, and so do all that follow.
        self._check_in(streams.beat * _RANDOM.uniform(0.3, 1))

    def offer(self, news: News) -> None:
        """Say it soon. A page that is far behind forgets what waits and is told to fetch everything."""
        if self._ended:
            return
        if len(self._news) >= BACKLOG:
            self._news.clear()
            self._behind = True
        self._news.append(news)
        self._write_soon()

    def sync(self) -> None:
        """Say hello again, not all pages at the same moment."""
        self._missed = True
        self._check_in(_RANDOM.uniform(0, min(2.0, self._streams.beat)))

    def hello(self, last: int, *, recent: bool, first: bool = False) -> None:
        retry = f"retry: {_RANDOM.randint(1000, 5000)}\n".encode() if first else b""
        self._say(retry + frame("hello", {"last": last, "recent": recent}, last))

    def end(self, last_words: bytes = b"") -> None:
        """Close the stream after what is still to be said."""
        if not self._ended:
            self._ended = True
            self._say(last_words)

    def leave(self) -> None:
        """The client has gone: nobody holds this stream any more."""
        self._ended = True
        self._streams.hub.remove(self, self._topics)
        for waiting in (self._timer, self._checker, self._writer):
            if waiting is not None:
                waiting.cancel()

    def _say(self, words: bytes) -> None:
        self._others.append(words)
        self._write_soon()

    def _write_soon(self) -> None:
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        """Write until nothing is left. A slow client stops here, and only its own backlog grows."""
        try:
            while self._others or self._news:
                words = b"".join(self._others) + (coalesced(self._news) if self._news else b"")
                self._others, self._news = [], []
                await self._send({"type": "http.response.body", "body": words, "more_body": not self._ended})
        except OSError:
            log.debug("the client left while being told something")
        finally:
            self._writer = None
        if self._behind and not self._ended:
            self._behind, self._missed = False, True
            self._check_in(0)

    def _check_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._start_check)

    def _start_check(self) -> None:
        self._checker = asyncio.get_running_loop().create_task(self._check())

    async def _check(self) -> None:
        """The heartbeat: may this page still listen? Then a beat, or hello when it missed something."""
        missed, self._missed = self._missed, False
        try:
            topics = await self._streams.ask(self._address)
            missed = missed or topics not in (None, self._topics)
            last = await self._streams.last(self._address) if missed and topics else 0
        except Exception:
            # The database does not answer. Silence is the truth: the page shows itself as stale.
            log.exception("could not ask who may listen")
            self._missed = missed
            return self._check_in(self._streams.beat)
        if self._ended:
            return None
        if topics is None:
            return self.end(frame("bye", {}))
        if missed:
            self._move_to(topics)
            self.hello(last, recent=True)
        elif self._writer is None:
            self._say(BEAT)
        return self._check_in(self._streams.beat)

    def _move_to(self, topics: Topics) -> None:
        self._streams.hub.remove(self, self._topics)
        self._streams.hub.add(self, topics)
        self._topics = topics


def _ask(path: str, address: Address) -> Topics | None:
    close_old_connections()
    authorise: Authorise = import_string(path)
    return authorise(address.office, address.key, address.session)


def _last(office_code: str) -> int:
    with scopes_disabled():
        events = Event.objects.filter(office__code=office_code).order_by("-id")
        return events.values_list("id", flat=True).first() or 0


def _visitor(scope: Scope) -> Visitor:
    """Read the headers as Django does; raises DisallowedHost for a host that is not ours."""
    request = HttpRequest()
    request.META = environ_of(scope)
    request.get_host()
    remote, forwarded = request.META["REMOTE_ADDR"], request.META.get("HTTP_X_FORWARDED_FOR", "")
    seen = request.META.get("HTTP_LAST_EVENT_ID", "")
    cookies = parse_cookie(request.META.get("HTTP_COOKIE", ""))
    return Visitor(
        client=client_address(remote, forwarded, settings.TRUSTED_PROXIES),
        session=cookies.get(settings.SESSION_COOKIE_NAME, ""),
        seen=int(seen) if seen.isdecimal() and len(seen) < 19 else None,
    )


def session(key: str) -> Any:
    """The session behind a cookie's key, read from where the pages keep theirs."""
    return import_module(settings.SESSION_ENGINE).SessionStore(key)
