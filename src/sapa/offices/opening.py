"""What a visitor wants to know before coming: open now, when next, and why not."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from sapa.offices.calendar import Calendar, DayOff, next_opening, open_intervals

Stretch = tuple[datetime, datetime]
AHEAD_DAYS: Final = 120


@dataclass(frozen=True, slots=True)
class Day:
    """One local date: when the office serves, and the reason where it does not."""

    on: date
    intervals: tuple[Stretch, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The office at one instant. `until` is the end of this stretch of service, `next_at` the next opening of a
    closed office (None: not within a year), `reason` why it is closed in words for a visitor."""

    is_open: bool
    until: datetime | None
    next_at: datetime | None
    reason: str
    today: Day


def opening_of(calendar: Calendar, at: datetime) -> Opening:
    """Open or closed at `at`, with what a visitor should know."""
    today = day_of(calendar, at.astimezone(calendar.zone).date())
    for start, end in today.intervals:
        if start <= at < end:
            return Opening(True, end, None, "", today)
    reason = next((each.reason for each in calendar.closures if each.starts_at <= at < each.ends_at), "")
    return Opening(False, None, next_opening(calendar, at), today.reason or reason, today)


def day_of(calendar: Calendar, on: date) -> Day:
    """One date of the calendar as visitors read it."""
    days_off = calendar.days_off.get(on, ())
    intervals = open_intervals(calendar, on)
    reason = ", ".join(day_off_name(each) for each in days_off)
    if not reason and not intervals and on.weekday() >= 5:
        reason = _("Weekend")
    return Day(on, intervals, reason)


def days_from(calendar: Calendar, on: date, number: int = 7) -> list[Day]:
    """That many dates from `on` on."""
    return [day_of(calendar, on + timedelta(days=ahead)) for ahead in range(number)]


def days_off_after(calendar: Calendar, on: date, *, at_most: int = 8) -> list[Day]:
    """The next weekdays off within four months, soonest first."""
    until = on + timedelta(days=AHEAD_DAYS)
    dates = sorted(each for each in calendar.days_off if on <= each <= until and each.weekday() < 5)
    return [day_of(calendar, each) for each in dates[:at_most]]


def day_off_name(day: DayOff) -> str:
    """The name of a day off in the reader's language; collective leave says that it is."""
    name = day.name_en if (translation.get_language() or "").startswith("en") else day.name_id
    if day.kind.value == "collective_leave":
        return _("Collective leave: %(name)s") % {"name": name}
    return name
