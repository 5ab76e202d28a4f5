"""The judged questions can be trusted, and so can the figures made of them. `bin/bench relevance` measures."""

import csv
from collections import Counter
from math import log2
from pathlib import Path

import pytest

from bench.relevance.catalogue import loaded
from bench.relevance.judged import SETS, Judged, judged
from bench.relevance.scores import gains, interval, is_met, ndcg, scores
from bench.relevance.searches import Text, common_words, ours
from sapa.catalogue import demo
from sapa.offices.models import Office
from tests.conftest import Clock

GRADES = {"best": 3, "good": 2, "beside": 1}


def test_the_best_order_is_worth_one_and_nothing_found_is_worth_nothing() -> None:
    assert [ndcg(GRADES, ["best", "good", "beside"]), ndcg(GRADES, []), ndcg(GRADES, ["other"])] == [1, 0, 0]


def test_a_later_place_is_worth_less() -> None:
    assert ndcg({"best": 3}, ["other", "best"]) == pytest.approx(1 / log2(3))
    assert ndcg({"best": 3}, ["other"] * 10 + ["best"]) == 0


def test_success_is_a_good_answer_among_the_first() -> None:
    assert [
        is_met(GRADES, ["beside", "good"], depth=1),
        is_met(GRADES, ["beside", "good"], depth=5),
        is_met(GRADES, ["beside", "good"], depth=5, least=3),
    ] == [False, True, False]


def test_shares_are_those_of_all_questions_and_of_those_for_a_code() -> None:
    questions = [Judged("a", "figures", {"a": 3}), Judged("b", "job", {"b": 3}), Judged("c", "job", {"c": 3})]
    found = scores(questions, lambda asked: [] if asked == "c" else [asked])
    assert [round(share, 2) for share in (found.first, found.nothing, found.codes_five)] == [0.67, 0.33, 0.5]


def test_an_interval_holds_the_mean_and_is_none_where_all_are_alike() -> None:
    gained = gains([Judged(asked, "figures", {"a": 3}) for asked in "aaabbb"], lambda asked: [asked])
    low, high = interval(gained)
    assert (gained, low < 0.5 < high, interval([1.0, 1.0])) == ([1, 1, 1, 0, 0, 0], True, (1, 1))


def test_common_words_count_by_their_rarity_and_twice_in_the_title() -> None:
    search = common_words(
        [
            Text("text", "penduduk", "", "", "kopi"),
            Text("title", "kopi", "", "penduduk", ""),
            Text("other", "penduduk", "", "", "padi"),
        ]
    )
    assert [search("Kopi"), search("kopi padi"), search("?")] == [
        ["title", "text"],
        ["other", "title", "text"],
        [],
    ]


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_large_enough_and_asks_about_everything(name: str) -> None:
    about = Counter(each.about for each in judged(name))
    assert sum(about.values()) >= 110
    assert about["business"] + about["job"] >= 45
    assert min(about.values()) >= 3


def test_nothing_is_asked_in_two_sets() -> None:
    asked = Counter(each.asked for name in SETS for each in judged(name))
    assert [question for question, times in asked.items() if times > 1] == []


@pytest.mark.shared_data
def test_the_search_answers_no_worse_than_it_was_measured(
    office: Office, shared_data: Path, clock: Clock
) -> None:
    """The floors lie a little below what docs/search.md tells; the blind set is not yet where we want all to be."""
    search = ours(loaded(office, shared_data))
    tuned, held_out, third, fourth = (scores(judged(name), search) for name in SETS)
    assert (tuned.nothing, held_out.nothing, third.nothing, fourth.nothing) == (0, 0, 0, 0)
    assert min(each.five for each in (tuned, held_out, fourth)) >= 0.97
    assert min(each.codes_five for each in (tuned, held_out, third, fourth)) >= 0.90
    assert (tuned.ndcg >= 0.89, held_out.ndcg >= 0.88, fourth.ndcg >= 0.855) == (True, True, True)
    assert (third.five >= 0.90, third.ndcg >= 0.815) == (True, True)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SETS)
def test_every_answer_is_in_the_catalogue(name: str, shared_data: Path) -> None:
    known = {
        f"absence/{row['indicator']}" if "indicator" in row else _name_of(row)
        for file in demo.HERE.glob("*.csv")
        for row in _rows(file)
        if "indicator" in row or "kind" in row
    }
    for file, version in (("kbli2020.csv", "KBLI 2020"), ("kbji2014.csv", "KBJI 2014")):
        rows = _rows(shared_data / "classifications" / file)
        known |= {f"classification_code/{version}/{row['kode']}" for row in rows}
    assert {answer for each in judged(name) for answer in each.grades} - known == set()


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _name_of(row: dict[str, str]) -> str:
    return f"{row['kind']}/{row.get('version') or ''}/{row['external_id']}"
