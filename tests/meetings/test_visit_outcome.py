"""An appointment by visit is served at a desk: what is written there is added to the online record, never over it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from sapa.activity.models import Reaction
from sapa.consultations.models import Citation, Consultation, OnlineRequest
from sapa.frontdesk import arrivals, own_data, queue, retention
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.inbox import retention as inbox_retention
from sapa.inbox.models import Message, Note
from sapa.meetings import arriving
from sapa.meetings.models import FollowUp
from sapa.offices.models import Desk, Office
from sapa.people import institutions
from sapa.people.models import Client, Officer
from tests.cast import make_officer
from tests.conftest import Clock
from tests.frontdesk.visitors import entry
from tests.meetings.conftest import WEDNESDAY_TEN

SUBJECT = "Jumlah penduduk per kecamatan 2025"
SAID = {
    "subject": "Pertanyaan lain",
    "answer": "Tabel kecamatan ditunjukkan, berkas menyusul.",
    "sources": "Kecamatan Dalam Angka https://tulangbawang.bps.go.id/kda",
}
NOTED = (
    "Hasil kunjungan, nomor K-001:\n\nTabel kecamatan ditunjukkan, berkas menyusul.\n\n"
    "Kecamatan Dalam Angka https://tulangbawang.bps.go.id/kda"
)


@pytest.fixture
def sinta(office: Office) -> Officer:
    return make_officer(office, "sinta", Officer.Role.CONSULTANT)


@pytest.fixture
def ticket(
    book: Callable[..., FollowUp],
    ani: Client,
    consultation: Consultation,
    desk: Desk,
    sinta: Officer,
    clock: Clock,
) -> QueueTicket:
    """Ani came for her appointment with Budi and sits at the desk of Sinta, who stands in for him."""
    ani.education, ani.occupation = "bachelor", "student"
    ani.institution = institutions.register("Universitas Lampung", category="research_education")
    ani.save()
    OnlineRequest.objects.create(
        consultation=consultation, submission_key=uuid4(), question="?", purpose="school_work", language="id"
    )
    Consultation.objects.filter(pk=consultation.pk).update(answer="Jawaban daring")
    meeting = book()
    clock.set(WEDNESDAY_TEN)
    queue.sit(desk, by=sinta, at=clock())
    taken = arriving.check_in(meeting, at=clock(), submission_key=uuid4())
    called = queue.call_next(desk, by=sinta, at=clock()).ticket
    assert called.pk == taken.pk
    queue.start(called, by=sinta, at=clock())
    return QueueTicket.objects.get(pk=taken.pk)


@pytest.fixture
def at_desk(ticket: QueueTicket, sinta: Officer) -> Browser:
    browser = Browser()
    browser.force_login(sinta.user)
    return browser


def page(ticket: QueueTicket, name: str) -> str:
    return reverse(name, args=[ticket.office.code, ticket.pk])


def record_of(consultation: Consultation) -> tuple[Any, ...]:
    kept = Consultation.objects.get(pk=consultation.pk)
    return kept.subject, kept.answer, kept.officer_id, Citation.objects.filter(consultation=kept).count()


def test_what_the_desk_writes_leaves_officer_subject_and_answer_of_the_online_record(
    at_desk: Browser, ticket: QueueTicket, consultation: Consultation, budi: Officer
) -> None:
    before = (SUBJECT, "Jawaban daring", budi.pk, 0)
    kept = at_desk.post(page(ticket, "answer"), SAID, headers={"HX-Request": "true"})
    assert (kept.status_code, record_of(consultation)) == (200, before)
    assert at_desk.post(page(ticket, "finish"), SAID).status_code == 302
    assert record_of(consultation) == before
    assert Consultation.objects.get(pk=consultation.pk).flagged_at is None


def test_it_joins_the_record_as_the_outcome_of_the_visit_once(
    at_desk: Browser, ticket: QueueTicket, consultation: Consultation, sinta: Officer, work: Any
) -> None:
    at_desk.post(page(ticket, "finish"), SAID)
    work()
    note = Note.objects.get(conversation__consultation=consultation)
    assert (note.text, note.officer) == (NOTED, sinta)
    Reaction.objects.filter(handler__endswith="outcome_after").update(settled_at=None)
    work()
    assert Note.objects.count() == 1
    assert Message.objects.exclude(kind="notice").count() == 0


def test_what_was_typed_is_there_again_when_the_page_is_read_again(
    at_desk: Browser, ticket: QueueTicket
) -> None:
    at_desk.post(page(ticket, "answer"), SAID, headers={"HX-Request": "true"})
    shown = at_desk.get(reverse("workspace", args=[ticket.office.code]))
    form = shown.context["answer_form"]
    assert [form[name].value() for name in ("answer", "sources")] == [SAID["answer"], SAID["sources"]]
    text = shown.content.decode()
    assert (SUBJECT in text, "Jawaban daring" in text, 'name="subject"' in text) == (True, False, False)


def test_what_was_begun_at_a_desk_and_not_finished_joins_the_record_too(
    at_desk: Browser,
    ticket: QueueTicket,
    consultation: Consultation,
    sinta: Officer,
    clock: Clock,
    work: Any,
) -> None:
    at_desk.post(page(ticket, "answer"), SAID, headers={"HX-Request": "true"})
    queue.hold(ticket, by=sinta, at=clock.advance(minutes=5))
    queue.withdraw(QueueTicket.objects.get(pk=ticket.pk), by=None, at=clock.advance(minutes=5))
    work()
    assert Note.objects.get(conversation__consultation=consultation).text == NOTED


def test_without_a_word_nothing_joins_the_record(
    ticket: QueueTicket, sinta: Officer, clock: Clock, work: Any
) -> None:
    queue.finish(ticket, by=sinta, at=clock.advance(minutes=5))
    work()
    assert Note.objects.count() == 0


def test_a_colleague_at_another_desk_writes_nothing(ticket: QueueTicket, budi: Officer) -> None:
    browser = Browser()
    browser.force_login(budi.user)
    refused = browser.post(page(ticket, "answer"), SAID, headers={"HX-Request": "true"})
    ticket.refresh_from_db()
    assert (refused.status_code, ticket.outcome) == (409, "")


def test_a_consultation_of_the_desk_is_written_as_before(
    office: Office, desk: Desk, sinta: Officer, clock: Clock, work: Any
) -> None:
    queue.sit(desk, by=sinta, at=clock())
    made = arrivals.arrive(
        office, submission_key=uuid4(), entry=entry(), door=Visit.Door.FRONT_OFFICE, by=sinta, at=clock()
    )
    queue.call_next(desk, by=sinta, at=clock())
    made.refresh_from_db()
    queue.start(made, by=sinta, at=clock())
    browser = Browser()
    browser.force_login(sinta.user)
    browser.post(page(made, "finish"), SAID)
    assert made.consultation is not None
    assert record_of(made.consultation) == (SAID["subject"], SAID["answer"], sinta.pk, 1)


def test_the_person_reads_it_in_their_data_and_it_is_erased_with_them(
    at_desk: Browser, ticket: QueueTicket, ani: Client, consultation: Consultation, clock: Clock
) -> None:
    at_desk.post(page(ticket, "finish"), SAID)
    told = own_data.told(ani)["visits"]
    assert [each["outcomes"] for each in told] == [[SAID["answer"]]]
    inbox_retention.forget([consultation.pk], at=clock())
    ticket.refresh_from_db()
    assert (ticket.outcome, ticket.outcome_sources) == ("", "")
    QueueTicket.objects.update(outcome="Lagi")
    retention.anonymise([ani.pk], at=clock() + timedelta(days=1))
    ticket.refresh_from_db()
    assert ticket.outcome == ""
