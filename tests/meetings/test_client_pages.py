"""The client's page: choose, move, cancel, take along, check in; and nobody else's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from icalendar import Calendar

from sapa.consultations import lifecycle
from sapa.consultations.models import OnlineRequest, Reason
from sapa.meetings import booking
from sapa.meetings.models import FollowUp
from sapa.people import institutions
from sapa.people.models import User
from tests.cast import make_client
from tests.meetings.conftest import WEDNESDAY_TEN

HOUR = timedelta(hours=1)


@pytest.fixture
def address(consultation):
    return lambda name="meeting_choose": reverse(name, args=[consultation.office.code, consultation.token])


@pytest.fixture
def ani_reads(consultation, signed_in, ani):
    return signed_in(ani.user)


@pytest.fixture
def offer(consultation, budi, clock):
    return booking.offer(consultation, officer=budi, kind="visit", minutes=30, by=budi, at=clock.at)


def choice(**changes) -> dict:
    return {"kind": "visit", "starts_at": WEDNESDAY_TEN.isoformat(), "key": str(uuid4())} | changes


def page(answer) -> str:
    return answer.content.decode()


def test_without_an_offer_it_says_how_one_comes_to_an_appointment(ani_reads, address):
    assert "Belum ada janji temu" in page(ani_reads.get(address()))


def test_an_offer_shows_the_free_times_of_the_officer_in_the_offices_zone(
    ani_reads, address, offer, book, online
):
    book(consultation=online(make_client("Joko", email="joko@contoh.example")), by=offer.officer)
    shown = page(ani_reads.get(address()))
    assert "Dengan Budi, 30 menit." in shown
    assert ("Rabu, 25 November 2026" in shown, 'value="2026-11-25T10:30:00+07:00"' in shown) == (True, True)
    assert 'value="2026-11-25T10:00:00+07:00"' not in shown


def test_choosing_a_time_books_it_and_the_page_shows_it(ani_reads, address, offer):
    answer = ani_reads.post(address("meeting_book"), choice(), follow=True)
    meeting = FollowUp.objects.get()
    assert (meeting.starts_at, meeting.officer, meeting.booked_by) == (WEDNESDAY_TEN, offer.officer, None)
    assert "Rabu, 25 November 2026 pukul 10.00 WIB" in page(answer)


def test_a_double_click_books_once_and_says_so_twice(ani_reads, address, offer):
    sent = choice()
    for _ in range(2):
        answer = ani_reads.post(address("meeting_book"), sent)
        assert (answer.status_code, FollowUp.objects.count()) == (302, 1)


def test_an_old_tab_with_the_offer_does_not_move_what_was_booked_since(ani_reads, address, offer):
    ani_reads.post(address("meeting_book"), choice())
    other = choice(starts_at=(WEDNESDAY_TEN + HOUR).isoformat())
    answer = ani_reads.post(address("meeting_book"), other)
    assert (answer.status_code, FollowUp.objects.get().starts_at) == (409, WEDNESDAY_TEN)
    assert ("Sudah ada janji temu" in page(answer), 'name="starts_at"' in page(answer)) == (True, False)


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"starts_at": ""}, 422, "Silakan pilih waktu."),
        ({"starts_at": "besok pagi"}, 422, "Silakan pilih waktu."),
        ({"starts_at": "2026-11-25T10:00:00"}, 422, "Silakan pilih waktu."),
        ({"starts_at": "9999-12-31T23:59:00+00:00"}, 422, "Silakan pilih waktu."),
        ({"starts_at": "2026-11-20T10:00:00+07:00"}, 409, "Waktu ini sudah lewat."),
        ({"starts_at": "2026-11-23T09:00:00+07:00"}, 409, "paling lambat 4 jam sebelumnya"),
        ({"starts_at": "2026-11-25T20:00:00+07:00"}, 409, "Kantor tutup pada waktu itu."),
        ({"starts_at": "2026-11-28T10:00:00+07:00"}, 409, "Kantor tutup pada waktu itu."),
        ({"starts_at": "2027-02-25T10:00:00+07:00"}, 409, "paling jauh 21 hari ke depan"),
        ({"kind": "video"}, 422, "Pilih"),
        ({"key": "bukan-uuid"}, 422, ""),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_a_sentence(
    ani_reads, address, offer, changes, status, sentence
):
    answer = ani_reads.post(address("meeting_book"), choice(**changes))
    assert (answer.status_code, FollowUp.objects.count()) == (status, 0)
    assert sentence in page(answer)


def test_a_time_taken_meanwhile_is_told_and_the_others_are_shown(ani_reads, address, offer, book, online):
    book(consultation=online(make_client("Joko", email="joko@contoh.example")))
    answer = ani_reads.post(address("meeting_book"), choice())
    assert (answer.status_code, FollowUp.objects.count()) == (409, 1)
    assert "Waktu ini baru saja diambil." in page(answer)


def test_an_expired_offer_and_a_closed_consultation_lead_back_with_a_sentence(
    ani_reads, address, offer, consultation, budi, clock
):
    clock.advance(days=15)
    answer = ani_reads.post(address("meeting_book"), choice(), follow=True)
    assert ("Undangan ini sudah berakhir." in page(answer), FollowUp.objects.count()) == (True, 0)
    lifecycle.close(consultation, reason=Reason.DONE, by=budi, at=clock.at)
    assert ani_reads.post(address("meeting_book"), choice()).status_code == 302


def test_moving_shows_the_times_again_and_moves(ani_reads, address, book):
    book()
    assert "Pilih waktu lain" in page(ani_reads.get(address() + "?pindah"))
    later = choice(starts_at=(WEDNESDAY_TEN + HOUR).isoformat(), pindah="1", urutan="0")
    for _ in range(2):
        answer = ani_reads.post(address("meeting_book"), later, follow=True)
        assert FollowUp.objects.get().starts_at == WEDNESDAY_TEN + HOUR
    assert "Janji temu dipindahkan." in page(answer)


def test_of_two_tabs_that_move_it_the_second_is_told(ani_reads, address, book):
    book()
    for hours, status in ((1, 302), (2, 409)):
        begins = (WEDNESDAY_TEN + HOUR * hours).isoformat()
        answer = ani_reads.post(address("meeting_book"), choice(starts_at=begins, pindah="1", urutan="0"))
        assert answer.status_code == status
    assert FollowUp.objects.get().starts_at == WEDNESDAY_TEN + HOUR
    # The times are there to choose again, and the way on leads to the page, not to the address of the form.
    assert ("Rabu, 25 November 2026" in page(answer), f'href="{address()}?pindah=1&' in page(answer)) == (
        True,
        True,
    )


def test_cancelling_until_the_notice_and_not_after_it(ani_reads, address, book, clock):
    book()
    clock.set(WEDNESDAY_TEN - HOUR * 3)
    answer = ani_reads.post(address("meeting_cancel"), follow=True)
    assert ("terlalu dekat" in page(answer), FollowUp.objects.get().state) == (True, "booked")
    clock.set(WEDNESDAY_TEN - HOUR * 5)
    ani_reads.post(address("meeting_cancel"), {"reason": "Ada ujian"})
    assert (FollowUp.objects.get().state, FollowUp.objects.get().reason) == ("cancelled", "Ada ujian")


def test_the_link_is_being_made_and_then_it_is_there(ani_reads, address, book, with_zoom, zoom, work):
    book(kind="video", provider="zoom")
    assert "Tautan sedang dibuat" in page(ani_reads.get(address("meeting_state")))
    work()
    shown = page(ani_reads.get(address("meeting_state")))
    assert (FollowUp.objects.get().link in shown, "582913" in shown, "Tautan sedang dibuat" in shown) == (
        True,
        True,
        False,
    )


def test_when_the_provider_refuses_the_client_is_told_calmly(
    ani_reads, address, book, with_zoom, zoom, set_policy, work
):
    set_policy(zoom_secret="keliru")
    book(kind="video", provider="zoom")
    work()
    shown = page(ani_reads.get(address("meeting_state")))
    assert ("Kantor sudah tahu" in shown, "credentials" in shown) == (True, False)


def test_the_calendar_entry_is_a_download(ani_reads, address, book):
    book()
    answer = ani_reads.get(address("meeting_ics"))
    [entry] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (answer["Content-Type"], entry.decoded("dtstart")) == (
        "text/calendar; charset=utf-8",
        WEDNESDAY_TEN,
    )
    assert answer["Content-Disposition"] == 'attachment; filename="pertemuan.ics"'


def test_on_the_day_one_press_leads_to_the_number(ani_reads, address, book, ani, consultation, clock):
    ani.education, ani.occupation = "bachelor", "student"
    ani.institution = institutions.register("Universitas Lampung", category="research_education")
    ani.save()
    values = {"submission_key": uuid4(), "question": "?", "purpose": "school_work", "language": "id"}
    OnlineRequest.objects.create(consultation=consultation, **values)
    book()
    clock.set(WEDNESDAY_TEN - HOUR / 4)
    assert "Saya sudah di kantor" in page(ani_reads.get(address()))
    answer = ani_reads.post(address("meeting_arrive"), {"key": str(uuid4())}, follow=True)
    assert "K-001" in page(answer)
    assert "Kedatangan Anda tercatat" in page(ani_reads.get(address()))


def test_an_incomplete_profile_is_sent_to_the_kiosk(ani_reads, address, book, clock):
    book()
    clock.set(WEDNESDAY_TEN)
    answer = ani_reads.post(address("meeting_arrive"), {"key": str(uuid4())}, follow=True)
    assert "Ada yang belum lengkap pada profil Anda." in page(answer)


@pytest.mark.parametrize("name", ["meeting_choose", "meeting_state", "meeting_ics"])
def test_another_client_who_knows_the_address_finds_nothing(signed_in, address, book, name, clock):
    book()
    stranger = make_client("Joko", email="joko@contoh.example")
    stranger.user = User.objects.create_user("joko@contoh.example", "sandi-yang-panjang-1")
    stranger.save()
    browser = signed_in(stranger.user)
    assert browser.get(address(name)).status_code == 404
    for verb in ("meeting_book", "meeting_cancel", "meeting_arrive"):
        assert browser.post(address(verb), choice()).status_code == 404
    assert FollowUp.objects.get().state == "booked"


def test_the_number_of_queries_does_not_grow_with_the_days(
    ani_reads, address, offer, set_policy, django_assert_max_num_queries
):
    ani_reads.get(address())
    with django_assert_max_num_queries(40):
        ani_reads.get(address())
