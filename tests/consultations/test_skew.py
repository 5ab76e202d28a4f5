"""Two servers whose clocks differ, and a database that somebody holds for seconds: nothing is lost or goes back."""

import time
from datetime import timedelta

import pytest

from sapa import wiring
from sapa.activity.models import Event
from sapa.consultations import clocks, ledger, lifecycle
from sapa.consultations.models import ClockEntry, Consultation, Deadline, Reason, State
from sapa.core.work import sources
from sapa.inbox import reading, writing
from sapa.inbox.models import Kind, Message
from sapa.notifications.models import Notification
from sapa.people.models import Client, Officer
from tests.conftest import Clock
from tests.frontdesk.test_locks import while_locked
from tests.inbox.conftest import words

BEHIND = timedelta(minutes=10)


def fresh(consultation: Consultation) -> Consultation:
    return Consultation.objects.get(pk=consultation.pk)


def told(name: str) -> int:
    return Event.objects.filter(name=name).count()


def lines(consultation: Consultation) -> list[tuple[str, object]]:
    rows = ClockEntry.objects.filter(deadline__consultation=consultation).order_by("deadline", "id")
    return list(rows.values_list("what", "at"))


def test_a_server_that_is_behind_pauses_at_the_last_entry(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    clocks.pause_response(question, reason="asked_back", at=clock() - BEHIND)
    clocks.resume_response(question, reason="client_wrote", at=clock() - 2 * BEHIND)
    assert lines(question) == [(what, clock()) for what in ("started", "paused", "resumed")]


def test_a_reply_by_a_server_that_is_behind_does_not_shorten_the_promise(
    question: Consultation, ani: Client, budi: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    due = Deadline.objects.get(consultation=question).due_at
    writing.office_says(question, words("Tahun berapa?"), kind=Kind.QUESTION, by=budi, at=clock())
    assert ani.user is not None
    writing.client_says(question, words("2024"), user=ani.user, at=clock() - BEHIND)
    assert Deadline.objects.get(kind=Deadline.Kind.ONLINE_RESPONSE).due_at == due
    texts = Message.objects.order_by("sequence").values_list("text", flat=True)
    assert list(texts)[1:] == ["Tahun berapa?", "2024"]


@pytest.mark.parametrize("end", ["met", "stopped"])
def test_an_end_told_by_a_server_that_is_behind_stands_last_in_the_ledger(
    end: str, question: Consultation, budi: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    if end == "met":
        clocks.meet(question, Deadline.Kind.ONLINE_RESPONSE, at=clock() - BEHIND)
    else:
        lifecycle.close(question, reason=Reason.DONE, by=budi, at=clock() - BEHIND)
    assert lines(question) == [("started", clock()), (end, clock())]
    deadline = Deadline.objects.get(consultation=question)
    assert (deadline.met_at or deadline.stopped_at) == clock()
    assert [share.counted for share in ledger.shares(deadline, at=clock())] == [timedelta()]


def test_after_the_clock_went_back_an_hour_sequence_ledger_and_due_are_right(
    question: Consultation,
    ani: Client,
    budi: Officer,
    clock: Clock,
    work,  # type: ignore[no-untyped-def]
) -> None:
    """Asked back, the clock goes back, and the talk goes on: replied, asked, replied, answered."""
    user = ani.user
    assert user is not None
    lifecycle.accept(question, by=budi, at=clock())
    due = Deadline.objects.get(consultation=question).due_at
    clock.advance(minutes=5)
    asked_at = clock()
    writing.office_says(question, words("Tahun berapa?"), kind=Kind.QUESTION, by=budi, at=clock())
    clock.advance(minutes=-60)
    work()
    writing.client_says(fresh(question), words("2024"), user=user, at=clock())
    writing.office_says(fresh(question), words("Kabupaten?"), kind=Kind.QUESTION, by=budi, at=clock())
    writing.client_says(fresh(question), words("Semua"), user=user, at=clock())
    work()
    promise = Deadline.objects.get(consultation=question, kind=Deadline.Kind.ONLINE_RESPONSE)
    assert (promise.due_at, fresh(question).due_at, promise.breached_at) == (due, due, None)
    clock.advance(minutes=10)
    writing.office_says(fresh(question), words("Ini tabelnya"), kind=Kind.ANSWER, by=budi, at=clock())
    work()

    said = Message.objects.order_by("sequence").values_list("sequence", "text")
    texts = ["Tahun berapa?", "2024", "Kabupaten?", "Semua", "Ini tabelnya"]
    assert list(said)[1:] == list(enumerate(texts, start=2))
    seen = reading.since(question.conversation, 1, with_notes=True).lines
    assert [each.sequence for each in seen] == [2, 3, 4, 5, 6]

    for deadline in Deadline.objects.filter(consultation=question):
        instants = list(deadline.entries.order_by("id").values_list("at", flat=True))
        assert instants == sorted(instants)
    promise.refresh_from_db()
    assert (promise.met_at, promise.breached_at) == (asked_at, None)
    silence = Deadline.objects.get(kind=Deadline.Kind.SILENCE, met_at=None, stopped_at=None)
    assert silence.due_at == clock() + timedelta(days=7)


def test_after_the_clock_went_back_an_hour_nothing_fires_twice_or_is_forgotten(
    question: Consultation,
    budi: Officer,
    clock: Clock,
    work,  # type: ignore[no-untyped-def]
) -> None:
    """A promise that is broken stays broken at its instant; a silence that ended stays ended; both are told once."""
    lifecycle.accept(question, by=budi, at=clock())
    due = Deadline.objects.get(consultation=question).due_at
    clock.set(due + timedelta(minutes=1))
    work()
    clock.advance(minutes=-60)
    work()
    promise = Deadline.objects.get(consultation=question)
    assert (promise.breached_at, told("deadline.breached")) == (due, 1)
    writing.office_says(fresh(question), words("Ini tabelnya"), kind=Kind.ANSWER, by=budi, at=clock())
    promise.refresh_from_db()
    assert (promise.breached_at, promise.met_at) == (due, clock())
    clock.advance(days=7)
    work()
    clock.advance(minutes=-60)
    work()
    assert (fresh(question).state, told("consultation.closed")) == (State.CLOSED, 1)
    clock.advance(minutes=61)
    work()
    assert not [source.name for source in sources(wiring.SOURCES) if source.due(clock(), 1)]


def test_what_was_written_before_the_clock_went_back_is_told_when_it_is_that_late_again(
    question: Consultation,
    ani: Client,
    budi: Officer,
    clock: Clock,
    work,  # type: ignore[no-untyped-def]
) -> None:
    work()
    lifecycle.accept(question, by=budi, at=clock())
    assert ani.user is not None
    writing.client_says(fresh(question), words("Masih perlu"), user=ani.user, at=clock())
    clock.advance(minutes=-60)
    work()
    clock.advance(minutes=60)
    work()
    heard = Notification.objects.filter(user=budi.user, event__name="message.received")
    assert heard.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_waits_while_somebody_holds_the_database_for_five_seconds(
    question: Consultation, ani: Client, clock: Clock
) -> None:
    """Another process holds the write lock of the file, or on PostgreSQL the row: the message is written after."""
    user = ani.user
    assert user is not None
    say = words("Saya menunggu")
    began = time.monotonic()
    problems = while_locked(
        question.office,
        question,
        lambda: writing.client_says(Consultation.objects.get(pk=question.pk), say, user=user, at=clock()),
        lambda: time.sleep(5),
    )
    assert problems == []
    assert time.monotonic() - began >= 5
    assert list(Message.objects.order_by("sequence").values_list("sequence", "text"))[1:] == [
        (2, "Saya menunggu")
    ]
