"""Where a promise that ran was stopped by a hold or a hand-over: each with its instants and by whom.

After a pause a new promise begins (docs/decisions/0008). Seldom that is right; often, and in the last minutes, it is
a way around the promise, and a head of office must be able to see it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sapa.activity.models import Event
from sapa.consultations.models import Deadline
from sapa.frontdesk.models import QueueTicket
from sapa.offices.models import Office
from sapa.reports.table import Cell, Table

HELD: Final = "held"
TRANSFERRED: Final = "transferred"
REASONS: Final = (HELD, TRANSFERRED)
LAST_MINUTES: Final = timedelta(minutes=2)
# (ticket, instant) -> the name of the officer; who is not there was the visitor.
By = Mapping[tuple[int, datetime], str]


@dataclass(frozen=True, slots=True)
class Pause:
    """One running promise that stopped. `by` is blank when the visitor stepped out; `resumed_at` is the beginning
    of the next promise to the same visitor, None when there was none."""

    reason: str
    by: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime
    resumed_at: datetime | None

    @property
    def left(self) -> timedelta:
        """What the promise still had by the clock; nothing when it was late already."""
        return max(timedelta(0), self.due_at - self.stopped_at)

    @property
    def is_last_minute(self) -> bool:
        return timedelta(0) < self.left <= LAST_MINUTES


def authors(office: Office, tickets: QuerySet[QueueTicket]) -> By:
    """Which officer paused which number when, as the record of events has it. One query."""
    found = Event.objects.filter(
        office=office,
        subject_type="queueticket",
        subject_id__in=tickets.order_by().values("id"),
        name__in=("ticket.held", "ticket.transferred"),
        by__isnull=False,
    ).values_list("subject_id", "at", "by__name", "by__email")
    return {(ticket, at): name or email for ticket, at, name, email in found}


def of_ticket(ticket: int, clocks: Iterable[Deadline], by: By) -> tuple[Pause, ...]:
    """The pauses of one number, the first one first."""
    ordered = sorted(clocks, key=lambda each: (each.started_at, each.pk))
    following = [*(each.started_at for each in ordered[1:]), None]
    return tuple(
        Pause(
            reason=each.stop_reason,
            by=by.get((ticket, each.stopped_at), ""),
            started_at=each.started_at,
            due_at=each.due_at,
            stopped_at=each.stopped_at,
            resumed_at=resumed_at,
        )
        for each, resumed_at in zip(ordered, following, strict=False)
        if each.stopped_at is not None and each.stop_reason in REASONS
    )


def listed(found: Iterable[tuple[str, str, str, Sequence[Pause]]]) -> Table:
    """Every pause of the period: number, service and desk of the visit, then the pause itself."""
    body: list[list[Cell]] = [
        [
            label,
            service,
            desk,
            _("handed over") if pause.reason == TRANSFERRED else _("on hold"),
            _author(pause),
            pause.started_at,
            pause.stopped_at,
            pause.left,
            pause.resumed_at,
        ]
        for label, service, desk, pauses in found
        for pause in pauses
    ]
    head = [
        _("Number"),
        _("Service"),
        _("Desk"),
        _("Kind of pause"),
        _("By"),
        _("Promise began"),
        _("Paused"),
        _("Time left"),
        _("New promise began"),
    ]
    return Table("jeda", _("Paused promises"), head, body, numeric=(7,), empty=_("No promise was paused"))


def by_author(found: Iterable[Sequence[Pause]]) -> Table:
    """Who paused how often, the most frequent first; apart, how often hardly any time was left."""
    named: dict[str, list[Pause]] = {}
    for pauses in found:
        for pause in pauses:
            named.setdefault(_author(pause), []).append(pause)
    body: list[list[Cell]] = [
        [
            name,
            sum(each.reason == HELD for each in pauses),
            sum(each.reason == TRANSFERRED for each in pauses),
            sum(each.is_last_minute for each in pauses),
        ]
        for name, pauses in sorted(named.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    head = [_("By"), _("On hold"), _("Handed over"), _("In the last 2 minutes")]
    return Table(
        "jeda-oleh", _("Who paused promises"), head, body, numeric=(1, 2, 3), empty=_("No promise was paused")
    )


def _author(pause: Pause) -> str:
    return pause.by or _("the visitor")
