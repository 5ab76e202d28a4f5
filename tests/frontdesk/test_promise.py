"""The 10-minute promise as the standard says it: from the end of the visitor before, at every desk."""

from datetime import time, timedelta

import pytest

from sapa.activity.models import Event
from sapa.consultations.clocks import explained
from sapa.consultations.models import Deadline
from sapa.core.errors import Refused
from sapa.frontdesk import queue
from sapa.frontdesk.models import QueueTicket
from sapa.offices import equipping, holidays
from sapa.offices.calendars import touch
from sapa.offices.models import Hours
from tests.frontdesk.test_queue import fresh, serve

MINUTES = timedelta(minutes=1)


def clock_of(ticket):
    return Deadline.objects.filter(consultation=ticket.consultation_id).order_by("-id").first()


def test_with_a_free_desk_the_promise_begins_with_the_number(number, desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    ticket = number()
    promise = clock_of(ticket)
    assert (promise.started_at, promise.due_at, promise.cause) == (
        clock.at,
        clock.at + 10 * MINUTES,
        "issued_while_free",
    )


def test_an_office_without_anybody_at_a_desk_owes_the_promise_all_the_same(number, clock):
    ticket = number()
    assert clock_of(ticket).started_at == clock.at


def test_only_the_head_of_the_line_has_a_running_promise(number, desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    second = number()
    assert clock_of(second) is None


def test_the_promise_of_the_next_begins_when_the_visitor_before_has_finished(number, desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    second = number()
    served = serve(desk, budi, clock)
    clock.advance(minutes=25)
    assert clock_of(second) is None
    queue.finish(served, by=budi, at=clock.at)
    assert (clock_of(second).started_at, clock_of(second).cause) == (clock.at, "desk_freed")


def test_two_free_desks_run_two_promises(number, desk, second_desk, budi, citra, clock):
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    tickets = [number(), number(), number()]
    assert [clock_of(ticket) is not None for ticket in tickets] == [True, True, False]


def test_a_free_desk_that_does_not_keep_the_service_starts_no_promise(
    number, desk, second_desk, budi, citra, clock, consultation_service
):
    second_desk.services.remove(consultation_service)
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    tickets = [number(), number()]
    assert [clock_of(ticket) is not None for ticket in tickets] == [True, False]


def test_a_desk_of_one_service_is_matched_before_a_desk_of_all(
    number, desk, second_desk, budi, citra, clock, office, consultation_service
):
    desk.services.set([consultation_service])
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    consultation, library = number(), number(service=office.services.get(key="library"))
    assert [clock_of(each) is not None for each in (consultation, library)] == [True, True]


def test_a_start_in_time_meets_the_promise(number, desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    ticket = number()
    clock.advance(minutes=10)
    serve(desk, budi, clock)
    promise = clock_of(ticket)
    assert (promise.met_at, promise.breached_at) == (clock.at, None)


def test_a_late_start_keeps_both_instants(number, desk, budi, clock, work):
    queue.sit(desk, by=budi, at=clock.at)
    ticket = number()
    due = clock.at + 10 * MINUTES
    clock.advance(minutes=11)
    work()
    clock.advance(minutes=4)
    serve(desk, budi, clock)
    promise = clock_of(ticket)
    assert (promise.breached_at, promise.met_at) == (due, due + 5 * MINUTES)


def test_a_late_start_is_a_breach_even_when_the_worker_slept(number, desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    ticket = number()
    clock.advance(minutes=15)
    serve(desk, budi, clock)
    assert clock_of(ticket).breached_at == clock_of(ticket).due_at


def test_a_breach_is_noticed_once_and_told(number, desk, budi, clock, work):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    clock.advance(minutes=10)
    work()
    assert Event.objects.filter(name="deadline.breached").count() == 0
    clock.advance(seconds=1)
    work()
    work()
    assert Event.objects.filter(name="deadline.breached").count() == 1


def test_the_promise_pauses_at_midday_and_says_so(number, desk, budi, clock, office):
    week = [[("08:00", "11:30"), ("13:00", "15:30")]] * 5 + [[], []]
    set_week(office, week)
    clock.set(clock.at.replace(hour=4, minute=25))  # 11.25 WIB
    queue.sit(desk, by=budi, at=clock.at)
    promise = clock_of(number())
    assert promise.due_at == clock.at.replace(hour=6, minute=5)
    assert [step.counted for step in explained(promise).steps] == [True, False, True]


def set_week(office, week):
    regular = Hours.objects.get(office=office, starts_on=None)
    regular.intervals.all().delete()
    for day, intervals in enumerate(week):
        for opens, closes in intervals:
            regular.intervals.create(
                weekday=day, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)
            )
    touch(office)


def test_calling_another_number_first_does_not_stop_the_running_promise(number, desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    head, other = number(), number()
    queue.call(fresh(other), desk=desk, by=budi, at=clock.at, reason="Menjemput dokumen")
    promise = clock_of(head)
    assert (promise.stopped_at, promise.started_at) == (None, clock.at)


@pytest.mark.parametrize(
    ("leave", "reason"),
    [
        (lambda ticket, at: queue.withdraw(ticket, by=None, at=at), "withdrawn"),
        (lambda ticket, at: queue.hold(ticket, by=None, at=at), "held"),
    ],
)
def test_when_the_head_leaves_its_promise_stops_and_the_next_begins(number, desk, budi, clock, leave, reason):
    queue.sit(desk, by=budi, at=clock.at)
    head, second = number(), number()
    clock.advance(minutes=3)
    leave(fresh(head), clock.at)
    assert (clock_of(head).stop_reason, clock_of(head).stopped_at) == (reason, clock.at)
    assert clock_of(second).started_at == clock.at


def test_a_visitor_back_from_hold_gets_a_new_promise(number, desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    ticket = number()
    queue.hold(fresh(ticket), by=None, at=clock.at)
    clock.advance(minutes=20)
    queue.return_to_line(fresh(ticket), by=None, at=clock.at)
    assert (clock_of(ticket).started_at, clock_of(ticket).stopped_at) == (clock.at, None)


def test_a_promise_once_kept_is_not_promised_again_after_a_hold(number, desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    ticket = serve(desk, budi, clock)
    queue.hold(ticket, by=budi, at=clock.at)
    clock.advance(minutes=5)
    queue.return_to_line(fresh(ticket), by=budi, at=clock.at)
    assert Deadline.objects.filter(consultation=ticket.consultation_id).count() == 1


def test_an_errand_has_no_promise(number, office):
    number(service=office.services.get(key="errand"))
    assert Deadline.objects.count() == 0


def test_the_felt_waiting_time_stands_beside_the_promise(number, desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    second = number()
    clock.advance(minutes=2)
    first = serve(desk, budi, clock)
    clock.advance(minutes=30)
    queue.finish(first, by=budi, at=clock.at)
    clock.advance(minutes=4)
    serve(desk, budi, clock)
    ticket = QueueTicket.objects.get(pk=second.pk)
    assert (ticket.started_at - ticket.issued_at, clock_of(second).met_at - clock_of(second).started_at) == (
        36 * MINUTES,
        4 * MINUTES,
    )


def test_a_closure_in_the_middle_recounts_the_open_promise_and_logs_it(
    number, desk, budi, hadi, clock, office, work
):
    queue.sit(desk, by=budi, at=clock.at)
    ticket = number()
    before = clock_of(ticket).due_at
    clock.advance(minutes=2)
    holidays.close(
        office,
        starts_at=clock.at,
        ends_at=clock.at + timedelta(hours=1),
        reason="Listrik padam",
        by=hadi.user,
        at=clock.at,
    )
    work()
    assert clock_of(ticket).due_at == before + timedelta(hours=1)
    assert Event.objects.get(name="deadline.recounted").data == {
        "from": before.isoformat(),
        "to": (before + timedelta(hours=1)).isoformat(),
    }


def test_a_newcomer_is_next_when_those_before_wait_for_another_desk(
    number, desk, second_desk, budi, citra, clock
):
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    handed_over, busy = number(), number()
    queue.call_next(desk, by=budi, at=clock.at)
    queue.call_next(second_desk, by=citra, at=clock.at)
    queue.start(fresh(busy), by=citra, at=clock.at)
    queue.transfer(fresh(handed_over), by=budi, at=clock.at, to_desk=second_desk)
    newcomer = number()
    assert clock_of(newcomer).started_at == clock.at
    assert clock_of(handed_over).stop_reason == "transferred"


def test_whoever_came_before_the_service_was_switched_off_is_still_promised(
    number, desk, budi, clock, consultation_service
):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    second = number()
    served = serve(desk, budi, clock)
    equipping.set_service(consultation_service, values={"is_active": False}, by=None, at=clock.at)
    queue.finish(served, by=budi, at=clock.at)
    assert clock_of(second).started_at == clock.at


def test_the_last_desk_of_a_service_that_closes_starts_the_promise_of_its_line(
    number, desk, second_desk, budi, citra, clock, office
):
    library = office.services.get(key="library")
    desk.services.set([office.services.get(key="consultation")])
    second_desk.services.set([office.services.get(key="consultation"), library])
    queue.sit(second_desk, by=citra, at=clock.at)
    first, reader = number(), number(service=library)
    assert clock_of(reader) is None
    queue.sit(desk, by=budi, at=clock.at)
    queue.call(first, desk=desk, by=budi, at=clock.at, reason="Menunggu sejak tadi")
    queue.leave_desk(second_desk, by=citra, at=clock.at)
    assert clock_of(reader).started_at == clock.at


def test_an_office_without_hours_serves_but_promises_no_minutes(
    number, arrive, desk, budi, clock, consultation_service, office
):
    Hours.objects.all().delete()
    touch(office)
    queue.sit(desk, by=budi, at=clock.at)
    ticket = queue.issue(arrive(), service=consultation_service, at=clock.at, by=budi)
    queue.finish(serve(desk, budi, clock), by=budi, at=clock.at)
    assert (fresh(ticket).state, clock_of(ticket)) == ("finished", None)


def test_each_desk_s_own_rule_decides_whose_promise_begins(
    number, desk, second_desk, budi, citra, clock, office, consultation_service
):
    library = office.services.get(key="library")
    office.priority_every = 2
    office.save()
    desk.services.set([consultation_service])
    second_desk.services.set([library])
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    number(priority=True)
    served = serve(desk, budi, clock)
    number(service=library)
    queue.call_next(second_desk, by=citra, at=clock.at)
    clock.advance(minutes=1)
    regular = number()
    clock.advance(minutes=1)
    urgent = number(priority=True)
    queue.finish(served, by=budi, at=clock.at)
    assert [clock_of(each) is not None for each in (regular, urgent)] == [True, False]
    assert queue.call_next(desk, by=budi, at=clock.at).ticket_id == regular.pk


def test_two_free_desks_serve_two_lines_whoever_comes_first(
    number, desk, second_desk, budi, citra, clock, office, consultation_service
):
    library, errand = office.services.get(key="library"), office.services.get(key="errand")
    desk.services.set([consultation_service, library])
    second_desk.services.set([consultation_service, errand])
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    both = number(), number(service=library)
    assert [clock_of(each) is not None for each in both] == [True, True]


def test_a_referred_visitor_is_promised_nothing_while_still_at_the_first_desk(
    number, desk, second_desk, budi, citra, clock, office
):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    served = serve(desk, budi, clock)
    queue.sit(second_desk, by=citra, at=clock.at)
    onward = queue.refer(served, to=office.services.get(key="library"), note="Buku", by=budi, at=clock.at)
    assert clock_of(onward) is None
    with pytest.raises(Refused):
        queue.call_next(second_desk, by=citra, at=clock.at)
    clock.advance(minutes=20)
    queue.finish(fresh(served), by=budi, at=clock.at)
    assert clock_of(onward).started_at == clock.at
    assert queue.call_next(second_desk, by=citra, at=clock.at).ticket_id == onward.pk


def test_an_errand_does_not_become_a_consultation_by_transfer(
    number, desk, budi, clock, office, consultation_service
):
    queue.sit(desk, by=budi, at=clock.at)
    number(service=office.services.get(key="errand"))
    ticket = serve(desk, budi, clock)
    with pytest.raises(Refused) as refusal:
        queue.transfer(ticket, by=budi, at=clock.at, to_service=consultation_service)
    assert (refusal.value.code, fresh(ticket).state) == ("another_kind", "serving")
