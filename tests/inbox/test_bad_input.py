"""What nobody should send to a conversation: refused with a sentence at every door, and nothing of it is kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scope, scopes_disabled
from pytest_django import Settings

from sapa.catalogue.models import Entry
from sapa.consultations import lifecycle, requirements
from sapa.consultations.models import Consultation, MissingItem, Reason, RequestDraft
from sapa.files.models import StoredFile
from sapa.files.receiving import receive
from sapa.inbox import reviewing, urls, writing
from sapa.inbox.models import CannedAnswer, Kind, Message, MessageDraft, Note, PendingAnswer, PublicAnswer
from sapa.offices.models import Office
from sapa.people.models import Client, Officer, User
from tests.cast import make_client
from tests.conftest import Clock
from tests.files import samples
from tests.inbox.conftest import ask, words

pytestmark = pytest.mark.usefixtures("clock")
SAID = {"subject": "Jumlah penduduk", "question": "Per kecamatan?", "purpose": "research"}
HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where the files of this test lie."""
    settings.FILES = tmp_path / "files"
    settings.FILE_LIMIT = 100_000
    return tmp_path / "files"


@pytest.fixture
def at_work(budi: Officer) -> Browser:
    browser = Browser()
    browser.force_login(budi.user)
    return browser


def room(consultation: Consultation, name: str = "consultation_room") -> str:
    return reverse(name, args=[consultation.office.code, consultation.token])


def case(consultation: Consultation, name: str = "inbox_case", *more: object) -> str:
    return reverse(name, args=[consultation.office.code, consultation.code, *more])


Send = Callable[..., Any]


@pytest.fixture(params=["the form", "the client's message", "the officer's message"])
def send(request: pytest.FixtureRequest, question: Consultation, at_home: Browser, at_work: Browser) -> Send:
    """Each place that takes words and files of people."""
    doors: dict[str, tuple[Browser, str, dict[str, Any], str]] = {
        "the form": (at_home, reverse("ask", args=[question.office.code]), SAID, "question"),
        "the client's message": (at_home, room(question, "room_messages"), {"text": "Ini"}, "text"),
        "the officer's message": (
            at_work,
            case(question, "case_messages"),
            {"text": "Ini", "kind": "message"},
            "text",
        ),
    }
    browser, address, said, field = doors[request.param]

    def post(*, text: str | None = None, headers: dict[str, str] | None = None, **more: Any) -> Any:
        words = said if text is None else said | {field: text}
        return browser.post(address, words | {"key": str(uuid4())} | more, headers=headers or {})

    return post


def left(folder: Path) -> tuple[int, int, int, list[Path]]:
    """What is there of consultations, messages and files."""
    with scopes_disabled():
        counted = (Consultation.objects.count(), Message.objects.count(), StoredFile.objects.count())
    return (*counted, [path for path in folder.rglob("*") if path.is_file()])


ONE_QUESTION: tuple[int, int, int, list[Path]] = (1, 1, 0, [])


# Files


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("laporan.pdf", samples.picture()),
        ("foto.png", b"MZ" + b"\0" * 500),
        ("tabel.csv", samples.pdf()),
        ("surat.docx", samples.bomb_of_ratio()),
        ("surat.docx", samples.overlapping()),
        ("halaman.html", b"<script>alert(1)</script>"),
        ("besar.csv", b"kode,nilai\n" * 10_000),
        ("kosong.csv", b""),
    ],
    ids=["lies", "a program", "lies again", "bomb", "overlapping bomb", "a page", "too large", "empty"],
)
def test_a_file_that_cannot_be_taken_is_named_with_the_reason_and_nothing_is_kept(
    send: Send, folder: Path, name: str, content: bytes
) -> None:
    refused = send(files=samples.sent(name, content, "application/pdf"))
    assert refused.status_code == 422
    sentences = (
        refused.context["refused"] if "refused" in refused.context else refused.context["composer"]["errors"]
    )
    assert [(each.startswith(f"{name}: "), len(each) > len(name) + 20) for each in sentences] == [
        (True, True)
    ]
    assert left(folder) == ONE_QUESTION


@pytest.mark.parametrize("name", ["../../../etc/data.csv", "C:\\Windows\\data.csv", "/etc/data.csv"])
def test_a_path_in_a_name_leads_nowhere(send: Send, folder: Path, name: str) -> None:
    assert send(files=samples.sent(name, b"kode,nilai\n1808,12\n")).status_code == 302
    file = StoredFile.objects.get()
    assert (file.name, file.path.resolve().is_relative_to(folder.resolve())) == ("data.csv", True)
    assert "data" not in file.path.name


