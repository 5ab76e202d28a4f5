"""The television: called numbers and desks."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from sapa.activity.push import last_event_id
from sapa.core.time import now
from sapa.frontdesk import calls
from sapa.frontdesk.models import Call
from sapa.offices.models import Device
from sapa.offices.scope import DeviceRequest
from sapa.people.access import device_view


@device_view(Device.Kind.BOARD)
@require_GET
def show(request: DeviceRequest) -> HttpResponse:
    """The whole screen."""
    seen, at = last_event_id(request.office.pk), now()
    return render(
        request,
        "frontdesk/board/show.html",
        {
            "office": request.office,
            "device": request.device,
            "seen": seen,
            "at": at,
            "board": calls.board(request.office, at=at),
        },
    )


@device_view(Device.Kind.BOARD)
@require_GET
def lines(request: DeviceRequest) -> HttpResponse:
    """What changes on it, fetched again at each signal."""
    board = calls.board(request.office, at=now())
    return render(request, "frontdesk/board/_lines.html", {"office": request.office, "board": board})


@device_view(Device.Kind.BOARD)
@require_POST
def announce(request: DeviceRequest, call: int) -> HttpResponse:
    """The board has said this call aloud."""
    calls.announce(get_object_or_404(Call, pk=call), by=request.device, at=now())
    return HttpResponse(status=204)
