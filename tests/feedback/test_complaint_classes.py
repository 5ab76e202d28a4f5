"""Kinds and classes of complaints: the days, who changes them, the reporter's window, forwarding, whose it is."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from sapa.activity.models import Event
from sapa.core.errors import Refused, Stale
from sapa.feedback import complaint_clocks, complaints
from sapa.feedback.models import Complaint, ComplaintEntry
from sapa.feedback.terms import Terms, terms_of
from sapa.offices import holidays, standards
from sapa.offices.management.commands.office import SHIPPED
from sapa.offices.standard_file import read
from tests.feedback.test_complaints import lodge, record_url

Kind, Handling, State = Complaint.Kind, Complaint.Handling, Complaint.State
MONDAY = date(2026, 11, 23)


@pytest.fixture
def complaint(office, clock):
    return lodge(office, clock.at)


def due_day(complaint, office):
    complaint.refresh_from_db()
    due = complaint.answer_due_at
    return due and due.astimezone(office.zone).date()


def follow_url(complaint, part=""):
    return reverse("complaint_follow", args=["1808", complaint.code]) + part


# kinds and days


@pytest.mark.parametrize(
    ("kind", "due"),
    [(Kind.COMPLAINT, date(2026, 11, 30)), (Kind.INFORMATION, date(2026, 11, 30)), (Kind.PROPOSAL, None)],
)
def test_a_kind_has_the_days_that_are_known_for_it_and_a_proposal_none(office, clock, kind, due):
    assert due_day(lodge(office, clock.at, kind=kind), office) == due


@pytest.mark.parametrize(
    ("handling", "due"),
    [
        (Handling.ORDINARY, date(2026, 11, 30)),
        (Handling.DESK_CHECK, date(2026, 12, 11)),
        (Handling.FIELD_CHECK, date(2027, 2, 15)),
    ],
)
def test_the_verifying_officer_chooses_5_14_or_60_working_days(
    office, citra, complaint, clock, handling, due
):
    complaints.verify(complaint, handling=handling, by=citra, at=clock.advance(days=1))
    assert (complaint.state, complaint.handling, due_day(complaint, office)) == ("verified", handling, due)


def test_a_holiday_is_not_counted_and_the_reader_sees_why(signed_in, client, office, citra, complaint, clock):
    complaints.verify(complaint, by=citra, at=clock.at)
    page = client.get(follow_url(complaint)).content.decode()
    assert ("hari kerja ke-5, dihitung" in page, "akhir pekan, tidak dihitung" in page) == (True, True)
    assert "di luar jam layanan" not in page


def test_a_day_off_that_is_declared_later_moves_what_is_not_late(office, citra, gita, complaint, clock, work):
    complaints.verify(complaint, by=citra, at=clock.at)
    holidays.declare(
        office,
        on=date(2026, 11, 25),
        name_id="Pilkada",
        name_en="Election",
        kind="local",
        source="SK Bupati",
        by=gita.user,
        at=clock.at,
    )
    work()
    assert due_day(complaint, office) == date(2026, 12, 1)
    assert Event.objects.filter(name="complaint.recounted").count() == 1


def test_the_office_may_promise_other_days_in_its_standard(office, citra, clock):
    office.standards.update(content={"complaints": {"days": {"verification": 1, "desk_check": 10}}})
    holidays.touch(office)
    office.refresh_from_db()
    terms = terms_of(office, MONDAY)
    assert (terms.verification, terms.ordinary, terms.desk_check) == (1, 5, 10)
    complaint = lodge(office, clock.at)
    complaints.verify(complaint, handling=Handling.DESK_CHECK, by=citra, at=clock.at)
    assert due_day(complaint, office) == date(2026, 12, 7)
    assert complaint.verify_due_at == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def test_an_office_without_a_standard_keeps_the_sourced_days(office):
    office.standards.all().delete()
    holidays.touch(office)
    assert terms_of(office, MONDAY) == Terms()


FILE = (SHIPPED / "1808.yaml").read_text()
TOLD = """    days: {verification: 2, reporter_counts_working_days: true}
    hand_over: {whistleblowing: "https://wbs.contoh.example"}
  # The published sheet has no maklumat."""


def test_the_file_of_the_standard_may_say_the_days(db):
    standard = read(FILE.replace("  # The published sheet has no maklumat.", TOLD)).standard
    assert standard is not None
    assert standard.content["complaints"]["days"] == {"verification": 2, "reporter_counts_working_days": True}
    assert standard.content["complaints"]["hand_over"] == {"whistleblowing": "https://wbs.contoh.example"}
    shipped = read(FILE).standard
    assert shipped is not None
    assert "days" not in shipped.content["complaints"]


