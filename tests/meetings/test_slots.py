"""Free times: within the opening hours, minus what is taken, minus who is away, in the office's zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sapa.meetings.slots import Problem, Reach, free, is_within_hours, problem, quarters
from sapa.offices.calendar import Calendar, Closure, DayOff, HolidayKind, Interval, Timetable

WEDNESDAY = date(2026, 11, 25)
MORNING, AFTERNOON = Interval(time(8), time(11, 30)), Interval(time(13), time(15, 30))
JAKARTA = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=JAKARTA)
REACH = Reach(minutes=60, notice=timedelta(hours=4), ahead_days=21)


def calendar(
    *, zone: str = "Asia/Jakarta", day: tuple[Interval, ...] = (MORNING, AFTERNOON), **more
) -> Calendar:
    return Calendar(zone=ZoneInfo(zone), timetables=(Timetable("Jam", (day,) * 5 + ((), ())),), **more)


def times(where: Calendar, on: date = WEDNESDAY, *, reach=REACH, at=MONDAY, taken=(), away=()) -> list[str]:
    found = free(where, on, reach=reach, at=at, taken=taken, is_away=lambda day: day in away)
    return [f"{each:%H.%M}" for each in found]


def at_ten(minute: int = 0, *, day: int = 25, hour: int = 10) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JAKARTA)


def test_times_begin_with_each_stretch_of_service_and_end_within_it():
    assert times(calendar()) == ["08.00", "09.00", "10.00", "13.00", "14.00"]


def test_an_opening_that_is_no_quarter_begins_with_the_next_one():
    odd = calendar(day=(Interval(time(8, 10), time(10, 20)),))
    assert times(odd, reach=Reach(30, timedelta(0), 21)) == ["08.15", "08.45", "09.15", "09.45"]


@pytest.mark.parametrize(
    ("zone", "utc_hour"), [("Asia/Jakarta", 1), ("Asia/Makassar", 0), ("Asia/Jayapura", 23)]
)
def test_the_office_opens_at_eight_on_its_own_wall_clock(zone, utc_hour):
    first = free(calendar(zone=zone), WEDNESDAY, reach=REACH, at=MONDAY, taken=(), is_away=lambda day: False)[
        0
    ]
    assert (f"{first:%H.%M}", first.astimezone(UTC).hour) == ("08.00", utc_hour)


def test_a_taken_quarter_takes_every_time_that_touches_it():
    taken = quarters(at_ten(45, hour=8).astimezone(UTC), 30)
    assert times(calendar(), taken=taken) == ["10.00", "13.00", "14.00"]


def test_an_officer_who_is_away_has_no_free_time_that_day():
    assert times(calendar(), away={WEDNESDAY}) == []


@pytest.mark.parametrize(
    ("at", "first"),
    [(at_ten(hour=6), "10.00"), (at_ten(1, hour=6), "13.00"), (at_ten(hour=16), None)],
)
def test_clients_need_the_offices_notice(at, first):
    assert next(iter(times(calendar(), at=at)), None) == first


@pytest.mark.parametrize(("ahead", "count"), [(1, 0), (2, 5)])
def test_clients_choose_only_as_far_ahead_as_the_office_wants(ahead, count):
    assert len(times(calendar(), reach=Reach(60, timedelta(0), ahead))) == count


def test_a_holiday_has_no_times_and_a_closure_cuts_its_own():
    off = DayOff(WEDNESDAY, "Pilkada", "Election", HolidayKind.ELECTION, "Keppres", "national")
    assert times(calendar(days_off={WEDNESDAY: (off,)})) == []
    closure = Closure(at_ten(30, hour=9), at_ten(30, hour=14), "Listrik padam")
    assert times(calendar(closures=(closure,))) == ["08.00", "14.30"]


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        (MONDAY - timedelta(minutes=30), Problem.PAST),
        (MONDAY, Problem.PAST),
        (MONDAY + timedelta(hours=1, minutes=30), Problem.TOO_SOON),
        (at_ten(day=25) + timedelta(days=28), Problem.TOO_FAR),
        (at_ten(7), Problem.NOT_ON_GRID),
        (at_ten(45), Problem.CLOSED),
        (at_ten(hour=20), Problem.CLOSED),
        (at_ten(day=28), Problem.CLOSED),
        (at_ten(day=26), Problem.AWAY),
        (at_ten(15), None),
    ],
)
def test_each_time_that_cannot_be_had_says_why(starts_at, expected):
    away = {date(2026, 11, 26)}
    found = problem(calendar(), starts_at, reach=REACH, at=MONDAY, is_away=lambda day: day in away)
    assert found == expected


def test_a_length_that_is_no_quarters_is_refused():
    odd = Reach(50, timedelta(0), 21)
    assert (
        problem(calendar(), at_ten(), reach=odd, at=MONDAY, is_away=lambda day: False) == Problem.NOT_ON_GRID
    )


def test_a_pause_in_between_is_not_within_the_hours():
    assert not is_within_hours(calendar(), at_ten(hour=11), at_ten(30, hour=13))
