"""The front: live streams are answered here, everything else by Django's WSGI handler in a few threads.

docs/decisions/0003-front.md says why and what it costs.
"""

import asyncio
import re
import signal
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from types import FrameType

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from sapa import wiring
from sapa.activity import push
from sapa.activity.hub import Hub
from sapa.activity.stream import BEAT_SECONDS, Streams
from sapa.catalogue.search import keeping
from sapa.core import work
from sapa.core.bridge import Bridge, WsgiApp
from sapa.core.gateway import Receive, Scope, Send
from sapa.core.threads import Threads

_STREAM = re.compile(r"/([^/]+)/aliran/([^/]+)/(?:([^/]+)/)?")


class Front:
    """The ASGI application of one process; while it runs, its hub hears the signals of this process."""

    def __init__(
        self,
        app: WsgiApp,
        *,
        kinds: Mapping[str, str] = wiring.STREAMS,
        works: bool = False,
        beat: float = BEAT_SECONDS,
        backlog: int = 500,
    ) -> None:
        self.hub = Hub()
        self._pages = Threads(settings.WEB_THREADS, "web")
        # Who may listen is asked elsewhere: a thousand pages that come back at once must not hold up a kiosk.
        self._listening = Threads(2, "listening")
        self._bridge = Bridge(app, self._pages, body_limit=settings.BODY_LIMIT, backlog=backlog)
        self.streams = Streams(
            self.hub,
            self._listening,
            kinds,
            per_client=settings.STREAMS_PER_CLIENT,
            total=settings.STREAMS_TOTAL,
            beat=beat,
        )
        self._works = works

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            if "/aliran/" in path and (found := _STREAM.fullmatch(path)):
                office, kind, key = found.groups(default="")
                await self.streams(office, kind, key, scope, receive, send)
            else:
                await self._bridge(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self.running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Front"]:
        """Threads, hub, relay and work loop run inside; afterwards all have ended, connections closed."""
        stop = threading.Event()
        worker = threading.Thread(target=_work, args=(stop,), name="work", daemon=True)
        self._pages.start()
        self._listening.start()
        keeping.begin()
        self.hub.open()
        before = push.use(self.hub.publish)
        restore = self._end_streams_on_signal()
        relay = _relay(self.hub)
        if self._works:
            worker.start()
        try:
            yield self
        finally:
            restore()
            self.streams.close()
            push.use(before)
            self.hub.close()
            if relay is not None:
                relay.cancel()
                with suppress(asyncio.CancelledError):
                    await relay
            stop.set()
            work.wake.set()
            if self._works:
                await asyncio.to_thread(worker.join, 30)
            await asyncio.to_thread(self._pages.close)
            await asyncio.to_thread(self._listening.close)

    @property
    def waiting(self) -> int:
        """How many pages wait for a thread."""
        return self._pages.waiting

    def stop_streams(self) -> None:
        """From any thread: end all streams and open no more, because the server is about to stop."""
        self.hub.on_loop(self.streams.close)

    def _end_streams_on_signal(self) -> Callable[[], None]:
        """The server waits for open requests before it says that it stops; streams would never end by then."""
        if threading.current_thread() is not threading.main_thread():
            return lambda: None
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def stop(number: int, frame: FrameType | None) -> None:
            self.stop_streams()
            handler = before[signal.Signals(number)]
            if callable(handler):
                handler(number, frame)

        def restore() -> None:
            for number, handler in before.items():
                signal.signal(number, handler)

        # Where nobody handles a signal, it does what it always did.
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, stop)
        return restore


def _work(stop: threading.Event) -> None:
    try:
        work.loop(stop)
    finally:
        connections.close_all()


def _relay(hub: Hub) -> "asyncio.Task[None] | None":
    if not settings.REDIS_URL:
        return None
    return asyncio.get_running_loop().create_task(import_string("sapa.activity.relay.subscribe")(hub))
