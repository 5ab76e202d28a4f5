"""What a typed word may be among the words of the catalogue: itself, its root, its end, or another spelling."""

from functools import cache, lru_cache
from typing import Final

from sapa.catalogue.search.analyse import allowed_slips, distance
from sapa.catalogue.search.heard import Heard
from sapa.catalogue.search.places import names_of_places
from sapa.catalogue.search.question import STEM_MARK
from sapa.catalogue.search.stemming import roots, stem
from sapa.catalogue.search.vocabulary import Phrase

MOST_ENDINGS: Final = 10
MOST_SPELLINGS: Final = 3
MOST_LOANS: Final = 24
ENDING: Final = 0.85
STEM: Final = 0.75
SPELLING: Final = {1: 0.75, 2: 0.55}
# A word that hardly stands anywhere may be meant as it is, or be another one misspelt.
RARE: Final = 0.9
# Nobody ends a year or a code by guessing: as one types, numbers complete from three digits on.
SHORTEST_NUMBER: Final = 3


def meanings(heard: Heard, word: str, *, is_open: bool) -> tuple[dict[str, float], str]:
    """The words of the catalogue that `word` may be, and the one to show if it was misspelt."""
    found = _of_root(heard, word, STEM) | {word: 1.0}
    completes = is_open and heard.features.endings and (len(word) >= SHORTEST_NUMBER or word.isalpha())
    ended = False
    if completes:
        for each in heard.lexicon.endings(word, MOST_ENDINGS):
            ended = ended or each != word
            found.setdefault(each, ENDING)
    if (
        ended
        or not heard.features.spellings
        or heard.is_exact
        or word in heard.table.familiar
        or word in heard.table.spoken
        or word in names_of_places()
        or stem(word) in roots()  # a word of the language that the catalogue does not hold
        or (heard.features.stems and _knows_root(heard, word))
    ):
        return found, word
    is_known = heard.lexicon.knows(word)
    if is_known and not heard.lexicon.hardly_knows(word):
        return found, word
    spellings = _spellings(heard, word)
    for each, slips in spellings:
        sure = SPELLING[slips] * (RARE if is_known else 1.0)
        found = _of_root(heard, each, sure * STEM) | {each: sure} | found
    return found, spellings[0][0] if spellings and not is_known else word


def apart(heard: Heard, word: str, *, is_open: bool) -> Phrase:
    """Two words of the catalogue that were written as one: "rasiogini"; else the word itself."""
    if (
        not heard.features.apart
        or heard.is_exact
        or len(word) < 6
        or not word.isalpha()
        or (word,) in heard.table.same
        or heard.lexicon.knows(word)
    ):
        return (word,)
    if is_open and heard.lexicon.endings(word, 1):
        return (word,)
    if heard.features.stems and _knows_root(heard, word):
        return (word,)
    halves = [
        (word[:at], word[at:])
        for at in range(3, len(word) - 2)
        if heard.lexicon.knows(word[:at]) and heard.lexicon.knows(word[at:])
    ]
    return max(halves, key=lambda half: min(map(len, half))) if halves else (word,)


def _knows_root(heard: Heard, word: str) -> bool:
    root = stem(word)
    return root != word and len(root) > 3 and heard.lexicon.knows(root)


def _of_root(heard: Heard, word: str, sure: float) -> dict[str, float]:
    """The words of the same root, kept under its mark."""
    return {STEM_MARK + stem(word): sure} if heard.features.stems else {}


def _spellings(heard: Heard, word: str) -> list[tuple[str, int]]:
    """The nearest words, nearest first; with two slips the first letter must be right."""
    most = allowed_slips(word)
    if not most:
        return []
    near = [
        (slips, other[0] != word[0], -times, other)
        for other, slips, times in heard.lexicon.spellings(word, most)
    ]
    near += [(1, False, 0, other) for other in _loans(word) if heard.lexicon.knows(other)]
    near += [
        (slips, other[0] != word[0], -1, other) for other, slips in _near_of(heard.table.familiar, word, most)
    ]
    best: dict[str, tuple[int, bool, int]] = {}
    for slips, other_first, times, other in near:
        if slips > 1 and other_first:
            continue
        best[other] = min(best.get(other, (9, True, 0)), (slips, other_first, times))
    ranked = sorted(best.items(), key=lambda each: (*each[1], each[0]))
    return [(other, slips) for other, (slips, _first, _times) in ranked[:MOST_SPELLINGS]]


# How Indonesian writes what English and Dutch write otherwise.
_LOANS: Final = (
    *(
        ("x", "ks"),
        ("ph", "f"),
        ("th", "t"),
        ("tion", "si"),
        ("qu", "kw"),
        ("ck", "k"),
        ("oo", "u"),
        ("ee", "i"),
    ),
    *(("y", "i"), ("v", "f"), ("c", "k"), ("sh", "s"), ("ty", "tas"), ("ic", "ik"), ("z", "s")),
)


def _loans(word: str) -> list[str]:
    """The word as Indonesian may write it: "excavator" is "ekskavator"."""
    found = {word}
    for foreign, own in _LOANS:
        found |= {each.replace(foreign, own) for each in found if foreign in each}
    return sorted(found - {word})[:MOST_LOANS]


@cache
def _by_length(words_known: frozenset[str]) -> dict[int, tuple[tuple[str, int], ...]]:
    """Words that may be misspelt, each with its letters: two words with other letters need not be compared."""
    found: dict[int, list[tuple[str, int]]] = {}
    for word in words_known:
        if word.isalpha() and len(word) > 3:
            found.setdefault(len(word), []).append((word, _letters(word)))
    return {length: tuple(each) for length, each in found.items()}


def _letters(word: str) -> int:
    """A bit for each letter that occurs; few may share one."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) & 31)
    return found


@lru_cache(maxsize=1_000)
def _near_of(known: frozenset[str], word: str, most: int) -> tuple[tuple[str, int], ...]:
    lengths, letters, differing = _by_length(known), _letters(word), 2 * most
    alike = [
        other
        for length in range(len(word) - most, len(word) + most + 1)
        for other, of_other in lengths.get(length, ())
        if (letters ^ of_other).bit_count() <= differing
    ]
    return tuple((other, slips) for other in alike if 0 < (slips := distance(word, other, most=most)) <= most)
