"""The office's inbox: each view shows what belongs to it, page after page, whatever comes meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from sapa.consultations import holding, lifecycle
from sapa.consultations.models import Consultation, Reason
from sapa.inbox import asking, listing, reading, writing
from sapa.inbox.models import Conversation, Kind, Side
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.cast import make_client
from tests.conftest import Clock
from tests.inbox.conftest import ask, words

Asked = Callable[..., Consultation]


@pytest.fixture
def asked(ani: Client, office: Office, clock: Clock) -> Asked:
    """A request a minute after the one before."""

    def made(subject: str, client: Client | None = None) -> Consultation:
        clock.advance(minutes=1)
        return ask(client or ani, office, clock, subject=subject)

    return made


@pytest.fixture
def shelf(office: Office, budi: Officer) -> Callable[..., list[str]]:
    """The subjects of a view, as Budi sees it."""

    def seen(name: str, officer: Officer = budi, **more: Any) -> list[str]:
        return [each.subject for each in listing.page(office, officer, listing.VIEWS[name], **more).rows]

    return seen


# What each view holds


def test_whose_turn_it_is_decides_between_us_and_the_client(
    asked: Asked, shelf: Callable[..., list[str]], budi: Officer, clock: Clock
) -> None:
    first, second, third = (asked(each) for each in ("satu", "dua", "tiga"))
    writing.office_says(second, words("Tahun?"), kind=Kind.QUESTION, by=budi, at=clock())
    lifecycle.close(third, reason=Reason.WITHDRAWN, by=None, at=clock())
    assert (shelf("untuk-kami"), shelf("untuk-klien")) == (["satu"], ["dua"])
    user = second.client.user
    assert user is not None
    writing.client_says(second, words("2024"), user=user, at=clock.advance(minutes=1))
    assert (shelf("untuk-kami"), shelf("untuk-klien")) == (["satu", "dua"], [])
    holding.claim(first, by=budi, at=clock())
    assert shelf("untuk-kami") == ["satu", "dua"]


def test_mine_are_the_open_ones_in_ones_own_hands_and_unassigned_those_in_nobodys(
    asked: Asked, shelf: Callable[..., list[str]], budi: Officer, citra: Officer, clock: Clock
) -> None:
    mine, _nobodys, hers, closed = (asked(each) for each in ("satu", "dua", "tiga", "empat"))
    holding.claim(mine, by=budi, at=clock())
    holding.claim(hers, by=citra, at=clock())
    holding.claim(closed, by=budi, at=clock())
    lifecycle.close(closed, reason=Reason.DONE, by=budi, at=clock())
    assert (shelf("milik-saya"), shelf("milik-saya", citra)) == (["satu"], ["tiga"])
    assert shelf("belum-diambil") == ["dua"]


def test_due_soon_begins_with_what_falls_due_first_and_knows_only_running_promises(
    asked: Asked, shelf: Callable[..., list[str]], budi: Officer, clock: Clock
) -> None:
    first, second, third, _fourth = (asked(each) for each in ("satu", "dua", "tiga", "empat"))
    lifecycle.accept(second, by=budi, at=clock())
    lifecycle.accept(first, by=budi, at=clock.advance(days=1))
    lifecycle.accept(third, by=budi, at=clock.advance(hours=1))
    assert shelf("hampir-jatuh-tempo") == ["dua", "satu", "tiga"]
    writing.office_says(second, words("Ini"), kind=Kind.ANSWER, by=budi, at=clock())
    assert shelf("hampir-jatuh-tempo") == ["satu", "tiga"]
    writing.office_says(third, words("Tahun?"), kind=Kind.QUESTION, by=budi, at=clock())
    assert shelf("hampir-jatuh-tempo") == ["satu"]


def test_all_begins_with_where_something_was_said_last_and_holds_closed_ones_too(
    asked: Asked, shelf: Callable[..., list[str]], budi: Officer, clock: Clock
) -> None:
    first, second, _third = (asked(each) for each in ("satu", "dua", "tiga"))
    lifecycle.close(second, reason=Reason.WITHDRAWN, by=None, at=clock())
    writing.office_says(first, words(), kind=Kind.MESSAGE, by=budi, at=clock.advance(minutes=1))
    assert shelf("semua") == ["satu", "tiga", "dua"]


def test_the_oldest_turn_stands_first(asked: Asked, shelf: Callable[..., list[str]]) -> None:
    for each in ("satu", "dua", "tiga"):
        asked(each)
    assert shelf("untuk-kami") == ["satu", "dua", "tiga"]


def test_another_offices_stand_in_no_view_and_what_was_passed_on_is_gone(
    asked: Asked, shelf: Callable[..., list[str]], ani: Client, dewi: Officer, clock: Clock
) -> None:
    asked("satu")
    with scope(office=dewi.office):
        ask(ani, dewi.office, clock, subject="di sebelah")
        assert [each.subject for each in listing.page(dewi.office, dewi, listing.VIEWS["semua"]).rows] == [
            "di sebelah"
        ]
        assert [each.subject for each in listing.find(dewi.office, "satu")] == []
    assert {name: shelf(name) for name in ("semua", "untuk-kami", "belum-diambil")} == {
        "semua": ["satu"],
        "untuk-kami": ["satu"],
        "belum-diambil": ["satu"],
    }


def test_the_tabs_count_what_their_views_hold(
    asked: Asked, office: Office, budi: Officer, clock: Clock
) -> None:
    first, second, third = (asked(each) for each in ("satu", "dua", "tiga"))
    lifecycle.accept(first, by=budi, at=clock())
    writing.office_says(second, words("Tahun?"), kind=Kind.QUESTION, by=budi, at=clock())
    lifecycle.close(third, reason=Reason.WITHDRAWN, by=None, at=clock())
    counted = listing.counts(office, budi)
    assert counted == {name: len(listing.page(office, budi, listing.VIEWS[name]).rows) for name in counted}
    assert counted == {
        "untuk-kami": 1,
        "milik-saya": 2,
        "belum-diambil": 0,
        "untuk-klien": 1,
        "hampir-jatuh-tempo": 1,
    }


def test_a_row_says_who_said_what_last_and_whether_it_was_read(
    asked: Asked, office: Office, budi: Officer, clock: Clock
) -> None:
    consultation = asked("satu")
    view = listing.VIEWS["semua"]
    row = listing.page(office, budi, view).rows[0]
    assert (row.client, row.officer, row.excerpt, row.is_from_client, row.is_unread) == (
        "Ani Lestari",
        "",
        "Berapa jumlah penduduk per kecamatan?",
        True,
        True,
    )
    reading.mark(Conversation.objects.get(), Side.OFFICE, 1, is_seen=True)
    assert listing.page(office, budi, view).rows[0].is_unread is False
    writing.office_says(consultation, words("a " * 100), kind=Kind.MESSAGE, by=budi, at=clock())
    row = listing.page(office, budi, view).rows[0]
    assert (row.officer, len(row.excerpt), row.is_from_client, row.is_unread) == ("Budi", 90, False, False)


# Page after page


def walk(office: Office, officer: Officer, view: listing.View, between: Callable[[], object]) -> list[str]:
    """Every page of two rows, and something happens after each."""
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = listing.page(office, officer, view, after=after, limit=2)
        seen += [each.subject for each in page.rows]
        after = page.next
        between()
    return seen


def test_what_comes_while_one_pages_is_neither_a_gap_nor_a_double(
    asked: Asked, office: Office, budi: Officer
) -> None:
    """The newest first: what comes stands before the first page, and the pages after it stay as they were."""
    for number in range(7):
        asked(f"p{number}")
    view = listing.VIEWS["semua"]
    assert walk(office, budi, view, lambda: asked("baru")) == [f"p{number}" for number in range(6, -1, -1)]


def test_what_is_done_while_one_pages_hides_nothing(
    asked: Asked, office: Office, budi: Officer, clock: Clock
) -> None:
    """The oldest first: answering what was on the page before takes it out, and no other row is jumped over."""
    waiting = [asked(f"p{number}") for number in range(6)]

    def answer_the_oldest() -> None:
        if waiting:
            writing.office_says(waiting.pop(0), words(), kind=Kind.ANSWER, by=budi, at=clock())

    seen = walk(office, budi, listing.VIEWS["untuk-kami"], answer_the_oldest)
    assert seen == [f"p{number}" for number in range(6)]


def test_rows_of_the_same_instant_are_paged_apart(
    asked: Asked, office: Office, budi: Officer, ani: Client, clock: Clock
) -> None:
    for number in range(5):
        ask(ani, office, clock, subject=f"p{number}")
    for name, order in (("semua", [4, 3, 2, 1, 0]), ("belum-diambil", [0, 1, 2, 3, 4])):
        seen = walk(office, budi, listing.VIEWS[name], lambda: None)
        assert seen == [f"p{number}" for number in order]


def test_the_last_page_says_so(asked: Asked, office: Office, budi: Officer) -> None:
    for number in range(4):
        asked(f"p{number}")
    view = listing.VIEWS["semua"]
    first = listing.page(office, budi, view, limit=2)
    assert first.next is not None
    second = listing.page(office, budi, view, after=first.next, limit=2)
    assert ([each.subject for each in second.rows], second.next) == (["p1", "p0"], None)


@pytest.mark.parametrize("place", ["x", "1", "_", "1_x", "9" * 40 + "_1", "-1_-1", "1_1; DROP TABLE"])
def test_a_place_that_is_none_begins_at_the_beginning_or_ends_in_peace(
    asked: Asked, shelf: Callable[..., list[str]], place: str
) -> None:
    asked("satu")
    assert shelf("untuk-kami", after=place) == ["satu"]


# Finding


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("PADI", ["Luas panen padi"]),
        ("panen  padi", ["Luas panen padi"]),
        ("lestari", ["Penduduk 100%", "Luas panen padi"]),
        ("éva", ["Ekspor_impor"]),
        ("Éva", ["Ekspor_impor"]),
        ("100%", ["Penduduk 100%"]),
        ("%", ["Penduduk 100%"]),
        ("_", ["Ekspor_impor"]),
        ("!", []),
        ("' OR 1=1 --", []),
        ("x" * 5_000, []),
    ],
)
def test_words_are_found_in_subject_and_name_as_they_are_typed(
    asked: Asked, office: Office, wanted: str, found: list[str]
) -> None:
    asked("Luas panen padi")
    asked("Penduduk 100%")
    asked("Ekspor_impor", make_client("Éva Putri", email="eva@contoh.example"))
    assert [each.subject for each in listing.find(office, wanted)] == found


def test_a_code_is_found_however_it_is_written(asked: Asked, office: Office) -> None:
    consultation = asked("satu")
    asked("dua")
    for wanted in (consultation.code, consultation.code.lower(), consultation.code[4:13]):
        assert [each.code for each in listing.find(office, wanted)] == [consultation.code]


def test_closed_ones_are_found_too(asked: Asked, office: Office, clock: Clock) -> None:
    lifecycle.close(asked("satu"), reason=Reason.WITHDRAWN, by=None, at=clock())
    assert [each.subject for each in listing.find(office, "satu")] == ["satu"]


# On the page


def test_the_view_looked_at_last_opens_again(
    asked: Asked, budi: Officer, clock: Clock, signed_in: Any
) -> None:
    holding.claim(asked("satu"), by=budi, at=clock())
    browser: Browser = signed_in(budi)
    address = reverse("inbox", args=["1808"])
    assert browser.get(address).context["page"].view.name == listing.FIRST
    browser.get(address, {"tampilan": "milik-saya"})
    assert browser.get(address).context["page"].view.name == "milik-saya"
    assert browser.get(address, {"tampilan": "tidak-ada"}).context["page"].view.name == listing.FIRST


def test_searching_and_paging_on_the_page(
    asked: Asked, budi: Officer, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_A_DAY", listing.PAGE + 1)
    for number in range(listing.PAGE + 1):
        asked(f"Padi {number}")
    browser: Browser = signed_in(budi)
    address = reverse("inbox_rows", args=["1808"])
    first = browser.get(address, {"tampilan": "semua"}).context["page"]
    rest = browser.get(address, {"tampilan": "semua", "sesudah": first.next}).context["page"]
    assert (len(first.rows), [each.subject for each in rest.rows], rest.next) == (50, ["Padi 0"], None)
    found = browser.get(address, {"cari": "padi 17"}).context
    assert ([each.subject for each in found["page"].rows], found["wanted"]) == (["Padi 17"], "padi 17")


def test_a_view_asks_the_database_as_often_for_three_as_for_one(
    asked: Asked, budi: Officer, signed_in: Any
) -> None:
    browser: Browser = signed_in(budi)
    address = reverse("inbox_rows", args=["1808"])
    asked("satu")
    browser.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        counts.append(len(queries))
        asked("dua")
        asked("tiga")
    assert counts[0] == counts[1]
