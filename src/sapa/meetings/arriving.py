"""An appointment by visit becomes a queue number on the day: at the kiosk, at the front office, or from the invitation.

The first two happen by themselves: whoever is recognised when signing the guest book is looked up here
(wiring.APPOINTMENTS). The third is one press on the page of the appointment.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sapa.activity.models import Event
from sapa.core.errors import Refused
from sapa.frontdesk.appointments import Appointment
from sapa.frontdesk.arrivals import arrive
from sapa.frontdesk.entries import Entry
from sapa.frontdesk.lines import OPEN, service_day
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.meetings import booking
from sapa.meetings.models import FollowUp, Kind, State
from sapa.offices.models import Office, Service
from sapa.people.models import Client

# By the own phone: not from home in the morning, and not without standing in or near the office.
EARLIEST: Final = timedelta(minutes=60)


def expected(office: Office, client: Client, service: Service, at: datetime) -> Appointment | None:
    """The appointment by visit that this client has today for this service; None once a number was taken for it."""
    day = service_day(office, at)
    rows = FollowUp.objects.select_related("consultation__standard", "consultation__service")
    for meeting in rows.filter(
        office=office,
        consultation__client=client,
        consultation__service=service,
        kind=Kind.VISIT,
        state=State.BOOKED,
    ).order_by("starts_at"):
        if service_day(office, meeting.starts_at) == day and number_of(meeting) is None:
            return Appointment(meeting.consultation, meeting.officer_id, meeting.starts_at)
    return None


def number_of(meeting: FollowUp) -> QueueTicket | None:
    """The number that stands open for this appointment."""
    tickets = QueueTicket.objects.filter(consultation=meeting.consultation_id, state__in=OPEN)
    return tickets.filter(service_day=service_day(meeting.office, meeting.starts_at)).first()


def check_in(meeting: FollowUp, *, at: datetime, submission_key: UUID) -> QueueTicket:
    """The client has come: signed in the guest book with the profile as it is known, with a number for the
    appointment. A second press returns the same number. Raises entries.Incomplete while the profile lacks something."""
    number = number_of(meeting)
    if number is not None:
        return number
    if meeting.kind != Kind.VISIT or not meeting.is_booked:
        raise Refused(_("There is no visit to check in for."), code="no_visit")
    if service_day(meeting.office, at) != service_day(meeting.office, meeting.starts_at):
        raise Refused(_("You can check in on the day of your appointment."), code="not_today")
    if at < meeting.starts_at - EARLIEST:
        raise Refused(
            _("You can check in one hour before your appointment at the earliest."), code="too_early"
        )
    consultation = meeting.consultation
    with transaction.atomic():
        return arrive(
            meeting.office,
            entry=Entry(
                service_key=consultation.service.key,
                purpose=_purpose(meeting),
                subject=consultation.subject,
                email_waiver="" if consultation.client.email else Visit.Waiver.NONE_OWNED,
                language="en" if (get_language() or "").startswith("en") else "id",
            ),
            door=Visit.Door.PHONE,
            by=None,
            at=at,
            submission_key=submission_key,
            client=consultation.client,
        )


def arrived_after(event: Event, at: datetime) -> None:
    """A number was issued for an appointment: its holder has arrived."""
    ticket = QueueTicket.objects.get(pk=event.subject_id)
    for meeting in FollowUp.objects.filter(
        consultation=ticket.consultation_id, kind=Kind.VISIT, state=State.BOOKED
    ):
        if service_day(ticket.office, meeting.starts_at) == ticket.service_day:
            booking.arrived(meeting, at=ticket.issued_at)


def _purpose(meeting: FollowUp) -> str:
    """What the result is for was asked with the request."""
    asked = getattr(meeting.consultation, "request", None)
    if asked is not None and asked.purpose:
        return str(asked.purpose)
    last = (
        Visit.objects.filter(client=meeting.consultation.client).exclude(purpose="").order_by("-id").first()
    )
    return last.purpose if last else ""
