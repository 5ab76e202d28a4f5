"""Reactions: due rows that run a wired handler once, in one transaction with their settling."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils.module_loading import import_string
from django_scopes import scope, scopes_disabled

from sapa.activity.models import Reaction
from sapa.core.work import Source

MAX_ATTEMPTS = 8



def _due(at: datetime, limit: int) -> list[int]:
    rows = Reaction.objects.filter(settled_at=None, dead_at=None, due_at__lte=at)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True)[:limit])


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


SOURCE = Source(name="reactions", due=_due, run=_run, fail=_fail, oldest=_oldest)
