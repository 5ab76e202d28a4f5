"""The lines as they stand: who waits in which order, what a desk would call next, whose promise runs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.core.cache import cache

from sapa.core import sql
from sapa.frontdesk import order
from sapa.frontdesk.forecast import Forecast, forecast
from sapa.frontdesk.models import QueueTicket, TicketState
from sapa.offices.models import Desk, Office, Service
from sapa.people.models import Officer

OPEN = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD)
AT_A_DESK = (TicketState.CALLED, TicketState.SERVING)
# Enough recent lengths for an honest interval, few enough to follow a change of habits.
RECENT_SERVICES = 60
HISTORY = 20
# Between two visitors the officer closes one matter and calls, the next one comes to the desk. The forecast plays
# services back to back; its high end needs this once more than the low one.
HANDOVER = timedelta(minutes=3)
# The desk that a ticket `t` is kept for: only while somebody sits there, else the visitor would wait for ever.
KEPT_FOR = (
    "(SELECT r.id FROM offices_desk r"
    " WHERE r.id = t.reserved_desk_id AND r.is_active AND r.officer_id IS NOT NULL)"
)

# The visitor of ticket `t` still sits at a desk with another number (a referral): nobody else may call them yet.
ELSEWHERE = (
    "EXISTS (SELECT 1 FROM frontdesk_queueticket o"
    " WHERE o.visit_id = t.visit_id AND o.id <> t.id AND o.state IN ('called', 'serving'))"
)


def service_day(office: Office, at: datetime) -> date:
    """The office's local date at `at`: the day a number belongs to (lessons.md E.3: not the server's date)."""
    return at.astimezone(office.zone).date()


def waiting(office: Office, day: date, services: Collection[int] | None = None) -> list[order.Waiting]:
    """Everybody who waits on `day` and can come, for the services given by id or for all, in no particular order."""
    found = sql.rows(
        f"SELECT id, joined_at, number, prefix, is_priority, was_returned, appointed_at, {KEPT_FOR}"  # noqa: S608  # fixed
        " FROM frontdesk_queueticket t WHERE office_id = %s AND service_day = %s AND state = 'waiting'"
        f" AND NOT {ELSEWHERE}" + _only("service_id", services),
        [office.pk, day, *(services or ())],
    )
    return [
        order.Waiting(
            id=row[0],
            joined_at=sql.instant(row[1]) or datetime.min.replace(tzinfo=UTC),
            number=row[2],
            prefix=row[3],
            priority=bool(row[4]),
            returned=bool(row[5]),
            appointed_at=sql.instant(row[6]),
            reserved_desk_id=row[7],
        )
        for row in found
    ]


def history(office: Office, day: date, services: Collection[int] | None = None) -> list[bool]:
    """The classes of the last calls of these lines today, newest first; recalls and given tickets left out."""
    found = sql.rows(
        "SELECT t.is_priority FROM frontdesk_call c"  # noqa: S608  # placeholders
        " JOIN frontdesk_queueticket t ON t.id = c.ticket_id"
        " WHERE c.office_id = %s AND t.service_day = %s AND c.is_recall = %s AND c.rule <> %s"
        + _only("t.service_id", services)
        + " ORDER BY c.called_at DESC, c.id DESC LIMIT %s",
        [office.pk, day, False, GIVEN, *(services or ()), HISTORY],
    )
    return [bool(row[0]) for row in found]


def _only(column: str, ids: Collection[int] | None) -> str:
    """A condition for as many ids as follow among the values; nothing when all are meant. Only placeholders."""
    if ids is None:
        return ""
    return f" AND {column} IN ({', '.join(['%s'] * len(ids)) or 'NULL'})"


# The rule noted with a call that an officer chose by hand, with a reason.
GIVEN = "given"


def policy(office: Office) -> order.Policy:
    return order.Policy(priority_every=office.priority_every)


def in_order(office: Office, day: date, services: Collection[int] | None = None) -> list[int]:
    """Ticket ids in the order in which they will be called if nobody else comes."""
    return order.line(waiting(office, day, services), history(office, day, services), policy(office))


def line_of(office: Office, day: date, services: Collection[int]) -> list[order.Waiting]:
    """Everybody who waits for these services, in the order in which a desk that keeps them would call."""
    standing = {each.id: each for each in waiting(office, day, services)}
    return [
        standing[each]
        for each in order.line(standing.values(), history(office, day, services), policy(office))
    ]


@dataclass(frozen=True)
class Seat:
    """An officer's own desk: the services it keeps and the number that is at it now, if any."""

    services: list[int]
    here: str


def seat_of(desk: Desk, officer: Officer) -> Seat | None:
    """The desk as the officer's own; None when the officer does not sit there. One statement."""
    found = sql.rows(
        "SELECT k.service_id, t.prefix, t.number FROM offices_desk d"
        " LEFT JOIN offices_desk_services k ON k.desk_id = d.id"
        " LEFT JOIN frontdesk_queueticket t ON t.desk_id = d.id AND t.state IN ('called', 'serving')"
        " WHERE d.id = %s AND d.officer_id = %s AND d.is_active = %s ORDER BY k.service_id",
        [desk.pk, officer.pk, True],
    )
    if not found:
        return None
    here = order.ticket_label(found[0][1], found[0][2]) if found[0][1] is not None else ""
    return Seat(services=[row[0] for row in found if row[0] is not None], here=here)


def next_for(desk: Desk, services: Collection[int], office: Office, day: date) -> order.Choice | None:
    """What this desk would call now, and by which rule."""
    return order.choose(
        waiting(office, day, services), history(office, day, services), policy(office), desk_id=desk.pk
    )


