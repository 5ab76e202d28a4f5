"""What the office learns from searches: those that failed, each one step from a repair; the table of words."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scopes_disabled
from pytest_django import DjangoAssertNumQueries

from sapa.activity.models import Event
from sapa.catalogue import adding, failures, trails, words
from sapa.catalogue.failures import Failure
from sapa.catalogue.models import Absence, Entry, SearchTrail, SettledQuery, WordRule
from sapa.catalogue.search import search
from sapa.core.errors import Refused
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.catalogue.conftest import MakeEntry
from tests.conftest import Clock

Browse = Callable[[Officer], Browser]
QUERIES = 10


@pytest.fixture
def searched(office: Office, clock: Clock) -> Callable[..., SearchTrail]:
    """Somebody searched for this and found so many."""

    def make(text: str, results: int = 0) -> SearchTrail:
        trail = trails.begin(office, language="id", at=clock.at)
        trails.note_search(trail, text=text, results=results, at=clock.at)
        return trail

    return make


def listed(office: Office, clock: Clock) -> list[Failure]:
    return failures.failures(
        office, since=clock.at - timedelta(days=30), until=clock.at + timedelta(minutes=1)
    )


def counts(found: list[Failure]) -> dict[str, tuple[int, int, int, int]]:
    return {each.text: (each.times, each.nothing, each.asked, each.aside) for each in found}


Searched = Callable[..., SearchTrail]


def test_the_same_query_is_one_line_and_the_most_frequent_stands_first(
    office: Office, clock: Clock, searched: Searched
) -> None:
    for text in ("Harga  Cabai!", "resep rendang", "harga cabai"):
        searched(text)
        clock.advance(minutes=1)
    assert list(counts(listed(office, clock)).items()) == [
        ("harga cabai", (2, 2, 0, 0)),
        ("resep rendang", (1, 1, 0, 0)),
    ]


def test_who_asked_after_all_or_put_all_aside_was_not_helped(
    office: Office, clock: Clock, searched: Searched, make_entry: MakeEntry
) -> None:
    entry = make_entry("Kepadatan Penduduk")
    asked = searched("kepadatan", 3)
    trails.note_opened(asked, entry, at=clock.at)
    trails.asked(asked, at=clock.at)
    aside = searched("padat", 1)
    trails.note_dismissed(aside, entry, at=clock.at)
    trails.note_search(aside, text="padat", results=0, at=clock.at)
    helped = searched("penduduk", 4)
    trails.note_dismissed(helped, entry, at=clock.at)
    trails.answered(helped, None, at=clock.at)
    found = listed(office, clock)
    assert counts(found) == {"kepadatan": (1, 0, 1, 0), "padat": (1, 0, 0, 1)}
    assert {each.text: each.opened for each in found} == {"kepadatan": ["Kepadatan Penduduk"], "padat": []}


def test_other_offices_and_other_times_are_not_listed(
    office: Office, other_office: Office, clock: Clock, searched: Searched
) -> None:
    searched("lama sekali")
    clock.advance(days=40)
    with scopes_disabled():
        foreign = trails.begin(other_office, language="id", at=clock.at)
        trails.note_search(foreign, text="tetangga", results=0, at=clock.at)
    assert listed(office, clock) == []


def test_what_is_settled_is_gone_and_names_nobody(
    office: Office, clock: Clock, searched: Searched, budi: Officer
) -> None:
    searched("resep rendang 081234567890")
    for _twice in range(2):
        failures.settle(office, "Resep rendang 081234567890", by=budi, at=clock.at)
    assert [each.text for each in SettledQuery.objects.all()] == ["resep rendang"]
    assert listed(office, clock) == []
    assert Event.objects.filter(name="search_query.settled").count() == 1


def test_what_is_settled_can_be_brought_back_and_says_who_settled_it(
    office: Office, clock: Clock, searched: Searched, budi: Officer, signed_in: Browse
) -> None:
    searched("resep rendang")
    browser = signed_in(budi)
    settle, page = (
        reverse("failure_settlement", args=[office.code]),
        reverse("search_failures", args=[office.code]),
    )
    shown = unescape(browser.post(settle, {"q": "resep rendang"}, follow=True).content.decode())
    assert f"{budi.user}, Senin, 23 November 2026" in shown
    assert listed(office, clock) == []
    row = SettledQuery.objects.get()
    back = reverse("failure_reopening", args=[office.code, row.pk])
    assert browser.get(back).status_code == 405
    assert browser.post(back).headers["Location"] == page
    assert list(counts(listed(office, clock))) == ["resep rendang"]
    assert [each.by for each in Event.objects.filter(name="search_query.reopened")] == [budi.user]
    with pytest.raises(Refused) as refused:
        failures.bring_back(row, by=budi, at=clock.at)
    assert refused.value.code == "brought_back"
    assert [browser.post(each).status_code for each in (back, back.replace(f"/{row.pk}/", "/999/"))] == [
        404,
        404,
    ]


def test_a_stranger_brings_nothing_back(
    office: Office, other_office: Office, clock: Clock, budi: Officer, signed_in: Browse
) -> None:
    with scopes_disabled():
        foreign = SettledQuery.objects.create(office=other_office, text="tetangga", settled_at=clock.at)
    browser = signed_in(budi)
    for code in (office.code, other_office.code):
        assert browser.post(reverse("failure_reopening", args=[code, foreign.pk])).status_code == 404
    with scopes_disabled():
        assert SettledQuery.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "!?", "\u202e", "🙂", "08123456789"])
def test_nothing_is_settled_by_a_text_without_words(
    office: Office, clock: Clock, budi: Officer, signed_in: Browse, text: str
) -> None:
    answer = signed_in(budi).post(reverse("failure_settlement", args=[office.code]), {"q": text}, follow=True)
    assert "Tidak ada yang perlu diselesaikan." in answer.content.decode()
    assert not SettledQuery.objects.exists()


def test_a_text_without_end_is_settled_by_its_beginning(
    office: Office, clock: Clock, budi: Officer, signed_in: Browse
) -> None:
    signed_in(budi).post(reverse("failure_settlement", args=[office.code]), {"q": "rendang " * 9_999})
    assert [len(each.text) for each in SettledQuery.objects.all()] == [200]


def test_an_absence_answers_the_query_and_settles_it(
    office: Office, clock: Clock, searched: Searched, budi: Officer, signed_in: Browse
) -> None:
    searched("harga cabai")
    browser = signed_in(budi)
    url = reverse("failure_absence", args=[office.code])
    assert 'value="Harga cabai"' in browser.get(url, {"q": "harga cabai"}).content.decode()
    said = {"q": "harga cabai", "indicator": "Harga cabai", "reason": "Dicatat PIHPS."}
    answer = browser.post(url, said, follow=True)
    page = unescape(answer.content.decode())
    assert answer.redirect_chain == [("/1808/pencarian-gagal/?dicoba=harga+cabai", 302)]
    assert (Absence.objects.get().reason, listed(office, clock)) == ("Dicatat PIHPS.", [])
    assert "Dicoba lagi: “harga cabai”" in page
    again = browser.post(url, said)
    assert (again.status_code, Absence.objects.count()) == (422, 1)


def test_an_entry_is_found_at_once_and_the_query_is_settled(
    office: Office, clock: Clock, searched: Searched, budi: Officer, signed_in: Browse
) -> None:
    searched("kepadatan penduduk")
    url = reverse("failure_entry", args=[office.code])
    wrong = {"q": "kepadatan penduduk", "title": "", "kind": "answer", "url": "bukan alamat"}
    assert signed_in(budi).post(url, wrong).status_code == 422
    said = {"q": "kepadatan penduduk", "kind": "static_table", "title": "Kepadatan Penduduk"}
    page = signed_in(budi).post(url, said, follow=True).content.decode()
    entry = Entry.objects.get()
    assert (entry.is_shown, listed(office, clock)) == (True, [])
    assert reverse("catalogue_entry", args=[office.code, entry.pk]) in page


def test_a_word_of_the_office_is_kept_in_small_letters_once(
    office: Office, clock: Clock, budi: Officer
) -> None:
    said: dict[str, Any] = {
        "kind": "same",
        "phrase": "Sego  Pecel",
        "means": "Nasi pecel!",
        "by": budi,
        "at": clock.at,
    }
    rule = words.add(office, **said)
    assert (rule.phrase, rule.means) == ("sego pecel", "nasi pecel")
    codes = []
    wrongs: list[dict[str, str]] = [
        {},
        {"means": "sego pecel"},
        {"phrase": "?!"},
        {"kind": "short", "phrase": "jml", "means": "jumlah"},
    ]
    for wrong in wrongs:
        with pytest.raises(Refused) as refused:
            words.add(office, **(said | wrong))
        codes.append(refused.value.code)
    assert codes == ["twice", "same", "empty", "twice"]


def test_the_search_reads_a_word_of_the_office_at_once_and_no_longer_once_it_is_removed(
    office: Office, clock: Clock, citra: Officer, make_entry: MakeEntry
) -> None:
    entry = make_entry("Kepadatan Penduduk")
    assert [hit.entry for hit in search(office, "sumpekzz").entries] == []
    rule = words.add(office, kind="same", phrase="sumpekzz", means="kepadatan", by=citra, at=clock.at)
    assert [hit.entry for hit in search(office, "sumpekzz").entries] == [entry]
    words.remove(rule, by=citra, at=clock.at)
    assert [hit.entry for hit in search(office, "sumpekzz").entries] == []


def test_a_shipped_line_is_switched_off_and_on_again(office: Office, clock: Clock, citra: Officer) -> None:
    key = ("short", "jml", "jumlah")
    (line,) = [each for each in words.table(office) if each.key == key]
    assert (line.is_shipped, line.is_off) == (True, False)
    given = dict(zip(("kind", "phrase", "means"), key, strict=True))
    for _twice in range(2):
        words.switch_off(office, **given, by=citra, at=clock.at)
    (line,) = [each for each in words.table(office, holding="jml") if each.key == key]
    assert line.is_off
    words.remove(WordRule.objects.get(), by=citra, at=clock.at)
    (line,) = [each for each in words.table(office, holding="jml") if each.key == key]
    assert not line.is_off
    with pytest.raises(Refused) as refused:
        words.switch_off(office, kind="short", phrase="tidak", means="ada", by=citra, at=clock.at)
    assert refused.value.code == "unknown"


def test_every_shipped_line_fits_into_the_table(db: None) -> None:
    too_long = [
        line.key
        for line in words.shipped()
        if not line.phrase or not line.means or len(line.phrase) > 80 or len(line.means) > 120
    ]
    assert too_long == []


def test_a_consultant_adds_a_word_but_takes_none_away(
    office: Office, clock: Clock, budi: Officer, citra: Officer, signed_in: Browse
) -> None:
    page = reverse("words", args=[office.code])
    said = {"kind": "short", "phrase": "pkh", "means": "program keluarga harapan sekali"}
    assert signed_in(budi).post(page, said).status_code == 302
    assert signed_in(budi).post(page, said).status_code == 422
    rule = WordRule.objects.get()
    removal = reverse("word_removal", args=[office.code, rule.pk])
    assert signed_in(budi).post(removal).status_code == 403
    assert "program keluarga harapan sekali" in signed_in(citra).get(page).content.decode()
    assert signed_in(citra).post(removal).status_code == 302
    assert WordRule.objects.count() == 0


def test_the_neighbours_words_are_neither_seen_nor_removed(
    office: Office, other_office: Office, clock: Clock, citra: Officer, dewi: Officer, signed_in: Browse
) -> None:
    with scopes_disabled():
        rule = words.add(other_office, kind="same", phrase="tetangga", means="sebelah", by=dewi, at=clock.at)
    browser = signed_in(citra)
    assert (
        "sebelah"
        not in browser.get(reverse("words", args=[office.code]), {"cari": "tetangga"}).content.decode()
    )
    assert browser.post(reverse("word_removal", args=[office.code, rule.pk])).status_code == 404
    off = {"kind": "short", "phrase": "x", "means": "y"}
    assert browser.post(reverse("word_switching", args=[office.code]), off).status_code == 302
    with scopes_disabled():
        assert WordRule.objects.count() == 1


@pytest.mark.parametrize(
    "query", ["", "x", "a" * 10_000, "title:x AND (", "'; DROP TABLE --", "🙂", "<script>"]
)
def test_the_pages_answer_whatever_was_searched(
    office: Office, clock: Clock, searched: Searched, budi: Officer, signed_in: Browse, query: str
) -> None:
    searched(query)
    browser = signed_in(budi)
    for name in ("failure_word", "failure_absence", "failure_entry"):
        assert browser.get(reverse(name, args=[office.code]), {"q": query}).status_code == 200
    for name, given in (("search_failures", {"dicoba": query}), ("words", {"coba": query, "cari": query})):
        page = browser.get(reverse(name, args=[office.code]), given)
        assert (page.status_code, "<script>" in page.content.decode().split("</head>")[1]) == (200, False)
    assert browser.post(reverse("failure_settlement", args=[office.code]), {"q": query}).status_code == 302


def test_the_list_needs_the_same_number_of_queries_for_one_and_three_failures(
    office: Office,
    clock: Clock,
    searched: Searched,
    budi: Officer,
    signed_in: Browse,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser = signed_in(budi)
    address = reverse("search_failures", args=[office.code])
    browser.get(address)

    def count() -> int:
        clock.advance(minutes=1)
        with django_assert_num_queries(QUERIES):
            return browser.get(address).content.decode().count('class="hit-title"')

    searched("satu")
    assert count() == 1
    searched("dua dua")
    searched("tiga tiga")
    assert count() == 3


def test_what_is_added_by_hand_is_recorded(office: Office, clock: Clock, budi: Officer) -> None:
    adding.add_entry(office, {"kind": "publication", "title": "DDA"}, by=budi, at=clock.at)
    adding.add_absence(office, {"indicator": "X", "reason": "Y"}, by=budi, at=clock.at)
    names = Event.objects.filter(name__in=["entry.published", "absence.added"]).values_list("name", "by")
    assert sorted(names) == [("absence.added", budi.user_id), ("entry.published", budi.user_id)]
