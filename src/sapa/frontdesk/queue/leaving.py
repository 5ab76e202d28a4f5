"""Leaving without having been served: called and not there, or given up."""

from datetime import datetime

from django.db import transaction

from sapa.consultations.models import Reason
from sapa.frontdesk.models import QueueTicket, TicketState
from sapa.frontdesk.queue import matters, promises, tickets
from sapa.people.models import Officer


def no_show(ticket: QueueTicket, *, by: Officer, at: datetime) -> None:
    """Called and did not come: the ticket ends, the desk is free, the next promise begins."""
    with transaction.atomic():
        tickets.check_at_desk(ticket, by, since=(TicketState.CALLED,))
        tickets.move(ticket, to=TicketState.NO_SHOW, since=(TicketState.CALLED,), ended_at=at)
        matters.end(ticket, reason=Reason.NO_SHOW, by=by, at=at)
        tickets.tell("ticket.missed", ticket, by=by, at=at)
        promises.begin(ticket.office, at, cause="desk_freed")


def withdraw(ticket: QueueTicket, *, by: Officer | None, at: datetime) -> None:
    """The visitor gives the turn up (`by` None), or the front office does it for them."""
    with transaction.atomic():
        tickets.move(
            ticket,
            to=TicketState.WITHDRAWN,
            since=(TicketState.WAITING, TicketState.CALLED, TicketState.HELD),
            ended_at=at,
        )
        matters.end(ticket, reason=Reason.WITHDRAWN, by=by, at=at)
        tickets.tell("ticket.withdrawn", ticket, by=by, at=at)
        promises.begin(ticket.office, at, cause="line_moved")
