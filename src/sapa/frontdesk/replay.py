"""The last service day played again under another rule of the queue: what each would have made people wait.

No regulation fixes how priority numbers are interleaved (domain.md 3.4); an office decides with its own day before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sapa.frontdesk.models import QueueTicket
from sapa.frontdesk.order import Arrival, Policy, Waits, simulate
from sapa.offices.models import Office

# What an office chooses from most often; its own and the proposed value come beside them.
USUAL = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Day:
    """Who was served on a day that is over, in the order of arrival, and how many desks served at the same time."""

    on: date
    arrivals: Sequence[Arrival]
    lengths: Sequence[timedelta]
    desks: int
    served_from: datetime

    @property
    def priority(self) -> int:
        return sum(each.priority for each in self.arrivals)


@dataclass(frozen=True, slots=True)
class Played:
    """The day under one rule."""

    priority_every: int
    waits: Waits
    is_current: bool
    is_proposed: bool


def last_day(office: Office, *, before: date) -> Day | None:
    """The last day before that date on which somebody was served, None when there is none. Two queries.

    A length that says nothing (left open at closing time, or with a hold in between) counts as the usual length of
    its service.
    """
    served = QueueTicket.objects.filter(office=office, started_at__isnull=False, ended_at__isnull=False)
    on = (
        served.filter(service_day__lt=before)
        .order_by("-service_day")
        .values_list("service_day", flat=True)
        .first()
    )
    if on is None:
        return None
    arrivals, lengths, spans = [], [], []
    for ticket in served.filter(service_day=on).select_related("service").order_by("joined_at", "id"):
        assert ticket.started_at is not None  # as asked of the database
        assert ticket.ended_at is not None
        length = ticket.ended_at - ticket.started_at
        if ticket.flagged_at is not None or ticket.was_returned:
            length = timedelta(minutes=ticket.service.typical_minutes)
        arrivals.append(Arrival(ticket.joined_at, ticket.is_priority))
        lengths.append(length)
        spans.append((ticket.started_at, ticket.started_at + length))
    return Day(on, arrivals, lengths, _most_at_once(spans), min(begun for begun, _ended in spans))


def play(day: Day, *, current: int, proposed: int | None = None) -> list[Played]:
    """The day under each of the usual rules, the current one and the proposed one, the strictest first."""
    return [
        Played(
            priority_every=every,
            waits=simulate(day.arrivals, day.lengths, Policy(every), day.desks, served_from=day.served_from),
            is_current=every == current,
            is_proposed=every == proposed and every != current,
        )
        for every in sorted({*USUAL, current} | ({proposed} if proposed else set()))
    ]


def _most_at_once(spans: Sequence[tuple[datetime, datetime]]) -> int:
    """How many services overlapped at most; one that begins as another ends does not overlap it."""
    changes = sorted([(begun, 1) for begun, _ in spans] + [(ended, -1) for _, ended in spans])
    busy = most = 0
    for _at, change in changes:
        busy += change
        most = max(most, busy)
    return max(1, most)
