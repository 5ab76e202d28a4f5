"""The whole conversation on paper: everything that was said, in order, and never a note in the client's copy."""

import json
import re
import time
import zlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django_scopes import scopes_disabled

from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation, MissingItem, Reason
from sapa.files.receiving import receive
from sapa.inbox import writing
from sapa.inbox.models import Conversation, Kind, Message, Side
from sapa.inbox.transcript import contents, transcript_pdf
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.conftest import Clock
from tests.files.samples import sent
from tests.inbox.conftest import words


def written(consultation: Consultation, clock: Clock, **how: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"for_client": True, "language": "id", "at": clock()} | how
    return contents(consultation, **values)


def facts(pairs: list[tuple[str, list[list[str]]]]) -> dict[str, str]:
    return {label: "\n\n".join("\n".join(lines) for lines in prose) for label, prose in pairs}


def pages(document: bytes) -> int:
    """How many pages a PDF has: its page objects, packed or not."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL)
    bodies = [document]
    for each in packed:
        try:
            bodies.append(zlib.decompress(each))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type\s*/Page\b", body)) for body in bodies)


def say(consultation: Consultation, count: int, text: str, clock: Clock) -> None:
    """So many messages of the client, as if they had been written one after the other."""
    conversation = Conversation.objects.get(consultation=consultation)
    first = conversation.last_sequence + 1
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            sequence=first + number,
            key=uuid4(),
            side=Side.CLIENT,
            kind=Kind.MESSAGE,
            text=text,
            at=clock() + timedelta(minutes=number),
        )
        for number in range(count)
    )


@pytest.fixture
def talk(question: Consultation, ani: Client, budi: Officer, office: Office, clock: Clock) -> Consultation:
    """Ani asked with a file, Budi noted something and answered with a source, Ani thanked."""
    office.address, office.phone = "Jalan Cendana, Menggala", "(0726) 7576010"
    office.save()
    assert ani.user is not None
    file = receive(sent("desa.csv", b"kode\n1808\n"), office=office, user=ani.user, at=clock())
    clock.advance(minutes=5)
    writing.client_says(question, words("Ini daftarnya.", files=[file.pk]), user=ani.user, at=clock())
    writing.note(question, text="Tanya bidang sosial dulu.", key=uuid4(), by=budi, at=clock())
    clock.advance(hours=1)
    source = {
        "title": "Jumlah Penduduk Menurut Kecamatan",
        "url": "https://tulangbawangkab.bps.go.id/id/statistics-table/2/x",
        "area": "Tulang Bawang",
        "years": "2025",
        "unit": "jiwa",
        "value": "437.900",
        "fetched_on": "2026-11-20",
    }
    answer = words("Jumlahnya ada di tabel ini.\n\nSilakan unduh.", citations=[source])
    writing.office_says(question, answer, kind=Kind.ANSWER, by=budi, at=clock())
    clock.advance(minutes=1)
    writing.client_says(question, words("Terima kasih."), user=ani.user, at=clock())
    question.refresh_from_db()
    return question


def test_everything_is_said_in_order_with_time_and_writer(talk: Consultation, clock: Clock) -> None:
    lines = [
        (line["kind"], line["who"], line["what"], line["at"], line["text"])
        for line in written(talk, clock)["messages"]
    ]
    morning = "Senin, 23 November 2026 pukul"
    assert lines == [
        (
            "client",
            "Ani Lestari",
            "Pengguna layanan",
            f"{morning} 08.30 WIB",
            [["Berapa jumlah penduduk per kecamatan?"]],
        ),
        ("client", "Ani Lestari", "Pengguna layanan", f"{morning} 08.35 WIB", [["Ini daftarnya."]]),
        (
            "office",
            "Budi",
            "Jawaban",
            f"{morning} 09.35 WIB",
            [["Jumlahnya ada di tabel ini."], ["Silakan unduh."]],
        ),
        ("client", "Ani Lestari", "Pengguna layanan", f"{morning} 09.36 WIB", [["Terima kasih."]]),
    ]


def test_sources_and_files_stand_below_the_words_they_came_with(talk: Consultation, clock: Clock) -> None:
    _asked, listed, answered, _thanked = written(talk, clock)["messages"]
    assert listed["files"] == ["Berkas: desa.csv (10\xa0bita)"]
    assert answered["sources"] == [
        {
            "value": "437.900 jiwa",
            "title": "Jumlah Penduduk Menurut Kecamatan",
            "facts": "Tulang Bawang · 2025 · dilihat 20 Nov 2026",
            "url": "https://tulangbawangkab.bps.go.id/id/statistics-table/2/x",
            "shown": "https://tulangba\u200bwangkab.bps.go.i\u200bd/id/statistics-\u200btable/2/x",
        }
    ]


def test_the_head_says_who_asked_what_of_whom(talk: Consultation, clock: Clock) -> None:
    document = written(talk, clock)
    assert document["title"] == f"Konsultasi {talk.code}"
    assert document["office"] == {
        "name": "BPS Kabupaten Tulang Bawang",
        "lines": ["Jalan Cendana, Menggala", "(0726) 7576010"],
    }
    assert facts(document["facts"]) == {
        "Perihal": "Jumlah penduduk per kecamatan",
        "Pengguna layanan": "Ani Lestari",
        "Pertanyaan": "Berapa jumlah penduduk per kecamatan?",
        str(MissingItem.Key.PURPOSE.label): "Penelitian",
        "Petugas": "Budi",
        "Diterima": "Senin, 23 November 2026 pukul 08.30 WIB",
        "Jelas dan lengkap": "Senin, 23 November 2026 pukul 09.35 WIB",
        "Keadaan": "Sedang dilayani",
    }


def test_the_promise_says_when_it_was_due_and_how_it_was_kept(talk: Consultation, clock: Clock) -> None:
    (promise,) = written(talk, clock)["sections"]
    assert facts(promise["facts"]) == {
        "Jatuh tempo": "Kamis, 26 November 2026 pukul 15.30 WIB",
        "Ditepati": "ya, dijawab Senin, 23 November 2026 pukul 09.35 WIB",
    }


def test_a_closed_consultation_says_when_and_why(talk: Consultation, budi: Officer, clock: Clock) -> None:
    lifecycle.close(talk, reason=Reason.DONE, by=budi, at=clock())
    talk.refresh_from_db()
    assert (
        facts(written(talk, clock)["facts"])["Ditutup"] == "Senin, 23 November 2026 pukul 09.36 WIB (Selesai)"
    )


def test_a_note_stands_in_the_offices_copy_and_never_in_the_clients(talk: Consultation, clock: Clock) -> None:
    for_office = written(talk, clock, for_client=False)
    assert [line["kind"] for line in for_office["messages"]] == [
        "client",
        "client",
        "note",
        "office",
        "client",
    ]
    note = for_office["messages"][2]
    assert (note["who"], note["what"], note["text"]) == (
        "Budi",
        "Catatan internal",
        [["Tanya bidang sosial dulu."]],
    )
    assert for_office["notice"] == "Hanya untuk kantor: berisi catatan internal."
    for_client = written(talk, clock)
    assert "Tanya bidang sosial" not in json.dumps(for_client)
    assert for_client["notice"] == ""


def test_the_document_speaks_the_readers_language(talk: Consultation, clock: Clock) -> None:
    document = written(talk, clock, language="en")
    assert document["title"] == f"Consultation {talk.code}"
    assert document["messages"][0]["at"] == "Monday, 23 November 2026 at 08:30 WIB"


def test_times_are_those_of_the_office(talk: Consultation, clock: Clock) -> None:
    talk.office.zone_name = Office.Zone.WIT
    talk.office.save()
    assert written(talk, clock)["messages"][0]["at"] == "Senin, 23 November 2026 pukul 10.30 WIT"


def test_it_is_a_pdf_of_one_page(talk: Consultation, clock: Clock) -> None:
    document = transcript_pdf(talk, for_client=True, language="id", at=clock())
    assert document.startswith(b"%PDF-")
    assert pages(document) == 1


@pytest.mark.parametrize(
    "text",
    [
        '#eval("1+1") #import "/etc/passwd" $x^2$ *tebal* @rujukan <label> ```kode``` \\u{41}',
        '"}], "office": {"name": "palsu"}',
        "a" * 9_000,
        "https://contoh.example/" + "jalan/" * 1_000,
        "تقرير الإحصاء 2025 עברית 日本語 ไทยไม่มีช่องว่าง" * 40,
        "👩‍👩‍👧‍👦" * 200 + " 😀 e\u0301\u0302\u0303" * 50,
        "\u202e\u2066 terbalik \u200b\u00ad\ufeff",
        "\n\n\n\n- satu\n- dua\n\n\n",
        "= Judul\n== Bawah\n/ istilah: arti\n+ satu\n%% // komentar",
    ],
    ids=[
        "markup",
        "json",
        "long word",
        "long address",
        "scripts",
        "signs",
        "directions",
        "lines",
        "headings",
    ],
)
def test_nothing_that_somebody_writes_breaks_the_document(
    question: Consultation, clock: Clock, text: str
) -> None:
    say(question, 1, text, clock)
    Consultation.objects.filter(pk=question.pk).update(subject=text[:300])
    question.refresh_from_db()
    document = transcript_pdf(question, for_client=False, language="id", at=clock())
    assert 1 <= pages(document) <= 12


def test_a_file_that_was_removed_says_so(talk: Consultation, clock: Clock) -> None:
    message = Message.objects.get(text="Ini daftarnya.")
    with scopes_disabled():
        file = message.files.get().file
        file.state, file.signature = "infected", "Eicar"
        file.save()
    assert written(talk, clock)["messages"][1]["files"] == [
        "Berkas: desa.csv (10\xa0bita, Dihapus: berbahaya)"
    ]


def test_what_became_of_meetings_stands_where_it_happened(
    talk: Consultation, budi: Officer, clock: Clock
) -> None:
    for what, kind in (
        ("meeting_offered", "video"),
        ("meeting_booked", "video"),
        ("meeting_cancelled", "visit"),
    ):
        data = {"kind": kind, "starts_at": "2026-11-24T02:00:00+00:00", "minutes": "30"}
        writing.announce(talk, what=what, data=data, at=clock(), by=budi)
    writing.announce(talk, what="of_the_moment", data={}, at=clock(), by=budi)
    lines = written(talk, clock)["messages"][4:]
    assert [(line["kind"], line["who"], line["text"]) for line in lines] == [
        ("notice", "", [["Kantor mengundang Anda memilih waktu untuk pertemuan lanjutan."]]),
        (
            "notice",
            "",
            [["Pertemuan lanjutan disepakati: Selasa, 24 November 2026 pukul 09.00 WIB."]],
        ),
        (
            "notice",
            "",
            [["Pertemuan lanjutan dibatalkan: Selasa, 24 November 2026 pukul 09.00 WIB."]],
        ),
    ]
    assert pages(transcript_pdf(talk, for_client=True, language="id", at=clock())) == 1


def test_a_consultation_without_a_conversation_has_its_head_only(
    question: Consultation, clock: Clock
) -> None:
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    document = written(question, clock)
    assert (document["messages"], document["empty"]) == ([], "Belum ada yang ditulis.")
    assert pages(transcript_pdf(question, for_client=True, language="id", at=clock())) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_more_messages_need_no_more_queries(
    talk: Consultation,
    clock: Clock,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    say(talk, count, "Halo", clock)
    fresh = Consultation.objects.select_related("office", "client", "officer__user", "request").get(
        pk=talk.pk
    )
    with django_assert_num_queries(6):
        written(fresh, clock, for_client=False)


def test_a_thousand_messages_take_seconds(question: Consultation, clock: Clock) -> None:
    say(question, 1_000, "Selamat pagi, apakah data inflasi kabupaten sudah ada? " * 5, clock)
    began = time.monotonic()
    document = transcript_pdf(question, for_client=True, language="id", at=clock())
    # Two seconds on a quiet computer; the bound is for one that does six other things.
    assert time.monotonic() - began < 20
    assert pages(document) > 50
