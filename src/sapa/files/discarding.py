"""The worker's part: files that no message ever held are deleted after a day."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min
from django_scopes import scopes_disabled

from sapa.core.work import Source
from sapa.files import claiming
from sapa.files.models import StoredFile


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = StoredFile.objects.filter(discard_at__lte=at).order_by("discard_at", "pk")
        return list(rows.values_list("pk", flat=True)[:limit])


def _run(row: int, at: datetime) -> None:
    with transaction.atomic(), scopes_disabled():
        file = StoredFile.objects.filter(pk=row, discard_at__lte=at).first()
        if file is not None:
            claiming.delete(file)


def _fail(row: int, at: datetime, reason: str) -> None:
    """It stays due; the log names it and the health page shows its age."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        rows = StoredFile.objects.filter(discard_at__isnull=False)
        oldest: datetime | None = rows.aggregate(oldest=Min("discard_at"))["oldest"]
    return oldest


SOURCE = Source(name="unclaimed files", due=_due, run=_run, fail=_fail, oldest=_oldest)
