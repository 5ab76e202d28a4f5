"""From what somebody wrote to words that can be compared: folded, cleaned, reduplications written out."""

import re
import unicodedata
from typing import Final

LONGEST_WORD: Final = 40
# rata2, kos2an, tiap2nya: at least three letters, so that p2, so2 and sp2020 stay what they are.
_TWICE: Final = re.compile(r"\b([^\W\d_]{3,})2(an|nya)?\b")
_WORD: Final = re.compile(r"[^\W_]+")
_MARKS: Final = re.compile(r"[\u0300-\u036f]")


def fold(text: str) -> str:
    """Small letters without accents; everything that is neither letter nor digit is a space."""
    return " ".join(_WORD.findall(_small(text)))


def words(text: str) -> list[str]:
    """The words of a query or a title, in order: "rata2" is "rata rata"."""
    if not text or text.isspace():
        return []
    small = _small(text)
    if "2" in small:
        small = _TWICE.sub(r"\1 \1\2", " ".join(_WORD.findall(small)))
    return [each[:LONGEST_WORD] for each in _WORD.findall(small)]


def _small(text: str) -> str:
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def is_misspelling(typed: str, meant: str) -> bool:
    """Whether `typed` is `meant` with one slip (from four letters) or two (from eight): a letter missing, too
    many, wrong, or two neighbours swapped. Numbers and codes are never taken for others."""
    slips = allowed_slips(typed)
    return 0 < slips >= distance(typed, meant, most=slips)


def allowed_slips(typed: str) -> int:
    if not typed.isalpha() or len(typed) < 4:
        return 0
    return 1 if len(typed) < 8 else 2


def distance(one: str, other: str, *, most: int) -> int:
    """Optimal string alignment, given up above `most`; then `most + 1`."""
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, above = above, line
    return above[-1]
