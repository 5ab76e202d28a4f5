"""How good the search is, on questions as people type them: ours, ours without each of its parts, FTS5, PostgreSQL.

    bin/bench relevance [--set tuned] [--misses tuned] [--ungraded tuned] [--only-ours] [--again] [--tune]

The questions and their grades stand in bench/relevance/*.yaml: `tuned`, `held_out` and `fourth` may be looked at while
the search is worked on; of `third` nothing but figures is told. Over the demonstration catalogue and all of KBLI 2020
and KBJI 2014.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import psycopg

from bench.measure import machine
from bench.relevance.catalogue import again, filled, rows
from bench.relevance.judged import READABLE, SETS, judged, name_of
from bench.relevance.scores import Search
from bench.relevance.searches import Text, ablations, common_words, fts5, ours, postgres, texts
from bench.relevance.telling import OURS, tell_misses, tell_set, tell_ungraded
from bench.relevance.tuning import tune
from tests.machine import shared_data
from tests.postgres import CannotStart, server


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", choices=SETS, action="append", help="only this set")
    parser.add_argument(
        "--misses", choices=READABLE, help="and the questions of a set that are answered worst"
    )
    parser.add_argument("--ungraded", choices=READABLE, help="and what any search brings that has no grade")
    parser.add_argument(
        "--again", action="store_true", help="the catalogue that the run before left in SAPA_DATA"
    )
    parser.add_argument(
        "--tune", action="store_true", help="only look for better weights of the ranking (an hour)"
    )
    parser.add_argument("--only-ours", action="store_true", help="no other searches, no parts taken away")
    asked = parser.parse_args()
    folder = shared_data()
    if folder is None:
        print("Not measured: the folder ../shared/data with KBLI 2020 and KBJI 2014 is not there.")
        return 0
    office = again() if asked.again else filled(folder)
    if asked.tune:
        tune(office)
        return 0
    everything = rows()
    titles = {name_of(row): str(row) for row in everything}
    sets = {name: judged(name) for name in asked.set or SETS}
    if unknown := sorted(
        {answer for questions in sets.values() for each in questions for answer in each.grades} - set(titles)
    ):
        print("Graded, but not in the catalogue:", *unknown, sep="\n  ", file=sys.stderr)
        return 1
    print(f"{machine()}; {len(titles)} entries and absences.\n")
    searches: dict[str, Search] = {OURS: ours(office)}
    with others([] if asked.only_ours else texts(everything)) as found:
        if not asked.only_ours:
            searches |= ablations(office) | found
        searches = {name: cache(search) for name, search in searches.items()}
        for name, questions in sets.items():
            tell_set(name, questions, searches)
        if asked.misses:
            tell_misses(judged(asked.misses), searches[OURS], titles)
        if asked.ungraded:
            tell_ungraded(judged(asked.ungraded), searches.values(), titles)
    return 0


@contextmanager
def others(everything: Sequence[Text]) -> Iterator[dict[str, Search]]:
    """Other searches over the same texts; a PostgreSQL server that cannot be started is said and left out."""
    if not everything:
        yield {}
        return
    found = {"common words": common_words(everything), "SQLite FTS5": fts5(everything)}
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


if __name__ == "__main__":
    sys.exit(main())
