"""Beside the conversation: the search that went before, the promise counted day by day; and finding words in it."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from sapa.catalogue import trails
from sapa.catalogue.models import Absence, Entry
from sapa.consultations import holding, lifecycle
from sapa.consultations.models import Consultation
from sapa.inbox import writing
from sapa.inbox.models import Kind
from sapa.offices import holidays
from sapa.offices.models import Office, Service
from sapa.people.models import Client, Officer
from tests.cast import make_officer
from tests.conftest import Clock
from tests.inbox.conftest import words

pytestmark = pytest.mark.usefixtures("clock")
SAID = {"subject": "Jumlah penduduk", "question": "Per kecamatan?", "purpose": "research"}


def room(consultation: Consultation, name: str = "consultation_room") -> str:
    return reverse(name, args=[consultation.office.code, consultation.token])


def case(consultation: Consultation, name: str = "inbox_case") -> str:
    return reverse(name, args=[consultation.office.code, consultation.code])


@pytest.fixture
def searched(at_home: Browser, office: Office, clock: Clock) -> Consultation:
    """Ani searched, opened an entry, put an absence aside, and asked."""
    entry = Entry.objects.create(
        office=office, title="Penduduk 2020", kind=Entry.Kind.STATIC_TABLE, published_at=clock()
    )
    absence = Absence.objects.create(
        office=office, indicator="PDRB kecamatan", reason="Tidak dihitung.", where_instead="PDRB kabupaten."
    )
    trail = trails.begin(office, language="id", at=clock())
    trails.note_search(trail, text="penduduk menggala", results=2, at=clock())
    trails.note_opened(trail, entry, at=clock())
    trails.note_dismissed(trail, absence, at=clock())
    at_home.get(reverse("ask", args=[office.code]), {"jejak": trail.token})
    at_home.post(reverse("ask_draft", args=[office.code]), SAID)
    at_home.post(reverse("ask", args=[office.code]), SAID)
    return Consultation.objects.get()


def steps(page: str) -> list[bool]:
    return [each in page for each in ("penduduk menggala", "Penduduk 2020", "PDRB kecamatan")]


def test_what_was_searched_opened_and_put_aside_goes_with_the_request(
    searched: Consultation, budi: Officer, signed_in: Any
) -> None:
    page = signed_in(budi).get(case(searched)).content.decode()
    assert steps(page) == [True, True, True]


def test_the_search_goes_along_to_another_office(
    searched: Consultation, budi: Officer, office: Office, clock: Clock
) -> None:
    above = office.parent
    assert above is not None
    with scope(office=above):
        Service.objects.create(
            office=above, key="consultation", prefix="K", name_id="K", name_en="C", is_pst=True, position=1
        )
        lina = make_officer(above, "lina", Officer.Role.CONSULTANT)
    holding.forward(searched, to=above, note="Data provinsi", by=budi, at=clock())
    browser = Browser()
    browser.force_login(lina.user)
    with scopes_disabled():
        page = browser.get(reverse("inbox_case", args=[above.code, searched.code])).content.decode()
    assert steps(page) == [True, True, True]


def test_both_sides_read_the_due_day_and_how_it_was_counted(
    question: Consultation, at_home: Browser, budi: Officer, clock: Clock, signed_in: Any
) -> None:
    """Accepted on Monday 08.30, a day off on Wednesday: due at closing time on Friday."""
    holidays.declare(
        question.office,
        on=datetime(2026, 11, 25, tzinfo=UTC).date(),
        name_id="Libur daerah",
        name_en="Regional day off",
        kind="local",
        source="Keputusan Bupati",
        by=budi.user,
        at=clock(),
    )
    lifecycle.accept(question, by=budi, at=clock())
    pages = (at_home.get(room(question)), signed_in(budi).get(case(question)))
    for page in pages:
        clock_shown = page.context["clock"]
        assert (clock_shown.due, clock_shown.state) == (datetime(2026, 11, 27, 8, 30, tzinfo=UTC), "running")
        text = page.content.decode()
        assert [each in text for each in ("Mengapa?", "Jumat, 27 November 2026", "Libur daerah")] == [
            True
        ] * 3
        assert [line in text for line in clock_shown.explanation] == [True] * len(clock_shown.explanation)
    assert len(pages[0].context["clock"].explanation) >= 4


def test_while_the_client_is_asked_the_page_says_what_the_clock_waits_for(
    question: Consultation, at_home: Browser, budi: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    writing.office_says(question, words("Tahun?"), kind=Kind.QUESTION, by=budi, at=clock())
    page = at_home.get(room(question))
    assert page.context["clock"].state == "paused"
    assert "balasan Anda" in page.content.decode()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("TABEL", ["answer"]),
        ("kecamatan", ["message"]),
        ("diperiksa", ["note"]),
        ("100%", ["answer"]),
        ("_", []),
        ("", []),
        ("   ", []),
        ("' OR 1=1", []),
        ("tidak ada", []),
    ],
)
def test_words_are_found_within_the_conversation_notes_too(
    question: Consultation, budi: Officer, clock: Clock, signed_in: Any, wanted: str, found: list[str]
) -> None:
    writing.office_says(question, words("Ini tabelnya, 100% lengkap."), kind=Kind.ANSWER, by=budi, at=clock())
    writing.note(question, text="Belum diperiksa", key=uuid4(), by=budi, at=clock())
    page = signed_in(budi).get(case(question, "case_find"), {"kata": wanted})
    assert (page.status_code, page.context["number"]) == (200, len(found))
    shown = page.content.decode()
    assert [kind for kind, text in TEXTS.items() if text in shown] == found


@pytest.mark.parametrize(
    ("wanted", "found"), [("TABEL", ["answer"]), ("kecamatan", ["message"]), ("diperiksa", []), ("_", [])]
)
def test_a_client_finds_words_of_both_sides_and_never_a_note(
    question: Consultation, at_home: Browser, budi: Officer, clock: Clock, wanted: str, found: list[str]
) -> None:
    writing.office_says(question, words("Ini tabelnya, 100% lengkap."), kind=Kind.ANSWER, by=budi, at=clock())
    writing.note(question, text="Belum diperiksa", key=uuid4(), by=budi, at=clock())
    page = at_home.get(room(question, "room_find"), {"kata": wanted})
    assert (page.status_code, page.context["number"]) == (200, len(found))
    shown = page.content.decode()
    assert [kind for kind, text in TEXTS.items() if text in shown] == found


TEXTS = {
    "message": "Berapa jumlah penduduk per kecamatan?",
    "answer": "Ini tabelnya, 100% lengkap.",
    "note": "Belum diperiksa",
}


def test_who_looks_at_a_case_is_shown_to_colleagues_and_never_to_the_client(
    question: Consultation, at_home: Browser, budi: Officer, citra: Officer, ani: Client, clock: Clock
) -> None:
    desks = {}
    for officer in (budi, citra):
        desks[officer] = Browser()
        desks[officer].force_login(officer.user)
        desks[officer].get(case(question))
    state = desks[budi].get(case(question, "case_state"))
    assert [str(who) for who, _writes in state.context["lookers"]] == ["Citra"]
    desks[citra].post(case(question, "case_typing"))
    state = desks[budi].get(case(question, "case_state"))
    assert [(str(who), writes) for who, writes in state.context["lookers"]] == [("Citra", True)]
    assert "Citra" not in at_home.get(room(question)).content.decode()
