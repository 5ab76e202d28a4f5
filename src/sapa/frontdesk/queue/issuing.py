"""Issuing: a number of its own for everybody, counted under one lock."""

from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation
from sapa.core.errors import Refused
from sapa.frontdesk import doors, lines
from sapa.frontdesk.appointments import Appointment
from sapa.frontdesk.models import QueueTicket, ServiceDay, Visit
from sapa.frontdesk.queue import promises, tickets
from sapa.offices import calendar
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office, Service
from sapa.offices.standards import standard_in_force
from sapa.people.models import Officer

# Numbers count for one day: beyond it a forecast says no more, and the column holds it.
LONGEST_WAIT = 24 * 60


def issue(
    visit: Visit,
    *,
    service: Service,
    at: datetime,
    by: Officer | None = None,
    is_priority: bool = False,
    subject: str = "",
    appointment: Appointment | None = None,
) -> QueueTicket:
    """A number for the visit, unique by office, day and prefix; asking again for the same service returns it.

    Refuses visitors when the office takes nobody today or the service's daily limit is reached; an officer
    (`by`) may issue all the same. For a service of the PST the consultation begins with it; a visitor with an
    `appointment` continues its consultation, in the place that frontdesk/appointments.py gives.
    """
    office = visit.office
    with transaction.atomic():
        # Locks the office's day: the counter row, raised first, is what everybody else waits for.
        number = _next_number(office, service, lines.service_day(office, at))
        open_already = tickets.open_ticket(visit.pk, service)
        if open_already is not None:
            _give_back_number(office, service, lines.service_day(office, at))
            return open_already
        _check_may_issue(office, service, number=number, by=by, at=at, is_expected=appointment is not None)
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
        )
        if appointment is not None:
            ticket.consultation = appointment.consultation
            ticket.joined_at = appointment.place(at)
            ticket.appointed_at = appointment.starts_at if appointment.is_kept(at) else None
            ticket.reserved_desk = appointment.desk(office, service, at)
        else:
            ticket.consultation = _consultation_for(visit, service, subject=subject, at=at)
        ahead = lines.newcomer_ahead(office, ticket)
        promises.one_after_the_other(office)
        desks = lines.desks_now(office)
        expected = lines.wait_ahead(office, service, ahead=ahead, at=at, desks=desks)
        ticket.wait_low_minutes = min(LONGEST_WAIT, int(expected.low / timedelta(minutes=1)))
        ticket.wait_high_minutes = min(LONGEST_WAIT, int(expected.high / timedelta(minutes=1)))
        ticket.save(force_insert=True)
        if number == 1:
            _open_service_day(office, ticket, at)
        tickets.tell("ticket.issued", ticket, by=by, at=at)
        if appointment is not None:
            tickets.tell("appointment.kept", ticket, by=by, at=at)
        free = sum(service.pk in desk.services for desk in desks.free())
        if is_priority or ahead < free or (free and lines.is_kept_for_a_desk(office, ticket)):
            promises.begin(office, at, cause="issued_while_free")
    return ticket


def _next_number(office: Office, service: Service, day: date) -> int:
    """Raise the counter and read it in one statement; the row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO frontdesk_ticketcounter (office_id, service_day, prefix, last_number)"
            " VALUES (%s, %s, %s, 1) ON CONFLICT (office_id, service_day, prefix)"
            " DO UPDATE SET last_number = frontdesk_ticketcounter.last_number + 1 RETURNING last_number",
            [office.pk, day, service.prefix],
        )
        return int(cursor.fetchone()[0])


def _give_back_number(office: Office, service: Service, day: date) -> None:
    """Nobody took the number that was just raised: still under the lock, so no gap and no duplicate."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE frontdesk_ticketcounter SET last_number = last_number - 1"
            " WHERE office_id = %s AND service_day = %s AND prefix = %s",
            [office.pk, day, service.prefix],
        )


def _check_may_issue(
    office: Office,
    service: Service,
    *,
    number: int,
    by: Officer | None,
    at: datetime,
    is_expected: bool = False,
) -> None:
    if not service.is_active:
        raise Refused(
            _("This service is not offered at the moment. Please choose another one."), code="inactive"
        )
    if by is not None:
        return
    if service.daily_limit is not None and not is_expected and number > service.daily_limit:
        raise Refused(
            _("All numbers for today are taken. Please come on the next working day."),
            code="full",
        )
    doors.check(office, at=at)


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
