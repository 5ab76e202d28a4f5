"""A number of a table that an officer cites: it stands in the draft, the answer, on paper and in the record."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils.html import strip_tags

from sapa.catalogue import figures
from sapa.catalogue.figures import Cube, Item
from sapa.catalogue.models import Entry
from sapa.consultations.models import Consultation
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.conftest import Clock
from tests.inbox.test_pages import case, room
from tests.inbox.test_transcript import written

CELL = "1808010||2025"


@pytest.fixture
def table(office: Office, clock: Clock) -> Entry:
    entry = Entry.objects.create(
        office=office,
        kind=Entry.Kind.DYNAMIC_TABLE,
        title="Kepadatan Penduduk menurut Kecamatan",
        area="Kabupaten Tulang Bawang",
        year_from=2010,
        year_until=2025,
        published_at=clock.at,
    )
    cube = Cube(
        (Item("1808010", "Banjar Agung"), Item("1808020", "Menggala")),
        (Item("", ""),),
        (Item("2025", "2025"),),
        {("1808010", "", "2025"): Decimal("1234.5")},
        unit="jiwa/km²",
    )
    figures.keep(entry, cube, at=clock.at)
    return entry


def test_a_cited_number_goes_from_the_draft_into_the_answer_the_record_and_the_paper(
    question: Consultation,
    budi: Officer,
    table: Entry,
    clock: Clock,
    at_home: Browser,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    desk = signed_in(budi)
    said = {"cite": f"{table.pk}|{CELL}", "text": "", "kind": "answer"}
    for _press in range(2):
        part = desk.post(case(question, "case_draft"), said, headers={"HX-Request": "true"}).content.decode()
    assert part.count('name="uncite"') == 1
    assert "Banjar Agung · 2025 · 1.234,5 jiwa/km²" in strip_tags(part)
    desk.post(case(question, "case_messages"), {"key": uuid4(), "text": "Silakan.", "kind": "answer"})
    for page in (desk.get(case(question)), at_home.get(room(question))):
        assert (
            '<p class="citation-value">1.234,5 <span class="citation-unit">jiwa/km²' in page.content.decode()
        )
    on_paper = written(question, clock)["messages"][-1]["sources"][0]
    assert (on_paper["value"], on_paper["facts"]) == (
        "1.234,5 jiwa/km²",
        "Banjar Agung · Kabupaten Tulang Bawang · 2025 · BPS Kabupaten Tulang Bawang, Tabel dinamis"
        " · dilihat 23 Nov 2026",
    )
    kept = question.citations.get()
    assert (kept.period, kept.value, kept.unit) == ("2025", "1234.5", "jiwa/km²")
    assert kept.area == "Banjar Agung, Kabupaten Tulang Bawang"


@pytest.mark.parametrize("place", ["1808020||2025", "1808010||1999", "x"])
def test_a_number_that_is_gone_is_said_and_nothing_is_cited(
    question: Consultation,
    budi: Officer,
    table: Entry,
    place: str,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    said = {"cite": f"{table.pk}|{place}", "text": "Lihat:", "kind": "answer"}
    answer = signed_in(budi).post(case(question, "case_draft"), said, headers={"HX-Request": "true"})
    assert (answer.status_code, "Buka kembali angkanya" in answer.content.decode()) == (422, True)
    assert question.conversation.drafts.get().citations == []


def test_the_table_of_another_office_is_not_cited(
    question: Consultation,
    budi: Officer,
    other_office: Office,
    table: Entry,
    signed_in,  # type: ignore[no-untyped-def]
) -> None:
    Entry.objects.filter(pk=table.pk).update(office=other_office)
    signed_in(budi).post(case(question, "case_draft"), {"cite": f"{table.pk}|{CELL}", "kind": "answer"})
    assert question.conversation.drafts.get().citations == []
