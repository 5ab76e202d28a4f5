"""Ways to go on typing: what titles, other names, places and codes make of a beginning."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scopes_disabled
from pytest_django import DjangoAssertNumQueries

from sapa.catalogue import trails
from sapa.catalogue.models import Absence, Entry, SearchTrail
from sapa.catalogue.search import Suggestions, search, suggest
from sapa.catalogue.search.going_on import Typed, queries_of
from sapa.offices.models import Office
from tests.catalogue.conftest import MakeEntry

SILENT = frozenset({"menurut", "di", "dan"})
TITLES = [
    tuple(each.split())
    for each in (
        "jumlah penduduk menurut kecamatan di kabupaten tulang bawang",
        "persentase penduduk miskin kabupaten tulang bawang",
        "penduduk miskin",
        "penduduk usia kerja menurut jenis kelamin dan kelompok umur di desa 2024",
        "pendidikan anak",
    )
]


def words(found: Suggestions) -> list[str]:
    return [each.text for each in found.words]


def test_a_beginning_becomes_words_then_phrases_and_whole_titles_without_place_and_year() -> None:
    assert queries_of(Typed((), "pend"), TITLES, SILENT) == [
        *("penduduk", "pendidikan", "penduduk miskin"),
        *("penduduk menurut kecamatan", "pendidikan anak", "penduduk usia kerja"),
        *("persentase penduduk miskin", "jumlah penduduk menurut kecamatan"),
    ]


def test_after_finished_words_only_what_follows_them_is_said() -> None:
    assert queries_of(Typed(("penduduk",), "m"), TITLES, SILENT) == [
        "penduduk miskin",
        *("penduduk menurut kecamatan", "persentase penduduk miskin", "jumlah penduduk menurut kecamatan"),
    ]
    assert queries_of(Typed(("penduduk",), "zz"), TITLES, SILENT) == []


def test_two_letters_are_ended_to_words_only() -> None:
    assert queries_of(Typed((), "pe"), TITLES, SILENT) == ["penduduk", "persentase", "pendidikan"]


def test_no_query_ends_in_a_light_word_or_says_a_word_twice() -> None:
    titles = [("luas", "panen", "menurut"), ("padi", "panen", "dan", "padi", "sawah")]
    assert queries_of(Typed(("luas",), "pan"), titles, SILENT) == ["luas panen"]
    assert queries_of(Typed((), "padi"), titles, SILENT) == ["padi", "padi panen", "padi sawah"]


def test_a_prefix_is_never_lost_to_the_stemmer(office: Office, make_entry: MakeEntry) -> None:
    """Each beginning of "pengangguran", whose root is "anggur", leads to it."""
    make_entry("Tingkat Pengangguran Terbuka")
    for length in range(3, len("pengangguran")):
        assert "pengangguran" in words(suggest(office, "pengangguran"[:length])), length


def test_what_was_misspelt_or_abbreviated_before_is_put_right(office: Office, make_entry: MakeEntry) -> None:
    make_entry("Jumlah Penduduk Miskin")
    assert words(suggest(office, "jml pendudk mis")) == ["jumlah penduduk miskin"]
    assert words(suggest(office, "jml pendudk 2024")) == ["jumlah penduduk 2024"]


def test_words_around_stay_before_what_the_others_become(office: Office, make_entry: MakeEntry) -> None:
    make_entry("Kepadatan Penduduk")
    assert words(suggest(office, "apa itu kepad"))[0] == "apa itu kepadatan"


def test_words_that_only_texts_hold_are_ended_too(office: Office, make_entry: MakeEntry) -> None:
    make_entry("Aktivitas Penatu", summary="Termasuk laundry kiloan.")
    assert words(suggest(office, "laund")) == ["laundry"]


def test_an_abbreviation_and_an_ambiguous_word_are_written_out(office: Office, make_entry: MakeEntry) -> None:
    make_entry("IPM menurut Kecamatan")
    assert words(suggest(office, "ipm"))[0] == "indeks pembangunan manusia"
    assert words(suggest(office, "tb"))[:2] == ["tulang bawang", "tuberkulosis"]


def test_places_are_ended_those_of_the_office_first(office: Office) -> None:
    found = suggest(office, "penduduk meng").places
    assert [(each.text, each.note) for each in found] == [
        ("penduduk Menggala", "Kecamatan Menggala"),
        ("penduduk Menggala Timur", "Kecamatan Menggala Timur"),
    ]
    assert suggest(office, "luas tulang b").places[0].text == "luas Tulang Bawang"


def test_a_code_goes_on_with_its_title_and_version(office: Office, make_entry: MakeEntry) -> None:
    code = Entry.Kind.CLASSIFICATION_CODE
    for number, title in (("56101", "Restoran"), ("56102", "Rumah makan"), ("47711", "Pakaian")):
        make_entry(f"KBLI 2020 {number} {title}", kind=code, version="KBLI 2020", external_id=number)
    for text in ("561", "kbli 561", "kode kbli 2020 561"):
        found = suggest(office, text)
        assert [(each.text, each.note) for each in found.entries] == [
            ("56101 Restoran", "KBLI 2020"),
            ("56102 Rumah makan", "KBLI 2020"),
        ], text
    assert suggest(office, "kbji 561").entries == ()
    assert suggest(office, "penduduk 561").entries == ()


def test_only_what_is_shown_in_this_office_is_suggested(
    office: Office, other_office: Office, make_entry: MakeEntry
) -> None:
    with scopes_disabled():
        make_entry("Kepadatan Foreign", office=other_office)
    make_entry("Kepadatan Draft", published_at=None)
    shown = make_entry("Kepadatan Penduduk", year_from=2020, year_until=2025)
    found = suggest(office, "kepad")
    assert (words(found), [(each.text, each.entry_id, each.note) for each in found.entries]) == (
        ["kepadatan", "kepadatan penduduk"],
        [("Kepadatan Penduduk", shown.pk, "Tabel · 2020–2025")],
    )


def test_what_does_not_exist_is_a_query_but_nothing_to_go_to(
    office: Office, make_absence: Callable[..., Absence]
) -> None:
    make_absence("Inflasi menurut kecamatan")
    found = suggest(office, "inflasi men")
    assert (words(found), found.entries) == (["inflasi menurut kecamatan"], ())


def test_the_answer_is_in_groups_and_leaves_no_trail(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    entry = make_entry("Kepadatan Penduduk")
    url = reverse("search_suggestions", args=[office.code])
    assert client.get(url, {"q": "kepad"}).json() == {
        "groups": [
            {
                "label": "Cari",
                "options": [
                    {"text": "kepadatan", "note": ""},
                    {"text": "kepadatan penduduk", "note": ""},
                ],
            },
            {
                "label": "Langsung ke",
                "options": [
                    {
                        "text": "Kepadatan Penduduk",
                        "note": "Tabel",
                        "href": f"/1808/katalog/{entry.pk}/?q=kepad",
                    }
                ],
            },
        ]
    }
    with scopes_disabled():
        assert SearchTrail.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        " ",
        "a" * 10_000,
        "title:x AND (",
        "' OR 1=1 --",
        "*%_",
        "🙂",
        "<script>",
        "\u202eabc",
        "1.",
        "2 " * 99,
    ],
)
def test_odd_input_suggests_nothing_and_breaks_nothing(
    client: Browser, office: Office, make_entry: MakeEntry, text: str
) -> None:
    make_entry("Kepadatan Penduduk")
    answer = client.get(reverse("search_suggestions", args=[office.code]), {"q": text})
    assert (answer.status_code, answer.json()) == (200, {"groups": []})


def test_a_machine_gets_no_more_suggestions_and_no_error(
    client: Browser, office: Office, make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_entry("Kepadatan Penduduk")
    monkeypatch.setattr(trails, "SEARCHES_IN_TEN_MINUTES", 1)
    url = reverse("search_suggestions", args=[office.code])
    found: list[Any] = [client.get(url, {"q": "kepad"}).json()["groups"] for _time in range(2)]
    assert (len(found[0]), found[1]) == (2, [])


def test_many_titles_cost_no_more_queries_than_one(
    office: Office, make_entry: MakeEntry, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The number of the change, and one look whether what is gone to is still shown."""
    for number in range(4):
        make_entry(f"Kepadatan {number}")
        search(office, "kepadatan")
        with django_assert_num_queries(2):
            suggest(office, "kepad")
