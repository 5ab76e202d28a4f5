"""The search over a million titles, beside the bare engine, SQLite FTS5 and PostgreSQL's full-text search.

    bin/bench search [--entries 1000000] [--rounds 300] [--postgres-too]

All entries stand in one catalogue, so that nothing but the words narrows a search: the worst case; an office of a
regency searches a few thousand. For each sort of query (prefix, three words, a typo, with facets, a code) the queries
are drawn once and put to each engine in turn, interleaved: what Sapa does (reading, engine, ranking; without the rows
from the database), the bare engine with one query object on the same index, FTS5 with and without an index of
prefixes, and PostgreSQL on the same titles. Then whole requests beside the same page without a search, 64 clients at
once, and how soon a new entry is found. The filled files are kept in bench/out and made anew when their form changes.
"""

import argparse
import asyncio
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import ROOT, machine, percentile, server, table

OUT = ROOT / "bench/out"
VOCABULARY = 64_000
SORTS = ("prefix", "three words", "typo", "facets", "code")
AT_ONCE, EACH = 64, 15
SYLLABLES = [first + vowel for first in ["ng", "ny", *"bcdghjklmnprstwy"] for vowel in "aeiou"]
ENDS = ["", "", "", "n", "ng", "k", "r", "s", "t", "h", "l", "m"]
SUBJECTS = [
    "Kependudukan",
    "Pertanian",
    "Harga",
    "Ketenagakerjaan",
    "Industri",
    "Pendidikan",
    "Kesehatan",
    "Keuangan",
]


