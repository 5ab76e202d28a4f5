"""Signals between processes, by Redis: a plain PUBLISH after the commit, one subscription per web process.

Redis is a wake-up, never the record. When it fails, requests go on and say so in the log; when it is back,
every page is told to fetch what it lacks.
"""

import asyncio
import json
import logging
import os
import random
import secrets
import time
from collections.abc import Callable
from functools import cache

import redis
import redis.asyncio
from django.conf import settings
from django.utils.crypto import salted_hmac

from sapa.activity.hub import Hub
from sapa.activity.push import Signal

log = logging.getLogger("sapa.live")

_TOKEN = secrets.token_hex(8)
REST_SECONDS = 5.0  # after a failure: a Redis that hangs must not slow down every request
_FAILURES = (redis.RedisError, OSError)

_resting_until = 0.0


def origin() -> str:
    """This process, which has told its own pages already."""
    return f"{_TOKEN}-{os.getpid()}"


@cache
def channel() -> str:
    """One channel per installation, though several may share a Redis."""
    return "sapa:" + salted_hmac("sapa.activity.relay", "signals").hexdigest()[:16]


@cache
def _publisher(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)


def publish(topics: tuple[str, ...], signal: Signal) -> None:
    """Tell the other processes. Never raises because of Redis: what is committed is committed."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return
    try:
        words = json.dumps({"from": origin(), "topics": topics, "signal": signal.as_dict()})
        _publisher(settings.REDIS_URL).publish(channel(), words)
    except _FAILURES as problem:
        _resting_until = time.monotonic() + REST_SECONDS
        log.warning("signal not relayed", extra={"event": signal.id, "problem": type(problem).__name__})


def _pause(failures: int) -> float:
    longest: float = min(30.0, 0.25 * 2.0 ** min(failures, 8))
    return longest * random.uniform(0.5, 1)  # noqa: S311  guards nothing


async def subscribe(hub: Hub, *, pause: Callable[[int], float] = _pause) -> None:
    """Bring the other processes' signals to `hub` until cancelled; after a cut every page gets a hello."""
    failures = 0
    was_here = False
    while True:
        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=2, health_check_interval=15
        )
        try:
            async with client, client.pubsub(ignore_subscribe_messages=False) as subscription:
                await subscription.subscribe(channel())
                while True:
                    message = await subscription.get_message(timeout=30)
                    if message is None:
                        await subscription.ping()
                    elif message["type"] == "subscribe":
                        # The library reconnects by itself, too: a second time means that there was a cut.
                        if was_here:
                            hub.sync()
                        was_here, failures = True, 0
                    elif message["type"] == "message":
                        _hear(hub, message["data"])
        except _FAILURES as problem:
            failures += 1
            log.warning("lost the relay", extra={"failures": failures, "problem": type(problem).__name__})
        await asyncio.sleep(pause(failures))


def _hear(hub: Hub, words: bytes) -> None:
    try:
        told = json.loads(words)
        if told["from"] != origin():
            hub.publish(tuple(told["topics"]), Signal(**told["signal"]))
    except (ValueError, KeyError, TypeError):
        log.warning("a signal nobody understands came through the relay")
