"""How an appointment ends when nobody says so, and what a day off that was declared later does to it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min, QuerySet
from django_scopes import scope, scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.consultations import clocks, news
from sapa.consultations.models import Consultation, Reason
from sapa.core.work import Source
from sapa.frontdesk.lines import service_day
from sapa.frontdesk.models import QueueTicket
from sapa.meetings import booking
from sapa.meetings.models import FollowUp, Kind, State
from sapa.meetings.slots import is_within_hours
from sapa.offices.calendars import calendar_of
from sapa.roster.availability import is_available


def settle(row: int, at: datetime) -> None:
    """The midnight after it: a visitor who never came missed it; a video meeting of which nobody said otherwise took
    place."""
    with scopes_disabled():
        meeting = (
            FollowUp.objects.select_related("office", "consultation", "officer__user")
            .filter(pk=row, state=State.BOOKED, due_at__lte=at)
            .first()
        )
    if meeting is None:
        return
    with scope(office=meeting.office):
        verb = (
            booking.missed
            if meeting.kind == Kind.VISIT and not _was_served(meeting)
            else booking.hold_took_place
        )
        verb(meeting, by=None, at=at)


def _was_served(meeting: FollowUp) -> bool:
    """Whoever took a number and went again, or was not called before midnight, has not been at a desk."""
    day = service_day(meeting.office, meeting.starts_at)
    served = QueueTicket.objects.filter(consultation=meeting.consultation_id, service_day=day)
    return served.filter(started_at__isnull=False).exists()


def end_after_ticket(event: Event, at: datetime) -> None:
    """The number of an appointment by visit has ended: served, or its holder did not come when called. Who gave the
    number up may take another one on the same day."""
    ticket = QueueTicket.objects.get(pk=event.subject_id)
    meeting = (
        FollowUp.objects.select_related("office", "consultation", "officer__user")
        .filter(consultation=ticket.consultation_id, kind=Kind.VISIT, state=State.BOOKED)
        .first()
    )
    if meeting is not None and service_day(meeting.office, meeting.starts_at) == ticket.service_day:
        if event.data["reason"] == Reason.DONE:
            booking.hold_took_place(meeting, by=None, at=at)
        elif event.data["reason"] == Reason.NO_SHOW:
            booking.missed(meeting, by=None, at=at)
        else:
            FollowUp.objects.filter(pk=meeting.pk).update(arrived_at=None)


def cancel_after_close(event: Event, at: datetime) -> None:
    """The consultation is closed: an appointment that is still ahead has nothing to be about."""
    with scopes_disabled():
        meeting = (
            FollowUp.objects.select_related("office", "consultation", "officer__user")
            .filter(consultation=event.subject_id, state=State.BOOKED, starts_at__gt=at)
            .first()
        )
    if meeting is not None:
        booking.cancel(meeting, reason="consultation_closed", by=None, at=at)


def hold_after_message(event: Event, at: datetime) -> None:
    """The office has spoken while an appointment stands: the silence that begins with it is held as well."""
    with scopes_disabled():
        consultation = Consultation.objects.filter(conversation__messages=event.subject_id).first()
        if consultation is not None and booking.booked_of(consultation) is not None:
            clocks.hold_silence(consultation, reason=booking.HOLD, at=at)


def check_after(event: Event, at: datetime) -> None:
    """Opening times or somebody's leave changed: appointments that now fall outside are told of, once; those that
    are possible again are as before. Nothing is moved without the people concerned."""
    for office in event.office.and_below():
        with transaction.atomic(), scope(office=office):
            calendar = calendar_of(office)
            for meeting in _ahead(at):
                is_open = is_within_hours(calendar, meeting.starts_at, meeting.ends_at) and is_available(
                    meeting.officer, service_day(office, meeting.starts_at)
                )
                if is_open == (meeting.affected_at is None):
                    continue
                # Compare-and-set: another change of the calendar may be looking at the same row.
                same = FollowUp.objects.filter(pk=meeting.pk, affected_at=meeting.affected_at)
                if same.update(affected_at=None if is_open else at) and not is_open:
                    record(
                        "meeting.affected",
                        meeting,
                        office_id=office.pk,
                        by=None,
                        at=at,
                        data={"starts_at": meeting.starts_at.isoformat()},
                        topics=(news.topic(meeting.consultation_id),),
                    )


def _ahead(at: datetime) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.select_related("officer").filter(state=State.BOOKED, starts_at__gt=at)
    return rows.order_by("pk")


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = FollowUp.objects.filter(state=State.BOOKED, due_at__lte=at)
        return list(rows.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def _fail(row: int, at: datetime, reason: str) -> None:
    """It stays due; the log names it and the health page shows its age."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        rows = FollowUp.objects.filter(state=State.BOOKED)
        oldest: datetime | None = rows.aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


SOURCE = Source(name="meetings", due=_due, run=settle, fail=_fail, oldest=_oldest)
