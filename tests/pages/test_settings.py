"""The settings of an office, as its administrator and as strangers meet them."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from pytest_django import DjangoAssertNumQueries

from sapa.activity.models import Event
from sapa.offices import holidays, standards
from sapa.offices.models import Closure, Desk, Device, Holiday, HolidayDecree, Hours, Office, Service
from sapa.people.models import Officer, User
from tests.conftest import Clock

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SHIPPED = Path(standards.__file__).parent / "data" / "standards" / "1808.yaml"
BASE = "/1808/pengaturan/"
PAGES = [
    "",
    "standar/",
    "hari-libur/",
    "jam/",
    "jam/biasa/",
    "jam/baru/",
    "penutupan/",
    "meja/",
    "layanan/",
    "petugas/",
    "perangkat/",
    "antrean/",
    "pekerjaan/",
]
HOLIDAY = {
    "on": "2026-12-09",
    "kind": "local",
    "name_id": "Hari jadi",
    "name_en": "Anniversary",
    "source": "SE Bupati 1/2026",
}


@pytest.fixture
def admin(hadi: Officer, client: Client, clock: Clock) -> Client:
    """A browser in which the administrator is signed in."""
    client.force_login(hadi.user)
    return client


def _text(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.mark.parametrize("page", PAGES)
def test_an_administrator_reaches_every_page(admin: Client, page: str) -> None:
    assert admin.get(BASE + page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_does_not_find_it_and_another_role_is_refused(
    client: Client, clock: Clock, budi: Officer, dewi: Officer, hadi: Officer, page: str
) -> None:
    assert client.get(BASE + page).status_code == 302
    client.force_login(dewi.user)
    assert client.get(BASE + page).status_code == 404
    client.force_login(budi.user)
    assert client.get(BASE + page).status_code == 403
    client.force_login(hadi.user)
    assert client.get(f"/1812/pengaturan/{page}").status_code == 404


def test_what_belongs_to_another_office_is_not_found(
    admin: Client, other_office: Office, dewi: Officer
) -> None:
    with scopes_disabled():
        foreign = {
            "settings_desk": Desk.objects.filter(office=other_office).first(),
            "settings_service": Service.objects.filter(office=other_office).first(),
            "settings_device": Device.objects.create(office=other_office, kind="kiosk", name="Kios"),
        }
        closure = holidays.close(
            other_office, starts_at=AT, ends_at=AT.replace(hour=5), reason="x", by=None, at=AT
        )
        holiday = holidays.declare(
            other_office,
            on=date(2026, 12, 9),
            name_id="x",
            name_en="x",
            kind="local",
            source="x",
            by=None,
            at=AT,
        )
        week = Hours.objects.get(office=other_office)
    for name, row in foreign.items():
        assert row is not None
        assert admin.get(reverse(name, args=["1808", row.pk])).status_code == 404
    for name, key in (
        ("settings_closure_withdrawal", closure.pk),
        ("settings_holiday_withdrawal", holiday.pk),
        ("settings_week_removal", week.pk),
        ("settings_role", dewi.pk),
        ("settings_dismissal", dewi.pk),
        ("settings_revocation", foreign["settings_device"].pk),  # type: ignore[union-attr]
    ):
        assert admin.post(reverse(name, args=["1808", key])).status_code == 404
    assert Holiday.objects.filter(pk=holiday.pk).exists()


def test_a_national_day_off_is_shown_but_not_withdrawn_by_a_regency(admin: Client, office: Office) -> None:
    with scopes_disabled():
        holidays.seed_national(AT)
    nyepi = Holiday.objects.get(on=date(2026, 3, 19))
    text = _text(admin.get(BASE + "hari-libur/"))
    assert "Kamis, 19 Maret 2026 Hari Suci Nyepi (Tahun Baru Saka 1948) Libur nasional" in text
    assert "Keputusan hari libur 2027 belum dipastikan" in text
    assert admin.post(f"{BASE}hari-libur/{nyepi.pk}/pembatalan/").status_code == 404


def test_a_day_off_is_declared_once_and_withdrawn_once(admin: Client, office: Office) -> None:
    for _ in range(2):
        response = admin.post(BASE + "hari-libur/", HOLIDAY)
        assert (response.status_code, response.headers["Location"]) == (302, BASE + "hari-libur/?tahun=2026")
    holiday = Holiday.objects.get(office=office)
    assert Event.objects.filter(name="holiday.declared").count() == 1
    for _ in range(2):
        assert admin.post(f"{BASE}hari-libur/{holiday.pk}/pembatalan/").status_code == 302
    assert Event.objects.filter(name="holiday.withdrawn").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": ""},
        {"on": "2026-02-30"},
        {"on": "1826-01-01"},
        {"on": "9999-12-31"},
        {"kind": "party"},
        {"name_id": "x" * 500},
    ],
)
def test_a_wrong_day_off_is_explained_and_not_stored(
    admin: Client, office: Office, wrong: dict[str, str]
) -> None:
    response = admin.post(BASE + "hari-libur/", HOLIDAY | wrong)
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    assert not Holiday.objects.filter(office=office).exists()


@pytest.mark.parametrize("year", ["abcd", "99999", "²⁰²⁶", "-1", "1999"])
def test_a_strange_year_shows_this_year(admin: Client, year: str) -> None:
    assert '<h2 id="list">2026</h2>' in admin.get(BASE + "hari-libur/", {"tahun": year}).content.decode()


def test_only_the_national_office_confirms_a_year(admin: Client, office: Office, client: Client) -> None:
    decree = {"year": "2027", "title": "SKB 1/2/3 Tahun 2026"}
    assert admin.post(BASE + "hari-libur/keputusan/", decree).status_code == 404
    nation = office.lineage()[-1]
    with scopes_disabled():
        chief = Officer.objects.create(
            user=User.objects.create_user("pusat@bps.example"), office=nation, role="admin"
        )
    client.force_login(chief.user)
    assert client.post("/0000/pengaturan/hari-libur/keputusan/", decree).status_code == 302
    assert HolidayDecree.objects.get(year=2027).title == "SKB 1/2/3 Tahun 2026"


def _week(**days: str) -> dict[str, str]:
    return {"name": "Jam layanan", **{f"day_{day}": "" for day in range(7)}, **days}


def test_a_friday_may_have_a_break_and_overlaps_are_refused(admin: Client, office: Office) -> None:
    good = _week(day_4="8.00-11.30, 13:30–15:30")
    assert admin.post(BASE + "jam/biasa/", good).status_code == 302
    hours = Hours.objects.get(office=office)
    assert [str(each) for each in hours.intervals.all()] == ["4 08.00-11.30", "4 13.30-15.30"]
    overlapping = admin.post(BASE + "jam/biasa/", _week(day_4="08.00-12.00, 11.30-15.30"))
    assert overlapping.status_code == 422
    assert (
        "Jumat: jam 08.00–12.00 dan 11.30–15.30 bertumpang tindih. Gabungkan atau pisahkan keduanya."
        in _text(overlapping)
    )
    assert hours.intervals.count() == 2


@pytest.mark.parametrize("typed", ["pagi", "08.00", "08.00-25.00", "15.00-08.00", "08.00-15.30;", "8-15"])
def test_strange_hours_are_explained_and_nothing_is_stored(admin: Client, office: Office, typed: str) -> None:
    assert admin.post(BASE + "jam/biasa/", _week(day_0=typed)).status_code == 422
    assert Hours.objects.get(office=office).intervals.count() == 5


@pytest.mark.parametrize(("tongue", "shown"), [("id", "08.00–12.00"), ("en", "08:00–12:00")])
def test_hours_are_written_as_the_reader_writes_them(
    admin: Client, office: Office, tongue: str, shown: str
) -> None:
    admin.post(BASE + "jam/biasa/", _week(day_0="08.00-12.00"))
    admin.cookies["sapa_language"] = tongue
    assert shown in admin.get(BASE + "jam/").content.decode()


def test_ramadan_hours_are_added_changed_and_removed(admin: Client, office: Office) -> None:
    ramadan = _week(day_0="08.00-14.30") | {
        "name": "Ramadan",
        "starts_on": "2027-02-08",
        "ends_on": "2027-03-09",
    }
    assert admin.post(BASE + "jam/baru/", ramadan).status_code == 302
    week = Hours.objects.get(name="Ramadan")
    changed = ramadan | {"ends_on": "2027-03-10"}
    assert admin.post(f"{BASE}jam/{week.pk}/", changed).status_code == 302
    week.refresh_from_db()
    assert (week.starts_on, week.ends_on) == (date(2027, 2, 8), date(2027, 3, 10))
    assert admin.post(f"{BASE}jam/{week.pk}/hapus/").status_code == 302
    assert Hours.objects.count() == 1


@pytest.mark.parametrize("which", ["x", "0", "99999999999999999999999", "²"])
def test_unknown_hours_are_not_found(admin: Client, which: str) -> None:
    assert admin.get(f"{BASE}jam/{which}/").status_code == 404


def test_a_closure_is_in_office_time_and_may_be_withdrawn(admin: Client, office: Office) -> None:
    given = {"starts_at": "2026-11-24T10:00", "ends_at": "2026-11-24T12:00", "reason": "Listrik padam"}
    for _ in range(2):
        assert admin.post(BASE + "penutupan/", given).status_code == 302
    closure = Closure.objects.get()
    assert closure.starts_at == datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert admin.post(BASE + "penutupan/", given | {"reason": "Banjir"}).status_code == 422
    assert admin.post(f"{BASE}penutupan/{closure.pk}/pembatalan/").status_code == 302
    assert Closure.objects.count() == 0


def test_a_desk_is_added_and_changed(admin: Client, office: Office, consultation_service: Service) -> None:
    given = {"name": "Meja 3", "services": [consultation_service.pk], "is_active": "on"}
    assert admin.post(BASE + "meja/", given).status_code == 302
    desk = Desk.objects.get(name="Meja 3")
    assert admin.post(f"{BASE}meja/{desk.pk}/", given | {"name": "Meja 1"}).status_code == 422
    assert admin.post(f"{BASE}meja/{desk.pk}/", {"name": "Meja 3", "services": ["x"]}).status_code == 422
    assert admin.post(f"{BASE}meja/{desk.pk}/", given | {"is_active": ""}).status_code == 302
    desk.refresh_from_db()
    assert not desk.is_active


def test_a_service_is_changed_and_a_taken_prefix_refused(
    admin: Client, consultation_service: Service
) -> None:
    address = f"{BASE}layanan/{consultation_service.pk}/"
    given = {
        "name_id": "Konsultasi",
        "name_en": "Consultation",
        "letters": "Q",
        "typical_minutes": "20",
        "daily_limit": "",
        "is_active": "on",
    }
    assert admin.post(address, given | {"letters": "P"}).status_code == 422
    assert admin.post(address, given | {"letters": "q1"}).status_code == 422
    assert admin.post(address, given | {"typical_minutes": "0"}).status_code == 422
    assert admin.post(address, given).status_code == 302
    consultation_service.refresh_from_db()
    assert (consultation_service.prefix, consultation_service.daily_limit) == ("Q", None)


def test_an_officer_is_invited_changed_and_dismissed(admin: Client, office: Office, budi: Officer) -> None:
    given = {"email": "ines@bps.example", "name": "Ines", "role": "front_desk"}
    for _ in range(2):
        assert admin.post(BASE + "petugas/", given).status_code == 302
    assert Officer.objects.filter(user__email="ines@bps.example").count() == 1
    assert admin.post(BASE + "petugas/", given | {"email": "ines"}).status_code == 422
    assert admin.post(f"{BASE}petugas/{budi.pk}/peran/", {"role": "supervisor"}).status_code == 302
    budi.refresh_from_db()
    assert budi.role == "supervisor"
    assert admin.post(f"{BASE}petugas/{budi.pk}/pemberhentian/").status_code == 302
    budi.refresh_from_db()
    assert not budi.is_active


def test_changing_nothing_of_an_officer_says_so(admin: Client, budi: Officer) -> None:
    page = admin.post(f"{BASE}petugas/{budi.pk}/peran/", {"role": budi.role}, follow=True)
    told = [sentence in _text(page) for sentence in ("tidak ada yang berubah", "Peran sudah diubah")]
    assert told == [True, False]
    page = admin.post(f"{BASE}petugas/{budi.pk}/peran/", {"role": "supervisor"}, follow=True)
    told = [sentence in _text(page) for sentence in ("tidak ada yang berubah", "Peran sudah diubah")]
    assert told == [False, True]


def test_the_administrator_cannot_lock_the_office(admin: Client, hadi: Officer) -> None:
    page = admin.post(f"{BASE}petugas/{hadi.pk}/pemberhentian/", follow=True)
    assert "Anda tidak dapat memberhentikan diri sendiri." in _text(page)
    page = admin.post(f"{BASE}petugas/{hadi.pk}/peran/", {"role": "front_desk"}, follow=True)
    assert "Ini administrator terakhir di kantor ini." in _text(page)
    page = admin.post(f"{BASE}petugas/{hadi.pk}/peran/", {"role": "king"}, follow=True)
    assert "Pilih peran." in _text(page)
    hadi.refresh_from_db()
    assert (hadi.is_active, hadi.role) == (True, "admin")


def test_a_new_kiosk_has_an_address_and_a_code_until_revoked(admin: Client, office: Office) -> None:
    page = admin.post(BASE + "perangkat/", {"kind": "kiosk", "name": "Pintu"}, follow=True)
    device = Device.objects.get()
    assert f"http://testserver/1808/kios/{device.token}/" in _text(page)
    assert 'class="qr"' in page.content.decode()
    assert admin.post(f"{BASE}perangkat/{device.pk}/pencabutan/").status_code == 302
    page = admin.get(f"{BASE}perangkat/{device.pk}/")
    assert "Perangkat ini sudah dicabut." in _text(page)
    assert device.token not in page.content.decode()


@pytest.mark.parametrize("kind", Device.Kind.values)
def test_every_kind_of_device_leads_to_a_page(
    admin: Client, client: Client, office: Office, desk: Desk, kind: str
) -> None:
    admin.post(BASE + "perangkat/", {"kind": kind, "name": "Satu", "desk": desk.pk})
    device = Device.objects.get()
    page = admin.get(f"{BASE}perangkat/{device.pk}/").content.decode()
    found = re.search(r"http://testserver(/1808/[^<\"]*" + re.escape(device.token) + r"[^<\"]*)", page)
    assert found is not None
    client.logout()
    assert client.get(unescape(found[1])).status_code == 200


def test_the_rules_of_the_queue_are_saved(admin: Client, office: Office) -> None:
    assert admin.post(BASE + "antrean/", {"priority_every": "0"}).status_code == 422
    assert admin.post(BASE + "antrean/", {"priority_every": "3"}).status_code == 302
    office.refresh_from_db()
    assert (office.priority_every, office.remote_queue, office.mfa_required) == (3, False, False)


def _upload(contents: bytes, action: str) -> dict[str, object]:
    return {"file": SimpleUploadedFile("standar.yaml", contents), "action": action}


def test_checking_a_standard_changes_nothing_and_loading_it_does(admin: Client, office: Office) -> None:
    newer = SHIPPED.read_bytes().replace(b"valid_from: 2019-01-01", b"valid_from: 2026-12-01")
    page = admin.post(BASE + "standar/", _upload(newer, "check"))
    assert "Berkas ini baik. Belum ada yang diubah" in _text(page)
    assert len(standards.history(office)) == 1
    assert admin.post(BASE + "standar/", _upload(newer, "load")).status_code == 302
    assert [row.valid_from for row in standards.history(office)] == [date(2026, 12, 1), date(2019, 1, 1)]


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        (b"format: 1\nofice: 2\n", "baris 2, kolom 1: “ofice” tidak dikenal di sini."),
        (b"a: &a [x]\nb: *a\n", "baris 1, kolom 4: Jangkar (&) dan alias (*) tidak diperbolehkan."),
        (b"format: \xff\n", "baris 1, kolom 9: Berkas ini bukan teks UTF-8."),
        (b"x" * 10_000_000, "Berkas lebih besar dari 200 kB."),
        (b"# x\n", "Berkas ini kosong."),
    ],
)
def test_a_wrong_standard_is_refused_by_line(
    admin: Client, office: Office, contents: bytes, sentence: str
) -> None:
    page = admin.post(BASE + "standar/", _upload(contents, "load"))
    assert page.status_code == 422
    assert sentence in _text(page)
    assert len(standards.history(office)) == 1


def test_no_file_and_an_empty_file_are_explained(admin: Client) -> None:
    assert admin.post(BASE + "standar/", {"action": "load"}).status_code == 422
    assert admin.post(BASE + "standar/", _upload(b"", "load")).status_code == 422


def test_a_standard_of_another_office_is_refused(admin: Client, office: Office) -> None:
    foreign = SHIPPED.read_bytes().replace(b'code: "1808"', b'code: "1812"')
    page = admin.post(BASE + "standar/", _upload(foreign, "load"))
    assert "Berkas ini milik kantor 1812; di sini hanya kantor 1808 yang dapat diubah." in _text(page)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("page", ["meja/", "petugas/", "perangkat/", "penutupan/", "jam/"])
def test_more_rows_cost_no_more_queries(
    admin: Client,
    office: Office,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    page: str,
    number: int,
) -> None:
    for place in range(number):
        Desk.objects.create(office=office, name=f"Meja {place + 10}")
        Device.objects.create(office=office, kind="board", name=str(place))
        user = User.objects.create_user(f"x{place}@bps.example", name="x")
        Officer.objects.create(user=user, office=office, role="consultant")
    admin.get(BASE + page)
    with django_assert_max_num_queries(9):
        admin.get(BASE + page)
