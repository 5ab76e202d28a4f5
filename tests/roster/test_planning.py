"""Weeks planned from the pattern, days changed by hand, and what is left of an officer who has gone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.core.errors import Refused
from sapa.offices import holidays
from sapa.offices.models import Office
from sapa.people import officers
from sapa.people.models import Officer
from sapa.roster import shifts, swaps
from sapa.roster.models import Part, Shift, Swap, WeeklyPattern
from sapa.roster.patterns import set_pattern
from tests.conftest import Clock
from tests.roster.conftest import AT, MONDAY, NEXT_MONDAY, TUESDAY, WEDNESDAY, MakeShift

Plan = dict[date, dict[str, str]]


def planned(office: Office) -> Plan:
    """date -> who is on duty, and when."""
    found: Plan = {}
    for row in Shift.objects.filter(office=office).select_related("officer__user").order_by("on", "officer"):
        found.setdefault(row.on, {})[str(row.officer)] = row.part
    return found


@pytest.fixture
def pattern(office: Office, budi: Officer, citra: Officer, gita: Officer) -> WeeklyPattern:
    """Budi on Mondays and Tuesdays, Citra on Tuesday afternoons, from this Monday on."""
    duties = {(budi.pk, 0): Part.WHOLE, (budi.pk, 1): Part.MORNING, (citra.pk, 1): Part.AFTERNOON}
    return set_pattern(office, duties=duties, valid_from=MONDAY, by=gita, at=AT)


THIS_WEEK = {MONDAY: {"Budi": "whole"}, TUESDAY: {"Budi": "morning", "Citra": "afternoon"}}
NEXT_WEEK = {day + timedelta(days=7): who for day, who in THIS_WEEK.items()}


def test_weeks_are_planned_as_the_pattern_says(office: Office, pattern: WeeklyPattern, gita: Officer) -> None:
    assert shifts.plan_weeks(office, first=WEDNESDAY, weeks=2, by=gita, at=AT) == 6
    assert planned(office) == THIS_WEEK | NEXT_WEEK
    event = Event.objects.get(name="shift.planned")
    assert (event.by, event.data) == (gita.user, {"from": "2026-11-23", "until": "2026-12-06", "shifts": 6})


def test_planning_twice_is_planning_once(office: Office, pattern: WeeklyPattern, gita: Officer) -> None:
    for expected in (3, 0):
        assert shifts.plan_weeks(office, first=MONDAY, weeks=1, by=gita, at=AT) == expected
    assert planned(office) == THIS_WEEK
    assert Event.objects.filter(name="shift.planned").count() == 1


def test_a_day_off_has_nobody_on_duty(office: Office, pattern: WeeklyPattern, gita: Officer) -> None:
    holidays.declare(office, on=TUESDAY, name_id="x", name_en="x", kind="local", source="x", by=None, at=AT)
    office.refresh_from_db()
    shifts.plan_weeks(office, first=MONDAY, weeks=1, by=gita, at=AT)
    assert planned(office) == {MONDAY: {"Budi": "whole"}}


def test_days_that_have_passed_stay_as_they_were(
    office: Office, pattern: WeeklyPattern, gita: Officer
) -> None:
    shifts.plan_weeks(office, first=MONDAY, weeks=1, by=gita, at=AT + timedelta(days=1))
    assert planned(office) == {TUESDAY: THIS_WEEK[TUESDAY]}


def test_a_new_pattern_changes_the_planned_days_from_its_first_day_on(
    office: Office, pattern: WeeklyPattern, citra: Officer, gita: Officer
) -> None:
    shifts.plan_weeks(office, first=MONDAY, weeks=2, by=gita, at=AT)
    set_pattern(office, duties={(citra.pk, 0): Part.WHOLE}, valid_from=NEXT_MONDAY, by=gita, at=AT)
    shifts.plan_weeks(office, first=MONDAY, weeks=2, by=gita, at=AT)
    assert planned(office) == THIS_WEEK | {NEXT_MONDAY: {"Citra": "whole"}}


def test_after_a_pattern_for_a_while_the_one_before_rules_again(
    office: Office, pattern: WeeklyPattern, citra: Officer, gita: Officer
) -> None:
    duties = {(citra.pk, 0): Part.WHOLE}
    set_pattern(
        office, duties=duties, valid_from=MONDAY + timedelta(days=1), valid_until=NEXT_MONDAY, by=gita, at=AT
    )
    shifts.plan_weeks(office, first=MONDAY, weeks=2, by=gita, at=AT)
    after = NEXT_MONDAY + timedelta(days=1)
    assert planned(office) == {
        MONDAY: {"Budi": "whole"},
        NEXT_MONDAY: {"Citra": "whole"},
        after: THIS_WEEK[TUESDAY],
    }


def test_a_day_changed_by_hand_stays_when_the_week_is_planned_again(
    office: Office, pattern: WeeklyPattern, fajar: Officer, gita: Officer
) -> None:
    shifts.plan_weeks(office, first=MONDAY, weeks=1, by=gita, at=AT)
    assert shifts.set_day(office, TUESDAY, parts={fajar.pk: Part.WHOLE}, by=gita, at=AT) is True
    assert shifts.set_day(office, TUESDAY, parts={fajar.pk: Part.WHOLE}, by=gita, at=AT) is False
    shifts.plan_weeks(office, first=MONDAY, weeks=1, by=gita, at=AT)
    assert planned(office) == {MONDAY: {"Budi": "whole"}, TUESDAY: {"Fajar": "whole"}}
    assert Event.objects.filter(name="shift.changed").count() == 1


def test_changing_the_part_of_a_day_keeps_the_shift_and_what_is_asked_about_it(
    office: Office, budi: Officer, citra: Officer, gita: Officer, shift: MakeShift
) -> None:
    swap = swaps.ask(shift(budi), asked=citra, by=budi, at=AT)
    shifts.set_day(office, TUESDAY, parts={budi.pk: Part.MORNING}, by=gita, at=AT)
    swap.refresh_from_db()
    assert (swap.state, swap.shift and swap.shift.part) == ("asked", "morning")


def test_a_shift_that_is_taken_away_takes_the_request_to_swap_it_along(
    office: Office, budi: Officer, citra: Officer, gita: Officer, shift: MakeShift
) -> None:
    swap = swaps.ask(shift(budi), asked=citra, by=budi, at=AT)
    shifts.set_day(office, TUESDAY, parts={}, by=gita, at=AT)
    swap.refresh_from_db()
    assert (swap.state, swap.shift, swap.on) == ("withdrawn", None, TUESDAY)
    event = Event.objects.get(name="swap.withdrawn")
    assert event.data == {"asker": budi.pk, "asked": citra.pk, "on": "2026-11-24", "return_on": None}


@pytest.mark.parametrize("weeks", [0, 9, -1])
def test_at_least_one_and_at_most_eight_weeks_are_planned(
    office: Office, pattern: WeeklyPattern, gita: Officer, weeks: int
) -> None:
    with pytest.raises(Refused, match="1 dan 8 minggu"):
        shifts.plan_weeks(office, first=MONDAY, weeks=weeks, by=gita, at=AT)


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        (MONDAY - timedelta(days=7), "Minggu itu sudah lewat"),
        (MONDAY + timedelta(days=400), "lebih dari setahun lagi"),
        (date.max, "lebih dari setahun lagi"),
    ],
)
def test_weeks_long_past_or_far_away_are_not_planned(
    office: Office, pattern: WeeklyPattern, gita: Officer, first: date, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        shifts.plan_weeks(office, first=first, weeks=1, by=gita, at=AT)


def test_without_a_pattern_nothing_is_planned_and_nothing_is_lost(
    office: Office, budi: Officer, gita: Officer, shift: MakeShift
) -> None:
    shift(budi)
    with pytest.raises(Refused, match="Belum ada pola mingguan"):
        shifts.plan_weeks(office, first=MONDAY, weeks=1, by=gita, at=AT)
    assert planned(office) == {TUESDAY: {"Budi": "whole"}}


@pytest.mark.parametrize(
    ("on", "sentence"), [(MONDAY - timedelta(days=1), "sudah lewat"), (date.max, "lebih dari setahun lagi")]
)
def test_a_past_or_distant_day_is_not_changed(
    office: Office, budi: Officer, gita: Officer, on: date, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        shifts.set_day(office, on, parts={budi.pk: Part.WHOLE}, by=gita, at=AT)
    assert planned(office) == {}


def test_only_officers_of_the_office_who_serve_or_receive_are_put_on_duty(
    office: Office, dewi: Officer, hadi: Officer, gita: Officer
) -> None:
    gone = Officer.objects.create(user=dewi.user, office=office, role="consultant", is_active=False)
    for stranger in (dewi, hadi, gone):
        with pytest.raises(Refused, match="Hanya petugas"):
            shifts.set_day(office, TUESDAY, parts={stranger.pk: Part.WHOLE}, by=gita, at=AT)
    for stranger in (dewi, hadi):
        with pytest.raises(Refused, match="Hanya petugas"):
            set_pattern(office, duties={(stranger.pk, 0): Part.WHOLE}, valid_from=MONDAY, by=gita, at=AT)
    assert (planned(office), WeeklyPattern.objects.count()) == ({}, 0)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "sentence"),
    [
        (MONDAY - timedelta(days=1), None, "hari ini atau sesudahnya"),
        (MONDAY + timedelta(days=400), None, "hari ini atau sesudahnya"),
        (TUESDAY, MONDAY, "tidak boleh sebelum hari pertama"),
    ],
)
def test_a_pattern_has_its_days_in_order_and_begins_within_a_year(
    office: Office, gita: Officer, valid_from: date, valid_until: date | None, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        set_pattern(office, duties={}, valid_from=valid_from, valid_until=valid_until, by=gita, at=AT)


@pytest.mark.parametrize(("weekday", "part"), [(7, "whole"), (-1, "whole"), (0, "midnight")])
def test_a_pattern_knows_seven_weekdays_and_three_parts_of_a_day(
    office: Office, budi: Officer, gita: Officer, weekday: int, part: str
) -> None:
    with pytest.raises(Refused, match="dari daftar"):
        set_pattern(office, duties={(budi.pk, weekday): part}, valid_from=MONDAY, by=gita, at=AT)


def test_a_part_of_the_day_that_does_not_exist_is_refused(
    office: Office, budi: Officer, gita: Officer
) -> None:
    with pytest.raises(Refused, match="dari daftar"):
        shifts.set_day(office, TUESDAY, parts={budi.pk: "midnight"}, by=gita, at=AT)


def test_a_dismissed_officer_has_no_shift_after_today_and_waits_for_no_swap(
    office: Office,
    budi: Officer,
    citra: Officer,
    gita: Officer,
    shift: MakeShift,
    clock: Clock,
    work: Callable[[], int],
) -> None:
    shift(budi, MONDAY)
    given = swaps.ask(shift(budi, TUESDAY), asked=citra, by=budi, at=AT)
    taken = swaps.ask(shift(citra, WEDNESDAY), asked=budi, by=citra, at=AT)
    officers.dismiss(budi, by=gita.user, at=clock.at)
    work()
    assert planned(office) == {MONDAY: {"Budi": "whole"}, WEDNESDAY: {"Citra": "whole"}}
    assert set(Swap.objects.values_list("pk", "state")) == {(given.pk, "withdrawn"), (taken.pk, "withdrawn")}


def test_an_officer_whose_new_role_stands_no_duty_has_no_shift_after_today(
    office: Office,
    budi: Officer,
    citra: Officer,
    gita: Officer,
    shift: MakeShift,
    clock: Clock,
    work: Callable[[], int],
) -> None:
    for each in (budi, citra):
        shift(each, TUESDAY)
    officers.change_role(budi, role="admin", by=gita.user, at=clock.at)
    officers.change_role(citra, role="consultant", by=gita.user, at=clock.at)
    work()
    assert planned(office) == {TUESDAY: {"Citra": "whole"}}


def test_a_dismissed_officer_in_the_pattern_is_not_planned(
    office: Office, pattern: WeeklyPattern, budi: Officer, gita: Officer
) -> None:
    officers.dismiss(budi, by=gita.user, at=AT)
    shifts.plan_weeks(office, first=MONDAY, weeks=1, by=gita, at=AT)
    assert planned(office) == {TUESDAY: {"Citra": "afternoon"}}


def test_another_offices_pattern_plans_nothing_here(
    office: Office, other_office: Office, dewi: Officer, gita: Officer
) -> None:
    with scopes_disabled():
        set_pattern(other_office, duties={(dewi.pk, 0): Part.WHOLE}, valid_from=MONDAY, by=dewi, at=AT)
    with pytest.raises(Refused):
        shifts.plan_weeks(office, first=MONDAY, weeks=1, by=gita, at=AT)


def test_today_is_the_day_of_the_office(office: Office, budi: Officer, gita: Officer) -> None:
    late = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # Tuesday 01.00 WIB
    with pytest.raises(Refused, match="sudah lewat"):
        shifts.set_day(office, MONDAY, parts={budi.pk: Part.WHOLE}, by=gita, at=late)
    assert shifts.set_day(office, TUESDAY, parts={budi.pk: Part.WHOLE}, by=gita, at=late) is True
