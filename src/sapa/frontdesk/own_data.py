"""What the guest book and the desks hold of a client, for the person concerned (people/own_data.py)."""

from typing import Any, Final

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sapa.consultations.models import Consultation, State
from sapa.frontdesk import lines
from sapa.frontdesk.models import QueueTicket
from sapa.frontdesk.retention import anonymise
from sapa.people.models import Client
from sapa.people.own_data import Keeper


def told(client: Client) -> dict[str, list[dict[str, Any]]]:
    """The visits with what was written on the day, their numbers, and the matters at every office."""
    visits = client.visits.select_related("office", "institution").order_by("signed_at")
    with_numbers = Prefetch("tickets", QueueTicket.objects.order_by("id"))
    matters = client.consultations.select_related("office", "service").order_by("requested_at")
    return {
        "visits": [
            {
                "office": each.office.name,
                "signed_at": each.signed_at,
                "door": each.door,
                "gender": each.gender,
                "age_class": each.age_class,
                "education": each.education,
                "occupation": each.occupation,
                "occupation_text": each.occupation_text,
                "institution": each.institution.name if each.institution else "",
                "purpose": each.purpose,
                "purpose_text": each.purpose_text,
                "subject": each.subject,
                "errand": each.errand_text,
                "numbers": [ticket.label for ticket in each.tickets.all()],
                "outcomes": [ticket.outcome for ticket in each.tickets.all() if ticket.outcome],
            }
            for each in visits.prefetch_related(with_numbers)
        ],
        "consultations": [
            {
                "office": each.office.name,
                "code": each.code,
                "service": each.service.name,
                "door": each.door,
                "subject": each.subject,
                "answer": each.answer,
                "requested_at": each.requested_at,
                "closed_at": each.closed_at,
            }
            for each in matters
        ],
    }


def objection(client: Client) -> str | Promise:
    """An open number could not be called by name any more, and an open matter not be answered."""
    waiting = QueueTicket.objects.filter(visit__client=client, state__in=lines.OPEN).first()
    if waiting is not None:
        return _("Number %(number)s is still open. Finish or cancel it first, then erase the data.") % {
            "number": waiting.label
        }
    open_matter = Consultation.objects.filter(client=client).exclude(state=State.CLOSED).first()
    if open_matter is not None:
        return _(
            "Consultation %(code)s is still open. Wait for its end or close it first, then erase the data."
        ) % {"code": open_matter.code}
    return ""


KEEPER: Final = Keeper(told=told, objection=objection, forget=anonymise)
