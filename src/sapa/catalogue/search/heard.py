"""A query's words in order, what each step of reading took away or found unimportant, and what it was a sign of."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.question import Features, Lexicon, Sign, Sort
from sapa.catalogue.search.vocabulary import Phrase, Vocabulary

# Nobody's question is longer; the rest of a pasted page is not looked at.
MOST_LETTERS: Final = 300
SHORTEST_SINGULAR: Final = 4
ROMAN: Final = {"1": "i", "2": "ii", "3": "iii", "4": "iv"}
_PART: Final = re.compile(r"(tw|q|triwulan|kuartal|smt|semester)([1-4])")
_PARTS: Final = {
    **dict.fromkeys(("triwulan", "kuartal", "quarter", "tw"), "triwulan"),
    **dict.fromkeys(("semester", "smt"), "semester"),
}
_PIECE: Final = re.compile(r"[^\W_]+(?:\.\d+)*")
YEAR: Final = re.compile(r"(?:19|20)\d\d")
POINTED: Final = re.compile(r"\d{4}\.\d{1,2}")


@dataclass(frozen=True)
class Word:
    """A word of the query and the number of the piece of text that it was written in."""

    word: str
    piece: int


@dataclass
class Heard:
    """One reading of one query. `gone`: words that are no need; `light`: words that count for little."""

    typed: list[Word]
    lexicon: Lexicon
    table: Vocabulary
    near: Sequence[str]
    year: int
    is_exact: bool
    features: Features
    gone: set[int] = field(default_factory=set)
    light: set[int] = field(default_factory=set)
    signs: list[Sign] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = [each.word for each in self.typed]
        self.said = f" {' '.join(self.words)} "

    def says(self, phrase: Phrase) -> bool:
        """Whether these words stand there one after the other."""
        return f" {' '.join(phrase)} " in self.said

    def take(self, places: Iterable[int]) -> None:
        """These words are no need any more."""
        self.gone.update(places)

    def drop(self, which: Callable[[str], bool]) -> list[int]:
        """All words of this sort are no need any more; where they stand."""
        taken = [at for at, word in enumerate(self.words) if which(word)]
        self.take(taken)
        return taken

    def sign(self, sort: Sort, value: str, taken: Iterable[int]) -> None:
        """These words say something beside the needs."""
        pieces_taken = sorted({self.typed[at].piece for at in taken})
        if pieces_taken:
            self.signs.append(Sign(sort, str(value), pieces_taken[0], pieces_taken[-1] + 1))


def listen(raw: str, table: Vocabulary) -> list[Word]:
    """The words of a query, abbreviations written out."""
    found = []
    for number, match in enumerate(_PIECE.finditer(raw[:MOST_LETTERS])):
        piece = match.group()
        if POINTED.fullmatch(piece):
            found.append(Word(piece, number))
            continue
        for word in words(piece):
            found += [Word(part, number) for part in table.short.get(word, (_singular(word, table),))]
    return _with_parts_of_years(found)


def _with_parts_of_years(found: Sequence[Word]) -> list[Word]:
    """ "Triwulan 3", "kuartal 3", "tw3" and "q3" as titles write them: "Triwulan III"."""
    read: list[Word] = []
    for each in found:
        joined = _PART.fullmatch(each.word)
        if joined:
            unit = "semester" if joined[1].startswith("s") else "triwulan"
            read += [Word(unit, each.piece), Word(ROMAN[joined[2]], each.piece)]
        elif read and each.word in ROMAN and read[-1].word in _PARTS:
            read[-1] = Word(_PARTS[read[-1].word], read[-1].piece)
            read.append(Word(ROMAN[each.word], each.piece))
        else:
            read.append(each)
    return read


def _singular(word: str, table: Vocabulary) -> str:
    """English says "goats": the table of words knows the goat."""
    if not word.endswith("s") or word in table.familiar:
        return word
    for one in (f"{word[:-3]}y" if word.endswith("ies") else word[:-1], word[:-2]):
        if len(one) >= SHORTEST_SINGULAR and one in table.familiar:
            return one
    return word


def respelt_pieces(heard: Heard, respelt: Mapping[int, Phrase]) -> tuple[tuple[int, str], ...]:
    """By the pieces of the text instead of the words: a piece may be several of them."""
    changed = {heard.typed[at].piece for at in respelt}
    read: dict[int, list[str]] = {}
    for at, each in enumerate(heard.typed):
        if each.piece in changed:
            read.setdefault(each.piece, []).extend(respelt.get(at, (each.word,)))
    return tuple((piece, " ".join(words_read)) for piece, words_read in read.items())


def pieces(text: str) -> list[tuple[int, int]]:
    """Where the pieces of a query stand in it, as `Sign.start` and `end` count them."""
    return [match.span() for match in _PIECE.finditer(text[:MOST_LETTERS])]


def without(text: str, sign: Sign) -> str:
    """The query without the words of this sign."""
    spans = pieces(text)
    first, last = spans[sign.start][0], spans[sign.end - 1][1]
    return " ".join(f"{text[:first]} {text[last:]}".split()).strip(" ,;:-/?")


def instead(text: str, at: int, words_instead: str) -> str:
    """The query with another wording for one of its pieces."""
    first, last = pieces(text)[at]
    return f"{text[:first]}{words_instead}{text[last:]}"
