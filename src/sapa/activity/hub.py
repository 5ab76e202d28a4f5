"""The hub of one process: from the thread that committed to every listener of a topic; waits for none."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Protocol

from sapa.activity.push import Signal

RECENT_SECONDS = 10.0


def frame(name: str, data: Any, id: int | None = None) -> bytes:
    """One server-sent event."""
    numbered = "" if id is None else f"id: {id}\n"
    return f"event: {name}\n{numbered}data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def signal_frame(signals: Sequence[Signal]) -> bytes:
    """One event for signals of one name."""
    newest = max(signal.id for signal in signals)
    ids = list(dict.fromkeys(signal.subject_id for signal in signals))
    return frame("signal", {"id": newest, "name": signals[0].name, "ids": ids}, newest)


class News:
    """A signal and its bytes, made once for all listeners."""

    __slots__ = ("frame", "signal")

    def __init__(self, signal: Signal) -> None:
        self.signal = signal
        self.frame = signal_frame([signal])


def coalesced(news: Sequence[News]) -> bytes:
    """What a listener reads that is behind: one event for each name, with all ids."""
    return news[0].frame if len(news) == 1 else _together(tuple(news))


# Thousands of listeners are behind by the same signals.
@lru_cache(maxsize=16)
def _together(news: tuple[News, ...]) -> bytes:
    by_name: dict[str, list[Signal]] = {}
    for each in news:
        by_name.setdefault(each.signal.name, []).append(each.signal)
    frames = [signal_frame(signals) for signals in by_name.values()]
    return b"".join(frames)


class Listener(Protocol):
    """Somebody who hears. Both are called on the loop and must return at once."""

    def offer(self, news: News) -> None: ...

    def sync(self) -> None: ...


class Hub:
    """Topics and who listens to them. Everything but `publish` and `sync` belongs to the loop's thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: dict[str, set[Listener]] = {}
        self._heard: dict[str, float] = {}
        self._since = 0.0
        self._inbox: deque[tuple[Iterable[str], Signal]] = deque()
        self._is_due = False

    def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._since = time.monotonic()

    def close(self) -> None:
        self._loop = None

    def add(self, listener: Listener, topics: Iterable[str]) -> None:
        for topic in topics:
            self._listeners.setdefault(topic, set()).add(listener)

    def remove(self, listener: Listener, topics: Iterable[str]) -> None:
        for topic in topics:
            listeners = self._listeners.get(topic, set())
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(topic, None)

    def __len__(self) -> int:
        return len(set().union(*self._listeners.values()))

    def heard(self, topics: Iterable[str], *, since: float) -> bool:
        """Was there a signal since ten seconds before `since` (monotonic)? Yes, when this hub is younger."""
        after = since - RECENT_SECONDS
        return self._since > after or any(self._heard.get(topic, 0.0) >= after for topic in topics)

    def publish(self, topics: Iterable[str], signal: Signal) -> None:
        """From any thread, returns at once: each listener of `topics` is offered `signal` once."""
        self._inbox.append((topics, signal))
        if not self._is_due:
            self._is_due = True
            self.on_loop(self._deliver)

    def sync(self) -> None:
        """From any thread: every listener shall say hello again, because signals may have been lost."""
        self.on_loop(self._sync)

    def on_loop(self, call: Any) -> None:
        """From any thread: `call()` on the loop, or not at all when it has ended."""
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(call)
        except RuntimeError:  # the loop has just ended, and its pages with it
            self._loop = None

    def _deliver(self) -> None:
        self._is_due = False
        now = time.monotonic()
        while self._inbox:
            topics, signal = self._inbox.popleft()
            listeners: set[Listener] = set()
            for topic in topics:
                self._heard[topic] = now
                listeners |= self._listeners.get(topic, set())
            news = News(signal)
            for listener in listeners:
                listener.offer(news)
        if len(self._heard) > 10_000:
            oldest = now - 2 * RECENT_SECONDS
            self._heard = {topic: at for topic, at in self._heard.items() if at > oldest}

    def _sync(self) -> None:
        for listener in set().union(*self._listeners.values()):
            listener.sync()
