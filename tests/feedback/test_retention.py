"""Two years after its end a complaint leads to nobody any more, and still counts."""

from datetime import timedelta
from uuid import uuid4

import pytest

from sapa.activity.models import Event
from sapa.feedback import complaints, suggestion_box
from sapa.feedback.models import Complaint
from sapa.feedback.retention import forget_old_complaints
from sapa.frontdesk.models import ServiceDay
from tests.feedback.test_complaints import lodge, record_url

YEARS = timedelta(days=731)


@pytest.fixture
def ended(office, citra, clock):
    """A complaint with a name, answered and closed."""
    made = lodge(office, clock.at)
    complaints.reject(made, reply="Ini sudah kami jelaskan di loket.", by=citra, at=clock.advance(hours=1))
    return made


def test_after_two_years_name_contact_and_words_are_gone_and_the_line_of_the_register_stays(
    office, ended, clock
):
    kept = Complaint.objects.values("kind", "door", "state", "received_at", "closed_at").get()
    at = clock.advance(days=731)
    assert forget_old_complaints(office, at=at) == 1
    found = Complaint.objects.get()
    assert (found.name, found.contact, found.visit, found.text, found.reply) == ("", "", None, "–", "–")
    assert set(found.entries.values_list("text", flat=True)) == {"", "–"}
    assert Complaint.objects.values(*kept).get() == kept
    assert Event.objects.get(name="complaints.forgotten").data == {"count": 1}
    assert forget_old_complaints(office, at=at) == 0


def test_one_that_has_not_ended_or_not_so_long_ago_is_left_alone(office, ended, clock):
    open_still = lodge(office, clock.at)
    assert forget_old_complaints(office, at=ended.received_at + timedelta(days=730)) == 0
    forget_old_complaints(office, at=clock.advance(days=3000))
    open_still.refresh_from_db()
    assert (open_still.name, open_still.forgotten_at) == ("Ani Lestari", None)


def test_a_slip_forgets_its_witnesses_too_and_its_page_still_opens(office, citra, clock, signed_in):
    slip = suggestion_box.enter(
        office,
        opened_on=clock.at.date(),
        first_witness="Siti Aminah",
        second_witness="Joko Wibowo",
        text="Kursi kurang.",
        name="",
        contact="",
        submission_key=uuid4(),
        by=citra,
        at=clock.at,
    )
    complaints.reject(slip, reply="Sudah ditambah.", by=citra, at=clock.advance(hours=1))
    forget_old_complaints(office, at=clock.advance(days=731))
    page = signed_in(citra).get(record_url(slip))
    assert (page.status_code, "Saksi" in page.content.decode()) == (200, False)


def test_it_happens_when_a_service_day_is_settled(office, ended, clock, work):
    clock.advance(days=731)
    day = ServiceDay.objects.create(office=office, day=clock.at.date(), due_at=clock.at)
    work()
    clock.advance(days=1)
    work()
    day.refresh_from_db()
    assert day.settled_at == clock.at
    work()
    assert Complaint.objects.get().forgotten_at == clock.at
