"""The public page of the standard: every published sentence, the right version, honest about what is ours."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django_scopes import scopes_disabled
from pytest_django import DjangoAssertNumQueries

from sapa.offices import holidays, standards
from sapa.offices.models import Office, ServiceStandard
from tests.conftest import Clock

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SHIPPED = Path(standards.__file__).parent / "data" / "standards" / "1808.yaml"

# The published sheet (SIPPN, "Pelayanan Konsultasi Statistik"), heading by heading and sentence by sentence.
PUBLISHED = [
    "Pelayanan Statistik Terpadu BPS Kabupaten Tulang Bawang",
    "Jl. Cemara Sakti No.285, Gunung Sakti, Menggala Sel., Kec. Menggala, Kab. Tulang Bawang 34388",
    "07267575406",
    "tulangbawangkab.bps.go.id",
    "Badan Pusat Statistik / Sekretariat Utama / Pelayanan Statistik Terpadu BPS Provinsi Lampung"
    " / Pelayanan Statistik Terpadu BPS Kabupaten Tulang Bawang",
    "Pelayanan Konsultasi Statistik",
    "No. SK : 030 Tahun 2019",
    "Persyaratan",
    "Pengguna layanan memiliki kartu identitas yang masih berlaku (KTP, SIM, Paspor, dan lain-lain);",
    "Pengguna layanan memiliki alamat email yang masih aktif;",
    "Pengguna layanan mengisi buku tamu;",
    "Pengguna layanan mengajukan permintaan layanan konsultasi statistik kepada petugas.",
    "Pengguna layanan memiliki akun pada aplikasi pelayanan.",
    "Pengguna layanan mengajukan permintaan layanan konsultasi statistik melalui aplikasi pelayanan.",
    "Sistem, Mekanisme dan Prosedur",
    "Pengguna layanan menuju front office untuk mengisi buku tamu dan menjelaskan tujuan kedatangannya.",
    "Pengguna layanan menuju meja layanan konsultasi untuk menyampaikan konsultasi kepada petugas.",
    "Petugas memberikan informasi berkaitan dengan materi yang dikonsultasikan pengguna layanan.",
    "Jika pengguna layanan perlu menindaklanjuti informasi tersebut untuk mendapatkan produk-produk"
    " pelayanan lainnya, maka dapat mengakses jenis layanan lainnya pada PST.",
    "Pengguna layanan memberikan penilaian/rating/ pengaduan terhadap kualitas pelayanan"
    " konsultasi statistik.",
    "Pengguna layanan selesai mengakses layanan konsultasi statistik.",
    "Pengguna layanan mengakses layanan konsultasi statistik melalui aplikasi pst.bps.go.id, whatsapp,"
    " media sosial atau email.",
    "Pengguna layanan melakukan registrasi.",
    "Pengguna layanan mencari/searching informasi tentang materi yang ingin dikonsultasikan.",
    "Jika informasi tidak diperoleh, maka pengguna layanan dapat membuat transaksi konsultasi statistik.",
    "Pengguna layanan menyampaikan konsultasi melalui percakapan online atau bisa juga melakukan"
    " konsultasi lanjutan datang langsung atau melalui zoom meeting.",
    "Petugas layanan menutup percakapan online jika layanan konsultasi telah selesai atau pengguna layanan"
    " tidak merespon kembali selama 7 (tujuh) hari.",
    "Pengguna layanan memberikan penilaian/rating/pengaduan terhadap kualitas pelayanan konsultasi statistik.",
    "Waktu Penyelesaian",
    "Layanan dengan cara kunjungan langsung (offline): Pengguna layanan akan dilayani maksimal 10 (sepuluh)"
    " menit sejak pengguna layanan pada antrian sebelumnya selesai.",
    "Layanan dengan cara kunjungan tak langsung (online): Pengguna layanan akan dilayani maksimal 3 (tiga)"
    " hari kerja setelah permintaan jelas dan persyaratan pelayanan lengkap",
    "Biaya / Tarif",
    "Tidak dipungut biaya",
    "Produk Pelayanan",
    "Jasa konsultasi informasi (data/metadata/klasifikasi) statistik",
    "Pengaduan Layanan",
    "Keluhan pengaduan apresiasi dan informasi lebih lanjut dapat disampaikan atau diperoleh melalui",
    "Kotak saran Ruang Layanan PST BPS Kabupaten Tulang Bawang",
    "Website tulangbawangkab.bps.go.id",
]


@pytest.fixture
def published(db: None) -> Office:
    """The office as the shipped file makes it, with the national days off."""
    with scopes_disabled():
        made = standards.load(SHIPPED.read_bytes(), by=None, at=AT)
        holidays.seed_national(AT)
    return made


def _text(client: Client, address: str, language: str = "id") -> str:
    client.cookies["sapa_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    bare = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(bare))


def test_every_sentence_of_the_published_standard_is_on_the_page(
    published: Office, client: Client, clock: Clock
) -> None:
    text = _text(client, "/1808/standar/")
    assert [sentence for sentence in PUBLISHED if sentence not in text] == []


def test_the_steps_keep_their_published_numbers(published: Office, client: Client, clock: Clock) -> None:
    page = client.get("/1808/standar/").content.decode()
    assert re.findall(r'<li value="(\d+)">', page) == [
        *map(str, (1, 2, 3, 4)),
        *map(str, (5, 6, 7)),
        *map(str, range(1, 7)),
        *map(str, range(7, 16)),
    ]


def test_the_pledge_says_that_it_is_a_proposal(published: Office, client: Client, clock: Clock) -> None:
    assert "Usulan: mengikat setelah ditandatangani kepala kantor." in _text(client, "/1808/standar/")


def test_the_page_speaks_english_when_asked(published: Office, client: Client, clock: Clock) -> None:
    text = _text(client, "/1808/standar/", "en")
    assert "The service user fills in the guest book;" in text
    assert "Pengguna layanan mengisi buku tamu;" not in text


def test_coming_days_off_are_named_with_their_reason(published: Office, client: Client, clock: Clock) -> None:
    text = _text(client, "/1808/standar/")
    assert "Kamis, 24 Desember 2026: Cuti bersama: Kelahiran Yesus Kristus (Natal)" in text


def test_an_earlier_version_can_be_read_and_says_so(published: Office, client: Client, clock: Clock) -> None:
    newer = SHIPPED.read_text(encoding="utf-8").replace("valid_from: 2019-01-01", "valid_from: 2026-11-01")
    with scopes_disabled():
        standards.load(newer.replace("decree: 030", "decree: 031"), by=None, at=AT)
    assert "No. SK : 031 Tahun 2019" in _text(client, "/1808/standar/")
    earlier = _text(client, "/1808/standar/?versi=2019-01-01")
    assert "No. SK : 030 Tahun 2019" in earlier
    assert "Ini versi lain, bukan yang berlaku hari ini." in earlier


@pytest.mark.parametrize("asked", ["1999-01-01", "x", "%00", "' OR 1=1"])
def test_a_version_that_never_was_is_not_found(
    published: Office, client: Client, clock: Clock, asked: str
) -> None:
    assert client.get("/1808/standar/", {"versi": asked}).status_code == 404


def test_an_office_without_a_standard_says_where_to_ask(office: Office, client: Client, clock: Clock) -> None:
    ServiceStandard.objects.all().delete()
    assert "Belum ada standar pelayanan yang berlaku" in _text(client, "/1808/standar/")


def test_a_standard_of_the_tests_without_texts_still_makes_a_page(
    office: Office, client: Client, clock: Clock
) -> None:
    assert "No. SK : 030 Tahun 2019" in _text(client, "/1808/standar/")


def test_an_unknown_office_is_not_found(db: None, client: Client) -> None:
    assert client.get("/4711/standar/").status_code == 404


@pytest.mark.parametrize("versions", [1, 3])
def test_more_versions_cost_no_more_queries(
    published: Office,
    client: Client,
    clock: Clock,
    django_assert_num_queries: DjangoAssertNumQueries,
    versions: int,
) -> None:
    with scopes_disabled():
        for year in range(2010, 2010 + versions - 1):
            ServiceStandard.objects.create(
                office=published,
                decree="x",
                valid_from=date(year, 1, 1),
                valid_until=date(year, 12, 31),
                onsite_minutes=1,
                online_working_days=1,
                silence_days=1,
                content={},
                loaded_at=AT,
            )
    client.get("/1808/standar/")
    with django_assert_num_queries(2):
        client.get("/1808/standar/")
