"""The free times of an officer, week by week, as a page shows them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sapa.meetings.booking import taken_by
from sapa.meetings.slots import Reach, free
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster.availability import is_available
from sapa.ui.dates import short_time

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """One date with at least one free beginning."""

    on: date
    times: list[datetime]

    @property
    def id(self) -> str:
        """The name of its group of choices in a page."""
        return f"hari-{self.on.isoformat()}"

    @property
    def options(self) -> list[tuple[str, str]]:
        """Each time as a form sends it, and as the reader sees it in the office's zone."""
        return [(each.isoformat(), short_time(each, each.tzinfo)) for each in self.times]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, counted from today; `number` 0 is the first. `later` and `earlier`: the weeks beside it."""

    number: int
    days: list[Day]
    earlier: int | None
    later: int | None


def week_of(office: Office, officer: Officer, *, reach: Reach, number: int, at: datetime) -> Week:
    """The free times of that week. Without any in the first weeks asked for, the first week that has some."""
    last = reach.ahead_days // 7
    chosen = min(max(number, 0), last)
    days = _days(office, officer, reach, chosen, at)
    while not days and number == 0 and chosen < last:
        chosen += 1
        days = _days(office, officer, reach, chosen, at)
    if not days and number == 0:
        return Week(0, [], None, None)
    return Week(chosen, days, chosen - 1 if chosen else None, chosen + 1 if chosen < last else None)


def _days(office: Office, officer: Officer, reach: Reach, number: int, at: datetime) -> list[Day]:
    calendar = calendar_of(office)
    first = at.astimezone(office.zone).date() + WEEK * number
    since = datetime.combine(first, time(), tzinfo=office.zone)
    taken = taken_by(officer, since=since, until=since + WEEK)
    days = []
    for ahead in range(7):
        on = first + timedelta(days=ahead)
        times = free(
            calendar, on, reach=reach, at=at, taken=taken, is_away=lambda day: not is_available(officer, day)
        )
        if times:
            days.append(Day(on, times))
    return days
