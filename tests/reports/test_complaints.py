"""The recap of complaints: by door, kind and state, and how the days were kept."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.feedback import complaints, suggestion_box
from sapa.feedback.models import Complaint
from sapa.reports import complaints as recap
from sapa.reports.period import Kind, of_kind
from tests.feedback.test_complaints import lodge

NOVEMBER = of_kind(Kind.MONTH, date(2026, 11, 23))


@pytest.fixture
def month(office, citra, clock):
    """Two complaints (one answered late, one open), a proposal, and a slip of the suggestion box."""
    late = lodge(office, clock.at)
    complaints.answer(late, reply="Maaf.", by=citra, at=clock.at + timedelta(days=20))
    lodge(office, clock.at, is_anonymous=True)
    lodge(office, clock.at, kind=Complaint.Kind.PROPOSAL)
    suggestion_box.enter(
        office,
        text="Kursi kurang.",
        name="",
        contact="",
        opened_on=date(2026, 11, 23),
        first_witness="Siti",
        second_witness="Joko",
        submission_key=uuid4(),
        by=citra,
        at=clock.at,
    )


def test_they_are_counted_by_door_kind_and_state(office, month, clock):
    made = recap.report(office, NOVEMBER, at=clock.at)
    assert (made.received, made.anonymous) == (4, 2)
    assert made.doors.rows == [["Situs kantor", 3], ["Kotak saran", 1]]
    assert made.kinds.rows == [["Pengaduan", 3], ["– Pengaduan biasa", 1], ["Aspirasi", 1]]
    assert made.states.rows == [["Diterima", 3], ["Menunggu pelapor", 1]]


def test_in_time_late_not_due_and_without_deadline_stand_apart(office, month, clock):
    made = recap.report(office, NOVEMBER, at=clock.at)
    assert (made.late, made.days.rows) == (1, [["Terverifikasi", 0, 1, 3, 0], ["Dijawab", 0, 1, 2, 1]])
    made = recap.report(office, NOVEMBER, at=clock.at + timedelta(days=30))
    assert (made.late, made.days.rows) == (4, [["Terverifikasi", 0, 4, 0, 0], ["Dijawab", 0, 3, 0, 1]])


def test_another_month_and_another_office_count_nothing(office, other_office, month, clock):
    with scopes_disabled():
        lodge(other_office, clock.at)
        assert recap.report(office, NOVEMBER, at=clock.at).received == 4
    december = of_kind(Kind.MONTH, date(2026, 12, 1))
    assert recap.report(office, december, at=clock.at).received == 0


def test_one_query_makes_the_recap(office, month, clock, django_assert_num_queries):
    with django_assert_num_queries(1):
        recap.report(office, NOVEMBER, at=clock.at)


def test_the_page_holds_no_text_and_no_name(signed_in, citra, month):
    page = (
        signed_in(citra)
        .get(reverse("complaints_report", args=["1808"]) + "?periode=2026-11")
        .content.decode()
    )
    assert ("tidak ada di tempat" in page, "Ani" in page, "Kotak saran" in page) == (False, False, True)
