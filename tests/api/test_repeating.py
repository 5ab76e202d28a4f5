"""Twice is once: what is sent again, because a line broke or two threads hurried, is done once."""

import threading

import pytest
from django.db import connection

from sapa.api.models import IdempotentRequest
from sapa.consultations.models import Consultation
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office
from sapa.people.models import Client
from tests.api.conftest import GUEST, QUESTION, Caller, Maker, done, problem
from tests.conftest import Clock


def test_the_same_key_gets_the_first_answer_and_does_nothing_again(caller: Maker, ani: Client) -> None:
    c = caller()
    first = c.post("/consultations", QUESTION, key="a-1")
    again = c.post("/consultations", QUESTION, key="a-1")
    assert done(again, 201) == done(first, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Consultation.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(caller: Maker, ani: Client) -> None:
    c = caller()
    done(c.post("/consultations", QUESTION, key="a-1"), 201)
    other = c.post("/consultations", QUESTION | {"subject": "Lain"}, key="a-1")
    assert problem(other) == (422, "key_reused")
    assert problem(c.post("/visits", GUEST, key="a-1")) == (422, "key_reused")
    done(caller().post("/consultations", QUESTION, key="a-1"), 201)
    assert Consultation.objects.count() == 2


def test_a_refused_request_may_be_mended_and_sent_with_the_same_key(caller: Maker, ani: Client) -> None:
    c = caller()
    assert problem(c.post("/consultations", QUESTION | {"subject": ""}, key="a-1"))[0] == 422
    done(c.post("/consultations", QUESTION, key="a-1"), 201)


@pytest.mark.parametrize("key", ["", "x" * 81, "with space", "tanda\u2713"])
def test_each_post_needs_a_key(key: str, caller: Maker, ani: Client) -> None:
    assert problem(caller().post("/consultations", QUESTION, key=key)) == (400, "key_missing")


def test_answers_are_forgotten_after_two_days(caller: Maker, ani: Client, clock: Clock, work: object) -> None:
    c = caller()
    done(c.post("/consultations", QUESTION, key="a-1"), 201)
    clock.advance(hours=47)
    work()  # type: ignore[operator]
    assert IdempotentRequest.objects.count() == 1
    clock.advance(hours=1)
    work()  # type: ignore[operator]
    assert IdempotentRequest.objects.count() == 0


def test_a_secret_in_an_answer_does_not_lie_open(caller: Maker) -> None:
    made = done(caller().post("/webhooks", {"url": "https://a.example/", "events": ["visit.signed"]}), 201)
    assert made["secret"] not in IdempotentRequest.objects.get().answer


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_one_visit(caller: Maker, office: Office, clock: Clock) -> None:
    c = caller()
    start, answers = threading.Barrier(2), []

    def send(own: Caller) -> None:
        try:
            start.wait(5)
            answers.append(own.post("/visits", GUEST, key="same"))
        finally:
            connection.close()

    both = [threading.Thread(target=send, args=(Caller(c.secret),)) for _each in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(30)
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert Visit.objects.count() == 1
