"""Who gets a consultation without anybody choosing, and that no case waits for an officer who is away."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django_scopes import scope
from pytest_django import DjangoAssertNumQueries

from sapa.activity.models import Event
from sapa.consultations import holding, lifecycle
from sapa.consultations.models import Consultation, Reason
from sapa.inbox import assigning, writing
from sapa.inbox.models import Kind
from sapa.offices.models import Office
from sapa.people import officers
from sapa.people.models import Client, Officer
from sapa.roster import leaves, policies
from sapa.roster.models import Part, Shift
from tests.cast import make_officer
from tests.conftest import Clock
from tests.inbox.conftest import ask, words

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)
Work = Callable[[], int]


@pytest.fixture
def in_turn(office: Office, gita: Officer, clock: Clock) -> None:
    policies.set_assignment(office, assignment="round_robin", by=gita, at=clock.at)


def holder(consultation: Consultation) -> Officer | None:
    consultation.refresh_from_db()
    return consultation.officer


def given() -> list[int | None]:
    """To whom consultations were given, in order."""
    rows = Event.objects.filter(name="consultation.assigned").order_by("pk")
    return [row.data["officer"] for row in rows]


# In turn


def test_new_requests_are_given_in_turn_to_those_on_duty(
    office: Office, ani: Client, budi: Officer, citra: Officer, in_turn: None, clock: Clock, work: Work
) -> None:
    eka = make_officer(office, "eka", Officer.Role.CONSULTANT)
    for each in (budi, citra):
        Shift.objects.create(office=office, officer=each, on=MONDAY)
    asked = []
    for _ in range(4):
        asked.append(ask(ani, office, clock))
        work()
        clock.advance(minutes=1)
    assert [holder(each) for each in asked] == [budi, citra, budi, citra]
    assert eka.pk not in given()


def test_whoever_has_more_open_ones_waits_and_closed_ones_do_not_count(
    office: Office, ani: Client, budi: Officer, citra: Officer, in_turn: None, clock: Clock, work: Work
) -> None:
    first, second = ask(ani, office, clock), ask(ani, office, clock)
    for each in (first, second):
        holding.claim(each, by=budi, at=clock.at)
    third = ask(ani, office, clock)
    work()
    assert holder(third) == citra
    for each in (first, second):
        lifecycle.close(each, reason=Reason.DONE, by=budi, at=clock.at)
    fourth = ask(ani, office, clock)
    work()
    assert holder(fourth) == budi


def test_where_officers_claim_nothing_is_given(
    office: Office, ani: Client, budi: Officer, clock: Clock, work: Work
) -> None:
    asked = ask(ani, office, clock)
    work()
    assert (holder(asked), given()) == (None, [])


def test_whoever_claims_before_the_turn_comes_keeps_it(
    office: Office, ani: Client, budi: Officer, citra: Officer, in_turn: None, clock: Clock, work: Work
) -> None:
    asked = ask(ani, office, clock)
    holding.claim(asked, by=citra, at=clock.at)
    work()
    assert (holder(asked), given()) == (citra, [])


def test_what_comes_on_a_closed_day_goes_to_who_is_on_duty_when_the_office_opens(
    office: Office, ani: Client, budi: Officer, citra: Officer, in_turn: None, clock: Clock, work: Work
) -> None:
    Shift.objects.create(office=office, officer=citra, on=date(2026, 11, 30))
    clock.set(datetime(2026, 11, 28, 3, 0, tzinfo=UTC))  # Saturday
    asked = ask(ani, office, clock)
    work()
    assert holder(asked) == citra


def test_after_noon_it_goes_to_the_afternoon(
    office: Office, ani: Client, budi: Officer, citra: Officer, in_turn: None, clock: Clock, work: Work
) -> None:
    Shift.objects.create(office=office, officer=budi, on=MONDAY, part=Part.MORNING)
    Shift.objects.create(office=office, officer=citra, on=MONDAY, part=Part.AFTERNOON)
    clock.set(datetime(2026, 11, 23, 6, 0, tzinfo=UTC))  # 13.00 WIB
    asked = ask(ani, office, clock)
    work()
    assert holder(asked) == citra


def test_where_nobody_can_serve_it_waits_for_somebody(
    office: Office, ani: Client, fajar: Officer, in_turn: None, clock: Clock, work: Work
) -> None:
    asked = ask(ani, office, clock)
    work()
    assert (holder(asked), given()) == (None, [])


def test_a_visit_is_never_given_in_turn(
    office: Office, ani: Client, budi: Officer, in_turn: None, clock: Clock, consultation_service: object
) -> None:
    visit = lifecycle.request_on_site(
        office,
        client=ani,
        service=office.services.get(key="consultation"),
        standard=office.standards.get(),
        subject="x",
        at=clock.at,
    )
    assigning.assign_after(Event(office=office, subject_id=visit.pk), clock.at)
    assert holder(visit) is None


def test_what_another_office_sends_is_given_in_turn_there(
    office: Office, ani: Client, budi: Officer, clock: Clock, work: Work
) -> None:
    assert office.parent is not None
    province = office.parent
    office.parent.services.create(
        key="consultation", prefix="K", name_id="Konsultasi", name_en="Consultation"
    )
    with scope(office=province):
        feri = make_officer(province, "feri", Officer.Role.CONSULTANT)
        policies.set_assignment(province, assignment="round_robin", by=feri, at=clock.at)
    asked = ask(ani, office, clock)
    holding.forward(asked, to=province, note="Data provinsi", by=budi, at=clock.at)
    work()
    with scope(office=province):
        assert Consultation.objects.get(pk=asked.pk).officer == feri


@pytest.mark.parametrize("number", [1, 3])
def test_giving_takes_the_same_queries_for_one_and_three(
    office: Office,
    ani: Client,
    budi: Officer,
    in_turn: None,
    clock: Clock,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for each in range(number):
        officer = make_officer(office, f"petugas{each}", Officer.Role.CONSULTANT)
        Shift.objects.create(office=office, officer=officer, on=MONDAY)
        holding.claim(ask(ani, office, clock), by=officer, at=clock.at)
    asked = ask(ani, office, clock)
    event = Event.objects.filter(name="consultation.requested").latest("pk")
    with django_assert_num_queries(25):
        assigning.assign_after(event, clock.at)
    assert holder(asked) is not None


# Away


def away(officer: Officer, clock: Clock, from_on: date, until_on: date) -> None:
    leaves.note(officer, from_on=from_on, until_on=until_on, kind="annual", by=officer, at=clock.at)


def in_hand(consultation: Consultation, officer: Officer, clock: Clock) -> Consultation:
    """Accepted by the officer on Monday: due on Thursday at closing time."""
    lifecycle.accept(consultation, by=officer, at=clock.at)
    consultation.refresh_from_db()
    return consultation


def test_leave_over_the_due_day_gives_the_case_back_at_once(
    question: Consultation, budi: Officer, clock: Clock, work: Work
) -> None:
    in_hand(question, budi, clock)
    away(budi, clock, MONDAY, FRIDAY)
    work()
    assert (holder(question), given()) == (None, [None])
    event = Event.objects.get(name="consultation.assigned")
    assert (event.by, event.subject_id) == (None, question.pk)


def test_leave_that_ends_before_the_due_day_leaves_the_case_where_it_is(
    question: Consultation, budi: Officer, clock: Clock, work: Work
) -> None:
    in_hand(question, budi, clock)
    away(budi, clock, MONDAY, TUESDAY)
    work()
    assert (holder(question), given()) == (budi, [])


def test_leaves_that_follow_each_other_count_together(
    question: Consultation, budi: Officer, clock: Clock, work: Work
) -> None:
    in_hand(question, budi, clock)
    away(budi, clock, TUESDAY + timedelta(days=1), FRIDAY)
    away(budi, clock, MONDAY, TUESDAY)
    work()
    assert holder(question) is None


def test_leave_to_come_gives_back_when_it_begins_and_not_before(
    question: Consultation, budi: Officer, clock: Clock, work: Work
) -> None:
    in_hand(question, budi, clock)
    away(budi, clock, TUESDAY, FRIDAY)
    work()
    assert holder(question) == budi
    clock.set(datetime(2026, 11, 23, 16, 59, tzinfo=UTC))
    work()
    assert holder(question) == budi
    clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))  # Tuesday 00.00 WIB
    work()
    assert holder(question) is None
    assert Event.objects.filter(name="leave.begun").count() == 1


def test_withdrawn_leave_gives_nothing_back(
    question: Consultation, budi: Officer, clock: Clock, work: Work
) -> None:
    in_hand(question, budi, clock)
    away(budi, clock, TUESDAY, FRIDAY)
    leaves.withdraw(budi.leaves.get(), by=budi, at=clock.at)
    clock.advance(days=1)
    work()
    assert holder(question) == budi


def test_a_request_without_a_due_day_does_not_wait_for_the_return(
    question: Consultation, budi: Officer, clock: Clock, work: Work
) -> None:
    holding.claim(question, by=budi, at=clock.at)
    away(budi, clock, MONDAY, MONDAY)
    work()
    assert holder(question) is None


def test_what_waits_for_the_client_stays_until_the_client_writes(
    question: Consultation, ani: Client, budi: Officer, clock: Clock, work: Work
) -> None:
    in_hand(question, budi, clock)
    writing.office_says(question, words("Tahun berapa?"), kind=Kind.QUESTION, by=budi, at=clock.at)
    away(budi, clock, MONDAY, FRIDAY)
    work()
    assert holder(question) == budi
    assert ani.user is not None
    writing.client_says(question, words("2025"), user=ani.user, at=clock.advance(minutes=5))
    work()
    assert (holder(question), given()) == (None, [None])


def test_a_client_who_writes_to_an_officer_who_is_here_keeps_the_officer(
    question: Consultation, ani: Client, budi: Officer, clock: Clock, work: Work
) -> None:
    in_hand(question, budi, clock)
    assert ani.user is not None
    writing.client_says(question, words("Terima kasih"), user=ani.user, at=clock.advance(minutes=5))
    work()
    assert (holder(question), given()) == (budi, [])


def test_where_cases_are_given_in_turn_a_colleague_has_it_at_once(
    question: Consultation, budi: Officer, citra: Officer, in_turn: None, clock: Clock, work: Work
) -> None:
    in_hand(question, budi, clock)
    away(budi, clock, MONDAY, FRIDAY)
    work()
    assert (holder(question), given()) == (citra, [None, citra.pk])


def test_only_the_absent_officers_cases_are_given_back(
    office: Office, ani: Client, budi: Officer, citra: Officer, clock: Clock, work: Work
) -> None:
    mine, theirs = ask(ani, office, clock), ask(ani, office, clock)
    in_hand(mine, budi, clock)
    in_hand(theirs, citra, clock)
    away(budi, clock, MONDAY, FRIDAY)
    work()
    assert (holder(mine), holder(theirs)) == (None, citra)


def test_a_dismissed_officer_or_one_who_serves_no_more_has_nothing_in_hand(
    office: Office, ani: Client, budi: Officer, citra: Officer, gita: Officer, clock: Clock, work: Work
) -> None:
    mine, theirs = ask(ani, office, clock), ask(ani, office, clock)
    in_hand(mine, budi, clock)
    in_hand(theirs, citra, clock)
    officers.dismiss(budi, by=gita.user, at=clock.at)
    officers.change_role(citra, role="front_desk", by=gita.user, at=clock.at)
    work()
    assert (holder(mine), holder(theirs)) == (None, None)
