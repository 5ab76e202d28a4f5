"""Days off, closures and hours: declared once, withdrawn once, recorded, refused with a sentence."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import translation
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.core.errors import Refused, Stale
from sapa.offices import holidays
from sapa.offices.calendar import DayZero, add_working_days
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Closure, Holiday, HolidayDecree, Hours, Office, OpeningInterval
from sapa.people.models import Officer

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
WORDS = {
    "name_id": "Pilkada",
    "name_en": "Regional election",
    "kind": "election",
    "source": "Keppres 33/2024",
}


def _events(name: str) -> list[Event]:
    with scopes_disabled():
        return list(Event.objects.filter(name=name).order_by("id"))


def test_a_declared_day_off_is_recorded_with_who_and_why(office: Office, hadi: Officer) -> None:
    holiday = holidays.declare(office, on=date(2026, 12, 9), **WORDS, by=hadi.user, at=AT)
    told = _events("holiday.declared")[0]
    assert (told.subject_id, told.by, told.data) == (
        holiday.pk,
        hadi.user,
        {"on": "2026-12-09", **WORDS},
    )


def test_a_double_click_declares_one_day_off(office: Office, hadi: Officer) -> None:
    first = holidays.declare(office, on=date(2026, 12, 9), **WORDS, by=hadi.user, at=AT)
    again = holidays.declare(office, on=date(2026, 12, 9), **WORDS, by=hadi.user, at=AT)
    assert again == first
    assert len(_events("holiday.declared")) == 1


def test_a_second_name_for_the_same_day_off_is_refused_and_changes_nothing(office: Office) -> None:
    holidays.declare(office, on=date(2026, 12, 9), **WORDS, by=None, at=AT)
    with translation.override("en"), pytest.raises(Refused) as refusal:
        holidays.declare(office, on=date(2026, 12, 9), **(WORDS | {"source": "SE"}), by=None, at=AT)
    assert str(refusal.value) == (
        "This date is already off as “Regional election”. Withdraw that day off first if it is wrong."
    )
    assert Holiday.objects.get(office=office).source == "Keppres 33/2024"


@pytest.mark.parametrize(
    "wrong",
    [{"on": date(1926, 1, 1)}, {"kind": "party"}, {"name_id": "  "}, {"name_en": ""}, {"source": " "}],
)
def test_a_day_off_that_says_too_little_is_refused(office: Office, wrong: dict[str, object]) -> None:
    given: dict[str, object] = {"on": date(2026, 12, 9), **WORDS} | wrong
    with pytest.raises(Refused):
        holidays.declare(office, **given, by=None, at=AT)  # type: ignore[arg-type]
    assert list(Holiday.objects.filter(office=office)) == []


def test_a_withdrawn_day_off_is_a_working_day_again_and_only_once(office: Office) -> None:
    holiday = holidays.declare(office, on=date(2026, 12, 9), **WORDS, by=None, at=AT)
    twin = Holiday.objects.get(pk=holiday.pk)
    holidays.withdraw(holiday, by=None, at=AT)
    assert date(2026, 12, 9) not in calendar_of(office).days_off
    assert _events("holiday.withdrawn")[0].data["on"] == "2026-12-09"
    with pytest.raises(Stale):
        holidays.withdraw(twin, by=None, at=AT)
    assert len(_events("holiday.withdrawn")) == 1


def test_the_shipped_days_off_stand_once_however_often_they_are_loaded(office: Office) -> None:
    assert holidays.seed_national(AT) == 82
    assert holidays.seed_national(AT) == 0
    nation = Office.objects.get(code="0000")
    by_year = [Holiday.objects.filter(office=nation, on__year=year).count() for year in (2024, 2025, 2026)]
    assert by_year == [29, 28, 25]
    assert [event.data for event in _events("holidays.loaded")] == [
        {"days_off": 82, "years": [2024, 2025, 2026]}
    ]


def test_loading_again_does_not_bring_back_what_was_withdrawn(office: Office) -> None:
    holidays.seed_national(AT)
    holidays.withdraw(Holiday.objects.get(on=date(2026, 12, 24)), by=None, at=AT)
    assert holidays.seed_national(AT) == 0
    assert not Holiday.objects.filter(on=date(2026, 12, 24)).exists()


def test_an_amended_decree_is_named_with_its_amendment(office: Office) -> None:
    holidays.seed_national(AT)
    assert HolidayDecree.objects.get(year=2025).title == "SKB 1017/2/2 Tahun 2024, SKB 933/1/3 Tahun 2025"


def test_three_working_days_over_idulfitri_end_where_the_decree_says(office: Office) -> None:
    holidays.seed_national(AT)
    here = Office.objects.select_related("parent__parent").get(pk=office.pk)
    due = add_working_days(calendar_of(here), datetime(2026, 3, 13, 3, tzinfo=UTC), 3)
    assert due.at.isoformat() == "2026-03-25T15:30:00+07:00"


def test_a_year_without_decree_warns_until_the_national_office_confirms_it(office: Office) -> None:
    holidays.seed_national(AT)
    here = Office.objects.select_related("parent__parent").get(pk=office.pk)
    late = datetime(2026, 12, 30, 3, tzinfo=UTC)
    due = add_working_days(calendar_of(here), late, 3, day_zero=DayZero.NEXT_WORKING_DAY)
    assert [warning.year for warning in due.warnings] == [2027]
    nation = here.lineage()[-1]
    holidays.confirm_year(nation, year=2027, title="SKB 1/2/3 Tahun 2026", by=None, at=AT)
    assert add_working_days(calendar_of(here), late, 3).warnings == ()


def test_only_the_national_office_confirms_a_year(office: Office) -> None:
    with pytest.raises(Refused):
        holidays.confirm_year(office, year=2027, title="SKB", by=None, at=AT)
    assert not HolidayDecree.objects.filter(year=2027).exists()


def test_a_closure_said_twice_is_one_and_an_overlapping_one_is_refused(office: Office) -> None:
    start = datetime(2026, 11, 24, 1, tzinfo=UTC)
    span = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
    first = holidays.close(office, **span, reason="Banjir", by=None, at=AT)
    assert holidays.close(office, **span, reason="Banjir", by=None, at=AT) == first
    with pytest.raises(Refused):
        holidays.close(office, **span, reason="Listrik padam", by=None, at=AT)
    assert Closure.objects.count() == 1
    assert len(_events("closure.declared")) == 1


@pytest.mark.parametrize(
    ("hours", "reason"), [(0, "Banjir"), (-1, "Banjir"), (24 * 400, "Banjir"), (1, "  ")]
)
def test_an_impossible_closure_is_refused(office: Office, hours: int, reason: str) -> None:
    start = datetime(2026, 11, 24, 1, tzinfo=UTC)
    with pytest.raises(Refused):
        holidays.close(
            office, starts_at=start, ends_at=start + timedelta(hours=hours), reason=reason, by=None, at=AT
        )
    assert Closure.objects.count() == 0


def test_a_week_may_have_several_intervals_a_day(office: Office) -> None:
    friday = [(time(13, 30), time(15, 30)), (time(8), time(11, 30))]
    hours = holidays.set_hours(office, name="Jam layanan", week={4: friday}, by=None, at=AT)
    assert [str(each) for each in OpeningInterval.objects.filter(hours=hours)] == [
        "4 08.00-11.30",
        "4 13.30-15.30",
    ]
    assert Hours.objects.filter(office=office).count() == 1


def test_overlapping_hours_are_refused_with_the_day_and_both_intervals(office: Office) -> None:
    friday = [(time(8), time(12)), (time(11, 30), time(15))]
    with translation.override("en"), pytest.raises(Refused) as refusal:
        holidays.set_hours(office, name="Jam layanan", week={4: friday}, by=None, at=AT)
    assert str(refusal.value) == (
        "Friday: the hours 08.00–12.00 and 11.30–15.00 overlap. Please join or separate them."
    )
    assert OpeningInterval.objects.count() == 5


def test_ramadan_hours_rule_their_dates_only_and_may_be_dropped(office: Office) -> None:
    ramadan = holidays.set_hours(
        office,
        name="Ramadan",
        week={0: [(time(8), time(14, 30))]},
        starts_on=date(2026, 11, 23),
        ends_on=date(2026, 11, 29),
        by=None,
        at=AT,
    )
    calendar = calendar_of(office)
    assert calendar.timetable_for(date(2026, 11, 23)).name == "Ramadan"  # type: ignore[union-attr]
    assert calendar.timetable_for(date(2026, 11, 30)).name == "Jam layanan"  # type: ignore[union-attr]
    holidays.drop_hours(ramadan, by=None, at=AT)
    assert calendar_of(office).timetable_for(date(2026, 11, 23)).name == "Jam layanan"  # type: ignore[union-attr]


def test_two_dated_weeks_may_not_overlap(office: Office) -> None:
    week = {0: [(time(8), time(14))]}
    dates = {"starts_on": date(2026, 2, 19), "ends_on": date(2026, 3, 20)}
    holidays.set_hours(office, name="Ramadan", week=week, **dates, by=None, at=AT)
    with pytest.raises(Refused):
        holidays.set_hours(
            office,
            name="Lain",
            week=week,
            starts_on=date(2026, 3, 1),
            ends_on=date(2026, 3, 5),
            by=None,
            at=AT,
        )
    assert Hours.objects.count() == 2


def test_the_regular_week_cannot_be_dropped(office: Office) -> None:
    with pytest.raises(Refused):
        holidays.drop_hours(Hours.objects.get(), by=None, at=AT)
    assert Hours.objects.count() == 1
