"""A page of a source becomes rows: only what differs is written, and the search knows it in the same transaction."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _

from sapa.catalogue import figures
from sapa.catalogue.models import Entry, Figures, SourceRun, SourceSeen
from sapa.catalogue.search.indexing import index
from sapa.catalogue.sources.base import Item, Page

# What a source may say about an entry; what it does not say is empty.
FIELDS: Final = (
    *("title", "summary", "keywords", "subject", "area", "area_bps", "area_kemendagri", "level", "frequency"),
    *("year_from", "year_until", "unit", "figure_status", "base_year", "producer", "released_on", "url"),
    *("language", "body"),
)
WRITTEN: Final = (*FIELDS, "fetched_on", "source", "fingerprint", "withdrawn_at", "is_demo", "parent")
YEARS: Final = range(1800, 2201)
# A complete reading that would take away more than half of at least so many is not believed.
SUSPICIOUS: Final = 20
AT_ONCE: Final = 500
Key = tuple[str, str, str]
Pending = list[list[Any]]  # entry, version and code of its parent, which has not come yet


@dataclass
class Written:
    """What a page changed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)
    pending: Pending = field(default_factory=list)


def write(run: SourceRun, page: Page, *, pending: Pending, at: datetime) -> Written:
    """The items of the page stand in the catalogue of the source's office, once, and what has vanished does not.

    Called inside the transaction that keeps the page's cursor. Who was met before in this run is not written again.
    """
    told = Written(failed=page.failed, problems=list(page.problems))
    items = _readable(page.items, told)
    there = _there(run, items)
    seen = _seen(run, there.values())
    new: list[tuple[Entry, Item]] = []
    changed: list[tuple[Entry, Item]] = []
    kept: list[Entry] = []
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
            told.failed += 1
            told.problems.append(
                _("“%(title)s” (%(number)s) belongs to another source and was left alone.")
                % {"title": entry.title[:80], "number": entry.external_id}
            )
        elif entry.fingerprint == print_ and entry.source_id == run.source_id:
            told.unchanged += 1
            kept.append(entry)
            if item.parent_code and entry.parent_id is None:
                waiting.append([entry.pk, item.version, item.parent_code])
        else:
            changed.append((_filled(entry, values, run, print_, at), item))
    Entry.objects.bulk_create([entry for entry, _item in new], batch_size=AT_ONCE)
    if changed:
        Entry.objects.bulk_update([entry for entry, _item in changed], WRITTEN, batch_size=100)
    told.added, told.changed = len(new), len(changed)
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
            _withdraw_vanished(run, kind, told, at)
    return told


def fingerprint(item: Item) -> str:
    """A digest of all that the source says about the item: the same digest, nothing to write."""
    said = [item.parent_code, dict(item.values), item.cube.as_json() if item.cube else None]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


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
            told.failed += 1
            told.problems.append(wrong % {"number": (item.external_id or str(item.values.get("title")))[:80]})
        else:
            found.setdefault(key, (item, values))
    return found


def _values(said: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in FIELDS:
        column = Entry._meta.get_field(name)
        assert isinstance(column, models.Field)
        value = said.get(name)
        if isinstance(column, models.PositiveSmallIntegerField):
            values[name] = value if isinstance(value, int) and value in YEARS else None
        elif isinstance(column, models.DateField):
            values[name] = value if isinstance(value, date) else None
        else:
            text = str(value or "").replace("\0", "").strip()
            values[name] = text[: column.max_length] if column.max_length else text
            if column.choices and text not in dict(column.flatchoices):
                values[name] = ""
    values["language"] = values["language"] or Entry.Language.INDONESIAN.value
    if len(str(said.get("url") or "")) > 500 or not values["url"].startswith(("https://", "http://")):
        values["url"] = ""
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
        entry for entry, item in written if item.cube is None and item.kind == Entry.Kind.DYNAMIC_TABLE
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
    tied = [entry for part in _parts(list(leads)) for entry in Entry.objects.filter(pk__in=part)]
    tied = [entry for entry in tied if leads[entry.pk] != entry.pk]
    for entry in tied:
        entry.parent_id = leads[entry.pk]
    Entry.objects.bulk_update(tied, ["parent"], batch_size=AT_ONCE)
    return tied, left


def _withdraw_vanished(run: SourceRun, kind: str, told: Written, at: datetime) -> None:
    """What the source told nothing of any more is found no more; its page says that it was withdrawn."""
    shown = Entry.objects.filter(
        source_id=run.source_id, kind=kind, published_at__isnull=False, withdrawn_at=None
    )
    met = SourceSeen.objects.filter(run=run).values("entry")
    lost = list(shown.exclude(pk__in=met).values_list("pk", flat=True))
    if not lost:
        return
    total = shown.count()
    if total >= SUSPICIOUS and len(lost) * 2 > total:
        told.problems.append(
            _(
                "The source told nothing of %(lost)s of %(total)s entries (%(kind)s). That is too many to believe:"
                " none was withdrawn. Look at the source; remove it here if it really has ended."
            )
            % {"lost": str(len(lost)), "total": str(total), "kind": Entry.Kind(kind).label}
        )
        return
    for part in _parts(lost):
        rows = list(Entry.objects.filter(pk__in=part))
        Entry.objects.filter(pk__in=part).update(withdrawn_at=at, fingerprint="")
        for row in rows:
            row.withdrawn_at, row.fingerprint = at, ""
        index(rows)
    told.withdrawn += len(lost)


def _parts(numbers: list[int]) -> Iterable[list[int]]:
    return (numbers[first : first + AT_ONCE] for first in range(0, len(numbers), AT_ONCE))
