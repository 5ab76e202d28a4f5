"""Leave: noted once, in order, by the right person, and withdrawn."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from sapa.activity.models import Event
from sapa.core.errors import Refused, Stale
from sapa.people.models import Officer
from sapa.roster import leaves
from sapa.roster.availability import is_available
from sapa.roster.models import Leave
from tests.conftest import Clock
from tests.roster.conftest import AT, MONDAY, NEXT_MONDAY, TUESDAY, WEDNESDAY, MakeLeave

DAY = timedelta(days=1)


def note(
    officer: Officer, from_on: date, until_on: date, by: Officer | None = None, kind: str = "annual"
) -> Leave:
    return leaves.note(officer, from_on=from_on, until_on=until_on, kind=kind, by=by or officer, at=AT)


def test_leave_is_noted_with_its_days_and_the_log_tells_neither_kind_nor_note(budi: Officer) -> None:
    leave = leaves.note(
        budi, from_on=TUESDAY, until_on=WEDNESDAY, kind="sick", note="  demam \n tinggi ", by=budi, at=AT
    )
    assert (leave.officer, leave.kind, leave.note) == (budi, "sick", "demam tinggi")
    event = Event.objects.get(name="leave.noted")
    assert (event.by, event.subject_id) == (budi.user, leave.pk)
    assert event.data == {"officer": budi.pk, "from": "2026-11-24", "until": "2026-11-25"}


def test_a_double_click_is_one_leave(budi: Officer) -> None:
    first = note(budi, TUESDAY, WEDNESDAY)
    assert note(budi, TUESDAY, WEDNESDAY) == first
    assert Event.objects.filter(name="leave.noted").count() == 1


@pytest.mark.parametrize(
    ("from_on", "until_on", "sentence"),
    [
        (WEDNESDAY, TUESDAY, "tidak boleh sebelum hari pertama"),
        (TUESDAY, TUESDAY.replace(year=2036), "paling lama satu tahun"),
        (TUESDAY, TUESDAY + 366 * DAY, "paling lama satu tahun"),
        (TUESDAY, date.max, "paling lama satu tahun"),
        (MONDAY - 32 * DAY, MONDAY, "paling lambat sebulan"),
        (date.min, date.min, "paling lambat sebulan"),
        (date.max, date.max, "paling jauh dua tahun"),
    ],
)
def test_leave_that_cannot_be_is_refused_with_a_sentence(
    budi: Officer, from_on: date, until_on: date, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        note(budi, from_on, until_on)
    assert Leave.objects.count() == 0


def test_a_year_of_leave_is_the_longest(budi: Officer) -> None:
    assert note(budi, TUESDAY, TUESDAY + 365 * DAY).until_on == TUESDAY + 365 * DAY


@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [
        (TUESDAY, TUESDAY),
        (WEDNESDAY, NEXT_MONDAY),
        (MONDAY, NEXT_MONDAY),
        (TUESDAY, NEXT_MONDAY),
    ],
)
def test_days_that_are_leave_already_are_refused(
    budi: Officer, leave: MakeLeave, from_on: date, until_on: date
) -> None:
    leave(budi, TUESDAY, WEDNESDAY)
    with pytest.raises(
        Refused, match="Selasa, 24 November 2026 sampai Rabu, 25 November 2026 sudah tercatat"
    ):
        note(budi, from_on, until_on)
    assert Leave.objects.count() == 1


def test_leave_may_follow_leave_and_two_officers_may_be_away(
    budi: Officer, citra: Officer, leave: MakeLeave
) -> None:
    leave(budi, TUESDAY)
    note(budi, WEDNESDAY, WEDNESDAY)
    note(citra, TUESDAY, TUESDAY)
    assert Leave.objects.count() == 3


def test_the_database_itself_refuses_days_in_disorder_and_two_beginnings(
    budi: Officer, leave: MakeLeave
) -> None:
    leave(budi, TUESDAY)
    for from_on, until_on in ((TUESDAY, WEDNESDAY), (NEXT_MONDAY, WEDNESDAY)):
        with pytest.raises(IntegrityError), transaction.atomic():
            leave(budi, from_on, until_on)


def test_who_plans_notes_leave_for_anybody_others_only_their_own(
    budi: Officer, citra: Officer, fajar: Officer, gita: Officer, hadi: Officer
) -> None:
    for by in (citra, gita, hadi):
        note(fajar, TUESDAY, TUESDAY, by=by)
    with pytest.raises(Refused, match="hanya dapat mencatat cuti Anda sendiri"):
        note(fajar, WEDNESDAY, WEDNESDAY, by=budi)
    assert list(Leave.objects.values_list("officer", "from_on")) == [(fajar.pk, TUESDAY)]


def test_a_supervisor_next_door_notes_nothing_here(budi: Officer, dewi: Officer) -> None:
    with pytest.raises(Refused, match="hanya dapat mencatat cuti Anda sendiri"):
        note(budi, TUESDAY, TUESDAY, by=dewi)


def test_a_kind_that_does_not_exist_and_a_dismissed_officer_are_refused(budi: Officer, gita: Officer) -> None:
    with pytest.raises(Refused, match="jenis cuti dari daftar"):
        note(budi, TUESDAY, TUESDAY, kind="holiday")
    budi.is_active = False
    with pytest.raises(Refused, match="tidak bekerja di sini lagi"):
        note(budi, TUESDAY, TUESDAY, by=gita)


def test_a_note_that_is_too_long_is_refused_and_not_cut(budi: Officer) -> None:
    with pytest.raises(Refused, match="paling banyak 300 huruf"):
        leaves.note(budi, from_on=TUESDAY, until_on=TUESDAY, kind="other", note="x" * 301, by=budi, at=AT)
    assert Leave.objects.count() == 0


def test_leave_that_has_not_begun_is_gone_when_withdrawn(budi: Officer, leave: MakeLeave) -> None:
    row = leave(budi, TUESDAY, WEDNESDAY)
    leaves.withdraw(row, by=budi, at=AT)
    assert is_available(budi, TUESDAY) is True
    event = Event.objects.get(name="leave.withdrawn")
    assert event.data == {"officer": budi.pk, "from": "2026-11-24", "until": "2026-11-25"}
    assert note(budi, TUESDAY, WEDNESDAY) != row


def test_leave_that_has_begun_ended_yesterday_when_withdrawn(budi: Officer, leave: MakeLeave) -> None:
    row = leave(budi, TUESDAY, NEXT_MONDAY)
    leaves.withdraw(row, by=budi, at=AT + 2 * DAY)
    assert [is_available(budi, day) for day in (TUESDAY, WEDNESDAY)] == [False, True]


def test_leave_is_withdrawn_once_and_not_when_it_is_over(budi: Officer, leave: MakeLeave) -> None:
    row = leave(budi, TUESDAY)
    leaves.withdraw(row, by=budi, at=AT)
    with pytest.raises(Stale, match="sudah dibatalkan atau sudah berakhir"):
        leaves.withdraw(row, by=budi, at=AT)
    with pytest.raises(Stale, match="sudah dibatalkan atau sudah berakhir"):
        leaves.withdraw(leave(budi, WEDNESDAY), by=budi, at=AT + 3 * DAY)
    assert Event.objects.filter(name="leave.withdrawn").count() == 1


def test_nobody_withdraws_a_colleagues_leave(
    budi: Officer, fajar: Officer, dewi: Officer, leave: MakeLeave
) -> None:
    row = leave(budi)
    for stranger in (fajar, dewi):
        with pytest.raises(Refused, match="hanya dapat membatalkan cuti Anda sendiri"):
            leaves.withdraw(row, by=stranger, at=AT)
    assert is_available(budi, TUESDAY) is False


def begun() -> list[dict[str, object]]:
    return [row.data for row in Event.objects.filter(name="leave.begun").order_by("pk")]


def test_leave_that_has_begun_is_told_at_once_leave_to_come_when_its_day_begins(
    budi: Officer, citra: Officer, clock: Clock, work: Callable[[], int]
) -> None:
    note(budi, MONDAY, TUESDAY)
    note(citra, TUESDAY, WEDNESDAY)
    work()
    assert begun() == [{"officer": budi.pk, "from": "2026-11-23", "until": "2026-11-24"}]
    clock.set(datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC))
    work()
    assert len(begun()) == 1
    clock.advance(seconds=1)  # Tuesday 00.00 WIB
    for _ in range(2):
        work()
        assert begun()[1:] == [{"officer": citra.pk, "from": "2026-11-24", "until": "2026-11-25"}]


def test_leave_that_is_over_or_withdrawn_never_begins(
    budi: Officer, citra: Officer, clock: Clock, work: Callable[[], int]
) -> None:
    note(budi, MONDAY - 3 * DAY, MONDAY - DAY)
    note(budi, TUESDAY, TUESDAY)
    leaves.withdraw(note(citra, TUESDAY, TUESDAY), by=citra, at=AT)
    clock.advance(days=5)  # nobody worked meanwhile
    work()
    assert begun() == []
