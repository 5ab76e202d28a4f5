"""Dates, times, lengths and numbers in the house style, in Indonesian and English.

Own small tables instead of Django's localised formats: those were the slowest part of a page when measured.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

NOTHING: Final = "–"

_DAYS: Final = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
# fmt: off
_MONTHS: Final = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni",
           "Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}
_SHORT_MONTHS: Final = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
# fmt: on
# The tz database calls Pontianak's zone WIB as well; Ujung Pandang is the old name of Makassar.
_ABBREVIATIONS: Final = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}


def language() -> str:
    """The language of the reader, reduced to the two the house style knows."""
    return "en" if (translation.get_language() or "id").startswith("en") else "id"


@cache
def _named_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_of(place: object = None) -> tzinfo:
    """The zone meant by a zone, a zone name or something with a `time_zone`; the active zone for nothing."""
    if isinstance(place, tzinfo):
        return place
    if place in (None, ""):
        return timezone.get_current_timezone()
    name = place if isinstance(place, str) else getattr(place, "time_zone", None)
    if isinstance(name, tzinfo):
        return name
    return _named_zone(name) if isinstance(name, str) and name else timezone.get_current_timezone()


def local(at: datetime, zone: object = None) -> datetime:
    """The instant on the wall clock of the zone; a naive value is taken as local already."""
    return at.astimezone(zone_of(zone)) if at.tzinfo else at.replace(tzinfo=zone_of(zone))


def zone_abbreviation(at: datetime) -> str:
    """WIB, WITA or WIT; elsewhere what the zone calls itself."""
    return _ABBREVIATIONS.get(str(at.tzinfo)) or at.tzname() or ""


def short_time(at: datetime | None, zone: object = None) -> str:
    """10.30 in Indonesian, 10:30 in English."""
    if at is None:
        return NOTHING
    wall = local(at, zone)
    return f"{wall.hour:02}{':' if language() == 'en' else '.'}{wall.minute:02}"


def short_times(zone: tzinfo) -> Callable[[datetime], str]:
    """`short_time` of that zone for many instants: the reader's language is asked once."""
    mark = ":" if language() == "en" else "."

    def short(at: datetime) -> str:
        wall = at.astimezone(zone)
        return f"{wall.hour:02}{mark}{wall.minute:02}"

    return short


def clock_time(at: datetime | None, zone: object = None) -> str:
    """Pukul 10.30 WIB in Indonesian (lower case), 10:30 WIB in English."""
    if at is None:
        return NOTHING
    wall = local(at, zone)
    abbreviation = zone_abbreviation(wall)
    if language() == "en":
        return f"{wall.hour:02}:{wall.minute:02} {abbreviation}"
    return f"pukul {wall.hour:02}.{wall.minute:02} {abbreviation}"


def _day(on: date | datetime, zone: object) -> date:
    return local(on, zone).date() if isinstance(on, datetime) else on


def long_date(on: date | datetime | None, zone: object = None) -> str:
    """Rabu, 25 November 2026."""
    if on is None:
        return NOTHING
    day, tongue = _day(on, zone), language()
    return f"{_DAYS[tongue][day.weekday()]}, {day.day} {_MONTHS[tongue][day.month - 1]} {day.year}"


def short_date(on: date | datetime | None, zone: object = None) -> str:
    """25 Nov 2026."""
    if on is None:
        return NOTHING
    day = _day(on, zone)
    return f"{day.day} {_SHORT_MONTHS[language()][day.month - 1]} {day.year}"


def day_month(on: date | datetime | None, zone: object = None) -> str:
    """Rabu 25 November, for days so near that the year is plain."""
    if on is None:
        return NOTHING
    day, tongue = _day(on, zone), language()
    return f"{_DAYS[tongue][day.weekday()]} {day.day} {_MONTHS[tongue][day.month - 1]}"


def moment(at: datetime | None, zone: object = None) -> str:
    """Rabu, 25 November 2026 pukul 10.30 WIB."""
    if at is None:
        return NOTHING
    return f"{long_date(at, zone)}{' at ' if language() == 'en' else ' '}{clock_time(at, zone)}"


def near_moment(at: datetime | None, zone: object = None) -> str:
    """Rabu 25 November pukul 10.30 WIB."""
    if at is None:
        return NOTHING
    return f"{day_month(at, zone)}{' at ' if language() == 'en' else ' '}{clock_time(at, zone)}"


def _count(amount: int, indonesian: str, english: str) -> str:
    if language() == "en":
        return f"{amount} {english}{'' if amount == 1 else 's'}"
    return f"{amount} {indonesian}"


def duration(length: timedelta | float | None) -> str:
    """A length in words, from minutes or a timedelta; under a minute is said so, never 0 minutes."""
    if length is None:
        return NOTHING
    minutes = length.total_seconds() / 60 if isinstance(length, timedelta) else float(length)
    whole = int(abs(minutes))
    if whole == 0:
        return "less than 1 minute" if language() == "en" else "kurang dari 1 menit"
    days, rest = divmod(whole, 1440)
    hours, left = divmod(rest, 60)
    parts = [
        _count(amount, indonesian, english)
        for amount, indonesian, english in (
            (days, "hari", "day"),
            (hours, "jam", "hour"),
            (left, "menit", "minute"),
        )
        if amount
    ]
    return " ".join(parts[:2])


def number(value: float | Decimal | int | None, places: int | None = None) -> str:
    """1.234,5 in Indonesian, 1,234.5 in English, rounded half up to the places asked for."""
    if value is None:
        return NOTHING
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    written = f"{exact:,f}"
    return written if language() == "en" else written.translate({ord(","): ".", ord("."): ","})


def percent(value: float | Decimal | int | None, places: int | None = None) -> str:
    """92,4 % in Indonesian, 92.4% in English; the space does not break."""
    if value is None:
        return NOTHING
    return number(value, places) + ("%" if language() == "en" else "\N{NO-BREAK SPACE}%")
