"""A million titles as a statistics office writes them, and the queries that are put to them."""

import random
from collections.abc import Iterator
from itertools import accumulate

VOCABULARY = 64_000
SORTS = ("prefix", "three words", "typo", "facets", "code")
SYLLABLES = [first + vowel for first in ["ng", "ny", *"bcdghjklmnprstwy"] for vowel in "aeiou"]
ENDS = ["", "", "", "n", "ng", "k", "r", "s", "t", "h", "l", "m"]


class Corpus:
    """Titles as a statistics office writes them, of a vocabulary with a few frequent and many rare words."""

    def __init__(self, entries: int) -> None:
        self.entries, self.chosen = entries, random.Random(4)
        words: dict[str, None] = {}
        while len(words) < VOCABULARY:
            parts = self.chosen.choices(SYLLABLES, k=self.chosen.choice((2, 2, 3, 3, 3, 4)))
            words["".join(parts) + self.chosen.choice(ENDS)] = None
        self.words = list(words)
        self.weights = list(accumulate(1 / (rank + 3) ** 0.9 for rank in range(VOCABULARY)))

    def some(self, number: int) -> list[str]:
        return self.chosen.choices(self.words, cum_weights=self.weights, k=number)

    def titles(self) -> Iterator[str]:
        self.chosen.seed(5)
        for _number in range(self.entries):
            words = self.some(self.chosen.randint(6, 11))
            words.insert(self.chosen.randint(2, 4), "menurut")
            yield " ".join(words).capitalize()

    def queries(self, sort: str, number: int) -> list[str]:
        self.chosen.seed(f"{sort} asked")
        found = []
        while len(found) < number:
            if sort == "code":
                found.append(f"{self.chosen.randrange(self.entries):07d}")
            elif sort == "prefix":
                word = max(self.some(2), key=len)
                found.append(" ".join([*self.some(1), word[: max(2, len(word) // 2)]]))
            elif sort == "typo":
                word = next(each for each in self.some(200) if len(each) > 6)
                at = self.chosen.randrange(1, len(word) - 1)
                found.append(f"{word[:at]}{word[at + 1 :]} {self.some(1)[0]} ")
            else:
                found.append(" ".join(self.some(3)) + " ")
        return found
