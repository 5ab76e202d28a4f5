"""The officer's desk: one screen, and sitting down at it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sapa.core.time import now
from sapa.frontdesk import queue, workspace
from sapa.frontdesk.forms.desk import SeatForm
from sapa.frontdesk.models import Call, TicketState
from sapa.frontdesk.views import desk_page
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_receive)
@require_GET
def show(request: OfficerRequest) -> HttpResponse:
    """Who waits, who is next and why, whose promise runs, and the work at the own desk."""
    return render(request, "frontdesk/desk/show.html", desk_page.everything(request))


@officer_view(rules.can_receive)
@require_GET
def waiting(request: OfficerRequest) -> HttpResponse:
    """The list alone, fetched again when a signal tells of a change."""
    desk, at = desk_page.own_desk(request), now()
    return render(
        request,
        "frontdesk/desk/_waiting.html",
        {
            "office": request.office,
            "desk": desk,
            "room": workspace.room(request.office, desk, at=at),
            "at": at,
        },
    )


@officer_view(rules.can_serve)
@require_GET
def announced(request: OfficerRequest, call: int) -> HttpResponse:
    """Whether a board has said the call; when the ticket has left the desk meanwhile, the page is read again."""
    found = get_object_or_404(Call.objects.select_related("ticket"), pk=call)
    response = render(
        request, "frontdesk/desk/_announced.html", {"office": request.office, "call": found, "at": now()}
    )
    if found.ticket.state != TicketState.CALLED:
        response["HX-Refresh"] = "true"
    return response


@officer_view(rules.can_serve)
@require_POST
def sit(request: OfficerRequest) -> HttpResponse:
    """Open a desk: the officer sits there from now on."""
    form = SeatForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This desk does not exist any more. Please choose another one."))
        return redirect("workspace", office=request.office.code)
    return desk_page.then_workspace(
        request, lambda: queue.sit(form.cleaned_data["desk"], by=request.officer, at=now())
    )


@officer_view(rules.can_serve)
@require_POST
def leave(request: OfficerRequest) -> HttpResponse:
    """Close the own desk."""
    desk = desk_page.own_desk(request)
    if desk is None:
        return redirect("workspace", office=request.office.code)
    return desk_page.then_workspace(request, lambda: queue.leave_desk(desk, by=request.officer, at=now()))
