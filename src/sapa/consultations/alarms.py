"""Who must hear of a clock in time: due rows that become events, each once (lessons.md E.2)."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Min
from django_scopes import scopes_disabled

from sapa.consultations import news
from sapa.consultations.models import Alarm
from sapa.core.work import Source

What = Alarm.What
EVENTS: Final = {
    What.HALF: "clock.half_gone",
    What.ONE_DAY: "clock.one_day_left",
    What.OVERDUE: "clock.overdue",
    What.SILENT_3: "silence.warned",
    What.SILENT_6: "silence.warned",
}
_DAY: Final = {What.SILENT_3: 3, What.SILENT_6: 6}


def _due(at: datetime, limit: int) -> list[int]:
    rows = Alarm.objects.filter(settled_at=None, due_at__lte=at).order_by("due_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def _ring(row: int, at: datetime) -> None:
    """The event is written, unless the clock has ended or stands still; late ones are told as they are."""
    with transaction.atomic(), scopes_disabled():
        if not Alarm.objects.filter(pk=row, settled_at=None).update(settled_at=at):
            return
        alarm = Alarm.objects.select_related("deadline__consultation").get(pk=row)
        deadline = alarm.deadline
        if deadline.met_at or deadline.stopped_at or deadline.paused_at:
            return
        if deadline.due_at <= at and alarm.what != What.OVERDUE:
            return  # nobody worked for days: the end itself is told, not the warnings before it
        what = What(alarm.what)
        news.tell(
            EVENTS[what],
            deadline.consultation,
            subject=deadline,
            by=None,
            at=at,
            data={"day": _DAY[what]} if what in _DAY else {},
        )


def _fail(row: int, at: datetime, reason: str) -> None:
    """An alarm that could not be written stays due; the log names it."""


def _oldest() -> datetime | None:
    oldest: datetime | None = Alarm.objects.filter(settled_at=None).aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


SOURCE = Source(name="alarms", due=_due, run=_ring, fail=_fail, oldest=_oldest)
