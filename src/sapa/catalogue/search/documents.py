"""What the index keeps of an entry or an absence: its words by their weight, its stems, and what divides results."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from django.utils import translation

from sapa.catalogue.models import Absence, Entry, Frequency, Level
from sapa.catalogue.regions import by_bps
from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.everyday import names_of
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
# A card is one text in the index, so that forty of them are read in a fraction of a millisecond: its fields between
# these marks, lists between spaces, the words and stems beside the title by their weight.
BETWEEN: Final = "\x1f"
NAMES: Final = "\x1e"
BESIDE_TITLE: Final = (NAMED, KEYWORD, TOLD, ASIDE, TITLE)
FAMILIES: Final = ("KBLI", "KBJI", "KBKI")
# What is read of an entry, so that the other columns of a million rows stay in the database.
READ: Final = (
    *("office", "kind", "title", "summary", "keywords", "subject", "area", "area_bps", "level", "frequency"),
    *("year_from", "year_until", "unit", "producer", "released_on", "external_id", "version", "body"),
    *(
        "language",
        "published_at",
        "withdrawn_at",
        "parent__external_id",
        "parent__title",
        "parent__parent__title",
    ),
)


class Card(NamedTuple):
    """What ranking needs of a row without asking the database. `weights`: of its words and marked stems those that
    are asked for; `length`: how many it has; `stems`: the marked stems of the title, word by word; `names`: what
    people call a code."""

    key: int
    kind: str
    level: str
    frequency: str
    version: str
    code: str
    group: str
    language: str
    areas: tuple[str, ...]
    year_from: int
    year_until: int
    released: str
    title: tuple[str, ...]
    stems: tuple[str, ...]
    names: tuple[str, ...]
    length: int
    weights: dict[str, int]

    @property
    def is_absence(self) -> bool:
        return self.kind == ABSENCE

    @property
    def pk(self) -> int:
        return self.key // 2


def of_family(name: str, family: str) -> str:
    """The term of a name in a classification: "tukang deres" as a job."""
    return f"{family}: {name}"


def key_of(row: Entry | Absence) -> int:
    """One number for both tables: entries even, absences odd."""
    return row.pk * 2 + isinstance(row, Absence)


def document(row: Entry | Absence) -> dict[str, Any]:
    """The fields of the index for a row that is shown."""
    weights: dict[str, int] = {}
    # From the least weight to the greatest, which stays.
    for said, weight in _of_entry(row) if isinstance(row, Entry) else _of_absence(row):
        weights.update(dict.fromkeys(said[:MOST_WORDS], weight))
    stems: dict[str, int] = {}
    for word, weight in weights.items():
        root = stem(word)
        if stems.get(root, 0) < weight:
            stems[root] = weight
    title = _title(row)
    card = _card(row, title, len(weights) + len(stems))
    years = _years(row)
    found: dict[str, Any] = {
        "id": card.key,
        "office": row.office_id,
        "title": " ".join(title),
        "word": " ".join([word for word, weight in weights.items() if weight < TITLE]),
        "stem": " ".join(stems),
        "kind": card.kind,
        "level": card.level,
        "frequency": card.frequency,
        "subject": row.subject if isinstance(row, Entry) else "",
        "version": card.version,
        "code": [card.code, card.code.replace(".", "")] if card.version and card.code else [],
        "name": [each for name in card.names for each in (name, of_family(name, card.version.split(" ")[0]))],
        "group": card.group,
        "area": list(card.areas),
        "place": card.areas[0] if card.areas else "",
        "year": list(years),
        "since": years[0] if years else "",
        "until": years[-1] if years else "",
        "card": _written(card, weights, stems),
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


def card(written: bytes, wanted: frozenset[str]) -> Card:
    """The card that `document` wrote, with the weights of what is wanted: all of them take twice as long to read."""
    (
        key,
        kind,
        level,
        frequency,
        version,
        code,
        group,
        language,
        areas,
        first,
        last,
        released,
        length,
        title,
        stems,
        names,
        *rest,
    ) = written.decode().split(BETWEEN)
    title_words, title_stems = tuple(title.split()), tuple(stems.split())
    weights = dict.fromkeys(wanted.intersection(title_words + title_stems), TITLE)
    for weight, beside in zip(BESIDE_TITLE, rest, strict=True):
        if beside and (found := wanted.intersection(beside.split())):
            weights.update(dict.fromkeys(found, weight))
    return Card(
        *(int(key), kind, level, frequency, version, code, group, language, tuple(areas.split())),
        *(int(first), int(last), released, title_words, title_stems),
        *(tuple(names.split(NAMES)) if names else (), int(length), weights),
    )


def _written(card: Card, weights: dict[str, int], stems: dict[str, int]) -> bytes:
    title = {*card.title, *card.stems}
    beside: dict[int, list[str]] = {weight: [] for weight in BESIDE_TITLE}
    for word, weight in weights.items():
        if word not in title:
            beside[weight].append(word)
    for root, weight in stems.items():
        marked = STEM_MARK + root
        if marked not in title:
            beside[weight].append(marked)
    said = (card.kind, card.level, card.frequency, card.version, card.code, card.group, card.language)
    parts = (
        *(str(card.key), *[each.replace(BETWEEN, "") for each in said]),
        *(" ".join(card.areas), str(card.year_from), str(card.year_until), card.released, str(card.length)),
        *(" ".join(card.title), " ".join(card.stems), NAMES.join(card.names)),
        *map(" ".join, beside.values()),
    )
    return BETWEEN.join(parts).encode()


def _card(row: Entry | Absence, title: list[str], length: int) -> Card:
    """The card of the row, before its weights."""
    none: dict[str, int] = {}
    stems = tuple([STEM_MARK + stem(word) for word in title])
    if isinstance(row, Absence):
        return Card(
            *(key_of(row), ABSENCE, row.level, row.frequency, "", "", "", "", (), 0, 0, ""),
            *(tuple(title), stems, (), length, none),
        )
    first = row.year_from or row.year_until or 0
    said = (row.version, row.external_id.casefold(), _group(row), row.language)
    names = tuple(map(" ".join, _names(row)))
    return Card(
        *(key_of(row), row.kind, row.level, row.frequency, *said, tuple(_areas(row.area_bps))),
        *(first, row.year_until or first, row.released_on.isoformat() if row.released_on else ""),
        title=tuple(title),
        stems=stems,
        names=names,
        length=length,
        weights=none,
    )


def _names(entry: Entry) -> tuple[tuple[str, ...], ...]:
    is_code = entry.kind == Entry.Kind.CLASSIFICATION_CODE
    return names_of(entry.version, entry.external_id) if is_code else ()


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


def _of_entry(entry: Entry) -> list[tuple[list[str], int]]:
    code = entry.external_id if entry.version else ""
    return [
        (words(_above(entry)), ASIDE),
        (words("" if code else entry.external_id), ASIDE),
        (words(f"{entry.unit} {entry.producer} {entry.body}"), ASIDE),
        (_labels(entry.kind, entry.level, entry.frequency), ASIDE),
        (words(f"{entry.subject} {entry.area} {entry.summary}"), TOLD),
        (words(entry.keywords), KEYWORD),
        ([word for name in _names(entry) for word in name], KEYWORD),
        (words(f"{code} {entry.version}"), NAMED),
        (words(entry.title), TITLE),
    ]


def _above(entry: Entry) -> str:
    """What a code lies in: the titles of the two steps above it."""
    above = entry.parent
    return f"{above.title} {above.parent.title if above.parent else ''}" if above else ""


def _of_absence(absence: Absence) -> list[tuple[list[str], int]]:
    return [
        (words(f"{absence.reason} {absence.where_instead} {absence.next_release}"), ASIDE),
        (words(absence.area), TOLD),
        (_labels("", absence.level, absence.frequency), TOLD),
        (words(absence.keywords), KEYWORD),
        (words(absence.indicator), TITLE),
    ]


@cache
def _labels(kind: str, level: str, frequency: str) -> list[str]:
    """Kind, level and frequency in both languages: "publikasi", "kecamatan", "monthly"."""
    found = []
    for language in ("id", "en"):
        with translation.override(language):
            found += [str(Entry.Kind(kind).label)] if kind else []
            found += [str(Level(level).label)] if level else []
            found += [str(Frequency(frequency).label)] if frequency else []
    return words(" ".join(found))
