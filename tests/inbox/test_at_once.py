"""Two people press in the same instant, each in a browser of their own: one wins, the other reads a sentence."""

import re
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from sapa.activity.models import Event
from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation, Deadline, Reason, State
from sapa.inbox import writing
from sapa.inbox.models import Kind, Side
from sapa.inbox.setting_aside import set_aside
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.conftest import Clock
from tests.frontdesk.test_at_once import at_once
from tests.inbox.conftest import ask, words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

CHANGED = "Konsultasi ini sudah berubah. Halaman ini menampilkan keadaan terbaru."
CLOSED = "Konsultasi ini sudah ditutup."
TAKEN = "%s sudah lebih dahulu mengambilnya."
SENTENCES = (CHANGED, CLOSED, TAKEN % "Budi", TAKEN % "Citra")


def press(who: Officer, consultation: Consultation, name: str, **said: str) -> partial[Any]:
    """What that officer does at the page of the case, and the page that comes after it."""
    browser = Browser()
    browser.force_login(who.user)
    address = reverse(name, args=[consultation.office.code, consultation.code])
    return partial(browser.post, address, said, follow=True)


def sentences(pages: list[object]) -> list[list[str]]:
    """What each of the pages says about somebody who was quicker."""
    assert [getattr(page, "status_code", page) for page in pages] == [200] * len(pages)
    texts = [page.content.decode() for page in pages if isinstance(page, HttpResponse)]
    said = [re.search(r'<div class="messages">(.*?)</div>', text, re.DOTALL) for text in texts]
    return [[each for each in SENTENCES if found and each in found[1]] for found in said]


@pytest.mark.parametrize("name", ["case_claim", "case_acceptance"])
def test_who_takes_it_a_moment_later_is_told_by_whom_it_was_taken(
    name: str, ani: Client, budi: Officer, citra: Officer, office: Office, clock: Clock
) -> None:
    for _round in range(2):
        asked = ask(ani, office, clock)
        pages = at_once(office, press(budi, asked, name), press(citra, asked, name))
        asked.refresh_from_db()
        assert asked.officer in (budi, citra)
        told = TAKEN % asked.officer
        assert sentences(pages) == ([[], [told]] if asked.officer == budi else [[told], []])
        taken = Event.objects.filter(name="consultation.claimed", subject_id=asked.pk)
        assert [each.data["officer"] for each in taken] == [asked.officer.pk]


def test_who_closes_a_moment_later_is_told(
    ani: Client, budi: Officer, citra: Officer, office: Office, clock: Clock
) -> None:
    asked = ask(ani, office, clock)
    writing.office_says(asked, words("jawaban"), kind=Kind.ANSWER, by=budi, at=clock())
    pages = at_once(office, *(press(who, asked, "case_closure") for who in (budi, citra)))
    assert sorted(sentences(pages)) == [[], [CHANGED]]
    assert Event.objects.filter(name="consultation.closed").count() == 1
    ended = Deadline.objects.filter(consultation=asked, met_at=None, stopped_at=None)
    assert (Consultation.objects.get().state, ended.count()) == (State.CLOSED, 0)


def test_who_sets_it_aside_a_moment_later_is_told(
    ani: Client, budi: Officer, citra: Officer, office: Office, clock: Clock
) -> None:
    asked = ask(ani, office, clock)
    ways = ((budi, "junk"), (citra, "elsewhere"))
    pages = at_once(office, *(press(who, asked, "case_closure", reason=why) for who, why in ways))
    assert sorted(sentences(pages)) == [[], [CLOSED]]
    closed = Consultation.objects.get()
    assert (closed.officer, closed.closing_reason) in ways
    assert Event.objects.filter(name="consultation.closed").count() == 1
    assert closed.conversation.messages.filter(side=Side.SYSTEM).count() == 1


def test_two_that_are_each_set_aside_for_the_other_do_not_both_vanish(
    ani: Client, budi: Officer, citra: Officer, office: Office, clock: Clock
) -> None:
    one, two = ask(ani, office, clock), ask(ani, office, clock)
    ways = ((one, two, budi), (two, one, citra))
    outcomes = at_once(
        office,
        *(
            partial(set_aside, each, reason=Reason.DUPLICATE, double_of=other, by=who, at=clock())
            for each, other, who in ways
        ),
    )
    assert sorted(getattr(each, "code", "done") for each in outcomes) == ["done", "double_of"]
    assert Consultation.objects.filter(state=State.CLOSED).count() == 1


@pytest.mark.parametrize("name", ["case_claim", "case_acceptance"])
def test_who_takes_what_its_client_withdraws_in_that_moment_is_told_or_was_first(
    name: str, ani: Client, budi: Officer, office: Office, clock: Clock
) -> None:
    """Taken and then withdrawn, or withdrawn and then refused: closed in the end, and no clock runs on."""
    for _round in range(3):
        asked = ask(ani, office, clock)
        browser = Browser()
        assert ani.user is not None
        browser.force_login(ani.user)
        address = reverse("room_closure", args=[office.code, asked.token])
        withdrawn, taken = at_once(
            office, partial(browser.post, address, follow=True), press(budi, asked, name)
        )
        asked.refresh_from_db()
        assert (sentences([withdrawn]), asked.state) == ([[]], State.CLOSED)
        assert sentences([taken]) == ([[]] if asked.officer == budi else [[CLOSED]])
        assert not Deadline.objects.filter(consultation=asked, met_at=None, stopped_at=None).exists()


def test_who_opens_it_again_a_moment_later_is_told(
    ani: Client, budi: Officer, citra: Officer, office: Office, clock: Clock
) -> None:
    asked = ask(ani, office, clock)
    writing.office_says(asked, words("jawaban"), kind=Kind.ANSWER, by=budi, at=clock())
    lifecycle.close(asked, reason=Reason.DONE, by=budi, at=clock())
    pages = at_once(office, *(press(who, asked, "case_reopening") for who in (budi, citra)))
    assert sorted(sentences(pages)) == [[], [CHANGED]]
    assert Event.objects.filter(name="consultation.reopened").count() == 1
