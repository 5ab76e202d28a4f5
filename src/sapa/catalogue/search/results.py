"""What a search returns, and what may narrow it: plain values, for pages, the command and the tests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.regions import Region
from sapa.catalogue.search.question import Sort
from sapa.offices.models import Office

FacetName = Literal["kind", "level", "subject", "year", "frequency", "version"]
FACETS: Final[tuple[FacetName, ...]] = get_args(FacetName)


@dataclass(frozen=True)
class Filters:
    """What somebody chose beside the words: each empty or one value, as `Entry` writes it. Years: `year` lies
    within the years of what is found. An absence is of no kind: with a kind chosen there are no absences."""

    kind: str = ""
    level: str = ""
    subject: str = ""
    year: int | None = None
    frequency: str = ""
    version: str = ""

    def __iter__(self) -> Iterator[tuple[FacetName, str]]:
        """What is chosen, as texts."""
        for name in FACETS:
            value = getattr(self, name)
            if value:
                yield name, str(value)


@dataclass(frozen=True)
class Chip:
    """Something that was understood in the words: "Tahun 2024". `rest` is the query without it, for taking it off."""

    sort: Sort
    label: str
    rest: str


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """How the results divide by kind, level ...: values with their counts, most first (years: newest first)."""

    name: FacetName
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Meaning:
    """One of several things that an ambiguous word may stand for: `query` says it outright."""

    label: str
    query: str
    is_taken: bool


@dataclass(frozen=True)
class Ambiguity:
    word: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True)
class Elsewhere:
    """A place outside the office's area was named. `office`: the one of that place, if it is on this Sapa."""

    region: Region
    office: Office | None


@dataclass(frozen=True)
class Mark:
    """A piece of a title or sentence; `is_hit`: it is what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Hit:
    """An entry, and how well it fits: comparable within one search only. `why`: what it owes its place to; `missing`:
    what was asked for and it says nothing of."""

    entry: Entry
    score: float
    title: tuple[Mark, ...] = ()
    excerpt: tuple[Mark, ...] = ()
    path: tuple[tuple[str, str], ...] = ()  # of a classification code: (code, title) from the section down
    reused: tuple[str, ...] = ()  # versions in which the number means something else
    why: tuple[tuple[str, float], ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class AbsenceHit:
    """Something that is not produced, and how well it fits, on the scale of the entries of the same search."""

    absence: Absence
    score: float
    title: tuple[Mark, ...] = ()
    why: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Results:
    """What was found, best first. `took`: seconds. `read_marks`: a misspelt query as it was read, what was put right
    marked; else nothing.

    `entries` holds those that fit and were asked for, `has_more`: others follow. `total` counts the entries that hold
    all that was asked for; 0 where what is shown only resembles it (and without facets). `is_too_short`: there was
    nothing to search for. `is_preparing`: the index is being made; ask again in a moment.
    """

    entries: list[Hit] = field(default_factory=list)
    absences: list[AbsenceHit] = field(default_factory=list)
    total: int = 0
    has_more: bool = False
    took: float = 0.0
    read_marks: tuple[Mark, ...] = ()
    chips: tuple[Chip, ...] = ()
    facets: tuple[Facet, ...] = ()
    ambiguous: tuple[Ambiguity, ...] = ()
    elsewhere: Elsewhere | None = None
    is_too_short: bool = False
    is_preparing: bool = False

    def __len__(self) -> int:
        return len(self.entries) + len(self.absences)

    @property
    def read_as(self) -> str:
        """How a misspelt query was read, else empty."""
        return "".join(mark.text for mark in self.read_marks)

    @property
    def in_order(self) -> list[Hit | AbsenceHit]:
        """Entries and absences in one list, as they are shown: what fits best first."""
        return sorted([*self.entries, *self.absences], key=lambda each: -each.score)


@dataclass(frozen=True)
class Suggestion:
    """A way to go on typing. `text` is the whole query; where `entry_id` is given, the title of that entry, to go to
    at once. `note`: what it is."""

    text: str
    entry_id: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Suggestions:
    """Ways to go on typing by their sort: queries, queries with a place, single entries. Best first."""

    words: tuple[Suggestion, ...] = ()
    places: tuple[Suggestion, ...] = ()
    entries: tuple[Suggestion, ...] = ()

    def __len__(self) -> int:
        return len(self.words) + len(self.places) + len(self.entries)
