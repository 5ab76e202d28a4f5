"""One day at the office, played through the real verbs: visitors arrive, officers call, serve, answer, finish.

The same seed plays the same day. A queue of actions in time order drives it, as a day drives an office.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from sapa.consultations import answering
from sapa.consultations.answering import Cited
from sapa.core.work import work
from sapa.demo.matters import COMMENTS, ERRANDS, MATTERS, SITE, Matter
from sapa.feedback import ratings
from sapa.feedback.models import Rating
from sapa.feedback.skm import Element
from sapa.frontdesk import calls, guestbook, queue, requirements
from sapa.frontdesk.entries import Entry
from sapa.frontdesk.models import Call, QueueTicket, TicketState, Visit
from sapa.offices.models import Desk, Device, Office, Service
from sapa.people.models import Client, Officer

Action = Callable[[datetime], None]
INVITATIONS = ("sapa.activity.reactions.SOURCE",)
DOORS = (Visit.Door.KIOSK, Visit.Door.KIOSK, Visit.Door.KIOSK, Visit.Door.PHONE, Visit.Door.FRONT_OFFICE)


@dataclass
class Day:
    """The office on one day, as the player of the demonstration sees it."""

    office: Office
    random: Random
    entries: Iterator[Entry]
    staff: dict[str, Officer]
    board: Device
    services: dict[str, Service]
    desks: dict[str, Desk]
    known: list[Client] = field(default_factory=list)
    matters: dict[int, Matter] = field(default_factory=dict)  # ticket -> what it is about
    agenda: list[tuple[datetime, int, Action]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    idle: set[str] = field(default_factory=set)
    willing: list[Visit] = field(default_factory=list)  # to rate, once they are invited
    serves: dict[str, set[int]] = field(default_factory=dict)  # desk -> services

    def plan(self, at: datetime, action: Action) -> None:
        heapq.heappush(self.agenda, (at, next(self.order), action))

    def play(self, until: datetime) -> None:
        """Do everything planned before `until`, and what follows from it; the rest stays undone."""
        while self.agenda and self.agenda[0][0] < until:
            at, _order, action = heapq.heappop(self.agenda)
            action(at)
        self.agenda.clear()

    def seconds(self, low: float, high: float) -> timedelta:
        return timedelta(seconds=self.random.uniform(low, high))

    def matter(self) -> Matter | None:
        """What the next visitor comes for; None is an errand, which is not of the PST."""
        return None if self.random.random() < 0.1 else self.random.choice(MATTERS)


def open_desks(day: Day, at: datetime, places: dict[str, str]) -> None:
    """These officers sit down at these desks and call whoever comes."""
    for desk, officer in places.items():
        queue.sit(day.desks[desk], by=day.staff[officer], at=at)
        day.desks[desk].refresh_from_db()
        day.serves[desk] = set(day.desks[desk].services.values_list("id", flat=True))
        day.idle.add(desk)


def close_desks(day: Day, at: datetime) -> None:
    """Everybody leaves; whoever is still at a desk is finished first."""
    for ticket in QueueTicket.objects.filter(state=TicketState.CALLED).select_related("officer__user"):
        if ticket.officer is not None:
            queue.no_show(ticket, by=ticket.officer, at=at)
    for ticket in QueueTicket.objects.filter(state=TicketState.SERVING).select_related("officer__user"):
        if ticket.officer is not None:
            queue.finish(ticket, by=ticket.officer, at=at)
    for desk in Desk.objects.filter(officer__isnull=False).select_related("officer__user"):
        if desk.officer is not None:
            queue.leave_desk(desk, by=desk.officer, at=at)
    day.idle.clear()


def plan_arrivals(day: Day, opens: datetime, until: datetime, visitors: int) -> None:
    """The visitors spread over the day, more of them in the morning."""
    span = until - opens
    for _visitor in range(visitors):
        day.plan(opens + span * day.random.betavariate(1.3, 1.6), lambda at: _arrive_and_wake(day, at))


def _arrive_and_wake(day: Day, at: datetime) -> None:
    _wake(day, arrive(day, at, matter=day.matter()), at)


def arrive(
    day: Day,
    at: datetime,
    *,
    matter: Matter | None,
    priority: bool | None = None,
    door: Visit.Door | None = None,
) -> QueueTicket:
    """Somebody signs the guest book and takes a number; now and then somebody who was here before."""
    returning = day.random.choice(day.known) if day.known and day.random.random() < 0.2 else None
    fresh = next(day.entries)
    entry = replace(
        fresh,
        service_key=matter.service if matter else "errand",
        subject=matter.subject if matter else "",
        errand_text="" if matter else day.random.choice(ERRANDS),
        wants_priority=fresh.wants_priority if priority is None else priority,
    )
    if returning is not None:
        entry = Entry(
            service_key=entry.service_key,
            subject=entry.subject,
            errand_text=entry.errand_text,
            purpose=entry.purpose,
            wants_priority=entry.wants_priority,
            email_waiver="" if returning.email else "none_owned",
        )
    chosen = door or day.random.choice(DOORS)
    by = day.staff["fajar"] if chosen == Visit.Door.FRONT_OFFICE else None
    key = UUID(int=day.random.getrandbits(128), version=4)
    visit = guestbook.sign(
        day.office, entry=entry, door=chosen, by=by, at=at, submission_key=key, client=returning
    )
    if not visit.is_errand and day.random.random() < 0.9:
        requirements.see_identity(visit, kind=day.random.choice(("ktp", "ktp", "ktp", "student_card", "sim")),
                               by=day.staff["fajar"], at=at)  # fmt: skip
    day.known.append(visit.client)
    ticket = queue.issue(
        visit, service=day.services[entry.service_key], at=at, by=by, is_priority=entry.wants_priority
    )
    if matter is not None:
        day.matters[ticket.pk] = matter
    if chosen == Visit.Door.PHONE and day.random.random() < 0.1:
        day.plan(at + day.seconds(120, 900), lambda then: _give_up(ticket, then))
    return ticket


def _give_up(ticket: QueueTicket, at: datetime) -> None:
    ticket.refresh_from_db()
    if ticket.state == TicketState.WAITING:
        queue.withdraw(ticket, by=None, at=at)


def _wake(day: Day, ticket: QueueTicket, at: datetime) -> None:
    """An officer without a visitor notices the newcomer, usually at once, sometimes far too late."""
    able = [desk for desk in sorted(day.idle) if ticket.service_id in day.serves[desk]]
    if able:
        desk = day.random.choice(able)
        day.idle.discard(desk)
        late = day.random.random() < 0.03
        day.plan(
            at + (day.seconds(640, 1000) if late else day.seconds(4, 40)), lambda then: _next(day, desk, then)
        )


def _next(day: Day, desk: str, at: datetime) -> None:
    if not QueueTicket.objects.filter(state=TicketState.WAITING, service__in=day.serves[desk]).exists():
        day.idle.add(desk)
        return
    ticket = call_next(day, desk, at).ticket
    if day.random.random() < 0.04:
        day.plan(at + timedelta(seconds=70), lambda then: _call_again(day, desk, ticket, then))
    else:
        late = day.random.random() < 0.025
        comes = at + (day.seconds(620, 840) if late else day.seconds(8, 45))
        day.plan(comes, lambda then: _serve(day, desk, ticket, then))


def call_next(day: Day, desk: str, at: datetime) -> Call:
    """The desk calls whom the rule chooses, and the board says it."""
    place = day.desks[desk]
    officer = place.officer
    assert officer is not None, "only a staffed desk calls"
    called = queue.call_next(place, by=officer, at=at)
    if day.random.random() < 0.97:
        calls.announce(called, by=day.board, at=at + timedelta(seconds=5))
    return called


def _call_again(day: Day, desk: str, ticket: QueueTicket, at: datetime) -> None:
    officer = _officer(day, desk)
    queue.recall(ticket, by=officer, at=at)
    queue.no_show(ticket, by=officer, at=at + timedelta(seconds=90))
    day.plan(at + timedelta(seconds=95), lambda then: _next(day, desk, then))


def _serve(day: Day, desk: str, ticket: QueueTicket, at: datetime) -> None:
    start(day, desk, ticket, at)
    typical = ticket.service.typical_minutes * 60
    length = timedelta(seconds=max(90.0, day.random.lognormvariate(-0.25, 0.45) * typical))
    day.plan(at + length, lambda then: _done(day, desk, ticket, then))


def start(day: Day, desk: str, ticket: QueueTicket, at: datetime) -> None:
    queue.start(ticket, by=_officer(day, desk), at=at)


def _done(day: Day, desk: str, ticket: QueueTicket, at: datetime) -> None:
    finish(day, desk, ticket, at)
    day.plan(at + day.seconds(20, 150), lambda then: _next(day, desk, then))
    if not ticket.visit.is_errand and day.random.random() < 0.62:
        day.willing.append(ticket.visit)


def finish(day: Day, desk: str, ticket: QueueTicket, at: datetime) -> None:
    """The officer writes the answer with its source and the data need, refers where it helps, and finishes."""
    officer = _officer(day, desk)
    matter = day.matters.get(ticket.pk)
    if matter is not None and ticket.consultation is not None:
        note(ticket, matter, by=officer, at=at)
        if matter.refers_to and day.random.random() < 0.5:
            queue.refer(ticket, to=day.services[matter.refers_to], note=matter.subject, by=officer, at=at)
    queue.finish(ticket, by=officer, at=at)


def note(ticket: QueueTicket, matter: Matter, *, by: Officer, at: datetime) -> None:
    """What was answered, what it cites, and what data were needed."""
    assert ticket.consultation is not None, "an errand has no answer to note"
    answering.write(
        ticket.consultation,
        subject=matter.subject,
        answer=matter.answer,
        citations=[
            Cited(matter.source, url=SITE, area="Kabupaten Tulang Bawang", period=f"{matter.years[1]}")
        ],
        by=by,
        at=at,
    )
    need = {
        "detail": matter.subject,
        "area": "Kabupaten Tulang Bawang",
        "year_from": matter.years[0],
        "year_until": matter.years[1],
        "level": matter.level,
        "frequency": matter.frequency,
        "outcome": matter.outcome,
        "source_kind": matter.kind,
        "source_title": matter.source,
    }
    answering.note_need(ticket.consultation, need=need, by=by, at=at)


def rate(day: Day, at: datetime, *, within: timedelta) -> None:
    """Who is willing answers the nine questions by the link; most are content, not all answer everything."""
    work(at, paths=INVITATIONS)
    for rating in Rating.objects.filter(visit__in=day.willing, rated_at=None).order_by("id"):
        content = day.random.choices((4, 3, 2), weights=(11, 8, 1))[0]
        answers: dict[Element, int | None] = {}
        for element in Element:
            score = min(4, max(1, content + day.random.choices((0, 1, -1), weights=(6, 2, 1))[0]))
            answers[element] = 4 if element is Element.COST else None if day.random.random() < 0.03 else score
        then = at + within * day.random.uniform(0.05, 0.95)
        ratings.rate(rating, answers=answers, comment=day.random.choice(COMMENTS), at=then, door="link")
    day.willing.clear()


def _officer(day: Day, desk: str) -> Officer:
    officer = day.desks[desk].officer
    assert officer is not None, "only a staffed desk serves"
    return officer
