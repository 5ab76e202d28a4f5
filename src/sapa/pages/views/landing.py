"""The public pages: which office, and the office itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.frontdesk.models import QueueTicket, TicketState
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office
from sapa.offices.opening import days_from, opening_of
from sapa.offices.scope import OfficeRequest
from sapa.offices.standards import standard_in_force
from sapa.people.access import office_public, public
from sapa.reports import online
from sapa.reports.promise import public_figures


@public
def index(request: HttpRequest) -> HttpResponse:
    """The offices of this installation; with a single one that takes visitors, straight to it."""
    offices = list(Office.objects.filter(services__is_active=True).distinct().order_by("code"))
    if len(offices) == 1:
        return redirect("office", office=offices[0].code)
    return render(request, "pages/offices.html", {"offices": offices})


@office_public
def office(request: OfficeRequest) -> HttpResponse:
    """Who we are, open now or when next, queue now, what to bring, the promise and how well it is kept, complaint."""
    at = now()
    here = request.office
    today = at.astimezone(here.zone).date()
    calendar = calendar_of(here)
    try:
        standard = standard_in_force(here, today)
    except Refused:
        standard = None
    waiting = QueueTicket.objects.filter(office=here, service_day=today, state=TicketState.WAITING).count()
    needed = standard.content.get("requirements", ()) if standard else ()
    context = {
        "office": here,
        "opening": opening_of(calendar, at),
        "days": days_from(calendar, today),
        "standard": standard,
        "waiting": waiting,
        "at": at,
        "figures": public_figures(here, today),
        "online_figures": online.public_figures(here, today),
        "bring": [line["key"] for line in needed if line["channel"] == "visit"],
        "services": here.services.filter(is_active=True),
    }
    return render(request, "pages/office.html", context)
