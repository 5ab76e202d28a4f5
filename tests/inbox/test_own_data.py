"""A client is told what the conversations hold of them, and has it erased; old ones are erased unasked."""

from uuid import uuid4

import pytest
from django.db import connection
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation, Deadline, MissingItem, Reason, RequestDraft
from sapa.core.errors import Refused
from sapa.files.models import StoredFile
from sapa.files.receiving import receive
from sapa.inbox import asking, drafting, writing
from sapa.inbox.models import Conversation, Kind, Message, MessageDraft, Note, PendingAnswer, PublicAnswer
from sapa.inbox.own_data import KEEPER
from sapa.inbox.retention import ERASED, forget_old_conversations
from sapa.people import own_data
from tests.cast import make_client
from tests.files.conftest import folder
from tests.files.samples import sent
from tests.inbox.conftest import ask, words

__all__ = ["folder"]

SECRET = "RAHASIA"


@pytest.fixture
def conversation(ani, office, budi, citra, clock):
    """Everything that can be held of a client, each with the word SECRET in it, closed."""
    one = ask(
        ani, office, clock, subject=f"{SECRET} subjek", question=f"{SECRET} pertanyaan", area=f"{SECRET} area"
    )
    MissingItem.objects.create(
        consultation=one, key="other", text=f"{SECRET} lain", asked_at=clock(), by=budi, waived_at=clock()
    )
    MissingItem.objects.create(
        consultation=one, key="other", text=f"{SECRET} lagi", asked_at=clock(), by=budi, waived_at=clock()
    )
    lifecycle.accept(one, by=budi, at=clock())
    theirs = receive(sent(f"{SECRET}.csv", b"a,b\n1,2\n"), office=office, user=ani.user, at=clock())
    ours = receive(sent(f"{SECRET}-2.csv", b"a,b\n3,4\n"), office=office, user=budi.user, at=clock())
    writing.client_says(one, words(f"{SECRET} pesan", files=(theirs.pk,)), user=ani.user, at=clock())
    writing.office_says(
        one,
        words(f"{SECRET} jawaban", files=(ours.pk,)),
        kind=Kind.ANSWER,
        by=budi,
        at=clock.advance(hours=1),
    )
    writing.note(one, text=f"{SECRET} catatan", key=uuid4(), by=budi, at=clock())
    writing.announce(
        one, what="meeting_cancelled", data={"starts_at": clock().isoformat(), "reason": SECRET}, at=clock()
    )
    talk = Conversation.objects.get(consultation=one)
    drafting.keep(talk, ani.user, text=f"{SECRET} draf", kind="", at=clock())
    drafting.keep(talk, budi.user, text=f"{SECRET} draf petugas", kind="", at=clock())
    PendingAnswer.objects.create(
        conversation=talk, key=uuid4(), officer=budi, text=f"{SECRET} tunggu", submitted_at=clock()
    )
    for state in PublicAnswer.State:
        PublicAnswer.objects.create(
            office=office,
            consultation=one,
            subject=f"{SECRET} umum",
            question=f"{SECRET}",
            answer="Ini.",
            by=budi,
            submitted_at=clock(),
            state=state,
        )
    draft = asking.draft_of(ani, office, at=clock())
    asking.keep_draft(draft, {"question": f"{SECRET} rancangan"}, at=clock())
    one.refresh_from_db()
    lifecycle.close(one, reason=Reason.DONE, by=budi, at=clock())
    return talk


def held():
    """Where the secret still stands, table by table."""
    found = set()
    with connection.cursor() as cursor, scopes_disabled():
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(SECRET in str(value) for row in cursor.fetchall() for value in row):
                found.add(table)
    return found


