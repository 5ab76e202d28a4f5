"""The searches that are compared, each over the same entries and absences: ours whole, ours with one part taken
away, SQLite's FTS5 and PostgreSQL's full-text search, set up as somebody would who knows them, and no engine at all."""

import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import fsum, log
from typing import Final

import psycopg
from psycopg import sql

from bench.relevance.judged import name_of
from bench.relevance.scores import Search
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search import search
from sapa.catalogue.search.everyday import names_of
from sapa.catalogue.search.question import Features
from sapa.catalogue.search.results import Hit
from sapa.catalogue.search.weights import USED, Weights
from sapa.offices.models import Office

DEPTH: Final = 10
TOLD: Final = {
    "stems": "stems",
    "synonyms": "synonyms and abbreviations",
    "spellings": "typo tolerance",
    "endings": "endings of a word begun",
    "apart": "splitting and joining of words",
    "understanding": "understanding of the question",
    "ranking": "our ranking (the engine's instead)",
}


@dataclass(frozen=True)
class Text:
    """An entry or absence as the other searches see it: its words by their weight."""

    name: str
    title: str
    keywords: str
    told: str
    rest: str


def texts(rows: Sequence[Entry | Absence]) -> list[Text]:
    """The same words that our own index is made of, in the same four weights."""
    return [_of_entry(row) if isinstance(row, Entry) else _of_absence(row) for row in rows]


def _of_entry(entry: Entry) -> Text:
    return Text(
        name_of(entry),
        f"{entry.external_id} {entry.version} {entry.title}",
        f"{entry.keywords} {'; '.join(' '.join(name) for name in names_of(entry.version, entry.external_id))}",
        f"{entry.subject} {entry.area} {entry.summary} {entry.year_from or ''} {entry.year_until or ''}",
        f"{entry.get_kind_display()} {entry.get_level_display()} {entry.unit} {entry.producer} {entry.body}",
    )


def _of_absence(absence: Absence) -> Text:
    return Text(
        name_of(absence),
        absence.indicator,
        absence.keywords,
        f"{absence.area} {absence.get_level_display()} {absence.get_frequency_display()}",
        f"{absence.reason} {absence.where_instead}",
    )


def ours(office: Office, features: Features | None = None, weights: Weights = USED) -> Search:
    """Names in the order in which the page shows them: absences before the entries, or after them."""

    def found(asked: str) -> list[str]:
        results = search(
            office, asked, limit=DEPTH, with_facets=False, features=features or Features(), weights=weights
        )
        shown = [name_of(hit.entry if isinstance(hit, Hit) else hit.absence) for hit in results.in_order]
        return shown[:DEPTH]

    return found


def ablations(office: Office) -> dict[str, Search]:
    """Ours without one part at a time."""
    return {
        f"without {TOLD.get(field.name, field.name)}": ours(office, Features(**{field.name: False}))
        for field in fields(Features)
    }


def _words(asked: str) -> list[str]:
    return re.findall(r"\w+", asked.casefold())


def common_words(rows: Sequence[Text]) -> Search:
    """No engine: the rarity of each word that question and text have in common, twice for a word of the title."""
    titles = [set(_words(row.title)) for row in rows]
    texts = [
        title.union(*map(_words, (row.keywords, row.told, row.rest)))
        for title, row in zip(titles, rows, strict=True)
    ]
    often = Counter(word for text in texts for word in text)
    rarity = {word: log(len(rows) / count) for word, count in often.items()}

    def found(asked: str) -> list[str]:
        words = set(_words(asked))
        worth = [
            (fsum(rarity[word] * (2 if word in title else 1) for word in words & text), row.name)
            for row, title, text in zip(rows, titles, texts, strict=True)
        ]
        best = sorted((each for each in worth if each[0] > 0), key=lambda each: (-each[0], each[1]))
        return [name for _worth, name in best[:DEPTH]]

    return found


def fts5(rows: Sequence[Text]) -> Search:
    """SQLite FTS5: unicode61, any of the words, the last one as a prefix, bm25 with the weights of our fields."""
    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE VIRTUAL TABLE texts USING fts5"
        "(name UNINDEXED, title, keywords, told, rest, tokenize = 'unicode61 remove_diacritics 2')"
    )
    base.executemany(
        "INSERT INTO texts VALUES (?, ?, ?, ?, ?)",
        [(row.name, row.title, row.keywords, row.told, row.rest) for row in rows],
    )

    def found(asked: str) -> list[str]:
        words = [f'"{word}"' for word in _words(asked)]
        if not words:
            return []
        words.append(words.pop() + "*")
        hits = base.execute(
            "SELECT name FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, 0, 6, 4, 2, 1), rowid LIMIT ?",
            (" OR ".join(words), DEPTH),
        )
        return [name for (name,) in hits]

    return found


def postgres(rows: Sequence[Text], connection: psycopg.Connection, configuration: str) -> Search:
    """PostgreSQL: weights A to D, any of the words, the last one as a prefix, ts_rank over the logarithm of the length
    (1): the best of ts_rank and ts_rank_cd with 0, 1 and 2 on the tuned set (nDCG@10 0.56, ts_rank_cd 0.50)."""
    table = sql.Identifier(f"texts_{configuration}")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE {} (number int, name text, words tsvector)").format(table))
        cursor.executemany(
            sql.SQL(
                "INSERT INTO {} VALUES (%s, %s, setweight(to_tsvector({c}, %s), 'A')"
                " || setweight(to_tsvector({c}, %s), 'B') || setweight(to_tsvector({c}, %s), 'C')"
                " || setweight(to_tsvector({c}, %s), 'D'))"
            ).format(table, c=sql.Literal(configuration)),
            [
                (number, row.name, row.title, row.keywords, row.told, row.rest)
                for number, row in enumerate(rows)
            ],
        )
    statement = sql.SQL(
        "SELECT name FROM {}, to_tsquery({}, %s) AS asked WHERE words @@ asked"
        " ORDER BY ts_rank(words, asked, 1) DESC, number LIMIT %s"
    ).format(table, sql.Literal(configuration))

    def found(asked: str) -> list[str]:
        words = _words(asked)
        if not words:
            return []
        words.append(words.pop() + ":*")
        return [name for (name,) in connection.execute(statement, (" | ".join(words), DEPTH))]

    return found
