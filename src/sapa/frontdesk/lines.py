"""The lines as they stand: who waits in which order, what a desk would call next, whose promise runs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sapa.frontdesk import order
from sapa.frontdesk.forecast import Forecast, forecast
from sapa.frontdesk.models import Call, QueueTicket, TicketState
from sapa.offices.models import Desk, Office, Service

AT_A_DESK = (TicketState.CALLED, TicketState.SERVING)
# Enough recent lengths for an honest interval, few enough to follow a change of habits.
RECENT_SERVICES = 60
HISTORY = 20


def service_day(office: Office, at: datetime) -> date:
    """The office's local date at `at`: the day a number belongs to (lessons.md E.3: not the server's date)."""
    return at.astimezone(office.zone).date()


def waiting(office: Office, day: date, services: Collection[int] | None = None) -> list[order.Waiting]:
    """Everybody who waits on `day`, for the services given by id or for all, in no particular order."""
    rows = QueueTicket.objects.filter(office=office, service_day=day, state=TicketState.WAITING)
    if services is not None:
        rows = rows.filter(service_id__in=services)
    return [
        order.Waiting(
            id=row[0],
            joined_at=row[1],
            number=row[2],
            prefix=row[3],
            priority=row[4],
            returned=row[5],
            reserved_desk_id=row[6],
        )
        for row in rows.values_list(
            "id", "joined_at", "number", "prefix", "is_priority", "was_returned", "reserved_desk_id"
        )
    ]


def history(office: Office, day: date, services: Collection[int] | None = None) -> list[bool]:
    """The classes of the last calls of these lines today, newest first; recalls and given tickets left out."""
    rows = Call.objects.filter(office=office, ticket__service_day=day, is_recall=False).exclude(rule=GIVEN)
    if services is not None:
        rows = rows.filter(ticket__service_id__in=services)
    return list(rows.order_by("-called_at", "-id").values_list("ticket__is_priority", flat=True)[:HISTORY])


# The rule noted with a call that an officer chose by hand, with a reason.
GIVEN = "given"


def policy(office: Office) -> order.Policy:
    return order.Policy(priority_every=office.priority_every)


def in_order(office: Office, day: date, services: Collection[int] | None = None) -> list[int]:
    """Ticket ids in the order in which they will be called if nobody else comes."""
    return order.line(waiting(office, day, services), history(office, day, services), policy(office))


def next_for(desk: Desk, office: Office, day: date) -> order.Choice | None:
    """What this desk would call now, and by which rule."""
    services = list(desk.services.values_list("id", flat=True))
    return order.choose(
        waiting(office, day, services), history(office, day, services), policy(office), desk_id=desk.pk
    )


@dataclass(frozen=True)
class FreeDesk:
    """A desk that could take somebody now. Without an id: the office is open but nobody sits at any desk
    of the service; the promise to the visitor runs all the same."""

    id: int | None
    services: frozenset[int]


def free_desks(office: Office) -> list[FreeDesk]:
    """Staffed desks with nobody called or in service, and one for each service that no staffed desk keeps."""
    staffed: dict[int, set[int]] = {}
    for desk, service in (
        Desk.objects.filter(office=office, is_active=True, officer__isnull=False)
        .order_by("id")
        .values_list("id", "services")
    ):
        staffed.setdefault(desk, set()).add(service)
    busy = set(
        QueueTicket.objects.filter(office=office, state__in=AT_A_DESK).values_list("desk_id", flat=True)
    )
    free = [FreeDesk(desk, frozenset(kept)) for desk, kept in staffed.items() if desk not in busy]
    kept_by_somebody = set().union(*staffed.values()) if staffed else set()
    forsaken = set(
        Service.objects.filter(office=office, is_active=True)
        .exclude(id__in=kept_by_somebody)
        .values_list("id", flat=True)
    )
    if forsaken:
        free.append(FreeDesk(None, frozenset(forsaken)))
    return free


def heads(line: Iterable[tuple[int, int, int | None]], free: Sequence[FreeDesk]) -> list[int]:
    """Whose turn it is while these desks are free: each desk takes the first in `line` that it may serve.

    `line` holds (ticket id, service id, reserved desk id) in calling order. Desks that keep fewer services
    choose first, so that a desk of all services is not spent on somebody whom another could take.
    """
    left = sorted(free, key=lambda desk: (len(desk.services), desk.id or 0))
    found = []
    for ticket, service, reserved in line:
        fit = next(
            (desk for desk in left if service in desk.services and reserved in (None, desk.id)),
            None,
        )
        if fit is not None:
            left.remove(fit)
            found.append(ticket)
        if not left:
            break
    return found


def recent_lengths(office: Office, service: Service) -> list[timedelta]:
    """How long the last services took; those left open past closing time or put on hold are no lengths."""
    rows = QueueTicket.objects.filter(
        office=office,
        service=service,
        state=TicketState.FINISHED,
        flagged_at=None,
        was_returned=False,
        started_at__isnull=False,
    )
    pairs = rows.order_by("-id").values_list("started_at", "ended_at")[:RECENT_SERVICES]
    return [ended - started for started, ended in pairs if started and ended]


def wait_ahead(office: Office, service: Service, *, ahead: int, at: datetime) -> Forecast:
    """How long somebody with `ahead` others in front will wait for `service`, as an interval."""
    elapsed = [
        at - started
        for started in QueueTicket.objects.filter(
            office=office, service=service, state=TicketState.SERVING, service_day=service_day(office, at)
        ).values_list("started_at", flat=True)
        if started is not None
    ]
    staffed = Desk.objects.filter(
        office=office, is_active=True, officer__isnull=False, services=service
    ).count()
    return forecast(
        ahead=ahead,
        desks=max(1, staffed, len(elapsed)),
        durations=recent_lengths(office, service),
        in_service_elapsed=elapsed,
        typical=timedelta(minutes=service.typical_minutes),
    )


def ahead_of(ticket: QueueTicket, office: Office) -> int:
    """How many will be called before this ticket in the line of its service."""
    ordered = in_order(office, ticket.service_day, [ticket.service_id])
    return ordered.index(ticket.pk) if ticket.pk in ordered else 0
