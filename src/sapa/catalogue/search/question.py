"""What a query asks for, as plain values: needs, signs, doubts."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from sapa.catalogue.regions import Region
from sapa.catalogue.search.vocabulary import Phrase, Sense

STEM_MARK: Final = "~"
# What a query may say beside its words.
Sort = Literal["area", "years", "level", "frequency", "kind", "version", "code", "newest", "whether"]


class Lexicon(Protocol):
    """What the index knows of words."""

    def knows(self, word: str) -> bool: ...
    def hardly_knows(self, word: str) -> bool: ...
    def knows_code(self, code: str) -> bool: ...
    def families_of(self, name: str) -> frozenset[str]: ...
    def endings(self, beginning: str, most: int) -> list[str]: ...
    def spellings(self, word: str, slips: int) -> list[tuple[str, int, int]]: ...


@dataclass(frozen=True)
class Features:
    """Parts of the search that can be taken away, to measure what each is worth."""

    stems: bool = True
    synonyms: bool = True
    spellings: bool = True
    endings: bool = True
    apart: bool = True
    understanding: bool = True
    ranking: bool = True


@dataclass(frozen=True)
class Need:
    """One thing asked for. `own`: its words as typed, each with the words of the catalogue that may be meant and
    how surely; `others`: the same thing by other names, each all of its words together; `meant`: phrases of titles that
    people may mean by it. `area`: it names a place;
    `year`: it is one. `worth`: how much it counts beside the others. `is_known`: something in the index says it."""

    own: tuple[dict[str, float], ...]
    others: tuple[Phrase, ...] = ()
    meant: tuple[Phrase, ...] = ()
    area: Region | None = None
    year: int = 0
    worth: float = 1.0
    name: str = ""
    is_known: bool = True

    @property
    def is_content(self) -> bool:
        """Whether it says what is looked for, not only where, when or in what form."""
        return self.area is None and self.worth == 1.0 and self.is_known


@dataclass(frozen=True)
class Sign:
    """Something said beside the needs, and where: `start` and `end` count the words as they were typed."""

    sort: Sort
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Doubt:
    """An ambiguous word at a place; `taken`: the meaning that the words beside it decide for, if any."""

    word: str
    senses: tuple[Sense, ...]
    taken: Sense | None
    start: int


@dataclass(frozen=True)
class Question:
    """A query as it was understood. `respelt`: pieces of the text that were misspelt, and what they are read as.

    `year`: the present one. `kinds`: what is asked for where the words say so ("apa itu": a definition); `is_code`: a
    classification is, of this `family` where the words describe a business (KBLI), a job (KBJI) or a thing (KBKI);
    `names`: what people call one that stand in the query; `turns`: what the codes are in another version."""

    needs: tuple[Need, ...] = ()
    signs: tuple[Sign, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    areas: tuple[Region, ...] = ()
    year: int = 0
    years: tuple[int, int] | None = None
    level: str = ""
    frequency: str = ""
    kinds: frozenset[str] = frozenset()
    version: str = ""
    codes: tuple[str, ...] = ()
    turns: bool = False
    is_newest: bool = False
    is_english: bool = False
    is_code: bool = False
    family: str = ""
    names: tuple[str, ...] = ()
    asks_whether: bool = False
    respelt: tuple[tuple[int, str], ...] = ()
    typed: tuple[str, ...] = ()
