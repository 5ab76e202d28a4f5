"""Arriving: the guest book signed and the number taken, both or neither."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sapa.core.errors import Stale
from sapa.frontdesk import guestbook, queue
from sapa.frontdesk.appointments import expected
from sapa.frontdesk.entries import Entry
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Office
from sapa.people.models import Client, Officer


def arrive(
    office: Office,
    *,
    entry: Entry,
    door: Visit.Door,
    by: Officer | None,
    at: datetime,
    submission_key: UUID,
    client: Client | None = None,
) -> QueueTicket:
    """One line in the guest book and one number. The same submission again returns the same number, for ever.

    A known visitor (`client`) who has an appointment today continues that consultation instead of beginning one.
    """
    with transaction.atomic():
        visit = guestbook.sign(
            office, entry=entry, door=door, by=by, at=at, submission_key=submission_key, client=client
        )
        # Locked until the end: a second press waits here and then finds the number.
        Visit.objects.select_for_update().get(pk=visit.pk)
        earlier = QueueTicket.objects.filter(visit=visit).order_by("id").first()
        if earlier is not None:
            return earlier
        service = office.services.filter(key=entry.service_key).first()
        if service is None:
            raise Stale(_("This form is no longer valid. Please begin again."), code="stale_form")
        return queue.issue(
            visit,
            service=service,
            at=at,
            by=by,
            is_priority=entry.wants_priority,
            subject=entry.subject,
            appointment=expected(office, client, service, at=at) if client is not None else None,
        )
