"""The clocks of the standard. A due instant is a function of start and calendar; met and breached are both kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, Min, QuerySet, When
from django_scopes import scope, scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.consultations import ledger
from sapa.consultations.models import Alarm, ClockEntry, Consultation, Deadline
from sapa.core import sql
from sapa.core.work import Source
from sapa.offices.calendar import Due, NeverOpen, add_working_time, from_json, to_json
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office, ServiceStandard

Kind = Deadline.Kind
What = ClockEntry.What

# Written with every answer (docs/decisions/0007); the consultation is held by who writes.
_RUNNING = "consultation_id = %s AND kind = %s AND met_at IS NULL AND stopped_at IS NULL ORDER BY id"
_SETTLED = "DELETE FROM consultations_alarm WHERE deadline_id = %s AND settled_at IS NULL"
_ENDED = (
    "UPDATE consultations_deadline SET {field} = %s, stop_reason = %s, breached_at = COALESCE(%s, breached_at),"
    " paused_at = NULL WHERE id = %s"
)
_NOT_DUE = "UPDATE consultations_consultation SET due_at = NULL WHERE id = %s AND due_at IS NOT NULL"


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


def start_response(consultation: Consultation, *, at: datetime, cause: str = "accepted") -> Deadline:
    """The promised working days begin at `at`: the request is clear and complete (Standard, Waktu Penyelesaian 2).

    `cause` is `accepted`, or `reopened` for one that was closed before its answer.
    """
    return _start(consultation, Kind.ONLINE_RESPONSE, at=at, cause=cause)


def start_silence(consultation: Consultation, *, at: datetime) -> None:
    """The office has spoken last: the silent days begin, or begin anew (Standard, step 13)."""
    running = next(iter(_running(consultation, Kind.SILENCE)), None)
    if running is None:
        _start(consultation, Kind.SILENCE, at=at, cause="office_spoke")
    else:
        write(running, What.KEPT, at=at, reason="office_spoke")


def keep(consultation: Consultation, *, at: datetime) -> bool:
    """The client still needs it: the silent days begin anew. False when no silence was running."""
    running = next(iter(_running(consultation, Kind.SILENCE)), None)
    if running is None:
        return False
    write(running, What.KEPT, at=at, reason="still_needed")
    return True


def hold_silence(consultation: Consultation, *, reason: str, at: datetime) -> None:
    """Silence does not count while something is agreed, such as a follow-up. Nothing when none is running."""
    _pause(consultation, Kind.SILENCE, reason=reason, at=at)


def release_silence(consultation: Consultation, *, reason: str, at: datetime) -> None:
    """What held the silence is over: the silent days begin anew. Nothing when it was not held."""
    _resume(consultation, Kind.SILENCE, reason=reason, at=at)


def pause_response(consultation: Consultation, *, reason: str, at: datetime) -> None:
    """The office waits for the client: that time does not count. Nothing when none is running, or it is paused."""
    _pause(consultation, Kind.ONLINE_RESPONSE, reason=reason, at=at)


def resume_response(consultation: Consultation, *, reason: str, at: datetime) -> None:
    """The client has spoken: the promised time goes on."""
    _resume(consultation, Kind.ONLINE_RESPONSE, reason=reason, at=at)


def forward(consultation: Consultation, *, to: Office, at: datetime) -> None:
    """The clocks that run are the other office's from now on, counted by its calendar; the ledger keeps the shares."""
    _hold_calendar(to)
    for deadline in Deadline.objects.filter(consultation=consultation, met_at=None, stopped_at=None):
        deadline.office = to
        deadline.save(update_fields=["office"])
        write(deadline, What.FORWARDED, at=at)


def meet(consultation: Consultation, kind: Kind, *, at: datetime) -> None:
    """The promise is fulfilled at `at`. When that was late, the breach is kept beside it, at its due instant."""
    _end(consultation, kind, What.MET, "met_at", at=at)


def stop(consultation: Consultation, kind: Kind, *, reason: str, at: datetime) -> None:
    """The clock ends without being met. If it was late by then, the breach stays on record."""
    _end(consultation, kind, What.STOPPED, "stopped_at", at=at, reason=reason, stop_reason=str(reason))


def stop_all(consultation: Consultation, *, reason: str, at: datetime) -> None:
    """Every clock that still runs ends for the same reason."""
    for kind in Kind:
        stop(consultation, kind, reason=reason, at=at)


def write(deadline: Deadline, what: str, *, at: datetime, reason: str = "") -> None:
    """One more line in the ledger, and the due instant as it follows from all of them."""
    last = _last_entry(deadline)
    # Another server's clock may be behind: a ledger never goes back in time.
    at = max(at, last.at) if last is not None else at
    _enter(deadline, what, reason=reason, at=at)
    _settle(deadline, at=at, begins_anew=what in (What.KEPT, What.RESUMED))


