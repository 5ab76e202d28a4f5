"""What happens to the consultation behind a number when the number starts, pauses or ends.

A visitor who takes a number begins a consultation that lives and ends with it. An appointment by visit continues
one that was begun online: it stays open when the number ends, for it goes on online (Standard, steps 11 and 12);
only the promised minutes are met or stop.
"""

from datetime import datetime

from sapa.consultations import clocks, lifecycle
from sapa.consultations.models import Consultation, Door, Reason
from sapa.frontdesk.models import QueueTicket
from sapa.frontdesk.queue import tickets
from sapa.offices.models import Service
from sapa.people.models import Officer


def start(ticket: QueueTicket, *, by: Officer, at: datetime) -> None:
    """The visitor sits down: the promised minutes are met."""
    if (consultation := ticket.consultation) is None:
        return
    if goes_on_online(consultation):
        clocks.meet(consultation, clocks.Kind.ONSITE_SERVICE, at=at)
    else:
        lifecycle.start(consultation, by=by, at=at)


def put_back(ticket: QueueTicket, *, at: datetime, reason: str, service: Service | None = None) -> None:
    """The visitor waits again; promised minutes that run stop for `reason`."""
    if (consultation := ticket.consultation) is None:
        return
    if goes_on_online(consultation):
        clocks.stop(consultation, clocks.Kind.ONSITE_SERVICE, reason=reason, at=at)
    else:
        lifecycle.put_back(consultation, at=at, reason=reason, service=service)


def end(ticket: QueueTicket, *, reason: Reason, by: Officer | None, at: datetime) -> None:
    """The number has ended, and its consultation with it unless that goes on online."""
    if (consultation := ticket.consultation) is None:
        return
    if goes_on_online(consultation):
        clocks.stop(consultation, clocks.Kind.ONSITE_SERVICE, reason=reason, at=at)
        tickets.tell("appointment.ended", ticket, by=by, at=at, data={"reason": str(reason)})
    else:
        lifecycle.close(consultation, reason=reason, by=by, at=at)


def goes_on_online(consultation: Consultation) -> bool:
    """Whether the visit continues a record that lives online: the desk adds to it and overwrites nothing."""
    return consultation.door != Door.VISIT
