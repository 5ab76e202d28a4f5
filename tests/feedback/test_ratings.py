"""One invitation per visit, answered once, for thirty days, and by nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sapa.activity.models import Event
from sapa.core.errors import Refused, Stale
from sapa.feedback import ratings
from sapa.feedback.models import Rating
from sapa.feedback.skm import QUESTIONNAIRE, Element
from sapa.feedback.streams import for_tablet
from sapa.frontdesk import queue
from sapa.offices.models import Service
from tests.feedback.visitors import all_of, call_and_start, serve, sign, take

MOST = {str(each): "4" for each in Element}


@pytest.fixture
def rating(desk, budi, clock, work):
    """The open invitation of a visitor who has just been served at Meja 1."""
    serve(desk, budi, clock)
    work()
    return Rating.objects.get()


def rate(rating, at, **changes):
    values = {"answers": all_of(4), "comment": "", "door": "link"} | changes
    ratings.rate(rating, at=at, **values)


def url(rating, office="1808"):
    return reverse("rating", args=[office, rating.token])


# the invitation


def test_a_served_visitor_is_invited_for_thirty_days(rating, clock, desk):
    assert (rating.invited_at, rating.expires_at - rating.invited_at, rating.desk) == (
        clock.at,
        timedelta(days=30),
        desk,
    )


def test_the_same_event_twice_is_one_invitation(rating, clock):
    ratings.invite_after(Event.objects.get(name="ticket.finished"), clock.at)
    assert (Rating.objects.count(), Event.objects.filter(name="rating.invited").count()) == (1, 1)


def test_an_errand_is_not_rated(desk, budi, clock, work, office):
    queue.sit(desk, by=budi, at=clock.at)
    take(office, clock.at, visit=sign(office, clock.at, is_errand=True), service="errand")
    queue.finish(call_and_start(desk, budi, clock.at), by=budi, at=clock.at)
    work()
    assert Rating.objects.count() == 0


def test_a_visitor_who_goes_on_to_another_service_is_asked_once_at_the_end(
    desk, second_desk, budi, citra, clock, work, office
):
    queue.sit(desk, by=budi, at=clock.at)
    take(office, clock.at)
    first = call_and_start(desk, budi, clock.at)
    library = Service.objects.get(office=office, key="library")
    queue.refer(first, to=library, note="", by=budi, at=clock.at)
    queue.finish(first, by=budi, at=clock.advance(minutes=5))
    work()
    assert Rating.objects.count() == 0
    queue.sit(second_desk, by=citra, at=clock.at)
    queue.finish(call_and_start(second_desk, citra, clock.at), by=citra, at=clock.advance(minutes=5))
    work()
    found = Rating.objects.get()
    assert (found.service, found.desk) == (library, second_desk)


def test_a_referral_that_is_given_up_still_leaves_the_first_service_to_rate(desk, budi, clock, work, office):
    queue.sit(desk, by=budi, at=clock.at)
    take(office, clock.at)
    first = call_and_start(desk, budi, clock.at)
    second = queue.refer(
        first, to=Service.objects.get(office=office, key="library"), note="", by=budi, at=clock.at
    )
    queue.finish(first, by=budi, at=clock.at)
    queue.withdraw(second, by=None, at=clock.at)
    work()
    assert Rating.objects.get().service == first.service


def test_a_referral_nobody_took_up_by_midnight_still_leaves_the_first_service_to_rate(
    desk, budi, clock, work, office
):
    queue.sit(desk, by=budi, at=clock.at)
    take(office, clock.at)
    first = call_and_start(desk, budi, clock.at)
    queue.refer(first, to=Service.objects.get(office=office, key="library"), note="", by=budi, at=clock.at)
    queue.finish(first, by=budi, at=clock.at)
    clock.advance(days=1)
    work()
    assert Rating.objects.get().service == first.service


def test_who_did_not_come_when_called_is_not_asked(desk, budi, clock, work, office):
    queue.sit(desk, by=budi, at=clock.at)
    take(office, clock.at)
    queue.no_show(queue.call_next(desk, by=budi, at=clock.at).ticket, by=budi, at=clock.at)
    work()
    assert Rating.objects.count() == 0


# the verb


def test_the_answer_is_kept_once(rating, clock):
    rate(rating, clock.at, comment=" Ramah. ")
    with pytest.raises(Stale) as second:
        rate(rating, clock.at, answers=all_of(1))
    rating.refresh_from_db()
    assert (second.value.code, rating.conduct, rating.comment) == ("already_rated", 4, "Ramah.")


def test_two_windows_with_the_same_link_keep_the_first_answer(rating, clock):
    other = Rating.objects.get()
    rate(rating, clock.at)
    with pytest.raises(Stale):
        rate(other, clock.at, answers=all_of(1))
    assert Rating.objects.get().time == 4


def test_elements_may_be_left_out_but_not_all(rating, clock):
    with pytest.raises(Refused):
        rate(rating, clock.at, answers=dict.fromkeys(Element))
    rate(rating, clock.at, answers={Element.TIME: 2, Element.COST: None})
    rating.refresh_from_db()
    assert ratings.answers_of([rating]) == [dict.fromkeys(Element) | {Element.TIME: 2}]


@pytest.mark.parametrize("score", [0, 5, -1, 400])
def test_only_the_four_answers_are_kept(rating, clock, score):
    with pytest.raises(Refused):
        rate(rating, clock.at, answers={Element.TIME: score})
    assert Rating.objects.get().rated_at is None


def test_a_comment_of_two_thousand_letters_fits_and_one_more_does_not(rating, clock):
    with pytest.raises(Refused):
        rate(rating, clock.at, comment="a" * 2_001)
    rate(rating, clock.at, comment="a" * 2_000)
    assert len(Rating.objects.get().comment) == 2_000


def test_the_link_ends_exactly_thirty_days_after_the_invitation(rating):
    almost = rating.invited_at + timedelta(days=30, microseconds=-1)
    with pytest.raises(Refused) as late:
        rate(rating, rating.invited_at + timedelta(days=30))
    assert late.value.code == "expired"
    rate(rating, almost)


def test_a_rating_is_told_without_a_word_about_the_person(rating, clock):
    rate(rating, clock.at, comment="Ani Lestari")
    told = Event.objects.get(name="rating.given")
    assert (told.by, told.data) == (None, {"door": "link", "answered": 9})


# the link on the phone


def test_the_link_shows_nine_questions_with_four_answers_and_none_is_ticked(client, rating):
    page = client.get(url(rating)).content.decode()
    assert (page.count('type="radio"'), page.count(" checked"), page.count("<fieldset")) == (36, 0, 9)
    assert [page.index(f'name="{each.element}"') for each in QUESTIONNAIRE] == sorted(
        page.index(f'name="{each.element}"') for each in QUESTIONNAIRE
    )


def test_a_sent_rating_leads_to_a_thank_you_with_the_way_to_a_complaint(client, rating, clock):
    page = client.post(url(rating), MOST, follow=True)
    assert (page.status_code, page.templates[0].name) == (200, "feedback/rating_thanks.html")
    assert f"{reverse('complaint', args=['1808'])}?penilaian={rating.token}" in page.content.decode()


def test_a_double_click_is_thanked_twice_and_kept_once(client, rating, clock):
    client.post(url(rating), MOST)
    again = client.post(url(rating), dict.fromkeys(MOST, "1"), follow=True)
    assert (again.status_code, again.templates[0].name) == (200, "feedback/rating_thanks.html")
    assert Rating.objects.get().time == 4


def test_nothing_answered_is_asked_again_and_nothing_is_kept(client, rating):
    page = client.post(url(rating), {"comment": "Halo"})
    assert (page.status_code, len(page.context["form"].non_field_errors())) == (422, 1)
    assert Rating.objects.get().rated_at is None


@pytest.mark.parametrize("value", ["5", "0", "-1", "4.0", "vier", "", "4" * 5_000])
def test_a_wrong_answer_is_said_and_nothing_is_kept(client, rating, value):
    page = client.post(url(rating), {"time": value})
    assert page.status_code == 422
    assert Rating.objects.get().rated_at is None


def test_ten_thousand_letters_come_back_with_a_sentence(client, rating):
    page = client.post(url(rating), MOST | {"comment": "x" * 10_000})
    assert (page.status_code, "comment" in page.context["form"].errors) == (422, True)
    assert "x" * 10_000 in page.content.decode()


def test_a_hostile_comment_is_kept_as_text(client, rating):
    client.post(url(rating), MOST | {"comment": "<script>alert(1)</script>'; DROP TABLE rating; --"})
    assert Rating.objects.get().comment == "<script>alert(1)</script>'; DROP TABLE rating; --"


def test_an_ended_link_says_so(client, rating, clock):
    clock.set(rating.expires_at)
    page = client.get(url(rating))
    assert (page.status_code, page.context["why"]) == (410, "expired")
    assert client.post(url(rating), MOST).status_code == 410


def test_a_link_used_before_it_ended_still_thanks_afterwards(client, rating, clock):
    client.post(url(rating), MOST)
    clock.advance(days=60)
    assert client.get(url(rating)).templates[0].name == "feedback/rating_thanks.html"


@pytest.mark.parametrize("token", ["tidak-ada", "x" * 500, "'--"])
def test_an_unknown_link_says_so(client, office, token):
    page = client.get(f"/1808/penilaian/{token}/")
    assert (page.status_code, page.context["why"]) == (404, "unknown")


def test_the_token_of_another_office_is_unknown_here(client, rating, other_office):
    assert client.get(url(rating, "1812")).context["why"] == "unknown"
    assert client.post(url(rating, "1812"), MOST).status_code == 404
    assert Rating.objects.get().rated_at is None


def test_the_queue_number_leads_to_the_rating_of_its_visit(client, rating):
    ticket = rating.visit.tickets.get()
    assert client.get(reverse("ticket_rating", args=["1808", ticket.token])).headers["Location"] == url(
        rating
    )


def test_before_the_service_has_finished_the_number_says_when_the_rating_opens(client, office, clock):
    page = client.get(reverse("ticket_rating", args=["1808", take(office, clock.at).token]))
    assert (page.status_code, page.context["why"]) == (200, "not_yet")


def test_nobody_keeps_a_copy_of_the_questionnaire(client, rating):
    assert client.get(url(rating)).headers["Cache-Control"] == "no-store, private"


# the tablet


def tablet_url(tablet, query=""):
    return reverse("rating_tablet", args=["1808", tablet.token]) + query


def test_the_tablet_offers_the_rating_of_whom_its_desk_has_just_served(client, rating, tablet):
    assert client.get(tablet_url(tablet)).context["offered"] == rating


def test_the_tablet_of_another_desk_stays_idle(client, rating, tablet, second_desk):
    tablet.desk = second_desk
    tablet.save()
    assert client.get(tablet_url(tablet)).context["offered"] is None


def test_a_skipped_rating_is_not_offered_again_and_stays_open_by_link(client, rating, tablet):
    page = client.get(tablet_url(tablet, f"?sesudah={rating.pk}"))
    assert page.context["offered"] is None
    assert client.get(url(rating)).status_code == 200


def test_the_offer_goes_away_when_the_next_visitor_sits_down(
    client, rating, tablet, desk, budi, clock, office
):
    take(office, clock.at)
    call_and_start(desk, budi, clock.advance(seconds=5))
    assert client.get(tablet_url(tablet)).context["offered"] is None


def test_the_offer_goes_away_by_itself_after_three_minutes(client, rating, tablet, clock):
    clock.advance(minutes=3)
    assert client.get(tablet_url(tablet)).context["offered"] is None


def test_an_answer_on_the_tablet_is_thanked_and_forgotten(client, rating, tablet):
    client.get(tablet_url(tablet, "?nilai"))
    page = client.post(tablet_url(tablet), MOST | {"rating": rating.token}, follow=True)
    assert page.templates[0].name == "feedback/tablet_thanks.html"
    assert (Rating.objects.get().time, dict(client.session)) == (4, {})
    assert rating.token not in client.get(tablet_url(tablet)).content.decode()


def test_the_tablet_rates_only_visits_of_its_own_desk(client, rating, tablet, second_desk):
    tablet.desk = second_desk
    tablet.save()
    client.post(tablet_url(tablet), MOST | {"rating": rating.token})
    assert Rating.objects.get().rated_at is None


def test_a_tablet_that_was_revoked_is_not_found(client, rating, tablet, clock):
    tablet.revoked_at = clock.at
    tablet.save()
    assert client.get(tablet_url(tablet)).status_code == 404
    assert for_tablet("1808", tablet.token, "") is None


def test_a_kiosk_is_no_tablet(client, office, kiosk):
    assert client.get(tablet_url(kiosk)).status_code == 404
    assert for_tablet("1808", kiosk.token, "") is None


def test_the_tablet_listens_to_its_desk_and_its_line(tablet, office, desk, other_office, clock):
    assert for_tablet("1808", tablet.token, "") == (f"tablet:{desk.pk}", f"queue:{office.pk}")
    assert for_tablet("1812", tablet.token, "") is None


@pytest.mark.parametrize("query", ["?sesudah=abc", "?sesudah=-1", "?sesudah=" + "9" * 40, "?sesudah=%D9%A3"])
def test_a_tampered_address_shows_the_offer_all_the_same(client, rating, tablet, query):
    assert client.get(tablet_url(tablet, query)).context["offered"] == rating


def test_signals_fetch_the_stage_alone(client, rating, tablet):
    page = client.get(tablet_url(tablet), headers={"HX-Request": "true"}).content.decode()
    assert (page.lstrip().startswith("<section"), "<html" in page) == (True, False)
