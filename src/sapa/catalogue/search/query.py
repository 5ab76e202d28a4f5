"""Finding entries and absences: four queries however many words and results, ranked here.

This inside is replaced when the catalogue grows (issue 4); `search()`, `Results`, `Hit` and `AbsenceHit` stay.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log
from time import perf_counter
from typing import Final

from django_scopes import scope

from sapa.catalogue.models import Absence, Entry, SearchPosting, SearchWord
from sapa.catalogue.search.needs import SYNONYM, Need, Question, understand
from sapa.offices.models import Office

MOST_ABSENCES: Final = 3
# Of what was asked for, by how much it says: less than this is another thing.
LEAST_COVERED: Final = 0.34
LEAST_COVERED_BY_ABSENCE: Final = 0.6
FULL_WEIGHT: Final = 6
# Part of a phrase ("jenis" of "jenis kelamin") says less than its share.
PART: Final = 0.7
Key = tuple[str, int]  # ("entry" | "absence", id)


@dataclass(frozen=True)
class Hit:
    """An entry, and how well it fits: comparable within one search only."""

    entry: Entry
    score: float


@dataclass(frozen=True)
class AbsenceHit:
    """Something that is not produced, and how well it fits."""

    absence: Absence
    score: float


@dataclass(frozen=True)
class Results:
    """What was found, best first. `took`: seconds. `read_as`: how a misspelt query was read, else empty.

    `absences_first`: the question was whether there is such a thing, or nothing that exists fits as well.
    `is_too_short`: there was nothing to search for.
    """

    entries: list[Hit] = field(default_factory=list)
    absences: list[AbsenceHit] = field(default_factory=list)
    took: float = 0.0
    read_as: str = ""
    absences_first: bool = False
    is_too_short: bool = False

    def __len__(self) -> int:
        return len(self.entries) + len(self.absences)


def search(office: Office, text: str, *, limit: int = 10) -> Results:
    """What the catalogues of the office and of the offices above it hold for `text`, whatever `text` is."""
    began = perf_counter()
    line = office.lineage()
    with scope(office=line):
        known = frozenset(SearchWord.objects.values_list("word", flat=True))
        question = understand(text, known)
        if not question.needs:
            return Results(is_too_short=True, took=perf_counter() - began)
        ranked = _ranked(question)
        entries = _entries([(key[1], score) for key, score in ranked if key[0] == "entry"][:limit])
        absences = _absences([(key[1], score) for key, score in ranked if key[0] == "absence"])
    best = entries[0].score if entries else 0.0
    return Results(
        entries=entries,
        absences=absences,
        read_as=question.read_as,
        absences_first=bool(absences) and (question.asks_whether or absences[0].score > best),
        took=perf_counter() - began,
    )


def _ranked(question: Question) -> list[tuple[Key, float]]:
    """Everything that holds enough of what was asked for, best first."""
    holders = _holders({term for need in question.needs for term in need.terms()})
    total = len({key for found in holders.values() for key in found}) + 1
    weighed: dict[Key, float] = defaultdict(float)
    covered: dict[Key, float] = defaultdict(float)
    strengths = [_strengths(need, holders) for need in question.needs]
    says = [_says(each, total) for each in strengths if each]
    # A word that nobody holds weighs like the others: it neither decides nor is forgotten.
    asked = sum(says) / len(says) * len(strengths) if says else 1.0
    for said, holding in zip(says, filter(None, strengths), strict=True):
        for key, (share, strength) in holding.items():
            weighed[key] += said * strength
            covered[key] += said * share
    found = []
    for key, weight in weighed.items():
        part = covered[key] / asked
        if part >= (LEAST_COVERED if key[0] == "entry" else LEAST_COVERED_BY_ABSENCE):
            found.append((key, weight * part * part))
    # The newest number first among equals: the order is the same every time.
    return sorted(found, key=lambda each: (-each[1], each[0][0], -each[0][1]))


def _says(holding: dict[Key, tuple[float, float]], total: int) -> float:
    """How much a need tells apart: the fewer hold all of it, the more."""
    full = sum(1 for share, _strength in holding.values() if share == 1.0)
    return log(1 + total / (1 + full))


def _holders(terms: Iterable[str]) -> dict[str, dict[Key, float]]:
    """For each word the entries and absences that hold it, with its weight there as a part of one."""
    found: dict[str, dict[Key, float]] = defaultdict(dict)
    rows = SearchPosting.objects.filter(word__in=sorted(terms))
    for word, weight, entry, absence in rows.values_list("word", "weight", "entry_id", "absence_id"):
        key = ("entry", entry) if entry else ("absence", absence)
        found[word][key] = weight / FULL_WEIGHT
    return found


def _strengths(need: Need, holders: dict[str, dict[Key, float]]) -> dict[Key, tuple[float, float]]:
    """For each holder how much of the need it covers (0 to 1) and how strongly it says it."""
    parts: dict[Key, list[float]] = defaultdict(list)
    for meanings in need.own:
        best: dict[Key, float] = {}
        for term, sure in meanings.items():
            for key, weight in holders.get(term, {}).items():
                best[key] = max(best.get(key, 0.0), sure * (0.4 + 0.6 * weight))
        for key, strength in best.items():
            parts[key].append(strength)
    found: dict[Key, tuple[float, float]] = {}
    for key, strengths in parts.items():
        share = len(strengths) / len(need.own)
        share = 1.0 if share == 1.0 else share * PART
        found[key] = (share, share * sum(strengths) / len(strengths))
    for phrase in need.others:
        for key, weight in _holders_of_all(phrase, holders).items():
            strength = SYNONYM * (0.4 + 0.6 * weight)
            if strength > found.get(key, (0.0, 0.0))[1]:
                found[key] = (1.0, strength)
    return found


def _holders_of_all(phrase: tuple[str, ...], holders: dict[str, dict[Key, float]]) -> dict[Key, float]:
    first, *rest = (holders.get(word, {}) for word in phrase)
    return {
        key: min(weight, *(other[key] for other in rest)) if rest else weight
        for key, weight in first.items()
        if all(key in other for other in rest)
    }


def _entries(ranked: list[tuple[int, float]]) -> list[Hit]:
    rows = Entry.objects.select_related("office").in_bulk([key for key, _score in ranked])
    return [Hit(rows[key], score) for key, score in ranked]


def _absences(ranked: list[tuple[int, float]]) -> list[AbsenceHit]:
    best = ranked[:MOST_ABSENCES]
    # What fits much worse than the best is about something else.
    kept = [(key, score) for key, score in best if score >= best[0][1] * 0.6]
    rows = Absence.objects.select_related("office").in_bulk([key for key, _score in kept])
    return [AbsenceHit(rows[key], score) for key, score in kept]
