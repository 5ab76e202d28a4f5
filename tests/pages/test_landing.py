"""The public page of an office: open or when next and why, what to bring, the promise, the way to a number."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from django_scopes import scopes_disabled
from pytest_django import DjangoAssertNumQueries

from sapa.frontdesk import queue
from sapa.offices import holidays
from sapa.offices.models import Desk, Hours, Office, Service
from sapa.people.models import Officer
from tests.conftest import Clock
from tests.feedback.visitors import all_of, call_and_start, rated, take

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def _text(client: Client, address: str = "/1808/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_an_open_office_says_until_when_and_offers_a_number(
    office: Office, client: Client, clock: Clock
) -> None:
    text = _text(client)
    assert "Buka sekarang, sampai pukul 15.30 WIB" in text
    assert "Saat ini tidak ada yang menunggu (per pukul 08.30 WIB)." in text
    assert 'href="/1808/buku-tamu/"' in client.get("/1808/").content.decode()


def test_a_closed_office_says_when_it_opens_and_offers_no_number(
    office: Office, client: Client, clock: Clock
) -> None:
    clock.set(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    text = _text(client)
    assert "Buka lagi Senin 23 November pukul 08.00 WIB." in text
    assert 'href="/1808/buku-tamu/"' not in client.get("/1808/").content.decode()


def test_a_holiday_is_given_as_the_reason(office: Office, client: Client, clock: Clock) -> None:
    with scopes_disabled():
        holidays.seed_national(AT)
    clock.set(datetime(2026, 12, 24, 3, 0, tzinfo=UTC))
    text = _text(client)
    assert "Alasan: Cuti bersama: Kelahiran Yesus Kristus (Natal)." in text
    assert "Buka lagi Senin 28 Desember pukul 08.00 WIB." in text


def test_a_closure_is_given_as_the_reason(office: Office, client: Client, clock: Clock) -> None:
    holidays.close(
        office,
        starts_at=datetime(2026, 11, 23, 1, tzinfo=UTC),
        ends_at=datetime(2026, 11, 23, 5, tzinfo=UTC),
        reason="Listrik padam <b>",
        by=None,
        at=AT,
    )
    text = _text(client)
    assert "Alasan: Listrik padam <b>." in text
    assert "Buka lagi Senin 23 November pukul 12.00 WIB." in text


def test_an_office_that_never_opens_asks_to_call(office: Office, client: Client, clock: Clock) -> None:
    Hours.objects.all().delete()
    assert "Jadwal buka berikutnya belum diketahui. Silakan telepon kantor." in _text(client)


def test_without_a_remote_queue_the_number_is_taken_at_the_counter(
    office: Office, client: Client, clock: Clock
) -> None:
    Office.objects.filter(pk=office.pk).update(remote_queue=False)
    assert "Ambil nomor di loket atau pindai kode QR di sana." in _text(client)
    assert 'href="/1808/buku-tamu/"' not in client.get("/1808/").content.decode()


def test_the_promise_is_that_of_the_standard(office: Office, client: Client, clock: Clock) -> None:
    office.standards.update(onsite_minutes=12, online_working_days=4)
    text = _text(client)
    assert "12 menit" in text
    assert "4 hari kerja" in text


def test_an_office_without_standard_still_has_a_page(office: Office, client: Client, clock: Clock) -> None:
    office.standards.all().delete()
    assert "Standar pelayanan kantor ini belum diumumkan di sini." in _text(client)


def test_a_single_office_is_shown_at_once_and_several_are_listed(
    office: Office, client: Client, clock: Clock
) -> None:
    assert client.get("/").headers["Location"] == "/1808/"
    assert office.parent is not None
    with scopes_disabled():
        Service.objects.create(office=office.parent, key="x", prefix="X", name_id="x", name_en="x")
    assert "BPS Provinsi Lampung" in _text(client, "/")


@pytest.mark.django_db
def test_an_empty_installation_says_what_to_do(client: Client, clock: Clock) -> None:
    assert "Belum ada kantor yang menerima pengunjung di sini" in _text(client, "/")


@pytest.mark.django_db
def test_an_unknown_office_is_not_found(client: Client, clock: Clock) -> None:
    assert client.get("/4711/").status_code == 404


@pytest.mark.parametrize("services", [1, 3])
def test_the_page_costs_few_queries_whatever_is_offered(
    office: Office,
    client: Client,
    clock: Clock,
    django_assert_num_queries: DjangoAssertNumQueries,
    services: int,
) -> None:
    Service.objects.filter(position__gte=services).update(is_active=False)
    client.get("/1808/")
    with django_assert_num_queries(3):
        client.get("/1808/")


def test_without_figures_the_page_says_that_there_are_none(
    office: Office, client: Client, clock: Clock
) -> None:
    text = _text(client)
    assert "Seberapa baik kami menepatinya" in text
    assert "Dalam 90 hari terakhir belum ada waktu tunggu pengunjung yang dapat dihitung." in text
    assert "0 penilaian dalam 90 hari terakhir: terlalu sedikit untuk menampilkan indeks." in text


def test_the_page_tells_how_often_the_promise_was_kept_and_how_content_visitors_are(
    office: Office, desk: Desk, budi: Officer, client: Client, clock: Clock
) -> None:
    queue.sit(desk, by=budi, at=clock.at)
    for minutes in (3, 14):
        take(office, clock.at)
        queue.finish(call_and_start(desk, budi, clock.advance(minutes=minutes)), by=budi, at=clock.at)
    for _ in range(5):
        rated(office, clock.at, all_of(4))
    text = _text(client)
    assert "50,0 % 1 dari 2 pengunjung dilayani dalam 10 menit, 90 hari terakhir" in text
    assert "100,00 Sangat baik: indeks kepuasan (SKM, 25 sampai 100) dari 5 penilaian" in text
