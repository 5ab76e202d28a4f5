"""The worker's part: what waited for the reporter until the window was over is done."""

from datetime import datetime

from django.db.models import Min
from django_scopes import scope, scopes_disabled

from sapa.core.work import Source
from sapa.feedback import complaints
from sapa.feedback.models import Complaint

State = Complaint.State


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = Complaint.objects.filter(state=State.WAITING, reply_until__lte=at)
        return list(rows.order_by("reply_until", "id").values_list("id", flat=True)[:limit])


def _run(row: int, at: datetime) -> None:
    with scopes_disabled():
        complaint = Complaint.objects.select_related("office").get(pk=row)
    with scope(office=complaint.office):
        complaints.close_silent(complaint, at=at)


def _fail(row: int, at: datetime, reason: str) -> None:
    """It stays due; the log names it and the health page shows its age."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        rows = Complaint.objects.filter(state=State.WAITING)
        oldest: datetime | None = rows.aggregate(oldest=Min("reply_until"))["oldest"]
    return oldest


SOURCE = Source(name="complaint windows", due=_due, run=_run, fail=_fail, oldest=_oldest)
