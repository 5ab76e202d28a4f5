"""What a page asks before it lets go of what was typed: quick, never remembered, and nothing but an answer."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_the_answer_is_empty_is_not_kept_and_needs_no_database(method: str, client: Client) -> None:
    answer = client.generic(method, reverse("pulse"))
    assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (200, b"", "no-store")
    assert answer.cookies == {}


def test_nothing_can_be_sent_there(client: Client) -> None:
    assert client.post(reverse("pulse")).status_code == 405
