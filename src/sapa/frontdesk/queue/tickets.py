"""The one door through which a number changes, and what is asked and told of it every time."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from sapa.activity.recording import record
from sapa.core import sql
from sapa.core.errors import Stale
from sapa.frontdesk.models import QueueTicket, TicketState
from sapa.offices.models import Service
from sapa.people.models import Officer

CHANGED = _("This number has changed in the meantime. The page now shows how it stands.")
ALREADY_THERE = _("The visitor is already with this service. Choose another one.")


def move(ticket: QueueTicket, *, to: TicketState, since: Collection[TicketState], **changes: Any) -> None:
    """Compare-and-set on the state: changes everything or, when somebody was quicker, nothing and says so."""
    moved = QueueTicket.objects.filter(pk=ticket.pk, state__in=since).update(state=to, **changes)
    if not moved:
        raise Stale(CHANGED, code="ticket_changed")
    ticket.state = to
    for name, value in changes.items():
        setattr(ticket, name, value)


def check_at_desk(ticket: QueueTicket, by: Officer, *, since: Collection[TicketState]) -> None:
    """The ticket is at the desk where `by` sits, in one of these states; else the page was stale."""
    held = QueueTicket.objects.filter(pk=ticket.pk, state__in=since, desk__officer=by)
    if not held.exists():
        raise Stale(CHANGED, code="ticket_changed")


def open_ticket(
    visit_id: int, service: Service, *, other_than: QueueTicket | None = None
) -> QueueTicket | None:
    """The number of this visit for this service that has not ended yet."""
    found = sql.rows(
        "SELECT id FROM frontdesk_queueticket WHERE visit_id = %s AND service_id = %s AND id <> %s"
        " AND state IN ('waiting', 'called', 'serving', 'held')",
        [visit_id, service.pk, other_than.pk if other_than else 0],
    )
    return QueueTicket.objects.get(pk=found[0][0]) if found else None


def tell(
    name: str, ticket: QueueTicket, *, by: Officer | None, at: datetime, data: dict[str, Any] | None = None
) -> None:
    record(
        name,
        ticket,
        office_id=ticket.office_id,
        by=by.user if by else None,
        at=at,
        data=data,
        topics=(topic(ticket.office_id), f"ticket:{ticket.token}"),
    )


def topic(office_id: int) -> str:
    return f"queue:{office_id}"
