"""A flood of messages is stopped with a sentence, and nothing of it is lost."""

from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from sapa.consultations.models import Consultation
from sapa.core.errors import Refused
from sapa.inbox import writing
from sapa.inbox.models import Message, MessageDraft
from sapa.offices.models import Office
from sapa.people.models import Client, User
from tests.cast import make_client
from tests.conftest import Clock
from tests.inbox.conftest import ask, words


@pytest.fixture(autouse=True)
def _few(settings: Settings) -> None:
    settings.MESSAGES_A_MINUTE, settings.MESSAGES_AN_HOUR = 3, 5


def say(consultation: Consultation, clock: Clock, times: int) -> None:
    user = consultation.client.user
    assert user is not None
    for _ in range(times):
        writing.client_says(consultation, words(), user=user, at=clock())


def test_the_one_too_many_in_a_minute_waits_for_the_next_minute(question: Consultation, clock: Clock) -> None:
    say(question, clock, 3)
    clock.advance(seconds=59)
    with pytest.raises(Refused, match=r"pukul 08\.31 WIB") as refusal:
        say(question, clock, 1)
    assert (refusal.value.code, Message.objects.count()) == ("too_often", 4)
    clock.advance(seconds=1)
    say(question, clock, 1)
    assert Message.objects.count() == 5


def test_the_one_too_many_in_an_hour_waits_for_the_next_hour(question: Consultation, clock: Clock) -> None:
    say(question, clock, 3)
    clock.advance(minutes=5)
    say(question, clock, 2)
    with pytest.raises(Refused, match=r"pukul 09\.00 WIB"):
        say(question, clock, 1)
    clock.advance(minutes=25)
    say(question, clock, 1)
    assert Message.objects.count() == 7


def test_several_conversations_are_one_flood_and_other_clients_are_left_alone(
    question: Consultation, ani: Client, office: Office, clock: Clock
) -> None:
    say(question, clock, 2)
    second = ask(ani, office, clock, subject="Padi")
    say(second, clock, 1)
    with pytest.raises(Refused):
        say(second, clock, 1)
    user = User.objects.create_user("lain@contoh.example", "sandi-yang-panjang-1")
    other = make_client("Lain", user=user, email="lain@contoh.example", email_verified_at=clock())
    theirs = ask(other, office, clock)
    say(theirs, clock, 1)
    assert Message.objects.filter(conversation__consultation=theirs).count() == 2


def test_the_same_message_again_is_no_further_one(question: Consultation, ani: Client, clock: Clock) -> None:
    assert ani.user is not None
    said = words("sekali")
    for _ in range(9):
        writing.client_says(question, said, user=ani.user, at=clock())
    say(question, clock, 2)
    assert Message.objects.count() == 4


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["whole page", "part"])
def test_what_was_refused_stays_in_the_box_and_on_the_server(
    at_home: Browser, question: Consultation, clock: Clock, headers: dict[str, str]
) -> None:
    say(question, clock, 3)
    address = reverse("room_messages", args=[question.office.code, question.token])
    key = uuid4()
    refused = at_home.post(address, {"key": key, "text": "yang keempat"}, headers=headers)
    composer = refused.context["composer"]
    assert (refused.status_code, composer["text"], composer["key"], len(composer["errors"])) == (
        429,
        "yang keempat",
        key,
        1,
    )
    assert MessageDraft.objects.get().text == "yang keempat"
    clock.advance(minutes=1)
    at_home.post(address, {"key": key, "text": "yang keempat"}, headers=headers)
    assert Message.objects.filter(text="yang keempat").count() == 1
    assert not MessageDraft.objects.exists()
