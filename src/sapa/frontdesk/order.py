"""Who is called next, and why: pure rules over a list of waiting tickets.

Within a class the line is strictly first come. Between the two classes `Policy` decides. No regulation
fixes an interleave for a PST (domain.md 3.4), so it is a setting; by default priority is the next call.
"""

import heapq
from bisect import insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from statistics import median_low
from typing import Final

from django.utils.translation import gettext, ngettext

from sapa.ui.dates import clock_time

# What a board and a sentence may show of a class; the reason behind it (a disability, an age) is never shown.
PRIORITY_LETTER: Final = "P"
REGULAR_LETTER: Final = "R"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits. `returned`: back from hold or late; `joined_at` is then the place it was given.
    `appointed_at`: the appointment its holder came in time for."""

    id: int
    joined_at: datetime
    number: int
    prefix: str
    priority: bool = False
    returned: bool = False
    reserved_desk_id: int | None = None
    appointed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.joined_at.tzinfo is None:
            raise ValueError("joined_at needs a time zone")

    @property
    def turn(self) -> tuple[datetime, bool, int, str, int]:
        """The place inside its class; at the same instant a returned ticket stands behind the others."""
        return self.joined_at, self.returned, self.number, self.prefix, self.id


@dataclass(frozen=True, slots=True)
class Policy:
    """After at most `priority_every - 1` consecutive regular calls a waiting priority ticket is next.

    1 (the default) makes a priority ticket always the next call; regular tickets then wait for as long as
    priority tickets keep coming. From 2 on nobody can starve.
    """

    priority_every: int = 1

    def __post_init__(self) -> None:
        if self.priority_every < 1:
            raise ValueError("priority_every must be 1 or more")


class Rule(StrEnum):
    """The rule that chose a ticket; kept with each call and shown as "why this one"."""

    ONLY_ONE = "only_one"
    FIRST_COME = "first_come"
    PRIORITY_NEXT = "priority_next"
    PRIORITY_INTERLEAVED = "priority_interleaved"
    REGULAR_BETWEEN = "regular_between"
    RESERVED_FOR_DESK = "reserved_for_desk"
    APPOINTMENT = "appointment"


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket to call, the rule that chose it, and what a sentence about it needs (plain JSON values)."""

    ticket_id: int
    rule: Rule
    detail: dict[str, int | str] = field(default_factory=dict)


def ticket_label(prefix: str, number: int) -> str:
    """The number as people read it: prefix and at least three digits, K-007."""
    return f"{prefix}-{number:03d}"


def choose(
    waiting: Iterable[Waiting], history: Sequence[bool], policy: Policy, *, desk_id: int
) -> Choice | None:
    """The next call of this desk, or None when nobody waits whom it may call.

    `history`: the classes of the last calls of this service line today, newest first, True for priority.
    Changes nothing; depends on nothing but its arguments, and not on the order of `waiting`.
    """
    callable_here = [each for each in waiting if each.reserved_desk_id in (None, desk_id)]
    if not callable_here:
        return None
    first = min(callable_here, key=_turn)
    rival = min((each for each in callable_here if each.priority != first.priority), key=_turn, default=None)
    streak = _regulars_since_priority(history)
    chosen, rule = first, Rule.ONLY_ONE if len(callable_here) == 1 else Rule.FIRST_COME
    if rival is not None:
        rule = _between(first.priority, streak, policy)
        chosen = first if rule in (Rule.FIRST_COME, Rule.REGULAR_BETWEEN) else rival
    if chosen.reserved_desk_id is not None:
        rule = Rule.RESERVED_FOR_DESK
    if chosen.appointed_at is not None:
        rule = Rule.APPOINTMENT
    return Choice(
        chosen.id, rule, _detail(chosen, desk_id=desk_id, streak=streak, waiting=len(callable_here))
    )


def line(waiting: Iterable[Waiting], history: Sequence[bool], policy: Policy) -> list[int]:
    """Ticket ids in the order in which they would be called if nobody else came.

    A ticket kept for one desk stands at its turn: when that desk frees is not known here.
    """
    ordered = sorted(waiting, key=_turn)
    priority = deque(each for each in ordered if each.priority)
    regular = deque(each for each in ordered if not each.priority)
    streak = _regulars_since_priority(history)
    called: list[int] = []
    while priority and regular:
        rule = _between(priority[0].turn < regular[0].turn, streak, policy)
        taken = regular if rule is Rule.REGULAR_BETWEEN else priority
        streak = streak + 1 if taken is regular else 0
        called.append(taken.popleft().id)
    return called + [each.id for each in priority or regular]


def explanation(choice: Choice, *, zone: object = None) -> str:
    """One sentence in the reader's language on why this ticket was called; names the class by letter only.

    `zone`: an office, a zone or its name, as in sapa.ui.dates; the active zone when left out.
    """
    detail = choice.detail
    count = int(detail["regular_calls"])
    sentence = _sentence(choice.rule, returned=bool(detail["returned"]), count=count)
    return sentence.format(
        number=ticket_label(str(detail["prefix"]), int(detail["number"])),
        time=clock_time(datetime.fromisoformat(str(detail["joined_at"])), zone),
        appointment=clock_time(
            datetime.fromisoformat(str(detail.get("appointed_at", detail["joined_at"]))), zone
        ),
        letter=detail["letter"],
        other=PRIORITY_LETTER if detail["letter"] == REGULAR_LETTER else REGULAR_LETTER,
        count=count,
    )


