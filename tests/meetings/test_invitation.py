"""The invitation as calendars read it."""

from datetime import timedelta

import pytest
from django.utils import translation
from icalendar import Calendar

from sapa.meetings import booking
from sapa.meetings.invitation import ics
from sapa.meetings.models import FollowUp
from tests.meetings.conftest import WEDNESDAY_TEN

MAIL = "ani@contoh.example"


def read(words: bytes):
    calendar = Calendar.from_ical(words)
    [entry] = calendar.walk("VEVENT")
    return calendar, entry


def fresh(meeting) -> FollowUp:
    return FollowUp.objects.select_related("office", "consultation", "officer__user", "desk").get(
        pk=meeting.pk
    )


@pytest.fixture
def visit(book, office):
    office.address, office.email = "Jl. Cendana 1, Menggala", "bps1808@bps.example"
    office.save()
    return book()


def test_a_visit_says_when_where_with_whom_and_reminds_an_hour_before(visit, clock, office):
    calendar, entry = read(ics(visit, method="REQUEST", recipient=MAIL, at=clock.at))
    assert calendar["METHOD"] == "REQUEST"
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (
        WEDNESDAY_TEN,
        WEDNESDAY_TEN + timedelta(minutes=30),
    )
    assert entry["DTSTART"].to_ical() == b"20261125T030000Z"
    assert (entry["LOCATION"], entry["ORGANIZER"], entry["ATTENDEE"]) == (
        "BPS Kabupaten Tulang Bawang, Jl. Cendana 1, Menggala",
        "mailto:bps1808@bps.example",
        f"mailto:{MAIL}",
    )
    assert "Petugas: Budi" in entry["DESCRIPTION"]
    assert (entry["SEQUENCE"], entry["STATUS"]) == (0, "CONFIRMED")
    [alarm] = entry.walk("VALARM")
    assert alarm.decoded("trigger") == -timedelta(hours=1)


def test_a_move_is_the_same_entry_with_a_higher_sequence(visit, budi, clock):
    _, before = read(ics(visit, method="REQUEST", recipient=MAIL, at=clock.at))
    booking.move(visit, starts_at=WEDNESDAY_TEN + timedelta(hours=1), minutes=30, by=budi, at=clock.at)
    _, after = read(ics(fresh(visit), method="REQUEST", recipient=MAIL, at=clock.at))
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)


def test_a_cancellation_takes_the_entry_away(visit, budi, clock):
    booking.cancel(visit, reason="", by=budi, at=clock.at)
    calendar, entry = read(ics(fresh(visit), method="CANCEL", recipient=MAIL, at=clock.at))
    assert (calendar["METHOD"], entry["STATUS"], entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert entry.walk("VALARM") == []


def test_a_video_meeting_carries_link_and_passcode_for_who_takes_part(book, with_zoom, zoom, work, clock):
    meeting = book(kind="video", provider="zoom")
    _, before = read(ics(meeting, method="PUBLISH", recipient="", at=clock.at))
    assert (before["LOCATION"], "ATTENDEE" in before) == ("Lewat video; tautan menyusul", False)
    work()
    shown = fresh(meeting)
    _, entry = read(ics(shown, method="REQUEST", recipient=MAIL, at=clock.at))
    assert (entry["URL"], entry["LOCATION"]) == (shown.link, shown.link)
    assert "Kode sandi: 582913" in entry["DESCRIPTION"]


def test_it_is_written_in_the_language_of_its_reader(visit, clock):
    with translation.override("en"):
        _, entry = read(ics(visit, method="PUBLISH", recipient="", at=clock.at))
    assert entry["SUMMARY"] == f"Visit: consultation {visit.consultation.code}"
