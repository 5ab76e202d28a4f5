"""The calendar's answers as sentences, in Indonesian and English.

Both languages are wanted at once and from pure code (a stored deadline is explained in either), so the few
words stand here in tables instead of a catalogue that needs an active language; the system's locale plays
no part.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sapa.offices.calendar_model import DayOff, DayZero
from sapa.offices.calendar_result import Due, Reason, Span, Step

Language = Literal["id", "en"]

_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: dict[Language, tuple[str, ...]] = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}
_UNITS: dict[Language, tuple[tuple[str, str], ...]] = {
    "id": (("jam", "jam"), ("menit", "menit"), ("detik", "detik")),
    "en": (("hour", "hours"), ("minute", "minutes"), ("second", "seconds")),
}
_WORDS: dict[Language, dict[str, str]] = {
    "id": {
        "moment": "{day} pukul {clock} {zone}",
        "same_day": "{day} pukul {start}–{end} {zone}",
        "days": "{first} sampai {last}",
        "range": "{first} pukul {start} sampai {last} pukul {end} {zone}",
        "received": "Diterima {start}. Batas waktu: {days} hari kerja; {rule}.",
        "next_working_day": "hari ke-1 adalah hari kerja sesudah hari penerimaan",
        "same_day_rule": "hari penerimaan dihitung sebagai hari ke-1",
        "started": "Dimulai {start}. Batas waktu: {amount} waktu layanan.",
        "span": "Dari {start} sampai {end}.",
        "due": "Jatuh tempo {at}.",
        "total": "Jumlah waktu layanan: {amount}.",
        "unconfirmed": "Perhatian: keputusan hari libur {year} belum ada, jadi hitungan ini dapat berubah.",
        "counted": "{what}, dihitung",
        "not_counted": "{what}, tidak dihitung",
        "working_day": "hari kerja ke-{number}",
        "service": "jam layanan, {amount}",
        "during": " ({note})",
        "day_zero": "hari penerimaan, hari ke-0",
        "cut_short": "layanan hari ini berakhir sebelum waktunya",
        "outside_hours": "di luar jam layanan",
        "break": "istirahat",
        "weekend": "akhir pekan",
        "no_service": "tidak ada jam layanan",
        "closure": "kantor tutup",
        "closure_because": "kantor tutup ({note})",
        "national": "libur nasional {name}",
        "collective_leave": "cuti bersama {name}",
        "election": "libur {name}",
        "local": "libur daerah {name}",
        "source": " menurut {source}",
        "and": " dan ",
    },
    "en": {
        "moment": "{day} at {clock} {zone}",
        "same_day": "{day}, {start}–{end} {zone}",
        "days": "{first} to {last}",
        "range": "{first} at {start} to {last} at {end} {zone}",
        "received": "Received {start}. Time limit: {days} working {day_word}; {rule}.",
        "next_working_day": "day 1 is the working day after the day of receipt",
        "same_day_rule": "the day of receipt counts as day 1",
        "started": "Started {start}. Time limit: {amount} of service time.",
        "span": "From {start} to {end}.",
        "due": "Due {at}.",
        "total": "Service time in all: {amount}.",
        "unconfirmed": "Please note: the holiday decree for {year} is not known yet, so this may change.",
        "counted": "{what}, counted",
        "not_counted": "{what}, not counted",
        "working_day": "working day {number}",
        "service": "service hours, {amount}",
        "during": " ({note})",
        "day_zero": "day of receipt, day 0",
        "cut_short": "service ended early on this day",
        "outside_hours": "outside service hours",
        "break": "break",
        "weekend": "weekend",
        "no_service": "no service hours",
        "closure": "office closed",
        "closure_because": "office closed ({note})",
        "national": "national holiday {name}",
        "collective_leave": "collective leave for {name}",
        "election": "holiday for {name}",
        "local": "local holiday {name}",
        "source": " under {source}",
        "and": " and ",
    },
}


def explain(result: Due | Span, *, language: Language) -> list[str]:
    """What was counted from when, one line for each step, the outcome, and a line for each warning."""
    words = _WORDS[language]
    lines = [_opening_line(result, language)]
    lines += [f"{_when(step, result.zone, language)}: {_what(step, language)}." for step in result.steps]
    if isinstance(result, Due):
        lines.append(words["due"].format(at=say_moment(result.at, result.zone, language=language)))
    else:
        lines.append(words["total"].format(amount=say_duration(result.total, language=language)))
    lines += [words["unconfirmed"].format(year=warning.year) for warning in result.warnings]
    return lines


def say_date(on: date, *, language: Language) -> str:
    """Rabu, 25 November 2026; Wednesday, 25 November 2026."""
    return f"{_WEEKDAYS[language][on.weekday()]}, {on.day} {_MONTHS[language][on.month - 1]} {on.year}"


def say_moment(at: datetime, zone: ZoneInfo, *, language: Language) -> str:
    """Rabu, 25 November 2026 pukul 15.30 WIB; Wednesday, 25 November 2026 at 15:30 WIB."""
    local = at.astimezone(zone)
    return _WORDS[language]["moment"].format(
        day=say_date(local.date(), language=language),
        clock=_clock(local, language),
        zone=zone_name(zone, local),
    )


def say_duration(length: timedelta, *, language: Language) -> str:
    """2 jam 5 menit; 2 hours 5 minutes. Fractions of a second are dropped."""
    minutes, seconds = divmod(length // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    said = [
        f"{number} {one if number == 1 else many}"
        for number, (one, many) in zip((hours, minutes, seconds), _UNITS[language], strict=True)
        if number
    ]
    return " ".join(said) or f"0 {_UNITS[language][1][1]}"


def zone_name(zone: ZoneInfo, at: datetime) -> str:
    """WIB, WITA or WIT; for any other zone its distance from UTC."""
    return _ZONES.get(zone.key) or f"UTC{at.astimezone(zone).isoformat()[-6:]}"


def _opening_line(result: Due | Span, language: Language) -> str:
    words = _WORDS[language]
    start = say_moment(result.started_at, result.zone, language=language)
    if isinstance(result, Span):
        return words["span"].format(
            start=start, end=say_moment(result.ended_at, result.zone, language=language)
        )
    if result.amount is not None:
        return words["started"].format(start=start, amount=say_duration(result.amount, language=language))
    rule = words["same_day_rule" if result.day_zero is DayZero.SAME_DAY else "next_working_day"]
    day_word = "day" if result.days == 1 else "days"
    return words["received"].format(start=start, days=result.days, day_word=day_word, rule=rule)


def _when(step: Step, zone: ZoneInfo, language: Language) -> str:
    words = _WORDS[language]
    start, end = step.start.astimezone(zone), step.end.astimezone(zone)
    # A step that ends at midnight belongs to the day before, where the clock reads 24.00.
    ends_at_midnight = end.time() == time.min
    last_on = end.date() - timedelta(days=1) if ends_at_midnight else end.date()
    first, last = say_date(start.date(), language=language), say_date(last_on, language=language)
    if start.time() == time.min and ends_at_midnight:
        return first if first == last else words["days"].format(first=first, last=last)
    clocks = {
        "start": _clock(start, language),
        "end": ("24.00" if language == "id" else "24:00") if ends_at_midnight else _clock(end, language),
        "zone": zone_name(zone, start),
    }
    if first == last:
        return words["same_day"].format(day=first, **clocks)
    return words["range"].format(first=first, last=last, **clocks)


def _what(step: Step, language: Language) -> str:
    words = _WORDS[language]
    what = words["and"].join(_what_parts(step, language))
    return words["counted" if step.counted else "not_counted"].format(what=what)


def _what_parts(step: Step, language: Language) -> Iterator[str]:
    words = _WORDS[language]
    if step.days_off:
        yield from (_day_off(off, language) for off in step.days_off)
    elif step.reason is Reason.SERVICE:
        amount = say_duration(step.duration, language=language)
        told = words["service"] if step.day_number is None else words["working_day"]
        during = words["during"].format(note=step.note) if step.note else ""
        yield told.format(amount=amount, number=step.day_number) + during
    elif step.reason is Reason.CLOSURE and step.note:
        yield words["closure_because"].format(note=step.note)
    else:
        yield words[step.reason.value]


def _day_off(off: DayOff, language: Language) -> str:
    words = _WORDS[language]
    name = off.name_id if language == "id" else off.name_en
    source = words["source"].format(source=off.source) if off.source else ""
    return words[off.kind.value].format(name=name) + source


def _clock(at: datetime, language: Language) -> str:
    return f"{at:%H.%M}" if language == "id" else f"{at:%H:%M}"
