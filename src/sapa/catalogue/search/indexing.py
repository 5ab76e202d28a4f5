"""Bringing the search in line with the rows. Called by the verbs that write them, in the same transaction."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.db import transaction
from django.utils import translation

from sapa.catalogue.models import Absence, Entry, SearchPosting, SearchWord
from sapa.catalogue.search.analyse import stem, words
from sapa.catalogue.search.needs import STEM_MARK
from sapa.catalogue.search.query import FULL_WEIGHT
from sapa.offices.models import Office

NAMED: Final = 5
KEYWORD: Final = 4
TOLD: Final = 2
ASIDE: Final = 1
# A table since 1961 is found by its years; one "since the year 0" must not write thousands of rows.
MOST_YEARS: Final = 80


def index(rows: Iterable[Entry | Absence]) -> None:
    """The search knows these rows as they stand now; what is not shown is not found."""
    with transaction.atomic():
        rows = list(rows)
        forget(rows)
        postings = [posting for row in rows for posting in _postings(row)]
        SearchPosting.objects.bulk_create(postings, batch_size=500)
        known = {(each.office_id, each.word) for each in postings if not each.word.startswith(STEM_MARK)}
        SearchWord.objects.bulk_create(
            (SearchWord(office_id=office, word=word) for office, word in sorted(known)),
            batch_size=500,
            ignore_conflicts=True,
        )


def forget(rows: Iterable[Entry | Absence]) -> None:
    """The search does not find these rows any more."""
    rows = list(rows)
    SearchPosting.objects.filter(entry__in=[row for row in rows if isinstance(row, Entry)]).delete()
    SearchPosting.objects.filter(absence__in=[row for row in rows if isinstance(row, Absence)]).delete()


def rebuild(office: Office) -> int:
    """The search over the office's own rows is made anew, without the words that nobody uses any more."""
    with transaction.atomic():
        SearchPosting.objects.filter(office=office).delete()
        SearchWord.objects.filter(office=office).delete()
        rows: list[Entry | Absence] = [*Entry.objects.filter(office=office)]
        rows += Absence.objects.filter(office=office)
        index(rows)
    return len(rows)


def _postings(row: Entry | Absence) -> Iterator[SearchPosting]:
    weights: dict[str, int] = {}
    fields = _of_entry(row) if isinstance(row, Entry) else _of_absence(row)
    for text, weight in fields:
        for word in words(text):
            weights[word] = max(weights.get(word, 0), weight)
            root = stem(word)
            if root != word:  # a word that is its own root is found as itself
                marked = STEM_MARK + root
                weights[marked] = max(weights.get(marked, 0), weight)
    for word, weight in weights.items():
        which = {"entry": row} if isinstance(row, Entry) else {"absence": row}
        yield SearchPosting(office_id=row.office_id, word=word, weight=weight, **which)


def _of_entry(entry: Entry) -> list[tuple[str, int]]:
    if not entry.is_shown:
        return []
    years = range(entry.year_from or 0, (entry.year_until or entry.year_from or -1) + 1)
    return [
        (entry.title, FULL_WEIGHT),
        (f"{entry.external_id} {entry.version}", NAMED),
        (entry.keywords, KEYWORD),
        (f"{entry.subject} {entry.area} {entry.summary}", TOLD),
        (" ".join(map(str, years[-MOST_YEARS:])), TOLD),
        (f"{_labels(entry)} {entry.unit} {entry.producer} {entry.body}", ASIDE),
    ]


def _of_absence(absence: Absence) -> list[tuple[str, int]]:
    return [
        (absence.indicator, FULL_WEIGHT),
        (absence.keywords, KEYWORD),
        (f"{absence.area} {_labels(absence)}", TOLD),
        (absence.where_instead, ASIDE),
    ]


def _labels(row: Entry | Absence) -> str:
    """Kind, level and frequency in both languages: "publikasi", "kecamatan", "monthly"."""
    found = []
    for language in ("id", "en"):
        with translation.override(language):
            kind = row.get_kind_display() if isinstance(row, Entry) else ""
            found.append(f"{kind} {row.get_level_display()} {row.get_frequency_display()}")
    return " ".join(found)
