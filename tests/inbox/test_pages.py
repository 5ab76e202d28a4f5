"""The client's room and the officers' inbox, through their addresses."""

from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.consultations import lifecycle, requirements
from sapa.consultations.models import Consultation, Reason, RequestDraft, State
from sapa.inbox import reviewing, writing
from sapa.inbox.models import InboxPolicy, Kind, Message
from sapa.offices.models import Office
from sapa.people.models import Client, Officer, User
from tests.cast import make_client
from tests.conftest import Clock
from tests.inbox.conftest import words

pytestmark = pytest.mark.usefixtures("clock")


def room(consultation: Consultation, name: str = "consultation_room", *more: object) -> str:
    return reverse(name, args=[consultation.office.code, consultation.token, *more])


def case(consultation: Consultation, name: str = "inbox_case", *more: object) -> str:
    return reverse(name, args=[consultation.office.code, consultation.code, *more])


def texts(consultation: Consultation) -> list[str]:
    return list(
        Message.objects.filter(conversation__consultation=consultation).values_list("text", flat=True)
    )


def test_asking_begins_with_the_search(at_home: Browser, office: Office) -> None:
    answer = at_home.get(reverse("ask", args=[office.code]))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("search", args=[office.code]))


def test_a_question_is_kept_as_a_draft_and_then_sent_once(
    at_home: Browser, office: Office, ani: Client
) -> None:
    RequestDraft.objects.create(
        office=office, client=ani, fields={"subject": "Penduduk"}, updated_at=ani.created_at
    )
    form = at_home.get(reverse("ask", args=[office.code]))
    assert form.context["form"]["subject"].value() == "Penduduk"
    said = {"subject": "Jumlah penduduk", "question": "Per kecamatan?", "purpose": "research"}
    at_home.post(reverse("ask_draft", args=[office.code]), said)
    assert RequestDraft.objects.get().fields["question"] == "Per kecamatan?"
    sent = at_home.post(reverse("ask", args=[office.code]), said)
    consultation = Consultation.objects.get()
    assert (sent.status_code, sent.headers["Location"]) == (302, room(consultation))
    assert (texts(consultation), RequestDraft.objects.count()) == (["Per kecamatan?"], 0)


def test_bad_input_keeps_what_was_typed(at_home: Browser, office: Office) -> None:
    said = {
        "subject": "",
        "question": "Per kecamatan?",
        "purpose": "x",
        "year_from": "2024",
        "year_until": "2020",
    }
    answer = at_home.post(reverse("ask", args=[office.code]), said)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"subject", "purpose", "year_until"}
    assert RequestDraft.objects.get().fields["question"] == "Per kecamatan?"
    assert not Consultation.objects.exists()


def test_the_room_shows_the_conversation_and_takes_a_message(
    at_home: Browser, question: Consultation
) -> None:
    page = at_home.get(room(question))
    assert page.status_code == 200
    key = uuid4()
    for _twice in range(2):
        sent = at_home.post(
            room(question, "room_messages"),
            {"key": key, "text": "Tahun 2024"},
            headers={"HX-Request": "true"},
        )
        assert (sent.status_code, sent.headers["HX-Trigger"]) == (200, "sapa:said")
    assert texts(question) == ["Berapa jumlah penduduk per kecamatan?", "Tahun 2024"]


def test_an_empty_message_is_refused_with_a_sentence(at_home: Browser, question: Consultation) -> None:
    sent = at_home.post(room(question, "room_messages"), {"key": uuid4(), "text": " "})
    assert sent.status_code == 422
    assert texts(question) == ["Berapa jumlah penduduk per kecamatan?"]


def test_what_the_page_lacks_is_fetched_since_a_message(
    at_home: Browser, question: Consultation, budi: Officer, clock: Clock
) -> None:
    writing.office_says(question, words("Ini jawabannya."), kind=Kind.ANSWER, by=budi, at=clock())
    part = at_home.get(room(question, "room_messages"), {"sejak": 1, "tampak": 1})
    assert part.context["part"].last == 2
    assert "Ini jawabannya." in part.content.decode()
    question.conversation.refresh_from_db()
    assert question.conversation.client_read == 2


def test_a_note_never_reaches_the_client(
    at_home: Browser, question: Consultation, budi: Officer, clock: Clock
) -> None:
    writing.note(question, text="RAHASIA-KANTOR", key=uuid4(), by=budi, at=clock())
    for address in ("consultation_room", "room_messages", "room_earlier", "room_state"):
        assert (
            b"RAHASIA-KANTOR" not in at_home.get(room(question, address), {"sejak": 0, "sebelum": 99}).content
        )


