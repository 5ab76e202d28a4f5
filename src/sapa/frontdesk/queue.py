"""The queue: issue, call, start, finish, and all that may happen in between.

Every verb is one transaction: it changes the ticket by compare-and-set, changes the consultation with it,
records the event, and lets the promise of whoever is now at the head of the line begin.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.activity.recording import record
from sapa.consultations import clocks, lifecycle
from sapa.consultations.models import Consultation, Deadline, Reason
from sapa.core.errors import Refused, Stale
from sapa.frontdesk import lines
from sapa.frontdesk.models import Call, QueueTicket, ServiceDay, TicketState, Visit
from sapa.offices import calendar
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Desk, Office, Service
from sapa.offices.standards import standard_in_force
from sapa.people.models import Officer
from sapa.ui.dates import moment

# Visitors who stand at the door before opening time may already take a number.
DOORS_OPEN_EARLY = timedelta(minutes=60)
OPEN = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD)
# Numbers count for one day: beyond it a forecast says no more, and the column holds it.
LONGEST_WAIT = 24 * 60
ALREADY_THERE = gettext_lazy("The visitor is already with this service. Choose another one.")
ANOTHER_KIND = gettext_lazy(
    "An errand and a service of the PST are written down differently. Please finish this number and sign the "
    "visitor in anew at the front office."
)
CHANGED = gettext_lazy("This number has changed in the meantime. The page now shows how it stands.")


def issue(
    visit: Visit,
    *,
    service: Service,
    at: datetime,
    by: Officer | None = None,
    is_priority: bool = False,
    subject: str = "",
) -> QueueTicket:
    """A number for the visit, unique by office, day and prefix; asking again for the same service returns it.

    Refuses visitors when the office takes nobody today or the service's daily limit is reached; an officer
    (`by`) may issue all the same. For a service of the PST the consultation begins with it.
    """
    office = visit.office
    with transaction.atomic():
        # Locks the office's day: the counter row, raised first, is what everybody else waits for.
        number = _next_number(office, service, lines.service_day(office, at))
        open_already = QueueTicket.objects.filter(visit=visit, service=service, state__in=OPEN).first()
        if open_already is not None:
            _give_back_number(office, service, lines.service_day(office, at))
            return open_already
        _check_may_issue(office, service, number=number, by=by, at=at)
        ticket = QueueTicket(
            office=office,
            visit=visit,
            service=service,
            service_day=lines.service_day(office, at),
            prefix=service.prefix,
            number=number,
            is_priority=is_priority,
            issued_at=at,
            joined_at=at,
            consultation=_consultation_for(visit, service, subject=subject, at=at),
        )
        ahead = lines.newcomer_ahead(office, ticket)
        _one_after_the_other(office)
        desks = lines.desks_now(office)
        expected = lines.wait_ahead(office, service, ahead=ahead, at=at, desks=desks)
        ticket.wait_low_minutes = min(LONGEST_WAIT, int(expected.low / timedelta(minutes=1)))
        ticket.wait_high_minutes = min(LONGEST_WAIT, int(expected.high / timedelta(minutes=1)))
        ticket.save(force_insert=True)
        if number == 1:
            _open_service_day(office, ticket, at)
        _tell("ticket.issued", ticket, by=by, at=at)
        free = sum(service.pk in desk.services for desk in desks.free())
        if is_priority or ahead < free or (free and lines.is_kept_for_a_desk(office, ticket)):
            _run_promises(office, at, cause="issued_while_free")
    return ticket


def sit(desk: Desk, *, by: Officer, at: datetime) -> None:
    """The officer sits at the desk, which is open from now on; another desk of the same officer is left."""
    with transaction.atomic():
        # Two windows of one officer: the second waits here and then leaves the desk of the first.
        Officer.objects.select_for_update(no_key=True).get(pk=by.pk)
        current = Desk.objects.filter(officer=by).exclude(pk=desk.pk).first()
        if current is not None:
            leave_desk(current, by=by, at=at)
        taken = (
            Desk.objects.filter(pk=desk.pk, officer=None, is_active=True).update(officer=by, seated_at=at)
            or Desk.objects.filter(pk=desk.pk, officer=by).exists()
        )
        if not taken:
            raise Stale(
                _("%(desk)s is taken by a colleague. Please choose another desk.") % {"desk": desk.name},
                code="desk_taken",
            )
        record(
            "desk.opened", desk, office_id=desk.office_id, by=by.user, at=at, topics=(_topic(desk.office_id),)
        )
        _run_promises(by.office, at, cause="desk_opened")


def leave_desk(desk: Desk, *, by: Officer, at: datetime) -> None:
    """The desk is closed. Refused while somebody is called to it or served there."""
    with transaction.atomic():
        here = QueueTicket.objects.filter(desk=desk, state__in=lines.AT_A_DESK).first()
        if here is not None:
            raise Refused(
                _("Number %(number)s is still at %(desk)s. Finish it or put it on hold first.")
                % {"number": here.label, "desk": desk.name},
                code="desk_busy",
            )
        if Desk.objects.filter(pk=desk.pk, officer=by).update(officer=None, seated_at=None):
            record(
                "desk.closed",
                desk,
                office_id=desk.office_id,
                by=by.user,
                at=at,
                topics=(_topic(desk.office_id),),
            )
            # What was kept for this desk goes to the others; a service may have lost its last desk.
            _run_promises(by.office, at, cause="line_moved")


def call_next(desk: Desk, *, by: Officer, at: datetime) -> Call:
    """Call whom the rule chooses for this desk; the call keeps the rule and what it looked at.

    Two officers at once: one gets this ticket, the other the next. Refused when nobody waits.
    """
    with _one_at_a_desk():
        seat = _own_free_desk(desk, by)
        day = lines.service_day(by.office, at)
        while (choice := lines.next_for(desk, seat.services, by.office, day)) is not None:
            taken = _take(choice.ticket_id, desk=desk, by=by, at=at)
            if taken is not None:
                return _call(taken, desk=desk, by=by, at=at, rule=choice.rule, detail=choice.detail)
        raise Refused(_("Nobody is waiting for this desk."), code="nobody_waits")


def call(ticket: QueueTicket, *, desk: Desk, by: Officer, at: datetime, reason: str) -> Call:
    """Call this very ticket, out of its turn; the reason is kept with the call."""
    if not reason.strip():
        raise Refused(_("Please say why this number is called out of turn."), code="reason_missing")
    with _one_at_a_desk():
        _own_free_desk(desk, by)
        taken = _take(ticket.pk, desk=desk, by=by, at=at)
        if taken is None:
            raise Stale(CHANGED, code="ticket_changed")
        return _call(taken, desk=desk, by=by, at=at, rule=lines.GIVEN, detail={}, reason=reason.strip())


def recall(ticket: QueueTicket, *, by: Officer, at: datetime) -> Call:
    """Call the same number once more to the same desk."""
    with transaction.atomic():
        _lock_at_desk(ticket, by, since=(TicketState.CALLED,))
        assert ticket.desk is not None
        previous = ticket.calls.order_by("-called_at", "-id").first()
        rule, detail = (previous.rule, previous.detail) if previous else (lines.GIVEN, {})
        return _call(ticket, desk=ticket.desk, by=by, at=at, rule=rule, detail=detail, is_recall=True)


def start(ticket: QueueTicket, *, by: Officer, at: datetime) -> None:
    """The visitor sits down: the on-site promise is met, in time or late (Standard, Waktu Penyelesaian 1)."""
    with transaction.atomic():
        _lock_at_desk(ticket, by, since=(TicketState.CALLED,))
        _move(
            ticket,
            to=TicketState.SERVING,
            since=(TicketState.CALLED,),
            started_at=ticket.started_at or at,
            officer=by,
        )
        if ticket.consultation is not None:
            lifecycle.start(ticket.consultation, by=by, at=at)
        _tell("ticket.started", ticket, by=by, at=at)


def hold(ticket: QueueTicket, *, by: Officer | None, at: datetime) -> None:
    """The ticket leaves the line for a while: the visitor is late (`by` None) or the officer needs time.

    Its desk is free. A promise that still runs stops: the office is not to blame for the pause.
    """
    with transaction.atomic():
        since: Collection[TicketState] = (TicketState.WAITING, TicketState.CALLED)
        if by is not None:
            since = lines.AT_A_DESK if ticket.state in lines.AT_A_DESK else (TicketState.WAITING,)
            if since is lines.AT_A_DESK:
                _lock_at_desk(ticket, by, since=since)
        _move(ticket, to=TicketState.HELD, since=since, is_late=by is None)
        if ticket.consultation is not None:
            lifecycle.put_back(ticket.consultation, at=at, reason="held")
        _tell("ticket.held", ticket, by=by, at=at)
        _run_promises(ticket.office, at, cause="desk_freed")


def return_to_line(ticket: QueueTicket, *, by: Officer | None, at: datetime) -> None:
    """Back in the line, at the place its first number gave it."""
    with transaction.atomic():
        _move(ticket, to=TicketState.WAITING, since=(TicketState.HELD,), was_returned=True, is_late=False)
        _tell("ticket.returned", ticket, by=by, at=at)
        _run_promises(ticket.office, at, cause="issued_while_free")


def no_show(ticket: QueueTicket, *, by: Officer, at: datetime) -> None:
    """Called and did not come: the ticket ends, the desk is free, the next promise begins."""
    with transaction.atomic():
        _lock_at_desk(ticket, by, since=(TicketState.CALLED,))
        _move(ticket, to=TicketState.NO_SHOW, since=(TicketState.CALLED,), ended_at=at)
        if ticket.consultation is not None:
            lifecycle.close(ticket.consultation, reason=Reason.NO_SHOW, by=by, at=at)
        _tell("ticket.missed", ticket, by=by, at=at)
        _run_promises(ticket.office, at, cause="desk_freed")


def transfer(
    ticket: QueueTicket,
    *,
    by: Officer,
    at: datetime,
    to_service: Service | None = None,
    to_desk: Desk | None = None,
) -> None:
    """The ticket goes to another service's line or waits for one desk; it keeps its number and its place."""
    service = to_service or ticket.service
    if to_desk is not None and not to_desk.services.filter(pk=service.pk).exists():
        raise Refused(
            _("%(desk)s does not serve %(service)s. Please choose another desk.")
            % {"desk": to_desk.name, "service": service.name},
            code="desk_without_service",
        )
    with transaction.atomic():
        _lock_at_desk(ticket, by, since=lines.AT_A_DESK)
        Visit.objects.select_for_update(no_key=True).get(pk=ticket.visit_id)
        if _open_ticket(ticket.visit_id, service, other_than=ticket) is not None:
            raise Refused(ALREADY_THERE, code="same_service")
        if service.is_pst is not (ticket.consultation is not None):
            raise Refused(ANOTHER_KIND, code="another_kind")
        _move(
            ticket,
            to=TicketState.WAITING,
            since=lines.AT_A_DESK,
            service=service,
            reserved_desk=to_desk,
            desk=None,
        )
        if ticket.consultation is not None:
            lifecycle.put_back(ticket.consultation, at=at, reason="transferred", service=service)
        _tell(
            "ticket.transferred",
            ticket,
            by=by,
            at=at,
            data={"service": service.key, "desk": to_desk.pk if to_desk else None},
        )
        _run_promises(ticket.office, at, cause="desk_freed")


