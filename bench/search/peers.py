"""The same titles in other engines: SQLite FTS5, PostgreSQL, and our own index with nothing around it."""

import sqlite3
from typing import Any

from bench.measure import ROOT
from bench.search.corpus import Corpus

OUT = ROOT / "bench/out"


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
            # The words are cut while the rows come in: a second pass over a million would take minutes.
            cursor.execute(
                "CREATE UNLOGGED TABLE t (id serial, title text, code text, v tsvector"
                " GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || code)) STORED)"
            )
            cursor.execute("SET maintenance_work_mem = '512MB'")
            with cursor.copy("COPY t (title, code) FROM STDIN") as copy:
                for number, title in enumerate(corpus.titles()):
                    copy.write_row((title, f"{number:07d}"))
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
