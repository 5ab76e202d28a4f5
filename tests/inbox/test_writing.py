"""What is said stands in the conversation once, in its order, and only where it may be read."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sapa.activity import push
from sapa.activity.models import Event
from sapa.consultations import holding, lifecycle, news
from sapa.consultations.models import Consultation, Deadline, Reason, State, WaitingFor
from sapa.core.errors import Refused, Stale
from sapa.core.work import work as settle
from sapa.files.models import StoredFile
from sapa.files.receiving import receive
from sapa.inbox import presence, reading, reviewing, transcript, writing
from sapa.inbox.models import Conversation, Kind, Message, MessageFile, Note, Side
from sapa.offices.models import Office, Service
from sapa.people.models import Client, Officer, User
from tests.cast import make_officer
from tests.conftest import Clock
from tests.files.samples import sent
from tests.frontdesk.test_at_once import at_once
from tests.inbox.conftest import ask, words

SECRET = "Rahasia di antara petugas"


def said(consultation: Consultation) -> list[tuple[int, str, str]]:
    """Sequence, side and text of everything in the conversation, in its order."""
    rows = Message.objects.filter(conversation__consultation=consultation).order_by("sequence")
    return list(rows.values_list("sequence", "side", "text"))


def user_of(client: Client) -> User:
    assert client.user is not None
    return client.user


def fresh(consultation: Consultation) -> Consultation:
    return Consultation.objects.get(pk=consultation.pk)


@pytest.fixture
def told() -> Iterator[list[tuple[str, tuple[str, ...]]]]:
    """Every signal that pages were sent, by name, with its topics."""
    heard: list[tuple[str, tuple[str, ...]]] = []
    before = push.use(lambda topics, signal: heard.append((signal.name, topics)))
    yield heard
    push.use(before)


# Order, once


def test_messages_are_numbered_without_a_gap(
    question: Consultation, ani: Client, budi: Officer, clock: Clock
) -> None:
    writing.client_says(question, words("satu"), user=user_of(ani), at=clock())
    writing.office_says(question, words("dua"), kind=Kind.MESSAGE, by=budi, at=clock())
    writing.announce(question, what="meeting_booked", data={}, at=clock())
    writing.client_says(question, words("tiga"), user=user_of(ani), at=clock())
    assert [(sequence, side) for sequence, side, _text in said(question)] == [
        (1, "client"),
        (2, "client"),
        (3, "office"),
        (4, "system"),
        (5, "client"),
    ]
    assert Conversation.objects.get(consultation=question).last_sequence == 5


def test_a_refused_message_leaves_no_gap(question: Consultation, ani: Client, clock: Clock) -> None:
    with pytest.raises(Refused):
        writing.client_says(question, words("  \n "), user=user_of(ani), at=clock())
    writing.client_says(question, words("sesudahnya"), user=user_of(ani), at=clock())
    assert said(question)[1:] == [(2, "client", "sesudahnya")]


def test_the_same_key_twice_is_one_message_with_its_first_words(
    question: Consultation, ani: Client, budi: Officer, clock: Clock
) -> None:
    once = words("sekali")
    first = writing.client_says(question, once, user=user_of(ani), at=clock())
    clock.advance(minutes=1)
    again = writing.client_says(question, writing.Words(once.key, "lain"), user=user_of(ani), at=clock())
    assert (first.pk, again.text) == (again.pk, "sekali")
    theirs = words("jawaban")
    for _ in range(2):
        writing.office_says(question, theirs, kind=Kind.ANSWER, by=budi, at=clock())
    assert said(question)[1:] == [(2, "client", "sekali"), (3, "office", "jawaban")]
    assert Event.objects.filter(name="message.received").count() == 1
    assert Event.objects.filter(name="message.sent").count() == 1


def test_a_repeat_that_comes_after_the_closing_is_still_the_message_that_was_kept(
    question: Consultation, ani: Client, budi: Officer, clock: Clock
) -> None:
    once = words("tabelnya")
    sent_first = writing.office_says(question, once, kind=Kind.ANSWER, by=budi, at=clock())
    lifecycle.close(question, reason=Reason.DONE, by=budi, at=clock())
    assert writing.office_says(question, once, kind=Kind.ANSWER, by=budi, at=clock()) == sent_first
    assert fresh(question).state == State.CLOSED


def test_the_database_refuses_a_number_or_a_key_twice(
    question: Consultation, ani: Client, clock: Clock
) -> None:
    first = question.conversation.messages.get()
    values = {"conversation": first.conversation, "side": "client", "kind": "message", "at": clock()}
    for double in ({"sequence": 1, "key": uuid4()}, {"sequence": 2, "key": first.key}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.create(**values, **double)


@pytest.mark.django_db(transaction=True)
def test_both_sides_who_write_at_once_lose_nothing_and_nothing_comes_twice(
    question: Consultation, ani: Client, budi: Officer, office: Office, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    client, number = user_of(ani), count()
    for _round in range(4):
        client_words, office_words = words(f"k{next(number)}"), words(f"p{next(number)}")
        results = at_once(
            office,
            *[lambda w=client_words: writing.client_says(fresh(question), w, user=client, at=clock())] * 2,  # type: ignore[misc]
            *[
                lambda w=office_words: writing.office_says(  # type: ignore[misc]
                    fresh(question), w, kind=Kind.MESSAGE, by=budi, at=clock()
                )
            ]
            * 2,
        )
        assert results[0] == results[1]
        assert results[2] == results[3]
    found = said(question)
    assert [sequence for sequence, _side, _text in found] == list(range(1, 10))
    assert sorted(text for _s, _side, text in found[1:]) == sorted(
        [f"k{n}" for n in range(0, 8, 2)] + [f"p{n}" for n in range(1, 8, 2)]
    )


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_answer_at_once_one_has_it_and_the_other_is_told(
    office: Office, ani: Client, budi: Officer, citra: Officer, clock: Clock
) -> None:
    for _round in range(3):
        asked = ask(ani, office, clock)
        results = at_once(
            office,
            *[
                lambda who=who, asked=asked: writing.office_says(  # type: ignore[misc]
                    fresh(asked), words("jawaban"), kind=Kind.ANSWER, by=who, at=clock()
                )
                for who in (budi, citra)
            ],
        )
        lost = [each for each in results if isinstance(each, Stale)]
        winner = fresh(asked).officer
        assert [each.code for each in lost] == ["claimed"]
        assert str(winner) in str(lost[0])
        assert len(said(asked)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_message_and_a_closing_at_once_leave_no_open_conversation_without_a_turn(
    office: Office, ani: Client, budi: Officer, clock: Clock
) -> None:
    for _round in range(4):
        asked = ask(ani, office, clock)
        writing.office_says(asked, words("jawaban"), kind=Kind.ANSWER, by=budi, at=clock())
        wrote, closed = at_once(
            office,
            lambda asked=asked: writing.client_says(  # type: ignore[misc]
                fresh(asked), words("satu lagi"), user=user_of(ani), at=clock()
            ),
            lambda asked=asked: lifecycle.close(  # type: ignore[misc]
                fresh(asked), reason=Reason.DONE, by=budi, at=clock()
            ),
        )
        assert (isinstance(wrote, Message), closed) == (True, None)
        now = fresh(asked)
        assert (now.state, now.waiting_for) in [
            (State.CLOSED, ""),  # written first, closed afterwards
            (State.IN_SERVICE, WaitingFor.OFFICE),  # closed first, opened again by the message
        ]
        assert not Deadline.objects.filter(consultation=asked, met_at=None, stopped_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_at_the_end_of_the_silence_is_never_turned_away(
    office: Office, ani: Client, budi: Officer, clock: Clock
) -> None:
    """Whoever writes in the second in which silence would close it: written, and the turn is the office's."""
    for _round in range(6):
        asked = ask(ani, office, clock)
        writing.office_says(asked, words("jawaban"), kind=Kind.ANSWER, by=budi, at=clock())
        clock.advance(days=7)
        wrote, closed = at_once(
            office,
            lambda asked=asked: writing.client_says(  # type: ignore[misc]
                fresh(asked), words("masih perlu"), user=user_of(ani), at=clock()
            ),
            lambda: settle(clock(), paths=["sapa.consultations.silence.SOURCE"]),
        )
        assert isinstance(wrote, Message), wrote
        assert not isinstance(closed, Exception), closed
        now = fresh(asked)
        assert (now.state, now.waiting_for) in [
            (State.IN_SERVICE, WaitingFor.OFFICE),
            (State.CLOSED, ""),
        ]
        if now.state == State.CLOSED:  # only a message written before the closing can stand in a closed one
            assert now.closing_reason == Reason.SILENCE