def test_the_client_is_told_what_was_said_and_sent_and_begun(ani, conversation):
    told = KEEPER.told(ani)
    (request,) = told["online_requests"]
    assert (request["question"], request["area"]) == (f"{SECRET} pertanyaan", f"{SECRET} area")
    assert [(each["from"], each["text"], each["files"]) for each in told["messages"]] == [
        ("client", f"{SECRET} pertanyaan", []),
        ("client", f"{SECRET} pesan", [f"{SECRET}.csv"]),
        ("office", f"{SECRET} jawaban", [f"{SECRET}-2.csv"]),
        ("system", "meeting_cancelled", []),
    ]
    assert [each["fields"] for each in told["request_drafts"]] == [{"question": f"{SECRET} rancangan"}]
    assert [each["text"] for each in told["message_drafts"]] == [f"{SECRET} draf"]


def test_notes_and_what_officers_have_not_sent_are_not_told(ani, conversation):
    assert [word for word in ("catatan", "petugas", "tunggu") if word in str(KEEPER.told(ani))] == []


def test_nothing_of_others_is_told(ani, office, clock, conversation):
    other = make_client("Joko")
    assert KEEPER.told(other) == {
        "online_requests": [],
        "messages": [],
        "request_drafts": [],
        "message_drafts": [],
    }


def test_telling_asks_the_database_as_often_for_three_as_for_one(
    ani, office, clock, question, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10) as one:
        KEEPER.told(ani)
    for _ in range(2):
        ask(ani, office, clock)
    with django_assert_num_queries(len(one)):
        KEEPER.told(ani)


def test_an_open_question_stands_against_erasing(ani, question, clock):
    with pytest.raises(Refused, match=question.code):
        own_data.erase(ani, by=ani.user, at=clock())


def test_erased_is_erased_in_every_table_but_what_was_published(
    ani, conversation, clock, folder, django_capture_on_commit_callbacks
):
    assert len([each for each in folder.rglob("*") if each.is_file()]) == 2
    with django_capture_on_commit_callbacks(execute=True):
        own_data.erase(ani, by=ani.user, at=clock())
    assert held() == {"inbox_publicanswer"}
    assert set(PublicAnswer.objects.filter(question=SECRET).values_list("state", flat=True)) == {
        "published",
        "withdrawn",
    }
    assert [each for each in folder.rglob("*") if each.is_file()] == []
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"erased"}


def test_counts_and_clocks_stay(ani, conversation, clock):
    before = (
        Message.objects.count(),
        Deadline.objects.count(),
        Note.objects.count(),
        MissingItem.objects.count(),
    )
    own_data.erase(ani, by=ani.user, at=clock())
    now = (
        Message.objects.count(),
        Deadline.objects.count(),
        Note.objects.count(),
        MissingItem.objects.count(),
    )
    assert now == before
    consultation = Consultation.objects.get()
    assert (consultation.state, consultation.answered_at is not None) == ("closed", True)
    assert (RequestDraft.objects.count(), MessageDraft.objects.count()) == (0, 0)


def test_erasing_one_client_leaves_the_others_as_they_are(ani, conversation, office, clock):
    joko = make_client("Joko")
    ask(joko, office, clock, question="Pertanyaan Joko")
    own_data.erase(ani, by=ani.user, at=clock())
    assert Message.objects.filter(text="Pertanyaan Joko").count() == 1


def test_two_years_after_its_end_a_conversation_says_nothing(ani, conversation, office, clock, settings):
    clock.advance(days=settings.RETENTION_DAYS)
    assert forget_old_conversations(office, at=clock()) == 0
    clock.advance(days=1)
    assert (forget_old_conversations(office, at=clock()), forget_old_conversations(office, at=clock())) == (
        1,
        0,
    )
    assert set(Message.objects.exclude(side="system").values_list("text", flat=True)) == {ERASED}
    assert Event.objects.get(name="conversations.forgotten").data == {"count": 1}
    ani.refresh_from_db()
    assert ani.name == "Ani Lestari"


def test_what_is_still_open_is_never_erased(question, office, clock):
    clock.advance(days=3_000)
    assert forget_old_conversations(office, at=clock()) == 0
    assert Message.objects.get().text == "Berapa jumlah penduduk per kecamatan?"