def _start(consultation: Consultation, kind: Kind, *, at: datetime, cause: str) -> Deadline:
    if kind == Kind.ONLINE_RESPONSE:
        _hold_calendar(consultation.office)
    line = ledger.Line(What.STARTED, at, consultation.office_id, cause)
    found = _count(kind, [line], consultation.office, consultation.standard)
    deadline = sql.insert(
        Deadline(
            office=consultation.office,
            consultation=consultation,
            kind=kind,
            started_at=at,
            due_at=found.due_at,
            cause=cause,
            explanation=found.explanation,
            counted_at=at,
        )
    )
    _enter(deadline, line.what, reason=cause, at=at)
    for what, due in found.alarms.items():
        sql.insert(Alarm(deadline=deadline, what=what, due_at=due))
    if kind == Kind.ONLINE_RESPONSE:
        Consultation.objects.filter(pk=consultation.pk).update(due_at=found.due_at)
    return deadline


def _enter(deadline: Deadline, what: str, *, reason: str, at: datetime) -> None:
    sql.insert(
        ClockEntry(deadline=deadline, what=str(what), reason=str(reason), office_id=deadline.office_id, at=at)
    )


def _last_entry(deadline: Deadline) -> ClockEntry | None:
    return sql.first(ClockEntry, "deadline_id = %s ORDER BY id DESC", [deadline.pk])


def _count(kind: str, lines: list[ledger.Line], office: Office, standard: ServiceStandard) -> ledger.Count:
    """As the ledger counts. Silence is counted in days of the calendar on the wall: no office hours are read."""
    if kind == Kind.SILENCE:
        return ledger.silence(lines, standard)
    return ledger.count(kind, lines, calendar_of(office), standard)


def _hold_calendar(office: Office) -> None:
    """Nobody edits the calendar of the office until our new clock is there to be recounted with the others: else
    a day off that is declared in this second would miss it. Several clocks may begin at once (a shared lock)."""
    if connection.features.has_select_for_update:
        ids = sorted(each.pk for each in office.lineage())
        places = ", ".join(["%s"] * len(ids))
        sql.rows(f"SELECT id FROM offices_office WHERE id IN ({places}) ORDER BY id FOR SHARE", ids)  # noqa: S608  places only


def _pause(consultation: Consultation, kind: Kind, *, reason: str, at: datetime) -> None:
    running = next((each for each in _running(consultation, kind) if each.paused_at is None), None)
    if running is not None:
        write(running, What.PAUSED, at=at, reason=reason)


def _resume(consultation: Consultation, kind: Kind, *, reason: str, at: datetime) -> None:
    paused = next((each for each in _running(consultation, kind) if each.paused_at is not None), None)
    if paused is not None:
        write(paused, What.RESUMED, at=at, reason=reason)


def _end(
    consultation: Consultation,
    kind: Kind,
    what: str,
    field: str,
    *,
    at: datetime,
    reason: str = "",
    **changes: Any,
) -> None:
    if kind == Kind.ONSITE_SERVICE:
        running = Deadline.objects.filter(consultation=consultation, kind=kind, met_at=None, stopped_at=None)
        running.update(**changes, **{field: at}, breached_at=_late(at))
        return
    for deadline in _running(consultation, kind):
        last = _last_entry(deadline)
        ended = max(at, last.at) if last is not None else at
        _enter(deadline, what, reason=reason, at=ended)
        sql.run(_SETTLED, [deadline.pk])
        # Silence is no promise of the office, and a promise that stands still is not broken.
        counts = kind == Kind.ONLINE_RESPONSE and deadline.paused_at is None
        breached_at = deadline.due_at if counts and deadline.due_at < ended else None
        reason_kept = changes.get("stop_reason", deadline.stop_reason)
        values = [sql.stored(ended), reason_kept, breached_at and sql.stored(breached_at), deadline.pk]
        sql.run(_ENDED.format(field=field), values)
    if kind == Kind.ONLINE_RESPONSE:
        sql.run(_NOT_DUE, [consultation.pk])


def _late(at: datetime) -> Case:
    return Case(When(due_at__lt=at, then=F("due_at")), default=F("breached_at"))


def _settle(deadline: Deadline, *, at: datetime, begins_anew: bool = False) -> bool:
    """Due instant, explanation and alarms stand as ledger and calendar say now. True when the instant moved."""
    found = _count(deadline.kind, ledger.lines_of(deadline), deadline.office, deadline.consultation.standard)
    moved = found.due_at != deadline.due_at
    deadline.due_at, deadline.paused_at = found.due_at, found.paused_at
    deadline.explanation, deadline.counted_at = found.explanation, at
    deadline.save(update_fields=["due_at", "paused_at", "explanation", "counted_at"])
    _set_alarms(deadline, {} if found.paused_at else found.alarms, begins_anew=begins_anew)
    if deadline.kind == Kind.ONLINE_RESPONSE:
        # A paused clock leaves the list of what is due soon: nothing falls due while it waits.
        due = None if found.paused_at else found.due_at
        Consultation.objects.filter(pk=deadline.consultation_id).update(due_at=due)
    return moved


