"""The clocks of a complaint. What is due is a function of its ledger and the calendar; each count is kept with it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django_scopes import scope

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.feedback.models import Complaint, ComplaintEntry
from sapa.feedback.terms import Terms
from sapa.offices.calendar import (
    DayZero,
    Due,
    Language,
    NeverOpen,
    Reason,
    add_working_days,
    explain,
    from_json,
    to_json,
)
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office

State = Complaint.State
What = ComplaintEntry.What
# While the office must act; in the other states it waits for the reporter, or nothing is left to do.
OPEN: Final = (State.NEW, State.VERIFIED, State.FORWARDED, State.FOLLOWED_UP)
_SETS_DAYS: Final = (What.LODGED, What.VERIFIED, What.CLASSIFIED)

Count = tuple[datetime, dict[str, Any]]


def count(office: Office, start: datetime, days: int, *, day_zero: str) -> Count:
    """The due instant, and how it was counted. An office whose hours are not entered yet must take complaints
    too: calendar days are the tighter count, and there is nothing to explain."""
    try:
        due = add_working_days(calendar_of(office), start, days, day_zero=DayZero(day_zero))
    except NeverOpen:
        return start + timedelta(days=days), {}
    return due.at.astimezone(UTC), to_json(due)


def follow_up(complaint: Complaint, entries: Sequence[ComplaintEntry]) -> Count | None:
    """When the follow-up is due by the ledger: the days last set, counted from receipt; after an answer of the
    office from the first thing the reporter says to it. None where no term is known."""
    days = next((each.days for each in reversed(entries) if each.what in _SETS_DAYS), None)
    if days is None:
        return None
    start, is_answered = complaint.received_at, False
    for each in entries:
        if each.what == What.RESPONDED and is_answered:
            start = each.at
        if each.what in (What.ANSWERED, What.RESPONDED):
            is_answered = each.what == What.ANSWERED
    return count(complaint.office, start, days, day_zero=complaint.day_zero)


def set_follow_up(complaint: Complaint) -> None:
    """The due instant of the follow-up stands as the ledger says now."""
    found = follow_up(complaint, list(complaint.entries.all()))
    complaint.answer_due_at, complaint.answer_count = found or (None, {})
    complaint.save(update_fields=["answer_due_at", "answer_count"])


def window_end(office: Office, at: datetime, terms: Terms) -> datetime:
    """The last instant of the reporter's window after an answer at `at`: the end of its last day."""
    if terms.reporter_counts_working_days:
        return count(office, at, terms.reporter_days, day_zero=terms.day_zero)[0]
    last = at.astimezone(office.zone).date() + timedelta(days=terms.reporter_days)
    return datetime.combine(last, time(23, 59), office.zone).astimezone(UTC)


def explained(stored: dict[str, Any], language: Language) -> list[str]:
    """Every day counted and not counted, a line each; nothing where there was nothing to count.

    The nights between are left out: with sixty days they would bury the days.
    """
    due = from_json(stored) if stored else None
    if not isinstance(due, Due):
        return []
    days = tuple(step for step in due.steps if step.reason not in (Reason.OUTSIDE_HOURS, Reason.BREAK))
    return explain(replace(due, steps=days), language=language)


def recount_after(event: Event, at: datetime) -> None:
    """A holiday, closure or opening time changed: what is not late yet is counted anew and the log says so."""
    for office in event.office.and_below():
        with transaction.atomic(), scope(office=office):
            for complaint in Complaint.objects.select_for_update(of=("self",)).filter(state__in=OPEN):
                complaint.office = office
                _recount(complaint, at)


def _recount(complaint: Complaint, at: datetime) -> None:
    entries = list(complaint.entries.all())
    moved: dict[str, str] = {}
    days = _verification_days(complaint)
    if complaint.state == State.NEW and complaint.verify_due_at >= at and days is not None:
        due, counted = count(complaint.office, complaint.received_at, days, day_zero=complaint.day_zero)
        if due != complaint.verify_due_at:
            moved["verify"] = due.isoformat()
        complaint.verify_due_at, complaint.verify_count = due, counted
    found = follow_up(complaint, entries)
    if found is not None and complaint.answer_due_at is not None and complaint.answer_due_at >= at:
        if found[0] != complaint.answer_due_at:
            moved["answer"] = found[0].isoformat()
        complaint.answer_due_at, complaint.answer_count = found
    if not moved:
        return
    complaint.save(update_fields=["verify_due_at", "verify_count", "answer_due_at", "answer_count"])
    record(
        "complaint.recounted", complaint, office_id=complaint.office_id, by=None, at=at, data={"to": moved}
    )


def _verification_days(complaint: Complaint) -> int | None:
    """The days that were promised when it was lodged."""
    due = from_json(complaint.verify_count) if complaint.verify_count else None
    return due.days if isinstance(due, Due) else None
