"""Two windows in the same instant. On SQLite one writes after the other; what is tried here is PostgreSQL."""

from datetime import date
from functools import partial

import pytest

from sapa.activity.models import Event
from sapa.core.errors import Refused
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster import leaves, policies, shifts, swaps
from sapa.roster.models import Leave, Part, Shift, Swap
from sapa.roster.patterns import set_pattern
from tests.cast import make_officer
from tests.frontdesk.test_at_once import at_once
from tests.roster.conftest import AT, MONDAY, NEXT_MONDAY, TUESDAY, WEDNESDAY, MakeShift

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3


def codes(results: list[object]) -> list[str | None]:
    return sorted(getattr(each, "code", None) or "" for each in results)


def test_a_swap_accepted_in_two_windows_is_accepted_once(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    for day in range(ROUNDS):
        mine = shift(budi, date(2026, 12, day + 1))
        swap = swaps.ask(mine, asked=citra, by=budi, at=AT)
        accept = [lambda swap=swap: swaps.accept(swap, by=citra, at=AT)] * 2
        assert codes(at_once(office, *accept)) == ["", "swap_settled"]
        mine.refresh_from_db()
        assert mine.officer == citra
    assert Event.objects.filter(name="swap.accepted").count() == ROUNDS


def test_accepted_and_withdrawn_at_once_is_one_of_the_two(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    for day in range(ROUNDS):
        mine = shift(budi, date(2026, 12, day + 1))
        swap = swaps.ask(mine, asked=citra, by=budi, at=AT)
        results = at_once(
            office,
            partial(swaps.accept, swap, by=citra, at=AT),
            partial(swaps.withdraw, swap, by=budi, at=AT),
        )
        mine.refresh_from_db()
        swap.refresh_from_db()
        told = [getattr(each, "code", None) for each in results]
        assert (told, swap.state, mine.officer) in [
            ([None, "swap_settled"], "accepted", citra),
            (["swap_settled", None], "withdrawn", budi),
        ]


def test_nobody_gets_two_shifts_of_a_day_by_accepting_two_swaps_at_once(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    eka = make_officer(office, "eka", Officer.Role.CONSULTANT)
    asked = [swaps.ask(shift(each), asked=citra, by=each, at=AT) for each in (budi, eka)]
    results = at_once(office, *(lambda swap=swap: swaps.accept(swap, by=citra, at=AT) for swap in asked))
    assert sorted(isinstance(each, Refused) for each in results) == [False, True]
    assert Shift.objects.filter(officer=citra, on=TUESDAY).count() == 1
    assert sorted(Swap.objects.values_list("state", flat=True)) == ["accepted", "asked"]


def test_overlapping_leave_noted_in_two_windows_is_noted_once(office: Office, budi: Officer) -> None:
    def note(until_on: date) -> object:
        return leaves.note(budi, from_on=TUESDAY, until_on=until_on, kind="annual", by=budi, at=AT)

    results = at_once(office, lambda: note(WEDNESDAY), lambda: note(NEXT_MONDAY))
    assert sorted(isinstance(each, Refused) for each in results) == [False, True]
    assert Leave.objects.count() == 1


def test_leave_and_a_swap_to_the_same_day_at_once_leave_no_shift_with_who_is_away(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine = shift(budi)
    swap = swaps.ask(mine, asked=citra, by=budi, at=AT)
    accepted, _noted = at_once(
        office,
        lambda: swaps.accept(swap, by=citra, at=AT),
        lambda: leaves.note(citra, from_on=TUESDAY, until_on=TUESDAY, kind="sick", by=citra, at=AT),
    )
    mine.refresh_from_db()
    # Whoever falls ill after having accepted keeps the shift and is shown as away: a substitute is looked for.
    assert mine.officer == (budi if accepted else citra)


def test_the_same_weeks_planned_in_two_windows_are_planned_once(
    office: Office, budi: Officer, gita: Officer
) -> None:
    set_pattern(office, duties={(budi.pk, 0): Part.WHOLE}, valid_from=MONDAY, by=gita, at=AT)
    plan = [lambda: shifts.plan_weeks(office, first=MONDAY, weeks=4, by=gita, at=AT)] * 2
    assert sorted(at_once(office, *plan)) == [0, 4]  # type: ignore[type-var]
    assert Shift.objects.count() == 4


def test_the_rule_of_handing_out_chosen_in_two_windows_is_one_row(office: Office, gita: Officer) -> None:
    choose = [lambda: policies.set_assignment(office, assignment="round_robin", by=gita, at=AT)] * 2
    assert sorted(at_once(office, *choose)) == [False, True]  # type: ignore[type-var]
    assert policies.assignment_of(office) == "round_robin"
