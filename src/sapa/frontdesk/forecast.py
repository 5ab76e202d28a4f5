"""How long somebody will wait, as an interval that can be held to account (lessons.md 6, item 14).

The time ahead is played a hundred times with lengths drawn from recent visits; the interval is the middle
80 % of what came out. Lengths are drawn visitor by visitor from one local generator, so that one more in
front, or one desk less, replays the very same day: the interval can only move later.
"""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from heapq import heapreplace
from itertools import repeat
from statistics import NormalDist, fmean, pstdev
from typing import Final

RUNS: Final = 100
# Beyond this the interval grows in proportion: nobody plans by the minute behind two hundred others.
LONGEST_LINE_PLAYED: Final = 200
# Below this many recent lengths the service's own standard length takes the missing places.
ENOUGH_DURATIONS: Final = 8
# Spread of lengths around their median (logarithm) while nothing is known: 1 in 5 takes half as long again.
PRIOR_SPREAD: Final = 0.5
LOW_SHARE: Final = 0.10
HIGH_SHARE: Final = 0.90
# Measured on simulated days: clipped at 95 % the intervals held 77 times in 100, at 97.5 % they held 79.
CLIP_SHARE: Final = 0.975
# A ticket closed the next morning is no service length; a real book held one of 342 hours (domain.md 4).
CLIP_MEDIANS: Final = 6
MINUTE: Final = 60
COARSE_FROM: Final = 30 * MINUTE
COARSE_STEP: Final = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Forecast:
    """The visitor will be called between `low` and `high` from now; whole minutes, `low` < `high`."""

    low: timedelta
    high: timedelta


@dataclass(frozen=True, slots=True)
class Score:
    """How many of the forecasts held."""

    held: int
    total: int

    @property
    def percent(self) -> int | None:
        """The share that held, rounded half up to whole percent; None while there is nothing to judge."""
        return (200 * self.held + self.total) // (2 * self.total) if self.total else None


def forecast(
    *,
    ahead: int,
    desks: int,
    durations: Sequence[timedelta],
    in_service_elapsed: Sequence[timedelta],
    typical: timedelta,
    seed: int = 0,
) -> Forecast:
    """The interval in which a visitor with `ahead` others in front is called.

    `desks` that are staffed, with or without a visitor; `durations`: recent lengths of this service;
    `in_service_elapsed`: how long each running visit has lasted; `typical`: what a visit ordinarily takes.
    The same arguments give the same interval. More in front is never sooner, one desk more is never later.
    Priority tickets that are yet to come are not foreseen.
    """
    if ahead < 0:
        raise ValueError("ahead cannot be negative")
    if desks < 1:
        raise ValueError("without a staffed desk there is nothing to forecast")
    if typical <= timedelta(0):
        raise ValueError("typical must be longer than nothing")
    days = _days(tuple(durations), typical, seed)
    generator = random.Random(seed + 1)  # noqa: S311 - plays days, keeps no secrets
    busy = [
        _residuals(days.pool, elapsed.total_seconds(), generator) for elapsed in sorted(in_service_elapsed)
    ]
    played = min(ahead, LONGEST_LINE_PLAYED)
    waits = sorted(
        _wait([each[run] for each in busy], days.lengths[run][:played], desks, days.pace[run])
        for run in range(RUNS)
    )
    beyond = ahead / played if played else 1.0
    return _interval(waits[round(LOW_SHARE * RUNS)] * beyond, waits[round(HIGH_SHARE * RUNS)] * beyond)


def held(forecast: Forecast, actual: timedelta) -> bool:
    """Whether the visitor was called inside the interval; both ends count."""
    return forecast.low <= actual <= forecast.high


def score(pairs: Iterable[tuple[Forecast, timedelta]]) -> Score:
    """How often the forecasts held against what happened; the figure an office publishes."""
    verdicts = [held(each, actual) for each, actual in pairs]
    return Score(held=sum(verdicts), total=len(verdicts))


@dataclass(frozen=True, slots=True)
class _Days:
    """What is drawn before anybody comes: for each run its pace and the lengths of all whom it may hold."""

    pool: list[float]
    pace: list[float]
    lengths: list[list[float]]


# Recent lengths are read anew once a minute (lines.py): the days between are the same and are drawn once.
@lru_cache(maxsize=16)
def _days(durations: tuple[timedelta, ...], typical: timedelta, seed: int) -> _Days:
    pool = _pool(durations, typical)
    generator = random.Random(seed)  # noqa: S311 - plays days, keeps no secrets
    # A mean known from few visits is itself uncertain; without this a short record makes proud intervals.
    doubt = pstdev(pool) / fmean(pool) / math.sqrt(len(pool))
    return _Days(
        pool=pool,
        pace=generator.sample(_evenly(doubt, RUNS), k=RUNS),
        lengths=[generator.choices(pool, k=LONGEST_LINE_PLAYED) for _ in range(RUNS)],
    )


def _pool(durations: Sequence[timedelta], typical: timedelta) -> list[float]:
    """Lengths in seconds to draw from: clipped, and filled up around `typical` when there are too few."""
    known = sorted(each.total_seconds() for each in durations if each > timedelta(0))
    missing = max(0, ENOUGH_DURATIONS - len(known))
    filled = [typical.total_seconds() * each for each in _evenly(PRIOR_SPREAD, missing)]
    pool = sorted(known + filled)
    ceiling = min(pool[math.floor(CLIP_SHARE * (len(pool) - 1))], CLIP_MEDIANS * pool[len(pool) // 2])
    return [min(each, ceiling) for each in pool]


def _evenly(spread: float, count: int) -> list[float]:
    """`count` factors around 1, spaced as a log-normal with this spread has them: no luck of the draw."""
    normal = NormalDist()
    return [math.exp(spread * normal.inv_cdf((place + 0.5) / count)) for place in range(count)]


def _residuals(pool: Sequence[float], elapsed: float, generator: random.Random) -> list[float]:
    """How much longer a visit takes, per run, that has lasted `elapsed` seconds already."""
    longer = [each - elapsed for each in pool if each > elapsed]
    if longer:
        return generator.choices(longer, k=RUNS)
    # Longer than all we know: the past does not help, so a random part of an ordinary visit is still to come.
    return [each * generator.random() for each in generator.choices(pool, k=RUNS)]


def _wait(busy: list[float], lengths: Sequence[float], desks: int, pace: float) -> float:
    """The wait of one run: the line is served in order by whichever desk frees first."""
    # With more visits running than desks that go on, the ones that end last are those that call again.
    # Sorted is a heap already.
    free_at = sorted([*busy, *repeat(0.0, desks - len(busy))])[-desks:]
    if desks == 1:
        return (free_at[0] + sum(lengths)) * pace
    for length in lengths:
        heapreplace(free_at, free_at[0] + length)
    return free_at[0] * pace


def _interval(low: float, high: float) -> Forecast:
    """Rounded outward to whole minutes, above half an hour to five; never without width."""
    down = math.floor(low / _step(low)) * _step(low)
    up = math.ceil(high / _step(high)) * _step(high)
    return Forecast(timedelta(seconds=down), timedelta(seconds=max(up, down + _step(down))))


def _step(seconds: float) -> int:
    return COARSE_STEP if seconds > COARSE_FROM else MINUTE
