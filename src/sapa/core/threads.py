"""Threads that call functions for the event loop: pages in some, questions of live streams in others."""

import asyncio
import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from django.db import connections

log = logging.getLogger("sapa.web")

T = TypeVar("T")
JOIN_SECONDS = 30.0


class Threads:
    """A fixed number of threads that call functions for the event loop."""

    def __init__(self, count: int, name: str) -> None:
        self._jobs: SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Any, Any] | None] = (
            SimpleQueue()
        )
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(count)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Finish what was asked for, close the threads' database connections, end the threads."""
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(JOIN_SECONDS)

    @property
    def waiting(self) -> int:
        return self._jobs.qsize()

    def call(self, function: Callable[..., T], *args: Any) -> "asyncio.Future[T]":
        """A future of `function(*args)`, called in one of the threads."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put((loop, future, function, args))
        return future

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            loop, future, function, args = job
            outcome = problem = None
            try:
                outcome = function(*args)
            except Exception as raised:
                problem = raised
            try:
                loop.call_soon_threadsafe(_settle, future, outcome, problem)
            except RuntimeError:  # the loop has ended; nobody waits for the outcome
                log.info("answer came after the end")
            del job, future, function, args, outcome, problem  # nothing outlives its request
        connections.close_all()


def _settle(future: "asyncio.Future[Any]", outcome: Any, problem: Exception | None) -> None:
    if future.done():
        return
    if problem is None:
        future.set_result(outcome)
    else:
        future.set_exception(problem)