def withdraw(ticket: QueueTicket, *, by: Officer | None, at: datetime) -> None:
    """The visitor gives the turn up (`by` None), or the front office does it for them."""
    with transaction.atomic():
        _move(
            ticket,
            to=TicketState.WITHDRAWN,
            since=(TicketState.WAITING, TicketState.CALLED, TicketState.HELD),
            ended_at=at,
        )
        if ticket.consultation is not None:
            lifecycle.close(ticket.consultation, reason=Reason.WITHDRAWN, by=by, at=at)
        _tell("ticket.withdrawn", ticket, by=by, at=at)
        _run_promises(ticket.office, at, cause="line_moved")


def finish(ticket: QueueTicket, *, by: Officer, at: datetime) -> None:
    """Served: ticket and consultation end, the desk is free, the promise to the next in line begins.

    A service left open past closing time and finished later the same day is a true length again.
    """
    with transaction.atomic():
        _lock_at_desk(ticket, by, since=(TicketState.SERVING,))
        same_day = lines.service_day(ticket.office, at) == ticket.service_day
        flagged_at = None if same_day else ticket.flagged_at or at
        _move(
            ticket, to=TicketState.FINISHED, since=(TicketState.SERVING,), ended_at=at, flagged_at=flagged_at
        )
        if ticket.consultation is not None:
            Consultation.objects.filter(pk=ticket.consultation.pk).update(flagged_at=flagged_at)
            lifecycle.close(ticket.consultation, reason=Reason.DONE, by=by, at=at)
        _tell("ticket.finished", ticket, by=by, at=at)
        _run_promises(ticket.office, at, cause="desk_freed")


