"""What is typed and not sent is on the server: of requests, of messages of both sides, and in two tabs."""

from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation, Reason, RequestDraft
from sapa.inbox import drafting, writing
from sapa.inbox.models import CannedAnswer, Conversation, Kind, Message, MessageDraft
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.cast import make_client
from tests.conftest import Clock
from tests.inbox.conftest import words

pytestmark = pytest.mark.usefixtures("clock")
SAID = {"subject": "Jumlah penduduk", "question": "Per kecamatan?", "purpose": "research"}


def form(at_home: Browser, office: Office) -> dict[str, str]:
    """The ask page as a browser has it: its fields, and the key that it was given."""
    RequestDraft.objects.filter(fields={}).update(fields={"subject": "Jumlah penduduk"})
    page = at_home.get(reverse("ask", args=[office.code]))
    return SAID | {"key": str(page.context["draft"].submission_key)}


@pytest.fixture
def begun(ani: Client, office: Office, clock: Clock) -> RequestDraft:
    """Ani has typed a subject."""
    return RequestDraft.objects.create(
        office=office, client=ani, fields={"subject": "Jumlah penduduk"}, updated_at=clock()
    )


def room(consultation: Consultation, name: str) -> str:
    return reverse(name, args=[consultation.office.code, consultation.token])


def case(consultation: Consultation, name: str) -> str:
    return reverse(name, args=[consultation.office.code, consultation.code])


# Requests


def test_what_is_typed_is_there_on_another_device(
    at_home: Browser, begun: RequestDraft, office: Office, ani: Client
) -> None:
    at_home.post(reverse("ask_draft", args=[office.code]), SAID | {"year_from": "dua ribu"})
    phone = Browser()
    assert ani.user is not None
    phone.force_login(ani.user)
    page = phone.get(reverse("ask", args=[office.code]))
    shown = page.context["form"]
    assert (shown["question"].value(), shown["year_from"].value()) == ("Per kecamatan?", "dua ribu")


def test_each_office_has_its_own_draft(
    at_home: Browser, begun: RequestDraft, office: Office, other_office: Office
) -> None:
    at_home.post(reverse("ask_draft", args=[other_office.code]), SAID | {"subject": "Padi"})
    begun.refresh_from_db()
    assert begun.fields == {"subject": "Jumlah penduduk"}


def test_the_form_sent_twice_is_one_request(at_home: Browser, begun: RequestDraft, office: Office) -> None:
    """A second press, or a repeat after an answer that never arrived: the draft of the form is gone by then."""
    said = form(at_home, office)
    first, again = (at_home.post(reverse("ask", args=[office.code]), said) for _ in range(2))
    consultation = Consultation.objects.get()
    assert [first.headers["Location"], again.headers["Location"]] == [
        room(consultation, "consultation_room")
    ] * 2
    assert (Message.objects.count(), RequestDraft.objects.count()) == (1, 0)


def test_two_tabs_that_say_something_else_are_two_requests(
    at_home: Browser, begun: RequestDraft, office: Office
) -> None:
    one, other = form(at_home, office), form(at_home, office) | {"question": "Per desa?"}
    for said in (one, other):
        at_home.post(reverse("ask", args=[office.code]), said)
    asked = Consultation.objects.order_by("pk").values_list("request__question", flat=True)
    assert list(asked) == ["Per kecamatan?", "Per desa?"]


def test_of_two_tabs_the_last_letter_typed_is_the_draft_and_each_sends_what_it_shows(
    at_home: Browser, begun: RequestDraft, office: Office
) -> None:
    for text in ("Per kecamatan?", "Per desa?"):
        at_home.post(reverse("ask_draft", args=[office.code]), SAID | {"question": text})
    assert RequestDraft.objects.get().fields["question"] == "Per desa?"
    at_home.post(reverse("ask", args=[office.code]), form(at_home, office))
    assert Consultation.objects.get().request.question == "Per kecamatan?"


def test_another_clients_form_opens_nobodys_consultation(
    at_home: Browser, begun: RequestDraft, office: Office, question: Consultation, ani: Client
) -> None:
    theirs = make_client("Lain", email="lain@contoh.example")
    Consultation.objects.filter(pk=question.pk).update(client=theirs)
    key = str(question.request.submission_key)
    said = SAID | {"question": question.request.question, "key": key}
    at_home.post(reverse("ask", args=[office.code]), said)
    assert Consultation.objects.filter(client=ani).count() == 1
    assert Message.objects.filter(conversation__consultation=question).count() == 1


def test_a_request_that_goes_on_from_an_earlier_one_still_names_it_after_typing(
    at_home: Browser, question: Consultation, budi: Officer, office: Office, clock: Clock
) -> None:
    lifecycle.close(question, reason=Reason.DONE, by=budi, at=clock())
    clock.advance(days=31)
    at_home.get(room(question, "ask_again"))
    at_home.post(reverse("ask_draft", args=[office.code]), SAID)
    at_home.post(reverse("ask", args=[office.code]), SAID)
    assert Consultation.objects.exclude(pk=question.pk).get().continues == question


# Messages


def test_what_the_client_has_typed_in_the_room_is_there_when_it_is_opened_again(
    at_home: Browser, question: Consultation
) -> None:
    kept = at_home.post(room(question, "room_draft"), {"text": "Tahun 20"})
    assert kept.status_code == 200
    page = at_home.get(room(question, "consultation_room"))
    assert page.context["composer"]["text"] == "Tahun 20"
    at_home.post(room(question, "room_messages"), {"key": uuid4(), "text": "Tahun 2024"})
    page = at_home.get(room(question, "consultation_room"))
    assert (page.context["composer"]["text"], MessageDraft.objects.count()) == ("", 0)


