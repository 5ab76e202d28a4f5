"""Entries, codes of a classification or absences from a file: all of it or nothing, each mistake with its place."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.db import models, transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from sapa.activity.recording import record
from sapa.catalogue import absences
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search import keeping
from sapa.catalogue.search.indexing import index
from sapa.catalogue.sources.files.layouts import Layout
from sapa.catalogue.sources.files.records import KNOWN_BY, Record, Records
from sapa.core.errors import Refused
from sapa.offices.models import Office
from sapa.people.models import Officer

AT_ONCE: Final = 1_000
# Parts that the search of this node takes in together.
PARTS_AT_ONCE: Final = 20
MOST_NAMED: Final = 20
CODE: Final = Entry.Kind.CLASSIFICATION_CODE
# "looked": rows looked through; "written": rows of the second number written, "compared" in a trial.
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Loaded:
    """What a file changed; what is the same as before was not written again.

    `notes`: what was left out and why; `lost`: the first of what is withdrawn, by their titles."""

    added: int
    changed: int
    unchanged: int
    notes: tuple[str, ...] = ()
    withdrawn: int = 0
    lost: tuple[str, ...] = ()


def load_file(
    office: Office,
    given: Path | str | bytes,
    *,
    at: datetime,
    by: Officer | None = None,
    is_demo: bool = False,
    layout: Layout | None = None,
    replaces: bool = False,
    dry_run: bool = False,
    most: int | None = None,
    tell: Tell = lambda what, done, total: None,
) -> Loaded:
    """The entries, codes or absences of the file stand in the office's catalogue and are found.

    `given` is the file (CSV or XLSX) or its contents; without a `layout` it is known by its first line. What stands
    there by the same number (kind, version, external_id) is brought in line and shown again; nothing is taken away,
    except that with `replaces` what the file does not hold any more is withdrawn: codes of its version, or absences
    that belong to no source. Raises FileRefused with
    every mistake found, and then the catalogue is as it was. `dry_run`: nothing is written. `most`: with more rows the
    file is refused, too.
    """
    with _opened(given) as file, closing(Records(file, layout)) as records:
        looked = records.look(lambda rows: tell("looked", rows, 0), most=most)
        with scope(office=office):
            writing = _Writing(office, looked.model, at=at, is_demo=is_demo, dry_run=dry_run)
            done = 0
            # Nothing is wrong in the file: a part of it never stays alone, and others may write between two parts.
            parts = _parts(records.read())
            while first := next(parts, None):
                with keeping.later():
                    for part in chain([first], islice(parts, PARTS_AT_ONCE - 1)):
                        with transaction.atomic():
                            writing.write(part)
                        done += len(part)
                        tell("compared" if dry_run else "written", done, looked.rows)
            with transaction.atomic():
                writing.finish()
                if replaces:
                    writing.withdraw(records.holds)
                _recorded(writing, office, by, at)
    unchanged = looked.rows - writing.added - writing.changed
    return Loaded(writing.added, writing.changed, unchanged, looked.notes, writing.withdrawn, writing.lost)


def _recorded(writing: "_Writing", office: Office, by: Officer | None, at: datetime) -> None:
    if writing.is_trial or not (writing.added or writing.changed or writing.withdrawn):
        return
    data = {"added": writing.added, "changed": writing.changed, "withdrawn": writing.withdrawn}
    record("catalogue.loaded", office, office_id=office.pk, by=by.user if by else None, at=at, data=data)


class _Writing:
    """Parts of a file, one after the other, brought into the tables; a thousand rows are in memory at a time."""

    def __init__(
        self, office: Office, model: type[models.Model], *, at: datetime, is_demo: bool, dry_run: bool
    ) -> None:
        self._office, self._model, self._at = office, model, at
        self._is_demo, self.is_trial = is_demo, dry_run
        self.added = self.changed = self.withdrawn = 0
        self.lost: tuple[str, ...] = ()
        self._versions: set[str] = set()
        self._waiting: list[
            tuple[int, str, str]
        ] = []  # entry, version and code of a parent that is yet to come

    def write(self, part: Iterable[Record]) -> None:
        """The rows of this part stand as the file says."""
        records = list(part)
        if self._model is Entry:
            self._versions |= {each.values["version"] for each in records if each.values["kind"] == CODE}
        there = self._there(records)
        parents = self._parents(records)
        new: list[Any] = []
        changed: list[Any] = []
        orphans: list[tuple[Any, str, str]] = []
        names: set[str] = set()  # columns that differ: writing all of them takes many times as long
        for each in records:
            values = each.values | {"withdrawn_at": None}
            if not self._is_demo:  # what is real is no demonstration any more
                values["is_demo"] = False
            if each.parent_code:
                version = values["version"]
                values["parent_id"] = parents.get((version, each.parent_code))
            row = there.get(_key(self._model, values))
            today: dict[str, Any] = {}
            if self._model is Entry and not values.get("fetched_on"):
                # Known is when this file was read; that alone is no reason to write a row anew.
                values.pop("fetched_on", None)
                today = {"fetched_on": self._at.astimezone(self._office.zone).date()}
            if each.parent_code and values["parent_id"] is None:
                del values["parent_id"]
            if row is None:
                shown = {"published_at": self._at} | today if self._model is Entry else {}
                row = self._model(office=self._office, **shown | {"is_demo": self._is_demo} | values)
                new.append(row)
            elif differs := _bring_in_line(row, values):
                names |= differs | _bring_in_line(row, today)
                changed.append(row)
            if each.parent_code and "parent_id" not in values:
                orphans.append((row, values["version"], each.parent_code))
        self.added += len(new)
        self.changed += len(changed)
        if self.is_trial:
            return
        made: list[Any] = self._model._default_manager.bulk_create(new, batch_size=200)
        if changed:
            self._model._default_manager.bulk_update(changed, sorted(names), batch_size=200)
        self._waiting += [(row.pk, version, code) for row, version, code in orphans]
        index([*made, *changed])

    def finish(self) -> None:
        """Codes whose parents came after them, or in the same part, are tied to them."""
        for part in _parts(self._waiting):
            codes = {code for _pk, _version, code in part}
            found = self._codes(codes)
            rows = [
                Entry(pk=pk, parent_id=found[version, code])
                for pk, version, code in part
                if (version, code) in found
            ]
            Entry.objects.bulk_update(rows, ["parent"], batch_size=500)

    def withdraw(self, holds: Callable[[type[models.Model], dict[str, Any]], bool]) -> None:
        """Codes of the versions in the file, or absences, that it does not hold are found no more."""
        rows: models.QuerySet[Any, dict[str, Any]]
        if self._model is Entry:
            codes = Entry.objects.filter(
                kind=CODE, version__in=self._versions - {""}, published_at__isnull=False
            )
            rows = codes.values("pk", "title", *KNOWN_BY[Entry])
        else:
            rows = Absence.objects.filter(source=None).values("pk", *KNOWN_BY[Absence])
        shown = rows.filter(office=self._office, withdrawn_at=None)
        lost = [row for row in shown.iterator() if not holds(self._model, row)]
        self.withdrawn = len(lost)
        self.lost = tuple(str(row.get("title") or row["indicator"]) for row in lost[:MOST_NAMED])
        for part in _parts(() if self.is_trial else [row["pk"] for row in lost]):
            self._model._default_manager.filter(pk__in=part).update(withdrawn_at=self._at)
            rows_now: list[Any] = list(self._model._default_manager.filter(pk__in=part))
            index(rows_now)

    def _there(self, records: list[Record]) -> dict[tuple[str, ...], models.Model]:
        if self._model is not Entry:
            met = absences.there(self._office.pk, [each.values["indicator"] for each in records])
            return dict(met)
        rows = Entry.objects.filter(
            office=self._office, external_id__in={each.values["external_id"] for each in records}
        )
        return {_key(Entry, vars(row)): row for row in rows}

    def _parents(self, records: list[Record]) -> dict[tuple[str, str], int]:
        codes = {each.parent_code for each in records if each.parent_code}
        return self._codes(codes) if codes else {}

    def _codes(self, codes: Iterable[str]) -> dict[tuple[str, str], int]:
        rows = Entry.objects.filter(office=self._office, kind=CODE, external_id__in=set(codes))
        return {(version, code): pk for pk, version, code in rows.values_list("pk", "version", "external_id")}


def _key(model: type[models.Model], values: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(values[name]).casefold() for name in KNOWN_BY[model])


def _bring_in_line(row: models.Model, values: dict[str, Any]) -> set[str]:
    """The names of what had to be changed."""
    differs = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differs.items():
        setattr(row, name, value)
    return set(differs)


def _parts(things: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(things)
    while part := list(islice(rest, AT_ONCE)):
        yield part


@contextmanager
def _opened(given: Path | str | bytes) -> Iterator[BinaryIO]:
    if not isinstance(given, Path):
        yield io.BytesIO(given.encode() if isinstance(given, str) else given)
        return
    try:
        file = given.open("rb")
    except OSError as error:
        raise Refused(
            _("The file %(name)s cannot be read: %(reason)s")
            % {"name": given.name, "reason": error.strerror or ""}
        ) from error
    with file:
        yield file