# Who may


def test_the_first_word_takes_what_nobody_has(question: Consultation, budi: Officer, clock: Clock) -> None:
    writing.office_says(question, words(), kind=Kind.MESSAGE, by=budi, at=clock())
    assert fresh(question).officer == budi


def test_a_colleagues_consultation_is_refused_with_the_name(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    holding.claim(question, by=budi, at=clock())
    with pytest.raises(Stale, match="Budi"):
        writing.office_says(fresh(question), words(), kind=Kind.ANSWER, by=citra, at=clock())
    assert len(said(question)) == 1
    assert fresh(question).accepted_at is None


def test_officers_do_not_write_into_a_closed_one(question: Consultation, budi: Officer, clock: Clock) -> None:
    lifecycle.close(question, reason=Reason.DONE, by=budi, at=clock())
    with pytest.raises(Refused) as refusal:
        writing.office_says(question, words(), kind=Kind.MESSAGE, by=budi, at=clock())
    assert (refusal.value.code, len(said(question))) == ("closed", 1)


def test_an_answer_to_an_incomplete_request_is_refused_and_nothing_is_kept(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    question.request.purpose = ""
    question.request.save()
    with pytest.raises(Refused) as refusal:
        writing.office_says(question, words("jawaban"), kind=Kind.ANSWER, by=budi, at=clock())
    assert refusal.value.code == "missing"
    assert (len(said(question)), fresh(question).officer) == (1, None)


def test_an_officer_whose_office_gave_it_away_meanwhile_does_not_take_it_back(
    question: Consultation, budi: Officer, citra: Officer, office: Office, clock: Clock
) -> None:
    above = office.parent
    assert above is not None
    offer(above)
    as_budi_saw_it = fresh(question)
    holding.forward(question, to=above, note="Data provinsi", by=citra, at=clock())
    with pytest.raises(Refused):
        writing.office_says(as_budi_saw_it, words("jawaban"), kind=Kind.MESSAGE, by=budi, at=clock())
    with scope(office=above):
        now = fresh(question)
        assert (now.office, now.officer, len(said(question))) == (above, None, 1)


def test_the_office_that_got_it_goes_on_in_the_same_conversation(
    question: Consultation, ani: Client, citra: Officer, office: Office, clock: Clock
) -> None:
    above = office.parent
    assert above is not None
    offer(above)
    holding.forward(question, to=above, note="Data provinsi", by=citra, at=clock())
    lina = make_officer(above, "lina", Officer.Role.CONSULTANT)
    with scope(office=above):
        now = fresh(question)
        writing.office_says(now, words("Kami yang menjawab"), kind=Kind.ANSWER, by=lina, at=clock())
        writing.client_says(now, words("Terima kasih"), user=user_of(ani), at=clock())
        assert [text for _sequence, side, text in said(now) if side != "system"][1:] == [
            "Kami yang menjawab",
            "Terima kasih",
        ]


def offer(office: Office) -> None:
    """The office takes questions, too."""
    with scope(office=office):
        Service.objects.create(
            office=office,
            key="consultation",
            prefix="K",
            name_id="Konsultasi statistik",
            name_en="Statistical consultation",
            is_pst=True,
            position=1,
        )


# Files


@pytest.fixture
def upload(office: Office, clock: Clock, settings, tmp_path) -> Callable[[User], StoredFile]:  # type: ignore[no-untyped-def]
    settings.FILES = tmp_path / "files"
    return lambda user: receive(
        sent("data.csv", b"kode,nilai\n1808,12\n"), office=office, user=user, at=clock()
    )


def test_files_come_with_their_message_in_order(
    question: Consultation, ani: Client, upload: Callable[[User], StoredFile], clock: Clock
) -> None:
    files = [upload(user_of(ani)) for _ in range(3)]
    wanted = [files[2].pk, files[0].pk, files[1].pk]
    message = writing.client_says(question, words("", files=wanted), user=user_of(ani), at=clock())
    assert [each.file_id for each in message.files.all()] == wanted
    part = reading.latest(Conversation.objects.get(consultation=question), with_notes=False)
    assert [each.pk for each in part.lines[-1].files] == wanted


def test_one_file_that_cannot_be_had_and_nothing_is_written(
    question: Consultation, ani: Client, budi: Officer, upload: Callable[[User], StoredFile], clock: Clock
) -> None:
    mine, theirs = upload(user_of(ani)), upload(budi.user)
    used = upload(user_of(ani))
    writing.client_says(question, words("ini", files=[used.pk]), user=user_of(ani), at=clock())
    for other in (theirs.pk, used.pk, 999_999):
        with pytest.raises(Refused) as refusal:
            writing.client_says(
                question, words("dan ini", files=[mine.pk, other]), user=user_of(ani), at=clock()
            )
        assert refusal.value.code == "file_gone"
    mine.refresh_from_db()
    assert (mine.claimed_at, len(said(question)), MessageFile.objects.count()) == (None, 2, 1)


def test_the_same_message_with_its_file_twice_is_once(
    question: Consultation, ani: Client, upload: Callable[[User], StoredFile], clock: Clock
) -> None:
    once = words("ini", files=[upload(user_of(ani)).pk])
    first = writing.client_says(question, once, user=user_of(ani), at=clock())
    assert writing.client_says(question, once, user=user_of(ani), at=clock()) == first
    assert MessageFile.objects.count() == 1


# Notes


def everything_the_client_can_read(consultation: Consultation, clock: Clock) -> str:
    """All that any reading function hands a client's page, as one text."""
    conversation = Conversation.objects.get(consultation=consultation)
    parts = [
        reading.latest(conversation, with_notes=False),
        reading.before(conversation, 10_000, with_notes=False),
        reading.since(conversation, 0, with_notes=False),
        reading.find(conversation, SECRET[:6], with_notes=False),
        transcript.contents(consultation, for_client=True, language="id", at=clock()),
        consultation.client.user,
    ]
    return repr(parts)


def test_a_note_reaches_no_page_of_the_client(
    question: Consultation,
    ani: Client,
    budi: Officer,
    clock: Clock,
    told: list[tuple[str, tuple[str, ...]]],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        writing.note(question, text=SECRET, key=uuid4(), by=budi, at=clock())
    assert SECRET not in everything_the_client_can_read(question, clock)
    assert [name for name, _topics in told] == ["note.written"]
    assert [name for name, topics in told if news.topic(question.pk) in topics] == []
    conversation = Conversation.objects.get(consultation=question)
    assert (conversation.last_sequence, Note.objects.get().after_sequence) == (1, 1)
    with_notes = reading.latest(conversation, with_notes=True)
    assert [each.side for each in with_notes.lines] == ["client", "note"]


def test_an_answer_that_waits_for_approval_reaches_no_page_of_the_client(
    question: Consultation,
    budi: Officer,
    citra: Officer,
    clock: Clock,
    told: list[tuple[str, tuple[str, ...]]],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        pending = reviewing.submit(question, words(SECRET), by=budi, at=clock())
        reviewing.send_back(pending, remark="Rapikan", by=citra, at=clock())
    assert SECRET not in everything_the_client_can_read(question, clock)
    heard_by_the_client = [name for name, topics in told if news.topic(question.pk) in topics]
    assert heard_by_the_client == ["consultation.claimed"]


def test_a_note_does_not_move_the_turn_or_a_clock(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    writing.office_says(question, words("jawaban"), kind=Kind.ANSWER, by=budi, at=clock())
    before = Consultation.objects.filter(pk=question.pk).values().get()
    clocks_before = list(Deadline.objects.order_by("pk").values())
    clock.advance(days=2)
    writing.note(question, text="Sudah dicek", key=uuid4(), by=budi, at=clock())
    assert Consultation.objects.filter(pk=question.pk).values().get() == before
    assert list(Deadline.objects.order_by("pk").values()) == clocks_before


def test_the_same_note_twice_is_one(question: Consultation, budi: Officer, clock: Clock) -> None:
    key = uuid4()
    for _ in range(2):
        writing.note(question, text="Sudah dicek", key=key, by=budi, at=clock())
    assert Note.objects.count() == 1


# Delivered, read, typing


def marks(conversation: Conversation) -> tuple[int, int]:
    found = Conversation.objects.get(pk=conversation.pk)
    return found.client_delivered, found.client_read


def talk(consultation: Consultation, budi: Officer, clock: Clock, number: int) -> Conversation:
    for place in range(number):
        writing.office_says(consultation, words(f"p{place}"), kind=Kind.MESSAGE, by=budi, at=clock())
    return Conversation.objects.get(consultation=consultation)


def test_delivered_then_read_and_the_other_side_is_told_once(
    question: Consultation,
    budi: Officer,
    clock: Clock,
    told: list[tuple[str, tuple[str, ...]]],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    conversation = talk(question, budi, clock, 3)
    assert marks(conversation) == (1, 1)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        reading.mark(conversation, Side.CLIENT, 4, is_seen=False)
        assert marks(conversation) == (4, 1)
        reading.mark(conversation, Side.CLIENT, 3, is_seen=True)
        assert marks(conversation) == (4, 3)
        for _ in range(2):
            reading.mark(conversation, Side.CLIENT, 2, is_seen=True)
    assert marks(conversation) == (4, 3)
    assert told == [("message.seen", (news.office_topic(question.pk),))] * 2


def test_a_page_that_marks_as_read_what_it_shows_does_not_tell_itself(
    question: Consultation,
    told: list[tuple[str, tuple[str, ...]]],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    conversation = Conversation.objects.get(consultation=question)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        reading.mark(conversation, Side.OFFICE, 1, is_seen=True)
        presence.writes(question.pk, Side.OFFICE)
    only_the_client = (news.client_topic(question.pk),)
    assert told == [("message.seen", only_the_client), ("office.typing", only_the_client)]


def test_what_an_older_tab_has_seen_counts_while_a_newer_one_got_more(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    conversation = talk(question, budi, clock, 5)
    of_the_older_tab = Conversation.objects.get(pk=conversation.pk)
    reading.mark(conversation, Side.CLIENT, 6, is_seen=False)
    reading.mark(of_the_older_tab, Side.CLIENT, 4, is_seen=True)
    assert marks(conversation) == (6, 4)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(-3, 12), st.booleans(), st.booleans()), max_size=12))
def test_read_is_never_ahead_of_delivered_never_goes_back_and_never_passes_the_last(
    question: Consultation, budi: Officer, clock: Clock, steps: list[tuple[int, bool, bool]]
) -> None:
    """Two tabs, each with what it knew when it was opened, mark in any order."""
    conversation = Conversation.objects.get(consultation=question)
    if conversation.last_sequence == 1:
        talk(question, budi, clock, 6)
    Conversation.objects.filter(pk=conversation.pk).update(client_delivered=1, client_read=1)
    tabs = [Conversation.objects.get(pk=conversation.pk) for _ in range(2)]
    seen, before = 1, (1, 1)
    for upto, is_seen, is_second in steps:
        reading.mark(tabs[is_second], Side.CLIENT, upto, is_seen=is_seen)
        now = marks(conversation)
        assert before[0] <= now[0] <= 7
        assert before[1] <= now[1] <= now[0]
        seen = max(seen, min(upto, 7)) if is_seen else seen
        assert now[1] == seen
        before = now


def test_typing_is_told_to_the_pages_and_kept_nowhere(
    question: Consultation,
    clock: Clock,
    told: list[tuple[str, tuple[str, ...]]],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    before = Event.objects.count()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        presence.writes(question.pk, Side.CLIENT)
    assert told == [("client.typing", (news.office_topic(question.pk),))]
    assert Event.objects.count() == before


def test_colleagues_who_look_are_known_for_seconds(question: Consultation, clock: Clock) -> None:
    presence.look(question.pk, 7, at=clock())
    presence.look(question.pk, 8, at=clock(), is_writing=True)
    assert presence.lookers(question.pk, at=clock(), but=8) == {7: False}
    assert presence.lookers(question.pk, at=clock(), but=7) == {8: True}
    later = clock() + timedelta(seconds=10)
    assert presence.lookers(question.pk, at=later, but=7) == {8: False}
    assert presence.lookers(question.pk, at=clock() + timedelta(seconds=41), but=7) == {}