def test_a_sixth_file_is_refused_with_the_message(send: Send, folder: Path) -> None:
    files = [samples.sent(f"{number}.csv", b"kode,nilai\n1808,12\n") for number in range(6)]
    assert send(files=files).status_code == 422
    assert left(folder)[:2] == (1, 1)


# Words


@pytest.mark.parametrize("headers", [{}, HX], ids=["whole page", "part"])
def test_a_text_of_a_megabyte_is_refused_with_a_sentence(
    send: Send, folder: Path, headers: dict[str, str]
) -> None:
    refused = send(text="x" * 1_048_576, headers=headers)
    assert refused.status_code == 413
    sentence = "Teks ini terlalu panjang" if headers else "terlalu besar"
    assert sentence in refused.content.decode()
    assert left(folder) == ONE_QUESTION
    assert (RequestDraft.objects.count(), MessageDraft.objects.count()) == (0, 0)


def test_ten_thousand_and_one_letters_come_back_with_a_sentence(send: Send, folder: Path) -> None:
    refused = send(text="x" * 10_001)
    assert (refused.status_code, left(folder)) == (422, ONE_QUESTION)
    assert "x" * 10_001 in refused.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "\u202e", "\r\n\t"], ids=["nothing", "blank", "unseen", "lines"])
def test_no_words_are_no_message(send: Send, folder: Path, text: str) -> None:
    assert (send(text=text).status_code, left(folder)) == (422, ONE_QUESTION)


def test_a_nul_is_refused_at_the_door(send: Send, folder: Path) -> None:
    assert (send(text="a\0b").status_code, left(folder)) == (400, ONE_QUESTION)


def test_a_kind_of_message_that_does_not_exist_is_refused(
    question: Consultation, at_work: Browser, folder: Path
) -> None:
    for kind in ("notice", "system", "", "<b>"):
        said = {"key": uuid4(), "text": "Ini", "kind": kind}
        assert at_work.post(case(question, "case_messages"), said).status_code == 422
    assert left(folder) == ONE_QUESTION


def test_keys_and_numbers_that_are_none_do_no_harm(question: Consultation, at_home: Browser) -> None:
    for nonsense in ("", "0", "x", "9" * 400, "-1", "1.5", "١٢٣"):
        said = {"key": nonsense, "text": f"Ini {nonsense}", "file": nonsense}
        assert at_home.post(room(question, "room_messages"), said).status_code in (302, 422)
        for name in ("sejak", "sebelum"):
            address = {"sejak": "room_messages", "sebelum": "room_earlier"}[name]
            assert at_home.get(room(question, address), {name: nonsense}).status_code == 200


