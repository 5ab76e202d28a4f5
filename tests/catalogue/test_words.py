"""Our table of words holds together: nothing twice, nothing ambiguous without a way to decide."""

from collections import Counter
from typing import Any

import pytest
import yaml

from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.vocabulary import FILE


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def test_no_group_of_names_holds_the_same_name_twice(table: dict[str, Any]) -> None:
    groups = [[" ".join(words(name)) for name in group] for group in table["same"]]
    assert [group for group in groups if len(group) != len(set(group)) or len(group) < 2] == []


def test_no_two_groups_say_the_same(table: dict[str, Any]) -> None:
    times = Counter(frozenset(group) for group in table["same"])
    assert [sorted(group) for group, number in times.items() if number > 1] == []


def test_a_word_that_says_nothing_has_no_other_names(table: dict[str, Any]) -> None:
    silent = set(table["silent"].split())
    assert sorted(silent & {name for group in table["same"] for name in group}) == []


def test_a_short_form_is_not_its_own_long_form(table: dict[str, Any]) -> None:
    assert [short for short, long in table["short"].items() if words(short) == words(long)] == []


def test_what_is_ambiguous_can_be_decided_by_the_words_beside_it(table: dict[str, Any]) -> None:
    listed = [each["word"] for each in table["ambiguous"]]
    assert len(listed) == len(set(listed))
    for each in table["ambiguous"]:
        deciding = Counter(word for meaning in each["meanings"] for word in meaning["when"])
        shared = [word for word, number in deciding.items() if number > 1]
        assert (each["word"], len(each["meanings"]) >= 2, shared) == (each["word"], True, [])
