"""Reminders: one day and one hour before the beginning, each told once. Due rows; the mails are made elsewhere."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.consultations import news
from sapa.core.work import Source
from sapa.meetings.models import FollowUp, Reminder, State

HOURS_BEFORE: Final = (24, 1)


def plan(meeting: FollowUp, *, at: datetime) -> None:
    """The reminders of the present time, those still ahead only; what was planned before is gone."""
    meeting.reminders.all().delete()
    Reminder.objects.bulk_create(
        Reminder(follow_up=meeting, hours_before=hours, due_at=meeting.starts_at - timedelta(hours=hours))
        for hours in HOURS_BEFORE
        if meeting.starts_at - timedelta(hours=hours) > at
    )


def settle(row: int, at: datetime) -> None:
    """Say it once; after the beginning (the worker stood still) nobody wants to hear it any more."""
    with transaction.atomic(), scopes_disabled():
        if not Reminder.objects.filter(pk=row, settled_at=None, due_at__lte=at).update(settled_at=at):
            return
        reminder = Reminder.objects.select_related("follow_up").get(pk=row)
        meeting = reminder.follow_up
        if meeting.state != State.BOOKED or at >= meeting.starts_at:
            return
        record(
            "meeting.reminder_due",
            meeting,
            office_id=meeting.office_id,
            by=None,
            at=at,
            data={"hours": reminder.hours_before},
            topics=(news.topic(meeting.consultation_id),),
        )


def _due(at: datetime, limit: int) -> list[int]:
    rows = Reminder.objects.filter(settled_at=None, due_at__lte=at)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def _fail(row: int, at: datetime, reason: str) -> None:
    """It stays due; the log names it and the health page shows its age."""


def _oldest() -> datetime | None:
    oldest: datetime | None = Reminder.objects.filter(settled_at=None).aggregate(oldest=Min("due_at"))[
        "oldest"
    ]
    return oldest


SOURCE = Source(name="meeting_reminders", due=_due, run=settle, fail=_fail, oldest=_oldest)