@pytest.mark.parametrize("wrong", ["verification: 0", "verification: viele", "ordinary: 999", "unknown: 3"])
def test_days_that_make_no_sense_are_refused_with_their_line(db, wrong):
    with pytest.raises(standards.Refused):
        read(FILE.replace("  # The published sheet has no maklumat.", TOLD.replace("verification: 2", wrong)))


# changing the class


def test_another_class_is_kept_with_reason_who_and_when(office, citra, gita, complaint, clock):
    complaints.verify(complaint, by=citra, at=clock.at)
    at = clock.advance(days=2)
    complaints.classify(
        complaint,
        kind=Kind.COMPLAINT,
        handling=Handling.FIELD_CHECK,
        reason="Perlu cek ke desa.",
        by=gita,
        at=at,
    )
    entry = complaint.entries.last()
    assert (entry.what, entry.text, entry.by, entry.at, entry.handling, entry.days) == (
        "classified",
        "Perlu cek ke desa.",
        gita,
        at,
        "field_check",
        60,
    )
    # from receipt, not from the change
    assert due_day(complaint, office) == date(2027, 2, 15)


@pytest.mark.parametrize(
    ("kind", "handling", "reason"),
    [
        (Kind.COMPLAINT, Handling.FIELD_CHECK, "  "),
        (Kind.COMPLAINT, Handling.FIELD_CHECK, "x" * 501),
        (Kind.COMPLAINT, Handling.ORDINARY, "Sama saja."),
    ],
)
def test_a_class_without_a_reason_or_without_a_change_is_refused(
    complaint, citra, clock, kind, handling, reason
):
    complaints.verify(complaint, by=citra, at=clock.at)
    with pytest.raises(Refused):
        complaints.classify(complaint, kind=kind, handling=handling, reason=reason, by=citra, at=clock.at)
    assert [each.what for each in complaint.entries.all()] == ["lodged", "verified"]


def test_a_complaint_that_turns_out_a_proposal_has_no_deadline_any_more(office, citra, complaint, clock):
    complaints.verify(complaint, by=citra, at=clock.at)
    complaints.classify(
        complaint, kind=Kind.PROPOSAL, handling=Handling.ORDINARY, reason="Ini usul.", by=citra, at=clock.at
    )
    assert (complaint.kind, complaint.handling, due_day(complaint, office)) == ("proposal", "", None)
    assert complaints.is_late(complaint, clock.at + timedelta(days=900)) is False


def test_the_class_is_chosen_on_the_page(signed_in, citra, complaint):
    page = signed_in(citra)
    given = {"verify-kind": "complaint", "verify-handling": "desk_check"}
    assert page.post(record_url(complaint, "verifikasi/"), given).status_code == 302
    given = {
        "class-kind": "complaint",
        "class-handling": "field_check",
        "class-reason": "Perlu cek lapangan.",
    }
    assert page.post(record_url(complaint, "golongan/"), given).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.state, complaint.handling) == ("verified", "field_check")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"class-kind": "x", "class-handling": "ordinary", "class-reason": "a"},
        {"class-kind": "complaint", "class-handling": "x", "class-reason": "a"},
        {"class-kind": "complaint", "class-handling": "field_check", "class-reason": ""},
    ],
)
def test_a_wrong_class_is_asked_again(signed_in, citra, complaint, clock, given):
    complaints.verify(complaint, by=citra, at=clock.at)
    assert signed_in(citra).post(record_url(complaint, "golongan/"), given).status_code == 422
    complaint.refresh_from_db()
    assert complaint.handling == "ordinary"


