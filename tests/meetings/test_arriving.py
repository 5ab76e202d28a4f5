"""An appointment by visit on the day: a number for the consultation begun online, in the place of the appointment."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from sapa.consultations.models import Consultation, Deadline
from sapa.core.errors import Refused
from sapa.frontdesk import arrivals, queue
from sapa.frontdesk.entries import Entry, Incomplete
from sapa.frontdesk.models import Visit
from sapa.frontdesk.order import explanation
from sapa.meetings import arriving, booking
from sapa.meetings.models import FollowUp
from tests.cast import make_client
from tests.frontdesk.test_queue import fresh, serve
from tests.frontdesk.visitors import entry
from tests.meetings.conftest import WEDNESDAY_TEN


@pytest.fixture
def profile(ani):
    """What Ani filled in with her request."""
    from sapa.people import institutions

    ani.education, ani.occupation = "bachelor", "student"
    ani.institution = institutions.register("Universitas Lampung", category="research_education")
    ani.save()
    return ani


@pytest.fixture
def meeting(book, profile, consultation):
    from sapa.consultations.models import OnlineRequest

    OnlineRequest.objects.create(
        consultation=consultation, submission_key=uuid4(), question="?", purpose="school_work", language="id"
    )
    return book()


def check_in(meeting, at):
    return arriving.check_in(meeting, at=at, submission_key=uuid4())


def now_is(meeting) -> FollowUp:
    return FollowUp.objects.get(pk=meeting.pk)


def test_checking_in_gives_a_number_for_the_same_consultation(meeting, consultation, clock, work):
    ticket = check_in(meeting, clock.set(WEDNESDAY_TEN - timedelta(minutes=10)))
    work()
    assert (ticket.consultation, Consultation.objects.count()) == (consultation, 1)
    visit = ticket.visit
    assert (visit.client, visit.purpose, visit.occupation, visit.door) == (
        consultation.client,
        "school_work",
        "student",
        "phone",
    )
    assert now_is(meeting).arrived_at == clock.at


def test_a_second_press_returns_the_same_number(meeting, clock):
    at = clock.set(WEDNESDAY_TEN)
    assert (check_in(meeting, at), Visit.objects.count()) == (check_in(meeting, at), 1)


@pytest.mark.parametrize(
    ("minutes", "code"), [(-24 * 60, "not_today"), (-61, "too_early"), (-60, None), (24 * 60, "not_today")]
)
def test_one_checks_in_on_the_day_and_not_hours_before(meeting, clock, minutes, code):
    at = clock.set(WEDNESDAY_TEN + timedelta(minutes=minutes))
    if code is None:
        assert check_in(meeting, at).label == "K-001"
        return
    with pytest.raises(Refused) as refused:
        check_in(meeting, at)
    assert (refused.value.code, Visit.objects.count()) == (code, 0)


def test_a_video_meeting_and_a_cancelled_visit_have_nothing_to_check_in_for(meeting, budi, clock):
    booking.cancel(meeting, reason="", by=budi, at=clock.at)
    with pytest.raises(Refused) as refused:
        check_in(now_is(meeting), WEDNESDAY_TEN)
    assert refused.value.code == "no_visit"


def test_a_profile_that_lacks_something_is_asked_at_the_kiosk(meeting, clock, ani):
    ani.education = ""
    ani.save()
    meeting = FollowUp.objects.select_related("consultation__client").get(pk=meeting.pk)
    with pytest.raises(Incomplete):
        check_in(meeting, WEDNESDAY_TEN)
    assert Visit.objects.count() == 0


@pytest.mark.parametrize("door", [Visit.Door.KIOSK, Visit.Door.FRONT_OFFICE])
def test_who_is_recognised_at_the_kiosk_or_the_front_office_continues_the_consultation(
    meeting, office, ani, consultation, clock, door
):
    at = clock.set(WEDNESDAY_TEN - timedelta(minutes=30))
    values = {"entry": entry(), "door": door, "by": None, "at": at, "client": ani}
    ticket = arrivals.arrive(office, submission_key=uuid4(), **values)
    assert (ticket.consultation, ticket.appointed_at) == (consultation, WEDNESDAY_TEN)


def test_who_comes_for_something_else_or_on_another_day_begins_a_consultation_of_its_own(
    meeting, office, ani, consultation, clock
):
    def come(at, **changes) -> bool:
        key, what = uuid4(), entry(**changes)
        ticket = arrivals.arrive(
            office, entry=what, door=Visit.Door.KIOSK, by=None, at=at, submission_key=key, client=ani
        )
        return ticket.consultation == consultation

    assert not come(clock.at)
    assert not come(WEDNESDAY_TEN, service_key="library")
    assert come(WEDNESDAY_TEN)
    assert not come(WEDNESDAY_TEN)  # a number for the appointment stands already


def test_a_stranger_does_not_get_into_the_consultation(meeting, office, consultation, clock):
    key, other = uuid4(), make_client("Joko Susilo", email="joko@contoh.example", phone="+6281111111111")
    ticket = arrivals.arrive(
        office,
        entry=entry(),
        door=Visit.Door.KIOSK,
        by=None,
        at=WEDNESDAY_TEN,
        submission_key=key,
        client=other,
    )
    assert ticket.consultation != consultation


@pytest.mark.parametrize(
    ("arrives", "joins"),
    [(-30, -30), (0, 0), (10, 0), (11, 11)],
    ids=["early", "in time", "in grace", "late"],
)
def test_the_place_in_line_counts_from_the_appointment_for_who_comes_in_time(meeting, clock, arrives, joins):
    ticket = check_in(meeting, WEDNESDAY_TEN + timedelta(minutes=arrives))
    appointed = WEDNESDAY_TEN if arrives <= 10 else None
    assert (ticket.joined_at, ticket.appointed_at) == (WEDNESDAY_TEN + timedelta(minutes=joins), appointed)


def test_in_grace_one_is_called_before_who_came_after_the_appointed_time_and_the_reason_is_told(
    meeting,
    number,
    desk,
    citra,
    clock,
    office,
    signed_in,
):
    clock.set(WEDNESDAY_TEN + timedelta(minutes=5))
    walk_in = number()
    ticket = check_in(meeting, clock.advance(minutes=3))
    queue.sit(desk, by=citra, at=clock.at)
    page = signed_in(citra).get(reverse("workspace", args=[office.code])).content.decode()
    assert "Punya janji pukul 10.00 WIB: nomor K-002" in page
    call = queue.call_next(desk, by=citra, at=clock.at)
    assert (call.ticket, call.rule, fresh(walk_in).state) == (ticket, "appointment", "waiting")
    from sapa.frontdesk.order import Choice, Rule

    told = explanation(Choice(ticket.pk, Rule(call.rule), call.detail), zone=office.zone)
    assert told == "Punya janji pukul 10.00 WIB: nomor K-002, dalam antrean sejak pukul 10.00 WIB."


def test_it_is_kept_for_the_officer_of_the_appointment_who_sits_at_a_desk(
    meeting, desk, second_desk, budi, citra, clock
):
    at = clock.set(WEDNESDAY_TEN)
    queue.sit(desk, by=budi, at=at)
    queue.sit(second_desk, by=citra, at=at)
    ticket = check_in(meeting, at)
    with pytest.raises(Refused):
        queue.call_next(second_desk, by=citra, at=at)
    assert queue.call_next(desk, by=budi, at=at).ticket == ticket


def test_after_the_visit_the_consultation_goes_on_online(meeting, consultation, desk, budi, clock, work):
    queue.sit(desk, by=budi, at=clock.set(WEDNESDAY_TEN))
    check_in(meeting, clock.at)
    ticket = serve(desk, budi, clock)
    queue.finish(ticket, by=budi, at=clock.advance(minutes=20))
    work()
    consultation.refresh_from_db()
    assert (fresh(ticket).state, consultation.state, consultation.door) == ("finished", "in_service", "web")
    assert now_is(meeting).state == "held"
    assert Deadline.objects.get(kind="onsite_service").met_at is not None


def test_who_does_not_come_when_called_has_missed_it_and_the_consultation_stays_open(
    meeting, consultation, desk, budi, clock, work
):
    queue.sit(desk, by=budi, at=clock.set(WEDNESDAY_TEN))
    check_in(meeting, clock.at)
    call = queue.call_next(desk, by=budi, at=clock.at)
    queue.no_show(call.ticket, by=budi, at=clock.advance(minutes=5))
    work()
    consultation.refresh_from_db()
    assert (consultation.state, now_is(meeting).state) == ("in_service", "missed")


def test_a_number_given_up_leaves_the_appointment_and_another_can_be_taken(
    meeting, consultation, clock, work
):
    ticket = check_in(meeting, clock.set(WEDNESDAY_TEN))
    queue.withdraw(ticket, by=None, at=clock.at)
    work()
    assert (now_is(meeting).state, now_is(meeting).arrived_at) == ("booked", None)
    assert check_in(meeting, clock.at).label == "K-002"


def test_who_waited_until_midnight_was_not_served_and_missed_nothing_of_the_consultation(
    meeting, consultation, clock, work
):
    check_in(meeting, clock.set(WEDNESDAY_TEN))
    clock.set(meeting.due_at)
    work()
    consultation.refresh_from_db()
    assert (consultation.state, now_is(meeting).state) == ("in_service", "missed")


def test_an_appointment_is_served_though_the_daily_limit_is_reached(
    meeting,
    service,
    number,
    clock,
):
    clock.set(WEDNESDAY_TEN)
    service.daily_limit = 1
    service.save()
    number()
    assert check_in(FollowUp.objects.get(pk=meeting.pk), clock.at).label == "K-002"


def test_hold_and_transfer_leave_the_online_consultation_as_it_is(
    meeting, consultation, desk, budi, clock, work
):
    queue.sit(desk, by=budi, at=clock.set(WEDNESDAY_TEN))
    ticket = check_in(meeting, clock.at)
    queue.hold(ticket, by=None, at=clock.at)
    queue.return_to_line(fresh(ticket), by=None, at=clock.at)
    served = serve(desk, budi, clock)
    queue.transfer(served, by=budi, at=clock.at)
    consultation.refresh_from_db()
    assert (consultation.state, consultation.officer) == ("in_service", budi)


def test_the_entry_asks_nothing_that_is_known():
    assert Entry(service_key="consultation").means == frozenset({"in_person"})
