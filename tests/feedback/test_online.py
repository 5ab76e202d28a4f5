"""Rating and complaint of an online consultation: as for a visit, once per episode."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from sapa.activity.models import Event
from sapa.consultations import holding, lifecycle
from sapa.consultations.models import Reason
from sapa.feedback import complaints, ratings, subjects
from sapa.feedback.models import Complaint, Rating
from sapa.feedback.retention import forget_old_complaints
from sapa.frontdesk import queue
from sapa.frontdesk.models import QueueTicket, TicketState
from sapa.inbox import writing
from sapa.inbox.models import Kind
from tests.feedback.test_ratings import MOST, url
from tests.feedback.visitors import call_and_start, sign, take
from tests.inbox.conftest import ani, question, words

__all__ = ["ani", "question"]


@pytest.fixture
def answered(question, budi, clock):
    """Budi has answered Ani's question."""
    lifecycle.accept(question, by=budi, at=clock())
    writing.office_says(
        question, words("Ini tabelnya."), kind=Kind.ANSWER, by=budi, at=clock.advance(hours=1)
    )
    return question


@pytest.fixture
def rating(answered, budi, clock, work):
    """The invitation that follows the closing."""
    close(answered, clock, by=budi)
    work()
    return Rating.objects.get()


def close(consultation, clock, *, reason=Reason.DONE, by=None):
    lifecycle.close(consultation, reason=reason, by=by, at=clock.advance(minutes=1))


def complain(office, clock, **changes):
    values = {
        "text": "Jawabannya tidak lengkap.",
        "name": "Ani",
        "contact": "",
        "is_anonymous": False,
        "visit": None,
        "submission_key": uuid4(),
        "at": clock.at,
    }
    return complaints.lodge(office, **(values | changes))


def form(**changes):
    values = {"name": "Ani", "text": "Jawabannya tidak lengkap.", "submission_key": str(uuid4())}
    return values | changes


# the invitation


@pytest.mark.parametrize("reason", [Reason.DONE, Reason.SILENCE])
def test_an_answered_consultation_is_rated_when_it_is_closed(answered, clock, work, reason):
    close(answered, clock, reason=reason)
    work()
    made = Rating.objects.get()
    assert (made.consultation, made.visit, made.desk) == (answered, None, None)
    assert (made.invited_at, made.expires_at) == (clock.at, clock.at + timedelta(days=30))
    assert ratings.link_for_consultation(answered) == url(made)


@pytest.mark.parametrize("reason", [Reason.WITHDRAWN, Reason.SILENCE])
def test_what_ended_before_any_answer_is_not_rated(question, clock, work, reason):
    close(question, clock, reason=reason)
    work()
    assert (Rating.objects.count(), ratings.link_for_consultation(question)) == (0, None)


def test_opened_again_and_closed_again_it_is_still_one_rating(rating, answered, ani, budi, clock, work):
    answered.refresh_from_db()
    writing.client_says(answered, words("Satu lagi"), user=ani.user, at=clock.advance(hours=1))
    answered.refresh_from_db()
    close(answered, clock, by=budi)
    work()
    assert Rating.objects.get() == rating
    assert Event.objects.filter(name="rating.invited").count() == 1


def test_a_closed_visit_gets_its_rating_from_the_visit_alone(desk, budi, clock, work, office):
    queue.sit(desk, by=budi, at=clock.at)
    take(office, clock.at)
    queue.finish(call_and_start(desk, budi, clock.at), by=budi, at=clock.at)
    work()
    assert [(each.visit_id is None, each.consultation) for each in Rating.objects.all()] == [(False, None)]


def appointment(consultation, desk, budi, clock):
    """The client came by appointment and was served at the desk."""
    queue.sit(desk, by=budi, at=clock.at)
    visit = sign(consultation.office, clock.at, client=consultation.client)
    ticket = take(consultation.office, clock.at, visit=visit)
    QueueTicket.objects.filter(pk=ticket.pk).update(consultation=consultation)
    queue.finish(call_and_start(desk, budi, clock.at), by=budi, at=clock.advance(minutes=5))
    return visit


def test_a_visit_by_appointment_is_rated_with_its_consultation_and_not_apart(
    answered, desk, budi, clock, work
):
    visit = appointment(answered, desk, budi, clock)
    work()
    clock.advance(days=1)
    work()
    assert (Rating.objects.count(), ratings.link_for(visit)) == (0, None)
    answered.refresh_from_db()
    close(answered, clock, by=budi)
    work()
    assert Rating.objects.get().consultation == answered


