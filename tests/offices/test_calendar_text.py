"""The explanations, as a visitor or a head of office reads them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sapa.offices import calendar as cal
from sapa.offices.calendar import Closure, DayOff, DayZero, HolidayKind
from sapa.offices.calendar_text import Language, say_date, say_duration, say_moment
from tests.offices.test_calendar import PST, RAMADAN, WIB, WIT, WITA, WITH_BREAKS, at, office


def test_a_deadline_explained_in_indonesian() -> None:
    due = cal.add_working_days(office(), at("2026-12-23T10:00"), 1)
    assert cal.explain(due, language="id") == [
        "Diterima Rabu, 23 Desember 2026 pukul 10.00 WIB. Batas waktu: 1 hari kerja;"
        " hari ke-1 adalah hari kerja sesudah hari penerimaan.",
        "Rabu, 23 Desember 2026 pukul 10.00–15.30 WIB: hari penerimaan, hari ke-0, tidak dihitung.",
        "Rabu, 23 Desember 2026 pukul 15.30–24.00 WIB: di luar jam layanan, tidak dihitung.",
        "Kamis, 24 Desember 2026: cuti bersama Kelahiran Yesus Kristus (Natal)"
        " menurut SKB 1497/2/5 Tahun 2025, tidak dihitung.",
        "Jumat, 25 Desember 2026: libur nasional Kelahiran Yesus Kristus (Natal)"
        " menurut SKB 1497/2/5 Tahun 2025, tidak dihitung.",
        "Sabtu, 26 Desember 2026 sampai Minggu, 27 Desember 2026: akhir pekan, tidak dihitung.",
        "Senin, 28 Desember 2026 pukul 00.00–08.00 WIB: di luar jam layanan, tidak dihitung.",
        "Senin, 28 Desember 2026 pukul 08.00–15.30 WIB: hari kerja ke-1, dihitung.",
        "Jatuh tempo Senin, 28 Desember 2026 pukul 15.30 WIB.",
    ]


def test_the_same_deadline_explained_in_english() -> None:
    due = cal.add_working_days(office(), at("2026-12-23T10:00"), 1)
    assert cal.explain(due, language="en") == [
        "Received Wednesday, 23 December 2026 at 10:00 WIB. Time limit: 1 working day;"
        " day 1 is the working day after the day of receipt.",
        "Wednesday, 23 December 2026, 10:00–15:30 WIB: day of receipt, day 0, not counted.",
        "Wednesday, 23 December 2026, 15:30–24:00 WIB: outside service hours, not counted.",
        "Thursday, 24 December 2026: collective leave for Christmas Day under SKB 1497/2/5 Tahun 2025,"
        " not counted.",
        "Friday, 25 December 2026: national holiday Christmas Day under SKB 1497/2/5 Tahun 2025,"
        " not counted.",
        "Saturday, 26 December 2026 to Sunday, 27 December 2026: weekend, not counted.",
        "Monday, 28 December 2026, 00:00–08:00 WIB: outside service hours, not counted.",
        "Monday, 28 December 2026, 08:00–15:30 WIB: working day 1, counted.",
        "Due Monday, 28 December 2026 at 15:30 WIB.",
    ]


def test_the_ten_minute_clock_explained() -> None:
    due = cal.add_working_time(office(WITH_BREAKS), at("2026-11-20T11:25"), timedelta(minutes=10))
    assert cal.explain(due, language="id") == [
        "Dimulai Jumat, 20 November 2026 pukul 11.25 WIB. Batas waktu: 10 menit waktu layanan.",
        "Jumat, 20 November 2026 pukul 11.25–11.30 WIB: jam layanan, 5 menit, dihitung.",
        "Jumat, 20 November 2026 pukul 11.30–13.00 WIB: istirahat, tidak dihitung.",
        "Jumat, 20 November 2026 pukul 13.00–13.05 WIB: jam layanan, 5 menit, dihitung.",
        "Jatuh tempo Jumat, 20 November 2026 pukul 13.05 WIB.",
    ]


def test_a_night_between_two_service_days_is_one_line() -> None:
    span = cal.working_time_between(office(), at("2026-11-19T15:00"), at("2026-11-20T08:30"))
    assert cal.explain(span, language="en") == [
        "From Thursday, 19 November 2026 at 15:00 WIB to Friday, 20 November 2026 at 08:30 WIB.",
        "Thursday, 19 November 2026, 15:00–15:30 WIB: service hours, 30 minutes, counted.",
        "Thursday, 19 November 2026 at 15:30 to Friday, 20 November 2026 at 08:00 WIB:"
        " outside service hours, not counted.",
        "Friday, 20 November 2026, 08:00–08:30 WIB: service hours, 30 minutes, counted.",
        "Service time in all: 1 hour.",
    ]


def test_a_year_without_decree_closes_the_explanation_with_a_warning() -> None:
    due = cal.add_working_days(office(), at("2026-12-31T10:00"), 3)
    assert [cal.explain(due, language=language)[-1] for language in ("id", "en")] == [
        "Perhatian: keputusan hari libur 2027 belum ada, jadi hitungan ini dapat berubah.",
        "Please note: the holiday decree for 2027 is not known yet, so this may change.",
    ]


def test_a_closure_names_its_reason_and_a_day_cut_short_says_so() -> None:
    shut = Closure(at("2026-11-20T14:00"), at("2026-11-20T18:00"), "Banjir")
    due = cal.add_working_days(office(closures=(shut,)), at("2026-11-19T10:00"), 1)
    assert cal.explain(due, language="id")[3:5] == [
        "Jumat, 20 November 2026 pukul 08.00–14.00 WIB:"
        " layanan hari ini berakhir sebelum waktunya, tidak dihitung.",
        "Jumat, 20 November 2026 pukul 14.00–15.30 WIB: kantor tutup (Banjir), tidak dihitung.",
    ]


def test_the_timetable_of_ramadan_is_named() -> None:
    due = cal.add_working_days(office(PST, RAMADAN), at("2026-03-02T10:00"), 1)
    assert cal.explain(due, language="id")[-2] == (
        "Selasa, 3 Maret 2026 pukul 08.00–15.00 WIB: hari kerja ke-1 (Ramadan), dihitung."
    )


def test_two_reasons_for_one_day_off_are_both_told() -> None:
    vote = DayOff(date(2026, 11, 24), "Pilkades", "Village Election", HolidayKind.ELECTION, "SK 1", "1808")
    local = DayOff(date(2026, 11, 24), "Hari Jadi", "Anniversary", HolidayKind.LOCAL, "", "1808")
    due = cal.add_working_days(office(days_off={vote.on: (vote, local)}), at("2026-11-23T10:00"), 1)
    told = [cal.explain(due, language=language)[3] for language in ("id", "en")]
    assert told == [
        "Selasa, 24 November 2026: libur Pilkades menurut SK 1 dan libur daerah Hari Jadi, tidak dihitung.",
        "Tuesday, 24 November 2026: holiday for Village Election under SK 1 and local holiday Anniversary,"
        " not counted.",
    ]


def test_the_same_day_setting_is_told() -> None:
    due = cal.add_working_days(office(), at("2026-11-20T10:00"), 3, day_zero=DayZero.SAME_DAY)
    assert cal.explain(due, language="id")[0] == (
        "Diterima Jumat, 20 November 2026 pukul 10.00 WIB. Batas waktu: 3 hari kerja;"
        " hari penerimaan dihitung sebagai hari ke-1."
    )


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (WIB, "Rabu, 25 November 2026 pukul 15.30 WIB"),
        (WITA, "Rabu, 25 November 2026 pukul 16.30 WITA"),
        (WIT, "Rabu, 25 November 2026 pukul 17.30 WIT"),
        (ZoneInfo("Asia/Kathmandu"), "Rabu, 25 November 2026 pukul 14.15 UTC+05:45"),
    ],
)
def test_an_instant_is_told_by_the_clock_of_the_office(zone: ZoneInfo, said: str) -> None:
    assert say_moment(datetime(2026, 11, 25, 15, 30, tzinfo=WIB), zone, language="id") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]),
        ("en", ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
    ],
)
def test_day_names_do_not_depend_on_the_machine(language: Language, said: list[str]) -> None:
    days = [say_date(date(2026, 11, 23) + timedelta(days=ahead), language=language) for ahead in range(7)]
    assert [day.split(",")[0] for day in days] == said


@pytest.mark.parametrize(
    ("length", "indonesian", "english"),
    [
        (timedelta(0), "0 menit", "0 minutes"),
        (timedelta(seconds=1), "1 detik", "1 second"),
        (timedelta(minutes=61), "1 jam 1 menit", "1 hour 1 minute"),
        (
            timedelta(hours=30, minutes=2, seconds=5.9),
            "30 jam 2 menit 5 detik",
            "30 hours 2 minutes 5 seconds",
        ),
    ],
)
def test_durations(length: timedelta, indonesian: str, english: str) -> None:
    assert (say_duration(length, language="id"), say_duration(length, language="en")) == (indonesian, english)
