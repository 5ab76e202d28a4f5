"""A request that nobody will answer here: closed with its reason, told kindly, opened again by a word."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from sapa.activity.models import Event
from sapa.consultations import clocks, lifecycle
from sapa.consultations.models import Consultation, Deadline, Reason, State
from sapa.core.errors import Refused
from sapa.inbox import notices, writing
from sapa.inbox.models import Kind, Side
from sapa.inbox.setting_aside import set_aside
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.cast import make_client, make_officer
from tests.conftest import Clock
from tests.inbox.conftest import ask, words

pytestmark = pytest.mark.django_db


def again(consultation: Consultation) -> Consultation:
    return Consultation.objects.get(pk=consultation.pk)


def last_line(consultation: Consultation) -> str:
    message = consultation.conversation.messages.order_by("-sequence")[0]
    assert message.side == Side.SYSTEM
    return notices.sentence(message.notice, consultation.office.zone)


@pytest.fixture
def as_budi(budi: Officer) -> Browser:
    browser = Browser()
    browser.force_login(budi.user)
    return browser


def closing(browser: Browser, consultation: Consultation, **said: str) -> Any:
    return browser.post(
        reverse("case_closure", args=[consultation.office.code, consultation.code]), said, follow=True
    )


@pytest.mark.parametrize("reason", [Reason.JUNK, Reason.WITHDRAWN, Reason.ELSEWHERE])
def test_it_is_closed_for_its_reason_and_the_conversation_says_why(
    question: Consultation, budi: Officer, clock: Clock, reason: Reason
) -> None:
    set_aside(question, reason=reason, by=budi, at=clock())
    closed = again(question)
    assert (closed.state, closed.closing_reason, closed.officer, closed.double_of) == (
        State.CLOSED,
        reason,
        budi,
        None,
    )
    assert last_line(question).startswith("Ditutup oleh kantor: ")
    (event,) = Event.objects.filter(name="consultation.closed")
    assert (event.data, event.by) == ({"reason": str(reason)}, budi.user)


def test_a_double_names_the_other_question(
    question: Consultation, ani: Client, office: Office, budi: Officer, clock: Clock
) -> None:
    twice = ask(ani, office, clock)
    set_aside(twice, reason=Reason.DUPLICATE, double_of=question, by=budi, at=clock())
    assert again(twice).double_of == question
    assert last_line(twice) == (
        f"Ditutup oleh kantor: pertanyaan yang sama sudah ada di {question.code}. Kami menjawabnya di sana."
    )
    assert Event.objects.get(name="consultation.closed").data == {
        "reason": "duplicate",
        "double_of": question.code,
    }


def test_the_promise_that_ran_ends_for_the_same_reason_and_is_neither_kept_nor_broken(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    at = clock.advance(hours=1)
    set_aside(question, reason=Reason.ELSEWHERE, by=budi, at=at)
    promise = Deadline.objects.get(consultation=question)
    assert (promise.met_at, promise.breached_at, promise.stopped_at, promise.stop_reason) == (
        None,
        None,
        at,
        "elsewhere",
    )
    assert list(promise.entries.values_list("what", "reason")) == [
        ("started", "accepted"),
        ("stopped", "elsewhere"),
    ]


def test_a_promise_that_was_broken_before_stays_broken(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    due = Deadline.objects.get(consultation=question).due_at
    set_aside(question, reason=Reason.JUNK, by=budi, at=clock.advance(days=10))
    assert Deadline.objects.get(consultation=question).breached_at == due


def test_a_word_of_the_client_opens_it_again_and_the_promise_begins_anew(
    question: Consultation, ani: Client, budi: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    set_aside(question, reason=Reason.JUNK, by=budi, at=clock.advance(hours=1))
    assert ani.user is not None
    at = clock.advance(hours=1)
    writing.client_says(again(question), words("Saya sungguh bertanya."), user=ani.user, at=at)
    opened = again(question)
    promise = Deadline.objects.get(consultation=question, met_at=None, stopped_at=None)
    assert (opened.state, opened.closing_reason, opened.due_at) == (State.IN_SERVICE, "", promise.due_at)
    assert (promise.kind, promise.cause, promise.started_at) == (clocks.Kind.ONLINE_RESPONSE, "reopened", at)


def test_a_double_that_is_opened_again_names_no_other(
    question: Consultation, ani: Client, office: Office, budi: Officer, clock: Clock
) -> None:
    twice = ask(ani, office, clock)
    set_aside(twice, reason=Reason.DUPLICATE, double_of=question, by=budi, at=clock())
    lifecycle.reopen(again(twice), by=budi, at=clock())
    assert (again(twice).state, again(twice).double_of) == (State.REQUESTED, None)


def test_after_thirty_days_it_stays_closed(
    question: Consultation, ani: Client, budi: Officer, clock: Clock
) -> None:
    set_aside(question, reason=Reason.JUNK, by=budi, at=clock())
    assert ani.user is not None
    at = clock.advance(days=30, seconds=1)
    with pytest.raises(Refused) as refusal:
        writing.client_says(again(question), words("Halo"), user=ani.user, at=at)
    assert refusal.value.code == "too_late"


def test_what_was_answered_is_not_set_aside(question: Consultation, budi: Officer, clock: Clock) -> None:
    writing.office_says(question, words("Ini."), kind=Kind.ANSWER, by=budi, at=clock())
    with pytest.raises(Refused) as refusal:
        set_aside(again(question), reason=Reason.JUNK, by=budi, at=clock())
    assert (refusal.value.code, again(question).state) == ("answered", State.IN_SERVICE)


@pytest.mark.parametrize("reason", [Reason.DONE, Reason.SILENCE, Reason.NO_SHOW])
def test_other_reasons_set_nothing_aside(
    question: Consultation, budi: Officer, clock: Clock, reason: Reason
) -> None:
    with pytest.raises(Refused) as refusal:
        set_aside(question, reason=reason, by=budi, at=clock())
    assert (refusal.value.code, again(question).state) == ("reason", State.REQUESTED)


def test_a_double_of_itself_of_a_double_of_nothing_or_of_somebody_else_is_refused(
    question: Consultation, ani: Client, office: Office, budi: Officer, clock: Clock
) -> None:
    twice = ask(ani, office, clock)
    set_aside(twice, reason=Reason.DUPLICATE, double_of=question, by=budi, at=clock())
    strangers = ask(make_client("Lain"), office, clock)
    for other in (None, question, twice, strangers):
        with pytest.raises(Refused) as refusal:
            set_aside(question, reason=Reason.DUPLICATE, double_of=other, by=budi, at=clock())
        assert (refusal.value.code, again(question).state) == ("double_of", State.REQUESTED)


def test_a_colleague_who_has_it_in_hand_is_not_overruled(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=citra, at=clock())
    with pytest.raises(Refused) as refusal:
        set_aside(again(question), reason=Reason.JUNK, by=budi, at=clock())
    assert (refusal.value.code, again(question).state) == ("claimed", State.IN_SERVICE)


def test_the_database_refuses_a_duplicate_of_nothing(question: Consultation, clock: Clock) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        lifecycle.close(question, reason=Reason.DUPLICATE, by=None, at=clock())


def test_on_the_page_it_is_chosen_and_the_client_reads_why_with_the_way_to_the_other(
    question: Consultation,
    ani: Client,
    at_home: Browser,
    office: Office,
    budi: Officer,
    as_budi: Browser,
    clock: Clock,
) -> None:
    twice = ask(ani, office, clock)
    page = as_budi.get(reverse("inbox_case", args=[office.code, twice.code]))
    assert [each[0] for each in page.context["closure_form"]["double_of"].field.widget.choices] == [
        question.code
    ]
    closing(as_budi, twice, reason="duplicate", double_of=question.code)
    assert again(twice).double_of == question
    room = at_home.get(reverse("consultation_room", args=[office.code, twice.token])).content.decode()
    assert reverse("consultation_room", args=[office.code, question.token]) in room
    assert "Ditutup: pertanyaan yang sama ada di konsultasi lain." in room


def test_nonsense_closes_nothing(question: Consultation, as_budi: Browser) -> None:
    for said in (
        {},
        {"reason": ""},
        {"reason": "silence"},
        {"reason": "done"},
        {"reason": "duplicate"},
        {"reason": "duplicate", "double_of": "KST-0000-0000-0000"},
        {"reason": "duplicate", "double_of": "x" * 1_000},
        {"reason": "<script>"},
    ):
        page = closing(as_budi, question, **said)
        assert [each.level_tag for each in page.context["messages"]] == ["error"], said
        assert (again(question).state, again(question).officer) == (State.REQUESTED, None)


def test_an_officer_of_another_office_and_the_front_desk_close_nothing(
    question: Consultation, dewi: Officer, office: Office
) -> None:
    desk = make_officer(office, "fajar", Officer.Role.FRONT_DESK)
    answers = []
    for who in (dewi, desk):
        browser = Browser()
        browser.force_login(who.user)
        answers.append(closing(browser, question, reason="junk").status_code)
    assert ([each in (403, 404) for each in answers], again(question).state) == (
        [True, True],
        State.REQUESTED,
    )


def test_silence_before_an_answer_ends_and_the_promise_begins_anew_when_the_client_writes(
    question: Consultation,
    ani: Client,
    budi: Officer,
    clock: Clock,
    work,  # type: ignore[no-untyped-def]
) -> None:
    """Accepted, asked back, silent: who comes back was never answered, so the promise is owed still."""
    lifecycle.accept(question, by=budi, at=clock())
    writing.office_says(question, words("Tahun berapa?"), kind=Kind.QUESTION, by=budi, at=clock())
    clock.advance(days=7)
    work()
    assert again(question).closing_reason == Reason.SILENCE
    assert ani.user is not None
    at = clock.advance(days=1)
    writing.client_says(again(question), words("2024"), user=ani.user, at=at)
    promise = Deadline.objects.get(consultation=question, met_at=None, stopped_at=None)
    assert (promise.started_at, promise.due_at > at + timedelta(days=2)) == (at, True)
