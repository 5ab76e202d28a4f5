"""A page of a source becomes rows: only what differs is written, and the search knows it in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue import figures
from sapa.catalogue.models import Entry, Figures, SourceRun, SourceSeen
from sapa.catalogue.search.indexing import index
from sapa.catalogue.sources import absent
from sapa.catalogue.sources.base import ABSENCE, Item, Page
from sapa.catalogue.sources.noting import (
    AT_ONCE,
    Pending,
    Written,
    fingerprint,
    fitting,
    parts,
    withdraw_vanished,
)

# What a source may say about an entry; what it does not say is empty.
FIELDS: Final = (
    *("title", "summary", "keywords", "subject", "area", "area_bps", "area_kemendagri", "level", "frequency"),
    *("year_from", "year_until", "unit", "figure_status", "base_year", "producer", "released_on", "url"),
    *("language", "body"),
)
WRITTEN: Final = (*FIELDS, "fetched_on", "source_id", "fingerprint", "withdrawn_at", "is_demo", "parent_id")
TABLES: Final = (Entry.Kind.DYNAMIC_TABLE, Entry.Kind.STATIC_TABLE)
Key = tuple[str, str, str]


def write(run: SourceRun, page: Page, *, pending: Pending, at: datetime) -> Written:
    """The items of the page stand in the catalogue of the source's office, once, and what has vanished does not.

    Called inside the transaction that keeps the page's cursor. Who was met before in this run is not written again.
    """
    told = Written(failed=page.failed, problems=list(page.problems))
    missing = [item for item in page.items if item.kind == ABSENCE]
    if missing:
        absent.write(run, missing, told, at)
    items = _readable([item for item in page.items if item.kind != ABSENCE], told)
    there = _there(run, items)
    seen = _seen(run, there.values())
    new: list[tuple[Entry, Item]] = []
    changed: list[tuple[Entry, Item]] = []
    kept: list[Entry] = []
    names: set[str] = set()  # columns that differ: writing all of them takes four times as long
    waiting: Pending = list(pending)
    for key, (item, values) in items.items():
        entry = there.get(key)
        if entry is not None and entry.pk in seen:
            continue
        print_ = fingerprint(item)
        if entry is None:
            entry = Entry(office_id=run.source.office_id, kind=item.kind, published_at=at)
            entry.version, entry.external_id = item.version, item.external_id
            new.append((_filled(entry, values, run, print_, at), item))
        elif entry.source_id not in (None, run.source_id):
            told.refuse(
                _("“%(title)s” (%(number)s) belongs to another source and was left alone."),
                title=entry.title[:80],
                number=entry.external_id,
            )
        elif entry.fingerprint == print_ and entry.source_id == run.source_id:
            told.unchanged += 1
            kept.append(entry)
            if item.parent_code and entry.parent_id is None:
                waiting.append([entry.pk, item.version, item.parent_code])
        else:
            before = [getattr(entry, name) for name in WRITTEN]
            changed.append((_filled(entry, values, run, print_, at), item))
            names |= {name for name, old in zip(WRITTEN, before, strict=True) if getattr(entry, name) != old}
    Entry.objects.bulk_create([entry for entry, _item in new], batch_size=AT_ONCE)
    if changed:
        columns = sorted(name.removesuffix("_id") for name in names)
        Entry.objects.bulk_update([entry for entry, _item in changed], columns, batch_size=100)
    told.added += len(new)
    told.changed += len(changed)
    written = [*new, *changed]
    _keep_figures(written, at)
    waiting += [[entry.pk, item.version, item.parent_code] for entry, item in written if item.parent_code]
    tied, told.pending = _tie(run, waiting)
    rows = {entry.pk: entry for entry in (*tied, *(entry for entry, _item in written))}
    index(rows.values())
    met = [*kept, *(entry for entry, _item in written)]
    SourceSeen.objects.bulk_create(
        [SourceSeen(run=run, entry=entry) for entry in met], batch_size=AT_ONCE, ignore_conflicts=True
    )
    if run.since is None:
        for kind in page.ends:
            if kind == ABSENCE:
                absent.withdraw(run, told, at)
            else:
                _withdraw(run, kind, told, at)
    return told


def _readable(given: Sequence[Item], told: Written) -> dict[Key, tuple[Item, dict[str, Any]]]:
    """The items by what they are known by, the first of each, with values that the database takes."""
    found: dict[Key, tuple[Item, dict[str, Any]]] = {}
    for item in given:
        key = (item.kind, item.version, item.external_id)
        values = _values(item.values)
        wrong = ""
        if not values["title"] or not item.external_id:
            wrong = _("An item without a title or a number was left out (%(number)s).")
        elif item.kind not in Entry.Kind.values or item.kind == Entry.Kind.ANSWER:
            wrong = _("An item of an unknown kind was left out (%(number)s).")
        elif len(item.external_id) > 60 or len(item.version) > 30:
            wrong = _("An item whose number is too long was left out (%(number)s).")
        if wrong:
            told.refuse(wrong, number=(item.external_id or str(item.values.get("title")))[:80])
        else:
            found.setdefault(key, (item, values))
    return found


def _values(said: Mapping[str, Any]) -> dict[str, Any]:
    values = fitting(Entry, FIELDS, said)
    values["language"] = values["language"] or Entry.Language.INDONESIAN.value
    first, last = values["year_from"], values["year_until"]
    if first and last and last < first:
        values["year_from"], values["year_until"] = last, first
    return values


def _there(run: SourceRun, items: Iterable[Key]) -> dict[Key, Entry]:
    keys = set(items)
    rows = Entry.objects.filter(
        office_id=run.source.office_id,
        kind__in={key[0] for key in keys},
        version__in={key[1] for key in keys},
    )
    found: dict[Key, Entry] = {}
    numbers = sorted({key[2] for key in keys})
    for first in range(0, len(numbers), AT_ONCE):
        for entry in rows.filter(external_id__in=numbers[first : first + AT_ONCE]):
            key = (entry.kind, entry.version, entry.external_id)
            if key in keys:
                found[key] = entry
    return found


def _seen(run: SourceRun, entries: Iterable[Entry]) -> set[int]:
    numbers = [entry.pk for entry in entries]
    found: set[int] = set()
    for first in range(0, len(numbers), AT_ONCE):
        rows = SourceSeen.objects.filter(run=run, entry__in=numbers[first : first + AT_ONCE])
        found |= set(rows.values_list("entry_id", flat=True))
    return found


def _filled(entry: Entry, values: dict[str, Any], run: SourceRun, print_: str, at: datetime) -> Entry:
    # An officer withdrew it when it still has its digest: then it stays away. Its source takes the digest with it.
    if entry.withdrawn_at is not None and not entry.fingerprint:
        entry.withdrawn_at = None
    for name, value in values.items():
        setattr(entry, name, value)
    entry.fetched_on = at.astimezone(run.source.office.zone).date()
    entry.source, entry.fingerprint = run.source, print_
    entry.is_demo, entry.parent_id = False, None
    return entry


def _keep_figures(written: Iterable[tuple[Entry, Item]], at: datetime) -> None:
    for entry, item in written:
        if item.cube is not None:
            figures.keep(entry, item.cube, at=at)
    without = [
        entry
        for entry, item in written
        if item.kind in TABLES and item.cube is None and not item.keeps_numbers
    ]
    if without:
        Figures.objects.filter(entry__in=without).delete()


def _tie(run: SourceRun, waiting: Pending) -> tuple[list[Entry], Pending]:
    """Codes whose parent is there have it now; the others wait for a later page."""
    wanted = {(version, code) for _entry, version, code in waiting}
    if not wanted:
        return [], []
    codes = sorted({code for _version, code in wanted})
    parents: dict[tuple[str, str], int] = {}
    rows = Entry.objects.filter(
        office_id=run.source.office_id,
        kind=Entry.Kind.CLASSIFICATION_CODE,
        version__in={version for version, _code in wanted},
    )
    for first in range(0, len(codes), AT_ONCE):
        found = rows.filter(external_id__in=codes[first : first + AT_ONCE])
        parents |= {
            (version, code): pk for version, code, pk in found.values_list("version", "external_id", "pk")
        }
    leads = {entry: parents[version, code] for entry, version, code in waiting if (version, code) in parents}
    left = [each for each in waiting if each[0] not in leads]
    tied = [entry for part in parts(list(leads)) for entry in Entry.objects.filter(pk__in=part)]
    tied = [entry for entry in tied if leads[entry.pk] != entry.pk]
    for entry in tied:
        entry.parent_id = leads[entry.pk]
    Entry.objects.bulk_update(tied, ["parent"], batch_size=AT_ONCE)
    return tied, left


def _withdraw(run: SourceRun, kind: str, told: Written, at: datetime) -> None:
    """What the source told nothing of any more is found no more; its page says that it was withdrawn."""
    shown = Entry.objects.filter(
        source_id=run.source_id, kind=kind, published_at__isnull=False, withdrawn_at=None
    )
    met = SourceSeen.objects.filter(run=run, entry__isnull=False).values("entry")
    withdraw_vanished(shown, met, str(Entry.Kind(kind).label), told, at)
