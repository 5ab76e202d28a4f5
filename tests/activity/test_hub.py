"""The hub and a page that cannot keep up: no server, no database."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sapa.activity.hub import Hub, News, coalesced, signal_frame
from sapa.activity.push import Signal
from sapa.activity.stream import BACKLOG, Address, Stream, Topics


def called(id: int, ticket: int = 7) -> Signal:
    return Signal(id, "ticket.called", ticket)


class Ear:
    """A listener that keeps what it is offered."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.syncs = 0

    def offer(self, news: News) -> None:
        self.heard.append(news.signal.id)

    def sync(self) -> None:
        self.syncs += 1


def run(scene: Callable[[Hub], Awaitable[None]]) -> None:
    async def play() -> None:
        hub = Hub()
        hub.open()
        await asyncio.wait_for(scene(hub), 5)

    asyncio.run(play())


def test_a_listener_of_two_topics_hears_a_signal_once() -> None:
    async def scene(hub: Hub) -> None:
        ear, other = Ear(), Ear()
        hub.add(ear, ["queue:1", "ticket:x"])
        hub.add(other, ["queue:2"])
        hub.publish(["queue:1", "ticket:x"], called(1))
        await asyncio.sleep(0.01)
        assert (ear.heard, other.heard) == ([1], [])

    run(scene)


def test_signals_of_many_threads_all_arrive_and_those_of_one_in_order() -> None:
    async def scene(hub: Hub) -> None:
        ear = Ear()
        hub.add(ear, ["queue:1"])

        def speak(first: int) -> None:
            for number in range(first, first + 200):
                hub.publish(["queue:1"], called(number))

        threads = [threading.Thread(target=speak, args=(1000 * number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        while len(ear.heard) < 800:
            await asyncio.sleep(0.001)
        for number in range(4):
            own = [id for id in ear.heard if id // 1000 == number]
            assert own == sorted(own)

    run(scene)


def test_who_has_gone_is_not_kept() -> None:
    async def scene(hub: Hub) -> None:
        ear = Ear()
        hub.add(ear, ["queue:1", "ticket:x"])
        hub.remove(ear, ["queue:1", "ticket:x"])
        hub.publish(["queue:1"], called(1))
        await asyncio.sleep(0.01)
        assert (len(hub), ear.heard) == (0, [])

    run(scene)


def test_a_hub_knows_what_it_heard_lately_and_admits_when_it_is_too_young_to_know() -> None:
    async def scene(hub: Hub) -> None:
        now = hub._since
        assert hub.heard(["queue:1"], since=now)
        later = now + 60
        assert not hub.heard(["queue:1"], since=later)
        hub._heard["queue:1"] = later - 9.9
        assert hub.heard(["queue:1"], since=later)
        assert not hub.heard(["queue:2"], since=later)

    run(scene)


def test_after_the_end_of_the_loop_publishing_does_no_harm() -> None:
    hubs: list[Hub] = []

    async def scene(hub: Hub) -> None:
        hubs.append(hub)

    run(scene)
    hubs[0].publish(["queue:1"], called(1))


def test_signals_of_one_name_become_one_event_for_a_page_that_is_behind() -> None:
    news = [News(called(1, 5)), News(Signal(2, "desk.opened", 9)), News(called(3, 6)), News(called(4, 5))]
    together = coalesced(news)
    assert together == (
        b'event: signal\nid: 4\ndata: {"id":4,"name":"ticket.called","ids":[5,6]}\n\n'
        b'event: signal\nid: 2\ndata: {"id":2,"name":"desk.opened","ids":[9]}\n\n'
    )
    assert coalesced(news[:1]) == signal_frame([called(1, 5)])


class Always:
    """Streams whose every page may listen; its newest event is number 99."""

    beat = 60.0

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def ask(self, address: Address) -> Topics | None:
        return ("queue:1",)

    async def last(self, address: Address) -> int:
        return 99


@pytest.mark.parametrize(("signals", "hello"), [(BACKLOG, False), (BACKLOG + 1, True)])
def test_a_page_that_reads_too_slowly_holds_up_nobody_and_is_told_to_fetch_everything(
    signals: int, hello: bool
) -> None:
    async def scene(hub: Hub) -> None:
        reads = asyncio.Event()
        written: list[bytes] = []

        async def send(message: Any) -> None:
            await reads.wait()
            written.append(message["body"])

        streams: Any = Always(hub)
        page = Stream(streams, Address("1808", "papan", "x", ""), ("queue:1",), send)
        ear = Ear()
        hub.add(ear, ["queue:1"])
        hub.publish(["queue:1"], called(0))
        await asyncio.sleep(0.01)  # its first event is on the way, and the client does not read
        for number in range(1, signals + 1):
            hub.publish(["queue:1"], called(number))
        await asyncio.sleep(0.01)
        assert ear.heard == list(range(signals + 1))
        reads.set()
        await asyncio.sleep(0.02)
        last = written[-1]
        assert (b"event: hello" in last and b'{"last":99,"recent":true}' in last) is hello
        assert len(written) == (3 if hello else 2)
        page.leave()

    run(scene)
