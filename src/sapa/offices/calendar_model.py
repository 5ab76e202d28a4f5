"""What a working calendar is made of: hours, days off, closures. Plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class HolidayKind(StrEnum):
    """Why a date is off. Collective leave (cuti bersama) closes an office as a holiday does."""

    NATIONAL = "national"
    COLLECTIVE_LEAVE = "collective_leave"
    ELECTION = "election"
    LOCAL = "local"


class DayZero(StrEnum):
    """Which working day is day 1: the one after the day of receipt, or the day of receipt itself."""

    NEXT_WORKING_DAY = "next_working_day"
    SAME_DAY = "same_day"


class NeverOpen(Exception):
    """The calendar has no opening within reach, so no working time can be counted on it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch of service on a local day; open from `opens`, no longer open at `closes`."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo is not None or self.closes.tzinfo is not None:
            raise ValueError("Opening hours are local times and carry no time zone.")
        if self.opens >= self.closes:
            raise ValueError(
                f"Opening hours must end after they begin: {self.opens:%H:%M} to {self.closes:%H:%M}."
            )


@dataclass(frozen=True, slots=True)
class Timetable:
    """Opening hours for each weekday, Monday first. With dates it overrides the regular one between them,
    both dates included (Ramadan hours, Perpres 21/2023)."""

    name: str
    week: tuple[tuple[Interval, ...], ...]
    starts_on: date | None = None
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(
                f'Timetable "{self.name}" needs seven days, Monday first; it has {len(self.week)}.'
            )
        if self.starts_on and self.ends_on and self.starts_on > self.ends_on:
            raise ValueError(
                f'Timetable "{self.name}" ends ({self.ends_on}) before it starts ({self.starts_on}).'
            )

    @property
    def is_dated(self) -> bool:
        """Whether this timetable overrides the regular one between dates."""
        return self.starts_on is not None or self.ends_on is not None

    def covers(self, on: date) -> bool:
        """Whether this timetable may speak for that date."""
        return (self.starts_on is None or self.starts_on <= on) and (
            self.ends_on is None or on <= self.ends_on
        )

    @property
    def reach(self) -> timedelta:
        """How long a stretch of dates it speaks for; the narrowest wins."""
        return (self.ends_on or date.max) - (self.starts_on or date.min)


@dataclass(frozen=True, slots=True)
class DayOff:
    """A date without service, with the decree that says so."""

    on: date
    name_id: str
    name_en: str
    kind: HolidayKind
    source: str
    scope: str


@dataclass(frozen=True, slots=True)
class Closure:
    """An unplanned closing between two instants (a power cut, a flood, a ceremony)."""

    starts_at: datetime
    ends_at: datetime
    reason: str

    def __post_init__(self) -> None:
        if self.starts_at.utcoffset() is None or self.ends_at.utcoffset() is None:
            raise ValueError(f'Closure "{self.reason}" needs instants with a time zone.')
        if self.starts_at >= self.ends_at:
            raise ValueError(f'Closure "{self.reason}" must end after it begins.')


@dataclass(frozen=True)
class Calendar:
    """Everything needed to say when one office is open. `confirmed_years` are the years whose holiday
    decree is known; a result that reaches beyond them carries a warning."""

    zone: ZoneInfo
    timetables: tuple[Timetable, ...]
    days_off: Mapping[date, tuple[DayOff, ...]] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    confirmed_years: frozenset[int] = frozenset()
    day_zero: DayZero = DayZero.NEXT_WORKING_DAY

    def __post_init__(self) -> None:
        if sum(not timetable.is_dated for timetable in self.timetables) > 1:
            raise ValueError("Only one timetable may be the regular one; give the others dates.")
        # Sorted once, so that the narrowest timetable and the earliest closure are simply the first found.
        narrowest = sorted(
            self.timetables, key=lambda t: (t.reach, -(t.starts_on or date.min).toordinal(), t.name)
        )
        object.__setattr__(self, "timetables", tuple(narrowest))
        object.__setattr__(self, "closures", tuple(sorted(self.closures, key=lambda c: c.starts_at)))

    def timetable_for(self, on: date) -> Timetable | None:
        """The timetable that rules the date: the one with the narrowest range of dates around it."""
        for timetable in self.timetables:
            if timetable.covers(on):
                return timetable
        return None
