"""What a token may be allowed, and what a webhook may hear of. The names are part of the public interface."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

SCOPES: Final = {
    "catalogue:read": _("Search and read the catalogue"),
    "consultations:read": _("Read consultations and their clocks"),
    "consultations:write": _("Begin consultations"),
    "messages:read": _("Read messages (never internal notes)"),
    "messages:write": _("Write messages"),
    "visits:read": _("Read visits, without names"),
    "visits:write": _("Sign the guest book and take a number"),
    "tickets:read": _("Read queue numbers"),
    "tickets:write": _("Give up queue numbers"),
    "webhooks:write": _("Set up and end webhooks"),
}
EVENTS: Final = {
    "consultation.requested": _("A consultation was requested"),
    "consultation.accepted": _("A request is complete, the promise runs"),
    "consultation.forwarded": _("A consultation went to another office"),
    "consultation.closed": _("A consultation was closed"),
    "consultation.reopened": _("A consultation was opened again"),
    "message.received": _("A client wrote"),
    "message.sent": _("The office wrote"),
    "ticket.issued": _("A number was issued"),
    "ticket.called": _("A number was called"),
    "ticket.finished": _("A number was served"),
    "visit.signed": _("A visitor signed the guest book"),
    "meeting.booked": _("An appointment was booked"),
    "meeting.cancelled": _("An appointment was cancelled"),
}


def named(codes: Iterable[str], among: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each code with what it means to a person; a code of another version stands alone."""
    return [(str(among.get(code, "")), code) for code in codes]
