"""Swaps: asked, answered by the right officer, once, and never of a day that has passed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sapa.activity.models import Event
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster import shifts, swaps
from sapa.roster.availability import on_duty
from sapa.roster.models import KeptDay, Shift, Swap
from sapa.roster.patterns import set_pattern
from tests.cast import make_officer
from tests.roster.conftest import AT, MONDAY, TUESDAY, WEDNESDAY, MakeLeave, MakeShift

DAY = timedelta(days=1)


def who(shift: Shift) -> Officer:
    shift.refresh_from_db()
    return shift.officer


def names() -> list[str]:
    return list(Event.objects.filter(name__startswith="swap.").order_by("pk").values_list("name", flat=True))


def test_an_accepted_request_gives_the_shift_to_the_other(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine = shift(budi)
    swap = swaps.ask(mine, asked=citra, by=budi, at=AT)
    assert who(mine) == budi
    swaps.accept(swap, by=citra, at=AT)
    assert on_duty(office, TUESDAY) == [citra]
    assert names() == ["swap.asked", "swap.accepted"]
    event = Event.objects.get(name="swap.accepted")
    assert (event.by, event.subject_id) == (citra.user, swap.pk)
    assert event.data == {"asker": budi.pk, "asked": citra.pk, "on": "2026-11-24", "return_on": None}


def test_a_shift_in_return_changes_hands_in_the_same_instant(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine, theirs = shift(budi, TUESDAY), shift(citra, WEDNESDAY)
    swap = swaps.ask(mine, asked=citra, in_return=theirs, by=budi, at=AT)
    swaps.accept(swap, by=citra, at=AT)
    assert (who(mine), who(theirs)) == (citra, budi)


def test_a_declined_or_withdrawn_request_changes_nothing(
    budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine = shift(budi)
    swaps.decline(swaps.ask(mine, asked=citra, by=budi, at=AT), by=citra, at=AT)
    swaps.withdraw(swaps.ask(mine, asked=citra, by=budi, at=AT), by=budi, at=AT)
    assert who(mine) == budi
    assert names() == ["swap.asked", "swap.declined", "swap.asked", "swap.withdrawn"]


def test_asked_twice_is_asked_once_and_another_only_after_the_first_has_answered(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine, eka = shift(budi), make_officer(office, "eka", Officer.Role.CONSULTANT)
    swap = swaps.ask(mine, asked=citra, by=budi, at=AT)
    assert swaps.ask(mine, asked=citra, by=budi, at=AT) == swap
    with pytest.raises(Refused, match="Citra belum menjawab"):
        swaps.ask(mine, asked=eka, by=budi, at=AT)
    swaps.decline(swap, by=citra, at=AT)
    assert swaps.ask(mine, asked=eka, by=budi, at=AT) != swap


def test_a_swap_is_answered_once(budi: Officer, citra: Officer, shift: MakeShift) -> None:
    mine = shift(budi)
    swap = swaps.ask(mine, asked=citra, by=budi, at=AT)
    swaps.accept(swap, by=citra, at=AT)
    for verb, by in ((swaps.accept, citra), (swaps.decline, citra), (swaps.withdraw, budi)):
        with pytest.raises(Stale, match="sudah dijawab atau ditarik"):
            verb(swap, by=by, at=AT)
    assert (who(mine), names()) == (citra, ["swap.asked", "swap.accepted"])


def test_only_who_was_asked_answers_and_only_who_asked_withdraws(
    budi: Officer, citra: Officer, fajar: Officer, gita: Officer, shift: MakeShift
) -> None:
    swap = swaps.ask(shift(budi), asked=citra, by=budi, at=AT)
    for verb, by in (
        (swaps.accept, budi),
        (swaps.accept, gita),
        (swaps.decline, fajar),
        (swaps.withdraw, citra),
    ):
        with pytest.raises(Refused, match="Hanya petugas yang diminta"):
            verb(swap, by=by, at=AT)
    swap.refresh_from_db()
    assert swap.state == "asked"


def test_nobody_swaps_with_oneself(budi: Officer, shift: MakeShift) -> None:
    with pytest.raises(Refused, match="diri sendiri"):
        swaps.ask(shift(budi), asked=budi, by=budi, at=AT)


def test_nobody_swaps_with_another_office_with_an_administrator_or_with_somebody_dismissed(
    office: Office, budi: Officer, dewi: Officer, hadi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine = shift(budi)
    citra.is_active = False
    for partner in (dewi, hadi, citra):
        with pytest.raises(Refused, match="tidak bertugas jaga di kantor Anda"):
            swaps.ask(mine, asked=partner, by=budi, at=AT)
    assert Swap.objects.count() == 0


def test_a_shift_that_has_passed_is_not_swapped_today_still_is(
    budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    with pytest.raises(Refused, match="sudah lewat"):
        swaps.ask(shift(budi, MONDAY - DAY), asked=citra, by=budi, at=AT)
    today = shift(budi, MONDAY)
    swap = swaps.ask(today, asked=citra, by=budi, at=AT)
    with pytest.raises(Refused, match="sudah lewat"):
        swaps.accept(swap, by=citra, at=AT + DAY)
    swap.refresh_from_db()
    assert (who(today), swap.state) == (budi, "asked")
    swaps.accept(swap, by=citra, at=AT)
    assert who(today) == citra


def test_only_the_own_shift_is_given_and_only_the_others_is_taken_in_return(
    budi: Officer, citra: Officer, fajar: Officer, shift: MakeShift
) -> None:
    with pytest.raises(Refused, match="milik petugas lain"):
        swaps.ask(shift(fajar, TUESDAY), asked=citra, by=budi, at=AT)
    with pytest.raises(Refused, match="milik petugas lain"):
        swaps.ask(shift(budi, TUESDAY), asked=citra, in_return=shift(fajar, WEDNESDAY), by=budi, at=AT)


def test_who_is_on_duty_or_on_leave_that_day_cannot_take_it(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift, leave: MakeLeave
) -> None:
    eka = make_officer(office, "eka", Officer.Role.CONSULTANT)
    mine = shift(budi)
    shift(citra)
    leave(eka)
    with pytest.raises(Refused, match="Citra sudah bertugas pada hari itu"):
        swaps.ask(mine, asked=citra, by=budi, at=AT)
    with pytest.raises(Refused, match="Eka tidak masuk pada hari itu"):
        swaps.ask(mine, asked=eka, by=budi, at=AT)


def test_the_asker_must_be_free_on_the_day_in_return(
    budi: Officer, citra: Officer, shift: MakeShift, leave: MakeLeave
) -> None:
    mine, theirs = shift(budi, TUESDAY), shift(citra, WEDNESDAY)
    leave(budi, WEDNESDAY)
    with pytest.raises(Refused, match="Budi tidak masuk"):
        swaps.ask(mine, asked=citra, in_return=theirs, by=budi, at=AT)


def test_leave_noted_after_the_request_stops_the_swap(
    budi: Officer, citra: Officer, shift: MakeShift, leave: MakeLeave
) -> None:
    mine = shift(budi)
    swap = swaps.ask(mine, asked=citra, by=budi, at=AT)
    leave(citra)
    with pytest.raises(Refused, match="Citra tidak masuk"):
        swaps.accept(swap, by=citra, at=AT)
    swap.refresh_from_db()
    assert (who(mine), swap.state) == (budi, "asked")


def test_an_accepted_swap_ends_what_was_asked_about_the_same_shifts(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    eka = make_officer(office, "eka", Officer.Role.CONSULTANT)
    mine, theirs = shift(budi, TUESDAY), shift(citra, WEDNESDAY)
    other = swaps.ask(shift(eka, WEDNESDAY + DAY), asked=budi, in_return=mine, by=eka, at=AT)
    swaps.accept(swaps.ask(mine, asked=citra, in_return=theirs, by=budi, at=AT), by=citra, at=AT)
    other.refresh_from_db()
    assert other.state == "withdrawn"


def test_a_swap_for_a_shift_that_is_gone_cannot_be_accepted(
    budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine = shift(budi)
    swap = swaps.ask(mine, asked=citra, by=budi, at=AT)
    mine.delete()
    with pytest.raises(Stale, match="tidak ada lagi dalam jadwal"):
        swaps.accept(swap, by=citra, at=AT)
    with pytest.raises(Stale, match="tidak ada lagi dalam jadwal"):
        swaps.ask(Shift(pk=mine.pk or 99, on=TUESDAY), asked=citra, by=budi, at=AT)


def test_planning_leaves_the_days_of_a_swap_alone(
    office: Office, budi: Officer, citra: Officer, gita: Officer, shift: MakeShift
) -> None:
    swap = swaps.ask(shift(budi, TUESDAY), asked=citra, in_return=shift(citra, WEDNESDAY), by=budi, at=AT)
    swaps.accept(swap, by=citra, at=AT)
    set_pattern(office, duties={(budi.pk, 1): "whole"}, valid_from=MONDAY, by=gita, at=AT)
    assert shifts.plan_weeks(office, first=MONDAY, weeks=1, by=gita, at=AT) == 0
    assert set(KeptDay.objects.values_list("on", flat=True)) == {TUESDAY, WEDNESDAY}
    assert set(Shift.objects.values_list("officer", "on")) == {(citra.pk, TUESDAY), (budi.pk, WEDNESDAY)}


def test_the_database_itself_refuses_two_open_requests_and_oneself(
    office: Office, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    swap = swaps.ask(shift(budi), asked=citra, by=budi, at=AT)
    for changed in ({"asked": citra}, {"asked": budi, "state": "declined", "settled_at": AT}):
        values = {
            "office": office,
            "shift": swap.shift,
            "on": TUESDAY,
            "asker": budi,
            "asked_at": AT,
        } | changed
        with pytest.raises(IntegrityError), transaction.atomic():
            Swap.objects.create(**values)
