"""Trying a rule of the queue on the last service day before it is saved."""

import pytest
from django.urls import reverse

from sapa.offices.models import Office
from tests.frontdesk.test_replay import play_monday


@pytest.fixture
def busy_monday(office, desk, budi):
    play_monday(office, desk, budi)


@pytest.fixture
def page(signed_in, hadi, office):
    browser, address = signed_in(hadi), reverse("settings_policy", args=[office.code])

    def ask(language="id", **given):
        browser.cookies["sapa_language"] = language
        return browser.post(address, given) if given else browser.get(address)

    return ask


def test_a_proposed_rule_is_shown_beside_the_current_one_and_nothing_is_saved(
    page,
    office,
    busy_monday,
    clock,
):
    clock.advance(days=1)
    tried = page(priority_every="7", action="try")
    text = tried.content.decode()
    assert (tried.status_code, Office.objects.get(pk=office.pk).priority_every) == (200, 1)
    assert "Senin, 23 November 2026: 4 pengunjung dilayani, 1 di antaranya prioritas." in text
    assert "Belum ada yang disimpan." in text
    rows = {row[0]: row[1:] for row in tried.context["replay"].rows}
    assert rows["1: prioritas selalu didahulukan (aturan sekarang)"] == [
        "19 menit",
        "28 menit",
        "7 menit",
        "7 menit",
    ]
    assert rows["7: setelah paling banyak 6 nomor lain (usulan Anda)"] == [
        "9 menit",
        "18 menit",
        "27 menit",
        "27 menit",
    ]


def test_the_comparison_is_there_in_english_without_a_proposal(page, busy_monday, clock):
    clock.advance(days=1)
    shown = page("en")
    assert [row[0] for row in shown.context["replay"].rows] == [
        "1: priority always first (the rule now)",
        "2: after at most 1 other",
        "3: after at most 2 others",
        "4: after at most 3 others",
    ]
    assert "4 visitors were served, 1 of them with priority." in shown.content.decode()


def test_a_day_on_which_no_rule_matters_says_so(page, office, desk, budi, clock):
    play_monday(office, desk, budi, priority=False)
    clock.advance(days=1)
    assert "Hari itu aturan mana pun tidak mengubah apa-apa" in page().content.decode()


def test_a_saved_rule_is_saved_and_no_trial(page, office, clock):
    assert page(priority_every="3", action="save").status_code == 302
    assert Office.objects.get(pk=office.pk).priority_every == 3


def test_a_rule_that_is_none_is_not_tried(page, office, busy_monday, clock):
    clock.advance(days=1)
    tried = page(priority_every="0", action="try")
    assert (tried.status_code, tried.context["is_trial"], len(tried.context["replay"].rows)) == (
        422,
        False,
        4,
    )


def test_an_office_without_a_past_says_when_the_comparison_comes(page, office, clock):
    assert "Setelah ada hari layanan yang selesai" in page().content.decode()
