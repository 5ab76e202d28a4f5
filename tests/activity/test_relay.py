"""Signals between processes through a real Redis server, and what happens when it is away."""

import json
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
import redis
from redis.client import PubSub

from sapa.activity import relay
from sapa.front import Front
from sapa.offices.models import Device, Office
from tests.activity.conftest import Happen, no_pages
from tests.serving import Page, listening, served

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]

ANOTHER = "another-process"


@pytest.fixture
def shared(settings: Any, redis_url: str, monkeypatch: Any) -> Iterator[redis.Redis]:
    """Redis is set up, and this is a connection of another process to it."""
    settings.REDIS_URL = redis_url
    monkeypatch.setattr(relay, "_resting_until", 0.0)
    with redis.Redis.from_url(redis_url) as other:
        yield other


def tell(other: redis.Redis, office: Office, id: int) -> int:
    """Another process has committed event `id`; returns how many processes heard it."""
    signal = {"id": id, "name": "ticket.called", "subject_id": 7}
    words = json.dumps({"from": ANOTHER, "topics": [f"queue:{office.pk}"], "signal": signal})
    return int(other.publish(relay.channel(), words))


def hear_from(other: redis.Redis, office: Office, page: Page, id: int) -> None:
    late = monotonic() + 5
    while not tell(other, office, id):  # the front subscribes a moment after its start
        assert monotonic() < late
    heard = page.next()
    assert (heard.name, heard.data) == ("signal", {"id": id, "name": "ticket.called", "ids": [7]})


def test_a_page_hears_what_another_process_committed(
    shared: redis.Redis, board: Device, office: Office
) -> None:
    with (
        served(Front(no_pages, beat=60)) as url,
        listening(f"{url}/1808/aliran/papan/{board.token}/") as page,
    ):
        assert page.next().name == "hello"
        hear_from(shared, office, page, 41)


def test_the_own_process_hears_its_event_once_and_the_others_are_told(
    shared: redis.Redis, board: Device, office: Office, happen: Happen
) -> None:
    with (
        PubSub(shared.connection_pool, ignore_subscribe_messages=True) as others,
        served(Front(no_pages, beat=60)) as url,
        listening(f"{url}/1808/aliran/papan/{board.token}/") as page,
    ):
        others.subscribe(relay.channel())
        others.get_message(timeout=1)
        page.next()
        hear_from(shared, office, page, 41)
        event = happen()
        assert page.next().id == event.pk
        # Had the own signal come back through Redis, it would come before this one.
        hear_from(shared, office, page, 42)
        told = [message for _ in range(9) if (message := others.get_message(timeout=0.05))]
        own = [json.loads(each["data"]) for each in told if ANOTHER.encode() not in each["data"]]
        assert [each["signal"]["id"] for each in own] == [event.pk]
        assert own[0]["topics"] == [f"office:{office.pk}", f"queue:{office.pk}"]


def test_after_a_cut_every_page_says_hello_again(shared: redis.Redis, board: Device, office: Office) -> None:
    with (
        served(Front(no_pages, beat=60)) as url,
        listening(f"{url}/1808/aliran/papan/{board.token}/") as page,
    ):
        page.next()
        hear_from(shared, office, page, 41)
        shared.client_kill_filter(_type="pubsub")
        again = page.next()
        assert (again.name, again.data) == ("hello", {"last": 0, "recent": True})
        hear_from(shared, office, page, 42)


def test_without_redis_requests_go_on_and_the_own_pages_hear(
    settings: Any, monkeypatch: Any, board: Device, happen: Happen, caplog: Any
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(relay, "_resting_until", 0.0)
    with (
        served(Front(no_pages, beat=60)) as url,
        listening(f"{url}/1808/aliran/papan/{board.token}/") as page,
    ):
        page.next()
        # One after the other: what happens while a page is behind comes to it as one signal.
        for event in (happen() for _ in range(2)):
            assert page.next().id == event.pk
    # Said once: a Redis that is away is not asked again for every request.
    assert [each.message for each in caplog.records].count("signal not relayed") == 1


def test_a_signal_nobody_understands_harms_nobody(shared: redis.Redis, board: Device, office: Office) -> None:
    with (
        served(Front(no_pages, beat=60)) as url,
        listening(f"{url}/1808/aliran/papan/{board.token}/") as page,
    ):
        page.next()
        hear_from(shared, office, page, 41)
        for words in (
            b"\xff",
            b"[]",
            b'{"from": "x"}',
            b'{"from": "x", "topics": ["a"], "signal": {"id": 1}}',
        ):
            shared.publish(relay.channel(), words)
        hear_from(shared, office, page, 42)
