"""Threads that call functions for the event loop: pages in some, questions of live streams in others."""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from django.db import connections

log = logging.getLogger("sapa.web")

T = TypeVar("T")
JOIN_SECONDS = 30.0
Job = tuple["asyncio.Future[Any]", Callable[..., Any], tuple[Any, ...]]


class Threads:
    """A fixed number of threads, of which the one that worked last works next.

    So a quiet office warms one thread and one database connection, not eight. Everything but the calls
    themselves happens on the loop's thread, hence no locks.
    """

    def __init__(self, count: int, name: str) -> None:
        self._workers = [_Worker(self, f"{name}-{number}") for number in range(count)]
        self._idle: list[_Worker] = []
        self._jobs: deque[Job] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Start the threads for the running loop."""
        self._loop = asyncio.get_running_loop()
        self._idle = list(self._workers)
        for worker in self._workers:
            worker.thread.start()

    def close(self) -> None:
        """End the threads after what they are doing; their database connections are closed."""
        for worker in self._workers:
            worker.box.put(None)
        for worker in self._workers:
            worker.thread.join(JOIN_SECONDS)

    @property
    def waiting(self) -> int:
        """How many calls wait for a thread."""
        return len(self._jobs)

    def call(self, function: Callable[..., T], *args: Any) -> "asyncio.Future[T]":
        """A future of `function(*args)`, called in one of the threads. On the loop's thread only."""
        assert self._loop is not None
        future: asyncio.Future[T] = self._loop.create_future()
        job = (future, function, args)
        if self._idle:
            self._idle.pop().box.put(job)
        else:
            self._jobs.append(job)
        return future

    def next(self) -> Job | None:
        """The call that has waited longest; for a thread that would otherwise go to sleep."""
        try:
            return self._jobs.popleft()
        except IndexError:
            return None

    def tell(self, call: Callable[..., None], *args: Any) -> None:
        """From a thread: `call(*args)` on the loop."""
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(call, *args)
        except RuntimeError:  # the loop has ended; nobody waits for the outcome
            log.info("an answer came after the end")

    def rest(self, worker: "_Worker") -> None:
        """On the loop: `worker` has nothing to do, unless a call came in meanwhile."""
        job = self.next()
        if job is None:
            self._idle.append(worker)
        else:
            worker.box.put(job)


class _Worker:
    def __init__(self, threads: Threads, name: str) -> None:
        self.box: SimpleQueue[Job | None] = SimpleQueue()
        self.thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._threads = threads

    def _work(self) -> None:
        job = self.box.get()
        while job is not None:
            future, function, args = job
            outcome = problem = None
            try:
                outcome = function(*args)
            except Exception as raised:
                problem = raised
            job = self._threads.next()
            self._threads.tell(self._done, future, outcome, problem, job is None)
            del future, function, args, outcome, problem  # nothing outlives its request
            if job is None:
                job = self.box.get()
        connections.close_all()

    def _done(
        self, future: "asyncio.Future[Any]", outcome: Any, problem: Exception | None, is_idle: bool
    ) -> None:
        if not future.done():
            if problem is None:
                future.set_result(outcome)
            else:
                future.set_exception(problem)
        if is_idle:
            self._threads.rest(self)
