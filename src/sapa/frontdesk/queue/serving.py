"""Serving: the visitor sits down, perhaps goes on to another service, and is done."""

from datetime import datetime

from django.db import transaction

from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation, Reason
from sapa.core.errors import Refused
from sapa.frontdesk import lines
from sapa.frontdesk.models import QueueTicket, TicketState, Visit
from sapa.frontdesk.queue import matters, promises, tickets
from sapa.frontdesk.queue.issuing import issue
from sapa.offices.models import Service
from sapa.people.models import Officer


def start(ticket: QueueTicket, *, by: Officer, at: datetime) -> None:
    """The visitor sits down: the on-site promise is met, in time or late (Standard, Waktu Penyelesaian 1)."""
    with transaction.atomic():
        tickets.check_at_desk(ticket, by, since=(TicketState.CALLED,))
        tickets.move(
            ticket,
            to=TicketState.SERVING,
            since=(TicketState.CALLED,),
            started_at=ticket.started_at or at,
            officer=by,
        )
        matters.start(ticket, by=by, at=at)
        tickets.tell("ticket.started", ticket, by=by, at=at)


def refer(ticket: QueueTicket, *, to: Service, note: str, by: Officer, at: datetime) -> QueueTicket:
    """The visitor goes on to another service of the PST with a number of its own (step 4 of the standard)."""
    with transaction.atomic():
        tickets.check_at_desk(ticket, by, since=(TicketState.SERVING,))
        if to.pk == ticket.service_id:
            raise Refused(tickets.ALREADY_THERE, code="same_service")
        # A second click waits here and then finds the number that the first one was given.
        Visit.objects.select_for_update(no_key=True).get(pk=ticket.visit_id)
        onward, consultation = tickets.open_ticket(ticket.visit_id, to), ticket.consultation
        if consultation is not None:
            if onward is not None and consultation.referrals.filter(to_service=to).exists():
                return onward
            lifecycle.refer(consultation, to=to, note=note, by=by, at=at)
        return issue(ticket.visit, service=to, at=at, by=by, is_priority=ticket.is_priority, subject=note)


def finish(ticket: QueueTicket, *, by: Officer, at: datetime) -> None:
    """Served: ticket and consultation end (one begun online goes on there), the desk is free, the promise to the next
    in line begins.

    A service left open past closing time and finished later the same day is a true length again.
    """
    with transaction.atomic():
        tickets.check_at_desk(ticket, by, since=(TicketState.SERVING,))
        same_day = lines.service_day(ticket.office, at) == ticket.service_day
        flagged_at = None if same_day else ticket.flagged_at or at
        tickets.move(
            ticket, to=TicketState.FINISHED, since=(TicketState.SERVING,), ended_at=at, flagged_at=flagged_at
        )
        if ticket.consultation is not None:
            if not matters.goes_on_online(ticket.consultation):
                Consultation.objects.filter(pk=ticket.consultation.pk).update(flagged_at=flagged_at)
            matters.end(ticket, reason=Reason.DONE, by=by, at=at)
        tickets.tell("ticket.finished", ticket, by=by, at=at)
        promises.begin(ticket.office, at, cause="desk_freed")
