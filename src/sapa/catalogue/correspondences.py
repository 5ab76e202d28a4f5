"""Which code of one version became which of another: suggested by likeness, true once an officer has looked."""

import math
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.catalogue.classifications import differ, name_of, roots
from sapa.catalogue.models import Correspondence, Entry
from sapa.core.errors import Stale
from sapa.offices.models import Office
from sapa.people.models import Officer

Relation = Correspondence.Relation
# How much of what two codes say they must have in common; how near to the best one another candidate must come.
LEAST: Final = 0.4
NEAR: Final = 0.85
MOST_EACH: Final = 3
SAME_FROM: Final = 0.75
# The name says what a code is; the description is long and mentions its neighbours.
NAME_SHARE: Final = 0.75
_Words = tuple[frozenset[str], frozenset[str]]


def versions_in(office: Office) -> list[str]:
    """The versions of classifications that the office's own catalogue holds."""
    rows = Entry.objects.filter(
        office=office, kind=Entry.Kind.CLASSIFICATION_CODE, published_at__isnull=False, withdrawn_at=None
    ).exclude(version="")
    return sorted(rows.order_by().values_list("version", flat=True).distinct())


def suggest_correspondences(
    office: Office, *, here: str, there: str, tell: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Codes of version `here` have their likely counterparts in `there` to be looked at; returns how many are new.

    What was confirmed, refused or suggested before is left as it is. Codes of the same depth are compared, the same
    number with another meaning is suggested as that.
    """
    ours, theirs = _codes(office, here), _codes(office, there)
    weigh = _weights([*ours, *theirs])
    by_depth: dict[int, list[tuple[Entry, _Words]]] = defaultdict(list)
    for entry in theirs:
        by_depth[len(entry.external_id)].append((entry, _words(entry)))
    holding = {depth: _by_word(codes) for depth, codes in by_depth.items()}
    known = _known(office, ours)
    new: list[Correspondence] = []
    for done, entry in enumerate(ours, 1):
        depth = len(entry.external_id)
        near = _candidates(_words(entry), by_depth.get(depth, []), holding.get(depth, {}), weigh)
        for other, relation in _related(entry, near, by_depth.get(depth, [])):
            if (entry.pk, other.pk) not in known:
                known.add((entry.pk, other.pk))
                new.append(Correspondence(here=entry, there=other, relation=relation))
        if done % 200 == 0:
            tell(done, len(ours))
    Correspondence.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    return len(new)


def confirm(row: Correspondence, *, relation: str, by: Officer, at: datetime) -> None:
    """The correspondence holds, as this relation, and is shown. Stale when somebody else has looked already."""
    with transaction.atomic():
        waiting = Correspondence.objects.filter(pk=row.pk, confirmed_at=None)
        if not waiting.update(relation=relation, confirmed_at=at, confirmed_by=by.user):
            raise _settled()
        _record(row, "correspondence.confirmed", by, at, relation)


def refuse(row: Correspondence, *, by: Officer, at: datetime) -> None:
    """The suggestion is gone and does not come back. Stale when somebody else has looked already."""
    with transaction.atomic():
        deleted, _each = Correspondence.objects.filter(pk=row.pk, confirmed_at=None).delete()
        if not deleted:
            raise _settled()
        _record(row, "correspondence.refused", by, at, row.relation)


def _settled() -> Stale:
    return Stale(_("A colleague has decided this already."))


def _record(row: Correspondence, name: str, by: Officer, at: datetime, relation: str) -> None:
    data = {"here": row.here_id, "there": row.there_id, "relation": str(relation)}
    record(name, row.here, office_id=row.here.office_id, by=by.user, at=at, data=data)


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


def _weights(entries: list[Entry]) -> dict[str, float]:
    """How much a word tells: what stands in every other title tells little."""
    counts: dict[str, int] = defaultdict(int)
    for entry in entries:
        for word in roots(name_of(entry)):
            counts[word] += 1
    return {word: math.log(1 + len(entries) / count) for word, count in counts.items()}


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
    places = {place for word in mine[0] for place in holding.get(word, [])}
    found = []
    for place in places:
        other, theirs = codes[place]
        name = _alike(mine[0], theirs[0], weigh)
        if name >= LEAST / 2:
            told = _alike(mine[1], theirs[1], weigh) if mine[1] and theirs[1] else name
            found.append((NAME_SHARE * name + (1 - NAME_SHARE) * told, other))
    found = [each for each in found if each[0] >= LEAST]
    found.sort(key=lambda each: (-each[0], each[1].external_id))
    return [each for each in found[:MOST_EACH] if each[0] >= NEAR * found[0][0]]


def _related(
    entry: Entry, near: list[tuple[float, Entry]], codes: list[tuple[Entry, _Words]]
) -> list[tuple[Entry, str]]:
    found: list[tuple[Entry, str]] = []
    namesake = next((other for other, _each in codes if other.external_id == entry.external_id), None)
    is_reused = namesake is not None and differ(name_of(entry), name_of(namesake))
    if namesake is not None and is_reused:
        found.append((namesake, Relation.REUSED))
    for score, other in near:
        if is_reused and other == namesake:
            continue
        found.append((other, Relation.SAME if score >= SAME_FROM else Relation.PART))
    return found


def _alike(one: frozenset[str], other: frozenset[str], weigh: dict[str, float]) -> float:
    all_ = sum(weigh.get(word, 1.0) for word in one | other)
    return sum(weigh.get(word, 1.0) for word in one & other) / all_ if all_ else 0.0