def refer(ticket: QueueTicket, *, to: Service, note: str, by: Officer, at: datetime) -> QueueTicket:
    """The visitor goes on to another service of the PST with a number of its own (step 4 of the standard)."""
    with transaction.atomic():
        _lock_at_desk(ticket, by, since=(TicketState.SERVING,))
        if to.pk == ticket.service_id:
            raise Refused(ALREADY_THERE, code="same_service")
        # A second click waits here and then finds the number that the first one was given.
        Visit.objects.select_for_update(no_key=True).get(pk=ticket.visit_id)
        onward, consultation = _open_ticket(ticket.visit_id, to), ticket.consultation
        if consultation is not None:
            if onward is not None and consultation.referrals.filter(to_service=to).exists():
                return onward
            lifecycle.refer(consultation, to=to, note=note, by=by, at=at)
        return issue(ticket.visit, service=to, at=at, by=by, is_priority=ticket.is_priority, subject=note)


def _run_promises(office: Office, at: datetime, *, cause: str) -> None:
    """Start the promised minutes for whoever is now at the head of the line of a free desk.

    "Served at most 10 minutes after the visitor before has finished": as many promises run as desks are free;
    one that runs is never taken back because somebody else was called first. In an office that never opens no
    minutes can be counted, and none are promised.
    """
    _one_after_the_other(office)
    desks = lines.desks_now(office)
    free = desks.free()
    if not free:
        return
    day = lines.service_day(office, at)
    lined_up = {
        services: lines.line_of(office, day, services) for services in {desk.services for desk in free}
    }
    # More candidates than desks are never needed to give each desk one.
    first = lines.heads(
        [
            [each.id for each in lined_up[desk.services] if each.reserved_desk_id in (None, desk.id)][
                : len(free)
            ]
            for desk in free
        ]
    )
    matters = set(
        QueueTicket.objects.filter(pk__in=first, consultation__isnull=False).values_list(
            "consultation_id", flat=True
        )
    )
    had_one = set(
        Deadline.objects.filter(consultation_id__in=matters, kind=Deadline.Kind.ONSITE_SERVICE)
        .exclude(stopped_at__isnull=False)
        .values_list("consultation_id", flat=True)
    )
    for consultation in Consultation.objects.filter(pk__in=matters - had_one).select_related("standard"):
        with suppress(calendar.NeverOpen):
            clocks.start_onsite(consultation, office=office, at=at, cause=cause)


