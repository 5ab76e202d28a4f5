"""The worker reads sources on their timetable, a little at a time: clocks do not wait for a slow server."""

import time
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min
from django_scopes import scopes_disabled

from sapa.catalogue.models import Source, SourceRun
from sapa.catalogue.sources import running
from sapa.core.errors import Stale
from sapa.core.work import Source as Due

# A reading has so long before everything else has its turn; it goes on a second later, at its cursor.
TURN_SECONDS: Final = 30.0
SECOND: Final = timedelta(seconds=1)
LEASE: Final = timedelta(hours=1)
AGAIN: Final = timedelta(hours=1)
SOON: Final = timedelta(minutes=10)
Outcome = SourceRun.Outcome
# In this round somebody was read for long: the others wait until the clock has been read anew.
_long_round: datetime | None = None


def read_due(row: int, at: datetime, *, seconds: float = TURN_SECONDS) -> None:
    """The source is read for at most about `seconds`; then it is due again, a second later or on its timetable.

    One that failed is tried again after an hour; when it fails then too, on its timetable.
    """
    global _long_round
    with scopes_disabled():
        source = Source.objects.select_related("office__parent").filter(pk=row, due_at__lte=at).first()
        leased = at + LEASE
        if source is None or not Source.objects.filter(pk=row, due_at=source.due_at).update(due_at=leased):
            return
        began = time.monotonic()
        try:
            run = running.sync(source, at=at, is_enough=lambda: time.monotonic() - began >= seconds)
        except Stale:
            due_at = at + SOON
        else:
            due_at = at + _pause(source, run)
        finally:
            if time.monotonic() - began > SECOND.total_seconds():
                _long_round = at
        # Whoever changed the timetable meanwhile knows better.
        Source.objects.filter(pk=row, due_at=leased).update(due_at=due_at)


def _pause(source: Source, run: SourceRun) -> timedelta:
    every = timedelta(hours=source.every_hours)
    if run.outcome == Outcome.RUNNING:
        return SECOND
    if run.outcome == Outcome.CUT:
        return min(AGAIN, every)
    last = list(SourceRun.objects.filter(source=source).order_by("-id").values_list("outcome", flat=True)[:2])
    failed_before = last == [Outcome.FAILED, Outcome.FAILED]
    return min(AGAIN, every) if run.outcome == Outcome.FAILED and not failed_before else every


def _due(at: datetime, limit: int) -> list[int]:
    if _long_round == at:
        return []
    with scopes_disabled():
        rows = Source.objects.filter(due_at__lte=at).order_by("due_at", "id")
        # One after the other: after each of them the round sees whether it was long.
        return list(rows.values_list("id", flat=True)[:1])


def _fail(row: int, at: datetime, reason: str) -> None:
    """A mistake of ours: the run tells it, and after an hour we try again."""
    with scopes_disabled():
        Source.objects.filter(pk=row, due_at__isnull=False).update(due_at=at + AGAIN)


def _oldest() -> datetime | None:
    with scopes_disabled():
        rows = Source.objects.filter(due_at__isnull=False)
        oldest: datetime | None = rows.aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


SOURCE = Due(name="catalogue sources", due=_due, run=read_due, fail=_fail, oldest=_oldest)
