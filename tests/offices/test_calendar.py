"""The working calendar: the published test vectors, hours, closures, zones, and what it says."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sapa.offices import calendar as cal
from sapa.offices.calendar import (
    Calendar,
    Closure,
    DayOff,
    DayZero,
    HolidayKind,
    Interval,
    NeverOpen,
    Reason,
    Timetable,
    UnconfirmedYear,
)

WIB = ZoneInfo("Asia/Jakarta")
WITA = ZoneInfo("Asia/Makassar")
WIT = ZoneInfo("Asia/Jayapura")
NATIONAL, DECREES = cal.load_national()


def hours(*spans: str) -> tuple[Interval, ...]:
    pairs = (span.split("-") for span in spans)
    return tuple(Interval(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs)


def week(
    monday_to_thursday: tuple[Interval, ...], friday: tuple[Interval, ...]
) -> tuple[tuple[Interval, ...], ...]:
    return (*(monday_to_thursday,) * 4, friday, (), ())


PST = Timetable("PST", week(hours("08:00-15:30"), hours("08:00-15:30")))
WITH_BREAKS = Timetable("PST", week(hours("08:00-12:00", "13:00-15:30"), hours("08:00-11:30", "13:00-15:30")))
RAMADAN = Timetable(
    "Ramadan", week(hours("08:00-15:00"), hours("08:00-15:30")), date(2026, 2, 18), date(2026, 3, 19)
)


def office(
    *timetables: Timetable,
    zone: ZoneInfo = WIB,
    days_off: Mapping[date, tuple[DayOff, ...]] = NATIONAL,
    closures: tuple[Closure, ...] = (),
) -> Calendar:
    years = cal.confirmed_years(DECREES)
    return Calendar(zone, timetables or (PST,), days_off, closures, years)


def at(text: str, zone: ZoneInfo = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def counted(result: cal.Due | cal.Span) -> list[tuple[str, str, int | None]]:
    form = "%m-%d %H:%M"
    return [(f"{s.start:{form}}", f"{s.end:{form}}", s.day_number) for s in result.steps if s.counted]


def closed(starts: str, ends: str, reason: str = "Listrik padam") -> Closure:
    return Closure(at(starts), at(ends), reason)


@pytest.mark.parametrize(
    ("clear_on", "days", "due"),
    [
        ("2026-11-20", 3, "2026-11-25"),
        ("2026-11-20", 5, "2026-11-27"),
        ("2026-11-20", 10, "2026-12-04"),
        ("2026-03-13", 3, "2026-03-25"),
        ("2026-03-13", 5, "2026-03-27"),
        ("2026-03-13", 10, "2026-04-06"),
        ("2025-08-14", 3, "2025-08-20"),
        ("2025-08-14", 5, "2025-08-22"),
        ("2025-08-14", 10, "2025-08-29"),
        ("2026-12-22", 3, "2026-12-29"),
        ("2026-12-22", 5, "2026-12-31"),
    ],
)
@pytest.mark.parametrize("clock", ["00:00", "07:59", "08:00", "10:00", "15:29:59"])
def test_a_clear_request_is_due_at_closing_time_of_the_nth_working_day(
    clear_on: str, days: int, due: str, clock: str
) -> None:
    result = cal.add_working_days(office(), at(f"{clear_on}T{clock}"), days)
    assert (result.at, result.warnings) == (at(f"{due}T15:30"), ())


def test_a_deadline_that_reaches_into_a_year_without_decree_warns() -> None:
    result = cal.add_working_days(office(), at("2026-12-22T10:00"), 10)
    assert (result.at, result.warnings) == (at("2027-01-07T15:30"), (UnconfirmedYear(2027),))


@pytest.mark.parametrize(
    "event",
    ["2026-11-20T15:30", "2026-11-20T23:59", "2026-11-21T10:00", "2026-11-22T10:00", "2026-11-23T00:00"],
)
def test_what_comes_after_closing_or_on_a_weekend_is_received_on_the_next_working_day(event: str) -> None:
    assert cal.add_working_days(office(), at(event), 3).at == at("2026-11-26T15:30")


def test_what_comes_on_a_holiday_is_received_on_the_next_working_day() -> None:
    assert cal.add_working_days(office(), at("2026-03-18T10:00"), 3).at == at("2026-03-30T15:30")


def test_what_comes_during_the_break_is_received_the_same_day() -> None:
    assert cal.add_working_days(office(WITH_BREAKS), at("2026-11-20T12:15"), 1).at == at("2026-11-23T15:30")


def test_with_the_same_day_setting_the_day_of_receipt_is_day_one() -> None:
    same_day = replace(office(), day_zero=DayZero.SAME_DAY)
    assert cal.add_working_days(same_day, at("2026-11-20T10:00"), 3).at == at("2026-11-24T15:30")
    assert cal.add_working_days(same_day, at("2026-11-20T16:00"), 3).at == at("2026-11-25T15:30")


def test_the_setting_can_be_overruled_for_one_counting() -> None:
    result = cal.add_working_days(office(), at("2026-11-20T10:00"), 3, day_zero=DayZero.SAME_DAY)
    assert (result.at, counted(result)[0]) == (at("2026-11-24T15:30"), ("11-20 10:00", "11-20 15:30", 1))


def test_zero_working_days_end_with_the_day_of_receipt() -> None:
    assert cal.add_working_days(office(), at("2026-11-20T10:00"), 0).at == at("2026-11-20T15:30")
    assert cal.add_working_days(office(), at("2026-11-20T16:00"), 0).at == at("2026-11-23T15:30")


def test_every_working_day_that_counts_is_numbered() -> None:
    result = cal.add_working_days(office(WITH_BREAKS), at("2026-11-20T10:00"), 2)
    assert counted(result) == [
        ("11-23 08:00", "11-23 12:00", 1),
        ("11-23 13:00", "11-23 15:30", 1),
        ("11-24 08:00", "11-24 12:00", 2),
        ("11-24 13:00", "11-24 15:30", 2),
    ]


def test_time_that_does_not_count_is_named_with_its_reason_and_decree() -> None:
    result = cal.add_working_days(office(), at("2026-03-17T10:00"), 1)
    named = [(step.reason, tuple((off.kind, off.source) for off in step.days_off)) for step in result.steps]
    decree = "SKB 1497/2/5 Tahun 2025"
    assert named == [
        (Reason.DAY_ZERO, ()),
        (Reason.OUTSIDE_HOURS, ()),
        (Reason.DAY_OFF, ((HolidayKind.COLLECTIVE_LEAVE, decree),)),
        (Reason.DAY_OFF, ((HolidayKind.NATIONAL, decree),)),
        (Reason.DAY_OFF, ((HolidayKind.COLLECTIVE_LEAVE, decree),)),
        (Reason.DAY_OFF, ((HolidayKind.NATIONAL, decree),)),
        (Reason.DAY_OFF, ((HolidayKind.NATIONAL, decree),)),
        (Reason.DAY_OFF, ((HolidayKind.COLLECTIVE_LEAVE, decree),)),
        (Reason.DAY_OFF, ((HolidayKind.COLLECTIVE_LEAVE, decree),)),
        (Reason.OUTSIDE_HOURS, ()),
        (Reason.SERVICE, ()),
    ]


def test_a_local_holiday_added_in_the_middle_of_a_year_moves_the_deadline() -> None:
    local = DayOff(
        date(2026, 11, 24), "Hari Jadi", "Anniversary", HolidayKind.LOCAL, "SE Bupati 5/2026", "1808"
    )
    with_local = office(days_off={**NATIONAL, local.on: (local,)})
    assert cal.add_working_days(with_local, at("2026-11-20T10:00"), 3).at == at("2026-11-26T15:30")


def test_ramadan_hours_rule_between_their_dates_and_the_regular_ones_outside() -> None:
    calendar = office(PST, RAMADAN)
    closings = [cal.closing_of(calendar, date(2026, *day)) for day in ((2, 13), (2, 18), (3, 17), (3, 25))]
    assert closings == [
        at("2026-02-13T15:30"),
        at("2026-02-18T15:00"),
        at("2026-03-17T15:00"),
        at("2026-03-25T15:30"),
    ]


def test_a_deadline_in_ramadan_falls_at_the_ramadan_closing_time() -> None:
    due = cal.add_working_days(office(PST, RAMADAN), at("2026-02-19T15:15"), 1)
    assert due.at == at("2026-02-23T15:00")
    assert due.steps[-1].note == "Ramadan"


def test_the_narrowest_dated_timetable_wins_whatever_the_order() -> None:
    one_day = Timetable("Upacara", (hours("10:00-12:00"),) * 7, date(2026, 3, 2), date(2026, 3, 2))
    for timetables in ((PST, RAMADAN, one_day), (one_day, PST, RAMADAN)):
        assert cal.open_intervals(office(*timetables), date(2026, 3, 2)) == (
            (at("2026-03-02T10:00"), at("2026-03-02T12:00")),
        )


def test_the_ten_minute_clock_pauses_for_friday_prayer() -> None:
    due = cal.add_working_time(office(WITH_BREAKS), at("2026-11-20T11:25"), timedelta(minutes=10))
    assert due.at == at("2026-11-20T13:05")
    assert [(step.reason, step.counted) for step in due.steps] == [
        (Reason.SERVICE, True),
        (Reason.BREAK, False),
        (Reason.SERVICE, True),
    ]


def test_the_ten_minute_clock_runs_on_after_the_weekend() -> None:
    due = cal.add_working_time(office(), at("2026-11-20T15:26"), timedelta(minutes=10))
    assert due.at == at("2026-11-23T08:06")


def test_a_clock_that_ends_with_service_is_due_at_the_closing_instant() -> None:
    assert cal.add_working_time(office(), at("2026-11-20T15:20"), timedelta(minutes=10)).at == at(
        "2026-11-20T15:30"
    )


def test_no_working_time_is_due_at_once_or_at_the_next_opening() -> None:
    nothing = timedelta(0)
    assert cal.add_working_time(office(), at("2026-11-20T10:00"), nothing).at == at("2026-11-20T10:00")
    assert cal.add_working_time(office(), at("2026-11-20T15:30"), nothing).at == at("2026-11-20T15:30")
    assert cal.add_working_time(office(), at("2026-11-20T16:00"), nothing).at == at("2026-11-23T08:00")


def test_a_count_longer_than_the_horizon_goes_on_as_long_as_the_office_opens() -> None:
    every_week = office(days_off={})
    hundred_weeks = at("2027-12-03T15:30")
    assert cal.add_working_days(every_week, at("2026-01-02T10:00"), 500).at == hundred_weeks
    amount = 500 * timedelta(hours=7, minutes=30)
    assert cal.add_working_time(every_week, at("2026-01-05T08:00"), amount).at == hundred_weeks


def test_working_time_over_a_weekend_with_a_break() -> None:
    span = cal.working_time_between(office(WITH_BREAKS), at("2026-11-20T10:00"), at("2026-11-23T09:00"))
    assert span.total == timedelta(hours=5)
    assert counted(span) == [
        ("11-20 10:00", "11-20 11:30", None),
        ("11-20 13:00", "11-20 15:30", None),
        ("11-23 08:00", "11-23 09:00", None),
    ]


def test_a_year_of_working_time_is_its_working_days_times_the_hours() -> None:
    span = cal.working_time_between(office(), at("2026-01-01T00:00"), at("2027-01-01T00:00"))
    assert (span.total, span.warnings) == (240 * timedelta(hours=7, minutes=30), ())


def test_a_closure_stops_the_clock_and_is_named() -> None:
    shut = closed("2026-11-20T10:00", "2026-11-20T11:00")
    due = cal.add_working_time(office(closures=(shut,)), at("2026-11-20T09:55"), timedelta(minutes=10))
    assert due.at == at("2026-11-20T11:05")
    assert (due.steps[1].reason, due.steps[1].note) == (Reason.CLOSURE, "Listrik padam")


def test_overlapping_closures_and_hours_are_cut_once() -> None:
    messy = Timetable("PST", (hours("10:00-12:00", "08:00-11:00", "12:00-15:30"),) * 7)
    shut = (closed("2026-11-20T09:30", "2026-11-20T10:30"), closed("2026-11-20T09:00", "2026-11-20T10:00"))
    assert cal.open_intervals(office(messy, closures=shut), date(2026, 11, 20)) == (
        (at("2026-11-20T08:00"), at("2026-11-20T09:00")),
        (at("2026-11-20T10:30"), at("2026-11-20T15:30")),
    )


def test_a_closure_within_a_closure_opens_nothing() -> None:
    shut = (closed("2026-11-20T09:00", "2026-11-20T12:00"), closed("2026-11-20T10:00", "2026-11-20T11:00"))
    assert cal.open_intervals(office(closures=shut), date(2026, 11, 20)) == (
        (at("2026-11-20T08:00"), at("2026-11-20T09:00")),
        (at("2026-11-20T12:00"), at("2026-11-20T15:30")),
    )


def test_closing_early_moves_the_deadline_to_the_next_working_day_and_never_forward() -> None:
    shut = closed("2026-11-25T14:00", "2026-11-25T17:00")
    due = cal.add_working_days(office(closures=(shut,)), at("2026-11-20T10:00"), 3)
    assert due.at == at("2026-11-26T15:30")
    assert [step.reason for step in due.steps if step.start.date() == date(2026, 11, 25)] == [
        Reason.CUT_SHORT,
        Reason.CLOSURE,
        Reason.OUTSIDE_HOURS,
    ]


def test_opening_late_leaves_the_deadline_where_it_was() -> None:
    shut = closed("2026-11-25T07:00", "2026-11-25T10:00")
    due = cal.add_working_days(office(closures=(shut,)), at("2026-11-20T10:00"), 3)
    assert due.at == at("2026-11-25T15:30")


def test_a_closure_of_several_days_leaves_no_working_day() -> None:
    calendar = office(closures=(closed("2026-11-23T00:00", "2026-11-25T00:00", "Banjir"),))
    days = [cal.is_working_day(calendar, date(2026, 11, day)) for day in range(20, 26)]
    assert days == [True, False, False, False, False, True]


@pytest.mark.parametrize(
    ("instant", "opened"),
    [("07:59", False), ("08:00", True), ("11:59", True), ("12:00", False), ("13:00", True), ("15:30", False)],
)
def test_open_from_the_opening_instant_up_to_the_closing_instant(instant: str, opened: bool) -> None:
    assert cal.is_open(office(WITH_BREAKS), at(f"2026-11-19T{instant}")) is opened


@pytest.mark.parametrize(
    ("instant", "opening"),
    [
        ("2026-11-19T10:00", "2026-11-19T10:00"),
        ("2026-11-19T12:00", "2026-11-19T13:00"),
        ("2026-11-20T15:30", "2026-11-23T08:00"),
        ("2026-03-17T15:30", "2026-03-25T08:00"),
        ("2026-12-31T15:30", "2027-01-04T08:00"),
    ],
)
def test_next_opening(instant: str, opening: str) -> None:
    new_year = DayOff(date(2027, 1, 1), "Tahun Baru", "New Year", HolidayKind.NATIONAL, "", "national")
    calendar = office(WITH_BREAKS, days_off={**NATIONAL, new_year.on: (new_year,)})
    assert cal.next_opening(calendar, at(instant)) == at(opening)


@pytest.mark.parametrize(("zone", "hour"), [(WIB, 8), (WITA, 7), (WIT, 6)])
def test_each_office_closes_by_its_own_clock(zone: ZoneInfo, hour: int) -> None:
    due = cal.add_working_days(office(zone=zone), at("2026-11-20T10:00", zone), 3)
    assert due.at == datetime(2026, 11, 25, hour, 30, tzinfo=UTC)
    assert due.at.tzinfo is zone


def test_the_local_date_of_the_office_decides_not_the_date_in_utc() -> None:
    friday_in_utc_saturday_in_jayapura = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    due = cal.add_working_days(office(zone=WIT), friday_in_utc_saturday_in_jayapura, 1)
    assert due.at == at("2026-11-24T15:30", WIT)


def test_an_office_that_never_opens_says_so() -> None:
    shut = office(Timetable("Tutup", ((),) * 7))
    assert cal.next_opening(shut, at("2026-11-20T10:00")) is None
    assert cal.closing_of(shut, date(2026, 11, 20)) is None
    with pytest.raises(NeverOpen, match="within 370 days after 2026-11-20"):
        cal.add_working_days(shut, at("2026-11-20T10:00"), 1)
    with pytest.raises(NeverOpen, match="within 370 days after 2026-11-20"):
        cal.add_working_time(shut, at("2026-11-20T10:00"), timedelta(minutes=1))
    span = cal.working_time_between(shut, at("2026-11-20T10:00"), at("2026-11-23T10:00"))
    assert (span.total, len(span.steps)) == (timedelta(0), 3)


def test_an_office_whose_hours_have_not_begun_is_found_within_the_horizon() -> None:
    later = replace(PST, starts_on=date(2026, 12, 1))
    assert cal.next_opening(office(later), at("2026-11-20T10:00")) == at("2026-12-01T08:00")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda c: cal.is_open(c, datetime(2026, 11, 20, 10)), "needs a time zone"),  # noqa: DTZ001 - the wrong input itself
        (lambda c: cal.next_opening(c, datetime(2026, 11, 20, 10)), "needs a time zone"),  # noqa: DTZ001 - as above
        (lambda c: cal.add_working_days(c, datetime(2026, 11, 20), 1), "needs a time zone"),  # noqa: DTZ001 - as above
        (lambda c: cal.add_working_days(c, at("2026-11-20T10:00"), -1), "between 0 and 1000"),
        (lambda c: cal.add_working_days(c, at("2026-11-20T10:00"), 10**9), "between 0 and 1000"),
        (lambda c: cal.add_working_days(c, at("9999-12-31T23:59"), 1), "between 1900 and 2500"),
        (
            lambda c: cal.add_working_time(c, at("2026-11-20T10:00"), timedelta(seconds=-1)),
            "between 0 and 366 days",
        ),
        (lambda c: cal.working_time_between(c, at("2026-11-20T10:00"), at("2026-11-20T09:59")), "in order"),
        (
            lambda c: cal.working_time_between(c, at("1950-01-01T00:00"), at("2026-01-01T00:00")),
            "At most 3700 days",
        ),
        (lambda c: Interval(time(10), time(10)), "must end after they begin"),
        (lambda c: Interval(time(8, tzinfo=UTC), time(10)), "no time zone"),
        (lambda c: Timetable("x", ((),) * 6), "needs seven days"),
        (lambda c: replace(RAMADAN, ends_on=date(2026, 1, 1)), "before it starts"),
        (lambda c: office(PST, WITH_BREAKS), "Only one timetable"),
        (lambda c: closed("2026-11-20T10:00", "2026-11-20T10:00"), "must end after it begins"),
        (lambda c: Closure(datetime(2026, 1, 1), datetime(2026, 1, 2), "x"), "instants with a time zone"),  # noqa: DTZ001 - as above
    ],
)
def test_wrong_input_is_refused_with_a_sentence(wrong: object, sentence: str) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match=sentence):
        wrong(office())


def test_a_stored_explanation_comes_back_equal() -> None:
    shut = closed("2026-03-16T09:00", "2026-03-16T10:00", "Banjir")
    calendar = office(PST, RAMADAN, closures=(shut,))
    for result in (
        cal.add_working_days(calendar, at("2026-03-13T10:00"), 3, day_zero=DayZero.SAME_DAY),
        cal.add_working_time(
            calendar, at("2026-12-31T15:29:30.000001"), timedelta(minutes=10, microseconds=7)
        ),
        cal.working_time_between(calendar, at("2026-03-13T10:00"), at("2026-03-26T10:00")),
    ):
        assert cal.from_json(json.loads(json.dumps(cal.to_json(result)))) == result


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"version": 99}, "version 99"),
        ({"kind": "other"}, "unknown kind 'other'"),
        ({"zone": "Asia/Atlantis"}, "Not a calendar record"),
        ({"steps": None}, "Not a calendar record"),
    ],
)
def test_a_stored_explanation_that_is_damaged_is_refused(change: dict[str, object], sentence: str) -> None:
    record = cal.to_json(cal.add_working_days(office(), at("2026-11-20T10:00"), 3))
    with pytest.raises(ValueError, match=sentence):
        cal.from_json(record | change)