@dataclass(frozen=True)
class FreeDesk:
    """A desk that could take somebody now. Without an id: the office is open but nobody sits at any desk
    of the service; the promise to the visitor runs all the same."""

    id: int | None
    services: frozenset[int]


@dataclass(frozen=True)
class Desks:
    """Which staffed desk keeps which services, and since when somebody is served there."""

    keeps: dict[int, frozenset[int]]
    offered: frozenset[int]
    busy: frozenset[int]
    serving_since: dict[int, tuple[int, datetime]]  # desk -> (service, start)

    def free(self) -> list[FreeDesk]:
        """Staffed desks with nobody called or served, and one for the services that no staffed desk keeps."""
        free = [FreeDesk(desk, kept) for desk, kept in self.keeps.items() if desk not in self.busy]
        forsaken = self.offered.difference(*self.keeps.values())
        return [*free, FreeDesk(None, forsaken)] if forsaken else free

    def staffed_for(self, service: int) -> int:
        return sum(service in kept for kept in self.keeps.values())


def desks_now(office: Office) -> Desks:
    """The desks of the office as they stand, with every service they keep: whoever took a number before a service
    was switched off is still called. One statement."""
    found = sql.rows(
        "SELECT s.id, d.id, t.id, t.service_id, t.started_at FROM offices_service s"
        " LEFT JOIN offices_desk_services k ON k.service_id = s.id"
        " LEFT JOIN offices_desk d ON d.id = k.desk_id AND d.is_active = %s AND d.officer_id IS NOT NULL"
        " LEFT JOIN frontdesk_queueticket t ON t.desk_id = d.id AND t.state IN ('called', 'serving')"
        " WHERE s.office_id = %s ORDER BY d.id, s.id",
        [True, office.pk],
    )
    keeps: dict[int, set[int]] = {}
    since: dict[int, tuple[int, datetime]] = {}
    for service, desk, _ticket, served, started in found:
        if desk is not None:
            keeps.setdefault(desk, set()).add(service)
            if (at := sql.instant(started)) is not None:
                since[desk] = (served, at)
    return Desks(
        keeps={desk: frozenset(kept) for desk, kept in keeps.items()},
        offered=frozenset(row[0] for row in found),
        busy=frozenset(row[1] for row in found if row[2] is not None),
        serving_since=since,
    )


def heads(choices: Sequence[Sequence[int]]) -> list[int]:
    """Whose turn it is while these desks are free: as many visitors as can be placed, each the first that is left.

    `choices` holds for each free desk the tickets it may call, in its own calling order. A desk gives its visitor
    up for the next one of its line when another desk could otherwise take nobody (augmenting paths).
    """
    taken: dict[int, int] = {}

    def place(desk: int, tried: set[int]) -> bool:
        for ticket in choices[desk]:
            if ticket not in tried:
                tried.add(ticket)
                if ticket not in taken or place(taken[ticket], tried):
                    taken[ticket] = desk
                    return True
        return False

    for desk in range(len(choices)):
        place(desk, set())
    return list(taken)


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


def wait_ahead(
    office: Office, service: Service, *, ahead: int, at: datetime, desks: Desks | None = None
) -> Forecast:
    """How long somebody with `ahead` others in front will wait for `service`, as an interval.

    The lengths of recent services are read at most once a minute: one more hardly moves the interval.
    """
    now = desks or desks_now(office)
    elapsed = [
        max(timedelta(0), at - since) for served, since in now.serving_since.values() if served == service.pk
    ]
    lengths = cache.get_or_set(
        f"lengths:{office.pk}:{service.pk}", lambda: recent_lengths(office, service), timeout=60
    )
    expected = forecast(
        ahead=ahead,
        desks=max(1, now.staffed_for(service.pk), len(elapsed)),
        durations=lengths or [],
        in_service_elapsed=elapsed,
        typical=timedelta(minutes=service.typical_minutes),
    )
    return Forecast(expected.low, expected.high + HANDOVER)


def newcomer_ahead(office: Office, ticket: QueueTicket) -> int:
    """How many will be called before this ticket that is only now joining the line of its service."""
    day, services = ticket.service_day, [ticket.service_id]
    if not ticket.is_priority:
        # Last come in the class that is never preferred: everybody else is in front.
        found = sql.rows(
            "SELECT COUNT(*) FROM frontdesk_queueticket"
            " WHERE office_id = %s AND service_day = %s AND service_id = %s AND state = 'waiting'",
            [office.pk, day, ticket.service_id],
        )
        return int(found[0][0])
    newcomer = order.Waiting(
        id=0, joined_at=ticket.joined_at, number=ticket.number, prefix=ticket.prefix, priority=True
    )
    everybody = [*waiting(office, day, services), newcomer]
    return order.line(everybody, history(office, day, services), policy(office)).index(0)


def is_kept_for_a_desk(office: Office, ticket: QueueTicket) -> bool:
    """Whether somebody waits in this line for one desk only, and so stands in nobody's way at the others."""
    found = sql.rows(
        "SELECT 1 FROM frontdesk_queueticket WHERE office_id = %s AND service_day = %s AND service_id = %s"
        " AND state = 'waiting' AND reserved_desk_id IS NOT NULL LIMIT 1",
        [office.pk, ticket.service_day, ticket.service_id],
    )
    return bool(found)


def ahead_of(ticket: QueueTicket, office: Office) -> int:
    """How many will be called before this ticket in the line of its service."""
    ordered = in_order(office, ticket.service_day, [ticket.service_id])
    return ordered.index(ticket.pk) if ticket.pk in ordered else len(ordered)
