"""Codes of classifications: the way from section to class, and what a code is called in other versions.

The same code may mean something else in another version (domain.md 10.4): 56101 was a restaurant and is now any place
with food in a permanent building. So the version travels with the code, and a doubtful code says so.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from sapa.catalogue.models import Correspondence, Entry
from sapa.catalogue.search.analyse import is_misspelling, words
from sapa.catalogue.search.stemming import stem
from sapa.catalogue.search.twins import told_once

Relation = Correspondence.Relation
DEEPEST: Final = 8
MOST_BELOW: Final = 60
# Below this share of common words two names that each say something of their own mean different things: a bus for
# tourists and a bus between cities share two words of five.
ALIKE: Final = 0.5
# Words that stand in titles of anything.
_EMPTY: Final = frozenset(
    {
        *("dan", "atau", "yang", "untuk", "di", "dari", "pada", "dengan", "dalam", "ke", "oleh", "serta"),
        *("tidak", "bukan", "lain", "lainnya", "ytdl", "ybdi", "ydtl", "termasuk", "khusus"),
        *("aktivitas", "kegiatan", "jasa", "usaha", "bidang"),
    }
)


@dataclass(frozen=True)
class Step:
    """One code on the way, or below: its name without the code."""

    entry: int
    code: str
    name: str


@dataclass(frozen=True)
class Elsewhere:
    """The same code in another version of the same classification."""

    entry: Entry
    name: str
    is_reused: bool  # with another meaning
    is_confirmed: bool  # an officer has looked


def family_of(version: str) -> str:
    """What tells KBLI (kinds of business) from KBJI (kinds of work) and KBKI (kinds of goods and services)."""
    return version.split(" ", 1)[0]


def name_of(entry: Entry) -> str:
    """The title without version and code."""
    return _bare(entry.title, entry.version, entry.external_id)


def path_of(entry: Entry) -> tuple[Step, ...]:
    """The way from the section to the code itself, as far as it is known; one query."""
    return paths_of([entry])[entry.pk]


def paths_of(entries: Sequence[Entry]) -> dict[int, tuple[Step, ...]]:
    """The same for several codes, by the number of the entry; one query."""
    names = ["external_id", "title", "pk"]
    chain = ["parent__" * depth for depth in range(1, DEEPEST)]
    columns = ["pk", *(step + name for step in chain for name in names)]
    rows = Entry.objects.filter(pk__in=[each.pk for each in entries]).values_list(*columns)
    above = {row[0]: list(row[1:]) for row in rows}
    return {each.pk: _path(each, above.get(each.pk, [])) for each in entries}


def _path(entry: Entry, cells: list[Any]) -> tuple[Step, ...]:
    found = [Step(entry.pk, entry.external_id, name_of(entry))]
    for place in range(0, len(cells), 3):
        code, title, number = cells[place : place + 3]
        if number is None:
            break
        found.append(Step(number, code, _bare(title, entry.version, code)))
    return tuple(reversed(found))


def below(entry: Entry) -> list[Step]:
    """The codes one step down that are shown, in their order."""
    rows = Entry.objects.filter(parent=entry, published_at__isnull=False, withdrawn_at=None)
    found = rows.order_by("external_id").values_list("pk", "external_id", "title")[:MOST_BELOW]
    return [Step(number, code, _bare(title, entry.version, code)) for number, code, title in found]


def versions_of(entry: Entry) -> list[Elsewhere]:
    """The same code in the other versions of its classification, the newest first; see `Elsewhere`.

    What an officer confirmed goes before what the titles suggest.
    """
    return elsewhere_of([entry])[entry.pk]


def elsewhere_of(entries: Sequence[Entry]) -> dict[int, list[Elsewhere]]:
    """The same for several codes, by the number of the entry; two queries, however many they are."""
    rows = Entry.objects.filter(
        kind=Entry.Kind.CLASSIFICATION_CODE,
        external_id__in={each.external_id for each in entries},
        published_at__isnull=False,
        withdrawn_at=None,
    )
    # An office and one above it may both have loaded a version.
    known = told_once(rows.select_related("office").order_by("pk")).values()
    told = _confirmed(entries, known)
    found: dict[int, list[Elsewhere]] = {}
    for entry in entries:
        mine = name_of(entry)
        found[entry.pk] = [
            Elsewhere(
                other,
                name_of(other),
                told[entry.pk, other.pk] == Relation.REUSED
                if (entry.pk, other.pk) in told
                else differ(mine, name_of(other)),
                (entry.pk, other.pk) in told,
            )
            for other in sorted(known, key=lambda each: each.version, reverse=True)
            if other.external_id == entry.external_id
            and other.version != entry.version
            and family_of(other.version) == family_of(entry.version)
        ]
    return found


def successors_of(entry: Entry) -> list[tuple[Entry, Correspondence]]:
    """Codes with another number that an officer confirmed as the same thing, or a part of it."""
    rows = Correspondence.objects.filter(Q(here=entry) | Q(there=entry), confirmed_at__isnull=False).exclude(
        relation=Relation.REUSED
    )
    found = []
    for row in rows.select_related("here", "there"):
        other = row.there if row.here_id == entry.pk else row.here
        if other.is_shown and other.external_id != entry.external_id:
            found.append((other, row))
    return sorted(found, key=lambda each: (each[0].version, each[0].external_id), reverse=True)


def differ(one: str, other: str) -> bool:
    """Whether two names of a code mean different things, as far as their words can tell.

    A name that only says more than the other, or says it in other forms of its words, does not differ.
    """
    here, there = roots(one), roots(other)
    same = _common(here, there)
    if not here - same or not _unmatched(there, same):
        return False
    return likeness(one, other) < ALIKE


def likeness(one: str, other: str) -> float:
    """The share of the words of both names that they have in common, by their roots: 0 to 1."""
    here, there = roots(one), roots(other)
    if not here or not there:
        return 1.0 if here == there else 0.0
    same = len(_common(here, there))
    return same / (len(here) + len(there) - same)


def roots(text: str) -> frozenset[str]:
    """The words of a name that tell something, without prefixes and suffixes."""
    return frozenset(stem(word) for word in words(text) if word not in _EMPTY)


def _common(here: frozenset[str], there: frozenset[str]) -> frozenset[str]:
    """Those of `here` that stand in `there`, also with a slip: apotek, apotik."""
    return frozenset(
        word for word in here if word in there or any(is_misspelling(word, each) for each in there)
    )


def _unmatched(there: frozenset[str], same: frozenset[str]) -> frozenset[str]:
    return there - _common(there, same)


def _confirmed(entries: Iterable[Entry], others: Iterable[Entry]) -> dict[tuple[int, int], str]:
    """What an officer said of pairs of these, either way round."""
    ours, theirs = [each.pk for each in entries], [each.pk for each in others]
    rows = Correspondence.objects.filter(
        Q(here__in=ours, there__in=theirs) | Q(here__in=theirs, there__in=ours), confirmed_at__isnull=False
    )
    pairs = [(row.here_id, row.there_id, row.relation) for row in rows]
    return {pair: relation for one, two, relation in pairs for pair in ((one, two), (two, one))}


def _bare(title: str, version: str, code: str) -> str:
    begins = rf"(?:{re.escape(version)}\s+)?(?:{re.escape(code)}\s+)?"
    return re.sub(f"^{begins}", "", title) or title
