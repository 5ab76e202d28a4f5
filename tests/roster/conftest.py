"""Makers of shifts and leave, and the days that the tests speak of (the clock stands on Monday 23 November)."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster.models import Leave, Part, Shift

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)
NEXT_MONDAY = date(2026, 11, 30)
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

MakeShift = Callable[..., Shift]
MakeLeave = Callable[..., Leave]


@pytest.fixture
def shift(office: Office) -> MakeShift:
    """`shift(budi, TUESDAY)` puts that officer on duty that day."""

    def make(officer: Officer, on: date = TUESDAY, part: str = Part.WHOLE) -> Shift:
        return Shift.objects.create(office_id=officer.office_id, officer=officer, on=on, part=part)

    return make


@pytest.fixture
def leave(office: Office) -> MakeLeave:
    """`leave(budi, TUESDAY)` has that officer away that day, or until another."""

    def make(officer: Officer, from_on: date = TUESDAY, until_on: date | None = None) -> Leave:
        return Leave.objects.create(
            office_id=officer.office_id,
            officer=officer,
            from_on=from_on,
            until_on=until_on or from_on,
            kind=Leave.Kind.ANNUAL,
            noted_at=AT,
        )

    return make
