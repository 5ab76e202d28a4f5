"""Who hears of what: played with the verbs of the service, then asked who was told."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from sapa.activity.models import Event, Reaction
from sapa.activity.recording import record
from sapa.consultations import holding, lifecycle
from sapa.consultations.models import Consultation, Deadline, Reason
from sapa.feedback.models import Rating
from sapa.inbox import asking, writing
from sapa.inbox.models import Kind, PendingAnswer, PublicAnswer
from sapa.inbox.setting_aside import set_aside
from sapa.meetings import booking
from sapa.notifications import details, telling
from sapa.notifications.models import Notification, Reader
from sapa.offices.models import Office
from sapa.people.models import Client, Officer, User
from tests.cast import make_officer
from tests.conftest import Clock
from tests.simulators.smtp import Mailbox

Told = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def _team(budi: Officer, citra: Officer, gita: Officer, hadi: Officer) -> None:
    """A consultant, a supervisor, the head and an administrator."""


@pytest.fixture
def consultation(office: Office, ani: Client, ani_user: User, clock: Clock) -> Consultation:
    """Ani has asked online; whoever had to hear of that has."""
    ani.user, ani.email_verified_at = ani_user, clock.at
    ani.save()
    draft = asking.draft_of(ani, office, at=clock.at)
    asked = {"question": "Berapa jumlah penduduk?", "purpose": "research"}
    return asking.ask(draft, subject="Jumlah penduduk", asked=asked, at=clock.at)


@pytest.fixture
def news(work: Callable[[], int], consultation: Consultation) -> Callable[[], Told]:
    """Who was told of what since the last time one asked: (who, what), sorted."""
    seen = 0

    def ask() -> Told:
        nonlocal seen
        work()
        assert list(Reaction.objects.filter(settled_at=None).values_list("handler", "reason")) == []
        told = Notification.objects.filter(id__gt=seen).exclude(what="digest")
        found = list(told.select_related("user").order_by("id"))
        seen = found[-1].pk if found else seen
        return sorted((each.user.name.split()[0], each.what) for each in found)

    return ask


def _words(text: str = "Halo") -> writing.Words:
    return writing.Words(key=uuid4(), text=text)


def test_a_new_request_is_confirmed_to_the_client_and_told_to_those_on_duty(
    news: Callable[[], Told], consultation: Consultation
) -> None:
    assert news() == [("Ani", "request_received"), ("Budi", "new_request"), ("Citra", "new_request")]
    told = Notification.objects.get(what="request_received")
    assert (told.params["code"], told.path) == (consultation.code, f"/1808/konsultasi/{consultation.token}/")
    assert Notification.objects.filter(what="new_request").values("path").distinct().get() == {
        "path": f"/1808/kotak-masuk/{consultation.code}/"
    }


def test_nothing_that_the_client_chose_is_stored_or_mailed_to_officers(
    news: Callable[[], Told], consultation: Consultation, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    news()
    clock.advance(minutes=5)
    work()
    stored = " ".join(str(each.params) for each in Notification.objects.all())
    assert ("penduduk" in stored, [b"penduduk" in each.raw for each in mailbox.taken]) == (False, [False] * 3)


def test_acceptance_tells_the_client_by_when_the_answer_comes(
    news: Callable[[], Told], consultation: Consultation, budi: Officer, clock: Clock
) -> None:
    news()
    lifecycle.accept(consultation, by=budi, at=clock.at)
    assert news() == [("Ani", "accepted")]
    due = Deadline.objects.get(kind=Deadline.Kind.ONLINE_RESPONSE).due_at
    assert Notification.objects.get(what="accepted").params["due"] == due.isoformat()


def test_a_message_of_the_office_is_told_to_the_client_only(
    news: Callable[[], Told], consultation: Consultation, budi: Officer, clock: Clock
) -> None:
    news()
    writing.office_says(consultation, _words(), kind=Kind.MESSAGE, by=budi, at=clock.at)
    assert news() == [("Ani", "office_wrote")]


def test_a_question_back_is_told_once_as_what_it_is(
    news: Callable[[], Told], consultation: Consultation, budi: Officer, clock: Clock
) -> None:
    news()
    writing.office_says(consultation, _words("Tahun berapa?"), kind=Kind.QUESTION, by=budi, at=clock.at)
    assert news() == [("Ani", "asked_back")]
    clock.advance(minutes=1)
    with transaction.atomic():
        writing.office_says(consultation, _words("Dan wilayah?"), kind=Kind.QUESTION, by=budi, at=clock.at)
        record(
            "consultation.asked_back",
            consultation,
            office_id=consultation.office_id,
            by=budi.user,
            at=clock.at,
        )
    assert news() == [("Ani", "asked_back")]


def test_the_clients_message_is_told_to_the_one_who_has_it_else_to_those_on_duty(
    news: Callable[[], Told], consultation: Consultation, budi: Officer, ani_user: User, clock: Clock
) -> None:
    news()
    writing.client_says(consultation, _words(), user=ani_user, at=clock.at)
    assert news() == [("Budi", "client_wrote"), ("Citra", "client_wrote")]
    holding.claim(consultation, by=budi, at=clock.at)
    clock.advance(minutes=1)
    writing.client_says(consultation, _words(), user=ani_user, at=clock.at)
    assert news() == [("Budi", "client_wrote")]


def test_an_assignment_is_told_to_the_officer_a_hand_over_told_once(
    news: Callable[[], Told], consultation: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    news()
    holding.assign(consultation, to=budi, by=citra, at=clock.at)
    assert news() == [("Budi", "assigned")]
    clock.advance(minutes=1)
    holding.hand_over(consultation, to=citra, by=budi, at=clock.at)
    assert news() == [("Citra", "handed_over")]


def test_taking_it_oneself_is_told_to_nobody(
    news: Callable[[], Told], consultation: Consultation, budi: Officer, clock: Clock
) -> None:
    news()
    holding.assign(consultation, to=budi, by=budi, at=clock.at)
    assert news() == []


def test_a_forwarded_request_is_told_in_the_office_that_has_it_now_and_the_clients_link_leads_there(
    news: Callable[[], Told], consultation: Consultation, budi: Officer, clock: Clock
) -> None:
    news()
    province = consultation.office.parent
    assert province is not None
    service = consultation.service
    province.services.create(
        key=service.key, prefix="K", name_id="Konsultasi", name_en="Consultation", is_pst=True
    )
    make_officer(province, "putu", Officer.Role.SUPERVISOR)
    holding.forward(consultation, to=province, note="Data provinsi", by=budi, at=clock.at)
    assert news() == [("Putu", "request_forwarded")]
    received = Notification.objects.get(what="request_received")
    assert details.path_of(received) == f"/1800/konsultasi/{consultation.token}/"


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Reason.DONE, "Konsultasi %s sudah ditutup"),
        (Reason.SILENCE, "Konsultasi %s sudah ditutup"),
        (Reason.WITHDRAWN, ""),
    ],
)
def test_closing_is_told_to_the_client_who_did_not_do_it(
    news: Callable[[], Told], consultation: Consultation, clock: Clock, reason: Reason, told: str
) -> None:
    news()
    lifecycle.close(consultation, reason=reason, by=None, at=clock.at)
    assert [each for each in news() if each[1] == "closed"] == ([("Ani", "closed")] if told else [])


@pytest.mark.parametrize("reason", [Reason.JUNK, Reason.WITHDRAWN, Reason.ELSEWHERE])
def test_what_an_officer_sets_aside_is_told_to_the_client_in_words_of_its_own(
    news: Callable[[], Told], consultation: Consultation, budi: Officer, clock: Clock, reason: Reason
) -> None:
    news()
    set_aside(consultation, reason=reason, by=budi, at=clock.at)
    assert news() == [("Ani", "closed")]
    told = Notification.objects.get(what="closed")
    assert told.params["variant"] == reason


def test_a_late_reply_is_told_to_the_officer_not_back_to_the_client(
    news: Callable[[], Told], consultation: Consultation, budi: Officer, ani_user: User, clock: Clock
) -> None:
    holding.claim(consultation, by=budi, at=clock.at)
    lifecycle.close(consultation, reason=Reason.DONE, by=budi, at=clock.at)
    news()
    clock.advance(days=1)
    writing.client_says(consultation, _words(), user=ani_user, at=clock.at)
    assert [each for each in news() if each[1] != "rating_invited"] == [("Budi", "client_wrote")]
    lifecycle.close(consultation, reason=Reason.DONE, by=budi, at=clock.at)
    news()
    lifecycle.reopen(consultation, by=budi, at=clock.at)
    assert news() == [("Ani", "reopened")]


def _deadline(consultation: Consultation, kind: str, clock: Clock) -> Deadline:
    known = consultation.deadlines.filter(kind=kind).first()
    return known or Deadline.objects.create(
        office=consultation.office,
        consultation=consultation,
        kind=kind,
        started_at=clock.at,
        due_at=clock.at + timedelta(days=7),
        counted_at=clock.at,
    )


def _event(
    name: str, subject: Any, office: Office, clock: Clock, by: User | None = None, **data: Any
) -> Event:
    with transaction.atomic():
        return record(name, subject, office_id=office.pk, by=by, at=clock.at, data=data)


@pytest.mark.parametrize(
    ("event", "what", "who"),
    [
        ("clock.half_gone", "clock_half_gone", ["Budi"]),
        ("clock.one_day_left", "clock_one_day_left", ["Budi", "Citra", "Gita"]),
        ("clock.overdue", "clock_breached", ["Budi", "Citra", "Gita"]),
    ],
)
def test_a_time_limit_is_told_to_the_holder_and_late_to_the_supervisors(
    news: Callable[[], Told],
    consultation: Consultation,
    budi: Officer,
    office: Office,
    clock: Clock,
    event: str,
    what: str,
    who: list[str],
) -> None:
    lifecycle.accept(consultation, by=budi, at=clock.at)
    news()
    _event(event, _deadline(consultation, Deadline.Kind.ONLINE_RESPONSE, clock), office, clock)
    assert news() == [(name, what) for name in who]


def test_a_warning_of_silence_carries_the_one_tap_link(
    news: Callable[[], Told],
    consultation: Consultation,
    office: Office,
    mailbox: Mailbox,
    clock: Clock,
) -> None:
    news()
    deadline = _deadline(consultation, Deadline.Kind.SILENCE, clock)
    _event("silence.warned", deadline, office, clock, day=3)
    assert news() == [("Ani", "silence_warned")]
    mail = mailbox.taken[-1].message.get_body(("plain",))
    assert mail is not None
    assert (
        f"Masih saya perlukan: https://layanan.kantor.example/1808/konsultasi/{consultation.token}/"
        in str(mail.get_content())
    )


def test_an_answer_that_waits_is_told_to_the_supervisors_and_its_fate_to_its_author(
    news: Callable[[], Told],
    consultation: Consultation,
    budi: Officer,
    citra: Officer,
    office: Office,
    clock: Clock,
) -> None:
    news()
    pending = PendingAnswer.objects.create(
        conversation=consultation.conversation, key=uuid4(), officer=budi, text="Ini", submitted_at=clock.at
    )
    _event("answer.submitted", pending, office, clock, by=budi.user)
    assert news() == [("Citra", "answer_submitted"), ("Gita", "answer_submitted")]
    for verdict in ("approved", "returned"):
        _event(f"answer.{verdict}", pending, office, clock, by=citra.user)
        assert news() == [("Budi", f"answer_{verdict}")]
    public = PublicAnswer.objects.create(
        office=office,
        consultation=consultation,
        subject="Penduduk",
        question="Berapa?",
        answer="Sekian.",
        by=citra,
        submitted_at=clock.at,
    )
    _event("public_answer.submitted", public, office, clock, by=citra.user)
    assert news() == [("Gita", "public_answer_submitted")]


def test_an_appointment_is_told_to_both_with_the_invitation_for_the_calendar(
    news: Callable[[], Told],
    consultation: Consultation,
    budi: Officer,
    mailbox: Mailbox,
    work: Any,
    clock: Clock,
) -> None:
    holding.claim(consultation, by=budi, at=clock.at)
    news()
    mailbox.taken.clear()
    starts = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    meeting = booking.book(
        consultation,
        officer=budi,
        kind="visit",
        provider="",
        starts_at=starts,
        minutes=30,
        by=budi,
        key=uuid4(),
        at=clock.at,
    )
    assert news() == [("Ani", "meeting_booked"), ("Budi", "office_meeting_booked")]
    parts = {each.recipients[0]: each.message for each in mailbox.taken}
    for address, message in parts.items():
        (attached,) = list(message.iter_attachments())
        assert (attached.get_content_type(), attached.get_param("method"), attached.get_filename()) == (
            "text/calendar",
            "REQUEST",
            "undangan.ics",
        )
        content = re.sub(r"\r?\n ", "", str(attached.get_content()))
        assert ("METHOD:REQUEST" in content, "DTSTART:20261125T030000Z" in content, address in content) == (
            True,
            True,
            True,
        )
    assert "Rabu, 25 November 2026 pukul 10.00 WIB" in str(parts["ani@contoh.example"]["Subject"])
    mailbox.taken.clear()
    booking.cancel(meeting, reason="Sakit", by=budi, at=clock.at)
    assert news() == [("Ani", "meeting_cancelled"), ("Budi", "office_meeting_cancelled")]
    assert [b"METHOD:CANCEL" in each.raw or b"CANCEL" in each.raw for each in mailbox.taken] == [True, True]


def test_a_reminder_and_a_failure_of_the_video_service_are_told(
    news: Callable[[], Told], consultation: Consultation, budi: Officer, office: Office, clock: Clock
) -> None:
    holding.claim(consultation, by=budi, at=clock.at)
    meeting = booking.book(
        consultation,
        officer=budi,
        kind="visit",
        provider="",
        starts_at=datetime(2026, 11, 25, 3, 0, tzinfo=UTC),
        minutes=30,
        by=budi,
        key=uuid4(),
        at=clock.at,
    )
    news()
    clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    assert ("Ani", "meeting_reminder") in (told := news())
    assert ("Budi", "office_meeting_reminder") in told
    _event("meeting.failed", meeting, office, clock)
    assert news() == [("Budi", "office_meeting_failed")]


def test_a_client_without_an_account_is_never_written_to(
    office: Office,
    ani: Client,
    consultation: Consultation,
    news: Callable[[], Told],
    budi: Officer,
    clock: Clock,
) -> None:
    news()
    Client.objects.update(user=None)
    lifecycle.accept(consultation, by=budi, at=clock.at)
    assert news() == []


def test_mails_speak_the_language_in_which_the_client_asked(
    news: Callable[[], Told], consultation: Consultation, ani_user: User
) -> None:
    consultation.request.language = "en"
    consultation.request.save()
    news()
    assert Reader.objects.get(user=ani_user).language == "en"


def test_a_reaction_that_runs_twice_tells_once(
    news: Callable[[], Told], consultation: Consultation, clock: Clock
) -> None:
    news()
    event = Event.objects.get(name="consultation.requested")
    telling.requested(event, clock.at)
    assert news() == []
    assert Rating.objects.count() == 0
