"""Two servers whose clocks differ, and a database that somebody holds for seconds: nothing is lost or goes back."""

import time
from datetime import timedelta

import pytest

from sapa.consultations import clocks, ledger, lifecycle
from sapa.consultations.models import ClockEntry, Consultation, Deadline, Reason
from sapa.inbox import writing
from sapa.inbox.models import Kind, Message
from sapa.people.models import Client, Officer
from tests.conftest import Clock
from tests.frontdesk.test_locks import while_locked
from tests.inbox.conftest import words

BEHIND = timedelta(minutes=10)


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
