"""The ledger of an online clock: what is due is a function of its lines and the calendar, and nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.consultations.models import ClockEntry, Deadline
from sapa.offices import calendar
from sapa.offices.calendar import Calendar, DayZero, Due, Language, NeverOpen, explain, from_json, to_json
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office, ServiceStandard
from sapa.ui import dates

What = ClockEntry.What
Kind = Deadline.Kind
WARN_ON_DAYS: Final = (3, 6)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ledger as the count reads it: the office is the one responsible from here on."""

    what: str
    at: datetime
    office_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that does not count; it goes on while `until` is None. `left_out` is the open time in it."""

    since: datetime
    until: datetime | None
    left_out: timedelta


@dataclass(frozen=True, slots=True)
class Count:
    """When it is due, whether it stands still, and how that was counted (as it is stored)."""

    due_at: datetime
    paused_at: datetime | None
    explanation: dict[str, Any]
    alarms: dict[str, datetime] = field(default_factory=dict)


def count(kind: str, lines: Sequence[Line], opening: Calendar, standard: ServiceStandard) -> Count:
    """The due instant of a clock by its ledger. `lines` are in the order in which they were written."""
    if kind == Kind.SILENCE:
        return silence(lines, standard)
    return _response(lines, opening, standard)


def _response(lines: Sequence[Line], opening: Calendar, standard: ServiceStandard) -> Count:
    """Working days after the request was clear and complete (Standard, Waktu Penyelesaian 2). The open time during
    which the office waited for the client comes on top, to the minute."""
    start = lines[0].at
    pauses = _pauses(lines, opening)
    waited = sum((each.left_out for each in pauses), timedelta())
    days = standard.online_working_days
    try:
        base = calendar.add_working_days(opening, start, days, day_zero=DayZero(standard.day_zero))
        due = calendar.add_working_time(opening, base.at, waited).at if waited else base.at
    except NeverOpen:  # an office whose hours are not entered yet: calendar days are the tighter count
        return Count(start + timedelta(days=days) + waited, _paused_at(lines), {"days": days})
    return Count(
        due.astimezone(UTC),
        _paused_at(lines),
        {
            "count": to_json(base),
            "pauses": [
                [each.since.isoformat(), each.until.isoformat(), int(each.left_out.total_seconds())]
                for each in pauses
                if each.until is not None
            ],
        },
        _response_alarms(opening, start, due),
    )


def silence(lines: Sequence[Line], standard: ServiceStandard) -> Count:
    """Calendar days since the office spoke last, since the client said that it is still needed, or since what
    held it was over (Standard, step 13: seven days)."""
    start = next(each.at for each in reversed(lines) if each.what in (What.STARTED, What.KEPT, What.RESUMED))
    days = standard.silence_days
    return Count(
        start + timedelta(days=days),
        _paused_at(lines),
        {"since": start.isoformat(), "days": days},
        {f"silent_{day}": start + timedelta(days=day) for day in WARN_ON_DAYS if day < days},
    )


def _paused_at(lines: Sequence[Line]) -> datetime | None:
    last = next(
        (each for each in reversed(lines) if each.what in (What.PAUSED, What.RESUMED, What.STARTED)), None
    )
    return last.at if last is not None and last.what == What.PAUSED else None


def _pauses(lines: Sequence[Line], opening: Calendar) -> list[Pause]:
    found: list[Pause] = []
    since: datetime | None = None
    for each in lines:
        if each.what == What.PAUSED and since is None:
            since = each.at
        elif each.what == What.RESUMED and since is not None:
            left_out = calendar.working_time_between(opening, since, each.at).total
            found.append(Pause(since, each.at, left_out))
            since = None
    return found


def _response_alarms(opening: Calendar, start: datetime, due: datetime) -> dict[str, datetime]:
    """When officers must hear of it: half of the open time gone, one working day left, broken. Each within
    office hours (lessons.md E.2: mails at midnight)."""
    whole = calendar.working_time_between(opening, start, due).total
    alarms = {"half": calendar.add_working_time(opening, start, whole / 2).at}
    local = due.astimezone(opening.zone)
    for back in range(1, 30):
        day = local.date() - timedelta(days=back)
        if calendar.is_working_day(opening, day):
            day_before = datetime.combine(day, local.timetz())
            if day_before > start:
                alarms["one_day"] = calendar.next_opening(opening, day_before) or day_before
            break
    alarms["overdue"] = calendar.next_opening(opening, due) or due
    return {what: at.astimezone(UTC) for what, at in alarms.items()}


def lines_of(deadline: Deadline) -> list[Line]:
    """The clock's ledger, in the order in which it was written."""
    return [
        Line(what, at, office, reason)
        for what, at, office, reason in deadline.entries.values_list("what", "at", "office_id", "reason")
    ]


