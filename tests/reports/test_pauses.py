"""What a head of office sees of promises that were stopped by a hold, and by whom."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from sapa.frontdesk import queue
from sapa.reports import promise
from sapa.reports.period import Kind, Period
from tests.feedback.visitors import call_and_start, take

MONDAY = Period(Kind.CUSTOM, date(2026, 11, 23), date(2026, 11, 23))
MINUTE = timedelta(minutes=1)


def at(hour, minute):
    """An instant of that Monday, in office time (WIB is UTC+7)."""
    return datetime(2026, 11, 23, hour - 7, minute, tzinfo=UTC)


@pytest.fixture
def abuse(office, desk, budi):
    """K-001 waits from 08.00; Budi calls it and holds it at 08.09 and, back since 08.10, again at 08.18. It is
    served at 08.25, within ten minutes of its third promise. K-002 tells at 09.03 that it will be late."""
    queue.sit(desk, by=budi, at=at(8, 0))
    first = take(office, at(8, 0))
    for called, held, back in ((8, 9, 10), (17, 18, 19)):
        queue.call_next(desk, by=budi, at=at(8, called))
        first.refresh_from_db()
        queue.hold(first, by=budi, at=at(8, held))
        queue.return_to_line(first, by=budi, at=at(8, back))
    queue.finish(call_and_start(desk, budi, at(8, 25)), by=budi, at=at(8, 30))
    queue.hold(take(office, at(9, 0)), by=None, at=at(9, 3))
    return first


def test_every_pause_stands_in_the_report_with_its_instants_and_who_made_it(office, abuse):
    made = promise.report(office, MONDAY)
    assert (made.pauses, made.holds, made.holds_by_officers) == (3, 3, 2)
    assert [(row[0], row[3], row[4], *row[5:]) for row in made.pauses_listed.rows] == [
        ("K-001", "ditunda", "Budi", at(8, 0), at(8, 9), MINUTE, at(8, 10)),
        ("K-001", "ditunda", "Budi", at(8, 10), at(8, 18), 2 * MINUTE, at(8, 19)),
        ("K-002", "ditunda", "pengunjung", at(9, 0), at(9, 3), 7 * MINUTE, None),
    ]


def test_who_pauses_often_and_late_stands_first(office, abuse):
    made = promise.report(office, MONDAY)
    assert [list(row) for row in made.pauses_by.rows] == [["Budi", 2, 0, 2], ["pengunjung", 1, 0, 0]]
    assert [row[7] for row in made.weeks.rows] == [3]


def test_a_hold_before_any_promise_ran_is_no_pause(office, desk, budi):
    queue.sit(desk, by=budi, at=at(8, 0))
    take(office, at(8, 0))
    queue.hold(take(office, at(8, 1)), by=budi, at=at(8, 2))
    assert promise.report(office, MONDAY).pauses == 0


def test_a_hand_over_of_a_running_promise_is_told_apart_from_holds(office, desk, second_desk, budi, citra):
    queue.sit(desk, by=budi, at=at(8, 0))
    queue.sit(second_desk, by=citra, at=at(8, 0))
    take(office, at(8, 0))
    called = queue.call_next(desk, by=budi, at=at(8, 4)).ticket
    queue.transfer(called, to_desk=second_desk, by=budi, at=at(8, 5))
    made = promise.report(office, MONDAY)
    assert (made.pauses, made.holds) == (1, 0)
    assert [list(row) for row in made.pauses_by.rows] == [["Budi", 0, 1, 0]]


def test_the_page_and_its_files_show_the_pauses(signed_in, citra, abuse, clock):
    address = reverse("promise_report", args=["1808"]) + "?periode=2026-11"
    page = signed_in(citra).get(address).content.decode()
    assert ("3 kali ditunda saat janji berjalan, 2 di antaranya oleh petugas." in page) is True
    file = signed_in(citra).get(address + "&unduh=jeda").content.decode("utf-8-sig").splitlines()
    assert file[1] == (
        "K-001;Konsultasi statistik;Meja 1;ditunda;Budi;2026-11-23 08:00:00;2026-11-23 08:09:00;"
        "1,0;2026-11-23 08:10:00"
    )
    assert len(signed_in(citra).get(address + "&unduh=jeda-oleh").content.splitlines()) == 3


def test_the_desk_explains_which_promises_stopped_before(signed_in, budi, desk, office, abuse, clock):
    clock.set(at(9, 10))
    abuse.refresh_from_db()
    late = office.tickets.get(number=2)
    queue.return_to_line(late, by=None, at=at(9, 5))
    queue.call_next(desk, by=budi, at=at(9, 6))
    page = signed_in(budi).get(reverse("workspace", args=["1808"])).content.decode()
    assert ("Janji sebelumnya mulai pukul 09.00 WIB dan berhenti pukul 09.03 WIB (ditunda)." in page) is True
