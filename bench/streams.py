"""2,000 pages that listen to one process: memory and threads, and how soon a committed event reaches them.

    bin/bench streams [--streams 10000]

Beside it the floor: the same server with a bare ASGI application that knows no right, no heartbeat, no database.
The time runs from just before the request that makes the event until the last byte of the signal is read, so it
contains the request, its transaction and this script's own reading of up to 2,000 sockets on the same machine.
"""

import argparse
import selectors
import socket
import time
from dataclasses import dataclass

from bench.measure import cpu_of, machine, memory_of, percentile, server, table, threads_of

GROUPS = {"satu": 1, "seratus": 100, "semua": 1899}  # key of the address -> how many listen to it
EVENTS = {"satu": 100, "seratus": 50, "semua": 20}

HEADERS = (
    "Host: 127.0.0.1\r\nAccept: text/event-stream\r\nAccept-Language: id,en-US;q=0.7,en;q=0.3\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nReferer: http://127.0.0.1/1808/papan/x/\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Cookie: sapa_language=id; sapa_session=4wz2l1m8q0p7y6x5c3v9b8n7m6a5s4d3\r\nConnection: keep-alive\r\n\r\n"
)


@dataclass(frozen=True)
class Result:
    """What one application needed."""

    per_stream: tuple[float, float]
    threads: tuple[int, int]
    idle_cpu: float
    delays: dict[str, list[float]]
    cpu: dict[str, float]


def listen(port: int) -> dict[str, list[socket.socket]]:
    """All streams open, each of which has said hello."""
    lines: dict[str, list[socket.socket]] = {}
    for key, count in GROUPS.items():
        lines[key] = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
        for line in lines[key]:
            line.sendall(f"GET /0000/aliran/papan/{key}/ HTTP/1.1\r\n{HEADERS}".encode())
    for line in (each for group in lines.values() for each in group):
        line.settimeout(30)
        heard = b""
        while b"event: hello" not in heard or not heard.endswith(b"\n\n\r\n"):
            heard += line.recv(65536)
    return lines


def tell(port: int, lines: list[socket.socket], key: str, *, bare: bool) -> list[float]:
    """One event for the listeners of `key`: for each of them the seconds until it was heard."""
    delays: list[float] = []
    with selectors.DefaultSelector() as selector, socket.create_connection(("127.0.0.1", port)) as asker:
        for line in lines:
            selector.register(line, selectors.EVENT_READ)
        path = "/" if bare else f"/kejadian/{key}/"
        began = time.perf_counter()
        asker.sendall(f"POST {path} HTTP/1.1\r\nContent-Length: 0\r\n{HEADERS}".encode())
        while len(delays) < len(lines):
            for ready, _ in selector.select(10):
                heard = ready.fileobj
                assert isinstance(heard, socket.socket)
                if b"event: signal" in heard.recv(65536):  # a heartbeat may come between
                    delays.append(time.perf_counter() - began)
        asker.recv(65536)
    return delays


def measured(name: str) -> Result:
    with server(name) as (pid, port):
        # The first stream loads what every process needs once; it is not a price of the stream.
        tell(port, [], "satu", bare=name == "floor")
        warm = socket.create_connection(("127.0.0.1", port))
        warm.sendall(f"GET /0000/aliran/papan/hangat/ HTTP/1.1\r\n{HEADERS}".encode())
        warm.recv(65536)
        before, threads = memory_of(pid), threads_of(pid)
        lines = listen(port)
        after = memory_of(pid)
        per_stream = tuple(
            (late - early) / sum(GROUPS.values()) / 1000 for early, late in zip(before, after, strict=True)
        )
        busy, since = cpu_of(pid), time.perf_counter()
        time.sleep(5)
        idle_cpu = (cpu_of(pid) - busy) / (time.perf_counter() - since)
        delays: dict[str, list[float]] = {}
        cpu: dict[str, float] = {}
        for key in GROUPS:
            heard = [each for group in lines.values() for each in group] if name == "floor" else lines[key]
            if name == "floor" and key != "semua":  # the bare application always tells everybody
                continue
            busy = cpu_of(pid)
            for _ in range(EVENTS[key]):
                delays.setdefault(key, []).extend(tell(port, heard, key, bare=name == "floor"))
            cpu[key] = (cpu_of(pid) - busy) / EVENTS[key] * 1000
        result = Result((per_stream[0], per_stream[1]), (threads, threads_of(pid)), idle_cpu, delays, cpu)
        for group in lines.values():
            for line in group:
                line.close()
        warm.close()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--streams", type=int, default=2000, help="how many listen altogether, at least 102")
    streams = parser.parse_args().streams
    GROUPS["semua"] = streams - 101
    results = {"bare ASGI floor": measured("floor"), "front": measured("front")}
    print(f"{streams} idle streams in one process, {machine()}\n")
    table(
        [
            "",
            "kB a stream (RSS)",
            "kB a stream (PSS)",
            "threads before",
            "threads with them",
            "CPU while idle",
        ],
        [
            [
                name,
                *(f"{size:.1f}" for size in each.per_stream),
                *each.threads,
                f"{100 * each.idle_cpu:.1f} %",
            ]
            for name, each in results.items()
        ],
    )
    print("\nFrom the request to the listener, milliseconds\n")
    table(
        ["", "listeners", "events", "p50", "p99", "longest", "CPU of the server"],
        [
            [
                name,
                streams if name != "front" else GROUPS[key],
                EVENTS[key],
                *(f"{1000 * percentile(delays, share):.1f}" for share in (0.5, 0.99, 1)),
                f"{each.cpu[key]:.1f}",
            ]
            for name, each in results.items()
            for key, delays in each.delays.items()
        ],
    )


if __name__ == "__main__":
    main()
