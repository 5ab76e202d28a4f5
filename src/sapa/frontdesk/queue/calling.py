"""Calling: the next one by the rule, one out of turn with a reason, the same one once more."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sapa.core.errors import Refused, Stale
from sapa.frontdesk import lines
from sapa.frontdesk.models import Call, QueueTicket, TicketState
from sapa.frontdesk.queue import tickets
from sapa.offices.models import Desk
from sapa.people.models import Officer


def call_next(desk: Desk, *, by: Officer, at: datetime) -> Call:
    """Call whom the rule chooses for this desk; the call keeps the rule and what it looked at.

    Two officers at once: one gets this ticket, the other the next. Refused when nobody waits.
    """
    with _one_at_a_desk():
        seat = _own_free_desk(desk, by)
        day = lines.service_day(by.office, at)
        while (choice := lines.next_for(desk, seat.services, by.office, day)) is not None:
            taken = _take(choice.ticket_id, desk=desk, by=by, at=at)
            if taken is not None:
                return _call(taken, desk=desk, by=by, at=at, rule=choice.rule, detail=choice.detail)
        raise Refused(_("Nobody is waiting for this desk."), code="nobody_waits")


def call(ticket: QueueTicket, *, desk: Desk, by: Officer, at: datetime, reason: str) -> Call:
    """Call this very ticket, out of its turn; the reason is kept with the call."""
    if not reason.strip():
        raise Refused(_("Please say why this number is called out of turn."), code="reason_missing")
    with _one_at_a_desk():
        _own_free_desk(desk, by)
        taken = _take(ticket.pk, desk=desk, by=by, at=at)
        if taken is None:
            raise Stale(tickets.CHANGED, code="ticket_changed")
        return _call(taken, desk=desk, by=by, at=at, rule=lines.GIVEN, detail={}, reason=reason.strip())


def recall(ticket: QueueTicket, *, by: Officer, at: datetime) -> Call:
    """Call the same number once more to the same desk."""
    with transaction.atomic():
        tickets.check_at_desk(ticket, by, since=(TicketState.CALLED,))
        assert ticket.desk is not None
        previous = ticket.calls.order_by("-called_at", "-id").first()
        rule, detail = (previous.rule, previous.detail) if previous else (lines.GIVEN, {})
        return _call(ticket, desk=ticket.desk, by=by, at=at, rule=rule, detail=detail, is_recall=True)


@contextmanager
def _one_at_a_desk() -> Iterator[None]:
    """A transaction in which a desk may get a ticket; when two windows try at once, the second one is told."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Stale(tickets.CHANGED, code="desk_busy") from error


def _own_free_desk(desk: Desk, by: Officer) -> lines.Seat:
    seat = lines.seat_of(desk, by)
    if seat is None:
        raise Stale(
            _("You are not at this desk any more. Please sit down at a desk first."), code="not_seated"
        )
    if seat.here:
        raise Stale(
            _("Number %(number)s is still at %(desk)s. Finish it or put it on hold first.")
            % {"number": seat.here, "desk": desk.name},
            code="desk_busy",
        )
    return seat


def _take(pk: int, *, desk: Desk, by: Officer, at: datetime) -> QueueTicket | None:
    """Compare-and-set from waiting to called; None when another desk was quicker."""
    taken = QueueTicket.objects.filter(pk=pk, state=TicketState.WAITING).update(
        state=TicketState.CALLED, desk=desk, officer=by, called_at=at
    )
    return QueueTicket.objects.get(pk=pk) if taken else None


def _call(
    ticket: QueueTicket,
    *,
    desk: Desk,
    by: Officer,
    at: datetime,
    rule: str,
    detail: dict[str, int | str],
    reason: str = "",
    is_recall: bool = False,
) -> Call:
    made = Call.objects.create(
        office_id=ticket.office_id,
        ticket=ticket,
        desk=desk,
        officer=by,
        called_at=at,
        is_recall=is_recall,
        rule=rule,
        detail=detail,
        reason=reason,
    )
    tickets.tell(
        "ticket.recalled" if is_recall else "ticket.called",
        ticket,
        by=by,
        at=at,
        data={"desk": desk.pk, "rule": str(rule), "call": made.pk},
    )
    return made
