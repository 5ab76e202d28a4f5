"""How good the search is, on questions as people type them: ours, ours without each of its parts, FTS5, PostgreSQL.

    bin/bench relevance [--set tuned] [--misses tuned] [--ungraded tuned] [--only-ours] [--again]

The questions and their grades stand in bench/relevance/*.yaml: `tuned` may be looked at while the search is worked
on, `held_out` only in its figures. Over the demonstration catalogue and all of KBLI 2020 and KBJI 2014.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from bench.measure import machine, table
from bench.relevance.catalogue import again, filled, rows
from bench.relevance.judged import SETS, Judged, judged, name_of
from bench.relevance.scores import HEADS, Search, is_met, ndcg, scores
from bench.relevance.searches import Text, ablations, fts5, ours, postgres, texts
from tests.machine import shared_data
from tests.postgres import CannotStart, server

POOLED = 5


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", choices=SETS, action="append", help="only this set")
    parser.add_argument("--misses", choices=SETS, help="and the questions of a set that are answered worst")
    parser.add_argument("--ungraded", choices=SETS, help="and what any search brings first that has no grade")
    parser.add_argument(
        "--again", action="store_true", help="the catalogue that the run before left in SAPA_DATA"
    )
    parser.add_argument("--only-ours", action="store_true", help="no other searches, no parts taken away")
    asked = parser.parse_args()
    folder = shared_data()
    if folder is None:
        print("Not measured: the folder ../shared/data with KBLI 2020 and KBJI 2014 is not there.")
        return 0
    office = again() if asked.again else filled(folder)
    everything = rows()
    titles = {name_of(row): str(row) for row in everything}
    sets = {name: judged(name) for name in asked.set or SETS}
    if unknown := sorted(
        {answer for questions in sets.values() for each in questions for answer in each.grades} - set(titles)
    ):
        print("Graded, but not in the catalogue:", *unknown, sep="\n  ", file=sys.stderr)
        return 1
    print(f"{machine()}; {len(titles)} entries and absences.\n")
    searches: dict[str, Search] = {"this search": ours(office)}
    with others([] if asked.only_ours else texts(everything)) as found:
        if not asked.only_ours:
            searches |= ablations(office) | found
        for name, questions in sets.items():
            codes = sum(each.is_classification for each in questions)
            print(f"{name}: {len(questions)} questions, {codes} of them for a code in everyday words\n")
            table([name, *HEADS], [(each, *scores(questions, searches[each]).cells()) for each in searches])
            print()
            subjects = sorted({each.about for each in questions})
            by_subject = {about: [each for each in questions if each.about == about] for about in subjects}
            table(
                [f"{name}, this search", "questions", "nDCG@10", "success@1", "success@5"],
                [
                    (about, len(asked_so), *scores(asked_so, searches["this search"]).cells()[:3])
                    for about, asked_so in by_subject.items()
                ],
            )
            print()
        if asked.misses:
            tell_misses(judged(asked.misses), searches["this search"], titles)
        if asked.ungraded:
            tell_ungraded(judged(asked.ungraded), searches, titles)
    return 0


@contextmanager
def others(everything: Sequence[Text]) -> Iterator[dict[str, Search]]:
    """FTS5 and PostgreSQL over the same texts; a server that cannot be started is said and left out."""
    if not everything:
        yield {}
        return
    found = {"SQLite FTS5": fts5(everything)}
    try:
        running = server()
        url = running.__enter__()
    except CannotStart as problem:
        print(f"PostgreSQL is not measured: {problem}\n")
        yield found
        return
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            for configuration in ("simple", "indonesian"):
                found[f"PostgreSQL, {configuration}"] = postgres(everything, connection, configuration)
            yield found
    finally:
        running.__exit__(None, None, None)


def tell_misses(questions: Sequence[Judged], search: Search, titles: dict[str, str]) -> None:
    """The questions without a good answer among the first five, or of a low gain: what came, with its grade."""
    answers = [(ndcg(each.grades, found := search(each.asked)), each, found) for each in questions]
    for gained, each, found in sorted(answers, key=lambda answer: (answer[0], answer[1].asked)):
        if gained > 0.7 and is_met(each.grades, found, depth=5):
            continue
        print(f"{gained:.2f}  {each.asked}  ({each.about})")
        wanted = [name for name, grade in each.grades.items() if grade == 3]
        print("      wanted:", "; ".join(f"{name} {titles[name]}"[:90] for name in wanted))
        for place, name in enumerate(found[:POOLED], start=1):
            print(f"      {place}. [{each.grades.get(name, 0)}] {name}  {titles[name]}"[:120])


def tell_ungraded(questions: Sequence[Judged], searches: dict[str, Search], titles: dict[str, str]) -> None:
    """What stands among the first five of any search and was never judged: to be read, and graded where it helps."""
    for each in questions:
        pool = {name for search in searches.values() for name in search(each.asked)[:POOLED]}
        new = sorted(pool - set(each.grades))
        if new:
            print(each.asked)
            for name in new:
                print(f"    {name}  {titles[name]}"[:130])


if __name__ == "__main__":
    sys.exit(main())