def _set_alarms(deadline: Deadline, wanted: dict[str, datetime], *, begins_anew: bool) -> None:
    standing = {each.what: each for each in deadline.alarms.all()}
    if begins_anew and deadline.kind == Kind.SILENCE:
        deadline.alarms.all().delete()
        standing = {}
    Alarm.objects.bulk_create(
        Alarm(deadline=deadline, what=what, due_at=due)
        for what, due in wanted.items()
        if what not in standing
    )
    for what, alarm in standing.items():
        if alarm.settled_at is not None:
            continue
        if what not in wanted:
            alarm.delete()
        elif alarm.due_at != wanted[what]:
            Alarm.objects.filter(pk=alarm.pk).update(due_at=wanted[what])


def recount_after(event: Event, at: datetime) -> None:
    """A holiday, closure or opening time changed: recount the open clocks of the office and those below it.

    Each clock whose due instant moved is written anew with its explanation, and the log says from when to when.
    """
    for office in event.office.and_below():
        with transaction.atomic(), scope(office=office):
            running = Deadline.objects.filter(met_at=None, stopped_at=None, breached_at=None)
            # The consultations before their clocks, as everybody locks them.
            held = Consultation.objects.select_for_update(no_key=True).filter(
                pk__in=running.values("consultation")
            )
            ids = list(held.order_by("pk").values_list("pk", flat=True))
            for deadline in (
                running.filter(consultation__in=ids)
                .select_for_update(of=("self",), no_key=True)
                .select_related("consultation__standard")
                .order_by("pk")
            ):
                _recount(deadline, office, at)


def _recount(deadline: Deadline, office: Office, at: datetime) -> None:
    before = deadline.due_at
    deadline.office = office
    if deadline.kind == Kind.ONSITE_SERVICE:
        try:
            due = _count_onsite(office, deadline.started_at, deadline.consultation.standard.onsite_minutes)
        except NeverOpen:  # the office closed for good: what was promised stays as it was told
            return
        moved_to = due.at.astimezone(UTC)
        if moved_to == before:
            return
        deadline.due_at, deadline.explanation, deadline.counted_at = moved_to, to_json(due), at
        deadline.save(update_fields=["due_at", "explanation", "counted_at"])
    elif not _settle(deadline, at=at):
        return
    record(
        "deadline.recounted",
        deadline,
        office_id=office.pk,
        by=None,
        at=at,
        data={"from": before.isoformat(), "to": deadline.due_at.isoformat()},
        topics=(f"queue:{office.pk}", f"consultation:{deadline.consultation_id}"),
    )


def explained(deadline: Deadline) -> Due:
    """How the due instant of an on-site clock was counted, as it was stored with the clock."""
    due = from_json(deadline.explanation)
    if not isinstance(due, Due):
        raise TypeError(f"deadline {deadline.pk} holds no due instant")
    return due


def _count_onsite(office: Office, at: datetime, minutes: int) -> Due:
    return add_working_time(calendar_of(office), at, timedelta(minutes=minutes))


def _running(consultation: Consultation, kind: Kind) -> list[Deadline]:
    found = sql.every(Deadline, _RUNNING, [consultation.pk, str(kind)])
    for each in found:
        each.consultation = consultation
        if each.office_id == consultation.office_id:
            each.office = consultation.office
    return found


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = _could_break().filter(due_at__lt=at)
        return list(rows.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def _could_break() -> QuerySet[Deadline]:
    """Promises that run and are not broken yet. The end of a silence is no breach (silence.py)."""
    running = Deadline.objects.filter(met_at=None, stopped_at=None, breached_at=None, paused_at=None)
    return running.exclude(kind=Kind.SILENCE)


def _breach(row: int, at: datetime) -> None:
    """The promise was not kept: the breach is written at the due instant and officers' pages are told."""
    with transaction.atomic(), scopes_disabled():
        late = _could_break().filter(pk=row, due_at__lt=at)
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
            topics=(f"queue:{deadline.office_id}", f"consultation:{deadline.consultation_id}"),
        )


def _fail(row: int, at: datetime, reason: str) -> None:
    """A breach that could not be written stays due; the log names it and the health page shows its age."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        oldest: datetime | None = _could_break().aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


SOURCE = Source(name="clocks", due=_due, run=_breach, fail=_fail, oldest=_oldest)
