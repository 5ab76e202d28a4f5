"""What the bench says: the table of a set, the questions answered worst, and what nobody has judged yet."""

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from bench.measure import table
from bench.relevance.judged import Judged
from bench.relevance.scores import HEADS, SAMPLES, Search, gains, interval, is_met, ndcg, scores

FIRST = 5
OURS = "this search"


def tell_set(name: str, questions: Sequence[Judged], searches: Mapping[str, Search]) -> None:
    """All searches over a set, and ours by what is asked about."""
    codes = sum(each.is_classification for each in questions)
    print(f"{name}: {len(questions)} questions, {codes} of them for a code in everyday words\n")
    own = gains(questions, searches[OURS])
    low, high = interval(own)
    rows = []
    for each, search in searches.items():
        more = interval([mine - other for mine, other in zip(own, gains(questions, search), strict=True)])
        told = "" if each == OURS else "{:+.3f} to {:+.3f}".format(*more)
        rows.append((each, *scores(questions, search).cells(), told))
    table([name, *HEADS, f"{OURS} gains more by"], rows)
    print(
        f"\nnDCG@10 of {OURS}: {low:.3f} to {high:.3f}. Intervals: 95 % of {SAMPLES:,} bootstrap samples.\n"
    )
    table(
        [f"{name}, {OURS}", "questions", *HEADS[:3]],
        [
            (about, len(asked_so), *scores(asked_so, searches[OURS]).cells()[:3])
            for about in sorted({each.about for each in questions})
            for asked_so in [[each for each in questions if each.about == about]]
        ],
    )
    print()


def tell_misses(questions: Sequence[Judged], search: Search, titles: Mapping[str, str]) -> None:
    """The questions without a good answer among the first five, or of a low gain: what came, with its grade."""
    answers = [(ndcg(each.grades, found := search(each.asked)), each, found) for each in questions]
    for gained, each, found in sorted(answers, key=lambda answer: (answer[0], answer[1].asked)):
        if gained > 0.7 and is_met(each.grades, found, depth=FIRST):
            continue
        print(f"{gained:.2f}  {each.asked}  ({each.about})")
        wanted = [name for name, grade in each.grades.items() if grade == 3]
        print("      wanted:", "; ".join(f"{name} {titles[name]}"[:90] for name in wanted))
        for place, name in enumerate(found[:FIRST], start=1):
            print(f"      {place}. [{each.grades.get(name, 0)}] {name}  {titles[name]}"[:120])


def tell_ungraded(questions: Sequence[Judged], searches: Iterable[Search], titles: Mapping[str, str]) -> None:
    """The pool: what stands among the first ten of any search and was never judged, in an order that tells nothing."""
    searches = list(searches)
    chance = Random(len(questions))
    for each in chance.sample(questions, len(questions)):
        new = sorted({name for search in searches for name in search(each.asked)} - set(each.grades))
        if new:
            print(each.asked)
            for name in chance.sample(new, len(new)):
                print(f"    {name}  {titles[name]}"[:130])
