"""What a query asks for: a list of needs, each with the ways in which the catalogue may say it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sapa.catalogue.search.analyse import allowed_slips, distance, stem, words
from sapa.catalogue.search.vocabulary import Phrase, Vocabulary, vocabulary

SHORTEST_QUERY: Final = 2
# Nobody's question is longer; the rest of a pasted page is not looked at.
MOST_LETTERS: Final = 300
MOST_WORDS: Final = 12
MOST_ENDINGS: Final = 12
MOST_SPELLINGS: Final = 4
SYNONYM: Final = 0.85
ENDING: Final = 0.85
STEM: Final = 0.7
SPELLING: Final = {1: 0.75, 2: 0.55}
# A stem is kept beside the words, under a mark that no word can carry.
STEM_MARK: Final = "~"
# Nobody ends a year or a code by guessing: as one types, numbers complete from three digits on.
SHORTEST_NUMBER: Final = 3


@dataclass(frozen=True)
class Need:
    """One thing asked for. `own`: its words as typed, each with the words of the catalogue that may be meant and
    how surely; `others`: the same thing by other names, each all of its words together."""

    own: tuple[dict[str, float], ...]
    others: tuple[Phrase, ...] = ()

    def terms(self) -> Iterable[str]:
        """Every word to look up."""
        for each in self.own:
            yield from each
        for phrase in self.others:
            yield from phrase


@dataclass(frozen=True)
class Question:
    """A query as it was understood. `read_as`: the query with what was taken for misspelt put right, else empty."""

    needs: tuple[Need, ...] = ()
    asks_whether: bool = False
    read_as: str = ""


def understand(text: str, known: Collection[str]) -> Question:
    """The question behind `text`, given the words that the catalogue knows. Nothing typed asks for nothing."""
    table = vocabulary()
    typed = words(text[:MOST_LETTERS])
    asks_whether = any(_stands_in(phrase, typed) for phrase in table.availability)
    skipped = table.silent | (table.availability_words if asks_whether else frozenset())
    spelt = [part for word in typed for part in table.short.get(word, (word,))]
    # Whoever types nothing else but perhaps a year means the silent words.
    kept = [word for word in spelt if word not in skipped]
    if all(word.isdigit() for word in kept):
        kept = spelt
    kept = [word for word in kept if len(word) > 1][:MOST_WORDS]
    if sum(map(len, kept)) < SHORTEST_QUERY:
        return Question(asks_whether=asks_whether)
    is_open = bool(typed) and typed[-1] == kept[-1] and not text[-1:].isspace()
    apart = [
        part
        for place, word in enumerate(kept, 1)
        for part in _apart(word, known, is_open=is_open and place == len(kept))
    ]
    understood = [
        _meanings(word, known, is_open=is_open and place == len(apart)) for place, word in enumerate(apart, 1)
    ]
    # "menrut" is "menurut", and says as little.
    understood = [each for each in understood if each[1] not in skipped or each[1] in kept]
    read = [better for _meant, better in understood]
    return Question(
        needs=tuple(_grouped([meant for meant, _better in understood], read, table)),
        asks_whether=asks_whether,
        read_as=" ".join(read) if read != kept else "",
    )


def _stands_in(phrase: Phrase, typed: list[str]) -> bool:
    return any(tuple(typed[at : at + len(phrase)]) == phrase for at in range(len(typed)))


def _grouped(meant: list[dict[str, float]], read: list[str], table: Vocabulary) -> list[Need]:
    """One need for each phrase that has other names, one for each word beside them."""
    found: list[Need] = []
    at = 0
    while at < len(read):
        length = _longest_phrase(read, at, table)
        phrase = tuple(read[at : at + length])
        need = Need(tuple(meant[at : at + length]), table.same.get(phrase, ()))
        if need not in found:
            found.append(need)
        at += length
    return found


def _longest_phrase(read: list[str], at: int, table: Vocabulary) -> int:
    for length in range(min(table.longest, len(read) - at), 1, -1):
        if tuple(read[at : at + length]) in table.same:
            return length
    return 1


def _meanings(word: str, known: Collection[str], *, is_open: bool) -> tuple[dict[str, float], str]:
    """The words of the catalogue that `word` may be, and the one to show if it was misspelt."""
    found = _of_root(word, STEM) | {word: 1.0}
    table, roots = vocabulary(), len(found)
    completes = is_open and (len(word) >= SHORTEST_NUMBER or word.isalpha())
    if completes:
        endings = sorted((each for each in known if each.startswith(word)), key=len)
        for each in endings[:MOST_ENDINGS]:
            found.setdefault(each, ENDING)
    if word in known or (word,) in table.same or (completes and len(found) > roots):
        return found, word
    spellings = _spellings(word, known)
    for each, slips in spellings:
        found = _of_root(each, SPELLING[slips] * STEM) | {each: SPELLING[slips]} | found
    return found, spellings[0][0] if spellings else word


def _of_root(word: str, sure: float) -> dict[str, float]:
    """The words of the same root: the root itself, and those that are kept under its mark."""
    root = stem(word)
    return {STEM_MARK + root: sure, root: sure}


def _apart(word: str, known: Collection[str], *, is_open: bool) -> Phrase:
    """Two words of the catalogue that were written as one: "rasiogini"; else the word itself."""
    if not word.isalpha() or word in known or (word,) in vocabulary().same:
        return (word,)
    if is_open and any(each.startswith(word) for each in known):
        return (word,)
    for at in range(3, len(word) - 2):
        if word[:at] in known and word[at:] in known:
            return (word[:at], word[at:])
    return (word,)


def _spellings(word: str, known: Collection[str]) -> list[tuple[str, int]]:
    """The nearest words, nearest first; with two slips the first letter must be right."""
    most = allowed_slips(word)
    if not most:
        return []
    found = []
    for each in {*known, *_familiar()}:
        if not each.isalpha() or abs(len(each) - len(word)) > most:
            continue
        slips = distance(word, each, most=most)
        if slips <= most and (slips == 1 or each[0] == word[0]):
            found.append((slips, each[0] != word[0], each))
    return [(each, slips) for slips, _first, each in sorted(set(found))[:MOST_SPELLINGS]]


def _familiar() -> Iterable[str]:
    """Single words of our table: they can be misspelt, too."""
    table = vocabulary()
    yield from table.silent
    yield from (phrase[0] for phrase in table.same if len(phrase) == 1)
