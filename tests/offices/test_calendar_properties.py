"""What must hold for every calendar and every instant, tried on thousands of generated ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sapa.offices import calendar as cal
from sapa.offices.calendar import (
    Calendar,
    Closure,
    DayOff,
    DayZero,
    HolidayKind,
    Interval,
    NeverOpen,
    Timetable,
)

# Around two year ends, so that generated instants cross them often.
FIRST, LAST = date(2025, 12, 1), date(2027, 1, 31)
ZONES = [ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura")]

quick = settings(max_examples=40, deadline=None, derandomize=True)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Interval, ...]:
    quarters = draw(st.lists(st.integers(0, 95), unique=True, max_size=6))
    edges = [time(quarter // 4, quarter % 4 * 15) for quarter in sorted(quarters)]
    return tuple(Interval(opens, closes) for opens, closes in zip(edges[::2], edges[1::2], strict=False))


weeks = st.tuples(*[intervals()] * 5, st.just(()), st.just(()))
dates = st.dates(FIRST, LAST)


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    # Whole quarters of an hour hit edges of intervals; odd microseconds miss them.
    on, quarter = draw(dates), draw(st.integers(0, 95))
    odd = draw(st.sampled_from([0, 0, 1, 60_000_000, 899_999_999]))
    return datetime.combine(on, time(), UTC) + timedelta(minutes=15 * quarter, microseconds=odd)


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    start = draw(instants())
    return Closure(start, start + timedelta(minutes=15 * draw(st.integers(1, 600))), "Listrik padam")


def day_off(on: date) -> DayOff:
    return DayOff(on, "Libur", "Holiday", HolidayKind.LOCAL, "SK 1", "1808")


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = draw(weeks)
    assume(any(week))
    special: tuple[Timetable, ...] = ()
    if draw(st.booleans()):
        starts_on = draw(dates)
        length = timedelta(days=draw(st.integers(0, 30)))
        special = (Timetable("Ramadan", draw(weeks), starts_on, starts_on + length),)
    days_off = {on: (day_off(on),) for on in draw(st.lists(dates, max_size=8))}
    shut = tuple(draw(st.lists(closures(), max_size=3)))
    rule = draw(st.sampled_from(DayZero))
    zone = draw(st.sampled_from(ZONES))
    return Calendar(zone, (Timetable("PST", week), *special), days_off, shut, frozenset({2026}), rule)


working_days = st.integers(0, 12)
amounts = st.integers(0, 3000).map(lambda minutes: timedelta(minutes=minutes))


def both(calendar: Calendar, at: datetime, days: int, amount: timedelta) -> Iterator[cal.Due]:
    yield cal.add_working_days(calendar, at, days)
    yield cal.add_working_time(calendar, at, amount)


def lies_in_service(calendar: Calendar, at: datetime) -> bool:
    """Open at that instant, or the very instant of closing."""
    on = at.astimezone(calendar.zone).date()
    return any(start <= at <= end for start, end in cal.open_intervals(calendar, on))


def assert_partition(result: cal.Due | cal.Span, start: datetime, end: datetime) -> None:
    edges = [start, *(step.end for step in result.steps)]
    assert [step.start for step in result.steps] == edges[:-1]
    assert edges[-1] == end
    assert all(step.start < step.end for step in result.steps)


@quick
@given(calendars(), instants(), working_days, amounts)
def test_a_deadline_never_lies_in_closed_time(
    c: Calendar, at: datetime, days: int, amount: timedelta
) -> None:
    for due in both(c, at, days, amount):
        assert lies_in_service(c, due.at)
        assert due.at >= at


@quick
@given(calendars(), instants(), working_days, amounts, dates)
def test_a_further_holiday_never_makes_a_deadline_earlier(
    c: Calendar, at: datetime, days: int, amount: timedelta, on: date
) -> None:
    longer = replace(c, days_off={**c.days_off, on: (day_off(on),)})
    for before, after in zip(both(c, at, days, amount), both(longer, at, days, amount), strict=True):
        assert after.at >= before.at


@quick
@given(calendars(), instants(), working_days, amounts, st.integers(-2000, 2000), st.integers(1, 400))
def test_a_further_closure_never_makes_a_deadline_earlier(
    c: Calendar, at: datetime, days: int, amount: timedelta, offset: int, length: int
) -> None:
    starts_at = at + timedelta(minutes=15 * offset)
    shut = Closure(starts_at, starts_at + timedelta(minutes=15 * length), "Banjir")
    longer = replace(c, closures=(*c.closures, shut))
    for before, after in zip(both(c, at, days, amount), both(longer, at, days, amount), strict=True):
        assert after.at >= before.at


@quick
@given(calendars(), instants(), working_days, amounts, st.data())
def test_removing_opening_hours_never_makes_a_deadline_earlier(
    c: Calendar, at: datetime, days: int, amount: timedelta, data: st.DataObject
) -> None:
    regular = next(timetable for timetable in c.timetables if not timetable.is_dated)
    weekday = data.draw(st.sampled_from([day for day in range(7) if regular.week[day]]))
    which = data.draw(st.integers(0, len(regular.week[weekday]) - 1))
    hours = (*regular.week[weekday][:which], *regular.week[weekday][which + 1 :])
    week = (*regular.week[:weekday], hours, *regular.week[weekday + 1 :])
    fewer = replace(c, timetables=(replace(regular, week=week), *(t for t in c.timetables if t.is_dated)))
    try:
        days_after, time_after = both(fewer, at, days, amount)
    except NeverOpen:
        return
    days_before, time_before = both(c, at, days, amount)
    assert time_after.at >= time_before.at
    # An announced earlier closing time is the new end of that day's service: the day stays, the hour may not.
    assert days_after.at.date() >= days_before.at.date()
    if which < len(regular.week[weekday]) - 1 or not hours:
        assert days_after.at >= days_before.at


@quick
@given(calendars(), st.lists(instants(), min_size=3, max_size=3).map(sorted))
def test_the_parts_of_a_span_add_up_to_the_whole(c: Calendar, cuts: list[datetime]) -> None:
    a, b, d = cuts
    whole = cal.working_time_between(c, a, d)
    parts = [cal.working_time_between(c, a, b), cal.working_time_between(c, b, d)]
    assert whole.total == sum((part.total for part in parts), timedelta(0))
    assert whole.total == sum((step.duration for step in whole.steps if step.counted), timedelta(0))
    assert_partition(whole, a, d)


@quick
@given(calendars(), instants(), working_days, amounts)
def test_the_steps_cover_the_time_from_start_to_due_without_gap_or_overlap(
    c: Calendar, at: datetime, days: int, amount: timedelta
) -> None:
    by_days, by_time = both(c, at, days, amount)
    assert_partition(by_days, at, by_days.at)
    assert_partition(by_time, at, by_time.at)
    counted = [step for step in by_time.steps if step.counted]
    assert sum((step.duration for step in counted), timedelta(0)) == amount
    numbers = sorted({step.day_number for step in by_days.steps if step.counted and step.day_number})
    assert numbers == list(range(1, len(numbers) + 1))
    if days:
        assert numbers[-1] == days


@quick
@given(calendars(), instants(), amounts)
def test_the_time_added_is_the_time_found_between(c: Calendar, at: datetime, amount: timedelta) -> None:
    due = cal.add_working_time(c, at, amount)
    assert cal.working_time_between(c, at, due.at).total == amount


@quick
@given(calendars(), instants(), amounts, amounts)
def test_adding_in_two_parts_is_adding_at_once(c: Calendar, at: datetime, a: timedelta, b: timedelta) -> None:
    halfway = cal.add_working_time(c, at, a)
    assert cal.add_working_time(c, halfway.at, b).at == cal.add_working_time(c, at, a + b).at


@quick
@given(calendars(), instants(), working_days, amounts)
def test_splitting_opening_hours_into_adjacent_ones_changes_nothing(
    c: Calendar, at: datetime, days: int, amount: timedelta
) -> None:
    def split(hours: tuple[Interval, ...]) -> Iterator[Interval]:
        for interval in hours:
            minutes = [edge.hour * 60 + edge.minute for edge in (interval.opens, interval.closes)]
            middle = time(*divmod(sum(minutes) // 2, 60))
            yield from (Interval(middle, interval.closes), Interval(interval.opens, middle))

    finer = replace(
        c,
        timetables=tuple(
            replace(t, week=tuple(tuple(split(hours)) for hours in t.week)) for t in c.timetables
        ),
    )
    assert list(both(finer, at, days, amount)) == list(both(c, at, days, amount))


@quick
@given(calendars(), instants(), working_days, amounts, st.integers(0, 3000))
def test_who_comes_later_is_never_due_earlier(
    c: Calendar, at: datetime, days: int, amount: timedelta, quarters: int
) -> None:
    later = at + timedelta(minutes=15 * quarters)
    for first, second in zip(both(c, at, days, amount), both(c, later, days, amount), strict=True):
        assert second.at >= first.at


@quick
@given(calendars(), instants(), working_days, amounts, st.sampled_from(ZONES))
def test_the_same_local_clock_gives_the_same_local_deadline_in_every_zone(
    c: Calendar, at: datetime, days: int, amount: timedelta, zone: ZoneInfo
) -> None:
    def moved(instant: datetime) -> datetime:
        return instant.astimezone(c.zone).replace(tzinfo=zone)

    shut = tuple(Closure(moved(each.starts_at), moved(each.ends_at), each.reason) for each in c.closures)
    elsewhere = replace(c, zone=zone, closures=shut)
    for here, there in zip(both(c, at, days, amount), both(elsewhere, moved(at), days, amount), strict=True):
        assert there.at == moved(here.at)


@quick
@given(calendars(), instants(), working_days, amounts)
def test_the_zone_an_instant_is_written_in_changes_nothing(
    c: Calendar, at: datetime, days: int, amount: timedelta
) -> None:
    elsewhere = at.astimezone(ZoneInfo("America/New_York"))
    assert list(both(c, elsewhere, days, amount)) == list(both(c, at, days, amount))


@quick
@given(calendars(), instants(), working_days, amounts)
def test_a_deadline_warns_exactly_of_the_unconfirmed_years_it_touches(
    c: Calendar, at: datetime, days: int, amount: timedelta
) -> None:
    for due in both(c, at, days, amount):
        touched = range(at.astimezone(c.zone).year, due.at.year + 1)
        assert [warning.year for warning in due.warnings] == [year for year in touched if year != 2026]


@quick
@given(calendars(), instants())
def test_open_and_next_opening_agree(c: Calendar, at: datetime) -> None:
    opening = cal.next_opening(c, at)
    assert opening is not None
    assert cal.is_open(c, opening)
    assert cal.is_open(c, at) is (opening == at)
    assert cal.working_time_between(c, at, opening).total == timedelta(0)


@quick
@given(calendars(), instants(), working_days, amounts)
def test_every_result_can_be_stored_and_explained(
    c: Calendar, at: datetime, days: int, amount: timedelta
) -> None:
    for due in both(c, at, days, amount):
        assert cal.from_json(cal.to_json(due)) == due
        lengths = {len(cal.explain(due, language=language)) for language in ("id", "en")}
        assert lengths == {2 + len(due.steps) + len(due.warnings)}
