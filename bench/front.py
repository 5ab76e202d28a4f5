"""CPU of one request for an empty view: Django's WSGI handler called in a loop, and the same through the front.

All middlewares of Sapa are there in each. In one process first (no server: what the front itself adds), then
behind uvicorn, from whose CPU that of a bare ASGI application with the same answer is taken away. Rounds are
interleaved, so that other load on the machine meets all of them; the median of the rounds counts.

Once more with all threads on one core: the difference is what the machine takes for waking a thread on another one.
"""

import asyncio
import os
import socket
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

import uvloop

from bench import apps
from bench.measure import cpu_of, machine, server, table
from sapa.core.gateway import environ_of

ROUNDS, CALLS = 15, 200
SERVER_CALLS = 500

HEADERS = [
    (b"host", b"127.0.0.1"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    (b"accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    (b"accept-language", b"id,en-US;q=0.7,en;q=0.3"),
    (b"accept-encoding", b"gzip, deflate, br, zstd"),
    (b"connection", b"keep-alive"),
    (b"cookie", b"sapa_language=id; sapa_session=4wz2l1m8q0p7y6x5c3v9b8n7m6a5s4d3"),
    (b"upgrade-insecure-requests", b"1"),
]


def scope() -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/kosong/",
        "raw_path": b"/kosong/",
        "query_string": b"",
        "root_path": "",
        "headers": list(HEADERS),
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 8000),
    }


def bare(handler: Any) -> Callable[[], float]:
    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        assert status == "200 OK"

    def run() -> float:
        made = environ_of(scope())
        began = time.process_time()
        for _ in range(CALLS):
            response = handler(made | {"wsgi.input": BytesIO()}, start_response)
            b"".join(response)
            response.close()
        return (time.process_time() - began) / CALLS

    return run


def behind(app: Any, loop: asyncio.AbstractEventLoop) -> Callable[[], float]:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        assert message.get("status", 200) == 200

    async def calls() -> None:
        for _ in range(CALLS):
            await app(scope(), receive, send)

    def run() -> float:
        began = time.process_time()
        loop.run_until_complete(calls())
        return (time.process_time() - began) / CALLS

    return run


def on_one_core(way: Callable[[], float]) -> Callable[[], float]:
    """The same with all threads of this process on one core."""

    def keep_to(cores: set[int]) -> None:
        for thread in Path("/proc/self/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores)

    def run() -> float:
        allowed = os.sched_getaffinity(0)
        keep_to({max(allowed)})
        try:
            return way()
        finally:
            keep_to(allowed)

    return run


def asked(pid: int, port: int) -> Callable[[], float]:
    request = b"GET /kosong/ HTTP/1.1\r\n" + b"".join(b"%b: %b\r\n" % pair for pair in HEADERS) + b"\r\n"
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def run() -> float:
        began = cpu_of(pid)
        for _ in range(SERVER_CALLS):
            line.sendall(request)
            answer = b""
            while not answer.endswith(b"\r\n\r\n"):
                answer += line.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200"), answer
        return (cpu_of(pid) - began) / SERVER_CALLS

    return run


def main() -> None:
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    front = apps.front()
    handler = apps.django()
    adapters = {"front": front, "a2wsgi": apps.a2wsgi()}
    with ExitStack() as stack:
        running = front.running()
        loop.run_until_complete(running.__aenter__())
        ways = {"bare": bare(handler)} | {name: behind(app, loop) for name, app in adapters.items()}
        ways |= {f"{name}, one core": on_one_core(ways[name]) for name in ("bare", *adapters)}
        for name in ("floor", *adapters):
            ways[f"uvicorn {name}"] = asked(*stack.enter_context(server(name)))
        rounds: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(ROUNDS + 1):
            for name, way in ways.items():
                cost = way()
                if number:  # the first round warms up
                    rounds[name].append(cost * 1e6)
        loop.run_until_complete(running.__aexit__(None, None, None))

    floor = rounds["uvicorn floor"]
    net = {
        f"uvicorn {name}": [way - least for way, least in zip(rounds[f"uvicorn {name}"], floor, strict=True)]
        for name in adapters
    }

    def row(name: str, values: list[float], *, ratio: bool = True, beside: str = "bare") -> list[str]:
        ratios = [value / one for value, one in zip(values, rounds[beside], strict=True)]
        low, middle, high = statistics.quantiles(values, n=4)
        return [name, f"{middle:.0f}", f"{low:.0f} to {high:.0f}"] + (
            [f"{statistics.median(ratios):.2f}"] if ratio else [""]
        )

    rows = [row("Django WSGI handler, called in a loop", rounds["bare"])]
    rows += [row(f"{name}, in one process", rounds[name]) for name in adapters]
    rows += [
        row(f"{name}, in one process on one core", rounds[f"{name}, one core"], beside="bare, one core")
        for name in adapters
    ]
    rows.append(row("uvicorn with a bare ASGI application", floor, ratio=False))
    rows += [row(f"uvicorn with {name}, less the bare one", net[f"uvicorn {name}"]) for name in adapters]
    print(f"CPU of an empty view, {machine()}; {ROUNDS} interleaved rounds\n")
    table(
        ["", "µs a request (median)", "middle half of the rounds", "x bare Django (median of the rounds)"],
        rows,
    )


if __name__ == "__main__":
    main()
