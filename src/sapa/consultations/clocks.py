"""The clocks of the standard. A due instant is a function of start and calendar; met and breached are both kept."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Min, QuerySet, Value, When
from django_scopes import scope, scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.consultations.models import Consultation, Deadline
from sapa.core.work import Source
from sapa.offices.calendar import Due, NeverOpen, add_working_time, from_json, to_json
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office

Kind = Deadline.Kind


def start_onsite(consultation: Consultation, *, office: Office, at: datetime, cause: str) -> Deadline:
    """The promised minutes of the visit begin at `at`, counted in opening time (Standard, Waktu Penyelesaian 1).

    `cause` says which event began them: `desk_freed`, `issued_while_free`, `line_moved`, `settings_changed`.
    """
    due = _count_onsite(office, at, consultation.standard.onsite_minutes)
    return Deadline.objects.create(
        office=office,
        consultation=consultation,
        kind=Kind.ONSITE_SERVICE,
        started_at=at,
        due_at=due.at,
        cause=cause,
        explanation=to_json(due),
        counted_at=at,
    )


def meet(consultation: Consultation, kind: Kind, *, at: datetime) -> None:
    """The promise is fulfilled at `at`. When that was late, the breach is kept beside it, at its due instant."""
    _running(consultation, kind).update(
        met_at=at,
        breached_at=Case(When(due_at__lt=at, then=F("due_at")), default=F("breached_at")),
    )


def stop(consultation: Consultation, kind: Kind, *, reason: str, at: datetime) -> None:
    """The clock ends without being met. If it was late by then, the breach stays on record."""
    _running(consultation, kind).update(
        stopped_at=at,
        stop_reason=Value(str(reason)),
        breached_at=Case(When(due_at__lt=at, then=F("due_at")), default=F("breached_at")),
    )


def recount_after(event: Event, at: datetime) -> None:
    """A holiday, closure or opening time changed: recount the open clocks of the office and those below it.

    Each clock whose due instant moved is written anew with its explanation, and the log says from when to when.
    """
    for office in event.office.and_below():
        with transaction.atomic(), scope(office=office):
            for deadline in (
                Deadline.objects.select_for_update(of=("self",))
                .filter(met_at=None, stopped_at=None, breached_at=None)
                .select_related("consultation__standard")
                .order_by("pk")
            ):
                _recount(deadline, office, at)


def _recount(deadline: Deadline, office: Office, at: datetime) -> None:
    try:
        due = _count_onsite(office, deadline.started_at, deadline.consultation.standard.onsite_minutes)
    except NeverOpen:  # the office closed for good: what was promised stays as it was told
        return
    moved_to = due.at.astimezone(UTC)
    if moved_to == deadline.due_at:
        return
    before = deadline.due_at
    deadline.due_at, deadline.explanation, deadline.counted_at = moved_to, to_json(due), at
    deadline.save(update_fields=["due_at", "explanation", "counted_at"])
    record(
        "deadline.recounted",
        deadline,
        office_id=office.pk,
        by=None,
        at=at,
        data={"from": before.isoformat(), "to": moved_to.isoformat()},
        topics=(f"queue:{office.pk}",),
    )


def explained(deadline: Deadline) -> Due:
    """How the due instant was counted, as it was stored with the clock."""
    due = from_json(deadline.explanation)
    if not isinstance(due, Due):
        raise TypeError(f"deadline {deadline.pk} holds no due instant")
    return due


def _count_onsite(office: Office, at: datetime, minutes: int) -> Due:
    return add_working_time(calendar_of(office), at, timedelta(minutes=minutes))


def _running(consultation: Consultation, kind: Kind) -> QuerySet[Deadline]:
    return Deadline.objects.filter(consultation=consultation, kind=kind, met_at=None, stopped_at=None)


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = Deadline.objects.filter(due_at__lt=at, met_at=None, stopped_at=None, breached_at=None)
        return list(rows.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def _breach(row: int, at: datetime) -> None:
    """The promise was not kept: the breach is written at the due instant and officers' pages are told."""
    with transaction.atomic(), scopes_disabled():
        late = Deadline.objects.filter(pk=row, met_at=None, stopped_at=None, breached_at=None, due_at__lt=at)
        if not late.update(breached_at=F("due_at")):
            return
        deadline = Deadline.objects.get(pk=row)
        record(
            "deadline.breached",
            deadline,
            office_id=deadline.office_id,
            by=None,
            at=at,
            data={"kind": deadline.kind, "due": deadline.due_at.isoformat()},
            topics=(f"queue:{deadline.office_id}",),
        )


def _fail(row: int, at: datetime, reason: str) -> None:
    """A breach that could not be written stays due; the log names it and the health page shows its age."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        rows = Deadline.objects.filter(met_at=None, stopped_at=None, breached_at=None)
        oldest: datetime | None = rows.aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


SOURCE = Source(name="clocks", due=_due, run=_breach, fail=_fail, oldest=_oldest)