def _one_after_the_other(office: Office) -> None:
    """Who decides whose promise begins sees all that others of the office have done before, and they wait.

    Two desks that free in the same instant would otherwise both choose the same visitor, and nobody the next.
    Weak enough not to hinder rows that only name the office; SQLite has one writer and needs no lock.
    """
    if connection.features.has_select_for_update:
        Office.objects.select_for_update(of=("self",), no_key=True).get(pk=office.pk)


def _open_ticket(
    visit_id: int, service: Service, *, other_than: QueueTicket | None = None
) -> QueueTicket | None:
    found = QueueTicket.objects.filter(visit=visit_id, service=service, state__in=OPEN)
    return (found.exclude(pk=other_than.pk) if other_than else found).first()


def _next_number(office: Office, service: Service, day: Any) -> int:
    """Raise the counter and read it in one statement; the row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO frontdesk_ticketcounter (office_id, service_day, prefix, last_number)"
            " VALUES (%s, %s, %s, 1) ON CONFLICT (office_id, service_day, prefix)"
            " DO UPDATE SET last_number = frontdesk_ticketcounter.last_number + 1 RETURNING last_number",
            [office.pk, day, service.prefix],
        )
        return int(cursor.fetchone()[0])


def _give_back_number(office: Office, service: Service, day: Any) -> None:
    """Nobody took the number that was just raised: still under the lock, so no gap and no duplicate."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE frontdesk_ticketcounter SET last_number = last_number - 1"
            " WHERE office_id = %s AND service_day = %s AND prefix = %s",
            [office.pk, day, service.prefix],
        )


def _check_may_issue(
    office: Office, service: Service, *, number: int, by: Officer | None, at: datetime
) -> None:
    if not service.is_active:
        raise Refused(
            _("This service is not offered at the moment. Please choose another one."), code="inactive"
        )
    if by is not None:
        return
    if service.daily_limit is not None and number > service.daily_limit:
        raise Refused(
            _("All numbers for today are taken. Please come on the next working day."),
            code="full",
        )
    check_doors(office, at)


