"""One local day of an office, cut into stretches of service and of everything else, in UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sapa.offices.calendar_model import Calendar, DayOff, Interval
from sapa.offices.calendar_result import Reason


class Piece(NamedTuple):
    """A stretch of one local day in UTC. Service pieces are open, all others closed."""

    start: datetime
    end: datetime
    reason: Reason
    note: str = ""
    days_off: tuple[DayOff, ...] = ()


def pieces_of(calendar: Calendar, on: date) -> list[Piece]:
    """The whole local day, cut into pieces without gap or overlap."""
    midnight = _utc(calendar, on, time.min)
    next_midnight = _utc(calendar, on + timedelta(days=1), time.min)
    days_off = calendar.days_off.get(on)
    if days_off:
        return [Piece(midnight, next_midnight, Reason.DAY_OFF, days_off=days_off)]
    timetable = calendar.timetable_for(on)
    hours = timetable.week[on.weekday()] if timetable else ()
    if timetable is None or not hours:
        reason = Reason.WEEKEND if on.weekday() >= 5 else Reason.NO_SERVICE
        return [Piece(midnight, next_midnight, reason)]
    note = timetable.name if timetable.is_dated else ""
    pieces: list[Piece] = []
    cursor = midnight
    for interval in _merged(hours):
        opens, closes = _utc(calendar, on, interval.opens), _utc(calendar, on, interval.closes)
        pieces.append(Piece(cursor, opens, Reason.BREAK if pieces else Reason.OUTSIDE_HOURS))
        pieces += _cut(calendar, opens, closes, note)
        cursor = closes
    pieces.append(Piece(cursor, next_midnight, Reason.OUTSIDE_HOURS))
    return [piece for piece in pieces if piece.start < piece.end]


def _merged(hours: tuple[Interval, ...]) -> list[Interval]:
    """The same hours in order, overlapping and touching intervals made one."""
    if len(hours) == 1:
        return [hours[0]]
    merged: list[Interval] = []
    for interval in sorted(hours, key=lambda each: each.opens):
        if merged and interval.opens <= merged[-1].closes:
            merged[-1] = Interval(merged[-1].opens, max(merged[-1].closes, interval.closes))
        else:
            merged.append(interval)
    return merged


def _cut(calendar: Calendar, opens: datetime, closes: datetime, note: str) -> Iterator[Piece]:
    """The planned stretch of service with the closures taken out of it."""
    cursor = opens
    for closure in calendar.closures:
        if closure.starts_at >= closes:
            break
        if closure.ends_at <= cursor:
            continue
        begins = max(cursor, closure.starts_at.astimezone(UTC))
        ends = min(closes, closure.ends_at.astimezone(UTC))
        yield Piece(cursor, begins, Reason.SERVICE, note)
        yield Piece(begins, ends, Reason.CLOSURE, closure.reason)
        cursor = ends
    yield Piece(cursor, closes, Reason.SERVICE, note)


def _utc(calendar: Calendar, on: date, at: time) -> datetime:
    return datetime.combine(on, at, calendar.zone).astimezone(UTC)


def clip(pieces: list[Piece], start: datetime, end: datetime | None = None) -> list[Piece]:
    """The pieces between the two instants; the list itself when nothing falls off."""
    if pieces and start <= pieces[0].start and (end is None or pieces[-1].end <= end):
        return pieces
    clipped = (
        piece._replace(start=max(start, piece.start), end=piece.end if end is None else min(end, piece.end))
        for piece in pieces
    )
    return [piece for piece in clipped if piece.start < piece.end]


def ends_as_announced(pieces: list[Piece]) -> bool:
    """Whether service runs to its planned end on this whole day, no closure cutting it short."""
    planned = [piece.reason for piece in pieces if piece.reason in (Reason.SERVICE, Reason.CLOSURE)]
    return bool(planned) and planned[-1] is Reason.SERVICE