class Corpus:
    """Titles as a statistics office writes them, of a vocabulary with a few frequent and many rare words."""

    def __init__(self, entries: int) -> None:
        self.entries, self.chosen = entries, random.Random(4)
        words: dict[str, None] = {}
        while len(words) < VOCABULARY:
            parts = self.chosen.choices(SYLLABLES, k=self.chosen.choice((2, 2, 3, 3, 3, 4)))
            words["".join(parts) + self.chosen.choice(ENDS)] = None
        self.words = list(words)
        self.weights = list(accumulate(1 / (rank + 3) ** 0.9 for rank in range(VOCABULARY)))

    def some(self, number: int) -> list[str]:
        return self.chosen.choices(self.words, cum_weights=self.weights, k=number)

    def titles(self) -> Iterator[str]:
        self.chosen.seed(5)
        for _number in range(self.entries):
            words = self.some(self.chosen.randint(6, 11))
            words.insert(self.chosen.randint(2, 4), "menurut")
            yield " ".join(words).capitalize()

    def queries(self, sort: str, number: int) -> list[str]:
        self.chosen.seed(f"{sort} asked")
        found = []
        while len(found) < number:
            if sort == "code":
                found.append(f"{self.chosen.randrange(self.entries):07d}")
            elif sort == "prefix":
                word = max(self.some(2), key=len)
                found.append(" ".join([*self.some(1), word[: max(2, len(word) // 2)]]))
            elif sort == "typo":
                word = next(each for each in self.some(200) if len(each) > 6)
                at = self.chosen.randrange(1, len(word) - 1)
                found.append(f"{word[:at]}{word[at + 1 :]} {self.some(1)[0]} ")
            else:
                found.append(" ".join(self.some(3)) + " ")
        return found


def at_home_in(folder: Path) -> None:
    """Database, index and static files of this process are those of the folder, whatever the bench began with."""
    from django.conf import settings
    from django.db import connection

    settings.SEARCH_FOLDER, settings.STATIC_ROOT = folder / "search", folder / "static"
    connection.settings_dict["NAME"] = str(folder / "sapa.sqlite3")


def filled(corpus: Corpus) -> tuple[Path, dict[str, float]]:
    """The folder of a Sapa with the million entries and its index, and what making them took."""
    from sapa.catalogue.search.store import FORM

    folder = OUT / f"search-{corpus.entries}-{FORM}"
    folder.mkdir(parents=True, exist_ok=True)
    at_home_in(folder)
    from django.core.management import call_command

    from sapa.catalogue.models import Entry
    from sapa.catalogue.search import keeping
    from sapa.core.time import now
    from tests.cast import make_office

    took: dict[str, float] = {}
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from django_scopes import scopes_disabled

    with scopes_disabled():
        if Entry.objects.count() != corpus.entries:
            Entry.objects.all().delete()
            from sapa.offices.models import Office

            if not Office.objects.filter(code="0000").exists():
                make_office()  # with the province and the nation above it
            office = Office.objects.get(code="0000")
            began = time.perf_counter()
            insert(corpus, Entry(office=office, published_at=now()))
            took["rows"] = time.perf_counter() - began
            shutil.rmtree(folder / "search", ignore_errors=True)
    if not (folder / "search" / keeping.CURRENT).exists():
        began = time.perf_counter()
        keeping.rebuild()
        took["index"] = time.perf_counter() - began
    return folder, took


def insert(corpus: Corpus, like: Any) -> None:
    from django.db import connection, transaction

    fields = [field for field in like._meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(field.pre_save(like, True), connection) for field in fields]
    names = [field.column for field in fields]
    places = ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO catalogue_entry ({', '.join(names)}) VALUES ({places})"
    at = {name: names.index(name) for name in names}
    kinds = ["dynamic_table", "static_table", "publication", "press_release", "indicator"]
    rows = []
    with transaction.atomic(), connection.cursor() as cursor:
        for number, title in enumerate(corpus.titles()):
            row = list(values)
            row[at["title"]], row[at["external_id"]] = title, f"{number:07d}"
            row[at["kind"]] = "classification_code" if number % 20 == 0 else kinds[number % 5]
            row[at["version"]] = "KBKI 2015" if number % 20 == 0 else ""
            row[at["subject"]] = SUBJECTS[number % len(SUBJECTS)]
            row[at["level"]] = ("regency", "province", "district")[number % 3]
            row[at["year_from"]], row[at["year_until"]] = 2010 + number % 10, 2020 + number % 6
            rows.append(row)
            if len(rows) == 5_000:
                cursor.executemany(statement, rows)
                rows = []
        if rows:
            cursor.executemany(statement, rows)


class Fts5:
    """The same titles in SQLite's full-text index: words and prefixes, bm25."""

    def __init__(self, corpus: Corpus, *, prefixes: bool) -> None:
        file = OUT / f"fts5-{corpus.entries}-{'prefix' if prefixes else 'plain'}.sqlite3"
        is_new = not file.exists()
        self.connection = sqlite3.connect(file)
        if is_new:
            more = ", prefix='2 3 4'" if prefixes else ""
            self.connection.execute(
                f"CREATE VIRTUAL TABLE t USING fts5(title, code, tokenize='unicode61'{more})"
            )
            rows = ((title, f"{number:07d}") for number, title in enumerate(corpus.titles()))
            self.connection.executemany("INSERT INTO t (title, code) VALUES (?, ?)", rows)
            self.connection.execute("INSERT INTO t(t) VALUES ('optimize')")
            self.connection.commit()
        self.size = file.stat().st_size

    def ask(self, sort: str, text: str) -> Any:
        words = text.split()
        if sort == "typo":
            return None  # it knows no slips: this is what it can do instead
        match = " OR ".join(f'"{word}"' for word in words)
        if sort == "prefix":
            match += "*"
        found = self.connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", [match])
        return found.fetchall()


class Postgres:
    """The same titles in PostgreSQL: tsvector, GIN, ts_rank."""

    def __init__(self, corpus: Corpus, url: str) -> None:
        import psycopg

        self.connection = psycopg.connect(url, autocommit=True)
        with self.connection.cursor() as cursor:
            cursor.execute("CREATE TABLE t (id serial, title text, code text, v tsvector)")
            with cursor.copy("COPY t (title, code) FROM STDIN") as copy:
                for number, title in enumerate(corpus.titles()):
                    copy.write_row((title, f"{number:07d}"))
            cursor.execute("UPDATE t SET v = to_tsvector('simple', title || ' ' || code)")
            cursor.execute("CREATE INDEX ON t USING gin (v)")
            cursor.execute("VACUUM ANALYZE t")

    def ask(self, sort: str, text: str) -> Any:
        words = text.split()
        if sort == "typo":
            return None
        match = " | ".join(words) + (":*" if sort == "prefix" else "")
        return self.connection.execute(
            "SELECT id FROM t, to_tsquery('simple', %s) q WHERE v @@ q ORDER BY ts_rank(v, q) DESC LIMIT 10",
            [match],
        ).fetchall()


class Bare:
    """The same index asked with one query object and nothing around it."""

    def __init__(self) -> None:
        import tantivy

        from sapa.catalogue.search import keeping
        from sapa.catalogue.search.store import SCHEMA

        self.t, self.schema, self.store = tantivy, SCHEMA, keeping.current()

    def ask(self, sort: str, text: str) -> Any:
        query, words = self.t.Query, text.split()
        should = self.t.Occur.Should
        searcher = self.store.searcher
        if sort == "code":
            return searcher.search(query.term_query(self.schema, "code", words[0]), 10, count=False)
        if sort == "typo":
            made = [query.fuzzy_term_query(self.schema, "title", words[0], 2)]
            made += [query.term_query(self.schema, "title", word) for word in words[1:]]
        elif sort == "prefix":
            made = [query.fuzzy_term_query(self.schema, "title", words[-1], 0, prefix=True)]
            made += [query.term_query(self.schema, "title", word) for word in words[:-1]]
        else:
            made = [query.term_query(self.schema, "title", word) for word in words]
        whole = query.boolean_query([(should, each) for each in made])
        if sort == "facets":
            searcher.aggregate(whole, {"kind": {"terms": {"field": "kind"}}})
        return searcher.search(whole, 10, count=False)


def sapa_asks(office: Any, sort: str, text: str) -> tuple[float, int]:
    """Seconds of reading, engine and ranking; how many it found."""
    from sapa.catalogue.search import search

    results = search(office, text, with_facets=sort == "facets")
    return results.took, len(results)


def engines(corpus: Corpus, office: Any, peers: dict[str, Callable[[str, str], Any]], rounds: int) -> None:
    names = ["sapa", *peers]
    rows = []
    for sort in SORTS:
        spent: dict[str, list[float]] = {name: [] for name in names}
        missed = 0
        for place, text in enumerate(corpus.queries(sort, rounds + 20)):
            for turn in range(len(names)):
                name = names[(place + turn) % len(names)]
                if name == "sapa":
                    seconds, found = sapa_asks(office, sort, text)
                    missed += found == 0
                else:
                    began = time.perf_counter()
                    if peers[name](sort, text) is None:
                        continue
                    seconds = time.perf_counter() - began
                if place >= 20:  # the first ones only warm up
                    spent[name].append(seconds * 1000)
        for name in names:
            if spent[name]:
                p50, p99 = percentile(spent[name], 0.5), percentile(spent[name], 0.99)
                own50, own99 = percentile(spent["sapa"], 0.5), percentile(spent["sapa"], 0.99)
                rows.append(
                    [
                        f"{sort}, {name}",
                        f"{p50:.2f}",
                        f"{p99:.2f}",
                        f"{p50 / own50:.1f}",
                        f"{p99 / own99:.1f}",
                    ]
                )
            else:
                rows.append([f"{sort}, {name}", "cannot", "", "", ""])
        if missed:
            print(f"{sort}: {missed} of {rounds + 20} queries found nothing", file=sys.stderr)
    table(["query, engine", "p50 ms", "p99 ms", "p50 / sapa", "p99 / sapa"], rows)


def requests(corpus: Corpus, office: Any, rounds: int) -> None:
    """Whole requests in this process beside the same page without a search."""
    from django.test import Client

    from sapa.catalogue import trails

    trails.SEARCHES_IN_TEN_MINUTES = trails.BEGUN_IN_TEN_MINUTES = 10**9  # type: ignore[misc]
    browser = Client(SERVER_NAME="localhost")
    address = f"/{office.code}/cari/"
    whole, bare, engine = [], [], []
    for text in corpus.queries("three words", rounds):
        began = time.perf_counter()
        browser.get(address)
        bare.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        browser.get(address, {"q": text})
        whole.append((time.perf_counter() - began) * 1000)
        engine.append(sapa_asks(office, "facets", text)[0] * 1000)
    allowed = median(bare) + median(engine)
    rows = [
        ["the page without a search", f"{median(bare):.1f}", f"{percentile(bare, 0.99):.1f}"],
        ["reading, engine, ranking, facets", f"{median(engine):.1f}", f"{percentile(engine, 0.99):.1f}"],
        ["the page with its results", f"{median(whole):.1f}", f"{percentile(whole, 0.99):.1f}"],
    ]
    table(["three words", "p50 ms", "p99 ms"], rows)
    print(f"\nThe page with its results is {median(whole) / allowed:.2f} times the two others together.")


def seen(office: Any, times: int) -> None:
    """From the end of the transaction until a search of another thread finds the new entry."""
    from django.db import transaction

    from sapa.catalogue.models import Entry
    from sapa.catalogue.search import keeping, search
    from sapa.catalogue.search.indexing import index
    from sapa.core.time import now

    keeping.begin()
    time.sleep(1)
    spent = []
    for number in range(times):
        word = f"zzq{''.join(random.Random(number).choices('abcdefgh', k=9))}"
        with transaction.atomic():
            entry = Entry.objects.create(office=office, kind="static_table", title=word, published_at=now())
            index([entry])
        began = time.perf_counter()
        while not search(office, f"{word} ", with_facets=False, exact=True).entries:
            time.sleep(0.002)
        spent.append((time.perf_counter() - began) * 1000)
        Entry.objects.filter(pk=entry.pk).update(withdrawn_at=now())
        index([entry])
    print(
        f"\nA new entry is found {median(spent):.0f} ms after its transaction (p99 {percentile(spent, 0.99):.0f}),"
        f" {times} times."
    )


def at_once(corpus: Corpus, office: Any, folder: Path) -> None:
    """64 clients behind uvicorn; beside one client alone, whose share of the processor is 64 times as large."""
    import httpx

    address = f"/{office.code}/cari/"
    texts = corpus.queries("three words", AT_ONCE * EACH)

    async def play(port: int, together: int, queries: list[str]) -> tuple[list[float], int]:
        spent: list[float] = []
        errors = 0
        limits = httpx.Limits(max_connections=together, max_keepalive_connections=together)
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=60
        ) as browser:

            async def one(mine: list[str]) -> None:
                nonlocal errors
                for text in mine:
                    began = time.perf_counter()
                    answer = await browser.get(address, params={"q": text})
                    spent.append((time.perf_counter() - began) * 1000)
                    errors += answer.status_code != 200

            await asyncio.gather(*(one(queries[number::together]) for number in range(together)))
        return spent, errors

    with tempfile.TemporaryDirectory() as elsewhere:
        commits = Path(elsewhere) / "commits"
        commits.touch()
        environment = {"SAPA_DATA": str(folder), "BENCH_COMMITS": str(commits)}
        with server("sapa", **environment) as (_pid, port):
            asyncio.run(play(port, 1, texts[:40]))
            alone, _errors = asyncio.run(play(port, 1, texts[:100]))
            many, errors = asyncio.run(play(port, AT_ONCE, texts))
    share = median(alone) * AT_ONCE
    print(
        f"\n{AT_ONCE} clients at once: {errors} errors, p50 {median(many):.0f} ms, p99 {percentile(many, 0.99):.0f};"
        f" one alone {median(alone):.1f} ms: {median(many) / share:.2f} of the fair share of one core."
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench search", description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--postgres-too", action="store_true", help="start a PostgreSQL beside")
    chosen = parser.parse_args()
    print(machine() + "\n")
    corpus = Corpus(chosen.entries)
    folder, took = filled(corpus)
    from django_scopes import scopes_disabled

    from sapa.catalogue.search import keeping
    from sapa.offices.models import Office
    from tests import postgres

    with scopes_disabled():
        office = Office.objects.get(code="0000")
        keeping.current()
        size = sum(file.stat().st_size for file in (folder / "search").rglob("*") if file.is_file())
        print(
            f"{chosen.entries:,} entries, {VOCABULARY:,} words; index {size / 2**20:.0f} MiB"
            + "".join(f"; {name} made in {seconds:.0f} s" for name, seconds in took.items())
            + "\n"
        )
        plain, prefixes = Fts5(corpus, prefixes=False), Fts5(corpus, prefixes=True)
        with postgres.server() if chosen.postgres_too else nullcontext() as url:
            peers = {"bare engine": Bare().ask, "FTS5": plain.ask, "FTS5 with prefixes": prefixes.ask}
            if url:
                peers["PostgreSQL"] = Postgres(corpus, url).ask
            engines(corpus, office, peers, chosen.rounds)
        print()
        requests(corpus, office, min(chosen.rounds, 100))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\nMemory of this process with the index open: at most {peak:.0f} MiB.")
        seen(office, 30)
    at_once(corpus, office, folder)


if __name__ == "__main__":
    main()
