"""What two people, the worker and an edited calendar do to the same clock in the same instant: locks are taken in
one order (docs/architecture.md, Locks). On SQLite one writes after the other; what is tried here is PostgreSQL."""

import threading
import time
from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import connection, transaction
from django_scopes import scope

from sapa.activity.models import Reaction
from sapa.consultations import clocks, holding, lifecycle
from sapa.consultations.models import ClockEntry, Consultation, Deadline, Reason, State
from sapa.core.errors import Stale
from sapa.core.work import work as settle
from sapa.inbox import writing
from sapa.inbox.models import Kind
from sapa.offices import holidays
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.conftest import Clock
from tests.frontdesk.test_at_once import at_once
from tests.frontdesk.test_locks import _somebody_waits, while_locked
from tests.inbox.conftest import ask, words

pytestmark = pytest.mark.django_db(transaction=True)
Kinds = Deadline.Kind
DAY_OFF = {
    "on": date(2026, 11, 25),
    "name_id": "Libur daerah",
    "name_en": "Regional day off",
    "kind": "local",
    "source": "Keputusan Bupati",
}


def fresh(consultation: Consultation) -> Consultation:
    return Consultation.objects.get(pk=consultation.pk)


def recount() -> None:
    """What the worker does after a calendar was edited."""
    recounted = Reaction.objects.filter(handler="sapa.consultations.clocks.recount_after", settled_at=None)
    for reaction in recounted.select_related("event__office"):
        clocks.recount_after(reaction.event, reaction.due_at)


def test_silence_may_end_while_somebody_writes(question: Consultation, budi: Officer, clock: Clock) -> None:
    writing.office_says(question, words("jawaban"), kind=Kind.ANSWER, by=budi, at=clock())
    clock.advance(days=7)
    assert not while_locked(
        question.office,
        question,
        lambda: settle(clock(), paths=["sapa.consultations.silence.SOURCE"]),
        lambda: clocks.stop(question, Kinds.SILENCE, reason="client_wrote", at=clock()),
    )
    assert fresh(question).state in (State.IN_SERVICE, State.CLOSED)
    assert not Deadline.objects.filter(consultation=question, met_at=None, stopped_at=None).exists()


def test_a_calendar_may_be_edited_while_somebody_writes(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    holidays.declare(question.office, **DAY_OFF, by=budi.user, at=clock())  # type: ignore[arg-type]
    clock.advance(hours=1)
    assert not while_locked(
        question.office,
        question,
        recount,
        lambda: clocks.pause_response(question, reason="asked_back", at=clock()),
    )
    clock_now = Deadline.objects.get(consultation=question)
    assert (clock_now.due_at, clock_now.paused_at) == (datetime(2026, 11, 27, 8, 30, tzinfo=UTC), clock())


def test_a_day_off_declared_while_a_promise_begins_is_counted(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    """The clock is counted, then the day off declared and everything recounted, then the clock committed: without
    a lock nobody would count this clock with the day off."""
    office = question.office

    def declare() -> None:
        try:
            with scope(office=office):
                holidays.declare(Office.objects.get(pk=office.pk), **DAY_OFF, by=None, at=clock())  # type: ignore[arg-type]
        finally:
            connection.close()

    other = threading.Thread(target=declare)
    with transaction.atomic():
        lifecycle.accept(question, by=budi, at=clock())
        other.start()
        until = time.monotonic() + 10
        while not _somebody_waits() and other.is_alive() and time.monotonic() < until:
            other.join(0.02)
        assert other.is_alive()
    other.join()
    settle(clock(), paths=["sapa.activity.reactions.SOURCE"])
    assert Deadline.objects.get(consultation=question).due_at == datetime(2026, 11, 27, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("verb", ["accept", "claim"])
def test_two_officers_at_once_one_has_it_and_the_other_is_told(
    verb: str, ani: Client, budi: Officer, citra: Officer, office: Office, clock: Clock
) -> None:
    act = {"accept": lifecycle.accept, "claim": holding.claim}[verb]
    for _round in range(3):
        asked = ask(ani, office, clock)
        both = [partial(act, fresh(asked), by=who, at=clock()) for who in (budi, citra)]
        told = [each for each in at_once(office, *both) if each is not None]
        winner = fresh(asked).officer
        assert winner in (budi, citra)
        assert [type(each) for each in told] == [Stale]
        assert str(winner) in str(told[0])
        assert Deadline.objects.filter(consultation=asked).count() == (1 if verb == "accept" else 0)


def test_two_officers_who_close_at_once_one_closes_and_the_other_is_told(
    ani: Client, budi: Officer, citra: Officer, office: Office, clock: Clock
) -> None:
    for _round in range(3):
        asked = ask(ani, office, clock)
        lifecycle.accept(asked, by=budi, at=clock())
        both = [
            partial(lifecycle.close, fresh(asked), reason=Reason.DONE, by=who, at=clock())
            for who in (budi, citra)
        ]
        told = [each for each in at_once(office, *both) if each is not None]
        assert [getattr(each, "code", each) for each in told] == ["consultation_changed"]
        ended = ClockEntry.objects.filter(deadline__consultation=asked, what="stopped")
        assert (fresh(asked).state, ended.count()) == (State.CLOSED, 1)


def test_handed_to_two_colleagues_at_once_one_has_it(
    question: Consultation, budi: Officer, citra: Officer, gita: Officer, clock: Clock
) -> None:
    both = [partial(holding.assign, fresh(question), to=who, by=gita, at=clock()) for who in (budi, citra)]
    told = [each for each in at_once(question.office, *both) if each is not None]
    assert [type(each) for each in told] == [Stale]
    assert fresh(question).officer in (budi, citra)