def test_nobody_sees_what_the_other_side_has_typed(
    at_home: Browser, question: Consultation, budi: Officer, clock: Clock, signed_in
) -> None:  # type: ignore[no-untyped-def]
    at_home.post(room(question, "room_draft"), {"text": "BELUM-DIKIRIM-KLIEN"})
    officer = signed_in(budi)
    officer.post(case(question, "case_draft"), {"text": "BELUM-DIKIRIM-PETUGAS", "kind": "answer"})
    assert b"BELUM-DIKIRIM-KLIEN" not in officer.get(case(question, "inbox_case")).content
    assert b"BELUM-DIKIRIM-PETUGAS" not in at_home.get(room(question, "consultation_room")).content


def test_another_client_keeps_no_draft_here(question: Consultation, other_client: Browser) -> None:
    assert other_client.post(room(question, "room_draft"), {"text": "x"}).status_code == 404
    assert not MessageDraft.objects.exists()


def test_each_officer_has_a_draft_of_their_own_with_its_kind(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    conversation = Conversation.objects.get(consultation=question)
    drafting.keep(conversation, budi.user, text="Ini", kind=Kind.ANSWER, at=clock())
    drafting.keep(conversation, citra.user, text="Tahun?", kind=Kind.QUESTION, at=clock())
    drafting.keep(conversation, budi.user, text="Ini tabelnya", kind=Kind.ANSWER, at=clock())
    drafts = MessageDraft.objects.order_by("pk").values_list("user", "text", "kind")
    assert list(drafts) == [
        (budi.user_id, "Ini tabelnya", "answer"),
        (citra.user_id, "Tahun?", "question"),
    ]


def test_the_officers_page_opens_with_the_draft(question: Consultation, budi: Officer, signed_in) -> None:  # type: ignore[no-untyped-def]
    browser = signed_in(budi)
    browser.post(case(question, "case_draft"), {"text": "Tahun berapa?", "kind": "question"})
    composer = browser.get(case(question, "inbox_case")).context["composer"]
    assert (composer["text"], composer["kind"]) == ("Tahun berapa?", "question")


def test_sending_forgets_the_own_draft_and_leaves_the_colleagues(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    conversation = Conversation.objects.get(consultation=question)
    for officer in (budi, citra):
        drafting.keep(conversation, officer.user, text="Ini", kind=Kind.ANSWER, at=clock())
    writing.office_says(question, words("Ini tabelnya"), kind=Kind.ANSWER, by=budi, at=clock())
    assert list(MessageDraft.objects.values_list("user", flat=True)) == [citra.user_id]


def test_a_refused_answer_leaves_the_draft(
    question: Consultation, budi: Officer, clock: Clock, signed_in
) -> None:  # type: ignore[no-untyped-def]
    browser = signed_in(budi)
    browser.post(case(question, "case_draft"), {"text": "Ini", "kind": "answer"})
    refused = browser.post(
        case(question, "case_messages"), {"key": uuid4(), "text": "x" * 10_001, "kind": "answer"}
    )
    assert (refused.status_code, MessageDraft.objects.get().text) == (422, "Ini")


def test_a_draft_is_cut_where_no_message_could_be_as_long(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    conversation = Conversation.objects.get(consultation=question)
    kept = drafting.keep(conversation, budi.user, text="x" * 30_000, kind=Kind.ANSWER, at=clock())
    assert len(kept.text) == drafting.LONGEST_DRAFT


def test_a_source_twice_is_once_and_one_that_is_not_there_is_taken_off_in_peace(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    conversation = Conversation.objects.get(consultation=question)
    drafting.drop_source(conversation, budi.user, 0, at=clock())
    for _ in range(2):
        drafting.add_source(conversation, budi.user, {"title": "Dalam Angka 2024"}, at=clock())
    drafting.drop_source(conversation, budi.user, 7, at=clock())
    assert [each["title"] for each in MessageDraft.objects.get().citations] == ["Dalam Angka 2024"]


def test_a_canned_answer_is_filled_in_and_stands_below_what_was_typed(
    question: Consultation, budi: Officer, office: Office, clock: Clock, signed_in
) -> None:  # type: ignore[no-untyped-def]
    Client.objects.filter(pk=question.client_id).update(name="Ani {kantor}")  # her name is not read again
    canned = CannedAnswer.objects.create(
        office=office, title="Salam", text="Yth. {name} ({nomor}), {nonsense}", updated_at=clock()
    )
    browser = signed_in(budi)
    browser.post(
        case(question, "case_draft"), {"text": "Baik.", "kind": "answer", "fill": "1", "canned": canned.pk}
    )
    assert MessageDraft.objects.get().text == f"Baik.\n\nYth. Ani {{kantor}} ({question.code}), {{nonsense}}"


def test_a_canned_answer_with_a_word_that_nothing_fills_in_is_not_kept(
    budi: Officer, office: Office, signed_in
) -> None:  # type: ignore[no-untyped-def]
    there = reverse("canned_answers", args=[office.code])
    refused = signed_in(budi).post(there, {"title": "Salam", "text": "Halo {nama}, {nama_kantor}"})
    assert [each.code for each in refused.context["form"].errors.as_data()["text"]] == ["variable"]
    assert not CannedAnswer.objects.exists()
    kept = signed_in(budi).post(there, {"title": "Salam", "text": "Halo {nama}, {kantor}"})
    assert (kept.status_code, CannedAnswer.objects.get().text) == (302, "Halo {nama}, {kantor}")
