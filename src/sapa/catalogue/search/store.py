"""The index itself: two small tantivy indexes side by side, the documents and the words that occur in them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

import tantivy

from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search import everyday
from sapa.catalogue.search.analyse import distance
from sapa.catalogue.search.documents import FAMILIES, Card, card, document, key_of, of_family
from sapa.catalogue.search.twins import CODE, overshadowed

# What decides what stands in an index. When one of these changes, an index made before is of another form and made
# anew: nobody has to remember to raise a number.
_HERE: Final = Path(__file__).resolve().parent
_DECIDING: Final = (
    *(_HERE / f"{name}.py" for name in ("analyse", "documents", "everyday", "stemming", "store")),
    *(_HERE.parent / "data" / name for name in ("regions.csv", "roots.txt")),
    *everyday.files(),
)
FORM: Final = sha256(b"".join(file.read_bytes() for file in _DECIDING)).hexdigest()[:12]
FEW: Final = 15_000_000  # bytes of memory for writing: the least that the engine takes
MANY: Final = 120_000_000
SPELLINGS_LOOKED_AT: Final = 60
PLAIN: Final = "sapa"
NOTHING: Final[frozenset[str]] = frozenset()


def schema() -> tantivy.Schema:
    """The fields of a document. Words are analysed before they come here; the engine only divides at spaces."""
    made = tantivy.SchemaBuilder()
    for name in ("id", "office"):
        made.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("title", "word", "stem"):
        made.add_text_field(name, tokenizer_name=PLAIN, index_option="freq")
    for name in ("kind", "level", "frequency", "subject", "version"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("code", "name", "group", "area", "place"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    made.add_unsigned_field("year", indexed=True)
    for name in ("since", "until"):
        made.add_unsigned_field(name, fast=True)
    made.add_bytes_field("card", stored=True)
    return made.build()


def words_schema() -> tantivy.Schema:
    """A word and in how many documents it stands: what a misspelt one may have meant."""
    made = tantivy.SchemaBuilder()
    made.add_text_field("word", stored=True, tokenizer_name="raw", index_option="basic")
    made.add_unsigned_field("times", stored=True, fast=True)
    return made.build()


SCHEMA: Final = schema()
WORDS: Final = words_schema()


class Store:
    """One generation of the index, in a folder or (without one) in memory. Not made for writing by two at once."""

    def __init__(self, folder: Path | None) -> None:
        """Opens what is there or begins empty; raises ValueError or OSError when what is there cannot be read."""
        self.docs = _opened(SCHEMA, folder and folder / "docs")
        self.words = _opened(WORDS, folder and folder / "words")
        self.refresh()

    def refresh(self) -> None:
        """What was written last is seen from now on."""
        self.docs.reload()
        self.words.reload()
        self.searcher = self.docs.searcher()
        self.word_searcher = self.words.searcher()
        self._all_of: dict[tuple[int, ...], bool] = {}
        self._overshadowed: dict[tuple[int, ...], dict[int, int]] = {}

    def refreshed(self) -> Self:
        """The same with what was written last. This one goes on as it is: a search that is under way keeps to it, for
        the places of documents are others afterwards."""
        found = copy(self)
        found.refresh()
        return found

    def is_all_of(self, offices: tuple[int, ...]) -> bool:
        """Whether nothing but theirs stands in the index, as on the machine of one office: to leave out the others
        would cost as much as to look."""
        if offices not in self._all_of:
            query, searcher = tantivy.Query, self.searcher
            held = [query.term_query(SCHEMA, "office", office) for office in offices]
            is_all = sum(searcher.doc_freq("office", office) for office in offices) >= searcher.num_docs
            if is_all:  # perhaps: documents that are gone are counted, too
                others = [(tantivy.Occur.MustNot, each) for each in held]
                found = query.boolean_query([(tantivy.Occur.Must, query.all_query()), *others])
                is_all = not searcher.search(found, 1, count=False).hits
            self._all_of[offices] = is_all
        return self._all_of[offices]

    def overshadowed(self, offices: tuple[int, ...]) -> dict[int, int]:
        """The codes of these offices that are not shown because a twin of them is, and which; asked of the database
        once for what stands in the index, and only where two of the offices have codes."""
        if offices not in self._overshadowed:
            query, must = tantivy.Query, tantivy.Occur.Must
            code = (must, query.term_query(SCHEMA, "kind", CODE))
            of_each = {
                office: query.boolean_query([(must, query.term_query(SCHEMA, "office", office)), code])
                for office in offices
            }
            having = [
                office for office, each in of_each.items() if self.searcher.search(each, 1, count=False).hits
            ]
            self._overshadowed[offices] = overshadowed(having) if len(having) > 1 else {}
        return self._overshadowed[offices]

    @contextmanager
    def writing(self) -> Iterator["Writing"]:
        """What is written inside stands in the index from its `commit` on. The engine's tidying up, which may take a
        while, is waited for at the end only."""
        with self.docs.writer(FEW, 1) as writer:
            writing = Writing(writer)
            yield writing
            unknown = [word for word in writing.words if not self._stands(word)]
            if unknown:
                with self.words.writer(FEW, 1) as words_writer:
                    _add_words(words_writer, ((word, 1) for word in unknown))
                    words_writer.commit()

    def write(self, rows: Iterable[Entry | Absence]) -> None:
        """These rows are known as they stand; those not shown are unknown. Seen after `refresh`."""
        with self.writing() as writing:
            writing.put(rows)
            writing.commit()

    def fill(self, rows: Iterable[Entry | Absence]) -> int:
        """An empty index holds all these rows; returns how many."""
        counted: Counter[str] = Counter()
        number = 0
        # One thread of the engine keeps up with us, and makes the same index every time.
        with self.docs.writer(MANY, 1) as writer:
            for row in rows:
                fields = document(row)
                writer.add_document(tantivy.Document.from_dict(fields, SCHEMA))
                counted.update({*fields.get("title", "").split(), *fields.get("word", "").split()})
                number += 1
            writer.commit()
            writer.wait_merging_threads()
        with self.words.writer(FEW, 1) as writer:
            _add_words(writer, counted.items())
            writer.commit()
            writer.wait_merging_threads()
        return number

    def card(self, place: tantivy.DocAddress, wanted: frozenset[str] = NOTHING) -> Card:
        """What is kept of the document there, with the weights of what is wanted."""
        return card(bytes(self.searcher.doc(place).get_first("card") or b""), wanted)

    def knows(self, word: str) -> bool:
        """Whether the word stands in any document, as it is written."""
        return bool(self.searcher.doc_freq("title", word) or self.searcher.doc_freq("word", word))

    def hardly_knows(self, word: str) -> bool:
        """Whether the word stands in one document only, and not in its title: it may well be another one misspelt."""
        return self.searcher.doc_freq("title", word) == 0 and self.searcher.doc_freq("word", word) == 1

    def times(self, word: str) -> int:
        """In about how many documents the word stands."""
        return self.searcher.doc_freq("title", word) + self.searcher.doc_freq("word", word)

    def knows_code(self, code: str) -> bool:
        """Whether it is the code of a classification."""
        return self.searcher.doc_freq("code", code) > 0

    def families_of(self, name: str) -> frozenset[str]:
        """The classifications (KBLI, KBJI, KBKI) in which something is called exactly so."""
        if not self.searcher.doc_freq("name", name):
            return NOTHING
        return frozenset(
            family for family in FAMILIES if self.searcher.doc_freq("name", of_family(name, family))
        )

    def endings(self, beginning: str, most: int) -> list[str]:
        """Words of titles that begin so, then others, those in the most documents first."""
        found = [word for word, _times in self.searcher.terms_with_prefix("title", beginning, limit=most)]
        if len(found) < most:
            others = self.searcher.terms_with_prefix("word", beginning, limit=most)
            found += [word for word, _times in others if word not in found][: most - len(found)]
        return found

    def spellings(self, word: str, slips: int) -> list[tuple[str, int, int]]:
        """Words within so many slips: (word, slips, in how many documents), nearest first, then the most frequent."""
        found: dict[str, tuple[int, int]] = {}
        for most in range(1, slips + 1):
            query = tantivy.Query.fuzzy_term_query(WORDS, "word", word, distance=most)
            hits = self.word_searcher.search(
                query, SPELLINGS_LOOKED_AT, count=False, order_by_field="times"
            ).hits
            for _times, place in hits:
                kept = self.word_searcher.doc(place)
                other, times = str(kept.get_first("word")), int(kept.get_first("times") or 0)
                if other.isalpha():
                    found.setdefault(other, (distance(word, other, most=slips), times))
            if found:
                break
        near = [(other, far, times) for other, (far, times) in found.items() if 0 < far <= slips]
        return sorted(near, key=lambda each: (each[1], each[0][0] != word[0], -each[2], each[0]))

    def _stands(self, word: str) -> bool:
        return self.word_searcher.doc_freq("word", word) > 0


class Writing:
    """The index while it is written; `words`: those of the rows that somebody may misspell."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer
        self.words: set[str] = set()

    def put(self, rows: Iterable[Entry | Absence]) -> None:
        """These rows are known as they stand, those not shown are unknown, from the commit on."""
        for row in rows:
            # Not by its term: the engine would look for a signed number and delete nothing.
            self._writer.delete_documents_by_query(tantivy.Query.term_query(SCHEMA, "id", key_of(row)))
            if row.withdrawn_at is None and (isinstance(row, Absence) or row.is_shown):
                fields = document(row)
                self._writer.add_document(tantivy.Document.from_dict(fields, SCHEMA))
                self.words.update(_words_of(fields))

    def commit(self) -> None:
        """What was put is on the disk; whoever opens or refreshes the index sees it."""
        self._writer.commit()


def _opened(schema: tantivy.Schema, folder: Path | None) -> tantivy.Index:
    if folder is None:
        made = tantivy.Index(schema)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        made = tantivy.Index(schema, path=str(folder))
    analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    made.register_tokenizer(PLAIN, analyser)
    made.config_reader("manual")
    return made


def _words_of(fields: dict[str, Any]) -> Iterator[str]:
    """The words that somebody may misspell: no numbers, no codes."""
    for word in {*fields.get("title", "").split(), *fields.get("word", "").split()}:
        if len(word) > 2 and word.isalpha():
            yield word


def _add_words(writer: tantivy.IndexWriter, counted: Iterable[tuple[str, int]]) -> None:
    for word, times in counted:
        writer.add_document(tantivy.Document.from_dict({"word": word, "times": times}, WORDS))
