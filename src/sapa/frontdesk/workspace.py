"""What an officer sees at the desk, read in a fixed number of queries however many wait."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q
from django.utils.translation import get_language, gettext

from sapa.consultations import clocks
from sapa.consultations.models import Citation, Consultation, DataNeed, Deadline
from sapa.frontdesk import lines, order
from sapa.frontdesk.models import Call, QueueTicket, TicketState
from sapa.offices import calendar
from sapa.offices.models import Desk, Office
from sapa.people.contact import mask_email, mask_phone
from sapa.people.models import Officer
from sapa.ui.dates import duration

IN_THE_ROOM = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD)
EARLIER = 5


@dataclass(frozen=True)
class Row:
    """One visitor in the room, with the promise that runs for them, if any."""

    ticket: QueueTicket
    waited: timedelta
    promise: Deadline | None

    @property
    def is_late(self) -> bool:
        return self.promise is not None and self.promise.breached_at is not None


@dataclass(frozen=True)
class Room:
    """Everybody in the office now: who waits in calling order, who is on hold, who is at which desk."""

    waiting: list[Row]
    held: list[Row]
    at_desks: list[tuple[Desk, Row | None]]
    next_ticket: QueueTicket | None
    next_reason: str
    is_own_desk_busy: bool

    @property
    def cannot_call(self) -> bool:
        return self.is_own_desk_busy or self.next_ticket is None


@dataclass(frozen=True)
class Work:
    """The ticket at the officer's own desk and all that belongs to it."""

    row: Row
    call: Call | None
    why: str
    consultation: Consultation | None
    earlier: list[Consultation]

    @property
    def promise_state(self) -> str:
        """running, met or breached, as the promise clock shows it."""
        promise = self.row.promise
        if promise is None or (promise.met_at is None and promise.breached_at is None):
            return "running"
        return "breached" if promise.breached_at is not None else "met"

    @property
    def promise_lines(self) -> list[str]:
        """How the due instant was counted, in the reader's language."""
        if self.row.promise is None:
            return []
        due = clocks.explained(self.row.promise)
        return calendar.explain(due, language="en" if get_language() == "en" else "id")

    @property
    def facts(self) -> list[tuple[str, object]]:
        """What the guest book says of this visit, and nothing that the officer does not need."""
        visit = self.row.ticket.visit
        return [
            (gettext("E-mail"), mask_email(visit.client.email) if visit.client.email else ""),
            (gettext("Phone"), mask_phone(visit.client.phone) if visit.client.phone else ""),
            (gettext("Came to ask"), visit.subject),
            (gettext("Waited"), duration(self.row.waited)),
        ]


def room(office: Office, desk: Desk | None, *, at: datetime) -> Room:
    """The lines of today and, for `desk`, whom it would call next and why. Six queries."""
    day = lines.service_day(office, at)
    tickets = list(
        QueueTicket.objects.filter(office=office)
        .filter(Q(service_day=day, state__in=IN_THE_ROOM) | Q(state__in=lines.AT_A_DESK))
        .select_related("service", "visit__client", "visit__institution", "consultation")
    )
    promises = {
        promise.consultation_id: promise
        for promise in Deadline.objects.filter(
            consultation__in=[ticket.consultation_id for ticket in tickets if ticket.consultation_id],
            kind=Deadline.Kind.ONSITE_SERVICE,
            stopped_at=None,
        ).defer("explanation")
    }
    rows = {
        ticket.pk: Row(ticket, _waited(ticket, at), promises.get(ticket.consultation_id or 0))
        for ticket in tickets
    }
    standing = {ticket.pk: as_waiting(ticket) for ticket in tickets if ticket.state == TicketState.WAITING}
    past = lines.history(office, day)
    ordered = order.line(standing.values(), past, lines.policy(office))
    desks = list(
        Desk.objects.filter(office=office, is_active=True, officer__isnull=False)
        .select_related("officer__user")
        .prefetch_related("services")
    )
    here = {row.ticket.desk_id: row for row in rows.values() if row.ticket.state in lines.AT_A_DESK}
    choice = _choice(desk, desks, tickets, standing, past, office, day)
    return Room(
        waiting=[rows[pk] for pk in ordered],
        held=[row for row in rows.values() if row.ticket.state == TicketState.HELD],
        at_desks=[(each, here.get(each.pk)) for each in desks],
        next_ticket=rows[choice.ticket_id].ticket if choice else None,
        next_reason=order.explanation(choice, zone=office.zone) if choice else "",
        is_own_desk_busy=desk is not None and desk.pk in here,
    )


def _waited(ticket: QueueTicket, at: datetime) -> timedelta:
    """The waiting time the visitor felt: from taking the number to sitting down, or to now."""
    return (ticket.started_at or at) - ticket.issued_at


def as_waiting(ticket: QueueTicket) -> order.Waiting:
    return order.Waiting(
        id=ticket.pk,
        joined_at=ticket.joined_at,
        number=ticket.number,
        prefix=ticket.prefix,
        priority=ticket.is_priority,
        returned=ticket.was_returned,
        reserved_desk_id=ticket.reserved_desk_id,
    )


def _choice(
    desk: Desk | None,
    desks: list[Desk],
    tickets: list[QueueTicket],
    standing: dict[int, order.Waiting],
    past: list[bool],
    office: Office,
    day: date,
) -> order.Choice | None:
    """As lines.next_for, from what is already loaded, so that the page says what the button will do."""
    mine = next((each for each in desks if desk is not None and each.pk == desk.pk), None)
    if mine is None:
        return None
    kept = {service.pk for service in mine.services.all()}
    all_kept = all(ticket.service_id in kept for ticket in tickets)
    callable_here = [standing[each.pk] for each in tickets if each.pk in standing and each.service_id in kept]
    if not callable_here:
        return None
    history = past if all_kept else lines.history(office, day, list(kept))
    return order.choose(callable_here, history, lines.policy(office), desk_id=mine.pk)


def work_at(desk: Desk, *, at: datetime) -> Work | None:
    """What is at this desk now: ticket, last call and why, the answer so far, earlier consultations."""
    ticket = (
        QueueTicket.objects.filter(desk=desk, state__in=lines.AT_A_DESK)
        .select_related("service", "visit__client", "visit__institution", "office", "desk")
        .first()
    )
    if ticket is None:
        return None
    consultation = (
        Consultation.objects.filter(tickets=ticket)
        .prefetch_related(
            Prefetch("citations", Citation.objects.all()),
            Prefetch("data_needs", DataNeed.objects.all()),
            "referrals__to_service",
        )
        .first()
    )
    promise = (
        Deadline.objects.filter(consultation=consultation, kind=Deadline.Kind.ONSITE_SERVICE, stopped_at=None)
        .order_by("-id")
        .first()
        if consultation
        else None
    )
    call = ticket.calls.order_by("-called_at", "-id").first()
    return Work(
        row=Row(ticket, _waited(ticket, at), promise),
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
