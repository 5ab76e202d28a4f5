"""The verbs of the queue, as officers and visitors know them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sapa.activity.models import Event
from sapa.consultations.models import Reason, State
from sapa.core.errors import Refused, Stale
from sapa.frontdesk import lines, queue
from sapa.frontdesk.models import Call, QueueTicket, TicketCounter, TicketState
from sapa.offices import holidays
from sapa.offices.models import Service


def fresh(ticket):
    return QueueTicket.objects.select_related("consultation", "office", "service", "desk", "visit").get(
        pk=ticket.pk
    )


def serve(desk, officer, clock):
    called = queue.call_next(desk, by=officer, at=clock.at)
    queue.start(fresh(called.ticket), by=officer, at=clock.at)
    return fresh(called.ticket)


def test_numbers_count_up_from_one_for_each_service(number, office):
    library = Service.objects.get(key="library")
    assert [str(number()), str(number()), str(number(service=library))] == ["K-001", "K-002", "P-001"]


def test_numbers_begin_again_on_the_next_day(number, clock):
    number()
    clock.advance(days=1)
    assert str(number()) == "K-001"


def test_the_service_day_is_the_offices_local_date(number, clock, office):
    clock.set(clock.at.replace(hour=1, minute=5))
    office.zone_name = "Asia/Jayapura"
    office.save()
    assert lines.service_day(office, clock.at.replace(hour=16)) == clock.at.date() + timedelta(days=1)


def test_asking_twice_for_one_visit_gives_the_same_number_and_leaves_no_gap(
    arrive, consultation_service, clock, number
):
    visit = arrive()
    first = queue.issue(visit, service=consultation_service, at=clock.at)
    second = queue.issue(visit, service=consultation_service, at=clock.at)
    assert (second.pk, str(number())) == (first.pk, "K-002")


def test_the_database_refuses_a_second_ticket_with_the_same_number(number, arrive):
    ticket = number()
    double = QueueTicket(
        office=ticket.office,
        visit=arrive(),
        service=ticket.service,
        service_day=ticket.service_day,
        prefix=ticket.prefix,
        number=ticket.number,
        issued_at=ticket.issued_at,
        joined_at=ticket.joined_at,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        double.save()


def test_a_refused_number_leaves_the_counter_as_it_was(number, arrive, consultation_service, clock):
    number()
    consultation_service.daily_limit = 1
    consultation_service.save()
    with pytest.raises(Refused) as refusal:
        queue.issue(arrive(), service=consultation_service, at=clock.at)
    assert (refusal.value.code, TicketCounter.objects.get().last_number) == ("full", 1)


def test_an_officer_may_issue_when_the_day_is_full(number, arrive, consultation_service, clock, fajar):
    number()
    consultation_service.daily_limit = 1
    consultation_service.save()
    ticket = queue.issue(arrive(), service=consultation_service, at=clock.at, by=fajar)
    assert str(ticket) == "K-002"


def test_a_closed_office_says_when_it_opens_again(arrive, consultation_service, clock):
    clock.set(clock.at.replace(hour=9, minute=0))  # 16.00 WIB
    with pytest.raises(Refused) as refusal:
        queue.issue(arrive(), service=consultation_service, at=clock.at)
    assert (refusal.value.code, "24 November 2026" in str(refusal.value)) == ("closed", True)


def test_a_holiday_closes_the_kiosk(arrive, consultation_service, clock, office, hadi):
    holidays.declare(
        office,
        on=clock.at.date(),
        name_id="HUT Kabupaten",
        name_en="Anniversary",
        kind="local",
        source="SK Bupati",
        by=hadi.user,
        at=clock.at,
    )
    with pytest.raises(Refused) as refusal:
        queue.issue(arrive(), service=consultation_service, at=clock.at)
    assert refusal.value.code == "closed"


def test_visitors_at_the_door_take_numbers_up_to_an_hour_before_opening(number, clock):
    clock.set(clock.at.replace(hour=0, minute=5))  # 07.05 WIB
    assert str(number()) == "K-001"


def test_a_service_that_is_switched_off_gives_no_numbers(arrive, consultation_service, clock):
    consultation_service.is_active = False
    consultation_service.save()
    with pytest.raises(Refused) as refusal:
        queue.issue(arrive(), service=consultation_service, at=clock.at)
    assert refusal.value.code == "inactive"


def test_an_errand_gets_a_number_but_no_consultation(number):
    errand = number(service=Service.objects.get(key="errand"))
    assert errand.consultation is None


def test_call_next_takes_the_first_and_keeps_why(number, desk, budi, clock):
    first = number()
    clock.advance(minutes=1)
    number()
    queue.sit(desk, by=budi, at=clock.at)
    call = queue.call_next(desk, by=budi, at=clock.at)
    assert (call.ticket_id, call.rule, fresh(first).state) == (first.pk, "first_come", TicketState.CALLED)


def test_a_priority_number_is_the_next_call(number, desk, budi, clock):
    number()
    clock.advance(minutes=1)
    urgent = number(priority=True)
    queue.sit(desk, by=budi, at=clock.at)
    call = queue.call_next(desk, by=budi, at=clock.at)
    assert (call.ticket_id, call.rule, urgent.class_letter) == (urgent.pk, "priority_next", "P")


def test_two_desks_never_call_the_same_number(number, desk, second_desk, budi, citra, clock):
    tickets = [number(), number()]
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    calls = [
        queue.call_next(desk, by=budi, at=clock.at),
        queue.call_next(second_desk, by=citra, at=clock.at),
    ]
    assert [call.ticket_id for call in calls] == [ticket.pk for ticket in tickets]


def test_a_desk_calls_one_at_a_time(number, desk, budi, clock):
    number(), number()
    queue.sit(desk, by=budi, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    with pytest.raises(Stale) as refusal:
        queue.call_next(desk, by=budi, at=clock.at)
    assert (refusal.value.code, Call.objects.count()) == ("desk_busy", 1)


def test_the_database_refuses_two_in_service_at_one_desk(number, desk, budi, clock):
    first, second = number(), number()
    queue.sit(desk, by=budi, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        QueueTicket.objects.filter(pk=second.pk).update(
            state="serving", desk=desk, officer=budi, called_at=clock.at
        )
    assert fresh(first).state == "called"


def test_an_officer_without_a_desk_cannot_call(number, desk, budi, clock):
    number()
    with pytest.raises(Stale) as refusal:
        queue.call_next(desk, by=budi, at=clock.at)
    assert refusal.value.code == "not_seated"


def test_a_taken_desk_is_refused_to_a_colleague(desk, budi, citra, clock):
    queue.sit(desk, by=budi, at=clock.at)
    with pytest.raises(Stale) as refusal:
        queue.sit(desk, by=citra, at=clock.at)
    assert refusal.value.code == "desk_taken"


def test_nobody_waiting_is_said_and_nothing_is_written(desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    with pytest.raises(Refused) as refusal:
        queue.call_next(desk, by=budi, at=clock.at)
    assert (refusal.value.code, Call.objects.count()) == ("nobody_waits", 0)


def test_a_given_number_is_called_only_with_a_reason(number, desk, budi, clock):
    number()
    chosen = number()
    queue.sit(desk, by=budi, at=clock.at)
    with pytest.raises(Refused):
        queue.call(fresh(chosen), desk=desk, by=budi, at=clock.at, reason="  ")
    call = queue.call(fresh(chosen), desk=desk, by=budi, at=clock.at, reason="Datang bersama tamu tadi")
    assert (call.rule, call.reason, fresh(chosen).state) == (
        "given",
        "Datang bersama tamu tadi",
        "called",
    )


def test_recall_calls_the_same_number_once_more(number, desk, budi, clock):
    ticket = number()
    queue.sit(desk, by=budi, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    clock.advance(minutes=1)
    again = queue.recall(fresh(ticket), by=budi, at=clock.at)
    assert (again.ticket_id, again.is_recall, again.rule) == (ticket.pk, True, "only_one")


def test_the_whole_service_start_and_finish(number, desk, budi, clock):
    number()
    queue.sit(desk, by=budi, at=clock.at)
    ticket = serve(desk, budi, clock)
    clock.advance(minutes=12)
    queue.finish(ticket, by=budi, at=clock.at)
    ticket = fresh(ticket)
    assert (ticket.state, ticket.ended_at - ticket.started_at, ticket.consultation.closing_reason) == (
        TicketState.FINISHED,
        timedelta(minutes=12),
        Reason.DONE,
    )


def test_a_colleagues_stale_page_cannot_finish_what_it_does_not_serve(number, desk, budi, citra, clock):
    number()
    queue.sit(desk, by=budi, at=clock.at)
    ticket = serve(desk, budi, clock)
    with pytest.raises(Stale):
        queue.finish(ticket, by=citra, at=clock.at)
    assert fresh(ticket).state == TicketState.SERVING


def test_finishing_twice_is_refused_and_counted_once(number, desk, budi, clock):
    number()
    queue.sit(desk, by=budi, at=clock.at)
    ticket = serve(desk, budi, clock)
    queue.finish(ticket, by=budi, at=clock.at)
    with pytest.raises(Stale):
        queue.finish(ticket, by=budi, at=clock.at)
    assert Event.objects.filter(name="ticket.finished").count() == 1


def test_a_visitor_on_hold_keeps_the_place_of_the_first_number(number, desk, budi, clock):
    early = number()
    clock.advance(minutes=5)
    number()
    queue.hold(fresh(early), by=None, at=clock.at)
    assert lines.in_order(early.office, early.service_day) == [early.pk + 1]
    queue.return_to_line(fresh(early), by=None, at=clock.at)
    queue.sit(desk, by=budi, at=clock.at)
    call = queue.call_next(desk, by=budi, at=clock.at)
    assert (call.ticket_id, call.detail["returned"]) == (early.pk, 1)


def test_a_no_show_ends_the_ticket_and_frees_the_desk(number, desk, budi, clock):
    ticket, other = number(), number()
    queue.sit(desk, by=budi, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    queue.no_show(fresh(ticket), by=budi, at=clock.at)
    assert fresh(ticket).consultation.closing_reason == Reason.NO_SHOW
    assert queue.call_next(desk, by=budi, at=clock.at).ticket_id == other.pk


def test_a_transfer_keeps_the_number_and_moves_to_the_other_line(number, desk, budi, clock):
    ticket = number()
    library = Service.objects.get(key="library")
    queue.sit(desk, by=budi, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    queue.transfer(fresh(ticket), by=budi, at=clock.at, to_service=library)
    ticket = fresh(ticket)
    assert (str(ticket), ticket.service.key, ticket.state, ticket.consultation.service.key) == (
        "K-001",
        "library",
        "waiting",
        "library",
    )


def test_a_ticket_for_one_desk_is_called_by_that_desk_only(number, desk, second_desk, budi, citra, clock):
    ticket = number()
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    queue.transfer(fresh(ticket), by=budi, at=clock.at, to_desk=second_desk)
    with pytest.raises(Refused):
        queue.call_next(desk, by=budi, at=clock.at)
    assert queue.call_next(second_desk, by=citra, at=clock.at).rule == "reserved_for_desk"


def test_a_transfer_to_a_desk_without_the_service_is_refused(number, desk, second_desk, budi, clock):
    ticket = number()
    second_desk.services.clear()
    queue.sit(desk, by=budi, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    with pytest.raises(Refused) as refusal:
        queue.transfer(fresh(ticket), by=budi, at=clock.at, to_desk=second_desk)
    assert (refusal.value.code, fresh(ticket).state) == ("desk_without_service", "called")


def test_a_referral_gives_the_visitor_a_number_of_the_other_service(number, desk, budi, clock):
    number()
    library = Service.objects.get(key="library")
    queue.sit(desk, by=budi, at=clock.at)
    ticket = serve(desk, budi, clock)
    onward = queue.refer(ticket, to=library, note="Buku Dalam Angka", by=budi, at=clock.at)
    referral = ticket.consultation.referrals.get()
    assert (str(onward), onward.visit_id, referral.to_service, onward.consultation.subject) == (
        "P-001",
        ticket.visit_id,
        library,
        "Buku Dalam Angka",
    )


def test_giving_up_the_turn_closes_the_consultation(number, clock):
    ticket = number()
    queue.withdraw(fresh(ticket), by=None, at=clock.at)
    ticket = fresh(ticket)
    assert (ticket.state, ticket.consultation.state, ticket.consultation.closing_reason) == (
        "withdrawn",
        State.CLOSED,
        Reason.WITHDRAWN,
    )


def test_a_desk_with_a_visitor_cannot_be_left(number, desk, budi, clock):
    number()
    queue.sit(desk, by=budi, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    with pytest.raises(Refused) as refusal:
        queue.leave_desk(desk, by=budi, at=clock.at)
    assert refusal.value.code == "desk_busy"


def test_the_wait_is_told_as_an_interval_and_kept_for_the_score(number):
    ticket = number()
    assert 0 <= ticket.wait_low_minutes < ticket.wait_high_minutes


def test_a_number_kept_for_a_desk_is_called_by_others_once_its_officer_has_left(
    number, desk, second_desk, budi, citra, clock
):
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    ticket = number()
    queue.call_next(desk, by=budi, at=clock.at)
    queue.transfer(fresh(ticket), by=budi, at=clock.at, to_desk=second_desk)
    with pytest.raises(Refused):
        queue.call_next(desk, by=budi, at=clock.at)
    queue.leave_desk(second_desk, by=citra, at=clock.at)
    assert queue.call_next(desk, by=budi, at=clock.at).ticket == ticket


def test_nobody_is_handed_over_to_a_line_in_which_they_stand_already(number, desk, budi, clock, office):
    library = office.services.get(key="library")
    queue.sit(desk, by=budi, at=clock.at)
    number()
    ticket = serve(desk, budi, clock)
    queue.refer(ticket, to=library, note="", by=budi, at=clock.at)
    with pytest.raises(Refused) as refusal:
        queue.transfer(ticket, by=budi, at=clock.at, to_service=library)
    assert (refusal.value.code, fresh(ticket).state) == ("same_service", "serving")


def test_a_double_click_refers_once(number, desk, budi, clock, office):
    library = office.services.get(key="library")
    queue.sit(desk, by=budi, at=clock.at)
    number()
    ticket = serve(desk, budi, clock)
    first = queue.refer(ticket, to=library, note="", by=budi, at=clock.at)
    again = queue.refer(ticket, to=library, note="", by=budi, at=clock.at)
    assert (again, ticket.consultation.referrals.count()) == (first, 1)


def test_a_line_longer_than_the_day_is_told_as_a_day(number, office, consultation_service):
    consultation_service.typical_minutes = 30_000
    consultation_service.save()
    number()
    ticket = number(service=consultation_service)
    for _ in range(3):
        ticket = number(service=consultation_service)
    assert fresh(ticket).wait_high_minutes == 24 * 60
