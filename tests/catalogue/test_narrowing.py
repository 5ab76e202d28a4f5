"""Narrowing a search: what was understood can be taken off, results divide, pages follow, every state is an address."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.template.loader import render_to_string
from django.test import Client as Browser

from sapa.catalogue.models import SearchTrail, TrailStep
from sapa.catalogue.search import Filters, Results, search
from sapa.catalogue.views.asked import MOST_PAGES, Asked, read
from sapa.offices.models import Office
from tests.catalogue.conftest import MakeEntry
from tests.catalogue.test_views import address, hits, token_in


def shown(client: Browser, office: Office, **given: str) -> str:
    answer = client.get(address(office), given)
    assert answer.status_code == 200
    return answer.content.decode()


def links(page: str, holding: str) -> dict[str, dict[str, list[str]]]:
    """Links of the search whose words hold this, with their parameters."""
    found = re.findall(r'<a[^>]*href="(/\d+/cari/\?[^"]*)"([^>]*)>(.*?)</a>', page, re.DOTALL)
    said = {
        " ".join(unescape(re.sub(r"<[^>]+>", " ", f"{aria} {text}")).split()): parse_qs(
            urlsplit(unescape(to)).query
        )
        for to, aria, text in found
    }
    return {words: to for words, to in said.items() if holding in words}


@pytest.mark.parametrize(
    ("given", "filters"),
    [
        ({}, Filters()),
        (
            {"jenis": "publication", "tingkat": "district", "tahun": "2024", "frekuensi": "yearly"},
            Filters(kind="publication", level="district", year=2024, frequency="yearly"),
        ),
        ({"jenis": "x", "tingkat": "'; --", "tahun": "²024", "frekuensi": "<script>"}, Filters()),
        ({"tahun": "20244", "hal": "x"}, Filters()),
        ({"topik": " Kemiskinan ", "versi": "KBLI 2020"}, Filters(subject="Kemiskinan", version="KBLI 2020")),
    ],
)
def test_what_is_not_understood_of_an_address_is_not_there(given: dict[str, str], filters: Filters) -> None:
    assert read(given) == Asked(text="", filters=filters)


@pytest.mark.parametrize(
    ("hal", "page"), [("", 1), ("0", 1), ("3", 3), ("999", MOST_PAGES), ("-1", 1), ("9999", 1)]
)
def test_a_page_lies_between_the_first_and_the_last(hal: str, page: int) -> None:
    assert read({"hal": hal}).page == page


def test_an_address_says_the_whole_search() -> None:
    given = {"q": "ipm", "jenis": "publication", "tahun": "2024", "persis": "1", "jejak": "abc"}
    asked = read(given)
    said = Asked(asked.text, asked.filters, exact=asked.exact, trail="abc").query(hal=2)
    assert {name: value for name, [value] in parse_qs(said).items()} == given | {"hal": "2"}


def test_results_divide_by_kind_and_a_choice_is_a_chip_that_can_be_taken_off(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry("Kepadatan Penduduk")
    make_entry("Kepadatan Penduduk dalam Buku", kind="publication")
    page = shown(client, office, q="kepadatan")
    assert len(hits(page)) == 2
    (choice,) = links(page, "Publikasi 1").values()
    assert (choice["q"], choice["jenis"], choice["jejak"]) == (
        ["kepadatan"],
        ["publication"],
        [token_in(page)],
    )
    narrowed = shown(client, office, **{name: value for name, [value] in choice.items()})
    assert hits(narrowed) == ["Kepadatan Penduduk dalam Buku"]
    (off,) = links(narrowed, "Lepas: Publikasi").values()
    assert (off["q"], off.get("jenis")) == (["kepadatan"], None)


def test_what_was_understood_is_a_chip_that_leads_to_the_search_without_it(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry("Kepadatan Penduduk", year_from=2020, year_until=2025)
    (off,) = links(shown(client, office, q="kepadatan 2024"), "Lepas: Tahun 2024").values()
    assert off["q"] == ["kepadatan"]


def test_narrowing_is_the_same_search_and_nothing_chosen_is_not_nothing_found(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry("Kepadatan Penduduk")
    token = token_in(shown(client, office, q="kepadatan"))
    empty = shown(client, office, q="kepadatan", jejak=token, jenis="infographic")
    assert "Tidak ada yang cocok dengan semua pilihan Anda" in empty
    assert SearchTrail.objects.count() == 1
    assert [(step.text, step.results) for step in TrailStep.objects.all()] == [("kepadatan", 1)]


def test_ten_results_stand_on_a_page_and_the_next_page_shows_the_others(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    for number in range(12):
        make_entry(f"Kepadatan Penduduk bagian {number}")
    first = shown(client, office, q="kepadatan")
    (after,) = links(first, "Berikutnya").values()
    second = shown(client, office, **{name: value for name, [value] in after.items()})
    assert (len(hits(first)), len(hits(second)), len({*hits(first), *hits(second)})) == (10, 2, 12)
    assert links(second, "Berikutnya") == {}
    assert 'start="11"' in second
    assert "Tidak ada hasil lagi" in shown(client, office, q="kepadatan", hal="9")
    assert TrailStep.objects.filter(results=12).count() == SearchTrail.objects.count() - 1


def test_a_misspelt_word_says_how_it_was_read_and_can_be_searched_exactly(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry("Kepadatan Penduduk")
    page = shown(client, office, q="kepadatn")
    assert "Ditampilkan hasil untuk “<mark>kepadatan</mark>”." in " ".join(page.split())
    nothing = " ".join(shown(client, office, q="kepadatn", tahun="1990").split())
    assert ("Ditampilkan hasil" in nothing, "Dicari: “<mark>kepadatan</mark>”." in nothing) == (False, True)
    (exact,) = links(page, "Cari persis").values()
    assert exact["persis"] == ["1"]
    only = shown(client, office, q="kepadatn", persis="1")
    assert hits(only) == []
    assert [step.text for step in TrailStep.objects.all()] == [
        "kepadatn"
    ]  # the same search, asked more strictly
    (back,) = [asked for label, asked in links(only, "").items() if "Kata persis ini saja" in label]
    assert "persis" not in back


def test_only_the_words_that_are_read_otherwise_change(office: Office, make_entry: MakeEntry) -> None:
    make_entry("Jumlah Penduduk menurut Kecamatan")
    make_entry("Gini Ratio", keywords="rasio gini")
    for text, meant in (
        ("Jumlah pendudk  per kecamatan 2024?", "Jumlah [penduduk]  per kecamatan 2024?"),
        ("jml pendudk menrut kecamtan ", "jml [penduduk] [menurut] [kecamatan]"),
        ("rasiogini di Lampung", "[rasio gini] di Lampung"),
        ("jumlah penduduk per kecamatan", ""),
    ):
        marks = search(office, text).read_marks
        assert "".join(f"[{each.text}]" if each.is_hit else each.text for each in marks) == meant


def test_exactly_means_these_words_in_this_form_and_all_of_them(
    office: Office, make_entry: MakeEntry
) -> None:
    for title in ("Jumlah Penduduk Miskin", "Jumlah Penduduk", "Kemiskinan", "Kependudukan dan Miskin"):
        make_entry(title)
    found = search(office, "penduduk miskin", exact=True)
    assert ([hit.entry.title for hit in found.entries], found.total) == (["Jumlah Penduduk Miskin"], 1)
    assert [hit.entry.title for hit in search(office, "jml miskin", exact=True).entries] == []


def test_the_total_counts_what_holds_all_and_the_others_say_what_they_lack(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry("Luas Sawah dan Kolam", year_from=2020, year_until=2025)
    make_entry("Luas Kolam", year_from=2020, year_until=2025)
    found = search(office, "sawah kolam 2024")
    assert [(hit.entry.title, hit.missing) for hit in found.entries] == [
        ("Luas Sawah dan Kolam", ()),
        ("Luas Kolam", ("sawah",)),
    ]
    assert (found.total, found.has_more) == (1, False)
    page = shown(client, office, q="sawah kolam 2024")
    assert "1 hasil, lainnya mirip" in page
    assert "Tidak memuat: <s>sawah</s>" in page
    later = shown(client, office, q="sawah kolam 2031")
    assert "Tidak ada yang memuat semuanya; ini yang mirip" in later
    assert "Tidak memuat: <s>2031</s>" in later


def test_the_count_beside_a_choice_is_the_number_of_results_with_it(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    for number in range(3):
        make_entry(f"Kepadatan Penduduk {number}", kind="publication")
    make_entry("Kepadatan Penduduk")
    make_entry("Kepadatan Rumah")
    found = search(office, "kepadatan penduduk")
    (kinds,) = [facet for facet in found.facets if facet.name == "kind"]
    counts = {each.value: each.count for each in kinds.values}
    assert counts == {"publication": 3, "static_table": 1}
    for kind, count in counts.items():
        assert search(office, "kepadatan penduduk", filters=Filters(kind=kind)).total == count


def test_an_ambiguous_word_offers_its_meanings(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry("Kasus tuberkulosis")
    page = unescape(shown(client, office, q="tb"))
    assert "“tb” dapat berarti:" in page
    assert "tuberkulosis" in " ".join(links(page, ""))


def test_the_place_of_another_office_leads_to_that_office(
    client: Browser, office: Office, other_office: Office, make_entry: MakeEntry
) -> None:
    make_entry("Kepadatan Penduduk")
    page = shown(client, office, q="kepadatan tulang bawang barat")
    assert 'href="/1812/cari/?q=kepadatan%20tulang%20bawang%20barat"' in page
    elsewhere = shown(client, office, q="kepadatan kota bandung")
    assert "adalah wilayah kantor lain" in elsewhere


def test_what_was_looked_for_is_marked_and_a_code_shows_its_version(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    code: dict[str, Any] = {"kind": "classification_code", "version": "KBLI 2020", "external_id": "56210"}
    section = make_entry("KBLI 2020 I Akomodasi", **(code | {"external_id": "I"}))
    make_entry("Jasa Boga untuk Suatu Event", parent=section, **code)
    page = shown(client, office, q="boga")
    assert "<span>I Akomodasi</span>" in page
    assert "<mark>Boga</mark>" in page
    assert "KBLI 2020 · <strong>56210</strong>" in page


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "a" * 10_000,
        "title:x AND (",
        "'; DROP TABLE entry; --",
        "*%_?",
        "🙂",
        "\u202eدب",
        "<script>x</script>",
    ],
)
def test_odd_input_has_a_clear_answer_with_every_choice(client: Browser, office: Office, text: str) -> None:
    page = shown(client, office, q=text, tahun="2024", jenis="publication", hal="2", persis="1")
    main = page.split('id="results"')[1]
    assert "<script>x" not in main
    assert any(
        each in main for each in ("setidaknya", "paling sedikit", "Tidak ada", "dua huruf", "ditemukan")
    ), main


def test_while_the_index_is_made_the_page_asks_again_by_itself_and_by_a_link(office: Office) -> None:
    asked = Asked("penduduk", Filters(), trail="abc")
    context = {
        "office": office,
        "asked": asked,
        "q": asked.text,
        "searched": True,
        "again": asked.query(),
        "results": Results(is_preparing=True),
    }
    part = render_to_string("catalogue/_results.html", context)
    assert "Pencarian sedang disiapkan" in part
    address = "/1808/cari/?q=penduduk&amp;jejak=abc"
    assert f'hx-get="{address}" hx-trigger="load delay:2s" hx-target="#results"' in part
    assert f'href="{address}"' in part


def counts(found: Results, name: str) -> dict[str, int]:
    """The values of one way to divide the results, with their counts; the chosen one in brackets."""
    return {
        f"[{each.value}]" if each.is_chosen else each.value: each.count
        for facet in found.facets
        if facet.name == name
        for each in facet.values
    }


def test_a_choice_leaves_the_other_values_of_its_kind_to_choose_from(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry("Kepadatan Penduduk", year_from=2023, year_until=2024, level="district")
    make_entry("Kepadatan Penduduk Desa", year_from=2024, level="village")
    make_entry("Buku Kepadatan Penduduk", kind="publication", year_from=2025)
    found = search(office, "kepadatan", filters=Filters(kind="publication", year=2025))
    assert counts(found, "kind") == {"[publication]": 1}  # tables of that year there are none
    assert counts(found, "year") == {"[2025]": 1}
    found = search(office, "kepadatan", filters=Filters(kind="static_table"))
    assert counts(found, "kind") == {"[static_table]": 2, "publication": 1}
    assert counts(found, "year") == {"2024": 2, "2023": 1}
    found = search(office, "kepadatan", filters=Filters(kind="static_table", level="village"))
    assert counts(found, "kind") == {"[static_table]": 1}
    assert counts(found, "level") == {"district": 1, "[village]": 1}
    (other,) = links(shown(client, office, q="kepadatan", jenis="static_table"), "Publikasi 1").values()
    assert other["jenis"] == ["publication"]


def test_a_choice_that_holds_nothing_leads_to_the_others_of_its_kind(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry("Kepadatan Penduduk", year_from=2023)
    make_entry("Kepadatan Rumah", year_from=2024)
    found = search(office, "kepadatan", filters=Filters(year=2020))
    assert (found.entries, counts(found, "year")) == ([], {"2024": 1, "2023": 1, "[2020]": 0})
    (other,) = links(shown(client, office, q="kepadatan", tahun="2020"), "2024 1").values()
    assert other["tahun"] == ["2024"]


def test_a_code_in_two_catalogues_of_a_line_is_counted_and_shown_once(
    office: Office, make_entry: MakeEntry
) -> None:
    nation = office.lineage()[-1]
    for place in (nation, office):
        for number in range(12):
            code = {"kind": "classification_code", "version": "KBLI 2020", "external_id": f"962{number:02}"}
            make_entry(f"KBLI 2020 962{number:02} Penatu bagian {number}", office=place, **code)
    make_entry("KBLI 2025 96100 Penatu", kind="classification_code", version="KBLI 2025", external_id="96100")
    first, second = search(office, "penatu"), search(office, "penatu", offset=10)
    assert counts(first, "version") == {"KBLI 2020": 12, "KBLI 2025": 1}
    assert (first.total, second.total) == (13, 13)
    assert [len(first), len(second)] == [10, 3]
    assert {hit.entry.office_id for hit in (*first.entries, *second.entries)} == {office.pk}
    assert counts(search(nation, "penatu"), "version") == {}
    assert search(nation, "penatu").total == 12
    chosen = search(office, "penatu", filters=Filters(version="KBLI 2025"))
    assert counts(chosen, "version") == {"KBLI 2020": 12, "[KBLI 2025]": 1}
