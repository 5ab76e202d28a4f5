"""What came of a visit that continues a consultation begun online: kept with its number.

The online record has its officer, its subject and its answers already; the visit adds to it and overwrites nothing.
"""

from sapa.core.errors import Stale
from sapa.frontdesk.lines import AT_A_DESK
from sapa.frontdesk.models import QueueTicket
from sapa.frontdesk.queue import tickets
from sapa.people.models import Officer


def write(ticket: QueueTicket, *, text: str, sources: str, by: Officer) -> None:
    """The visit says this now, with these sources (one a line), while its visitor is at a desk of `by`. The record
    has it when the number ends (inbox/visiting.py)."""
    here = QueueTicket.objects.filter(pk=ticket.pk, state__in=AT_A_DESK, officer=by)
    if not here.update(outcome=text, outcome_sources=sources):
        raise Stale(tickets.CHANGED, code="ticket_changed")
    ticket.outcome, ticket.outcome_sources = text, sources