def test_another_client_finds_nothing(question: Consultation, clock: Clock) -> None:
    user = User.objects.create_user("lain@contoh.example", "sandi-yang-panjang-1")
    make_client("Lain", user=user, email="lain@contoh.example")
    browser = Browser()
    browser.force_login(user)
    for name in ("consultation_room", "room_messages", "room_state", "room_pdf", "still_needed"):
        assert browser.get(room(question, name)).status_code == 404
    assert browser.post(room(question, "room_closure")).status_code == 404
    question.refresh_from_db()
    assert question.state == State.REQUESTED


def test_an_officer_of_another_office_finds_nothing(
    question: Consultation,
    dewi: Officer,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    browser = signed_in(dewi)
    assert browser.get(case(question)).status_code == 404
    there = reverse("inbox_case", args=[dewi.office.code, question.code])
    with scopes_disabled():
        assert browser.get(there).status_code == 404


def test_the_officer_accepts_asks_and_answers(
    question: Consultation,
    budi: Officer,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    browser = signed_in(budi)
    assert browser.get(reverse("inbox", args=["1808"])).status_code == 200
    assert browser.get(case(question)).status_code == 200
    browser.post(case(question, "case_asking"), {"items": ["years"], "key": uuid4()})
    question.refresh_from_db()
    assert (question.officer, question.waiting_for) == (budi, "client")
    item = question.missing_items.get()
    browser.post(case(question, "case_item", item.pk), {"waive": "1"})
    browser.post(case(question, "case_acceptance"))
    question.refresh_from_db()
    assert question.accepted_at is not None
    sent = browser.post(
        case(question, "case_messages"),
        {"key": uuid4(), "text": "Ini tabelnya.", "kind": "answer"},
        headers={"HX-Request": "true"},
    )
    assert sent.status_code == 200
    question.refresh_from_db()
    assert question.answered_at is not None
    browser.post(case(question, "case_closure"))
    question.refresh_from_db()
    assert question.state == State.CLOSED


def test_a_colleague_cannot_answer_what_somebody_has_in_hand(
    question: Consultation,
    budi: Officer,
    citra: Officer,
    clock: Clock,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    sent = signed_in(citra).post(
        case(question, "case_messages"), {"key": uuid4(), "text": "Saya juga", "kind": "answer"}
    )
    assert sent.status_code == 422
    assert texts(question) == ["Berapa jumlah penduduk per kecamatan?"]


def test_an_answer_waits_for_a_second_pair_of_eyes(
    question: Consultation,
    budi: Officer,
    citra: Officer,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    InboxPolicy.objects.create(office=question.office, answers_need_approval=True)
    assert reviewing.is_wanted(question.office)
    said = {"key": uuid4(), "text": "Ini tabelnya.", "kind": "answer"}
    signed_in(budi).post(case(question, "case_messages"), said)
    pending = question.conversation.pending_answers.get()
    assert texts(question) == ["Berapa jumlah penduduk per kecamatan?"]
    signed_in(budi).post(case(question, "case_review", pending.pk), {"release": "1"})
    assert len(texts(question)) == 1
    browser = signed_in(citra)
    assert browser.get(case(question)).status_code == 200
    browser.post(case(question, "case_review", pending.pk), {"release": "1"})
    assert texts(question)[1:] == ["Ini tabelnya."]


def test_a_question_goes_to_the_province_and_the_client_keeps_number_and_address(
    question: Consultation,
    budi: Officer,
    at_home: Browser,
    office: Office,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    province = office.parent
    assert province is not None
    with scopes_disabled():
        province.services.create(
            key="consultation",
            prefix="K",
            name_id="Konsultasi",
            name_en="Consultation",
            is_pst=True,
            position=0,
        )
    browser = signed_in(budi)
    sent = browser.post(case(question, "case_forwarding"), {"office": province.code, "why": "Data provinsi"})
    assert sent.status_code == 302
    with scopes_disabled():
        assert Consultation.objects.get(pk=question.pk).office == province
    assert browser.get(case(question)).context["consultation"].office == province
    assert at_home.get(room(question)).status_code == 200


def test_one_tap_keeps_it_open(at_home: Browser, question: Consultation, budi: Officer, clock: Clock) -> None:
    writing.office_says(question, words("Ini jawabannya."), kind=Kind.ANSWER, by=budi, at=clock())
    clock.advance(days=6)
    assert at_home.get(room(question, "still_needed")).status_code == 200
    at_home.post(room(question, "still_needed"))
    assert [each.what for each in question.deadlines.get(kind="silence").entries.all()] == ["started", "kept"]


def test_the_client_completes_what_was_asked_back(
    at_home: Browser,
    question: Consultation,
    budi: Officer,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    signed_in(budi).post(case(question, "case_asking"), {"items": ["years"], "key": uuid4()})
    page = at_home.get(room(question))
    assert list(page.context["completion_form"].fields) == ["year_from", "year_until"]
    at_home.post(room(question, "room_completion"), {"year_from": "2020", "year_until": "2024"})
    question.refresh_from_db()
    question.request.refresh_from_db()
    assert (question.waiting_for, question.request.year_from) == ("office", 2020)


def test_the_conversation_is_to_be_had_on_paper(
    at_home: Browser,
    question: Consultation,
    budi: Officer,
    signed_in,  # type: ignore[no-untyped-def]
    clock: Clock,
) -> None:
    clock.advance(microseconds=123_456)  # as on every real clock
    for answer in (at_home.get(room(question, "room_pdf")), signed_in(budi).get(case(question, "case_pdf"))):
        assert answer.content[:5] == b"%PDF-"


def test_a_source_is_cited_and_taken_off_again(
    question: Consultation,
    budi: Officer,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    browser = signed_in(budi)
    own = {
        "cite_own": "1",
        "title": "Dalam Angka 2024",
        "url": "https://bps.example/x",
        "text": "Lihat:",
        "kind": "answer",
    }
    browser.post(case(question, "case_draft"), own)
    browser.post(case(question, "case_draft"), own)
    draft = question.conversation.drafts.get()
    assert (draft.text, [each["title"] for each in draft.citations]) == ("Lihat:", ["Dalam Angka 2024"])
    browser.post(case(question, "case_draft"), {"uncite": "0", "text": "Lihat:", "kind": "answer"})
    draft.refresh_from_db()
    assert draft.citations == []
    browser.post(case(question, "case_draft"), own)
    browser.post(case(question, "case_messages"), {"key": uuid4(), "text": "Lihat:", "kind": "answer"})
    assert [each.title for each in question.citations.all()] == ["Dalam Angka 2024"]
    assert b"Dalam Angka 2024" in browser.get(case(question)).content


def test_the_part_for_citing_stands_on_the_page_once_also_after_a_source_was_added(
    question: Consultation,
    budi: Officer,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    browser = signed_in(budi)
    own = {"cite_own": "1", "title": "Dalam Angka 2024", "text": "Lihat:", "kind": "answer"}
    part = browser.post(case(question, "case_draft"), own, headers={"HX-Request": "true"}).content.decode()
    assert ('id="composer"' in part, 'id="cite"' in part) == (True, False)  # it replaces #composer alone
    assert browser.get(case(question)).content.decode().count('id="cite"') == 1


def test_a_refresh_of_the_inbox_shows_the_same_search_the_same_page_and_the_same_open_row(
    question: Consultation,
    budi: Officer,
    office: Office,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    desk = signed_in(budi)
    listed = desk.get(reverse("inbox", args=[office.code]), {"tampilan": "semua", "cari": "tidak & ada"})
    assert listed.context["refresh"] == "tampilan=semua&cari=tidak+%26+ada"
    again = desk.get(reverse("inbox_rows", args=[office.code]) + "?" + listed.context["refresh"])
    assert (again.context["wanted"], again.context["page"].rows) == ("tidak & ada", [])
    opened = desk.get(case(question))
    assert opened.context["refresh"] == f"tampilan=semua&buka={question.code}"
    again = desk.get(reverse("inbox_rows", args=[office.code]) + "?" + opened.context["refresh"])
    assert again.context["open_code"] == question.code
    assert 'aria-current="true"' in again.content.decode()


def test_a_consultation_closed_for_too_long_offers_a_new_question_and_no_box_to_write_into(
    at_home: Browser, question: Consultation, budi: Officer, clock: Clock
) -> None:
    lifecycle.close(question, reason=Reason.DONE, by=budi, at=clock())
    assert 'id="message-text"' in at_home.get(room(question)).content.decode()
    clock.advance(days=31)
    page = at_home.get(room(question)).content.decode()
    assert (room(question, "ask_again") in page, 'id="message-text"' in page) == (True, False)
    refused = at_home.post(room(question, "room_messages"), {"key": uuid4(), "text": "Masih ada?"})
    assert (refused.status_code, "Masih ada?" in refused.content.decode()) == (422, True)


def test_what_is_asked_back_and_is_no_field_is_answered_in_the_conversation(
    at_home: Browser, question: Consultation, budi: Officer, clock: Clock
) -> None:
    wanted = [requirements.Wanted("years"), requirements.Wanted("other", "Surat pengantar")]
    requirements.ask(question, wanted, by=budi, at=clock())
    page = at_home.get(room(question)).content.decode()
    assert 'id="id_year_from"' in page
    assert "Yang lain: jawab di percakapan, dengan berkas bila perlu." in page
    at_home.post(room(question, "room_completion"), {"year_from": "2024"})
    page = at_home.get(room(question)).content.decode()
    assert "Jawab di percakapan, dengan berkas bila perlu." in page