def check_doors(office: Office, at: datetime) -> None:
    """Refuse when a visitor cannot take a number now: closed today, over for today, or too early."""
    hours = calendar_of(office)
    day = lines.service_day(office, at)
    closing = calendar.closing_of(hours, day)
    opening = calendar.next_opening(hours, at)
    if closing is not None and at < closing:
        if calendar.is_open(hours, at) or opening is None or opening - at <= DOORS_OPEN_EARLY:
            return
        if any(begins <= at for begins, _ends in calendar.open_intervals(hours, day)):
            return  # the midday break: numbers are taken, the promise counts on from the afternoon
    if opening is None:
        raise Refused(
            _("The office is closed and has not said when it opens again. Please contact the office."),
            code="closed",
        )
    raise Refused(
        _("The office is closed now. It opens again on %(when)s.") % {"when": moment(opening, office.zone)},
        code="closed",
    )


def _consultation_for(visit: Visit, service: Service, *, subject: str, at: datetime) -> Consultation | None:
    if not service.is_pst:
        return None
    return lifecycle.request_on_site(
        visit.office,
        client=visit.client,
        service=service,
        standard=standard_in_force(visit.office, visit.service_day),
        subject=subject or visit.subject,
        at=at,
    )


def _open_service_day(office: Office, ticket: QueueTicket, at: datetime) -> None:
    closing = calendar.closing_of(calendar_of(office), ticket.service_day)
    midnight = datetime.combine(ticket.service_day + timedelta(days=1), time(), tzinfo=office.zone)
    ServiceDay.objects.get_or_create(
        office=office,
        day=ticket.service_day,
        defaults={"due_at": closing if closing is not None and closing > at else midnight},
    )


@contextmanager
def _one_at_a_desk() -> Iterator[None]:
    """A transaction in which a desk may get a ticket; when two windows try at once, the second one is told."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Stale(CHANGED, code="desk_busy") from error


def _own_free_desk(desk: Desk, by: Officer) -> lines.Seat:
    seat = lines.seat_of(desk, by)
    if seat is None:
        raise Stale(
            _("You are not at this desk any more. Please sit down at a desk first."), code="not_seated"
        )
    if seat.here:
        raise Stale(
            _("Number %(number)s is still at %(desk)s. Finish it or put it on hold first.")
            % {"number": seat.here, "desk": desk.name},
            code="desk_busy",
        )
    return seat


def _take(pk: int, *, desk: Desk, by: Officer, at: datetime) -> QueueTicket | None:
    """Compare-and-set from waiting to called; None when another desk was quicker."""
    taken = QueueTicket.objects.filter(pk=pk, state=TicketState.WAITING).update(
        state=TicketState.CALLED, desk=desk, officer=by, called_at=at
    )
    return QueueTicket.objects.get(pk=pk) if taken else None


def _call(
    ticket: QueueTicket,
    *,
    desk: Desk,
    by: Officer,
    at: datetime,
    rule: str,
    detail: dict[str, int | str],
    reason: str = "",
    is_recall: bool = False,
) -> Call:
    made = Call.objects.create(
        office_id=ticket.office_id,
        ticket=ticket,
        desk=desk,
        officer=by,
        called_at=at,
        is_recall=is_recall,
        rule=rule,
        detail=detail,
        reason=reason,
    )
    _tell(
        "ticket.recalled" if is_recall else "ticket.called",
        ticket,
        by=by,
        at=at,
        data={"desk": desk.pk, "rule": str(rule), "call": made.pk},
    )
    return made


def _lock_at_desk(ticket: QueueTicket, by: Officer, *, since: Collection[TicketState]) -> None:
    """The ticket is at the desk where `by` sits, in one of these states; else the page was stale."""
    held = QueueTicket.objects.filter(pk=ticket.pk, state__in=since, desk__officer=by)
    if not held.exists():
        raise Stale(CHANGED, code="ticket_changed")


def _move(ticket: QueueTicket, *, to: TicketState, since: Collection[TicketState], **changes: Any) -> None:
    """Compare-and-set on the state: changes everything or, when somebody was quicker, nothing and says so."""
    moved = QueueTicket.objects.filter(pk=ticket.pk, state__in=since).update(state=to, **changes)
    if not moved:
        raise Stale(CHANGED, code="ticket_changed")
    ticket.state = to
    for name, value in changes.items():
        setattr(ticket, name, value)


def _topic(office_id: int) -> str:
    return f"queue:{office_id}"


def _tell(
    name: str, ticket: QueueTicket, *, by: Officer | None, at: datetime, data: dict[str, Any] | None = None
) -> None:
    record(
        name,
        ticket,
        office_id=ticket.office_id,
        by=by.user if by else None,
        at=at,
        data=data,
        topics=(_topic(ticket.office_id), f"ticket:{ticket.token}"),
    )
