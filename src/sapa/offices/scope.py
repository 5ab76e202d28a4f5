"""The office comes from the URL's first segment; every query of the request is bound to it."""

from itertools import pairwise

from django.http import Http404, HttpRequest
from django.utils import timezone

from sapa.offices.models import Device, Office

# Asked by every page below an office (docs/decisions/0007).
_LINE = (
    "WITH RECURSIVE line AS (SELECT o.*, 0 AS height FROM offices_office o WHERE o.code = %s"
    " UNION ALL SELECT o.*, line.height + 1 FROM offices_office o JOIN line ON o.id = line.parent_id)"
    " SELECT * FROM line ORDER BY height"
)


class OfficeRequest(HttpRequest):
    """A request below `/<office>/`: its office is known and its scope is active."""

    office: Office


class DeviceRequest(OfficeRequest):
    """A request of a kiosk, board, tablet or poster, known by the token in its address."""

    device: Device


def office_or_404(code: str) -> Office:
    """The office with this code, its parents loaded; its time zone is active for the rest of the request."""
    line = list(Office.objects.raw(_LINE, [code]))
    if not line:
        raise Http404("no such office")
    for office, parent in pairwise(line):
        office.parent = parent
    timezone.activate(line[0].zone)
    return line[0]
