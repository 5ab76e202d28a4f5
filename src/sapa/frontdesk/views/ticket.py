"""The visitor's own number on the phone, by an address nobody can guess, and the slip of paper."""

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from sapa.activity.push import last_event_id
from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.frontdesk import lines, queue
from sapa.frontdesk.models import QueueTicket, TicketState
from sapa.offices.scope import OfficeRequest
from sapa.offices.standards import standard_in_force
from sapa.people.access import office_public


def _ticket_or_404(token: str) -> QueueTicket:
    found = (
        QueueTicket.objects.select_related("office", "service", "desk", "consultation", "visit")
        .filter(token=token)
        .first()
    )
    if found is None:
        raise Http404("no such ticket")
    return found


def _context(request: OfficeRequest, ticket: QueueTicket) -> dict[str, object]:
    at = now()
    context: dict[str, object] = {
        "office": request.office,
        "ticket": ticket,
        "is_open": ticket.state in lines.OPEN,
        "promise_minutes": standard_in_force(request.office, ticket.service_day).onsite_minutes,
        "at": at,
    }
    if ticket.state == TicketState.WAITING:
        ahead = lines.ahead_of(ticket, request.office)
        wait = lines.wait_ahead(request.office, ticket.service, ahead=ahead, at=at)
        context |= {"ahead": ahead, "place": ahead + 1, "wait_low": wait.low, "wait_high": wait.high}
    return context


@office_public
@require_GET
def show(request: OfficeRequest, token: str) -> HttpResponse:
    """Number, place in line, waiting time as an interval, what to prepare, "I am late", "give up my turn"."""
    seen = last_event_id(request.office.pk)
    ticket = _ticket_or_404(token)
    return _private(render(request, "frontdesk/ticket/show.html", _context(request, ticket) | {"seen": seen}))


@office_public
@require_GET
def state(request: OfficeRequest, token: str) -> HttpResponse:
    """What changes on the page, fetched again at each signal."""
    return _private(render(request, "frontdesk/ticket/_state.html", _context(request, _ticket_or_404(token))))


@office_public
@require_GET
def slip(request: OfficeRequest, token: str) -> HttpResponse:
    """80 mm of paper: number, service, time, QR to the live ticket. No name."""
    ticket = _ticket_or_404(token)
    address = request.build_absolute_uri(reverse("ticket", args=[request.office.code, token]))
    return _private(
        render(
            request,
            "frontdesk/ticket/slip.html",
            _context(request, ticket) | {"qr": segno.make(address, error="m").svg_inline(scale=4, border=2)},
        )
    )


@office_public
@require_POST
def change(request: OfficeRequest, token: str, what: str) -> HttpResponse:
    """The visitor is late, is back, or gives the turn up."""
    ticket = _ticket_or_404(token)
    verb = {"late": queue.hold, "back": queue.return_to_line, "give_up": queue.withdraw}[what]
    try:
        spend("ticket-change", str(ticket.pk), times=20, seconds=3600)
        verb(ticket, by=None, at=now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("ticket", office=request.office.code, token=token)


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody's proxy may keep a visitor's page (lessons.md F.1)."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response
