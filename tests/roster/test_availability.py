"""Who is here, who is on duty, whose turn it is."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster.availability import choose, is_available, next_in_turn, note_turn, on_duty, part_at
from sapa.roster.models import Part
from tests.cast import make_officer
from tests.roster.conftest import AT, MONDAY, TUESDAY, WEDNESDAY, MakeLeave, MakeShift

R = Officer.Role


def test_who_is_on_leave_is_away_from_the_first_to_the_last_day(budi: Officer, leave: MakeLeave) -> None:
    leave(budi, TUESDAY, WEDNESDAY)
    days = [TUESDAY - timedelta(days=1), TUESDAY, WEDNESDAY, WEDNESDAY + timedelta(days=1)]
    assert [is_available(budi, day) for day in days] == [True, False, False, True]


def test_withdrawn_leave_keeps_nobody_away(budi: Officer, leave: MakeLeave) -> None:
    row = leave(budi)
    row.withdrawn_at = AT
    row.save()
    assert is_available(budi, TUESDAY) is True


def test_who_was_dismissed_is_never_available(budi: Officer) -> None:
    budi.is_active = False
    assert is_available(budi, TUESDAY) is False


def test_those_with_a_shift_are_on_duty_without_those_on_leave(
    office: Office, budi: Officer, citra: Officer, fajar: Officer, shift: MakeShift, leave: MakeLeave
) -> None:
    for each in (fajar, citra):
        shift(each)
    assert on_duty(office, TUESDAY) == [citra, fajar]
    leave(citra)
    assert on_duty(office, TUESDAY) == [fajar]


def test_without_a_roster_everybody_who_can_serve_and_is_here_is_on_duty(
    office: Office,
    budi: Officer,
    citra: Officer,
    fajar: Officer,
    gita: Officer,
    hadi: Officer,
    leave: MakeLeave,
) -> None:
    assert on_duty(office, TUESDAY) == [budi, citra]
    leave(citra)
    assert on_duty(office, TUESDAY) == [budi]
    leave(budi)
    assert on_duty(office, TUESDAY) == []


def test_when_all_who_were_rostered_are_on_leave_the_others_stand_in(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift, leave: MakeLeave
) -> None:
    shift(budi)
    leave(budi)
    assert on_duty(office, TUESDAY) == [citra]


def test_a_dismissed_officer_with_a_shift_is_not_on_duty(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    shift(budi)
    Officer.objects.filter(pk=budi.pk).update(is_active=False)
    assert on_duty(office, TUESDAY) == [citra]


def test_each_part_of_the_day_has_its_own_officers_and_a_part_without_any_has_those_of_the_day(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    shift(budi, part=Part.MORNING)
    assert on_duty(office, TUESDAY, part=Part.AFTERNOON) == [budi]
    shift(citra, part=Part.AFTERNOON)
    assert on_duty(office, TUESDAY, part=Part.AFTERNOON) == [citra]
    assert on_duty(office, TUESDAY, part=Part.MORNING) == [budi]
    assert on_duty(office, TUESDAY) == [budi, citra]


def test_noon_of_the_office_parts_the_day(office: Office) -> None:
    noon = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert part_at(office, noon - timedelta(minutes=1)) == Part.MORNING
    assert part_at(office, noon) == Part.AFTERNOON


def test_officers_next_door_are_never_on_duty_here(
    office: Office, other_office: Office, budi: Officer, dewi: Officer
) -> None:
    assert on_duty(office, TUESDAY) == [budi]
    assert on_duty(other_office, TUESDAY) == [dewi]


@pytest.mark.parametrize("number", [1, 3])
def test_who_is_on_duty_takes_three_queries(
    office: Office, shift: MakeShift, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for each in range(number):
        shift(make_officer(office, f"petugas{each}", R.CONSULTANT))
    with django_assert_num_queries(3):
        assert len([str(each) for each in on_duty(office, TUESDAY)]) == number
    with django_assert_num_queries(4):
        next_in_turn(office, TUESDAY, {})


def test_whoever_has_fewest_open_is_next(office: Office, budi: Officer, citra: Officer) -> None:
    assert next_in_turn(office, TUESDAY, {budi.pk: 2, citra.pk: 1}) == citra
    assert next_in_turn(office, TUESDAY, {citra.pk: 1}) == budi


def test_equally_loaded_officers_take_turns(office: Office, budi: Officer, citra: Officer) -> None:
    third = make_officer(office, "eka", R.CONSULTANT)
    order = []
    for turn in range(6):
        chosen = next_in_turn(office, TUESDAY, {})
        assert chosen is not None
        note_turn(chosen, at=AT + timedelta(minutes=turn))
        order.append(chosen)
    assert order == [budi, citra, third] * 2


def test_turns_at_the_same_instant_go_by_id(budi: Officer, citra: Officer) -> None:
    last = {budi.pk: AT, citra.pk: AT}
    assert choose([citra, budi], {}, last) == budi
    assert choose([], {}, last) is None


def test_front_office_on_duty_gets_no_consultation(
    office: Office, budi: Officer, citra: Officer, fajar: Officer, shift: MakeShift
) -> None:
    shift(fajar)
    assert next_in_turn(office, TUESDAY, {budi.pk: 1}) == citra
    shift(budi)
    assert next_in_turn(office, TUESDAY, {budi.pk: 1}) == budi


def test_nobody_is_next_where_nobody_can_serve(office: Office, fajar: Officer) -> None:
    assert next_in_turn(office, MONDAY, {}) is None
