"""The applications that the benches serve: `python -m bench.apps NAME` prints its port and serves until stopped.

floor          a bare ASGI application with the same answer as the empty view, and a bare event stream
front          Sapa's front: the empty view and the live streams (anybody may listen)
a2wsgi         Django's WSGI handler behind a2wsgi, for comparison
sapa           all of Sapa, with the database of the bench that starts it
raw            the floor of a conversation (bench/raw.py), with the same database
"""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import time
from typing import Any

EMPTY = "/kosong/"
BEAT = 15.0


def django() -> Any:
    """Django's WSGI handler with all middlewares of Sapa and one view that says nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapa.settings")
    from django.conf import settings

    settings.ROOT_URLCONF = "bench.empty"
    settings.STREAMS_PER_CLIENT = settings.STREAMS_TOTAL
    from sapa.wsgi import application

    return application


def front() -> Any:
    handler = django()
    from sapa.front import Front

    return Front(handler, kinds={"papan": "bench.empty.anybody"})


def a2wsgi() -> Any:
    from a2wsgi import WSGIMiddleware

    return WSGIMiddleware(django(), workers=8)


def sapa() -> Any:
    """All addresses of Sapa; each commit that is signalled is written down with its instant."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapa.settings")
    from sapa.wsgi import application

    # isort: split
    from django.conf import settings

    from sapa.front import Front

    settings.STREAMS_PER_CLIENT = settings.STREAMS_TOTAL
    front = Front(application)
    publish = front.hub.publish
    commits = os.open(os.environ["BENCH_COMMITS"], os.O_WRONLY | os.O_APPEND)

    def noted(topics: tuple[str, ...], signal: Any) -> None:
        if signal.name == "message.received":
            os.write(commits, b"%d\n" % time.monotonic_ns())
        publish(topics, signal)

    front.hub.publish = noted  # type: ignore[method-assign]  # watched from outside: no hook for it in the product
    return front


def raw() -> Any:
    from bench.raw import Raw

    return Raw()


class Floor:
    """What the server itself costs. POST / tells all listeners, at once and with nothing else."""

    def __init__(self) -> None:
        self.listening: set[asyncio.Queue[bytes]] = set()
        self.headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"0")]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (kind := (await receive())["type"]) != "lifespan.shutdown":
                await send({"type": f"{kind}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
        elif "/aliran/" in scope["path"]:
            await self.stream(send)
        else:
            if scope["method"] == "POST":
                words = b'event: signal\nid: 1\ndata: {"at":%d}\n\n' % time.monotonic_ns()
                for waiting in self.listening:
                    waiting.put_nowait(words)
            await send({"type": "http.response.start", "status": 200, "headers": self.headers})
            await send({"type": "http.response.body", "body": b""})

    async def stream(self, send: Any) -> None:
        waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self.listening.add(waiting)
        try:
            headers = [(b"content-type", b"text/event-stream")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send(
                {"type": "http.response.body", "body": b"event: hello\ndata: {}\n\n", "more_body": True}
            )
            while True:
                words = await waiting.get()
                await send({"type": "http.response.body", "body": words, "more_body": True})
        finally:
            self.listening.discard(waiting)


def database() -> None:
    django()
    from bench.empty import prepare

    prepare()


def serve(name: str) -> None:
    import uvicorn

    app = {"floor": Floor, "front": front, "a2wsgi": a2wsgi, "sapa": sapa, "raw": raw}[name]()
    if name == "front":
        # In a process of its own: what migrating leaves on the heap would hide what a stream needs.
        subprocess.run([sys.executable, "-m", "bench.apps", "database"], check=True)
    else:
        logging.disable()  # the bare application does not end its streams when the server stops
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(4096)
    print(listening.getsockname()[1], flush=True)
    config = uvicorn.Config(
        app,
        interface="asgi3",
        lifespan="off" if name == "a2wsgi" else "on",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=4096,
        timeout_keep_alive=600,
        timeout_graceful_shutdown=1,
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    database() if sys.argv[1] == "database" else serve(sys.argv[1])
