"""The end of an office's day: services left open are flagged at closing time, the rest is settled at midnight."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Min
from django_scopes import scope, scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.consultations.models import Consultation, Door, Reason
from sapa.core.work import Source
from sapa.frontdesk.forecast import Forecast, Score, score
from sapa.frontdesk.models import QueueTicket, ServiceDay, TicketState
from sapa.frontdesk.queue import matters
from sapa.frontdesk.retention import forget_old_visitors
from sapa.offices import calendar
from sapa.offices.calendars import calendar_of


def close_out(day: ServiceDay, at: datetime) -> None:
    """Closing time: every service still open is flagged, so that no statistic takes it for a true length.

    Visitors still in the room keep their numbers until midnight: officers often serve them after hours.
    """
    with transaction.atomic():
        if not ServiceDay.objects.filter(pk=day.pk, closed_at=None).update(
            closed_at=at, due_at=_midnight(day)
        ):
            return
        flagged = _flag_open_services(day, at)
        ServiceDay.objects.filter(pk=day.pk).update(left_in_service=flagged)
        record(
            "day.closed",
            day,
            office_id=day.office_id,
            by=None,
            at=at,
            data={"left_in_service": flagged},
            topics=(f"queue:{day.office_id}",),
        )


def settle(day: ServiceDay, at: datetime) -> None:
    """Midnight: who never came to a desk was not served, and is counted so; the forecasts are scored; visitors of
    long ago are forgotten."""
    with transaction.atomic():
        if not ServiceDay.objects.filter(pk=day.pk, settled_at=None).update(settled_at=at):
            return
        left = list(
            QueueTicket.objects.filter(
                office=day.office,
                service_day=day.day,
                state__in=[TicketState.WAITING, TicketState.HELD, TicketState.CALLED],
            ).select_related("consultation")
        )
        for ticket in left:
            QueueTicket.objects.filter(pk=ticket.pk).update(state=TicketState.UNSERVED, ended_at=at)
            matters.end(ticket, reason=Reason.UNSERVED, by=None, at=at)
        # Begun after closing time and still not finished.
        flagged = _flag_open_services(day, at)
        forget_old_visitors(day.office, at=at)
        result = forecast_score(day)
        ServiceDay.objects.filter(pk=day.pk).update(
            left_waiting=len(left),
            left_in_service=F("left_in_service") + flagged,
            forecasts_held=result.held,
            forecasts_made=result.total,
        )
        record(
            "day.settled",
            day,
            office_id=day.office_id,
            by=None,
            at=at,
            data={"left_waiting": len(left), "held": result.held, "forecasts": result.total},
            topics=(f"queue:{day.office_id}",),
        )


def _flag_open_services(day: ServiceDay, at: datetime) -> int:
    left = QueueTicket.objects.filter(
        office=day.office, service_day=day.day, state=TicketState.SERVING, flagged_at=None
    )
    consultations = list(left.values_list("consultation_id", flat=True))
    flagged = left.update(flagged_at=at)
    begun_here = Consultation.objects.filter(pk__in=[each for each in consultations if each], door=Door.VISIT)
    begun_here.update(flagged_at=at)
    return flagged


def recount_after(event: Event, at: datetime) -> None:
    """Opening times changed during the day: days that are still open are due at their new closing time."""
    for office in event.office.and_below():
        with transaction.atomic(), scope(office=office):
            for day in ServiceDay.objects.filter(settled_at=None, closed_at=None):
                closing = calendar.closing_of(calendar_of(office), day.day)
                due = closing if closing is not None and closing > at else _midnight(day)
                ServiceDay.objects.filter(pk=day.pk, closed_at=None).update(due_at=due)


def forecast_score(day: ServiceDay) -> Score:
    """How often the interval told at issue held, over the day's tickets that were served without a hold."""
    rows = QueueTicket.objects.filter(
        office=day.office,
        service_day=day.day,
        started_at__isnull=False,
        was_returned=False,
        wait_low_minutes__isnull=False,
    ).values_list("wait_low_minutes", "wait_high_minutes", "issued_at", "started_at")
    return score(
        (Forecast(timedelta(minutes=low), timedelta(minutes=high)), started - issued)
        for low, high, issued, started in rows
        if low is not None and high is not None and started is not None
    )


def _midnight(day: ServiceDay) -> datetime:
    return datetime.combine(day.day + timedelta(days=1), time(), tzinfo=day.office.zone)


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = ServiceDay.objects.filter(settled_at=None, due_at__lte=at)
        return list(rows.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def _run(row: int, at: datetime) -> None:
    with scopes_disabled():
        day = ServiceDay.objects.select_related("office").get(pk=row)
    with scope(office=day.office):
        if day.closed_at is None:
            close_out(day, at)
        if at >= _midnight(day):
            settle(day, at)


def _fail(row: int, at: datetime, reason: str) -> None:
    """The day stays due and is tried again; the log names it and the health page shows its age."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        oldest: datetime | None = ServiceDay.objects.filter(settled_at=None).aggregate(oldest=Min("due_at"))[
            "oldest"
        ]
    return oldest


SOURCE = Source(name="days", due=_due, run=_run, fail=_fail, oldest=_oldest)
