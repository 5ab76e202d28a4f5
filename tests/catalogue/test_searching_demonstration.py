"""The search in the demonstration's catalogue, as large as an office's own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django_scopes import scope

from sapa.catalogue import demo
from sapa.catalogue.search import keeping, search, vocabulary
from sapa.catalogue.search.results import AbsenceHit, Hit
from sapa.offices.models import Office
from tests.cast import make_office
from tests.catalogue.test_search import shown, titles
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """The index is kept: nothing changes under it here."""
    cache.clear()


@pytest.fixture(scope="module")
def loaded(kept_in_module: None, django_db_blocker: Any) -> Office:
    keeping.close()
    vocabulary.forget()
    with django_db_blocker.unblock():
        office = make_office()
        with scope(office=office):
            demo.load(office, at=Clock().at)
    return office


@pytest.fixture
def demo_catalogue(loaded: Office, db: None, clock: Clock) -> Iterator[Office]:
    """Loaded once for all tests of this module."""
    with scope(office=loaded):
        yield loaded


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("jumlah pendudk menrut kecamtan", "Jumlah Penduduk menurut Kecamatan di Kabupaten Tulang Bawang"),
        ("rasiogini", "Gini Ratio Kabupaten Tulang Bawang"),
        ("rata2 pengeluaran", "Rata-rata Pengeluaran per Kapita Sebulan menurut Kelompok Barang"),
        ("tulangbawang dalam angka 2026", "Kabupaten Tulang Bawang Dalam Angka 2026"),
        (
            "jumlah penduduk miskim",
            "Persentase Penduduk Miskin (P0), Jumlah Penduduk Miskin, dan Garis Kemiskinan",
        ),
        ("curah hjan", "Curah Hujan dan Hari Hujan menurut Bulan"),
        ("56210", "KBLI 2020 56210 Jasa boga untuk suatu acara tertentu (event catering)"),
        ("ikan tambak", "Produksi Perikanan Tambak dan Tangkap"),
    ],
)
def test_slips_reduplications_and_missing_spaces_do_not_matter(
    demo_catalogue: Office, typed: str, wanted: str
) -> None:
    assert wanted in titles(search(demo_catalogue, typed))[:3]


@pytest.mark.parametrize("until", range(3, len("kepadatan") + 1))
def test_every_beginning_of_a_word_finds_it_while_one_types(demo_catalogue: Office, until: int) -> None:
    assert "Kepadatan Penduduk menurut Kecamatan" in titles(search(demo_catalogue, "kepadatan"[:until]))


def test_a_misspelt_word_is_said_to_be_read_as_another(demo_catalogue: Office) -> None:
    assert search(demo_catalogue, "kepadtan penduduk ").read_as == "kepadatan penduduk"
    assert search(demo_catalogue, "kepadatan penduduk ").read_as == ""


@pytest.mark.parametrize(
    "asked",
    ["inflasi tulang bawang ada ga", "knp inflasi kabupaten tidak ada", "kenapa tidak ada inflasi kabupaten"],
)
def test_asking_whether_it_exists_brings_what_does_not_exist_first(
    demo_catalogue: Office, asked: str
) -> None:
    results = search(demo_catalogue, asked)
    assert isinstance(results.in_order[0], AbsenceHit)
    assert "Inflasi dan Indeks Harga Konsumen (IHK) kabupaten" in shown(results)[:3]


def test_what_does_not_exist_comes_after_what_does_when_nobody_asked_for_it(demo_catalogue: Office) -> None:
    results = search(demo_catalogue, "tpt agustus 2025")
    assert isinstance(results.in_order[0], Hit)
    assert [each.absence.indicator for each in results.absences][:1] == [
        "Tingkat Pengangguran Terbuka Februari tingkat kabupaten"
    ]


BAD = {
    "nothing": "",
    "spaces": "   ",
    "one letter": "p",
    "punctuation": "?!., -- ;",
    "wildcards": "%%%___***",
    "control characters": "\x01\x02\x1b\x7f",
    "emoji": "😀📊🇮🇩",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_what_holds_no_word_asks_for_at_least_two_letters(demo_catalogue: Office, text: str) -> None:
    results = search(demo_catalogue, text)
    assert (results.is_too_short, len(results)) == (True, 0)


def test_nothing_is_found_for_what_the_catalogue_does_not_hold(demo_catalogue: Office) -> None:
    assert shown(search(demo_catalogue, "klasemen liga champion")) == []