def _turn(ticket: Waiting) -> tuple[datetime, bool, int, str, int]:
    return ticket.turn


def _regulars_since_priority(history: Sequence[bool]) -> int:
    """How many regular calls stand at the newest end of the history."""
    return next((place for place, priority in enumerate(history) if priority), len(history))


def _between(priority_came_first: bool, streak: int, policy: Policy) -> Rule:
    """The rule when both classes wait. A priority ticket is never later than first come would have it."""
    if priority_came_first:
        return Rule.FIRST_COME
    if streak < policy.priority_every - 1:
        return Rule.REGULAR_BETWEEN
    return Rule.PRIORITY_NEXT if policy.priority_every == 1 else Rule.PRIORITY_INTERLEAVED


def _detail(ticket: Waiting, *, desk_id: int, streak: int, waiting: int) -> dict[str, int | str]:
    appointed = {} if ticket.appointed_at is None else {"appointed_at": _told(ticket.appointed_at)}
    return {
        "number": ticket.number,
        "prefix": ticket.prefix,
        "letter": PRIORITY_LETTER if ticket.priority else REGULAR_LETTER,
        "joined_at": _told(ticket.joined_at),
        "returned": int(ticket.returned),
        "regular_calls": streak,
        "waiting": waiting,
        "desk_id": desk_id,
        **appointed,
    }


def _told(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _sentence(rule: Rule, *, returned: bool, count: int) -> str:
    match rule:
        case Rule.ONLY_ONE:
            return gettext("The only one waiting: number {number}, in line since {time}.")
        case Rule.FIRST_COME if returned:
            return gettext("First in line: number {number} is back and has its place from {time}.")
        case Rule.FIRST_COME:
            return gettext("First in line: took number {number} at {time}.")
        case Rule.PRIORITY_NEXT:
            return gettext("Class {letter} is called next: number {number}, in line since {time}.")
        case Rule.PRIORITY_INTERLEAVED:
            return ngettext(
                "Turn of class {letter} after {count} other call: number {number}, in line since {time}.",
                "Turn of class {letter} after {count} other calls: number {number}, in line since {time}.",
                count,
            )
        case Rule.REGULAR_BETWEEN:
            return gettext(
                "Turn of class {letter} before the next call of class {other}: "
                "number {number}, in line since {time}."
            )
        case Rule.RESERVED_FOR_DESK:
            return gettext("Handed over to this desk: number {number}, in line since {time}.")
        case Rule.APPOINTMENT:
            return gettext("Has an appointment at {appointment}: number {number}, in line since {time}.")


# What a policy would do to a past day (lessons.md 6, item 13).


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who took a number on the day that is played again."""

    at: datetime
    priority: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """Waiting times per class, each in the order of arrival."""

    regular: tuple[timedelta, ...]
    priority: tuple[timedelta, ...]

    @staticmethod
    def middle(waits: Sequence[timedelta]) -> timedelta | None:
        """The median wait, None when nobody waited. The mean is left out: one forgotten ticket ruins it."""
        return median_low(waits) if waits else None

    @staticmethod
    def longest(waits: Sequence[timedelta]) -> timedelta | None:
        """The longest wait, None when nobody waited."""
        return max(waits, default=None)


def simulate(
    arrivals: Sequence[Arrival],
    services: Sequence[timedelta],
    policy: Policy,
    desks: int,
    *,
    served_from: datetime | None = None,
) -> Waits:
    """The waiting times of these visitors if `desks` desks had called them by this policy.

    `services[i]` is how long the visit of `arrivals[i]` took. A free desk calls as soon as somebody waits, so
    the result shows what the rule does, not what a break or a slow call did. No desk calls before `served_from`.
    """
    if desks < 1:
        raise ValueError("desks must be 1 or more")
    if len(arrivals) != len(services):
        raise ValueError("each arrival needs one length of service")
    if any(length < timedelta(0) for length in services):
        raise ValueError("a length of service cannot be negative")
    coming = deque(sorted(range(len(arrivals)), key=lambda place: (arrivals[place].at, place)))
    standing: dict[bool, list[tuple[datetime, int]]] = {True: [], False: []}
    free = [served_from or arrivals[coming[0]].at] * desks if coming else []
    waits: dict[int, timedelta] = {}
    streak = 0
    at = datetime.min.replace(tzinfo=UTC)
    while coming or standing[True] or standing[False]:
        nobody = not (standing[True] or standing[False])
        at = max(free[0], arrivals[coming[0]].at) if nobody else max(free[0], at)
        while coming and arrivals[coming[0]].at <= at:
            place = coming.popleft()
            insort(standing[arrivals[place].priority], (arrivals[place].at, place))
        if standing[True] and standing[False]:
            rule = _between(standing[True][0] < standing[False][0], streak, policy)
            priority = rule is not Rule.REGULAR_BETWEEN
        else:
            priority = bool(standing[True])
        streak = 0 if priority else streak + 1
        _, place = standing[priority].pop(0)
        waits[place] = at - arrivals[place].at
        heapq.heapreplace(free, at + services[place])
    return Waits(
        regular=tuple(waits[place] for place in sorted(waits) if not arrivals[place].priority),
        priority=tuple(waits[place] for place in sorted(waits) if arrivals[place].priority),
    )
