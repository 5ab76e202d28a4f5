"""From the rows of an office to its calendar, and how fast a change is seen."""

from datetime import UTC, date, datetime, time

import pytest
from django_scopes import scope
from pytest_django import DjangoAssertNumQueries

from sapa.offices import calendar, holidays
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Holiday, Hours, Office
from tests.cast import make_office

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
MONDAY = date(2026, 11, 23)


def _fresh(office: Office) -> Office:
    return Office.objects.select_related("parent__parent").get(pk=office.pk)


def test_the_office_is_open_in_its_own_hours_and_zone(office: Office) -> None:
    opens, closes = calendar.open_intervals(calendar_of(office), MONDAY)[0]
    assert (opens.isoformat(), closes.isoformat()) == (
        "2026-11-23T08:00:00+07:00",
        "2026-11-23T15:30:00+07:00",
    )


def test_an_office_in_papua_keeps_eastern_time(office: Office) -> None:
    biak = make_office(
        code="9106", name="BPS Kabupaten Biak Numfor", parent=office.parent, zone_name="Asia/Jayapura"
    )
    assert calendar.open_intervals(calendar_of(biak), MONDAY)[0][0].isoformat() == "2026-11-23T08:00:00+09:00"


def test_a_national_holiday_reaches_the_regency_and_names_its_decree(office: Office) -> None:
    holidays.seed_national(AT)
    days = calendar_of(_fresh(office)).days_off[date(2026, 8, 17)]
    assert [(day.name_id, day.source, day.scope) for day in days] == [
        ("Proklamasi Kemerdekaan", "SKB 1497/2/5 Tahun 2025", "national")
    ]


def test_a_local_holiday_stays_in_its_regency(office: Office, other_office: Office) -> None:
    holidays.declare(
        office,
        on=MONDAY,
        name_id="Hari jadi",
        name_en="Anniversary",
        kind="local",
        source="SE Bupati 1/2026",
        by=None,
        at=AT,
    )
    assert MONDAY in calendar_of(_fresh(office)).days_off
    assert MONDAY not in calendar_of(_fresh(other_office)).days_off


def test_an_edit_of_the_parent_is_seen_by_the_child_at_once(office: Office) -> None:
    assert MONDAY not in calendar_of(_fresh(office)).days_off
    province = Office.objects.get(code="1800")
    holidays.declare(
        province,
        on=MONDAY,
        name_id="Hari Lampung",
        name_en="Lampung Day",
        kind="local",
        source="SE Gubernur",
        by=None,
        at=AT,
    )
    assert MONDAY in calendar_of(_fresh(office)).days_off


def test_a_closure_is_cut_out_of_the_day_and_comes_back_when_withdrawn(office: Office) -> None:
    closure = holidays.close(
        office,
        starts_at=datetime(2026, 11, 23, 3, tzinfo=UTC),
        ends_at=datetime(2026, 11, 23, 5, tzinfo=UTC),
        reason="Listrik padam",
        by=None,
        at=AT,
    )
    assert len(calendar.open_intervals(calendar_of(_fresh(office)), MONDAY)) == 2
    holidays.reopen(closure, by=None, at=AT)
    assert len(calendar.open_intervals(calendar_of(_fresh(office)), MONDAY)) == 1


def test_an_office_without_hours_keeps_those_of_the_office_above(office: Office) -> None:
    province = office.parent
    assert province is not None
    with scope(office=office):
        Hours.objects.filter(office=office).delete()
    holidays.set_hours(province, name="Jam layanan", week={0: [(time(9), time(12))]}, by=None, at=AT)
    assert calendar.open_intervals(calendar_of(_fresh(office)), MONDAY)[0][0].hour == 9


def test_a_known_calendar_costs_no_query(
    office: Office, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    holidays.seed_national(AT)
    here = _fresh(office)
    with django_assert_num_queries(5):
        first = calendar_of(here)
    with django_assert_num_queries(0):
        assert calendar_of(here) is first


@pytest.mark.parametrize("days", [1, 3])
def test_more_holidays_cost_no_more_queries(
    office: Office, django_assert_num_queries: DjangoAssertNumQueries, days: int
) -> None:
    Holiday.objects.bulk_create(
        Holiday(office=office, on=date(2026, 12, 1 + day), name_id="x", name_en="x", kind="local", source="x")
        for day in range(days)
    )
    here = _fresh(office)
    with django_assert_num_queries(5):
        assert len(calendar_of(here).days_off) == days