def test_the_public_form_takes_a_kind_and_asks_for_none(client, office, clock):
    address = reverse("complaint", args=["1808"])
    for given in ({}, {"kind": "proposal"}, {"kind": "information"}):
        client.post(address, {"text": "Mohon kursi.", "is_anonymous": "on", **given})
    kinds = list(Complaint.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["complaint", "proposal", "information"]
    assert client.post(address, {"text": "x", "is_anonymous": "on", "kind": "bribe"}).status_code == 422


# the way it goes


def test_forwarding_tells_the_reporter_and_stops_no_clock(client, office, citra, complaint, clock):
    complaints.verify(complaint, by=citra, at=clock.at)
    before = due_day(complaint, office)
    complaints.forward(complaint, note="Diteruskan ke BPS Provinsi Lampung.", by=citra, at=clock.at)
    page = client.get(follow_url(complaint)).content.decode()
    assert (complaint.state, due_day(complaint, office), "BPS Provinsi Lampung" in page) == (
        "forwarded",
        before,
        True,
    )
    assert ("https://www.lapor.go.id" in page, 'id="hand-over"' in page) == (True, True)
    complaints.begin(complaint, by=citra, at=clock.at)
    complaints.answer(complaint, reply="Sudah selesai.", by=citra, at=clock.at)
    assert complaint.state == "waiting"


def test_what_is_not_ours_ends_with_the_card_to_hand_it_over(client, signed_in, citra, complaint):
    page = signed_in(citra).post(
        record_url(complaint, "bukan-kewenangan/"), {"disclaim-reply": "Ini urusan Dukcapil."}
    )
    complaint.refresh_from_db()
    assert (page.status_code, complaint.state, complaint.closed_at is not None) == (302, "not_ours", True)
    for shown in (client.get(follow_url(complaint)), signed_in(citra).get(record_url(complaint))):
        text = shown.content.decode()
        assert ("Ini urusan Dukcapil." in text, "webapps.bps.go.id/pengaduan" in text) == (True, True)
        assert 'class="copy-value letter hand-over"' in text


def test_the_card_to_hand_over_names_nobody_and_no_code(signed_in, citra, complaint, clock):
    complaints.disclaim(complaint, reply="Bukan kami.", by=citra, at=clock.at)
    card = signed_in(citra).get(record_url(complaint)).context["card"]
    assert ("Petugas tidak ada di tempat." in card, "Ani" in card, complaint.code in card) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("state", [State.NEW, State.WAITING, State.REJECTED, State.NOT_OURS])
def test_only_what_was_taken_up_is_forwarded_or_classed_anew(complaint, citra, clock, state):
    {
        State.NEW: lambda: None,
        State.WAITING: lambda: complaints.answer(complaint, reply="a", by=citra, at=clock.at),
        State.REJECTED: lambda: complaints.reject(complaint, reply="a", by=citra, at=clock.at),
        State.NOT_OURS: lambda: complaints.disclaim(complaint, reply="a", by=citra, at=clock.at),
    }[state]()
    with pytest.raises(Stale):
        complaints.forward(complaint, note="x", by=citra, at=clock.at)
    with pytest.raises(Stale):
        complaints.begin(complaint, by=citra, at=clock.at)
    with pytest.raises(Stale):
        complaints.classify(
            complaint, kind=Kind.COMPLAINT, handling=Handling.FIELD_CHECK, reason="x", by=citra, at=clock.at
        )
    assert Complaint.objects.get().state == state


# the reporter's window


@pytest.fixture
def answered(complaint, citra, clock):
    complaints.answer(complaint, reply="Sudah kami perbaiki.", by=citra, at=clock.at)
    return complaint


def test_the_reporter_has_ten_calendar_days_to_the_end_of_the_tenth(office, answered):
    local = answered.reply_until.astimezone(office.zone)
    assert (local.date(), local.hour, local.minute) == (date(2026, 12, 3), 23, 59)


def test_an_office_may_count_the_window_in_working_days(office, clock):
    terms = Terms(reporter_counts_working_days=True)
    end = complaint_clocks.window_end(office, clock.at, terms)
    assert end == datetime(2026, 12, 7, 8, 30, tzinfo=UTC)


def test_an_answer_of_the_reporter_brings_it_back_with_new_days(client, office, answered, clock):
    at = clock.advance(days=9)
    page = client.post(follow_url(answered, "tanggapan/"), {"text": "Belum, kursinya masih rusak."})
    answered.refresh_from_db()
    assert (page.status_code, answered.state, due_day(answered, office)) == (
        302,
        "followed_up",
        date(2026, 12, 9),
    )
    assert answered.entries.last().text == "Belum, kursinya masih rusak."
    event = Event.objects.get(name="complaint.responded")
    assert (event.by, event.at, event.data) == (None, at, {})


def test_more_than_one_answer_is_possible_and_does_not_move_the_date(client, office, answered, clock):
    clock.advance(days=1)
    client.post(follow_url(answered, "tanggapan/"), {"text": "Belum."})
    first = due_day(answered, office)
    clock.advance(days=2)
    client.post(follow_url(answered, "tanggapan/"), {"text": "Satu lagi."})
    assert [each.text for each in answered.entries.filter(what="responded")] == ["Belum.", "Satu lagi."]
    assert due_day(answered, office) == first


def test_the_same_answer_sent_twice_is_said_once(client, answered):
    given = {"text": "Belum.", "submission_key": str(uuid4())}
    pages = [client.post(follow_url(answered, "tanggapan/"), given).status_code for _ in range(2)]
    assert (pages, answered.entries.filter(what="responded").count()) == ([302, 302], 1)


@pytest.mark.parametrize("text", ["", "   ", "x" * 5_001])
def test_an_empty_or_endless_answer_is_asked_again(client, answered, text):
    page = client.post(follow_url(answered, "tanggapan/"), {"text": text})
    assert (page.status_code, Complaint.objects.get().state) == (422, "waiting")


def test_after_the_window_it_is_done_by_the_worker_and_cannot_be_answered(client, answered, clock, work):
    clock.set(answered.reply_until - timedelta(seconds=1))
    work()
    answered.refresh_from_db()
    assert answered.state == "waiting"
    clock.set(answered.reply_until)
    work()
    answered.refresh_from_db()
    assert (answered.state, answered.closed_at, answered.entries.last().what) == ("done", clock.at, "closed")
    page = client.post(follow_url(answered, "tanggapan/"), {"text": "Terlambat?"})
    assert (page.status_code, Complaint.objects.get().state) == (409, "done")


def test_the_worker_run_twice_closes_once(answered, clock, work):
    clock.set(answered.reply_until)
    work()
    work()
    assert ComplaintEntry.objects.filter(what="closed").count() == 1


def test_a_new_answer_of_the_office_opens_a_new_window(client, answered, citra, clock, office):
    clock.advance(days=3)
    client.post(follow_url(answered, "tanggapan/"), {"text": "Belum."})
    answered.refresh_from_db()
    complaints.answer(answered, reply="Sekarang sudah.", by=citra, at=clock.advance(days=1))
    assert (answered.state, answered.reply_until.astimezone(office.zone).date()) == (
        "waiting",
        date(2026, 12, 7),
    )


def test_nobody_answers_before_the_office_did(client, complaint):
    assert client.post(follow_url(complaint, "tanggapan/"), {"text": "Halo?"}).status_code == 409
    assert complaint.entries.count() == 1


def test_an_answer_with_an_unknown_code_finds_nothing(client, office):
    address = reverse("complaint_response", args=["1808", "ADU-2222-2222-2222"])
    assert client.post(address, {"text": "x"}).status_code == 404


def test_one_reporter_cannot_write_without_end(answered, clock):
    for _ in range(complaints.MOST_RESPONSES):
        complaints.respond(answered, text="Belum.", submission_key=uuid4(), at=clock.at)
    with pytest.raises(Refused):
        complaints.respond(answered, text="Belum.", submission_key=uuid4(), at=clock.at)


# corruption and confidence


def test_the_form_sends_suspected_corruption_to_the_wbs_before_anything_is_written(client, office, clock):
    page = client.get(reverse("complaint", args=["1808"])).content.decode()
    assert page.index("https://webapps.bps.go.id/pengaduan") < page.index("<textarea")


def test_the_address_of_the_wbs_is_the_offices(client, office, clock):
    content = {"complaints": {"hand_over": {"whistleblowing": "https://wbs.contoh.example"}}}
    office.standards.update(content=content)
    holidays.touch(office)
    page = client.get(reverse("complaint", args=["1808"])).content.decode()
    assert ("https://wbs.contoh.example" in page, "webapps.bps.go.id" in page) == (True, False)


def test_a_confidential_complaint_does_not_show_its_text_to_who_holds_the_code(
    client, signed_in, office, citra, clock
):
    found = lodge(office, clock.at, is_confidential=True)
    complaints.answer(found, reply="Kami hubungi Anda.", by=citra, at=clock.at)
    complaints.respond(found, text="Rahasia juga.", submission_key=uuid4(), at=clock.at)
    public = client.get(follow_url(found)).content.decode()
    shown = [each in public for each in ("tidak ada di tempat", "Rahasia juga.", "Kami hubungi Anda.")]
    assert shown == [False, False, True]
    inside = signed_in(citra).get(record_url(found)).content.decode()
    assert ("tidak ada di tempat" in inside, "Rahasia juga." in inside) == (True, True)


def test_the_code_of_the_reporter_is_not_shown_to_officers(signed_in, citra, complaint):
    page = signed_in(citra)
    shown = (
        page.get(record_url(complaint)).content.decode()
        + page.get(reverse("complaints", args=["1808"])).content.decode()
    )
    assert complaint.code not in shown
