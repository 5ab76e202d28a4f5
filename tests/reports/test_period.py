"""Periods: what an address may ask for, and the sentence when it asks for nonsense."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sapa.core.errors import Refused
from sapa.reports.period import Kind, Period, of_kind, read

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("params", "kind", "first", "last"),
    [
        ({}, Kind.MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        ({"periode": "2026-02"}, Kind.MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        ({"periode": "2024-02"}, Kind.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ({"periode": "2026-T4"}, Kind.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        ({"periode": "2026"}, Kind.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        ({"dari": "2026-03-02", "sampai": "2026-03-02"}, Kind.CUSTOM, date(2026, 3, 2), date(2026, 3, 2)),
        ({"dari": "2026-03-02"}, Kind.CUSTOM, date(2026, 3, 2), TODAY),
    ],
)
def test_an_address_names_its_days(params, kind, first, last):
    assert read(params, TODAY) == Period(kind, first, last)


@pytest.mark.parametrize(
    "params",
    [
        {"periode": "november"},
        {"periode": "2026-13"},
        {"periode": "2026-T5"},
        {"periode": "0000"},
        {"periode": "9999"},
        {"periode": "٢٠٢٦"},
        {"periode": "x" * 9_000},
        {"periode": "2026'; DROP TABLE"},
        {"dari": "2026-02-30", "sampai": "2026-03-01"},
        {"dari": "kemarin", "sampai": "2026-03-01"},
        {"dari": "2026-03-02", "sampai": "2026-03-01"},
        {"dari": "2001-01-01", "sampai": "2026-03-01"},
        {"sampai": "2026-03-01"},
        {"dari": "0001-01-01"},
    ],
)
def test_nonsense_is_refused_with_a_sentence(params):
    with pytest.raises(Refused) as wrong:
        read(params, TODAY)
    assert str(wrong.value.sentence).endswith(".")


@given(
    kind=st.sampled_from([Kind.MONTH, Kind.QUARTER, Kind.YEAR]),
    day=st.dates(date(2001, 1, 1), date(2098, 12, 31)),
)
def test_before_and_after_touch_and_lead_back(kind, day):
    period = of_kind(kind, day)
    assert (period.after.first - period.last).days == 1
    assert (period.first - period.before.last).days == 1
    assert period.after.before == period == period.before.after


@given(
    kind=st.sampled_from([Kind.MONTH, Kind.QUARTER, Kind.YEAR]),
    day=st.dates(date(2001, 1, 1), date(2098, 12, 31)),
)
def test_a_period_is_read_back_from_its_own_address(kind, day):
    period = of_kind(kind, day)
    assert read({"periode": period.query.removeprefix("periode=")}, TODAY) == period


def test_own_dates_move_by_their_length():
    period = Period(Kind.CUSTOM, date(2026, 3, 2), date(2026, 3, 8))
    assert (period.before, period.after) == (
        Period(Kind.CUSTOM, date(2026, 2, 23), date(2026, 3, 1)),
        Period(Kind.CUSTOM, date(2026, 3, 9), date(2026, 3, 15)),
    )


def test_days_are_the_offices_own():
    start, end = Period(Kind.CUSTOM, TODAY, TODAY).instants(ZoneInfo("Asia/Jayapura"))
    assert (start, end) == (datetime(2026, 11, 22, 15, tzinfo=UTC), datetime(2026, 11, 23, 15, tzinfo=UTC))


@pytest.mark.parametrize(("language", "label"), [("id", "November 2026"), ("en", "November 2026")])
def test_a_month_is_named(language, label):
    with translation.override(language):
        assert of_kind(Kind.MONTH, TODAY).label == label


def test_a_quarter_is_named_as_reports_name_it():
    with translation.override("en"):
        assert of_kind(Kind.QUARTER, TODAY).label == "Quarter IV 2026"
