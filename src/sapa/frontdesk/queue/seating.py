"""Sitting down at a desk and leaving it: which desks are open."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.frontdesk import lines
from sapa.frontdesk.models import QueueTicket
from sapa.frontdesk.queue import promises, tickets
from sapa.offices.models import Desk
from sapa.people.models import Officer


def sit(desk: Desk, *, by: Officer, at: datetime) -> None:
    """The officer sits at the desk, which is open from now on; another desk of the same officer is left."""
    with transaction.atomic():
        # Two windows of one officer: the second waits here and then leaves the desk of the first.
        Officer.objects.select_for_update(no_key=True).get(pk=by.pk)
        # Both desks before the office that `leave_desk` locks: docs/architecture.md, Locks.
        desks = Desk.objects.select_for_update(no_key=True).filter(Q(pk=desk.pk) | Q(officer=by))
        current = next((each for each in desks.order_by("pk") if each.pk != desk.pk), None)
        if current is not None:
            leave_desk(current, by=by, at=at)
        taken = (
            Desk.objects.filter(pk=desk.pk, officer=None, is_active=True).update(officer=by, seated_at=at)
            or Desk.objects.filter(pk=desk.pk, officer=by).exists()
        )
        if not taken:
            raise Stale(
                _("%(desk)s is taken by a colleague. Please choose another desk.") % {"desk": desk.name},
                code="desk_taken",
            )
        record(
            "desk.opened",
            desk,
            office_id=desk.office_id,
            by=by.user,
            at=at,
            topics=(tickets.topic(desk.office_id),),
        )
        promises.begin(by.office, at, cause="desk_opened")


def leave_desk(desk: Desk, *, by: Officer, at: datetime) -> None:
    """The desk is closed. Refused while somebody is called to it or served there."""
    with transaction.atomic():
        here = QueueTicket.objects.filter(desk=desk, state__in=lines.AT_A_DESK).first()
        if here is not None:
            raise Refused(
                _("Number %(number)s is still at %(desk)s. Finish it or put it on hold first.")
                % {"number": here.label, "desk": desk.name},
                code="desk_busy",
            )
        if Desk.objects.filter(pk=desk.pk, officer=by).update(officer=None, seated_at=None):
            record(
                "desk.closed",
                desk,
                office_id=desk.office_id,
                by=by.user,
                at=at,
                topics=(tickets.topic(desk.office_id),),
            )
            # What was kept for this desk goes to the others; a service may have lost its last desk.
            promises.begin(by.office, at, cause="line_moved")
