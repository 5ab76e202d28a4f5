"""Leave: who is away from when until when. What an absent officer holds must not wait (inbox.assigning)."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.core.work import Source
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster.models import Leave
from sapa.roster.rules import can_note_leave_of
from sapa.ui.dates import long_date

LONGEST_DAYS: Final = 366
LONGEST_NOTE: Final = 300
FARTHEST: Final = timedelta(days=2 * 366)
# Sick leave is often noted late; further back it is history.
EARLIEST: Final = timedelta(days=31)


def note(
    officer: Officer,
    *,
    from_on: date,
    until_on: date,
    kind: str,
    note: str = "",
    by: Officer,
    at: datetime,
) -> Leave:
    """The officer is away from the first to the last day, both included; `leave.begun` follows when the first
    day begins, at once when it has. Noted the same twice it is once; days that are leave already are refused."""
    if not can_note_leave_of(officer, by=by):
        raise Refused(_("You can only note your own leave. Ask your supervisor for anybody else's."))
    if not officer.is_active:
        raise Refused(_("This officer does not work here any more."))
    if kind not in Leave.Kind.values:
        raise Refused(_("Please choose the kind of leave from the list."))
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The note is too long: at most %(most)s letters.") % {"most": LONGEST_NOTE})
    today = at.astimezone(officer.office.zone).date()
    _refuse_days(from_on, until_on, today=today)
    with transaction.atomic(), scopes_disabled():
        _lock(officer.office)
        running = Leave.objects.filter(officer=officer, withdrawn_at=None)
        other = running.filter(from_on__lte=until_on, until_on__gte=from_on).order_by("from_on").first()
        if other is not None:
            if (other.from_on, other.until_on, other.kind) == (from_on, until_on, kind):
                return other
            raise Refused(
                _(
                    "Leave from %(from)s until %(until)s is noted already. Withdraw it first or choose other days."
                )
                % {"from": long_date(other.from_on), "until": long_date(other.until_on)}
            )
        leave = Leave.objects.create(
            office_id=officer.office_id,
            officer=officer,
            from_on=from_on,
            until_on=until_on,
            kind=kind,
            note=note,
            noted_at=at,
            due_at=datetime.combine(from_on, time.min, officer.office.zone) if from_on > today else None,
        )
        _told("leave.noted", leave, by=by, at=at)
        if from_on <= today <= until_on:
            _told("leave.begun", leave, by=by, at=at)
    return leave


def withdraw(leave: Leave, *, by: Officer, at: datetime) -> None:
    """The officer is not away: leave that has not begun is gone, leave that has begun ended yesterday."""
    if not can_note_leave_of(leave.officer, by=by):
        raise Refused(_("You can only withdraw your own leave. Ask your supervisor for anybody else's."))
    with transaction.atomic(), scopes_disabled():
        _lock(leave.officer.office)
        stored = Leave.objects.get(pk=leave.pk)
        today = at.astimezone(leave.officer.office.zone).date()
        if stored.withdrawn_at is not None or stored.until_on < today:
            raise Stale(_("This leave has been withdrawn or is over already."))
        if stored.from_on < today:
            Leave.objects.filter(pk=stored.pk).update(until_on=today - timedelta(days=1))
        else:
            Leave.objects.filter(pk=stored.pk).update(withdrawn_at=at, due_at=None)
        _told("leave.withdrawn", stored, by=by, at=at)


def _refuse_days(from_on: date, until_on: date, *, today: date) -> None:
    if until_on < from_on:
        raise Refused(_("The last day must not come before the first day."))
    if (until_on - from_on).days >= LONGEST_DAYS:
        raise Refused(_("Leave is noted for at most one year at once. Choose an earlier last day."))
    if from_on < today - EARLIEST:
        raise Refused(_("Leave can be noted at most a month late. Choose a later first day."))
    if from_on > today + FARTHEST:
        raise Refused(_("Leave can be noted at most two years ahead. Choose an earlier first day."))


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = Leave.objects.filter(due_at__lte=at).order_by("due_at", "id")
        return list(rows.values_list("id", flat=True)[:limit])


def _begin(row: int, at: datetime) -> None:
    """It is told that the leave has begun, unless nobody looked until it was over."""
    with transaction.atomic(), scopes_disabled():
        if not Leave.objects.filter(pk=row, due_at__lte=at).update(due_at=None):
            return
        leave = Leave.objects.select_related("office").get(pk=row)
        if at.astimezone(leave.office.zone).date() <= leave.until_on:
            _told("leave.begun", leave, by=None, at=at)


def _fail(row: int, at: datetime, reason: str) -> None:
    """It stays due; the log names it and the health page shows its age."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        oldest: datetime | None = Leave.objects.aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


def _told(name: str, leave: Leave, *, by: Officer | None, at: datetime) -> None:
    """Without kind and note: the log is read by more people than those."""
    data = {
        "officer": leave.officer_id,
        "from": leave.from_on.isoformat(),
        "until": leave.until_on.isoformat(),
    }
    record(name, leave, office_id=leave.office_id, by=by.user if by else None, at=at, data=data)


def _lock(office: Office) -> None:
    """One change of an office's roster at a time, so that no two leaves can overlap."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)


SOURCE = Source(name="leaves", due=_due, run=_begin, fail=_fail, oldest=_oldest)
