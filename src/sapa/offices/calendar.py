"""The working calendar of an office: when it is open, when a promise falls due, and why.

Pure: every instant comes in as an argument, everything needed stands in the `Calendar`. Instants are counted
in UTC and handed back in the office's zone. An office is open from an opening instant up to, and no longer
at, the closing instant; a deadline may be exactly a closing instant.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sapa.offices.calendar_day import Piece, clip, ends_as_announced, pieces_of
from sapa.offices.calendar_model import (
    Calendar,
    Closure,
    DayOff,
    DayZero,
    HolidayKind,
    Interval,
    NeverOpen,
    Timetable,
)
from sapa.offices.calendar_national import Decree, confirmed_years, load_national
from sapa.offices.calendar_result import Due, Reason, Span, Step, UnconfirmedYear, from_json, to_json
from sapa.offices.calendar_text import Language, explain

__all__ = [
    "Calendar",
    "Closure",
    "DayOff",
    "DayZero",
    "Decree",
    "Due",
    "HolidayKind",
    "Interval",
    "Language",
    "NeverOpen",
    "Reason",
    "Span",
    "Step",
    "Timetable",
    "UnconfirmedYear",
    "add_working_days",
    "add_working_time",
    "closing_of",
    "confirmed_years",
    "explain",
    "from_json",
    "is_open",
    "is_working_day",
    "load_national",
    "next_opening",
    "open_intervals",
    "to_json",
    "working_time_between",
]

# An office closed for longer than this has no next opening anybody could wait for.
HORIZON_DAYS = 370
# Far above every clock of the domain (the longest is 30 working days); they keep hostile input from looping.
MOST_WORKING_DAYS = 1_000
MOST_WORKING_TIME = timedelta(days=366)
LONGEST_SPAN = timedelta(days=3_700)

# Closed time that may be told as one step over midnight; days off stay apart, each with its own decree.
_RUNS_ON = frozenset({Reason.OUTSIDE_HOURS, Reason.WEEKEND, Reason.NO_SERVICE})


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the office serves at that instant; no longer at the closing instant itself."""
    at = _instant(at)
    return any(start <= at < end for start, end in open_intervals(calendar, _day_of(calendar, at)))


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """The first instant not before `at` at which the office is open (`at` itself when it is open now), or
    None when there is none within 370 days."""
    at = _instant(at)
    today = _day_of(calendar, at)
    for ahead in range(HORIZON_DAYS + 1):
        for start, end in open_intervals(calendar, today + timedelta(days=ahead)):
            if at < end:
                return max(start, at.astimezone(calendar.zone))
    return None


def open_intervals(calendar: Calendar, on: date) -> tuple[tuple[datetime, datetime], ...]:
    """The stretches of service of that local date: in order, apart from each other, closures cut out."""
    zone = calendar.zone
    return tuple(
        (piece.start.astimezone(zone), piece.end.astimezone(zone))
        for piece in pieces_of(calendar, on)
        if piece.reason is Reason.SERVICE
    )


def closing_of(calendar: Calendar, on: date) -> datetime | None:
    """The instant at which service ends on that local date, or None when there is none."""
    intervals = open_intervals(calendar, on)
    return intervals[-1][1] if intervals else None


def is_working_day(calendar: Calendar, on: date) -> bool:
    """Whether the office serves at all on that local date."""
    return bool(open_intervals(calendar, on))


def add_working_days(calendar: Calendar, at: datetime, days: int, *, day_zero: DayZero | None = None) -> Due:
    """The end of service on the Nth working day after the day of receipt, which is day 0; with
    `DayZero.SAME_DAY` the day of receipt is day 1. What comes when no service follows on the same day is
    received on the next working day.

    The standard says three working days "after" a request is clear and complete; no text of BPS says whether
    the day of receipt counts, hence the setting. Days off follow the joint decrees (Perpres 21/2023 art. 6).
    A day that a closure cuts short at its end is not a day on which service ended as announced: it is passed
    over, so that closing early never brings a deadline forward.
    """
    if not 0 <= days <= MOST_WORKING_DAYS:
        raise ValueError(f"Working days must be between 0 and {MOST_WORKING_DAYS}, not {days}.")
    start, rule = _instant(at), day_zero or calendar.day_zero
    ledger: list[_Entry] = []
    number: int | None = None
    last_full_day = _day_of(calendar, start)
    for on, pieces in _days_from(calendar, start):
        if (on - last_full_day).days > HORIZON_DAYS:
            break
        remaining = clip(pieces, start)
        service = [piece for piece in remaining if piece.reason is Reason.SERVICE]
        full = bool(service) and ends_as_announced(pieces)
        reason = Reason.SERVICE if full else Reason.CUT_SHORT
        if service and number is None:
            number = 0
            if rule is DayZero.NEXT_WORKING_DAY:
                reason = Reason.DAY_ZERO
        if full:
            last_full_day = on
            number = (number or 0) + (reason is Reason.SERVICE)
            if number >= days:
                due = service[-1].end
                ledger += _count_day(clip(remaining, start, due), reason, number)
                return _due(calendar, start, due, ledger, days=days, day_zero=rule)
        ledger += _count_day(remaining, reason, number)
    raise NeverOpen(
        f"The office has no complete working day within {HORIZON_DAYS} days after {last_full_day}."
    )


