"""What an officer sees at the desk, read in a fixed number of queries however many wait."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sapa.consultations import clocks
from sapa.consultations.models import Citation, Consultation, DataNeed, Deadline
from sapa.core import sql
from sapa.frontdesk import lines, order
from sapa.frontdesk.models import Call, QueueTicket, TicketState
from sapa.frontdesk.queue import matters
from sapa.offices import calendar
from sapa.offices.models import Desk, Office
from sapa.people.contact import mask_email, mask_phone
from sapa.people.models import Officer
from sapa.ui.dates import clock_time, duration

EARLIER = 5
# Why a promise to somebody who is still here can have stopped.
STOPPED = {"held": _("on hold"), "transferred": _("handed over")}


@dataclass(frozen=True, slots=True)
class Promise:
    """The running on-site clock of somebody who waits."""

    started_at: datetime
    due_at: datetime
    breached_at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One visitor in the room, as the list shows them: plain values, for fifty rows are read at every change."""

    id: int
    prefix: str
    number: int
    is_priority: bool
    state: str
    was_returned: bool
    is_late: bool
    joined_at: datetime
    waited: timedelta
    service_id: int
    reserved_desk_id: int | None
    desk_id: int | None
    service: str
    client: str
    promise: Promise | None
    is_elsewhere: bool
    appointed_at: datetime | None

    @property
    def label(self) -> str:
        return order.ticket_label(self.prefix, self.number)

    @property
    def state_label(self) -> str:
        return str(TicketState(self.state).label)

    @property
    def is_breached(self) -> bool:
        return self.promise is not None and self.promise.breached_at is not None

    def as_waiting(self) -> order.Waiting:
        return order.Waiting(
            id=self.id,
            joined_at=self.joined_at,
            number=self.number,
            prefix=self.prefix,
            priority=self.is_priority,
            returned=self.was_returned,
            reserved_desk_id=self.reserved_desk_id,
            appointed_at=self.appointed_at,
        )


@dataclass(frozen=True, slots=True)
class StaffedDesk:
    """A desk with somebody behind it, and the visitor before it."""

    id: int
    name: str
    officer: str
    row: Row | None


@dataclass(frozen=True)
class Room:
    """Everybody in the office now: who waits in calling order, who is on hold, who is at which desk."""

    waiting: list[Row]
    held: list[Row]
    at_desks: list[StaffedDesk]
    next_row: Row | None
    next_reason: str
    is_own_desk_busy: bool

    @property
    def cannot_call(self) -> bool:
        return self.is_own_desk_busy or self.next_row is None


@dataclass(frozen=True)
class Work:
    """The ticket at the officer's own desk and all that belongs to it."""

    ticket: QueueTicket
    waited: timedelta
    promise: Deadline | None
    stopped: list[Deadline]
    call: Call | None
    why: str
    consultation: Consultation | None
    earlier: list[Consultation]

    @property
    def goes_on_online(self) -> bool:
        """Whether the record lives online: the visit adds its outcome and overwrites nothing."""
        return self.consultation is not None and matters.goes_on_online(self.consultation)

    @property
    def promise_state(self) -> str:
        """running, met or breached, as the promise clock shows it."""
        promise = self.promise
        if promise is None or (promise.met_at is None and promise.breached_at is None):
            return "running"
        return "breached" if promise.breached_at is not None else "met"

    @property
    def promise_lines(self) -> list[str]:
        """Which promises to this visitor stopped before, and how this one was counted, in the reader's language."""
        if self.promise is None:
            return []
        due = clocks.explained(self.promise)
        zone = self.ticket.office.zone
        before = [
            gettext("An earlier promise began at %(began)s and stopped at %(stopped)s (%(reason)s).")
            % {
                "began": clock_time(each.started_at, zone),
                "stopped": clock_time(each.stopped_at, zone),
                "reason": STOPPED.get(each.stop_reason, each.stop_reason),
            }
            for each in self.stopped
            if each.stopped_at is not None
        ]
        return before + calendar.explain(due, language="en" if get_language() == "en" else "id")

    @property
    def facts(self) -> list[tuple[str, object]]:
        """What the guest book says of this visit, and nothing that the officer does not need."""
        visit = self.ticket.visit
        return [
            (gettext("E-mail"), mask_email(visit.client.email) if visit.client.email else ""),
            (gettext("Phone"), mask_phone(visit.client.phone) if visit.client.phone else ""),
            (gettext("Came to ask"), visit.subject),
            (gettext("Waited"), duration(self.waited)),
        ]


def room(office: Office, desk: Desk | None, *, at: datetime) -> Room:
    """The lines of today and, for `desk`, whom it would call next and why. Four statements, five with a desk."""
    day = lines.service_day(office, at)
    rows = _rows(office, day, at)
    past = lines.history(office, day)
    waits = [row for row in rows.values() if row.state == TicketState.WAITING]
    standing = {row.id: row.as_waiting() for row in waits if not row.is_elsewhere}
    here = {row.desk_id: row for row in rows.values() if row.state in lines.AT_A_DESK}
    choice = _choice(desk, rows, standing, past, office, day) if desk else None
    return Room(
        waiting=[
            *(rows[each] for each in order.line(standing.values(), past, lines.policy(office))),
            *(row for row in waits if row.is_elsewhere),
        ],
        held=[row for row in rows.values() if row.state == TicketState.HELD],
        at_desks=[
            StaffedDesk(id=each, name=name, officer=officer, row=here.get(each))
            for each, name, officer in sql.rows(
                "SELECT d.id, d.name, u.name FROM offices_desk d"
                " JOIN people_officer o ON o.id = d.officer_id JOIN people_user u ON u.id = o.user_id"
                " WHERE d.office_id = %s AND d.is_active = %s ORDER BY d.name",
                [office.pk, True],
            )
        ],
        next_row=rows[choice.ticket_id] if choice else None,
        next_reason=order.explanation(choice, zone=office.zone) if choice else "",
        is_own_desk_busy=desk is not None and desk.pk in here,
    )


