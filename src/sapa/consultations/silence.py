"""The end of a silence: a due row that closes the conversation when nobody wrote (Standard, step 13)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min, QuerySet
from django_scopes import scopes_disabled

from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation, Deadline, Reason
from sapa.core.work import Source


def _running() -> QuerySet[Deadline]:
    return Deadline.objects.filter(
        kind=Deadline.Kind.SILENCE, met_at=None, stopped_at=None, breached_at=None, paused_at=None
    )


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = _running().filter(due_at__lte=at).order_by("due_at", "id")
        return list(rows.values_list("id", flat=True)[:limit])


def _close(row: int, at: datetime) -> None:
    """Closed by nobody, for silence, unless somebody wrote meanwhile."""
    with transaction.atomic(), scopes_disabled():
        # The consultation before its clocks, as everybody locks them: whoever writes in this second is not in our way.
        held = Consultation.objects.select_for_update(of=("self",), no_key=True)
        consultation = held.select_related("office").filter(deadlines=row).first()
        if consultation is not None and _running().filter(pk=row, due_at__lte=at).exists():
            lifecycle.close(consultation, reason=Reason.SILENCE, by=None, at=at)


def _fail(row: int, at: datetime, reason: str) -> None:
    """A closing that failed stays due; the log names it and the health page shows its age."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        oldest: datetime | None = _running().aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


SOURCE = Source(name="silence", due=_due, run=_close, fail=_fail, oldest=_oldest)
