"""The officer's page and the settings: offer, book, another way, outcome; secrets never come back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from sapa.activity.stream import Topics
from sapa.meetings import booking, streams
from sapa.meetings.models import FollowUp, MeetingPolicy, Offer, Room
from sapa.offices.models import Desk
from sapa.people.models import User
from tests.cast import make_client
from tests.meetings.conftest import WEDNESDAY_TEN
from tests.simulators.zoom import ACCOUNT, CLIENT, SECRET

HOUR = timedelta(hours=1)


@pytest.fixture
def address(consultation):
    return lambda name="case_meeting": reverse(name, args=[consultation.office.code, consultation.code])


@pytest.fixture
def budi_reads(consultation, signed_in, budi):
    return signed_in(budi)


def page(answer) -> str:
    return answer.content.decode()


def typed(budi, **changes) -> dict:
    values = {"way": "visit", "link": "", "starts_at": WEDNESDAY_TEN.isoformat(), "other_at": ""}
    return values | {"key": str(uuid4()), "petugas": str(budi.pk), "menit": "30"} | changes


def test_an_officer_invites_the_client_to_choose(budi_reads, address, budi, citra):
    sent = {"kind": "", "minutes": "45", "petugas": str(citra.pk)}
    answer = budi_reads.post(address("case_meeting_offer"), sent, follow=True)
    assert (Offer.objects.get().officer, Offer.objects.get().minutes) == (citra, 45)
    assert "Pengguna layanan dapat memilih waktu dengan Citra" in page(answer)


def test_an_officer_books_one_of_the_free_times(budi_reads, address, budi):
    answer = budi_reads.post(address("case_meeting_booking"), typed(budi), follow=True)
    assert (FollowUp.objects.get().starts_at, FollowUp.objects.get().booked_by) == (WEDNESDAY_TEN, budi)
    assert "Rabu, 25 November 2026 pukul 10.00 WIB" in page(answer)


def test_another_time_is_typed_on_the_offices_own_wall_clock(budi_reads, address, budi):
    budi_reads.post(address("case_meeting_booking"), typed(budi, starts_at="", other_at="2026-11-26T09:15"))
    assert FollowUp.objects.get().starts_at.isoformat() == "2026-11-26T02:15:00+00:00"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts_at": ""}, "Silakan pilih waktu."),
        ({"starts_at": "", "other_at": "2026-11-26T09:07"}, "tepat pada seperempat jam"),
        ({"starts_at": "", "other_at": "2026-11-28T09:00"}, "Kantor tutup pada waktu itu."),
        ({"starts_at": "", "other_at": "2026-11-20T09:00"}, "Waktu ini sudah lewat."),
        ({"way": "link"}, "Silakan tempelkan tautan pertemuan."),
        ({"way": "link", "link": "javascript:alert(1)"}, "Tautan harus diawali https://"),
        ({"way": "link", "link": "http://meet.example.org/a"}, "Tautan harus diawali https://"),
        ({"way": "zoom"}, "zoom"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_keeps_nothing(budi_reads, address, budi, changes, sentence):
    answer = budi_reads.post(address("case_meeting_booking"), typed(budi, **changes))
    assert (answer.status_code, FollowUp.objects.count()) == (422, 0)
    assert sentence in page(answer)


def test_a_desk_can_be_kept_for_a_visit_and_one_of_another_office_cannot(
    budi_reads, address, budi, desk, other_office
):
    stranger = Desk._base_manager.filter(office=other_office).first()
    answer = budi_reads.post(address("case_meeting_booking"), typed(budi, desk=str(stranger.pk)))
    assert (answer.status_code, FollowUp.objects.count()) == (422, 0)
    budi_reads.post(address("case_meeting_booking"), typed(budi, desk=str(desk.pk)))
    assert FollowUp.objects.get().desk == desk


def test_moving_keeps_the_way_and_changes_the_time(budi_reads, address, book, budi):
    book(kind="video", provider="link", link="https://meet.example.org/abc")
    sent = typed(budi, starts_at=(WEDNESDAY_TEN + HOUR).isoformat(), urutan="0")
    budi_reads.post(address("case_meeting_booking"), sent)
    moved = FollowUp.objects.get()
    assert (moved.starts_at, moved.kind, moved.link) == (
        WEDNESDAY_TEN + HOUR,
        "video",
        "https://meet.example.org/abc",
    )


def test_a_failed_provider_is_named_and_can_be_tried_again(
    budi_reads, address, book, with_zoom, zoom, set_policy, work
):
    set_policy(zoom_secret="keliru")
    book(kind="video", provider="zoom")
    work()
    assert "Zoom menolak akses kantor ini." in page(budi_reads.get(address()))
    set_policy(zoom_secret=SECRET)
    budi_reads.post(address("case_meeting_retry"))
    work()
    assert (FollowUp.objects.get().link != "", Room.objects.get().dead_at) == (True, None)


def test_another_way_is_chosen_on_the_page(budi_reads, address, book, work):
    book(kind="video", provider="link")
    work()
    assert "Silakan tempelkan tautan pertemuan" in page(budi_reads.get(address("case_meeting_state")))
    sent = {"cara-way": "link", "cara-link": "https://meet.example.org/abc"}
    budi_reads.post(address("case_meeting_way"), sent)
    work()
    assert "https://meet.example.org/abc" in page(budi_reads.get(address("case_meeting_state")))


def test_outcome_and_cancellation(budi_reads, address, book, clock):
    meeting = book()
    clock.set(meeting.ends_at)
    budi_reads.post(address("case_meeting_outcome"), {"outcome": "missed"})
    assert FollowUp.objects.get().state == "missed"
    assert budi_reads.post(address("case_meeting_cancellation")).status_code == 404


def test_another_offices_officer_finds_nothing(signed_in, address, dewi, book):
    book()
    browser = signed_in(dewi)
    assert browser.get(address()).status_code == 404
    assert browser.post(address("case_meeting_cancellation")).status_code == 404
    assert FollowUp.objects.get().state == "booked"


def test_settings_are_saved_and_the_secret_never_comes_back(signed_in, hadi, office):
    where, browser = reverse("settings_meetings", args=[office.code]), signed_in(hadi)
    sent = {
        "offers_visits": "on",
        "offers_video": "on",
        "minutes": "45",
        "notice_hours": "24",
        "ahead_days": "14",
    }
    zoom = {"video_provider": "zoom", "zoom_account": ACCOUNT, "zoom_client": CLIENT, "zoom_secret": SECRET}
    answer = browser.post(where, sent | zoom, follow=True)
    policy = MeetingPolicy.objects.get()
    assert (policy.minutes, policy.has_zoom) == (45, True)
    assert (SECRET in page(answer), "Sudah tersimpan dan tidak ditampilkan." in page(answer)) == (False, True)
    browser.post(where, sent | zoom | {"zoom_secret": "", "minutes": "30"})
    kept = MeetingPolicy.objects.get()
    assert (kept.zoom_secret, kept.minutes) == (policy.zoom_secret, 30)


def test_settings_that_could_not_work_come_back_with_a_sentence_and_without_the_secret(
    signed_in, hadi, office
):
    where, browser = reverse("settings_meetings", args=[office.code]), signed_in(hadi)
    sent = {"offers_visits": "on", "minutes": "30", "notice_hours": "4", "ahead_days": "21"}
    answer = browser.post(where, sent | {"video_provider": "zoom", "zoom_secret": SECRET})
    assert (answer.status_code, SECRET in page(answer), MeetingPolicy.objects.count()) == (422, False, 0)
    assert "Zoom memerlukan ID akun" in page(answer)


def test_only_the_client_and_the_offices_officers_hear_of_it(
    client, consultation, ani, budi, dewi, fajar, office
):
    def hears(user: User) -> Topics | None:
        client.force_login(user)
        return streams.for_consultation(office.code, consultation.token, client.session.session_key)

    topics = (f"consultation:{consultation.pk}",)
    stranger = make_client("Joko", email="joko@contoh.example")
    stranger.user = User.objects.create_user("joko@contoh.example", "sandi-yang-panjang-1")
    stranger.save()
    people = [ani.user, budi.user, fajar.user, dewi.user, stranger.user]
    assert [hears(each) for each in people] == [topics, topics, None, None, None]
    assert streams.for_consultation(office.code, consultation.token, "") is None
    assert streams.for_consultation(office.code, "tidak-ada", client.session.session_key) is None


def test_the_free_times_are_those_of_the_chosen_officer(
    budi_reads, address, budi, citra, book, online, clock
):
    other = online(make_client("Joko", email="joko@contoh.example"))
    booking.book(
        other,
        kind="visit",
        provider="",
        officer=citra,
        starts_at=WEDNESDAY_TEN,
        minutes=30,
        by=citra,
        at=clock.at,
        key=uuid4(),
    )
    ten = 'value="2026-11-25T10:00:00+07:00"'
    answers = [page(budi_reads.get(address(), {"petugas": each.pk})) for each in (budi, citra)]
    assert [ten in each for each in answers] == [True, False]
