"""What the page of the roster shows: a week, today, and what waits for the reader's answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django_scopes import scopes_disabled

from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office
from sapa.offices.opening import day_of
from sapa.people.models import Officer
from sapa.people.rules import can_serve
from sapa.roster.models import Leave, Shift, Swap

AHEAD: Final = timedelta(days=8 * 7)


@dataclass(frozen=True, slots=True)
class Stint:
    """One officer on one day: away, when on leave; `swap` is what is asked about the shift."""

    shift: Shift
    officer: Officer
    is_mine: bool
    is_away: bool
    swap: Swap | None


@dataclass(frozen=True, slots=True)
class RosterDay:
    """One date: who is on duty, who is away, and `closed`, why nobody need be."""

    on: date
    is_today: bool
    is_past: bool
    is_open: bool
    closed: str
    stints: tuple[Stint, ...]
    away: tuple[Officer, ...]

    @property
    def is_short(self) -> bool:
        """Somebody is rostered, but everybody of them is on leave: the day needs a substitute."""
        return bool(self.stints) and all(each.is_away for each in self.stints) and not self.is_past


@dataclass(frozen=True, slots=True)
class Roster:
    """The week from `days[0]` on, today, the reader's own next shifts, and what is asked of the reader."""

    days: tuple[RosterDay, ...]
    today: RosterDay
    standing_in: tuple[Officer, ...]
    mine: tuple[Stint, ...]
    to_answer: tuple[Swap, ...]


def roster_of(office: Office, monday: date, *, today: date, reader: Officer) -> Roster:
    """The roster as this officer reads it; four queries however many officers there are."""
    week = [monday + timedelta(days=ahead) for ahead in range(7)]
    with scopes_disabled():
        rows = Officer.objects.filter(office=office).select_related("user").order_by("user__name", "pk")
        officers = {each.pk: each for each in rows}
        shifts = list(
            Shift.objects.filter(office=office, on__in=[*week, today])
            | Shift.objects.filter(office=office, officer=reader, on__range=(today, today + AHEAD))
        )
        # Leave of the reader's own shifts counts too, hence as far as those reach.
        leaves = list(
            Leave.objects.filter(
                office=office,
                withdrawn_at=None,
                from_on__lte=max(*week, today + AHEAD),
                until_on__gte=min(monday, today),
            )
        )
        swaps = list(Swap.objects.filter(office=office, state=Swap.State.ASKED, on__gte=today))
    for swap in swaps:
        swap.asker, swap.asked = officers[swap.asker_id], officers[swap.asked_id]
    asked = {swap.shift_id: swap for swap in swaps}
    order = {key: place for place, key in enumerate(officers)}
    stints = [
        Stint(
            shift=each,
            officer=officers[each.officer_id],
            is_mine=each.officer_id == reader.pk,
            is_away=_is_away(leaves, each.officer_id, each.on),
            swap=asked.get(each.pk),
        )
        for each in sorted(shifts, key=lambda each: (each.on, _PARTS[each.part], order[each.officer_id]))
        if officers[each.officer_id].is_active or each.on < today
    ]
    days = {on: _day(office, on, today, stints, leaves, officers) for on in {*week, today}}
    present = {each.officer.pk for each in days[today].stints if not each.is_away}
    away = {each.pk for each in days[today].away}
    standing_in = [
        each
        for each in officers.values()
        if not present and each.is_active and can_serve(each) and each.pk not in away
    ]
    return Roster(
        days=tuple(days[on] for on in week if days[on].is_open or days[on].stints or on.weekday() < 5),
        today=days[today],
        standing_in=tuple(standing_in),
        mine=tuple(each for each in stints if each.is_mine and each.shift.on >= today),
        to_answer=tuple(swap for swap in swaps if swap.asked_id == reader.pk and swap.shift_id),
    )


_PARTS: Final = {"whole": 0, "morning": 1, "afternoon": 2}


def _day(
    office: Office,
    on: date,
    today: date,
    stints: Iterable[Stint],
    leaves: list[Leave],
    officers: dict[int, Officer],
) -> RosterDay:
    opening = day_of(calendar_of(office), on)
    return RosterDay(
        on=on,
        is_today=on == today,
        is_past=on < today,
        is_open=bool(opening.intervals),
        closed="" if opening.intervals else opening.reason,
        stints=tuple(each for each in stints if each.shift.on == on),
        away=tuple(each for key, each in officers.items() if each.is_active and _is_away(leaves, key, on)),
    )


def _is_away(leaves: Iterable[Leave], officer: int, on: date) -> bool:
    return any(each.officer_id == officer and each.from_on <= on <= each.until_on for each in leaves)
