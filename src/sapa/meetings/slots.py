"""Free times for an appointment: pure. The office's opening hours, minus what is taken, minus who is away.

Everything is counted in quarters of an hour. The three zones of Indonesia are whole hours apart from UTC and know
no summer time, so a quarter of the wall clock is a quarter of UTC.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sapa.offices.calendar import Calendar, open_intervals

QUARTER: Final = timedelta(minutes=15)
LENGTHS: Final = (15, 30, 45, 60)


@dataclass(frozen=True, slots=True)
class Reach:
    """How soon and how far ahead a time may be chosen, and how long it is."""

    minutes: int
    notice: timedelta
    ahead_days: int

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)


class Problem(StrEnum):
    """Why a time cannot be had, whoever else wants it."""

    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    NOT_ON_GRID = "not_on_grid"
    CLOSED = "closed"
    AWAY = "away"


def quarters(starts_at: datetime, minutes: int) -> list[datetime]:
    """The quarters of an hour that an appointment occupies."""
    return [starts_at + QUARTER * place for place in range(minutes // 15)]


def free(
    calendar: Calendar,
    on: date,
    *,
    reach: Reach,
    at: datetime,
    taken: Collection[datetime],
    is_away: Callable[[date], bool],
) -> list[datetime]:
    """The beginnings that can be had on that local date, in the office's zone, earliest first."""
    candidates = [
        start for start in _grid(calendar, on, reach.minutes) if _in_reach(start, calendar, reach, at)
    ]
    if not candidates or is_away(on):
        return []
    held = set(taken)
    return [start for start in candidates if held.isdisjoint(quarters(start, reach.minutes))]


def problem(
    calendar: Calendar, starts_at: datetime, *, reach: Reach, at: datetime, is_away: Callable[[date], bool]
) -> Problem | None:
    """What stands against this time; None when only another appointment could. Any quarter of an hour will do:
    an officer who agrees on a time is not bound to the grid that clients choose from."""
    if starts_at <= at:
        return Problem.PAST
    if starts_at < at + reach.notice:
        return Problem.TOO_SOON
    local = starts_at.astimezone(calendar.zone)
    if local.date() > _last_day(calendar, reach, at):
        return Problem.TOO_FAR
    if local.minute % 15 or local.second or local.microsecond or reach.minutes not in LENGTHS:
        return Problem.NOT_ON_GRID
    if not is_within_hours(calendar, starts_at, starts_at + reach.length):
        return Problem.CLOSED
    return Problem.AWAY if is_away(local.date()) else None


def is_within_hours(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the office serves from the beginning to the end without a pause."""
    on = starts_at.astimezone(calendar.zone).date()
    return any(start <= starts_at and ends_at <= end for start, end in open_intervals(calendar, on))


def _grid(calendar: Calendar, on: date, minutes: int) -> Iterator[datetime]:
    length = timedelta(minutes=minutes)
    for opens, closes in open_intervals(calendar, on):
        start = opens + timedelta(minutes=-opens.minute % 15, seconds=-opens.second)
        start = start + QUARTER if start < opens else start
        while start + length <= closes:
            yield start
            start += length


def _in_reach(start: datetime, calendar: Calendar, reach: Reach, at: datetime) -> bool:
    soonest = max(at + reach.notice, at + timedelta(seconds=1))
    return start >= soonest and start.date() <= _last_day(calendar, reach, at)


def _last_day(calendar: Calendar, reach: Reach, at: datetime) -> date:
    return at.astimezone(calendar.zone).date() + timedelta(days=reach.ahead_days)