def explained(deadline: Deadline, language: Language) -> list[str]:
    """How the due instant was counted, a line each, in the given language: the days, then what did not count."""
    stored, zone = deadline.explanation, deadline.office.zone
    if "since" in stored:
        since = datetime.fromisoformat(stored["since"])
        return [
            _("Nobody has written since %(when)s.") % {"when": dates.moment(since, zone)},
            _("After %(days)s days without a message from you the conversation is closed: %(when)s.")
            % {"days": stored["days"], "when": dates.moment(deadline.due_at, zone)},
        ]
    said = list(_days(json.dumps(stored["count"]), language)) if "count" in stored else []
    if not said:
        return []
    for since_text, until_text, seconds in stored.get("pauses", []):
        said.append(
            _("Waiting for the client from %(since)s to %(until)s: %(length)s of office hours not counted.")
            % {
                "since": dates.moment(datetime.fromisoformat(since_text), zone),
                "until": dates.moment(datetime.fromisoformat(until_text), zone),
                "length": dates.duration(timedelta(seconds=seconds)),
            }
        )
    if stored.get("pauses"):
        said.append(_("So it is due %(when)s.") % {"when": dates.moment(deadline.due_at, zone)})
    return said


# The same clock is explained with every page of its consultation and with every change of it.
@lru_cache(maxsize=1_000)
def _days(count: str, language: Language) -> tuple[str, ...]:
    due = from_json(json.loads(count))
    return tuple(explain(due, language=language)) if isinstance(due, Due) else ()


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the counted time one office had the matter, and whether it still has it."""

    office_id: int
    counted: timedelta
    has_it: bool


def shares(deadline: Deadline, *, at: datetime) -> list[Share]:
    """Each office's part of the clock, in the order in which they had it: open time of that office, without what
    was spent waiting for the client. An office that had it twice is named twice."""
    lines = lines_of(deadline)
    offices = Office.objects.filter(pk__in={line.office_id for line in lines})
    return divided(lines, deadline, {each.pk: calendar_of(each) for each in offices}, at=at)


def divided(
    lines: Sequence[Line], deadline: Deadline, openings: Mapping[int, Calendar], *, at: datetime
) -> list[Share]:
    """`shares` of a ledger that has been read, with the calendar of each office in it: no query."""
    end = deadline.met_at or deadline.stopped_at or at
    found: list[Share] = []
    holder, since, is_running, spent = lines[0].office_id, lines[0].at, True, timedelta()
    for line in [*lines[1:], Line("", end, 0)]:
        if is_running and line.at > since:
            spent += calendar.working_time_between(openings[holder], since, line.at).total
        since = max(since, line.at)
        if line.what == What.PAUSED:
            is_running = False
        elif line.what == What.RESUMED:
            is_running = True
        elif line.what == What.FORWARDED:
            found.append(Share(holder, spent, has_it=False))
            holder, spent = line.office_id, timedelta()
    found.append(Share(holder, spent, has_it=deadline.met_at is None and deadline.stopped_at is None))
    return found
