"""Moving: out of the line for a while, back into it, over to another line or desk."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.core.errors import Refused
from sapa.frontdesk import lines
from sapa.frontdesk.models import QueueTicket, TicketState, Visit
from sapa.frontdesk.queue import matters, promises, tickets
from sapa.offices.models import Desk, Service
from sapa.people.models import Officer

ANOTHER_KIND = gettext_lazy(
    "An errand and a service of the PST are written down differently. Please finish this number and sign the "
    "visitor in anew at the front office."
)


def hold(ticket: QueueTicket, *, by: Officer | None, at: datetime) -> None:
    """The ticket leaves the line for a while: the visitor is late (`by` None) or the officer needs time.

    Its desk is free. A promise that still runs stops: the office is not to blame for the pause.
    """
    with transaction.atomic():
        since: Collection[TicketState] = (TicketState.WAITING, TicketState.CALLED)
        if by is not None:
            since = lines.AT_A_DESK if ticket.state in lines.AT_A_DESK else (TicketState.WAITING,)
            if since is lines.AT_A_DESK:
                tickets.check_at_desk(ticket, by, since=since)
        tickets.move(ticket, to=TicketState.HELD, since=since, is_late=by is None)
        matters.put_back(ticket, at=at, reason="held")
        tickets.tell("ticket.held", ticket, by=by, at=at)
        promises.begin(ticket.office, at, cause="desk_freed")


def return_to_line(ticket: QueueTicket, *, by: Officer | None, at: datetime) -> None:
    """Back in the line, at the place its first number gave it."""
    with transaction.atomic():
        tickets.move(
            ticket, to=TicketState.WAITING, since=(TicketState.HELD,), was_returned=True, is_late=False
        )
        tickets.tell("ticket.returned", ticket, by=by, at=at)
        promises.begin(ticket.office, at, cause="issued_while_free")


def transfer(
    ticket: QueueTicket,
    *,
    by: Officer,
    at: datetime,
    to_service: Service | None = None,
    to_desk: Desk | None = None,
) -> None:
    """The ticket goes to another service's line or waits for one desk; it keeps its number and its place."""
    service = to_service or ticket.service
    if to_desk is not None and not to_desk.services.filter(pk=service.pk).exists():
        raise Refused(
            _("%(desk)s does not serve %(service)s. Please choose another desk.")
            % {"desk": to_desk.name, "service": service.name},
            code="desk_without_service",
        )
    with transaction.atomic():
        tickets.check_at_desk(ticket, by, since=lines.AT_A_DESK)
        Visit.objects.select_for_update(no_key=True).get(pk=ticket.visit_id)
        if tickets.open_ticket(ticket.visit_id, service, other_than=ticket) is not None:
            raise Refused(tickets.ALREADY_THERE, code="same_service")
        if service.is_pst is not (ticket.consultation is not None):
            raise Refused(ANOTHER_KIND, code="another_kind")
        tickets.move(
            ticket,
            to=TicketState.WAITING,
            since=lines.AT_A_DESK,
            service=service,
            reserved_desk=to_desk,
            desk=None,
        )
        matters.put_back(ticket, at=at, reason="transferred", service=service)
        tickets.tell(
            "ticket.transferred",
            ticket,
            by=by,
            at=at,
            data={"service": service.key, "desk": to_desk.pk if to_desk else None},
        )
        promises.begin(ticket.office, at, cause="desk_freed")
