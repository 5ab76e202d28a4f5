"""The online promises, as a client and an officer live through them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sapa.activity.models import Event
from sapa.consultations import clocks, ledger, lifecycle, requirements
from sapa.consultations.models import Consultation, Deadline, Reason, State, WaitingFor
from sapa.core.errors import Refused, Stale
from sapa.inbox import writing
from sapa.inbox.models import Kind
from sapa.offices import holidays
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Holiday
from sapa.people.models import Client, Officer
from tests.conftest import Clock
from tests.inbox.conftest import words

Kinds = Deadline.Kind


def response(consultation: Consultation) -> Deadline:
    return Deadline.objects.get(consultation=consultation, kind=Kinds.ONLINE_RESPONSE)


def silence(consultation: Consultation) -> Deadline:
    return Deadline.objects.get(consultation=consultation, kind=Kinds.SILENCE, stopped_at=None)


def events(name: str) -> list[dict[str, object]]:
    return list(Event.objects.filter(name=name).order_by("id").values_list("data", flat=True))


def test_accepting_starts_three_working_days(question: Consultation, budi: Officer, clock: Clock) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    assert response(question).due_at == datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
    question.refresh_from_db()
    assert (question.due_at, question.officer) == (response(question).due_at, budi)


def test_nothing_runs_before_the_request_is_clear(question: Consultation) -> None:
    assert not Deadline.objects.filter(consultation=question).exists()
    assert (question.state, question.waiting_for) == (State.REQUESTED, WaitingFor.OFFICE)


def test_a_request_without_a_purpose_cannot_be_accepted(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    question.request.purpose = ""
    question.request.save()
    with pytest.raises(Refused) as refusal:
        lifecycle.accept(question, by=budi, at=clock())
    assert refusal.value.code == "missing"
    question.refresh_from_db()
    assert (question.accepted_at, question.officer) == (None, None)


def test_asking_back_waits_without_counting(
    question: Consultation, budi: Officer, ani: Client, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    before = response(question).due_at
    clock.advance(hours=1)
    writing.office_says(question, words("Tahun berapa?"), kind=Kind.QUESTION, by=budi, at=clock())
    assert response(question).paused_at == clock()
    question.refresh_from_db()
    assert (question.waiting_for, question.due_at) == (WaitingFor.CLIENT, None)
    clock.advance(days=1, hours=2)
    assert ani.user is not None
    writing.client_says(question, words("2024"), user=ani.user, at=clock())
    # Monday 09.30 to Tuesday 11.30: six hours of Monday, three and a half of Tuesday.
    moved = response(question)
    assert moved.paused_at is None
    assert (
        ledger.count(
            moved.kind, ledger.lines_of(moved), calendar_of(question.office), question.standard
        ).due_at
        == moved.due_at
    )
    assert moved.due_at == datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
    assert before < moved.due_at


def test_the_first_answer_keeps_the_promise_and_begins_the_silence(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    clock.advance(days=1)
    writing.office_says(question, words("Tabel terlampir."), kind=Kind.ANSWER, by=budi, at=clock())
    kept = response(question)
    assert (kept.met_at, kept.breached_at) == (clock(), None)
    assert silence(question).due_at == clock() + timedelta(days=7)
    question.refresh_from_db()
    assert (question.answered_at, question.waiting_for, question.due_at) == (clock(), WaitingFor.CLIENT, None)


def test_a_late_answer_keeps_the_breach(question: Consultation, budi: Officer, clock: Clock, work) -> None:  # type: ignore[no-untyped-def]
    lifecycle.accept(question, by=budi, at=clock())
    clock.set(datetime(2026, 11, 27, 2, 0, tzinfo=UTC))
    work()
    writing.office_says(question, words("Maaf terlambat."), kind=Kind.ANSWER, by=budi, at=clock())
    late = response(question)
    assert (late.met_at, late.breached_at) == (clock(), datetime(2026, 11, 26, 8, 30, tzinfo=UTC))


def test_an_answer_to_a_complete_request_accepts_it(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    writing.office_says(question, words("Ini jawabannya."), kind=Kind.ANSWER, by=budi, at=clock())
    question.refresh_from_db()
    assert (question.accepted_at, question.state) == (clock(), State.IN_SERVICE)
    assert response(question).met_at == clock()


def test_a_word_that_is_no_answer_leaves_the_promise_running(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    writing.office_says(question, words("Kami periksa dulu."), kind=Kind.MESSAGE, by=budi, at=clock())
    question.refresh_from_db()
    assert (response(question).met_at, question.waiting_for) == (None, WaitingFor.OFFICE)
    assert not Deadline.objects.filter(kind=Kinds.SILENCE).exists()


def test_seven_silent_days_close_it(question: Consultation, budi: Officer, clock: Clock, work) -> None:  # type: ignore[no-untyped-def]
    writing.office_says(question, words("Ini jawabannya."), kind=Kind.ANSWER, by=budi, at=clock())
    for _day in range(6):
        clock.advance(days=1)
        work()
    assert events("silence.warned") == [{"day": 3}, {"day": 6}]
    question.refresh_from_db()
    assert question.state == State.IN_SERVICE
    clock.advance(days=1)
    work()
    question.refresh_from_db()
    assert (question.state, question.closing_reason, question.waiting_for) == (
        State.CLOSED,
        Reason.SILENCE,
        "",
    )
    assert events("consultation.closed") == [{"reason": "silence"}]


def test_it_is_never_closed_on_the_offices_turn(
    question: Consultation,
    budi: Officer,
    ani: Client,
    clock: Clock,
    work,  # type: ignore[no-untyped-def]
) -> None:
    writing.office_says(question, words("Ini jawabannya."), kind=Kind.ANSWER, by=budi, at=clock())
    clock.advance(days=2)
    assert ani.user is not None
    writing.client_says(question, words("Terima kasih, tapi tahun 2023?"), user=ani.user, at=clock())
    clock.advance(days=30)
    work()
    question.refresh_from_db()
    assert (question.state, question.waiting_for) == (State.IN_SERVICE, WaitingFor.OFFICE)


def test_one_tap_still_needed_begins_the_days_anew(
    question: Consultation,
    budi: Officer,
    clock: Clock,
    work,  # type: ignore[no-untyped-def]
) -> None:
    writing.office_says(question, words("Ini jawabannya."), kind=Kind.ANSWER, by=budi, at=clock())
    clock.advance(days=6, hours=12)
    assert clocks.keep(question, at=clock())
    clock.advance(days=6)
    work()
    question.refresh_from_db()
    assert question.state == State.IN_SERVICE
    clock.advance(days=1)
    work()
    question.refresh_from_db()
    assert question.state == State.CLOSED


def test_an_open_follow_up_holds_the_silence(
    question: Consultation,
    budi: Officer,
    clock: Clock,
    work,  # type: ignore[no-untyped-def]
) -> None:
    writing.office_says(question, words("Mari bertemu."), kind=Kind.ANSWER, by=budi, at=clock())
    clocks.hold_silence(question, reason="follow_up", at=clock())
    clock.advance(days=20)
    work()
    question.refresh_from_db()
    assert question.state == State.IN_SERVICE
    clocks.release_silence(question, reason="follow_up", at=clock())
    clock.advance(days=7)
    work()
    question.refresh_from_db()
    assert question.closing_reason == Reason.SILENCE


def test_a_late_reply_opens_it_again_with_its_history(
    question: Consultation, budi: Officer, ani: Client, clock: Clock
) -> None:
    writing.office_says(question, words("Ini jawabannya."), kind=Kind.ANSWER, by=budi, at=clock())
    lifecycle.close(question, reason=Reason.DONE, by=budi, at=clock())
    clock.advance(days=30)
    assert ani.user is not None
    writing.client_says(question, words("Satu lagi"), user=ani.user, at=clock())
    question.refresh_from_db()
    assert (question.state, question.closed_at, question.waiting_for) == (
        State.IN_SERVICE,
        None,
        WaitingFor.OFFICE,
    )


def test_after_thirty_days_a_reply_is_refused(
    question: Consultation, budi: Officer, ani: Client, clock: Clock
) -> None:
    lifecycle.close(question, reason=Reason.DONE, by=budi, at=clock())
    clock.advance(days=30, seconds=1)
    assert ani.user is not None
    with pytest.raises(Refused) as refusal:
        writing.client_says(question, words("Satu lagi"), user=ani.user, at=clock())
    assert refusal.value.code == "too_late"
    assert question.conversation.messages.count() == 1


def test_what_a_colleague_has_opened_again_is_not_said_to_be_too_old(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    writing.office_says(question, words("jawaban"), kind=Kind.ANSWER, by=budi, at=clock())
    lifecycle.close(question, reason=Reason.DONE, by=budi, at=clock())
    lifecycle.reopen(question, by=budi, at=clock())
    with pytest.raises(Stale) as refusal:
        lifecycle.reopen(Consultation.objects.get(pk=question.pk), by=citra, at=clock())
    assert refusal.value.code == "consultation_changed"


def test_a_holiday_edited_before_anybody_looked_moves_the_due_instant_there_and_back_and_is_logged(
    question: Consultation,
    budi: Officer,
    clock: Clock,
    work,  # type: ignore[no-untyped-def]
) -> None:
    """Declared for the wrong day, withdrawn, declared anew, withdrawn again: each counts, in the log, too."""
    lifecycle.accept(question, by=budi, at=clock())
    promised = response(question).due_at
    said = {"name_id": "Libur daerah", "name_en": "Regional day off", "kind": "local", "source": "Keputusan"}

    def declare(on: date) -> Holiday:
        return holidays.declare(question.office, on=on, **said, by=budi.user, at=clock())  # type: ignore[arg-type]

    wrong = declare(date(2026, 11, 25))
    work()
    assert response(question).due_at == promised + timedelta(days=1)
    clock.advance(minutes=5)
    holidays.withdraw(wrong, by=budi.user, at=clock())
    right = declare(date(2026, 12, 25))
    work()
    assert response(question).due_at == promised
    clock.advance(minutes=5)
    holidays.withdraw(right, by=budi.user, at=clock())
    both = [declare(date(2026, 11, day)) for day in (24, 26)]
    work()
    # Tuesday and Thursday are off, then comes a weekend: the third working day is Monday.
    assert response(question).due_at == promised + timedelta(days=4)
    for day in both:
        holidays.withdraw(day, by=budi.user, at=clock())
    work()
    question.refresh_from_db()
    assert (response(question).due_at, question.due_at) == (promised, promised)
    later = (promised + timedelta(days=1), promised + timedelta(days=4))
    assert [(each["from"], each["to"]) for each in events("deadline.recounted")] == [
        (promised.isoformat(), later[0].isoformat()),
        (later[0].isoformat(), promised.isoformat()),
        (promised.isoformat(), later[1].isoformat()),
        (later[1].isoformat(), promised.isoformat()),
    ]


def test_a_holiday_declared_meanwhile_moves_the_due_instant_and_is_logged(
    question: Consultation,
    budi: Officer,
    clock: Clock,
    work,  # type: ignore[no-untyped-def]
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    holidays.declare(
        office=question.office,
        on=date(2026, 11, 25),
        name_id="Libur daerah",
        name_en="Regional day off",
        kind="local",
        source="Keputusan Bupati",
        by=budi.user,
        at=clock(),
    )
    work()
    assert response(question).due_at == datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
    question.refresh_from_db()
    assert question.due_at == response(question).due_at
    assert [each["to"] for each in events("deadline.recounted")] == ["2026-11-27T08:30:00+00:00"]


def test_officers_are_alarmed_within_office_hours_at_half_one_day_and_breach(
    question: Consultation,
    budi: Officer,
    clock: Clock,
    work,  # type: ignore[no-untyped-def]
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    due = {each.what: each.due_at for each in response(question).alarms.all()}
    assert due == {
        "half": datetime(2026, 11, 25, 1, 15, tzinfo=UTC),
        "one_day": datetime(2026, 11, 26, 1, 0, tzinfo=UTC),
        "overdue": datetime(2026, 11, 27, 1, 0, tzinfo=UTC),
    }
    for day in (25, 26, 27):
        clock.set(datetime(2026, 11, day, 2, 0, tzinfo=UTC))
        work()
    names = ["clock.half_gone", "clock.one_day_left", "clock.overdue"]
    assert [len(events(name)) for name in names] == [1, 1, 1]


def test_two_officers_at_once_one_has_it_and_the_other_is_told(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    seen_by_citra = Consultation.objects.get(pk=question.pk)
    lifecycle.accept(question, by=budi, at=clock())
    with pytest.raises(Stale, match="Budi"):
        lifecycle.accept(seen_by_citra, by=citra, at=clock())


def test_what_is_missing_is_asked_once(question: Consultation, budi: Officer, clock: Clock) -> None:
    wanted = [requirements.Wanted("years"), requirements.Wanted("other", "Judul publikasi")]
    asked = requirements.ask(question, wanted, by=budi, at=clock())
    assert [each.key for each in asked] == ["years", "other"]
    with pytest.raises(Refused):
        requirements.ask(question, wanted, by=budi, at=clock())
    assert [each.key for each in requirements.missing(question)] == ["years", "other"]