def test_served_at_the_desk_alone_is_served(question, desk, budi, clock, work):
    appointment(question, desk, budi, clock)
    assert question.tickets.get().state == TicketState.FINISHED
    close(question, clock, by=budi)
    work()
    assert Rating.objects.get().consultation == question


def test_a_rating_belongs_to_a_visit_or_to_a_consultation_never_both_or_none(rating, office, clock):
    for wrong in ({"visit": sign(office, clock.at)}, {"consultation": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rating.objects.filter(pk=rating.pk).update(**wrong)


def test_the_invitation_tells_the_client(rating, ani):
    with scopes_disabled():
        told = ani.user.notifications.filter(what="rating_invited")
        assert [each.path for each in told] == [url(rating)]


# the page


def test_the_page_speaks_of_the_consultation(client, rating, answered):
    page = client.get(url(rating)).content.decode()
    assert (answered.code in page, "Kunjungan Anda" in page) == (True, False)


def test_an_online_consultation_is_rated_without_the_rooms(client, rating):
    answers = {name: score for name, score in MOST.items() if name != "facilities"}
    page = client.post(url(rating), answers, follow=True)
    assert (page.status_code, page.templates[0].name) == (200, "feedback/rating_thanks.html")
    rating.refresh_from_db()
    assert (rating.time, rating.facilities) == (4, None)


def test_the_rating_of_another_office_is_unknown_here(client, rating, other_office):
    assert client.get(url(rating, "1812")).status_code == 404


# the complaint


def test_the_room_leads_to_a_complaint_about_it(client, answered, budi):
    address = f"{reverse('complaint', args=['1808'])}?konsultasi={answered.token}"
    assert answered.code in client.get(address).content.decode()
    client.post(
        reverse("complaint", args=["1808"]), form(consultation=answered.token, about_consultation="on")
    )
    found = Complaint.objects.get()
    assert (found.consultation, found.visit) == (answered, None)
    assert set(found.kept_from.all()) == {budi}


def test_it_is_about_it_only_when_ticked(client, answered):
    client.post(reverse("complaint", args=["1808"]), form(consultation=answered.token))
    assert Complaint.objects.get().consultation is None


def test_a_rated_consultation_can_be_complained_about_from_the_thanks(client, rating, answered):
    client.post(reverse("complaint", args=["1808"]), form(rating=rating.token, about_consultation="on"))
    assert Complaint.objects.get().consultation == answered


def test_an_anonymous_complaint_does_not_lead_to_the_consultation(client, answered):
    client.post(
        reverse("complaint", args=["1808"]),
        form(consultation=answered.token, about_consultation="on", is_anonymous="on"),
    )
    found = Complaint.objects.get()
    assert (found.is_anonymous, found.consultation, found.kept_from.count()) == (True, None, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=found.pk).update(consultation=answered)


@pytest.mark.parametrize("token", ["tidak-ada", "x" * 500, "'--"])
def test_an_unknown_consultation_is_a_form_like_any_other(client, office, token):
    page = client.get(reverse("complaint", args=["1808"]), {"konsultasi": token})
    assert (page.status_code, page.context["consultation"]) == (200, None)


def test_the_consultation_of_another_office_cannot_be_named_here(client, answered, other_office):
    with scope(office=other_office):
        page = client.get(reverse("complaint", args=["1812"]), {"konsultasi": answered.token})
    assert (page.context["consultation"], answered.code in page.content.decode()) == (None, False)


def test_everybody_who_had_part_in_it_does_not_see_the_complaint(office, answered, budi, citra, gita, clock):
    holding.assign(answered, to=citra, by=citra, at=clock.at)
    complaint = complain(office, clock, consultation=answered)
    assert set(complaint.kept_from.all()) == {budi, citra}
    assert (subjects.visible_to(citra).count(), subjects.visible_to(gita).count()) == (0, 1)


def test_the_supervisor_sees_which_consultation_is_meant(office, answered, citra, signed_in, clock):
    complaint = complain(office, clock, consultation=answered)
    page = signed_in(citra).get(reverse("complaint_record", args=["1808", complaint.pk]))
    assert answered.code in page.content.decode()


def test_after_two_years_a_complaint_leads_to_no_consultation(office, answered, citra, clock):
    complaint = complain(office, clock, consultation=answered)
    complaints.reject(complaint, reply="Tidak dapat ditindaklanjuti.", by=citra, at=clock.at)
    assert forget_old_complaints(office, at=clock.advance(days=2_000)) == 1
    complaint.refresh_from_db()
    assert complaint.consultation is None


def test_the_closed_room_leads_to_the_rating(client, rating, answered, ani):
    client.force_login(ani.user)
    room = reverse("consultation_room", args=["1808", answered.token])
    assert url(rating) in client.get(room).content.decode()
