"""Ways to go on typing: words and phrases as the catalogue's titles have them, places, and few things to go to at once.

The last word is compared as it is written, never by its root: "pend" becomes "penduduk", "pendu" does, too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import tantivy
from django_scopes import scope

from sapa.catalogue.models import Entry
from sapa.catalogue.search import keeping
from sapa.catalogue.search.analyse import fold, words
from sapa.catalogue.search.documents import ABSENCE, Card
from sapa.catalogue.search.going_on import VAGUE, Typed, holds, queries_of
from sapa.catalogue.search.heard import MOST_LETTERS, listen
from sapa.catalogue.search.place_names import places_beginning
from sapa.catalogue.search.query import is_of_the_engine
from sapa.catalogue.search.results import Suggestion, Suggestions
from sapa.catalogue.search.stemming import stem
from sapa.catalogue.search.store import SCHEMA, Store
from sapa.catalogue.search.vocabulary import Vocabulary, vocabulary
from sapa.offices.models import Office

NOTHING: Final = Suggestions()
SHORTEST: Final = 2
# So many beginnings of a word are looked at; so many titles for each, or for all beside words typed before.
BEGINNINGS, SINGLY = 12, 4
TITLES_OF_ONE, TITLES_OF_ALL = 12, 24
MOST_WORDS, MOST_ENTRIES, MOST_BEFORE = 5, 2, 3
# Beside words that so many titles hold, the next word is guessed from all of them.
FREQUENT: Final = 1_000
# Fewer letters say too little to name single things.
LETTERS_FOR_ENTRIES: Final = 4
CODES: Final = 4
CODE_WORDS: Final = frozenset({"kbli", "kbji", "kbki", "kode", "code"})
_NUMBER: Final = re.compile(r"(?:^|\s)(\d[\d.]*)$")
_WORD: Final = re.compile(r"[^\W_]+")
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_Query = tantivy.Query


def suggest(office: Office, text: str) -> Suggestions:
    """Ways to go on from `text`, whatever it is; none while the index is being made."""
    text = text[:MOST_LETTERS]
    if len(fold(text)) < SHORTEST:
        return NOTHING
    try:
        return _suggested(office, text, keeping.current())
    except keeping.Preparing:
        return NOTHING
    except BaseException as error:
        if not is_of_the_engine(error):
            raise
        keeping.damaged(error)
        return NOTHING


def _suggested(office: Office, text: str, store: Store) -> Suggestions:
    line = tuple(office.lineage())
    table = vocabulary([each.pk for each in line], change=keeping.upto())
    typed = _typed(text, store, table)
    if not typed.text:
        return NOTHING
    codes = _codes(store, text, line)
    if codes:
        return Suggestions(entries=tuple(_entries(codes, line)))
    places = places_beginning(typed, office.code)
    queries: list[str] = []
    cards: list[Card] = []
    # Words that no title holds ("apa itu") stay before what the others become.
    for start in range(1 if places else min(len(typed.done), MOST_BEFORE) + 1):
        last = Typed(typed.done[start:], typed.open)
        cards = _cards(store, last, line)
        found = [
            *_by_other_names(last, table),
            *queries_of(last, [each.title for each in cards], table.silent),
        ]
        if not found and not places:
            found = _of_texts(store, last, line)
        if found:
            queries = [" ".join((*typed.done[:start], each)) for each in found]
            break
    # Where nothing goes on, what was typed stands there as it is read.
    spelt = [typed.text] if typed.done else []
    likely = [each for each in dict.fromkeys(queries or spelt) if each != fold(text)]
    return Suggestions(
        words=tuple(map(Suggestion, likely[:MOST_WORDS])),
        places=tuple(places),
        entries=tuple(_entries(_named(typed, cards), line)),
    )


def _typed(text: str, store: Store, table: Vocabulary) -> Typed:
    """The finished words written out and, where the catalogue does not know them, in its nearest spelling."""
    if text[-1:].isspace() or not _WORD.search(text):
        heard = [each.word for each in listen(text, table)]
        return Typed(tuple(_spelt(word, store, table) for word in heard), "")
    last = list(_WORD.finditer(text))[-1]
    done = [each.word for each in listen(text[: last.start()], table)]
    return Typed(tuple(_spelt(word, store, table) for word in done), words(last.group())[-1])


def _spelt(word: str, store: Store, table: Vocabulary) -> str:
    if len(word) < 4 or not word.isalpha() or word in table.familiar or store.knows(word):
        return word
    near = store.spellings(word, 1 if len(word) < 8 else 2)
    return near[0][0] if near else word


def _cards(store: Store, typed: Typed, line: Sequence[Office]) -> list[Card]:
    """Titles that hold what was typed. Codes of classifications, which are many, only where nothing else does."""
    beginnings = _beginnings(store, typed, "title")
    if typed.open and not beginnings:
        return []
    for codes in (_NOT, _MUST):
        base = [*_of(line), (codes, _term("kind", Entry.Kind.CLASSIFICATION_CODE)), *_finished(typed)]
        if typed.done or not typed.open:
            ways = _Query.boolean_query([(_SHOULD, _same(_term("title", each))) for each in beginnings])
            found = _found(store, [*base, (_MUST, ways)] if beginnings else base, TITLES_OF_ALL)
        else:
            singly = (BEGINNINGS, 1) if len(typed.open) <= VAGUE else (SINGLY, TITLES_OF_ONE)
            found = [
                each
                for beginning in beginnings[: singly[0]]
                for each in _found(store, [*base, (_MUST, _term("title", beginning))], singly[1])
            ]
        if found:
            return found
    return []


def _beginnings(store: Store, typed: Typed, field: str) -> list[str]:
    """Words that begin as the last one does: those that stand beside the finished words, where these are rare enough
    to look (else the most frequent)."""
    if not typed.open:
        return []
    beside = None
    rare = min((store.searcher.doc_freq(field, word) for word in typed.done), default=FREQUENT)
    if 0 < rare < FREQUENT:
        beside = _Query.boolean_query([(_MUST, _term(field, word)) for word in typed.done])
    found = store.searcher.terms_with_prefix(field, typed.open, filter_query=beside, limit=BEGINNINGS)
    return [word for word, _times in found]


def _of_texts(store: Store, typed: Typed, line: Sequence[Office]) -> list[str]:
    """The words that no title holds, as the texts and other names of entries have them: "laundry"."""
    found = []
    beginnings = _beginnings(store, typed, "word") if len(typed.open) >= VAGUE else []
    for word in beginnings[:MOST_WORDS]:
        held = [(_MUST, _term("word", each)) for each in (*typed.done, word)]
        if store.searcher.search(_Query.boolean_query([*_of(line), *held]), 1, count=False).hits:
            found.append(" ".join((*typed.done, word)))
    return found


def _by_other_names(typed: Typed, table: Vocabulary) -> list[str]:
    """What an abbreviation stands for, and names of the table that begin so: "rasio g" is "rasio gini"."""
    whole = tuple(typed.text.split())
    if len(whole) == 1 and whole[0] in table.ambiguous:
        return [" ".join(sense.phrase) for sense in table.ambiguous[whole[0]]]
    found = [" ".join(each) for each in table.same.get(whole, ()) if len(each) > 1][:1]
    if typed.done and typed.open:
        names = (" ".join(each) for each in table.same if len(each) == len(whole) and each[0] == whole[0])
        found += sorted(each for each in names if each.startswith(typed.text))[:2]
    return found


def _of_titles(typed: Typed, cards: Sequence[Card], table: Vocabulary) -> list[str]:
    """From what there is, then from what there is not."""
    there = queries_of(typed, [each.title for each in cards if not each.is_absence], table.silent)
    return [*there, *queries_of(typed, [each.title for each in cards if each.is_absence], table.silent)]


def _finished(typed: Typed) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
    for word in dict.fromkeys(typed.done):
        yield (
            _MUST,
            _Query.boolean_query(
                [
                    (_SHOULD, _term("title", word)),
                    (_SHOULD, _Query.boost_query(_term("stem", stem(word)), 0.2)),
                ]
            ),
        )


def _of(line: Sequence[Office]) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
    each = [(_SHOULD, _Query.term_query(SCHEMA, "office", office.pk)) for office in line]
    yield _MUST, _Query.const_score_query(_Query.boolean_query(each), 0.0)


def _found(store: Store, clauses: list[tuple[tantivy.Occur, tantivy.Query]], most: int) -> list[Card]:
    hits = store.searcher.search(_Query.boolean_query(clauses), most, count=False).hits
    return [store.card(place) for _score, place in hits]


def _codes(store: Store, text: str, line: Sequence[Office]) -> list[Card]:
    """Codes that begin with these digits, where nothing else or a classification was named before them."""
    match = _NUMBER.search(text)
    before = words(text[: match.start()]) if match else []
    if match is None or len(match[1]) < SHORTEST or not set(before) <= CODE_WORDS | {"2020", "2025", "2014"}:
        return []
    found: dict[int, Card] = {}
    begins = match[1].rstrip(".")
    longer = store.searcher.terms_with_prefix("code", begins, limit=CODES * 4)
    for code in dict.fromkeys([begins, *(code for code, _times in longer)]):
        for each in _found(store, [*_of(line), (_MUST, _term("code", code))], CODES):
            if (
                not before
                or before[0] not in ("kbli", "kbji", "kbki")
                or each.version.lower().startswith(before[0])
            ):
                found.setdefault(each.key, each)
    ordered = sorted(found.values(), key=lambda each: (len(each.code), each.code, each.version))
    return list({(each.version, each.code): each for each in ordered}.values())[:CODES]


def _named(typed: Typed, cards: Iterable[Card]) -> list[Card]:
    """The things whose title says all that was typed: in this order before in another, short before long."""
    if len(typed.text.replace(" ", "")) < LETTERS_FOR_ENTRIES:
        return []
    held = [each for each in cards if each.kind != ABSENCE and holds(each.title, typed)]
    said = typed.text
    held.sort(
        key=lambda each: (said not in " ".join(each.title), len(each.title), -each.year_until, each.key)
    )
    return list({each.key: each for each in held}.values())[:MOST_ENTRIES]


def _entries(cards: Sequence[Card], line: Sequence[Office]) -> Iterator[Suggestion]:
    """With what the database says now."""
    if not cards:
        return
    with scope(office=list(line)):
        known = Entry.objects.in_bulk([each.pk for each in cards])
    told: set[tuple[str, str]] = set()
    for each in cards:
        entry = known.get(each.pk)
        if entry is not None and entry.is_shown:
            kind = entry.version or str(entry.get_kind_display())
            title = entry.title.removeprefix(entry.version).strip() if entry.version else entry.title
            note = " · ".join(filter(None, (kind, entry.years)))
            if (title, note) not in told:
                told.add((title, note))
                yield Suggestion(title, entry.pk, note)


def _same(query: tantivy.Query) -> tantivy.Query:
    return _Query.const_score_query(query, 1.0)


def _term(field: str, value: str) -> tantivy.Query:
    return _Query.term_query(SCHEMA, field, str(value))
