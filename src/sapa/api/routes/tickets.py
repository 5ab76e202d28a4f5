"""Queue numbers: read them, give one up."""

from datetime import date
from typing import Annotated

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Status

from sapa.api.gate import ApiRequest
from sapa.api.paging import MOST, page
from sapa.api.rights import Bearer, OfficeCode
from sapa.api.schemas import TicketOut, TicketPage, TicketStates
from sapa.api.sending import ticket_id
from sapa.core.time import now
from sapa.frontdesk import queue
from sapa.frontdesk.models import QueueTicket

router = Router(tags=["tickets"])
TicketId = Annotated[
    str,
    Path(
        pattern=r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}-[A-Z]{1,2}-[0-9]{3,6}$",
        description="Such as 2026-11-23-K-012",
    ),
]


@router.get("", auth=Bearer("tickets:read"), response=TicketPage)
def index(
    request: ApiRequest,
    office: OfficeCode,
    day: date | None = None,
    state: TicketStates | None = None,
    cursor: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> TicketPage:
    """The newest first, of one day when `day` is given."""
    rows = _rows()
    if day is not None:
        rows = rows.filter(service_day=day)
    if state is not None:
        rows = rows.filter(state=state)
    found, after = page(rows, by="issued_at", cursor=cursor, limit=limit)
    return TicketPage(items=[shown(each) for each in found], next_cursor=after)


@router.get("/{ticket}", auth=Bearer("tickets:read"), response=TicketOut)
def show(request: ApiRequest, office: OfficeCode, ticket: TicketId) -> TicketOut:
    """One number."""
    return shown(_ticket_or_404(ticket))


@router.post("/{ticket}/withdrawal", auth=Bearer("tickets:write"), response={201: TicketOut})
def withdraw(request: ApiRequest, office: OfficeCode, ticket: TicketId) -> Status[TicketOut]:
    """The visitor gives the turn up. Refused once the number is being served or has ended."""
    found = _ticket_or_404(ticket)
    queue.withdraw(found, by=None, at=now())
    return Status(201, shown(_ticket_or_404(ticket)))


def _rows() -> QuerySet[QueueTicket]:
    return QueueTicket.objects.select_related("service", "consultation", "desk")


def _ticket_or_404(id: str) -> QueueTicket:
    day, prefix, number = id[:10], *id[11:].split("-")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        on = date.min
    found: QueueTicket = get_object_or_404(_rows(), service_day=on, prefix=prefix, number=int(number))
    return found


def shown(ticket: QueueTicket) -> TicketOut:
    """A number as programs see it: not who holds it."""
    copied = ("state", "is_priority", "issued_at", "called_at", "started_at", "ended_at", "label")
    return TicketOut(
        **{name: getattr(ticket, name) for name in (*copied, "wait_low_minutes", "wait_high_minutes")},
        id=ticket_id(ticket),
        service=ticket.service.key,
        visit=ticket.visit_id,
        consultation=ticket.consultation.code if ticket.consultation is not None else None,
        desk=ticket.desk.name if ticket.desk is not None else "",
    )
