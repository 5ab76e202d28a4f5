"""The promise report beside a day counted by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django_scopes import scope

from sapa import wiring
from sapa.core import time as present
from sapa.core.work import work as settle
from sapa.frontdesk import queue
from sapa.reports import promise
from sapa.reports.period import Kind, Period
from sapa.reports.promise import Outcome, Score
from sapa.reports.table import as_csv
from tests.cast import make_office, make_officer
from tests.conftest import Clock
from tests.feedback.visitors import call_and_start, sign, take

MONDAY = Period(Kind.CUSTOM, date(2026, 11, 23), date(2026, 11, 23))


def at(hour, minute, day=23):
    """An instant of that Monday, in office time (WIB is UTC+7)."""
    return datetime(2026, 11, day, hour - 7, minute, tzinfo=UTC)


@pytest.fixture(scope="module")
def kept(kept_in_module, django_db_blocker):
    """The office after that day; played once for all tests of this module."""
    clock = Clock()
    present.use(clock)
    try:
        with django_db_blocker.unblock():
            office = make_office()
            with scope(office=office):
                play(office, clock)
        return office
    finally:
        present.use(None)


@pytest.fixture
def office(kept, db):
    with scope(office=kept):
        yield kept


@pytest.fixture
def day(office, clock):
    """It is the morning after."""
    return clock.set(at(7, 0, day=24))


def play(office, clock):
    """One day at one desk, from 08.00, every kind of outcome once or twice.

    K-001 takes a number at 08.00 with the desk free, sits down at 08.04: kept (felt 4 minutes).
    K-002 takes one at 08.10; the desk is freed at 08.20, so due at 08.30; sits down at 08.25: kept (felt 15).
    K-003 takes one at 08.12; K-002 finishes at 08.40, so due at 08.50; sits down at 08.55: broken (felt 43).
    K-004 takes one at 08.50; K-003 finishes at 09.00, due 09.10; gives up at 09.05: withdrawn before it was due.
    K-005 takes one at 09.05, its promise begins at once, due 09.15; gives up at 09.20: broken, for it was late by then.
    K-006 takes one at 09.30, is called at 09.31 and does not come: no show.
    K-007 takes one at 10.00, is put on hold at 10.05, returns at 10.20, sits down at 10.22: kept, paused once.
    K-008 takes one at 11.00, K-009 at 11.01; K-009 is called out of turn at 11.02: no clock had begun for it.
          K-008 sits down at the second desk at 11.08: kept (felt 8).
    K-010 takes one at 15.00, sits down at 15.01 and is still there when the office closes: kept, flagged (felt 1).
    K-011 takes one at 15.25: due at 08.05 the next morning; nobody calls it before midnight: unserved.
    T-001 is an errand and stands in no figure.
    """
    desk, second_desk = (office.desks.get(name=name) for name in ("Meja 1", "Meja 2"))
    budi, citra = make_officer(office, "budi", "consultant"), make_officer(office, "citra", "supervisor")
    queue.sit(desk, by=budi, at=at(8, 0))
    take(office, at(8, 0))
    first = call_and_start(desk, budi, at(8, 4))
    take(office, at(8, 10))
    take(office, at(8, 12))
    queue.finish(first, by=budi, at=at(8, 20))
    second = call_and_start(desk, budi, at(8, 25))
    queue.finish(second, by=budi, at=at(8, 40))
    third = call_and_start(desk, budi, at(8, 55))
    fourth_visit = sign(office, at(8, 50))
    fourth = take(office, at(8, 50), visit=fourth_visit)
    queue.finish(third, by=budi, at=at(9, 0))
    queue.withdraw(fourth, by=None, at=at(9, 5))
    fifth = take(office, at(9, 5))
    queue.withdraw(fifth, by=None, at=at(9, 20))
    take(office, at(9, 30))
    missed = queue.call_next(desk, by=budi, at=at(9, 31)).ticket
    queue.no_show(missed, by=budi, at=at(9, 40))
    seventh = take(office, at(10, 0))
    queue.hold(seventh, by=None, at=at(10, 5))
    seventh.refresh_from_db()
    queue.return_to_line(seventh, by=None, at=at(10, 20))
    queue.finish(call_and_start(desk, budi, at(10, 22)), by=budi, at=at(10, 30))
    take(office, at(11, 0))
    ninth = take(office, at(11, 1))
    given = queue.call(ninth, desk=desk, by=budi, at=at(11, 2), reason="Membawa bayi").ticket
    queue.start(given, by=budi, at=at(11, 2))
    queue.sit(second_desk, by=citra, at=at(11, 7))
    queue.finish(call_and_start(second_desk, citra, at(11, 8)), by=citra, at=at(11, 20))
    queue.finish(given, by=budi, at=at(11, 20))
    take(office, at(15, 0))
    call_and_start(desk, budi, at(15, 1))
    queue.leave_desk(second_desk, by=citra, at=at(15, 10))
    take(office, at(15, 25))
    take(office, at(15, 26), service="errand")
    for settled in (at(15, 31), at(7, 0, day=24)):
        clock.set(settled)
        settle(settled, paths=wiring.SOURCES)


def test_every_number_of_the_day_has_the_outcome_counted_by_hand(office, day):
    assert {row.label: row.outcome for row in promise.rows(office, MONDAY)} == {
        "K-001": Outcome.KEPT,
        "K-002": Outcome.KEPT,
        "K-003": Outcome.BROKEN,
        "K-004": Outcome.WITHDRAWN,
        "K-005": Outcome.BROKEN,
        "K-006": Outcome.NO_SHOW,
        "K-007": Outcome.KEPT,
        "K-008": Outcome.KEPT,
        "K-009": Outcome.NO_CLOCK,
        "K-010": Outcome.KEPT,
        "K-011": Outcome.UNSERVED,
    }


def test_five_of_seven_are_seventy_one_point_four_per_cent(office, day):
    made = promise.report(office, MONDAY)
    assert (made.total, made.score, made.score.share, made.minutes) == (11, Score(5, 7), Decimal("71.4"), 10)


def test_who_is_not_counted_is_counted(office, day):
    made = promise.report(office, MONDAY)
    assert made.excluded == {
        Outcome.NO_CLOCK: 1,
        Outcome.NO_SHOW: 1,
        Outcome.WITHDRAWN: 1,
        Outcome.UNSERVED: 1,
    }
    assert made.score.counted + sum(made.excluded.values()) == made.total


def test_services_left_open_and_paused_promises_are_told(office, day):
    made = promise.report(office, MONDAY)
    assert (made.flagged, made.pauses) == (1, 1)


def test_the_felt_waiting_time_is_what_was_felt(office, day):
    # 1, 1 (K-009), 4, 8, 15, 43 minutes; K-007 had been on hold. Half: (4 + 8) / 2; nine of ten: the sixth.
    made = promise.report(office, MONDAY)
    assert (made.felt.served, made.felt.held) == (6, 1)
    assert (made.felt.median, made.felt.ninetieth) == (timedelta(minutes=6), timedelta(minutes=43))


def test_a_breach_is_listed_with_both_instants(office, day):
    rows = promise.report(office, MONDAY).breaches.rows
    assert [row[0] for row in rows] == ["K-003", "K-005"]
    assert list(rows[0][3:]) == [at(8, 40), at(8, 50), at(8, 55), timedelta(minutes=5), timedelta(minutes=43)]
    assert list(rows[1][3:]) == [at(9, 5), at(9, 15), None, None, None]


def test_desks_and_weeks_add_up_to_the_whole(office, day):
    made = promise.report(office, MONDAY)
    for table in (made.desks, made.weeks):
        assert [sum(row[column] for row in table.rows) for column in (1, 2, 4)] == [5, 7, 4]


def test_the_told_waiting_times_are_scored_once_the_day_is_settled(office, day):
    made = promise.report(office, MONDAY)
    assert (made.forecasts.counted, made.days_unsettled) == (6, 0)


def test_days_outside_the_period_do_not_count(office, day):
    made = promise.report(office, Period(Kind.CUSTOM, date(2026, 11, 24), date(2026, 11, 30)))
    assert (made.total, made.score.share, made.felt.median) == (0, None, None)


def test_another_office_sees_nothing_of_it(office, other_office, day, dewi):
    with scope(office=other_office):
        assert promise.report(other_office, MONDAY).total == 0


def test_per_cent_is_rounded_half_up_once():
    # 12.45 would become 12.5 when rounded twice from 12.449.
    assert (Score(1, 8).share, Score(12449, 100000).share, Score(2, 3).share) == (
        Decimal("12.5"),
        Decimal("12.4"),
        Decimal("66.7"),
    )


def test_no_column_of_the_files_is_blank_on_a_real_day(office, day):
    made = promise.report(office, MONDAY)
    for table in (made.weeks, made.desks, made.left_out, made.breaches):
        assert len(as_csv(table).splitlines()) == len(table.rows) + 1
        for column in range(len(table.head)):
            assert any(row[column] not in (None, "") for row in table.rows), (table.key, column)


def test_the_public_page_says_the_same_as_the_report(office, day):
    figures = promise.public_figures(office, date(2026, 11, 24))
    assert (figures.kept, figures.counted, figures.share, figures.minutes) == (5, 7, Decimal("71.4"), 10)


def test_the_public_page_reaches_back_ninety_days(office, day):
    last = promise.public_figures(office, date(2026, 11, 23) + timedelta(days=89))
    gone = promise.public_figures(office, date(2026, 11, 23) + timedelta(days=90))
    assert (last.counted, gone.counted) == (7, 0)


def test_the_public_page_pays_few_queries_and_then_none(
    office, day, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(3):
        promise.public_figures(office, date(2026, 11, 24))
    with django_assert_num_queries(0):
        promise.public_figures(office, date(2026, 11, 24))


def test_the_report_asks_the_database_no_oftener_for_a_day_than_for_nothing(
    office, day, django_assert_max_num_queries
):
    for period in (MONDAY, Period(Kind.CUSTOM, date(2025, 1, 1), date(2025, 1, 1))):
        with django_assert_max_num_queries(7):
            promise.report(office, period)
