"""Codes of classifications: the way from section to class, and what a code is called in other versions.

The same code may mean something else in another version (domain.md 10.4): 56101 was a restaurant and is now any place
with food in a permanent building. So the version travels with the code, and a doubtful code says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from sapa.catalogue.models import Correspondence, Entry
from sapa.catalogue.search.analyse import is_misspelling, words
from sapa.catalogue.search.stemming import stem
from sapa.catalogue.search.twins import told_once
from sapa.core import sql
from sapa.offices.models import Office

Relation = Correspondence.Relation
DEEPEST: Final = 8
MOST_BELOW: Final = 60
# Below this share of common words two names that each say something of their own mean different things: a bus for
# tourists and a bus between cities share two words of five.
ALIKE: Final = 0.5
# What these lie in, up to the section (docs/decisions/0007). UNION, so that a circle ends.
_ABOVE: Final = (
    "WITH RECURSIVE above (id, external_id, title, parent_id) AS ("
    "SELECT id, external_id, title, parent_id FROM catalogue_entry WHERE id IN ({0})"
    " UNION SELECT e.id, e.external_id, e.title, e.parent_id FROM catalogue_entry e"
    " JOIN above ON e.id = above.parent_id) SELECT id, external_id, title, parent_id FROM above"
)
# Codes with these numbers in any version. Every version is named, one jump of the index each, for the index of codes
# begins with it. "+": not by the index of offices, through which SQLite would look at the whole catalogue.
_SAME_CODE: Final = (
    "version IN (WITH RECURSIVE versions (name) AS ("
    "SELECT MIN(version) FROM catalogue_entry WHERE version > ''"
    " UNION ALL SELECT (SELECT MIN(version) FROM catalogue_entry WHERE version > versions.name)"
    " FROM versions WHERE versions.name IS NOT NULL) SELECT name FROM versions WHERE name IS NOT NULL)"
    " AND external_id IN ({0}) AND kind = %s AND +office_id IN ({1})"
    " AND published_at IS NOT NULL AND withdrawn_at IS NULL ORDER BY id"
)
_TOLD: Final = (
    "SELECT here_id, there_id, relation FROM catalogue_correspondence WHERE confirmed_at IS NOT NULL"
    " AND (here_id IN ({0}) AND there_id IN ({1}) OR here_id IN ({1}) AND there_id IN ({0}))"
)
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
    first = [each.parent_id for each in entries if each.parent_id is not None]
    statement = _ABOVE.format(sql.places(first))
    above = {row[0]: row for row in sql.rows(statement, first)} if first else {}
    return {each.pk: _path(each, above) for each in entries}


def _path(entry: Entry, above: Mapping[int, tuple[Any, ...]]) -> tuple[Step, ...]:
    found = [Step(entry.pk, entry.external_id, name_of(entry))]
    number = entry.parent_id
    while number is not None and number in above and len(found) < DEEPEST:
        _number, code, title, parent = above[number]
        found.append(Step(number, code, _bare(title, entry.version, code)))
        number = parent
    return tuple(reversed(found))


def below(entry: Entry) -> list[Step]:
    """The codes one step down that are shown, in their order."""
    rows = Entry.objects.filter(parent=entry, published_at__isnull=False, withdrawn_at=None)
    found = rows.order_by("external_id").values_list("pk", "external_id", "title")[:MOST_BELOW]
    return [Step(number, code, _bare(title, entry.version, code)) for number, code, title in found]


def versions_of(entry: Entry, line: Sequence[Office]) -> list[Elsewhere]:
    """The same code in the other versions of its classification, the newest first, in the catalogues of these
    offices; see `Elsewhere`.

    What an officer confirmed goes before what the titles suggest.
    """
    return elsewhere_of([entry], line)[entry.pk]


def elsewhere_of(entries: Sequence[Entry], line: Sequence[Office]) -> dict[int, list[Elsewhere]]:
    """The same for several codes, by the number of the entry; two queries, however many they are."""
    codes, offices = list({each.external_id for each in entries}), {each.pk: each for each in line}
    rows = sql.every(
        Entry,
        _SAME_CODE.format(sql.places(codes), sql.places(offices)),
        [*codes, Entry.Kind.CLASSIFICATION_CODE, *offices],
    )
    for row in rows:
        row.office = offices[row.office_id]
    # An office and one above it may both have loaded a version.
    known = sorted(told_once(rows).values(), key=lambda each: each.version, reverse=True)
    others = {
        entry.pk: [
            other
            for other in known
            if other.external_id == entry.external_id
            and other.version != entry.version
            and family_of(other.version) == family_of(entry.version)
        ]
        for entry in entries
    }
    told = _confirmed(others)
    return {
        entry.pk: [_elsewhere(entry, other, told.get((entry.pk, other.pk))) for other in others[entry.pk]]
        for entry in entries
    }


def _elsewhere(entry: Entry, other: Entry, told: str | None) -> Elsewhere:
    name = name_of(other)
    is_reused = differ(name_of(entry), name) if told is None else told == Relation.REUSED
    return Elsewhere(other, name, is_reused, told is not None)


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


def _confirmed(others: Mapping[int, Sequence[Entry]]) -> dict[tuple[int, int], str]:
    """What an officer said of an entry and one of the others, either way round."""
    ours = [number for number, theirs in others.items() if theirs]
    theirs = list({each.pk for number in ours for each in others[number]})
    if not ours:
        return {}
    pairs = sql.rows(_TOLD.format(sql.places(ours), sql.places(theirs)), [*ours, *theirs, *theirs, *ours])
    return {pair: relation for one, two, relation in pairs for pair in ((one, two), (two, one))}


def _bare(title: str, version: str, code: str) -> str:
    rest = title
    for said in (version, code):
        if rest.startswith(said) and rest[len(said) : len(said) + 1].isspace():
            rest = rest[len(said) :].lstrip()
    return rest or title
