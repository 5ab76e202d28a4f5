"""The search over a million titles, beside the bare engine, SQLite FTS5 and PostgreSQL's full-text search.

    bin/bench search [--entries 1000000] [--rounds 200] [--only engines] [--postgres-too] [--again]

All entries stand in one catalogue, so that nothing but the words narrows a search: the worst case; an office of a
regency searches a few thousand. For each sort of query (prefix, three words, a typo, with facets, a code) the queries
are drawn once and put to each engine in turn, interleaved: what Sapa does (reading, engine, ranking; without the rows
from the database), the bare engine with one query object on the same index, FTS5 with and without an index of
prefixes, and PostgreSQL on the same titles. Then whole requests beside the same page without a search, 64 clients at
once, how soon a new entry is found, and what a thousand changes leave behind. The filled files are kept in bench/out;
the index is made anew when its form changes.
"""

import argparse
import tempfile
from contextlib import nullcontext
from pathlib import Path

from bench.measure import machine, server
from bench.search.changing import memory_of_self, reloads, seen
from bench.search.corpus import VOCABULARY, Corpus
from bench.search.filling import filled, indexed
from bench.search.peers import Bare, Fts5, Postgres
from bench.search.timing import Visits, at_once, engines, requests

PARTS = ("engines", "requests", "clients", "seen", "reloads")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench search", description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part; may be said again")
    parser.add_argument("--postgres-too", action="store_true", help="start a PostgreSQL beside")
    parser.add_argument("--again", action="store_true", help="make the index anew, to see what that takes")
    chosen = parser.parse_args()
    parts = chosen.only or PARTS
    print(machine() + "\n")
    corpus = Corpus(chosen.entries)
    folder, rows_took = filled(corpus)
    made = indexed(folder, again=chosen.again)
    from django_scopes import scopes_disabled

    from sapa.catalogue.search import keeping
    from sapa.offices.models import Office
    from tests import postgres

    with scopes_disabled():
        office = Office.objects.get(code="0000")
        before = memory_of_self()
        keeping.current()
        size = sum(file.stat().st_size for file in (folder / "search").rglob("*") if file.is_file())
        print(f"{chosen.entries:,} entries, {VOCABULARY:,} words; index {size / 2**20:.0f} MiB", end="")
        print(f"; rows made in {rows_took:.0f} s" if rows_took else "", end="")
        print(f"; index made in {made[0]:.0f} s with {made[1]:.0f} MiB of memory\n" if made else "\n")
        if "engines" in parts:
            plain, prefixes = Fts5(corpus, prefixes=False), Fts5(corpus, prefixes=True)
            with postgres.server() if chosen.postgres_too else nullcontext() as url:
                peers = {"bare engine": Bare().ask, "FTS5": plain.ask, "FTS5 with prefixes": prefixes.ask}
                if url:
                    peers["PostgreSQL"] = Postgres(corpus, url).ask
                engines(corpus, office, peers, chosen.rounds)
        if "requests" in parts or "clients" in parts:
            with tempfile.TemporaryDirectory() as elsewhere:
                commits = Path(elsewhere) / "commits"
                commits.touch()
                with server("sapa", SAPA_DATA=str(folder), BENCH_COMMITS=str(commits)) as (pid, port):
                    print()
                    if "requests" in parts:
                        requests(corpus, office, Visits(port), min(chosen.rounds, 100))
                    if "clients" in parts:
                        at_once(corpus, office, Visits(port), pid)
        if "reloads" in parts:
            reloads(corpus, office, 1_000)
        if "seen" in parts:
            seen(corpus, office, 100)
        print(f"\nThis process grew from {before:.0f} to {memory_of_self():.0f} MiB with the index open.")


if __name__ == "__main__":
    main()
