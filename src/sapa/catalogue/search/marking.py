"""What of a title or a text is what was looked for."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from sapa.catalogue.search.analyse import fold
from sapa.catalogue.search.question import STEM_MARK, Question
from sapa.catalogue.search.results import Mark
from sapa.catalogue.search.stemming import stem

EXCERPT: Final = 160
# Of a long text the beginning is looked through.
LOOKED_AT: Final = 1_500
REMEMBERED: Final = 20_000
_WORD: Final = re.compile(r"[^\W_]+")


def marks(looked_for: frozenset[str], title: str, text: str) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """The title, and the part of the text that says most of what is `to_mark`, in pieces."""
    return tuple(_pieces(title, looked_for)), tuple(_pieces(_excerpt(text, looked_for), looked_for))


def to_mark(question: Question) -> frozenset[str]:
    """The words and marked stems that are shown as found."""
    found: set[str] = set()
    for need in question.needs:
        for meanings in need.own:
            found.update(term for term, sure in meanings.items() if sure > 0.3)
        for phrase in need.others:
            if len(phrase) == 1 or any(len(word) > 4 for word in phrase):
                found.update(word for word in phrase if len(word) > 2)
    return frozenset(found | set(question.codes))


def _pieces(text: str, looked_for: frozenset[str]) -> Iterator[Mark]:
    at = 0
    for match in _WORD.finditer(text):
        if _is_wanted(match.group(), looked_for):
            if match.start() > at:
                yield Mark(text[at : match.start()], is_hit=False)
            yield Mark(match.group(), is_hit=True)
            at = match.end()
    if at < len(text):
        yield Mark(text[at:], is_hit=False)


def _is_wanted(word: str, looked_for: frozenset[str]) -> bool:
    plain, marked = _forms(word)
    return plain in looked_for or marked in looked_for


@lru_cache(maxsize=REMEMBERED)
def _forms(word: str) -> tuple[str, str]:
    """A word of a text as it stands in the index, by itself and by its root: the same words come again and again."""
    plain = fold(word)
    return plain, STEM_MARK + stem(plain)


def _excerpt(text: str, looked_for: frozenset[str]) -> str:
    """About EXCERPT letters from where the most of it stands, whole words."""
    plain = " ".join(text[:LOOKED_AT].split())
    if len(plain) <= EXCERPT:
        return plain
    spots = [match.start() for match in _WORD.finditer(plain) if _is_wanted(match.group(), looked_for)]
    begin = 0
    if spots and spots[0] > EXCERPT // 2:
        best = max(spots, key=lambda spot: sum(spot <= other < spot + EXCERPT for other in spots))
        begin = max(0, best - 30)
        begin = plain.rfind(" ", 0, begin) + 1
    end = plain.rfind(" ", begin, begin + EXCERPT)
    end = end if end > begin else begin + EXCERPT
    return ("… " if begin else "") + plain[begin:end].rstrip(" ,;") + (" …" if end < len(plain) else "")
