"""Dates, times, lengths and numbers as the house writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from sapa.ui import dates

AT = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tongue", "zone", "written"),
    [
        ("id", "Asia/Jakarta", "pukul 10.30 WIB"),
        ("id", "Asia/Pontianak", "pukul 10.30 WIB"),
        ("id", "Asia/Makassar", "pukul 11.30 WITA"),
        ("id", "Asia/Jayapura", "pukul 12.30 WIT"),
        ("en", "Asia/Jakarta", "10:30 WIB"),
        ("en", "UTC", "03:30 UTC"),
    ],
)
def test_a_time_names_the_zone_of_the_office(tongue: str, zone: str, written: str) -> None:
    with translation.override(tongue):
        assert dates.clock_time(AT, zone) == written
        assert dates.clock_time(AT, ZoneInfo(zone)) == written
        assert dates.clock_time(AT, SimpleNamespace(time_zone=zone)) == written


def test_without_a_zone_the_active_one_counts() -> None:
    with translation.override("id"), timezone.override("Asia/Jayapura"):
        assert dates.clock_time(AT) == "pukul 12.30 WIT"


@pytest.mark.parametrize(
    ("tongue", "long", "short", "near", "whole"),
    [
        (
            "id",
            "Rabu, 25 November 2026",
            "25 Nov 2026",
            "Rabu 25 November pukul 10.30 WIB",
            "Rabu, 25 November 2026 pukul 10.30 WIB",
        ),
        (
            "en",
            "Wednesday, 25 November 2026",
            "25 Nov 2026",
            "Wednesday 25 November at 10:30 WIB",
            "Wednesday, 25 November 2026 at 10:30 WIB",
        ),
    ],
)
def test_days_in_both_languages(tongue: str, long: str, short: str, near: str, whole: str) -> None:
    zone = "Asia/Jakarta"
    with translation.override(tongue):
        assert dates.long_date(AT, zone) == dates.long_date(date(2026, 11, 25)) == long
        assert dates.short_date(AT, zone) == short
        assert dates.near_moment(AT, zone) == near
        assert dates.moment(AT, zone) == whole


def test_the_day_is_the_day_at_the_office() -> None:
    late = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    with translation.override("id"):
        assert dates.long_date(late, "Asia/Jakarta") == "Jumat, 1 Januari 2027"
        assert dates.long_date(late, "UTC") == "Kamis, 31 Desember 2026"


@pytest.mark.parametrize(
    ("length", "indonesian", "english"),
    [
        (0, "kurang dari 1 menit", "less than 1 minute"),
        (0.9, "kurang dari 1 menit", "less than 1 minute"),
        (1, "1 menit", "1 minute"),
        (65, "1 jam 5 menit", "1 hour 5 minutes"),
        (120, "2 jam", "2 hours"),
        (timedelta(days=2, hours=3, minutes=4), "2 hari 3 jam", "2 days 3 hours"),
        (-3, "3 menit", "3 minutes"),
        (None, "–", "–"),
    ],
)
def test_lengths(length: timedelta | float | None, indonesian: str, english: str) -> None:
    with translation.override("id"):
        assert dates.duration(length) == indonesian
    with translation.override("en"):
        assert dates.duration(length) == english


def test_numbers_are_rounded_half_up_and_marked_as_the_reader_expects() -> None:
    with translation.override("id"):
        assert dates.number(1234567) == "1.234.567"
        assert dates.number(Decimal("3.455"), 2) == "3,46"
    with translation.override("en"):
        assert dates.number(1234.5, 1) == "1,234.5"


def test_percentages_follow_the_habit_of_the_language() -> None:
    with translation.override("id"):
        assert dates.percent(Decimal("92.35"), 1) == "92,4\N{NO-BREAK SPACE}%"
        assert dates.percent(100) == "100\N{NO-BREAK SPACE}%"
    with translation.override("en"):
        assert dates.percent(Decimal("92.35"), 1) == "92.4%"
        assert dates.percent(100) == "100%"


def test_nothing_is_shown_as_a_dash() -> None:
    for shown in (
        dates.clock_time,
        dates.short_time,
        dates.long_date,
        dates.short_date,
        dates.moment,
        dates.number,
        dates.percent,
    ):
        assert shown(None) == "–"  # type: ignore[operator]  # a tuple of different signatures
