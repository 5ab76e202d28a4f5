"""The doors: whether a visitor can take a number now, and when again."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sapa.core.errors import Refused
from sapa.frontdesk import lines
from sapa.frontdesk.models import TicketCounter
from sapa.offices import calendar
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office, Service
from sapa.ui.dates import moment

# Visitors who stand at the door before opening time may already take a number.
OPEN_EARLY = timedelta(minutes=60)


def check(office: Office, *, at: datetime) -> None:
    """Refuse when a visitor cannot take a number now: closed today, over for today, or too early."""
    hours = calendar_of(office)
    day = lines.service_day(office, at)
    closing = calendar.closing_of(hours, day)
    opening = calendar.next_opening(hours, at)
    if closing is not None and at < closing:
        if calendar.is_open(hours, at) or opening is None or opening - at <= OPEN_EARLY:
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


def check_room(service: Service, *, at: datetime) -> None:
    """Refused before the visitor has typed anything, when at the end there would be no number."""
    check(service.office, at=at)
    if service.daily_limit is None:
        return
    day = lines.service_day(service.office, at)
    counter = TicketCounter.objects.filter(
        office=service.office, service_day=day, prefix=service.prefix
    ).first()
    if counter is not None and counter.last_number >= service.daily_limit:
        raise Refused(
            _("All numbers for today are taken. Please come on the next working day, or ask online."),
            code="full",
        )
