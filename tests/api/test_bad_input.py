"""What a program should not send to a conversation: refused with a code and a sentence, and nothing of it is kept."""

import json
from typing import Any

import pytest
from django_scopes import scope, scopes_disabled
from pytest_django import Settings

from sapa.api.models import IdempotentRequest
from sapa.consultations.models import Consultation
from sapa.files.models import StoredFile
from sapa.inbox.models import Message
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.api.conftest import QUESTION, Maker, done, problem
from tests.conftest import Clock
from tests.inbox.conftest import ask

SAID = {"side": "client", "text": "Tahun 2024"}


@pytest.fixture
def question(ani: Client, office: Office, clock: Clock) -> Consultation:
    return ask(ani, office, clock)


def address(consultation: Consultation) -> str:
    return f"/consultations/{consultation.code}/messages"


def kept() -> tuple[int, int, int, int]:
    with scopes_disabled():
        rows = (Consultation, Message, StoredFile, IdempotentRequest)
        return tuple(each.objects.count() for each in rows)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"raw": b"x" * 1_048_576}, 413, "too_large"),
        ({"body": SAID | {"text": "x" * 1_048_576}}, 413, "too_large"),
        ({"body": SAID | {"text": "x" * 10_001}}, 422, "invalid"),
        ({"body": SAID | {"text": ""}}, 422, "invalid"),
        ({"body": SAID | {"text": " \n "}}, 422, "empty"),
        ({"body": SAID | {"text": "\u202e"}}, 422, "empty"),
        ({"body": SAID | {"text": "a\x00b"}}, 422, "invalid"),
        ({"body": SAID | {"text": "\ud800"}}, 422, "invalid"),
        ({"body": SAID | {"text": ["a"]}}, 422, "invalid"),
        ({"body": SAID | {"side": "system"}}, 422, "invalid"),
        ({"body": SAID | {"kind": "notice"}}, 422, "invalid"),
        ({"body": SAID | {"officer": 1}}, 422, "invalid"),
        ({"body": SAID | {"files": [1]}}, 422, "invalid"),
        (
            {
                "raw": b'--x\r\nfile; filename="../../a.pdf"',
                "content_type": "multipart/form-data; boundary=x",
            },
            415,
            "not_json",
        ),
        ({"raw": b"PK\x03\x04" + b"\0" * 500, "content_type": "application/zip"}, 415, "not_json"),
    ],
)
def test_a_message_that_cannot_be_is_refused_and_nothing_is_kept(
    question: Consultation, caller: Maker, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = caller().post(address(question), **sent)
    assert problem(answer) == (status, code)
    assert len(json.loads(answer.content)["detail"]) > 20
    assert kept() == (1, 1, 0, 0)


def test_the_body_that_lies_about_its_length_is_refused(question: Consultation, caller: Maker) -> None:
    """100 MB never get in: the front stops them (tests/test_front.py); here what came in pieces is measured."""
    big = json.dumps(SAID | {"text": "x" * 300_000}).encode()
    assert problem(caller().post(address(question), raw=big)) == (413, "too_large")
    assert kept() == (1, 1, 0, 0)


def test_script_is_kept_as_words(question: Consultation, caller: Maker, signed_in: Any) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    told = done(caller().post(address(question), SAID | {"text": evil}), 201)
    assert told["text"] == evil
    page = signed_in(question.client.user).get(f"/1808/konsultasi/{question.token}/").content.decode()
    assert [each for each in ("<script>alert", "<img src=x") if each in page] == []


def test_a_token_of_another_office_writes_and_reads_nothing_here(
    question: Consultation, caller: Maker, dewi: Officer, hadi: Officer
) -> None:
    office = dewi.office
    stranger = caller(office=office)
    base = f"/api/v1/{office.code}"
    assert problem(stranger.post(address(question), SAID)) == (403, "other_office")
    assert problem(stranger.get(address(question))) == (403, "other_office")
    assert problem(stranger.post(f"{base}{address(question)}", SAID)) == (404, "not_found")
    assert problem(stranger.get(f"{base}{address(question)}")) == (404, "not_found")
    assert kept()[:3] == (1, 1, 0)


def test_an_expired_token_opens_nothing(question: Consultation, caller: Maker, clock: Clock) -> None:
    late = caller()
    clock.advance(days=60)
    for answer in (late.post(address(question), SAID), late.get(address(question))):
        assert problem(answer) == (401, "bad_token")
    assert kept() == (1, 1, 0, 0)


def test_a_message_for_what_another_office_has_is_not_found(
    ani: Client, caller: Maker, dewi: Officer, clock: Clock
) -> None:
    with scope(office=dewi.office):
        theirs = ask(ani, dewi.office, clock)
    assert problem(caller().post(address(theirs), SAID)) == (404, "not_found")
    assert kept() == (1, 1, 0, 0)


def test_a_flood_is_stopped_with_the_time_to_go_on(
    question: Consultation, caller: Maker, settings: Settings, clock: Clock
) -> None:
    settings.MESSAGES_A_MINUTE = 2
    program = caller()
    for _ in range(2):
        done(program.post(address(question), SAID), 201)
    answer = program.post(address(question), SAID)
    assert problem(answer) == (429, "too_often")
    assert ("08:31 WIB" in json.loads(answer.content)["detail"], answer.headers["Retry-After"]) == (
        True,
        "60",
    )
    assert kept()[1] == 3
    clock.advance(minutes=1)
    done(program.post(address(question), SAID), 201)


def test_the_twenty_first_question_of_a_day_waits(caller: Maker, ani: Client) -> None:
    program = caller()
    for number in range(20):
        done(program.post("/consultations", QUESTION | {"subject": f"Padi {number}"}), 201)
    assert problem(program.post("/consultations", QUESTION)) == (429, "too_often")
    assert kept()[0] == 20
