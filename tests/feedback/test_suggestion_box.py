"""Paper slips: day of opening, two different witnesses, the same register, one slip however often it is sent."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from sapa.activity.models import Event
from sapa.feedback import complaints, suggestion_box
from sapa.feedback.models import Complaint
from tests.feedback.test_complaints import record_url

PAGE = reverse("slip_entry", args=["1808"])


def slip(**changes):
    values = {
        "opened_on": "2026-11-20",
        "first_witness": "Siti Aminah",
        "second_witness": "Joko Wibowo",
        "text": "Mohon kursi ditambah.",
        "submission_key": str(uuid4()),
    }
    return values | changes


def test_a_slip_is_in_the_same_register_with_its_door(signed_in, fajar, citra, clock):
    answer = signed_in(fajar).post(PAGE, slip())
    found = Complaint.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert (found.door, found.is_anonymous, found.opened_on, found.first_witness, found.second_witness) == (
        "box",
        True,
        date(2026, 11, 20),
        "Siti Aminah",
        "Joko Wibowo",
    )
    assert found.entries.get().by == fajar
    page = signed_in(citra).get(record_url(found)).content.decode()
    assert ("Siti Aminah" in page, "Jumat, 20 November 2026" in page) == (True, True)
    assert Event.objects.get(name="complaint.lodged").by == fajar.user


def test_its_clock_counts_from_the_day_of_opening(signed_in, citra, clock):
    """Opened on Friday 20, entered on Monday 23: three working days are over on Wednesday 25."""
    signed_in(citra).post(PAGE, slip())
    found = Complaint.objects.get()
    assert (found.verify_due_at, found.answer_due_at) == (
        datetime(2026, 11, 25, 8, 30, tzinfo=UTC),
        datetime(2026, 11, 27, 8, 30, tzinfo=UTC),
    )


def test_a_box_opened_on_a_saturday_counts_from_the_next_working_day(signed_in, citra, clock):
    signed_in(citra).post(PAGE, slip(opened_on="2026-11-21"))
    assert Complaint.objects.get().verify_due_at == datetime(2026, 11, 26, 8, 30, tzinfo=UTC)


def test_sent_twice_is_one_slip(signed_in, citra, clock):
    given = slip()
    answers = [signed_in(citra).post(PAGE, given).status_code for _ in range(2)]
    assert (answers, Complaint.objects.count()) == ([302, 302], 1)
    assert Event.objects.filter(name="complaint.lodged").count() == 1


def test_a_slip_with_a_name_or_contact_keeps_it(signed_in, citra, clock):
    signed_in(citra).post(PAGE, slip(name="Rahma", contact="0812"))
    signed_in(citra).post(PAGE, slip(contact="0813"))
    kept = list(Complaint.objects.order_by("id").values_list("is_anonymous", "name", "contact"))
    assert kept == [(False, "Rahma", "0812"), (False, "", "0813")]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"opened_on": ""}, "opened_on"),
        ({"opened_on": "kemarin"}, "opened_on"),
        ({"opened_on": "2026-11-24"}, "opened_on"),
        ({"opened_on": "2025-11-20"}, "opened_on"),
        ({"opened_on": "9999-12-31"}, "opened_on"),
        ({"opened_on": "0001-01-01"}, "opened_on"),
        ({"first_witness": ""}, "first_witness"),
        ({"second_witness": "  "}, "second_witness"),
        ({"second_witness": "siti  AMINAH "}, "second_witness"),
        ({"first_witness": "n" * 121}, "first_witness"),
        ({"text": ""}, "text"),
        ({"text": "x" * 5_001}, "text"),
        ({"name": "n" * 121}, "name"),
        ({"contact": "n" * 121}, "contact"),
        ({"submission_key": "x"}, "submission_key"),
    ],
)
def test_bad_input_comes_back_with_a_sentence_and_nothing_is_kept(signed_in, citra, clock, given, field):
    page = signed_in(citra).post(PAGE, slip(**given))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert Complaint.objects.count() == 0


def test_the_next_slip_of_the_same_opening_needs_only_its_text(signed_in, citra, budi, clock):
    page = signed_in(citra)
    page.post(PAGE, slip())
    assert page.get(PAGE).context["form"].initial["first_witness"] == "Siti Aminah"
    assert "first_witness" not in signed_in(budi).get(PAGE).context["form"].initial
    clock.advance(days=1)
    assert suggestion_box.last_opening(by=citra, on=date(2026, 11, 24)) == {}


def test_the_database_itself_refuses_a_slip_without_two_witnesses(signed_in, citra, clock):
    signed_in(citra).post(PAGE, slip())
    for wrong in ({"second_witness": ""}, {"second_witness": "Siti Aminah"}, {"opened_on": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.update(**wrong)


def test_an_answered_slip_is_done_for_nobody_holds_its_code(signed_in, citra, gita, clock):
    signed_in(citra).post(PAGE, slip())
    found = Complaint.objects.get()
    complaints.verify(found, kind=Complaint.Kind.PROPOSAL, by=gita, at=clock.at)
    complaints.answer(found, reply="Kursi sudah ditambah.", by=gita, at=clock.at)
    assert (found.state, found.closed_at, found.answer_due_at) == ("done", clock.at, None)


def test_only_officers_who_receive_visitors_enter_slips(signed_in, client, office, hadi, dewi, budi):
    assert client.get(PAGE).status_code == 302
    answers = [signed_in(who).post(PAGE, slip()).status_code for who in (hadi, dewi, budi)]
    assert (answers, Complaint.objects.count()) == ([403, 404, 302], 1)
