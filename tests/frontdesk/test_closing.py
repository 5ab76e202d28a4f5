"""The end of the day: what is left open is flagged and counted, never silently averaged in."""

from datetime import timedelta

from sapa.consultations.models import Consultation, Deadline
from sapa.frontdesk import lines, queue
from sapa.frontdesk.models import ServiceDay, TicketState
from sapa.offices import holidays
from tests.frontdesk.test_queue import fresh, serve


def to_closing_time(clock):
    return clock.set(clock.at.replace(hour=8, minute=30))  # 15.30 WIB


def test_a_service_left_open_at_closing_time_is_flagged(number, desk, budi, clock, work):
    number()
    queue.sit(desk, by=budi, at=clock.at)
    ticket = serve(desk, budi, clock)
    to_closing_time(clock)
    work()
    assert (fresh(ticket).flagged_at, fresh(ticket).consultation.flagged_at) == (clock.at, clock.at)
    assert ServiceDay.objects.get().left_in_service == 1


def test_finished_later_the_same_day_it_is_a_true_length_again(number, desk, budi, clock, work):
    number()
    queue.sit(desk, by=budi, at=clock.at)
    ticket = serve(desk, budi, clock)
    to_closing_time(clock)
    work()
    clock.advance(minutes=10)
    queue.finish(fresh(ticket), by=budi, at=clock.at)
    assert (fresh(ticket).flagged_at, Consultation.objects.get().flagged_at) == (None, None)


def test_finished_the_next_morning_it_is_no_service_length(number, desk, budi, clock, work, office):
    ticket = number()
    queue.sit(desk, by=budi, at=clock.at)
    serve(desk, budi, clock)
    to_closing_time(clock)
    work()
    clock.advance(hours=17)
    work()
    queue.finish(fresh(ticket), by=budi, at=clock.at)
    assert fresh(ticket).state == TicketState.FINISHED
    assert lines.recent_lengths(office, fresh(ticket).service) == []


def test_visitors_still_waiting_may_be_served_after_hours(number, desk, budi, clock, work):
    ticket = number()
    to_closing_time(clock)
    work()
    queue.sit(desk, by=budi, at=clock.at)
    assert queue.call_next(desk, by=budi, at=clock.at).ticket_id == ticket.pk


def test_at_midnight_those_never_served_are_counted_as_such(number, clock, work):
    ticket = number()
    clock.set(clock.at.replace(hour=17, minute=0))
    work()
    day = ServiceDay.objects.get()
    assert (fresh(ticket).state, fresh(ticket).consultation.closing_reason, day.left_waiting) == (
        TicketState.UNSERVED,
        "unserved",
        1,
    )
    promise = Deadline.objects.get()
    assert (promise.stop_reason, promise.breached_at) == ("unserved", promise.due_at)


def test_the_forecasts_of_the_day_are_scored(number, desk, budi, clock, work):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    late = number()
    first = serve(desk, budi, clock)
    clock.advance(minutes=late.wait_high_minutes + 30)
    queue.finish(first, by=budi, at=clock.at)
    serve(desk, budi, clock)
    clock.advance(days=1)
    work()
    day = ServiceDay.objects.get()
    assert (day.forecasts_held, day.forecasts_made) == (1, 2)


def test_settling_twice_changes_nothing(number, clock, work):
    number()
    clock.advance(days=1)
    work()
    settled = ServiceDay.objects.get().settled_at
    clock.advance(hours=1)
    work()
    assert ServiceDay.objects.get().settled_at == settled
    assert timedelta(0) < clock.at - settled


def test_a_service_begun_after_hours_and_left_open_is_flagged_at_midnight(number, desk, budi, clock, work):
    queue.sit(desk, by=budi, at=clock.at)
    ticket = number()
    to_closing_time(clock)
    work()
    clock.advance(minutes=1)
    queue.call_next(desk, by=budi, at=clock.at)
    queue.start(fresh(ticket), by=budi, at=clock.at)
    clock.set(clock.at.replace(hour=17, minute=0))  # midnight WIB
    work()
    day = ServiceDay.objects.get()
    assert (fresh(ticket).flagged_at, fresh(ticket).consultation.flagged_at) == (clock.at, clock.at)
    assert day.left_in_service == 1


def test_an_earlier_closing_declared_during_the_day_is_kept(number, clock, work, office, hadi):
    number()
    closes = clock.at + timedelta(hours=2)
    holidays.close(
        office,
        starts_at=closes,
        ends_at=closes + timedelta(hours=12),
        reason="Banjir",
        by=hadi.user,
        at=clock.at,
    )
    work()
    assert ServiceDay.objects.get().due_at == closes
