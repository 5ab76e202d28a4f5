"""Another program holds the database, a real process beside us: what is said meanwhile waits and is there once, and
who waits in vain reads a sentence and may send the same again."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from sapa.activity.models import Event
from sapa.consultations.models import Consultation
from sapa.inbox.models import Message
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.beside import address_of_this_database
from tests.conftest import Clock
from tests.frontdesk.test_at_once import at_once
from tests.inbox.conftest import ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

# Neither knows of our queue of writers: as the database's own tools, a backup or a repair by hand.
SQLITE = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1].removeprefix("sqlite:///"), isolation_level=None)
database.execute("BEGIN IMMEDIATE")
"""
POSTGRESQL = """
import psycopg, sys
database = psycopg.connect(sys.argv[1])
database.execute("LOCK TABLE inbox_message, inbox_conversation, consultations_consultation IN ACCESS EXCLUSIVE MODE")
"""
UNTIL_TOLD = """
print("held", flush=True)
sys.stdin.readline()
"""


@contextmanager
def held() -> Iterator[Callable[[], None]]:
    """The other program holds the database inside, until it is told to let go."""
    hold = (SQLITE if connection.vendor == "sqlite" else POSTGRESQL) + UNTIL_TOLD
    command = [sys.executable, "-c", hold, address_of_this_database()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        try:
            yield other.stdin.close
        finally:
            other.kill()


def at_home(client: Client) -> Browser:
    """The client, signed in, with a complete profile."""
    Client.objects.filter(pk=client.pk).update(
        education="bachelor", occupation="student", institution_category="research_education", gender="female"
    )
    browser = Browser(raise_request_exception=False)
    assert client.user is not None
    browser.force_login(client.user)
    return browser


def texts(consultation: Consultation) -> list[str]:
    said = Message.objects.filter(conversation__consultation=consultation).order_by("sequence")
    return list(said.values_list("text", flat=True))


def test_what_is_said_asked_and_answered_in_five_locked_seconds_is_there_once_afterwards(
    ani: Client, budi: Officer, office: Office, clock: Clock
) -> None:
    mine, other = ask(ani, office, clock), ask(ani, office, clock)
    desk = Browser(raise_request_exception=False)
    desk.force_login(budi.user)
    said = {"key": uuid4(), "text": "Tahun 2024"}
    answered = {"key": uuid4(), "text": "Ini tabelnya", "kind": "answer"}
    asked = {"subject": "Jumlah penduduk", "question": "Per kecamatan?", "purpose": "research"}
    posts = [
        partial(at_home(ani).post, reverse("room_messages", args=[office.code, mine.token]), said),
        partial(desk.post, reverse("case_messages", args=[office.code, other.code]), answered),
        partial(at_home(ani).post, reverse("ask", args=[office.code]), asked),
    ]
    with held() as let_go:

        def wait() -> float:
            began = time.monotonic()
            time.sleep(5)
            assert not Event.objects.filter(name__in=["message.received", "message.sent"]).exists()
            let_go()
            return began

        def sent(post: partial[Any]) -> tuple[object, float]:
            return getattr(post(), "status_code", None), time.monotonic()

        *answers, began = at_once(office, *(partial(sent, post) for post in posts), wait)
    assert [status for status, _at in answers] == [302, 302, 302]
    assert min(at for _status, at in answers) - began >= 5
    for post in posts[:2]:
        post()
    question = "Berapa jumlah penduduk per kecamatan?"
    newest = Consultation.objects.order_by("-id").first()
    assert newest is not None
    assert (texts(mine), texts(other), texts(newest)) == (
        [question, "Tahun 2024"],
        [question, "Ini tabelnya"],
        ["Per kecamatan?"],
    )
    assert Consultation.objects.count() == 3


@pytest.fixture
def impatient() -> Iterator[None]:
    """Nobody waits longer than a second for the database."""
    before = connection.settings_dict["OPTIONS"].copy()
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = 1
    else:
        connection.settings_dict["OPTIONS"]["options"] = "-c lock_timeout=1s"
    connection.close()
    yield
    connection.settings_dict["OPTIONS"].clear()
    connection.settings_dict["OPTIONS"].update(before)
    connection.close()


@pytest.mark.usefixtures("impatient")
def test_who_waits_in_vain_reads_a_sentence_nothing_is_half_written_and_the_same_again_is_there_once(
    ani: Client, office: Office, clock: Clock
) -> None:
    question = ask(ani, office, clock)
    room = reverse("room_messages", args=[office.code, question.token])
    browser, said = at_home(ani), {"key": uuid4(), "text": "Tahun 2024"}
    before = (texts(question), Event.objects.count())
    with held():
        refused = browser.post(room, said)
    assert refused.status_code == 500
    assert "Maaf, sedang ada gangguan" in refused.content.decode()
    assert (texts(question), Event.objects.count()) == before
    assert [browser.post(room, said).status_code for _twice in range(2)] == [302, 302]
    assert texts(question) == [*before[0], "Tahun 2024"]
