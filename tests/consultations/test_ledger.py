"""What is due is a function of the ledger and the calendar: tried on generated calendars and generated pauses."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from sapa.consultations import ledger
from sapa.consultations.ledger import Line
from sapa.consultations.models import ClockEntry, Deadline
from sapa.offices.calendar import Calendar, NeverOpen, open_intervals
from sapa.offices.models import ServiceStandard
from tests.offices.test_calendar_properties import calendars, day_off, instants, quick

What, Kind = ClockEntry.What, Deadline.Kind
STANDARD = ServiceStandard(online_working_days=3, silence_days=7, valid_from=date(2019, 1, 1))
OFFICE = 1
spans = st.integers(0, 7 * 96).map(lambda quarters: timedelta(minutes=15 * quarters))


def counted(lines: list[Line], opening: Calendar, kind: str = Kind.ONLINE_RESPONSE) -> ledger.Count:
    """The count, or an example that is none: the calendar has no working days left."""
    try:
        found = ledger.count(kind, lines, opening, STANDARD)
    except (NeverOpen, ValueError):
        assume(False)
        raise
    assume("days" not in found.explanation or kind == Kind.SILENCE)
    return found


def line(what: str, at: datetime) -> Line:
    return Line(what, at, OFFICE)


def pause(since: datetime, length: timedelta) -> list[Line]:
    return [line(What.PAUSED, since), line(What.RESUMED, since + length)]


@st.composite
def ledgers(draw: st.DrawFn) -> list[Line]:
    """A clock that began and was paused some times, one pause after the other."""
    at = draw(instants())
    lines = [line(What.STARTED, at)]
    for _ in range(draw(st.integers(0, 3))):
        at += draw(spans)
        length = draw(spans)
        lines += pause(at, length)
        at += length
    return lines


def is_service_or_its_end(opening: Calendar, at: datetime) -> bool:
    day = at.astimezone(opening.zone).date()
    return any(start <= at <= end for start, end in open_intervals(opening, day))


@quick
@given(calendars(), ledgers())
def test_no_promise_falls_due_in_closed_time(opening: Calendar, lines: list[Line]) -> None:
    assert is_service_or_its_end(opening, counted(lines, opening).due_at)


@quick
@given(calendars(), ledgers(), st.lists(st.integers(0, 20), min_size=1, max_size=4))
def test_days_off_more_never_move_a_promise_into_closed_time_or_forward(
    opening: Calendar, lines: list[Line], after: list[int]
) -> None:
    begun = lines[0].at.astimezone(opening.zone).date()
    more = {begun + timedelta(days=each): (day_off(begun + timedelta(days=each)),) for each in after}
    closed_more = replace(opening, days_off={**opening.days_off, **more})
    unpaused = lines[
        :1
    ]  # a pause on a day that is off later counts less: only the bare promise never shrinks
    assert is_service_or_its_end(closed_more, counted(lines, closed_more).due_at)
    assert counted(unpaused, closed_more).due_at >= counted(unpaused, opening).due_at


@quick
@given(calendars(), ledgers(), spans, spans)
def test_a_pause_only_ever_moves_the_due_instant_later(
    opening: Calendar, lines: list[Line], later: timedelta, length: timedelta
) -> None:
    paused = [*lines, *pause(lines[-1].at + later, length)]
    assert counted(paused, opening).due_at >= counted(lines, opening).due_at


@quick
@given(calendars(), ledgers(), spans)
def test_a_pause_of_no_length_moves_nothing(opening: Calendar, lines: list[Line], later: timedelta) -> None:
    paused = [*lines, *pause(lines[-1].at + later, timedelta())]
    assert counted(paused, opening).due_at == counted(lines, opening).due_at


@quick
@given(calendars(), ledgers(), spans, spans)
def test_a_pause_in_two_halves_is_one_pause(
    opening: Calendar, lines: list[Line], first: timedelta, second: timedelta
) -> None:
    since = lines[-1].at
    whole = [*lines, *pause(since, first + second)]
    halves = [*lines, *pause(since, first), *pause(since + first, second)]
    assert counted(halves, opening).due_at == counted(whole, opening).due_at


@quick
@given(calendars(), ledgers(), spans)
def test_an_open_pause_moves_nothing_yet_and_stands_still(
    opening: Calendar, lines: list[Line], later: timedelta
) -> None:
    waiting = [*lines, line(What.PAUSED, lines[-1].at + later)]
    found = counted(waiting, opening)
    assert (found.due_at, found.paused_at) == (counted(lines, opening).due_at, waiting[-1].at)


@quick
@given(calendars(), ledgers())
def test_passing_it_on_moves_nothing_while_the_calendar_is_the_same(
    opening: Calendar, lines: list[Line]
) -> None:
    passed_on = [*lines, Line(What.FORWARDED, lines[-1].at, OFFICE + 1)]
    assert counted(passed_on, opening).due_at == counted(lines, opening).due_at


@quick
@given(calendars(), ledgers())
def test_half_comes_before_the_end_and_alarms_ring_while_the_office_is_open(
    opening: Calendar, lines: list[Line]
) -> None:
    found = counted(lines, opening)
    assert lines[0].at <= found.alarms["half"] <= found.due_at <= found.alarms["overdue"]
    assert "one_day" not in found.alarms or found.alarms["one_day"] >= lines[0].at
    assert is_service_or_its_end(opening, found.alarms["half"])


@quick
@given(calendars(), instants(), st.lists(spans, max_size=4))
def test_silence_counts_seven_days_from_the_last_word_whatever_the_calendar(
    opening: Calendar, began: datetime, later: list[timedelta]
) -> None:
    lines = [line(What.STARTED, began)]
    for each in later:
        lines.append(line(What.KEPT, lines[-1].at + each))
    found = counted(lines, opening, Kind.SILENCE)
    assert found.due_at == lines[-1].at + timedelta(days=7)
    assert found.alarms == {f"silent_{day}": lines[-1].at + timedelta(days=day) for day in (3, 6)}


def test_an_office_without_hours_counts_calendar_days() -> None:
    """The tighter count: a promise is never made longer because nobody entered the hours."""
    never = Calendar(ZoneInfo("Asia/Jakarta"), (), {}, (), frozenset({2026}))
    began = datetime.combine(date(2026, 11, 23), time(2), UTC)
    found = ledger.count(Kind.ONLINE_RESPONSE, [line(What.STARTED, began)], never, STANDARD)
    assert (found.due_at, found.explanation, found.alarms) == (began + timedelta(days=3), {"days": 3}, {})
