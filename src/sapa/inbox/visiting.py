"""A visit within a consultation begun online: what was written at the desk joins the record."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.frontdesk.models import QueueTicket
from sapa.inbox import rendering, writing

# One note for each number, however often the reaction runs.
_NUMBERS: Final = UUID("7c6f1a52-0a0b-4e53-9d53-2f1f6b7c9e10")


def add_outcome_after(event: Event, at: datetime) -> None:
    """The number of an appointment has ended: the officers read in the conversation what came of the visit. Nothing
    was written, nothing is added. The client is told by the officer, in words meant for them."""
    # Handed on meanwhile, the record is another office's; it is the same record.
    with scopes_disabled(), translation.override("id"):
        ticket = QueueTicket.objects.select_related("consultation", "officer__user").get(pk=event.subject_id)
        if not ticket.outcome.strip() or ticket.consultation is None or ticket.officer is None:
            return
        head = _("Outcome of the visit, number %(number)s:") % {"number": ticket.label}
        parts = [head, ticket.outcome.strip(), ticket.outcome_sources]
        text = "\n\n".join(filter(None, parts))
        # The whole of it stays with the number.
        short = text[: rendering.LONGEST]
        key = uuid5(_NUMBERS, str(ticket.pk))
        writing.note(ticket.consultation, text=short, key=key, by=ticket.officer, at=at)