# Script in every field

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def test_script_in_every_field_stays_text_on_every_page_of_both_sides(
    ani: Client,
    office: Office,
    budi: Officer,
    citra: Officer,
    at_home: Browser,
    at_work: Browser,
    clock: Clock,
) -> None:
    Client.objects.filter(pk=ani.pk).update(name=f"Ani {EVIL}"[:120])
    for field in ("subject", "question", "area", "purpose_text"):
        kept = at_home.post(reverse("ask_draft", args=["1808"]), SAID | {field: EVIL})
        assert kept.status_code == 200, (kept.status_code, kept.headers)
    asked = {"subject": EVIL, "question": EVIL, "purpose": "other", "purpose_text": EVIL, "area": EVIL}
    harmless([(at_home, reverse("ask", args=["1808"]))])
    assert at_home.post(reverse("ask", args=["1808"]), asked).status_code == 302
    question = Consultation.objects.get()

    def act(name: str, *more: object, browser: Browser = at_work, **said: Any) -> None:
        answer = browser.post(case(question, name, *more), {"key": uuid4()} | said)
        assert answer.status_code == 302, (name, answer.content[:300])

    act("case_claim")
    act("case_asking", items=["years"], other=EVIL, text=EVIL)
    at_home.post(room(question, "room_draft"), {"text": EVIL})
    at_home.post(room(question, "room_messages"), {"key": uuid4(), "text": EVIL})
    for item in MissingItem.objects.all():
        act("case_item", item.pk, waive="1")
    act("case_messages", text=EVIL, kind="note")
    act(
        "case_draft",
        text=EVIL,
        kind="answer",
        cite_own="1",
        title=EVIL,
        area=EVIL,
        years=EVIL[:60],
        value=EVIL,
    )
    act("case_messages", text=EVIL, kind="answer")
    act("case_draft", text=EVIL, kind="answer")
    kept = at_work.post(reverse("canned_answers", args=["1808"]), {"title": EVIL[:80], "text": EVIL})
    assert (kept.status_code, CannedAnswer.objects.count()) == (302, 1)
    pending = reviewing.submit(Consultation.objects.get(), words(EVIL), by=budi, at=clock())
    PublicAnswer.objects.create(
        office=office,
        consultation=question,
        subject=EVIL,
        question=EVIL,
        answer=EVIL,
        remark=EVIL,
        by=budi,
        submitted_at=clock(),
    )
    supervisor = Browser()
    supervisor.force_login(citra.user)
    pages = [
        (at_home, room(question)),
        (at_home, room(question, "room_messages") + "?sejak=0"),
        (at_home, room(question, "room_earlier") + "?sebelum=99"),
        (at_home, room(question, "room_state")),
        (at_home, room(question, "still_needed")),
        (at_home, reverse("account")),
        (at_home, reverse("notifications")),
        (at_work, case(question)),
        (at_work, case(question, "case_state")),
        (at_work, case(question, "case_messages") + "?sejak=0"),
        (at_work, case(question, "case_find") + f"?kata={EVIL}"),
        (at_work, case(question, "case_publication")),
        (at_work, reverse("inbox", args=["1808"]) + "?tampilan=semua"),
        (at_work, reverse("inbox", args=["1808"]) + f"?cari={EVIL}"),
        (at_work, reverse("canned_answers", args=["1808"])),
        (at_work, reverse("public_answers", args=["1808"])),
        (at_work, reverse("notifications")),
        (supervisor, case(question)),
    ]
    harmless(pages)
    act("case_review", pending.pk, browser=supervisor, remark=EVIL)
    act("case_handover", browser=at_work, to=citra.pk, why=EVIL)
    harmless(pages)
    for browser, address in ((at_home, room(question, "room_pdf")), (at_work, case(question, "case_pdf"))):
        assert browser.get(address).content[:5] == b"%PDF-"


def harmless(pages: list[tuple[Browser, str]]) -> None:
    for browser, address in pages:
        answer = browser.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, address
        assert [each for each in ("<script>alert", "<img src=x") if each in page] == [], address


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x", "https://", "x" * 600])
def test_a_source_with_an_address_that_leads_nowhere_is_refused(
    question: Consultation, at_work: Browser, url: str
) -> None:
    said = {"cite_own": "1", "title": "Dalam Angka", "url": url, "text": "Ini", "kind": "answer"}
    refused = at_work.post(case(question, "case_draft"), said, headers=HX)
    assert (refused.status_code, MessageDraft.objects.get().citations) == (422, [])
    assert MessageDraft.objects.get().text == "Ini"


# What belongs to somebody else


def test_another_client_reaches_nothing_by_the_address(
    question: Consultation, other_client: Browser, office: Office, other_office: Office
) -> None:
    names = [each.name for each in urls.urlpatterns if str(each.pattern).startswith(urls.ROOM)]
    assert len(names) > 8
    for name in names:
        for code in (office.code, other_office.code):
            address = reverse(str(name), args=[code, question.token])
            said = {"key": uuid4(), "text": "Saya", "year_from": 2020}
            assert {other_client.get(address).status_code, other_client.post(address, said).status_code} <= {
                404,
                405,
            }, name
    assert (Message.objects.count(), MessageDraft.objects.count()) == (1, 0)
    question.refresh_from_db()
    assert question.closed_at is None


def test_an_officer_of_another_office_reaches_nothing_by_the_address(
    question: Consultation, dewi: Officer, at_work: Browser, budi: Officer, clock: Clock, signed_in: Any
) -> None:
    (item,) = requirements.ask(question, [requirements.Wanted("area")], by=budi, at=clock())
    pending = reviewing.submit(question, words("Ini"), by=budi, at=clock())
    browser: Browser = signed_in(dewi)
    before = Consultation.objects.values().get()
    patterns = [each for each in urls.urlpatterns if str(each.pattern).startswith(urls.CASE)]
    assert len(patterns) > 15
    with scopes_disabled():
        for each in patterns:
            more = (
                [item.pk] if each.name == "case_item" else [pending.pk] if each.name == "case_review" else []
            )
            for code in (question.office.code, dewi.office.code):
                address = reverse(str(each.name), args=[code, question.code, *more])
                said = {"key": uuid4(), "text": "Kami", "kind": "answer", "release": "1", "why": "x"}
                answers = {browser.get(address).status_code, browser.post(address, said).status_code}
                assert answers <= {404, 405}, each.name
    assert Consultation.objects.values().get() == before
    assert (Message.objects.count(), PendingAnswer.objects.get().state) == (1, "submitted")


