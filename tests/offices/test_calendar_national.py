"""The shipped days off against the joint decrees, and the checks on the file."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from sapa.offices import calendar as cal
from sapa.offices.calendar import HolidayKind
from tests.offices.test_calendar import DECREES, NATIONAL, office

JOINT = (HolidayKind.NATIONAL, HolidayKind.COLLECTIVE_LEAVE)


@pytest.mark.parametrize(
    ("year", "national", "collective", "election"), [(2024, 17, 10, 2), (2025, 17, 11, 0), (2026, 17, 8, 0)]
)
def test_as_many_days_off_as_the_decrees_list(
    year: int, national: int, collective: int, election: int
) -> None:
    kinds = [off.kind for on, offs in NATIONAL.items() for off in offs if on.year == year]
    found = [kinds.count(kind) for kind in HolidayKind]
    assert found == [national, collective, election, 0]


@pytest.mark.parametrize(
    ("year", "joint_decrees_only", "with_elections"), [(2024, 240, 238), (2025, 237, 237), (2026, 240, 240)]
)
def test_working_days_of_each_year(year: int, joint_decrees_only: int, with_elections: int) -> None:
    without = {on: offs for on, offs in NATIONAL.items() if any(off.kind in JOINT for off in offs)}
    dates = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    counts = [
        sum(on.year == year and cal.is_working_day(office(days_off=days_off), on) for on in dates)
        for days_off in (without, NATIONAL)
    ]
    assert counts == [joint_decrees_only, with_elections]


def test_years_without_a_decree_are_not_confirmed() -> None:
    assert cal.confirmed_years(DECREES) == {2024, 2025, 2026}


def test_the_day_added_in_august_2025_carries_the_amending_decree() -> None:
    (off,) = NATIONAL[date(2025, 8, 18)]
    assert (off.kind, off.source, off.scope) == (
        HolidayKind.COLLECTIVE_LEAVE,
        "SKB 933/1/3 Tahun 2025",
        "national",
    )


def test_every_day_off_is_named_in_both_languages_and_has_a_listed_decree() -> None:
    numbers = {decree.number for decree in DECREES}
    incomplete = [
        off
        for on, offs in NATIONAL.items()
        for off in offs
        if not (off.name_id and off.name_en and off.source in numbers and off.on == on)
    ]
    assert incomplete == []


GOOD = """
decrees:
  skb: {number: SKB 1, title: Keputusan, confirms: 2026}
  fix: {number: SKB 2, title: Perubahan, amends: skb}
unconfirmed_years: [2027]
days_off:
  - {date: 2026-08-17, kind: national, decree: fix, name_id: Kemerdekaan, name_en: Independence}
"""


def test_a_well_formed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "holidays.yaml"
    path.write_text(GOOD, encoding="utf-8")
    days_off, decrees = cal.load_national(path)
    assert [(off.on, off.source) for offs in days_off.values() for off in offs] == [
        (date(2026, 8, 17), "SKB 2")
    ]
    assert [decree.key for decree in decrees] == ["skb", "fix"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("decrees:", "rules:", "sections decrees and days_off"),
        ("amends: skb", "amends: gone", "Decree fix amends gone"),
        ("title: Perubahan", "heading: Perubahan", "Decree fix: "),
        ("[2027]", "[2026]", r"both as confirmed and as unconfirmed: \[2026\]"),
        ("2026-08-17", "2025-08-17", "Day off 2025-08-17: SKB 2 settles 2026"),
        ("2026-08-17", "17 Agustus", "is not a date"),
        ("kind: national", "kind: feast", "'feast' is not a valid HolidayKind"),
        ("decree: fix", "decree: lost", "'lost' is missing or unknown"),
        ("name_en: Independence", "name_en: ''", "both names are needed"),
        (
            "days_off:",
            "days_off:\n  - {date: 2026-08-17, kind: national, decree: fix, name_id: a, name_en: b}",
            "listed twice",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_the_entry_named(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = tmp_path / "holidays.yaml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=sentence):
        cal.load_national(path)