def add_working_time(calendar: Calendar, at: datetime, amount: timedelta) -> Due:
    """The instant at which that much open time has passed since `at`; closed time stops the clock."""
    if not timedelta(0) <= amount <= MOST_WORKING_TIME:
        raise ValueError(f"Working time must be between 0 and {MOST_WORKING_TIME.days} days, not {amount}.")
    start, left = _instant(at), amount
    if not amount and _in_service_or_closing(calendar, start):
        return _due(calendar, start, start, [], amount=amount)
    ledger: list[_Entry] = []
    last_open_day = _day_of(calendar, start)
    for on, pieces in _days_from(calendar, start):
        if (on - last_open_day).days > HORIZON_DAYS:
            break
        for piece in clip(pieces, start):
            if piece.reason is not Reason.SERVICE:
                ledger.append(_Entry(piece, False, None))
                continue
            last_open_day = on
            if left <= piece.end - piece.start:
                due = piece.start + left
                ledger += [_Entry(part, True, None) for part in clip([piece], start, due)]
                return _due(calendar, start, due, ledger, amount=amount)
            left -= piece.end - piece.start
            ledger.append(_Entry(piece, True, None))
    raise NeverOpen(f"The office does not open within {HORIZON_DAYS} days after {last_open_day}.")


def working_time_between(calendar: Calendar, a: datetime, b: datetime) -> Span:
    """How long the office was open between the two instants, with every stretch counted and not counted."""
    start, end = _instant(a), _instant(b)
    if start > end:
        raise ValueError("The second instant lies before the first; give them in order.")
    if end - start > LONGEST_SPAN:
        raise ValueError(f"At most {LONGEST_SPAN.days} days can be counted at once.")
    ledger: list[_Entry] = []
    total = timedelta(0)
    for _, pieces in _days_from(calendar, start):
        if pieces[0].start >= end:
            break
        for piece in clip(pieces, start, end):
            counted = piece.reason is Reason.SERVICE
            if counted:
                total += piece.end - piece.start
            ledger.append(_Entry(piece, counted, None))
    started_at, ended_at = start.astimezone(calendar.zone), end.astimezone(calendar.zone)
    warnings = _warnings(calendar, started_at, ended_at)
    return Span(total, _steps(calendar, ledger), warnings, calendar.zone, started_at, ended_at)


class _Entry(NamedTuple):
    piece: Piece
    counted: bool
    day_number: int | None


def _due(
    calendar: Calendar,
    start: datetime,
    due: datetime,
    ledger: list[_Entry],
    *,
    days: int | None = None,
    amount: timedelta | None = None,
    day_zero: DayZero = DayZero.NEXT_WORKING_DAY,
) -> Due:
    started_at, at = start.astimezone(calendar.zone), due.astimezone(calendar.zone)
    warnings = _warnings(calendar, started_at, at)
    steps = _steps(calendar, ledger)
    return Due(at, steps, warnings, calendar.zone, started_at, days, amount, day_zero)


def _instant(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"An instant needs a time zone; {at.isoformat()} has none.")
    if not 1900 <= at.year <= 2500:
        raise ValueError(f"The year must be between 1900 and 2500, not {at.year}.")
    return at.astimezone(UTC)


def _day_of(calendar: Calendar, at: datetime) -> date:
    return at.astimezone(calendar.zone).date()


def _days_from(calendar: Calendar, start: datetime) -> Iterator[tuple[date, list[Piece]]]:
    on = _day_of(calendar, start)
    while True:
        yield on, pieces_of(calendar, on)
        on += timedelta(days=1)


def _in_service_or_closing(calendar: Calendar, at: datetime) -> bool:
    return any(start <= at <= end for start, end in open_intervals(calendar, _day_of(calendar, at)))


def _count_day(pieces: list[Piece], reason: Reason, number: int | None) -> Iterator[_Entry]:
    """The pieces of a day, its service time told as counted day, day zero or day cut short."""
    for piece in pieces:
        if piece.reason is not Reason.SERVICE:
            yield _Entry(piece, False, None)
        elif reason is Reason.SERVICE:
            yield _Entry(piece, True, number)
        else:
            yield _Entry(piece._replace(reason=reason), False, 0 if reason is Reason.DAY_ZERO else None)


def _steps(calendar: Calendar, ledger: list[_Entry]) -> tuple[Step, ...]:
    """The ledger in local time; a night or a weekend that runs on becomes one step."""
    steps: list[Step] = []
    joined: list[_Entry] = []
    for entry in ledger:
        last = joined[-1] if joined else None
        if last and entry.piece.reason in _RUNS_ON and last.piece.reason is entry.piece.reason:
            joined[-1] = last._replace(piece=last.piece._replace(end=entry.piece.end))
        else:
            joined.append(entry)
    if not joined:
        return ()
    start = joined[0].piece.start.astimezone(calendar.zone)
    for piece, counted, day_number in joined:
        end = piece.end.astimezone(calendar.zone)
        steps.append(Step(start, end, counted, piece.reason, day_number, piece.note, piece.days_off))
        start = end
    return tuple(steps)


def _warnings(calendar: Calendar, start: datetime, end: datetime) -> tuple[UnconfirmedYear, ...]:
    last = max(start, end - timedelta(microseconds=1)).year
    years = range(start.year, last + 1)
    return tuple(UnconfirmedYear(year) for year in years if year not in calendar.confirmed_years)
