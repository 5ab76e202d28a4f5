"""What the index keeps of an entry or an absence: its words by their weight, its stems, and what divides results."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.utils import translation

from sapa.catalogue.models import Absence, Entry, Frequency, Level
from sapa.catalogue.regions import by_bps
from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.stemming import stem

TITLE: Final = 6
NAMED: Final = 5
KEYWORD: Final = 4
TOLD: Final = 2
ASIDE: Final = 1
# Words of a row that are looked at: the beginning of a long text says what it is about.
MOST_WORDS: Final = 400
# A table since 1961 is found by its years; one "since the year 0" must not write thousands.
MOST_YEARS: Final = 80
# A stem is kept beside the words, under a mark that no word can carry.
STEM_MARK: Final = "~"
ABSENCE: Final = "absence"


@dataclass(frozen=True, slots=True)
class Card:
    """What ranking needs of a row without asking the database. `weights`: its words and marked stems."""

    key: int
    kind: str
    level: str
    frequency: str
    version: str
    code: str
    group: str
    areas: tuple[str, ...]
    year_from: int
    year_until: int
    released: str
    title: tuple[str, ...]
    weights: dict[str, int]

    @property
    def is_absence(self) -> bool:
        return self.kind == ABSENCE

    @property
    def pk(self) -> int:
        return self.key // 2


def key_of(row: Entry | Absence) -> int:
    """One number for both tables: entries even, absences odd."""
    return row.pk * 2 + isinstance(row, Absence)


def document(row: Entry | Absence) -> dict[str, Any]:
    """The fields of the index for a row that is shown."""
    weights: dict[str, int] = {}
    for text, weight in _of_entry(row) if isinstance(row, Entry) else _of_absence(row):
        for word in words(text)[:MOST_WORDS]:
            if weights.get(word, 0) < weight:
                weights[word] = weight
    for word, weight in list(weights.items()):
        marked = STEM_MARK + stem(word)
        if weights.get(marked, 0) < weight:
            weights[marked] = weight
    title = _title(row)
    card = _card(row, title, weights)
    years = _years(row)
    found: dict[str, Any] = {
        "id": card.key,
        "office": row.office_id,
        "title": " ".join(title),
        "word": " ".join(word for word, weight in weights.items() if weight < TITLE and word[0] != STEM_MARK),
        "stem": " ".join(word[1:] for word in weights if word[0] == STEM_MARK),
        "kind": card.kind,
        "level": card.level,
        "frequency": card.frequency,
        "subject": row.subject if isinstance(row, Entry) else "",
        "version": card.version,
        "code": [card.code, card.code.replace(".", "")] if card.version and card.code else [],
        "group": card.group,
        "area": list(card.areas),
        "year": list(years),
        "card": json.dumps(
            [
                *(card.key, card.kind, card.level, card.frequency, card.version, card.code, card.group),
                *(" ".join(card.areas), card.year_from, card.year_until, card.released),
                *(" ".join(title), weights),
            ],
            ensure_ascii=False,
            separators=(",", ":"),
        ),
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


def _group(entry: Entry) -> str:
    """What a code and its neighbours have in common: the version and the code one step up."""
    return f"{entry.version} {entry.parent.external_id}".casefold() if entry.parent else ""


def _title(row: Entry | Absence) -> list[str]:
    """The words of the title; of a code without the code and its version, which stand in it for reading."""
    if isinstance(row, Absence):
        return words(row.indicator)
    title = row.title
    if row.kind == Entry.Kind.CLASSIFICATION_CODE:
        title = title.removeprefix(row.version).strip().removeprefix(row.external_id)
    return words(title) or words(row.title)


def card(text: str) -> Card:
    """The card that `document` wrote."""
    key, kind, level, frequency, version, code, group, areas, *rest = json.loads(text)
    first, last, released, title, weights = rest
    return Card(
        *(key, kind, level, frequency, version, code, group, tuple(areas.split())),
        *(first, last, released, tuple(title.split()), weights),
    )


def _card(row: Entry | Absence, title: list[str], weights: dict[str, int]) -> Card:
    if isinstance(row, Absence):
        return Card(
            *(key_of(row), ABSENCE, row.level, row.frequency, "", "", "", (), 0, 0, ""),
            *(tuple(title), weights),
        )
    first = row.year_from or row.year_until or 0
    return Card(
        *(key_of(row), row.kind, row.level, row.frequency, row.version, row.external_id.casefold()),
        *(_group(row), tuple(_areas(row.area_bps)), first, row.year_until or first),
        row.released_on.isoformat() if row.released_on else "",
        *(tuple(title), weights),
    )


def _areas(code: str) -> Iterator[str]:
    """The area and what it lies in: 1808010, 1808, 18."""
    seen = 0
    while code and seen < 5:
        yield code
        region = by_bps(code)
        code, seen = (region.parent_bps if region else ""), seen + 1


def _years(row: Entry | Absence) -> range:
    if isinstance(row, Absence) or not (row.year_from or row.year_until):
        return range(0)
    first = row.year_from or row.year_until or 0
    return range(first, (row.year_until or first) + 1)[-MOST_YEARS:]


def _of_entry(entry: Entry) -> list[tuple[str, int]]:
    code = entry.external_id if entry.version else ""
    return [
        (entry.title, TITLE),
        (f"{code} {entry.version}", NAMED),
        (entry.keywords, KEYWORD),
        (f"{entry.subject} {entry.area} {entry.summary}", TOLD),
        (
            f"{_labels(entry.kind, entry.level, entry.frequency)} {entry.unit} {entry.producer} {entry.body}",
            ASIDE,
        ),
        ("" if code else entry.external_id, ASIDE),
        (_above(entry), ASIDE),
    ]


def _above(entry: Entry) -> str:
    """What a code lies in: the titles of the two steps above it."""
    above = entry.parent
    return f"{above.title} {above.parent.title if above.parent else ''}" if above else ""


def _of_absence(absence: Absence) -> list[tuple[str, int]]:
    return [
        (absence.indicator, TITLE),
        (absence.keywords, KEYWORD),
        (f"{absence.area} {_labels('', absence.level, absence.frequency)}", TOLD),
        (f"{absence.reason} {absence.where_instead} {absence.next_release}", ASIDE),
    ]


@cache
def _labels(kind: str, level: str, frequency: str) -> str:
    """Kind, level and frequency in both languages: "publikasi", "kecamatan", "monthly"."""
    found = []
    for language in ("id", "en"):
        with translation.override(language):
            found += [str(Entry.Kind(kind).label)] if kind else []
            found += [str(Level(level).label)] if level else []
            found += [str(Frequency(frequency).label)] if frequency else []
    return " ".join(found)
