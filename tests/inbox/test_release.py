"""Who may change how answers are released also sees how they are released."""

from typing import Any

import pytest
from django.urls import reverse

from sapa.activity.models import Event
from sapa.consultations.models import Consultation
from sapa.inbox import canning, publishing, writing
from sapa.inbox.models import InboxPolicy, Kind
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.conftest import Clock
from tests.inbox.conftest import words

pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize("who", ["citra", "gita"])
def test_supervisor_and_head_see_and_change_how_answers_are_released(
    who: str, office: Office, signed_in: Any, request: pytest.FixtureRequest
) -> None:
    browser, address = signed_in(request.getfixturevalue(who)), reverse("inbox_policy", args=[office.code])
    before = browser.get(address)
    assert (before.status_code, before.context["form"]["approval"].value()) == (200, False)
    changed = browser.post(address, {"approval": "on"})
    assert (changed.status_code, changed.headers["Location"]) == (302, address)
    assert InboxPolicy.objects.get(office=office).answers_need_approval is True
    assert browser.get(address).context["form"]["approval"].value() is True


def test_a_consultant_is_refused_the_release_of_answers(
    office: Office, budi: Officer, signed_in: Any
) -> None:
    browser, address = signed_in(budi), reverse("inbox_policy", args=[office.code])
    assert [browser.get(address).status_code, browser.post(address).status_code] == [403, 403]
    assert InboxPolicy.objects.filter(office=office).exists() is False


def test_a_stranger_finds_no_release_of_answers(office: Office, dewi: Officer, signed_in: Any) -> None:
    assert signed_in(dewi).get(reverse("inbox_policy", args=[office.code])).status_code == 404


def test_the_head_is_led_to_it_from_the_inbox_and_the_settings_and_to_nothing_that_refuses(
    office: Office, gita: Officer, signed_in
) -> None:
    browser = signed_in(gita)
    for page in ("inbox", "settings"):
        shown = browser.get(reverse(page, args=[office.code])).content.decode()
        assert (page, reverse("inbox_policy", args=[office.code]) in shown) == (page, True)
        assert (page, reverse("canned_answers", args=[office.code]) in shown) == (page, False)


def test_a_consultant_is_led_to_the_canned_answers_and_not_to_the_release(
    office: Office, budi: Officer, signed_in
) -> None:
    shown = signed_in(budi).get(reverse("inbox", args=[office.code])).content.decode()
    assert [reverse(name, args=[office.code]) in shown for name in ("canned_answers", "inbox_policy")] == [
        True,
        False,
    ]


def test_the_head_sees_and_decides_on_a_public_answer(
    question: Consultation, office: Office, budi: Officer, gita: Officer, signed_in: Any, clock: Clock
) -> None:
    writing.office_says(question, words("Sudah terbit."), kind=Kind.ANSWER, by=budi, at=clock())
    proposed = publishing.propose(
        question, subject="Penduduk", question="Berapa?", answer="Ada di publikasi.", by=budi, at=clock()
    )
    browser = signed_in(gita)
    page = browser.get(reverse("public_answers", args=[office.code])).content.decode()
    decide = reverse("public_answer", args=[office.code, proposed.pk])
    assert f'action="{decide}"' in page
    browser.post(decide, {"publish": "1"})
    proposed.refresh_from_db()
    assert proposed.state == "published"


def test_the_same_choice_again_is_no_change(office: Office, citra: Officer, clock: Clock) -> None:

    for wanted in (True, True, False, False):
        canning.set_approval(office, wanted=wanted, by=citra, at=clock())
    told = Event.objects.filter(name="inbox_policy.changed").order_by("pk")
    assert [each.data["approval"] for each in told] == [True, False]
