"""The last service day under other rules: computed from what really happened, and from nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django_scopes import scope

from sapa.frontdesk import queue, replay
from sapa.frontdesk.models import QueueTicket
from sapa.frontdesk.order import Arrival, Policy, Waits, simulate
from tests.feedback.visitors import call_and_start, sign

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
MINUTE = timedelta(minutes=1)


def at(hour, minute):
    """An instant of that Monday, in office time (WIB is UTC+7)."""
    return datetime(2026, 11, 23, hour - 7, minute, tzinfo=UTC)


def play_monday(office, desk, officer, *, priority=True):
    """One desk from 08.00. Four come at 08.00 to 08.03, the last one with priority; each takes ten minutes."""
    consultation = office.services.get(key="consultation")
    queue.sit(desk, by=officer, at=at(8, 0))
    for minute in range(4):
        coming = at(8, minute)
        queue.issue(
            sign(office, coming), service=consultation, at=coming, is_priority=priority and minute == 3
        )
        if not minute:
            first = call_and_start(desk, officer, coming)
    queue.finish(first, by=officer, at=at(8, 10))
    for beginning in (10, 20, 30):
        ticket = call_and_start(desk, officer, at(8, beginning))
        queue.finish(ticket, by=officer, at=at(8, beginning + 10))


@pytest.fixture
def busy_monday(office, desk, budi):
    play_monday(office, desk, budi)


def test_the_day_is_what_really_happened(office, busy_monday):
    day = replay.last_day(office, before=TUESDAY)
    assert day == replay.Day(
        on=MONDAY,
        arrivals=[Arrival(at(8, minute), minute == 3) for minute in range(4)],
        lengths=[10 * MINUTE] * 4,
        desks=1,
        served_from=at(8, 0),
    )
    assert day.priority == 1


def test_each_rule_moves_the_waiting_from_one_class_to_the_other(office, busy_monday):
    played = replay.play(replay.last_day(office, before=TUESDAY), current=1, proposed=7)
    assert [(each.priority_every, each.is_current, each.is_proposed) for each in played] == [
        (1, True, False),
        (2, False, False),
        (3, False, False),
        (4, False, False),
        (7, False, True),
    ]
    found = {each.priority_every: each.waits for each in played}
    assert found[1] == Waits(regular=(0 * MINUTE, 19 * MINUTE, 28 * MINUTE), priority=(7 * MINUTE,))
    assert found[3] == Waits(regular=(0 * MINUTE, 9 * MINUTE, 28 * MINUTE), priority=(17 * MINUTE,))
    assert found[7] == Waits(regular=(0 * MINUTE, 9 * MINUTE, 18 * MINUTE), priority=(27 * MINUTE,))


def test_today_is_not_over_and_yesterday_may_be_last_friday(office, busy_monday):
    assert replay.last_day(office, before=MONDAY) is None
    assert replay.last_day(office, before=date(2026, 11, 30)).on == MONDAY


def test_who_was_never_served_and_whose_length_is_none_do_not_distort_it(
    office, busy_monday, number, clock, consultation_service
):
    clock.set(at(9, 0))
    queue.withdraw(number(), by=None, at=at(9, 5))
    QueueTicket.objects.filter(number=4).update(flagged_at=at(15, 30), ended_at=at(15, 30))
    QueueTicket.objects.filter(number=3).update(was_returned=True)
    day = replay.last_day(office, before=TUESDAY)
    usual = timedelta(minutes=consultation_service.typical_minutes)
    assert day.lengths == [10 * MINUTE, 10 * MINUTE, usual, usual]


def test_desks_are_counted_that_served_at_the_same_time(
    office, desk, second_desk, budi, citra, number, clock
):
    clock.set(at(8, 0))
    queue.sit(desk, by=budi, at=at(8, 0))
    queue.sit(second_desk, by=citra, at=at(8, 0))
    for _ in range(2):
        number()
    for place, officer in ((desk, budi), (second_desk, citra)):
        queue.finish(call_and_start(place, officer, at(8, 1)), by=officer, at=at(8, 9))
    assert replay.last_day(office, before=TUESDAY).desks == 2


def test_who_came_before_opening_waited_for_the_doors_under_every_rule():
    early = [Arrival(at(7, 30)), Arrival(at(7, 40), priority=True)]
    waits = simulate(early, [10 * MINUTE] * 2, Policy(1), 1, served_from=at(8, 0))
    assert waits == Waits(regular=(40 * MINUTE,), priority=(20 * MINUTE,))


def test_another_office_has_no_part_in_it(office, other_office, busy_monday):
    with scope(office=other_office):
        assert replay.last_day(other_office, before=TUESDAY) is None


def test_the_day_is_read_in_two_queries_however_many_came(office, busy_monday, django_assert_num_queries):
    with django_assert_num_queries(2):
        replay.last_day(office, before=TUESDAY)
