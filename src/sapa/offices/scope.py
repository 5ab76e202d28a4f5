"""The office comes from the URL's first segment; every query of the request is bound to it."""

from django.http import Http404, HttpRequest
from django.utils import timezone

from sapa.offices.models import Device, Office


class OfficeRequest(HttpRequest):
    """A request below `/<office>/`: its office is known and its scope is active."""

    office: Office


class DeviceRequest(OfficeRequest):
    """A request of a kiosk, board, tablet or poster, known by the token in its address."""

    device: Device


def office_or_404(code: str) -> Office:
    """The office with this code, its parents loaded; its time zone is active for the rest of the request."""
    office = Office.objects.select_related("parent__parent").filter(code=code).first()
    if office is None:
        raise Http404("no such office")
    timezone.activate(office.zone)
    return office
