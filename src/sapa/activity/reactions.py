"""Reactions: due rows that run a wired handler once, in one transaction with their settling."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Min, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_scopes import scope, scopes_disabled

from sapa.activity.models import Reaction
from sapa.activity.recording import record
from sapa.core.errors import Stale
from sapa.core.work import Source

MAX_ATTEMPTS = 8


def dead_of(office: models.Model) -> models.QuerySet[Reaction]:
    """What was given up after the last attempt and still waits for somebody, the latest first."""
    rows = Reaction.objects.filter(event__office_id=office.pk, dead_at__isnull=False)
    return rows.order_by("-dead_at", "-id")


def revive(reaction: Reaction, *, by: models.Model | None, at: datetime) -> None:
    """The reaction that gave up is due now and has all its attempts again. Refused when it is not dead any more."""
    with transaction.atomic():
        revived = Reaction.objects.filter(pk=reaction.pk, dead_at__isnull=False).update(
            dead_at=None, due_at=at, attempts=0, reason=""
        )
        if not revived:
            raise Stale(_("This task is being tried again already."), code="not_dead")
        data = {"handler": reaction.handler, "attempts": reaction.attempts}
        office_id = reaction.event.office_id
        record("reaction.revived", reaction, office_id=office_id, by=by, at=at, data=data)


def _due(at: datetime, limit: int) -> list[int]:
    """What was never tried is due whatever the clock says: it may have been an hour ahead when that was written. They
    are told in the order of the events; the index gives them in that of their time."""
    rows = Reaction.objects.filter(Q(due_at__lte=at) | Q(attempts=0), settled_at=None, dead_at=None)
    return sorted(rows.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def _run(row: int, at: datetime) -> None:
    with transaction.atomic(), scopes_disabled():
        claimed = Reaction.objects.filter(id=row, settled_at=None, dead_at=None).update(settled_at=at)
        if not claimed:
            return
        reaction = Reaction.objects.select_related("event__office").get(id=row)
        with scope(office=reaction.event.office):
            import_string(reaction.handler)(reaction.event, at)


def _fail(row: int, at: datetime, reason: str) -> None:
    """Try again later, twice as late each time; after MAX_ATTEMPTS the row is dead and visible."""
    reaction = Reaction.objects.get(id=row)
    reaction.attempts += 1
    reaction.reason = reason
    reaction.due_at = at + timedelta(seconds=10 * 2**reaction.attempts)
    reaction.dead_at = at if reaction.attempts >= MAX_ATTEMPTS else None
    reaction.save(update_fields=["attempts", "reason", "due_at", "dead_at"])


def _oldest() -> datetime | None:
    rows = Reaction.objects.filter(settled_at=None, dead_at=None)
    oldest: datetime | None = rows.aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


def _dead() -> int:
    return Reaction.objects.filter(dead_at__isnull=False).count()


SOURCE = Source(name="reactions", due=_due, run=_run, fail=_fail, oldest=_oldest, dead=_dead)
