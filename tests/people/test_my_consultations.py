"""What a client asked online, on the page of the own account."""

import pytest
from django.urls import reverse

from sapa.consultations import lifecycle
from sapa.consultations.models import Reason
from sapa.inbox import writing
from sapa.inbox.models import Kind
from tests.cast import make_client
from tests.inbox.conftest import ani, ask, question, words

__all__ = ["ani", "question"]


@pytest.fixture
def page(client, ani, clock):
    """The account page of Ani."""
    client.force_login(ani.user)
    return lambda: client.get(reverse("account")).content.decode()


def test_an_account_without_questions_says_where_they_will_be(page):
    assert "Belum ada konsultasi" in page()


def test_a_question_is_there_with_its_code_its_office_and_whose_turn_it_is(page, question, budi, clock, ani):
    said = page()
    assert (question.subject in said, question.code in said, question.office.name in said) == (
        True,
        True,
        True,
    )
    assert "Kantor sedang membaca pertanyaan Anda" in said
    lifecycle.accept(question, by=budi, at=clock())
    assert "Kantor sedang mengerjakannya" in page()
    writing.office_says(question, words("Ini."), kind=Kind.ANSWER, by=budi, at=clock.advance(hours=1))
    assert "Giliran Anda: kantor sudah menulis" in page()
    question.refresh_from_db()
    lifecycle.close(question, reason=Reason.DONE, by=budi, at=clock.advance(hours=1))
    assert "Ditutup" in page()


def test_the_newest_stands_first_and_fifty_at_most(page, ani, office, clock):
    ask(ani, office, clock, subject="Yang lama")
    clock.advance(hours=1)
    ask(ani, office, clock, subject="Yang baru")
    said = page()
    assert said.index("Yang baru") < said.index("Yang lama")


def test_the_questions_of_others_are_not_there(page, office, clock):
    ask(make_client("Joko"), office, clock, subject="Rahasia Joko")
    assert "Rahasia Joko" not in page()


def test_a_visit_is_no_consultation_of_this_list(page, ani, office, clock):
    from tests.feedback.visitors import sign, take

    take(office, clock(), visit=sign(office, clock(), client=ani))
    assert "Belum ada konsultasi" in page()


def test_the_page_asks_the_database_as_often_for_three_as_for_one(
    client, ani, office, clock, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(ani.user)
    ask(ani, office, clock)
    client.get(reverse("account"))
    with django_assert_max_num_queries(60) as one:
        client.get(reverse("account"))
    for _ in range(2):
        clock.advance(hours=1)
        ask(ani, office, clock)
    with django_assert_num_queries(len(one)):
        client.get(reverse("account"))