def _rows(office: Office, day: date, at: datetime) -> dict[int, Row]:
    found = sql.rows(
        "SELECT t.id, t.prefix, t.number, t.is_priority, t.state, t.was_returned, t.is_late, t.joined_at,"  # noqa: S608
        f" t.issued_at, t.started_at, t.service_id, {lines.KEPT_FOR}, t.desk_id, s.name_id, s.name_en, c.name,"
        f" d.started_at, d.due_at, d.breached_at, {lines.ELSEWHERE}, t.appointed_at"
        " FROM frontdesk_queueticket t"
        " JOIN offices_service s ON s.id = t.service_id"
        " JOIN frontdesk_visit v ON v.id = t.visit_id JOIN people_client c ON c.id = v.client_id"
        " LEFT JOIN consultations_deadline d ON d.consultation_id = t.consultation_id"
        " AND d.kind = 'onsite_service' AND d.stopped_at IS NULL AND d.met_at IS NULL"
        " WHERE t.office_id = %s AND (t.service_day = %s AND t.state IN ('waiting', 'held')"
        " OR t.state IN ('called', 'serving')) ORDER BY t.joined_at, t.id",
        [office.pk, day],
    )
    english = get_language() == "en"
    return {row[0]: _row(row, at, english=english) for row in found}


def _row(row: tuple[Any, ...], at: datetime, *, english: bool) -> Row:
    issued, started, promised, due = (sql.instant(row[place]) for place in (8, 9, 16, 17))
    return Row(
        id=row[0],
        prefix=row[1],
        number=row[2],
        is_priority=bool(row[3]),
        state=row[4],
        was_returned=bool(row[5]),
        is_late=bool(row[6]),
        joined_at=sql.instant(row[7]) or at,
        waited=(started or at) - (issued or at),
        service_id=row[10],
        reserved_desk_id=row[11],
        desk_id=row[12],
        service=row[14] if english else row[13],
        client=row[15],
        promise=Promise(promised, due, sql.instant(row[18])) if promised and due else None,
        is_elsewhere=bool(row[19]),
        appointed_at=sql.instant(row[20]),
    )


def _choice(
    desk: Desk,
    rows: dict[int, Row],
    standing: dict[int, order.Waiting],
    past: list[bool],
    office: Office,
    day: date,
) -> order.Choice | None:
    """As lines.next_for, from what is already loaded, so that the page says what the button will do."""
    kept = {
        each
        for (each,) in sql.rows("SELECT service_id FROM offices_desk_services WHERE desk_id = %s", [desk.pk])
    }
    callable_here = [standing[each] for each in standing if rows[each].service_id in kept]
    if not callable_here:
        return None
    keeps_all = all(row.service_id in kept for row in rows.values())
    history = past if keeps_all else lines.history(office, day, list(kept))
    return order.choose(callable_here, history, lines.policy(office), desk_id=desk.pk)


def work_at(desk: Desk, *, at: datetime) -> Work | None:
    """What is at this desk now: ticket, last call and why, the answer so far, earlier consultations."""
    here = sql.rows(
        "SELECT id FROM frontdesk_queueticket WHERE desk_id = %s AND state IN ('called', 'serving')",
        [desk.pk],
    )
    if not here:
        return None
    ticket = QueueTicket.objects.select_related(
        "service", "visit__client", "visit__institution", "office", "desk"
    ).get(pk=here[0][0])
    consultation = (
        Consultation.objects.filter(tickets=ticket)
        .prefetch_related(
            Prefetch("citations", Citation.objects.all()),
            Prefetch("data_needs", DataNeed.objects.all()),
            "referrals__to_service",
        )
        .first()
    )
    promises = (
        list(
            Deadline.objects.filter(consultation=consultation, kind=Deadline.Kind.ONSITE_SERVICE).order_by(
                "id"
            )
        )
        if consultation
        else []
    )
    call = ticket.calls.order_by("-called_at", "-id").first()
    return Work(
        ticket=ticket,
        waited=(ticket.started_at or at) - ticket.issued_at,
        promise=next((each for each in reversed(promises) if each.stopped_at is None), None),
        stopped=[each for each in promises if each.stopped_at is not None],
        call=call,
        why=why(call, ticket) if call else "",
        consultation=consultation,
        earlier=earlier_of(ticket, consultation),
    )


def earlier_of(ticket: QueueTicket, consultation: Consultation | None) -> list[Consultation]:
    """The visitor's last consultations with this office, newest first, with what was answered."""
    rows = Consultation.objects.filter(client_id=ticket.visit.client_id)
    if consultation is not None:
        rows = rows.exclude(pk=consultation.pk)
    return list(
        rows.select_related("service", "officer__user")
        .prefetch_related("citations")
        .order_by("-requested_at")[:EARLIER]
    )


def why(call: Call, ticket: QueueTicket) -> str:
    """Why this number was called: the rule as a sentence, or the reason the officer gave."""
    if call.rule == lines.GIVEN:
        return call.reason
    choice = order.Choice(ticket_id=ticket.pk, rule=order.Rule(call.rule), detail=call.detail)
    return order.explanation(choice, zone=ticket.office.zone)


def free_seats(office: Office, officer: Officer) -> list[Desk]:
    """Desks where the officer may sit down now."""
    return list(
        Desk.objects.filter(office=office, is_active=True)
        .filter(Q(officer=None) | Q(officer=officer))
        .order_by("name")
    )
