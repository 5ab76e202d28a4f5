"""Words of one family are one word to the search; names, numbers and words that only look alike are not touched."""

from itertools import combinations

import pytest

from bench.stemming import judged
from sapa.catalogue.regions import regions
from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.stemming import FILE, ORDINARY, roots, stem

SEEN, _HELD_OUT = judged()


@pytest.mark.parametrize("family", SEEN.families, ids=lambda family: family[0])
def test_the_words_of_a_family_meet(family: tuple[str, ...]) -> None:
    assert {word: stem(word) for word in family} == dict.fromkeys(family, stem(family[0]))


def test_enough_families_and_pairs_are_judged() -> None:
    assert len(SEEN.families) >= 60
    assert len(SEEN.apart) >= 40


@pytest.mark.parametrize("pair", SEEN.apart, ids=" ".join)
def test_words_that_only_look_alike_do_not_meet(pair: tuple[str, str]) -> None:
    assert len({stem(word) for word in pair}) == len(pair)


def test_no_two_families_meet() -> None:
    of_family = {family[0]: {stem(word) for word in family} for family in SEEN.families}
    assert [pair for pair in combinations(of_family, 2) if of_family[pair[0]] & of_family[pair[1]]] == []


def test_names_of_places_are_not_altered() -> None:
    places = {word for region in regions() for word in words(region.short_name)} - ORDINARY
    assert len(places) > 400
    assert {place: stem(place) for place in places} == {place: place for place in places}


@pytest.mark.parametrize("word", ["bekasi", "bali", "pekalongan", "ketapang", "pemalang", "perbaungan"])
def test_a_name_that_looks_like_another_word_with_affixes_stays(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(
    "word", ["2024", "sp2020", "p0", "56210", "c19an", "", "a", "es", "pdrb", "tpt", "ipm", "ihk"]
)
def test_numbers_codes_and_short_words_stay(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(
    "word", ["sakernas", "susenas", "kemenkes", "perpres", "permenkes", "pemkab", "dinkes", "kbli"]
)
def test_acronyms_stay(word: str) -> None:
    assert stem(word) == word
    assert stem(f"{word}nya") == word


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("kemiskinan", "miskin"),
        ("penduduknya", "penduduk"),
        ("berkesinambungan", "sinambung"),
        ("mempertimbangkan", "timbang"),
        ("keberagaman", "ragam"),
        ("sebesar", "besar"),
        ("modernisasi", "modern"),
        ("legalitas", "legal"),
        ("ngontrak", "kontrak"),
        ("jualin", "jual"),
        ("apotik", "apotek"),
        ("menunjukan", "tunjuk"),
        ("penuaan", "tua"),
    ],
)
def test_the_root_is_a_word_that_people_know(word: str, root: str) -> None:
    assert stem(word) == root


@pytest.mark.parametrize(
    ("word", "left"),
    [
        ("pengxorbakan", "xorbak"),
        ("mengxorbakkan", "xorbak"),
        ("pemirtolan", "pirtol"),
        ("menyofranya", "menyofra"),
        ("xorbak", "xorbak"),
        ("mengxorbasi", "xorbasi"),
        ("dixorbasi", "dixorbasi"),
        ("dixorbak", "dixorbak"),
        ("population", "population"),
        ("member", "member"),
    ],
)
def test_an_unknown_word_loses_only_what_is_an_affix_beyond_doubt(word: str, left: str) -> None:
    assert stem(word) == left


@pytest.mark.parametrize(
    "word", ["di" * 5000, "per" * 13, "memper" * 6 + "kan", "ñandú", "мир", "كلمة", "me", "menga"]
)
def test_any_word_has_a_stem(word: str) -> None:
    assert stem(word)


def test_a_root_is_its_own_root() -> None:
    assert {root: stem(root) for root in roots().values()} == {root: root for root in roots().values()}


def test_the_list_is_in_order_without_repetitions_and_long_enough() -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    forms = [line.split()[0] for line in lines]
    assert forms == sorted(set(forms))
    assert len(set(roots().values())) >= 3000
