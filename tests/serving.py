"""A real web server in a thread of the test, and a page that listens to it."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

import httpx
import uvicorn

from sapa.front import Front


@contextmanager
def served(front: Front) -> Iterator[str]:
    """The address of a uvicorn server that serves `front`; stopped and waited for afterwards."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        front, interface="asgi3", lifespan="on", ws="none", log_config=None, timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        until(lambda: server.started)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        front.stop_streams()
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server did not stop"


def until(what: Any, seconds: float = 5.0) -> None:
    """Wait until `what()` is true; fail when it does not become so."""
    late = monotonic() + seconds
    while not what():
        assert monotonic() < late, "this did not become true in time"
        sleep(0.005)


@dataclass(frozen=True)
class Heard:
    """One server-sent event."""

    name: str
    data: Any
    id: int | None = None


class Page:
    """A page that listens."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def next(self) -> Heard:
        """The next event that is no beat; fails when the server ends the stream instead."""
        late = monotonic() + 5
        while (heard := self.next_of_all()).name == "beat":
            assert monotonic() < late, "nothing but beats came"
        return heard

    def beats(self, count: int = 2) -> bool:
        """Nothing but beats comes for a while."""
        return all(self.next_of_all().name == "beat" for _ in range(count))

    def next_of_all(self) -> Heard:
        fields: dict[str, str] = {}
        for line in self._lines:
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                number = int(fields["id"]) if "id" in fields else None
                return Heard(fields["event"], json.loads(fields["data"]), number)
        raise AssertionError("the server ended the stream")

    def is_over(self) -> bool:
        """After this nothing more comes: the server has ended the stream."""
        return not [line for line in self._lines if line]


@contextmanager
def listening(url: str, **headers: str) -> Iterator[Page]:
    """A page that listens to `url`, its first hello not yet read."""
    with httpx.stream("GET", url, headers=headers, timeout=5) as response:
        assert response.status_code == 200, response.status_code
        yield Page(response)
