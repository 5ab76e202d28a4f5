"""Our table of abbreviations, silent words and synonyms (data/words.yaml), read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sapa.catalogue.search.analyse import words
from sapa.people.datafiles import read

FILE: Final = Path(__file__).resolve().parent.parent / "data" / "words.yaml"
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """`same`: a phrase -> the other phrases for the same thing. `longest`: words in the longest phrase."""

    short: dict[str, Phrase]
    silent: frozenset[str]
    availability: tuple[Phrase, ...]
    availability_words: frozenset[str]
    same: dict[Phrase, tuple[Phrase, ...]]
    longest: int


@cache
def vocabulary() -> Vocabulary:
    """The table; a file with a mistake is refused with its line and column."""
    found = read(FILE).fields("short silent availability availability_words same", "ambiguous")
    same: dict[Phrase, tuple[Phrase, ...]] = {}
    for group in found["same"].items():
        phrases = [tuple(words(each.text())) for each in group.items()]
        for phrase in phrases:
            others = tuple(each for each in phrases if each != phrase)
            same[phrase] = (*same.get(phrase, ()), *others)
    return Vocabulary(
        short={name: tuple(words(value.text())) for name, value in found["short"].pairs()},
        silent=frozenset(words(found["silent"].text())),
        availability=tuple(tuple(words(each.text())) for each in found["availability"].items()),
        availability_words=frozenset(words(found["availability_words"].text())),
        same=same,
        longest=max(map(len, same)),
    )
