"""Who is here on a date, who is on duty, and whose turn it is. Everything asks this and nothing else."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django_scopes import scopes_disabled

from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.people.rules import can_serve
from sapa.roster.models import Leave, Part, Shift, Turn
from sapa.roster.rules import can_stand_duty

NOON: Final = 12


def is_available(officer: Officer, on: date) -> bool:
    """Whether the officer works here and is not on leave that day."""
    if not officer.is_active:
        return False
    with scopes_disabled():
        return not Leave.objects.filter(
            officer=officer, withdrawn_at=None, from_on__lte=on, until_on__gte=on
        ).exists()


def back_on(officer: Officer, on: date) -> date:
    """The first day from `on` on that is no leave of the officer, leaves that follow each other taken together."""
    with scopes_disabled():
        rows = Leave.objects.filter(officer=officer, withdrawn_at=None, until_on__gte=on).order_by("from_on")
        for from_on, until_on in rows.values_list("from_on", "until_on"):
            if from_on > on:
                break
            on = until_on + timedelta(days=1)
    return on


def away_on(office: Office, on: date) -> set[int]:
    """The ids of the officers who are on leave that day."""
    with scopes_disabled():
        rows = Leave.objects.filter(office=office, withdrawn_at=None, from_on__lte=on, until_on__gte=on)
        return set(rows.values_list("officer_id", flat=True))


def on_duty(office: Office, on: date, *, part: Part | None = None) -> list[Officer]:
    """Who has a shift that day, swaps counted, without those on leave. When that leaves nobody: everybody who
    can serve and is not on leave, for work must not wait for a plan. With `part` those of that part of the day
    come alone, unless there are none. In order of id; three queries."""
    shifts, present = _shifts_of(office, on), _present(office, on)
    rostered = [each for each in present if each.pk in shifts and can_stand_duty(each)]
    if part is not None:
        rostered = _of_part(rostered, shifts, part) or rostered
    return rostered or [each for each in present if can_serve(each)]


def next_in_turn(
    office: Office, on: date, loads: Mapping[int, int], *, part: Part | None = None
) -> Officer | None:
    """Who of those on duty gets the next consultation: the fewest open ones, then whose last turn is longest ago,
    then the lower id. `loads` counts by officer id; who is missing has none. None when nobody can serve.

    Whoever is on duty but cannot serve (front office) is passed over; when only such are, all who can serve count.
    """
    shifts, present = _shifts_of(office, on), [each for each in _present(office, on) if can_serve(each)]
    rostered = [each for each in present if each.pk in shifts]
    if part is not None:
        rostered = _of_part(rostered, shifts, part) or rostered
    with scopes_disabled():
        last_turns = dict(Turn.objects.filter(office=office).values_list("officer_id", "last_at"))
    return choose(rostered or present, loads, last_turns)


def choose(
    officers: Iterable[Officer], loads: Mapping[int, int], last_turns: Mapping[int, datetime]
) -> Officer | None:
    """The one rule of turns, on values alone: load, then the last turn (never first), then id."""
    return min(
        officers,
        key=lambda each: (
            loads.get(each.pk, 0),
            last_turns[each.pk].timestamp() if each.pk in last_turns else float("-inf"),
            each.pk,
        ),
        default=None,
    )


def part_at(office: Office, at: datetime) -> Part:
    """The part of the day that the office's clock shows."""
    return Part.MORNING if at.astimezone(office.zone).hour < NOON else Part.AFTERNOON


def note_turn(officer: Officer, *, at: datetime) -> None:
    """The officer has had a turn at that instant."""
    with scopes_disabled():
        Turn.objects.update_or_create(
            officer=officer, defaults={"office_id": officer.office_id, "last_at": at}
        )


def _shifts_of(office: Office, on: date) -> dict[int, str]:
    with scopes_disabled():
        return dict(Shift.objects.filter(office=office, on=on).values_list("officer_id", "part"))


def _present(office: Office, on: date) -> list[Officer]:
    away = away_on(office, on)
    with scopes_disabled():
        rows = Officer.objects.filter(office=office, is_active=True).select_related("user").order_by("pk")
        return [each for each in rows if each.pk not in away]


def _of_part(officers: Iterable[Officer], shifts: Mapping[int, str], part: Part) -> list[Officer]:
    return [each for each in officers if shifts[each.pk] in {Part.WHOLE, part}]
