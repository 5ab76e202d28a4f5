"""Two versions of a classification side by side: which code of one is likely which of the other, by their words."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from sapa.activity.models import Event
from sapa.catalogue.classifications import differ, name_of, roots
from sapa.catalogue.models import Correspondence, Entry
from sapa.offices.models import Office

Relation = Correspondence.Relation
# How much of what two codes say they must have in common; how near to the best one another candidate must come.
LEAST: Final = 0.4
NEAR: Final = 0.85
MOST_EACH: Final = 3
SAME_FROM: Final = 0.75
# The name says what a code is; the description is long and mentions its neighbours.
NAME_SHARE: Final = 0.75
_Words = tuple[frozenset[str], frozenset[str]]


class Versions:
    """Two versions of an office, with what comparing their codes needs of all of them."""

    def __init__(self, office: Office, here: str, there: str) -> None:
        self.office = office
        self.ours, theirs = _codes(office, here), _codes(office, there)
        told = {entry.pk: _words(entry) for entry in (*self.ours, *theirs)}
        self.words = told
        self.weigh = _weights([name for name, _told in told.values()])
        self.by_depth: dict[int, list[tuple[Entry, _Words]]] = defaultdict(list)
        for entry in theirs:
            self.by_depth[len(entry.external_id)].append((entry, told[entry.pk]))
        self.holding = {depth: _by_word(codes) for depth, codes in self.by_depth.items()}
        self.namesakes = {entry.external_id: entry for entry in theirs}

    def suggest(self, first: int, until: int) -> int:
        """The counterparts of our codes from `first` until before `until` wait to be looked at; how many are new."""
        some = self.ours[first:until]
        known = _known(self.office, some)
        new: list[Correspondence] = []
        for entry in some:
            depth = len(entry.external_id)
            codes, holding = self.by_depth.get(depth, []), self.holding.get(depth, {})
            near = _candidates(self.words[entry.pk], codes, holding, self.weigh)
            for other, relation in _related(entry, near, self.namesakes.get(entry.external_id)):
                if (entry.pk, other.pk) not in known:
                    known.add((entry.pk, other.pk))
                    new.append(Correspondence(here=entry, there=other, relation=relation))
        Correspondence.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
        return len(new)


def _codes(office: Office, version: str) -> list[Entry]:
    rows = Entry.objects.filter(
        office=office,
        kind=Entry.Kind.CLASSIFICATION_CODE,
        version=version,
        published_at__isnull=False,
        withdrawn_at=None,
    )
    return list(rows.order_by("external_id"))


def _known(office: Office, ours: list[Entry]) -> set[tuple[int, int]]:
    """Pairs that stand already, or that an officer refused."""
    numbers = {entry.pk for entry in ours}
    pairs = Correspondence.objects.filter(here__office=office).values_list("here_id", "there_id")
    refused = Event.objects.filter(office=office, name="correspondence.refused").values_list(
        "data", flat=True
    )
    found = set(pairs) | {(each["here"], each["there"]) for each in refused}
    return {pair for pair in found if pair[0] in numbers}


def _words(entry: Entry) -> _Words:
    return roots(name_of(entry)), roots(f"{entry.summary} {entry.body}"[:600])


def _weights(names: Sequence[frozenset[str]]) -> dict[str, float]:
    """How much a word tells: what stands in every other title tells little."""
    counts = Counter(word for name in names for word in name)
    return {word: math.log(1 + len(names) / count) for word, count in counts.items()}


def _by_word(codes: list[tuple[Entry, _Words]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, (_entry, (name, _told)) in enumerate(codes):
        for word in name:
            found[word].append(place)
    return found


def _candidates(
    mine: _Words, codes: list[tuple[Entry, _Words]], holding: dict[str, list[int]], weigh: dict[str, float]
) -> list[tuple[float, Entry]]:
    """Codes alike enough, the most alike first."""
    common: dict[int, float] = defaultdict(float)
    for word in mine[0]:
        for place in holding.get(word, ()):
            common[place] += weigh.get(word, 1.0)
    whole = _weight(mine[0], weigh)
    found = []
    for place, shared in common.items():
        other, theirs = codes[place]
        name = shared / (whole + _weight(theirs[0], weigh) - shared)
        if name >= LEAST / 2:
            told = _alike(mine[1], theirs[1], weigh) if mine[1] and theirs[1] else name
            found.append((NAME_SHARE * name + (1 - NAME_SHARE) * told, other))
    found = [each for each in found if each[0] >= LEAST]
    found.sort(key=lambda each: (-each[0], each[1].external_id))
    return [each for each in found[:MOST_EACH] if each[0] >= NEAR * found[0][0]]


def _related(
    entry: Entry, near: list[tuple[float, Entry]], namesake: Entry | None
) -> list[tuple[Entry, str]]:
    found: list[tuple[Entry, str]] = []
    is_reused = namesake is not None and differ(name_of(entry), name_of(namesake))
    if namesake is not None and is_reused:
        found.append((namesake, Relation.REUSED))
    for score, other in near:
        if is_reused and other == namesake:
            continue
        found.append((other, Relation.SAME if score >= SAME_FROM else Relation.PART))
    return found


def _weight(words: frozenset[str], weigh: dict[str, float]) -> float:
    return sum(weigh.get(word, 1.0) for word in words)


def _alike(one: frozenset[str], other: frozenset[str], weigh: dict[str, float]) -> float:
    all_ = sum(weigh.get(word, 1.0) for word in one | other)
    return sum(weigh.get(word, 1.0) for word in one & other) / all_ if all_ else 0.0
