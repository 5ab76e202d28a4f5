"""What a query may go on to be, told by the words of titles: the word itself, what often follows it, short titles."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sapa.catalogue.search.stemming import stem
from sapa.catalogue.search.vocabulary import Phrase

LONGEST_PHRASE, LONGEST_TITLE = 4, 6
# So few letters may begin anything: only words are guessed.
VAGUE: Final = 3
# What ends the part of a title that other areas and years have as well.
_ENDS: Final = frozenset({"di", "kabupaten", "provinsi", "kota", "indonesia", "in"})
_NO_ENDS: Final = frozenset({"tahun", "per", "nama", "di", "the", "by"})


@dataclass(frozen=True)
class Typed:
    """What stands there: the words that are finished, and the beginning of the one that is not (else empty)."""

    done: Phrase
    open: str

    @property
    def text(self) -> str:
        return " ".join((*self.done, self.open)).strip()


def queries_of(typed: Typed, titles: Iterable[Phrase], silent: frozenset[str]) -> list[str]:
    """Whole queries, likely ones first: the word itself, what often follows it, short titles that hold it."""
    singles: Counter[Phrase] = Counter()
    phrases: Counter[Phrase] = Counter()
    heads: Counter[Phrase] = Counter()
    for title in dict.fromkeys(titles):
        head = _trimmed(_head(title), silent)
        for more in _going_on(typed, title):
            if more[0] not in silent:
                singles[(*typed.done, more[0])] += 1
            longer = [(*typed.done, *_trimmed(more[:length], silent)) for length in range(2, len(more) + 1)]
            phrases.update(each for each in dict.fromkeys(longer) if len(set(each)) == len(each))
        if 1 < len(head) <= LONGEST_TITLE and holds(head, typed):
            heads[head] += 1
    if len(typed.text) <= VAGUE:
        return [" ".join(each) for each in singles]
    likely = [each for each, times in phrases.most_common() if _is_whole(each, times, phrases)]
    first = [each for each, _times in singles.most_common(2)]
    titles = sorted(heads, key=lambda each: (-heads[each], len(each)))
    return list(dict.fromkeys(" ".join(each) for each in (*first, *_in_turn(likely, titles)) if each))


def _going_on(typed: Typed, title: Phrase) -> Iterator[Phrase]:
    """What follows in the title where it goes on as the query does; from the word that is being typed."""
    number = len(typed.done)
    for at in range(number, len(title)):
        before = title[at - number : at]
        if title[at].startswith(typed.open) and all(map(_alike, before, typed.done)):
            yield _head(title[at : at + LONGEST_PHRASE], least=1)


def _head(title: Phrase, *, least: int = 2) -> Phrase:
    """The title until its place or year, which others have as well, or until it says a word again."""
    for at in range(least, len(title)):
        if title[at] in _ENDS or title[at] in title[:at] or (len(title[at]) == 4 and title[at].isdigit()):
            return title[:at]
    return title


def _trimmed(phrase: Phrase, silent: frozenset[str]) -> Phrase:
    """Without what cannot end a query: "menurut", "tahun", a number, "p0"."""
    while phrase and (phrase[-1] in silent or phrase[-1] in _NO_ENDS or phrase[-1][-1].isdigit()):
        phrase = phrase[:-1]
    return phrase


def holds(head: Phrase, typed: Typed) -> bool:
    return any(each.startswith(typed.open) for each in head) and all(
        any(_alike(each, word) for each in head) for word in typed.done
    )


def _is_whole(phrase: Phrase, times: int, phrases: Counter[Phrase]) -> bool:
    """Whether it is not merely the beginning of one longer phrase."""
    length = len(phrase)
    return not any(
        len(other) > length and other[:length] == phrase and often * 5 >= times * 4
        for other, often in phrases.items()
    )


def _alike(one: str, other: str) -> bool:
    return one == other or stem(one) == stem(other)


def _in_turn(one: Sequence[Phrase], other: Sequence[Phrase]) -> Iterator[Phrase]:
    for at in range(max(len(one), len(other))):
        yield from one[at : at + 1]
        yield from other[at : at + 1]
