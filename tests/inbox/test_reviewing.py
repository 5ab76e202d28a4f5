"""A second pair of eyes: what waits for approval is released once, by a colleague, as its author wrote it."""

import pytest

from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation, Deadline, Reason
from sapa.core.errors import Refused, Stale
from sapa.inbox import drafting, reviewing
from sapa.inbox.models import Conversation, Message, PendingAnswer
from sapa.people.models import Officer
from tests.conftest import Clock
from tests.frontdesk.test_at_once import at_once
from tests.inbox.conftest import words

State = PendingAnswer.State


def test_released_it_is_the_authors_answer_with_its_sources_and_the_clock_is_met_then(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    source = {"title": "Tulang Bawang Dalam Angka 2026", "url": "https://tulangbawangkab.bps.go.id/"}
    pending = reviewing.submit(question, words("Ini tabelnya.", citations=[source]), by=budi, at=clock())
    assert Deadline.objects.get(consultation=question).met_at is None
    clock.advance(hours=3)
    message = reviewing.approve(pending, by=citra, at=clock())
    assert (message.officer, message.approved_by, message.text) == (budi, citra, "Ini tabelnya.")
    assert [each["title"] for each in message.citations] == [source["title"]]
    assert [each.title for each in question.citations.all()] == [source["title"]]
    met = Deadline.objects.filter(consultation=question, kind=Deadline.Kind.ONLINE_RESPONSE)
    assert met.get().met_at == clock()


def test_nobody_releases_the_own_answer(question: Consultation, budi: Officer, clock: Clock) -> None:
    pending = reviewing.submit(question, words("jawaban"), by=budi, at=clock())
    with pytest.raises(Refused) as refusal:
        reviewing.approve(pending, by=budi, at=clock())
    assert (refusal.value.code, Message.objects.count()) == ("own", 1)


def test_sent_back_it_is_the_authors_draft_again(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    pending = reviewing.submit(question, words("jawaban"), by=budi, at=clock())
    reviewing.send_back(pending, remark="Sebut tahunnya", by=citra, at=clock())
    draft = drafting.draft_of(Conversation.objects.get(consultation=question), budi.user, at=clock())
    assert (draft.text, Message.objects.count()) == ("jawaban", 1)
    pending.refresh_from_db()
    assert (pending.state, pending.remark) == (State.RETURNED, "Sebut tahunnya")


def test_one_waits_at_a_time_and_the_same_one_sent_twice_is_one(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    once = words("jawaban")
    assert reviewing.submit(question, once, by=budi, at=clock()) == reviewing.submit(
        question, once, by=budi, at=clock()
    )
    with pytest.raises(Refused) as refusal:
        reviewing.submit(question, words("lain"), by=budi, at=clock())
    assert (refusal.value.code, PendingAnswer.objects.count()) == ("pending", 1)


def test_nothing_is_submitted_to_a_closed_one(question: Consultation, budi: Officer, clock: Clock) -> None:
    lifecycle.close(question, reason=Reason.DONE, by=budi, at=clock())
    with pytest.raises(Refused) as refusal:
        reviewing.submit(question, words("jawaban"), by=budi, at=clock())
    assert (refusal.value.code, PendingAnswer.objects.count()) == ("closed", 0)


@pytest.mark.django_db(transaction=True)
def test_released_and_sent_back_at_once_it_is_one_of_the_two(
    question: Consultation, budi: Officer, citra: Officer, gita: Officer, clock: Clock
) -> None:
    pending = reviewing.submit(question, words("jawaban"), by=budi, at=clock())

    def own() -> PendingAnswer:
        return PendingAnswer.objects.get(pk=pending.pk)

    results = at_once(
        question.office,
        lambda: reviewing.approve(own(), by=citra, at=clock()),
        lambda: reviewing.send_back(own(), remark="Rapikan", by=gita, at=clock()),
    )
    told = [each for each in results if isinstance(each, Stale)]
    assert [each.code for each in told] == ["decided"]
    now = own()
    assert (now.state, Message.objects.count()) in [(State.APPROVED, 2), (State.RETURNED, 1)]