def test_another_persons_file_does_not_come_with_the_own_words(
    send: Send, office: Office, clock: Clock, folder: Path
) -> None:
    stranger = User.objects.create_user("orang@contoh.example", "sandi-yang-panjang-1")
    upload = samples.sent("data.csv", b"kode,nilai\n1808,12\n")
    theirs = receive(upload, office=office, user=stranger, at=clock())
    assert send(file=str(theirs.pk)).status_code == 422
    theirs.refresh_from_db()
    assert (theirs.claimed_at, left(folder)[:3]) == (None, (1, 1, 1))


def test_what_belongs_to_another_consultation_or_office_cannot_be_named(
    question: Consultation,
    ani: Client,
    budi: Officer,
    citra: Officer,
    dewi: Officer,
    office: Office,
    at_work: Browser,
    clock: Clock,
    signed_in: Any,
) -> None:
    other = ask(make_client("Lain", email="lain@contoh.example"), office, clock)
    (item,) = requirements.ask(other, [requirements.Wanted("area")], by=citra, at=clock())
    pending = reviewing.submit(other, words("Ini"), by=citra, at=clock())
    with scope(office=dewi.office):
        canned = CannedAnswer.objects.create(
            office=dewi.office, title="Salam", text="Rahasia sebelah", updated_at=clock()
        )
        entry = Entry.objects.create(
            office=dewi.office, title="Tabel sebelah", kind=Entry.Kind.STATIC_TABLE, published_at=clock()
        )
    assert at_work.post(case(question, "case_item", item.pk), {"waive": "1"}).status_code == 404
    assert (
        signed_in(budi).post(case(question, "case_review", pending.pk), {"release": "1"}).status_code == 404
    )
    fill = {"fill": "1", "canned": canned.pk, "text": "", "kind": "answer"}
    assert at_work.post(case(question, "case_draft"), fill).status_code == 404
    at_work.post(case(question, "case_draft"), {"cite": entry.pk, "text": "", "kind": "answer"})
    at_work.post(case(question, "case_handover"), {"to": dewi.pk, "why": "x", "key": uuid4()})
    at_work.post(case(question, "case_forwarding"), {"office": dewi.office.code, "why": "x"})
    removal = reverse("canned_removal", args=[office.code, canned.pk])
    assert at_work.post(removal).status_code == 404
    question.refresh_from_db()
    item.refresh_from_db()
    assert (question.officer, question.office, item.waived_at) == (None, office, None)
    assert (MessageDraft.objects.get().citations, Note.objects.count()) == ([], 0)


def test_what_a_request_continues_is_the_clients_own(
    at_home: Browser, ani: Client, office: Office, clock: Clock
) -> None:
    other = ask(make_client("Lain", email="lain@contoh.example"), office, clock)
    assert at_home.get(room(other, "ask_again")).status_code == 404
    RequestDraft.objects.update_or_create(
        office=office, client=ani, defaults={"fields": {"continues": other.code}, "updated_at": clock()}
    )
    at_home.post(reverse("ask", args=[office.code]), SAID)
    assert Consultation.objects.get(client=ani).continues is None


def test_a_link_of_a_warning_that_is_over_says_so_and_changes_nothing(
    question: Consultation, at_home: Browser, budi: Officer, clock: Clock
) -> None:
    """The mail of day six, pressed on day eight."""
    writing.office_says(question, words("Ini"), kind=Kind.ANSWER, by=budi, at=clock())
    lifecycle.close(question, reason=Reason.SILENCE, by=None, at=clock.advance(days=7))
    before = Consultation.objects.values().get()
    answer = at_home.post(room(question, "still_needed"), follow=True)
    assert "Percakapan ini memang belum akan ditutup." in answer.content.decode()
    assert Consultation.objects.values().get() == before


def test_signed_out_every_form_leads_to_the_sign_in_and_keeps_nothing(
    question: Consultation, client: Browser, office: Office
) -> None:
    for address in (reverse("ask", args=[office.code]), room(question, "room_messages")):
        assert client.post(address, SAID | {"key": uuid4(), "text": "Ini"}).status_code == 302
    assert client.post(case(question, "case_messages"), {"text": "x", "kind": "note"}).status_code == 302
    assert (Consultation.objects.count(), Message.objects.count(), Note.objects.count()) == (1, 1, 0)
