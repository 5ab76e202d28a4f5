"""What a source says does not exist becomes rows, with the same care as entries: once, only what differs."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue import absences
from sapa.catalogue.absences import Key
from sapa.catalogue.models import Absence, SourceRun, SourceSeen
from sapa.catalogue.search.indexing import index
from sapa.catalogue.sources.base import Item
from sapa.catalogue.sources.noting import AT_ONCE, Written, fingerprint, fitting, parts, withdraw_vanished

TOLD: Final = ("reason", "where_instead", "next_release", "keywords", "url")
FIELDS: Final = (*absences.KNOWN_BY, *TOLD)


def write(run: SourceRun, given: Sequence[Item], told: Written, at: datetime) -> None:
    """These absences stand in the catalogue of the source's office, once; what an officer withdrew stays away."""
    items = _readable(given, told)
    there = absences.there(run.source.office_id, [values["indicator"] for _item, values in items.values()])
    seen = _seen(run, there.values())
    new: list[Absence] = []
    changed: list[Absence] = []
    kept: list[Absence] = []
    for key, (item, values) in items.items():
        row, print_ = there.get(key), fingerprint(item)
        if row is None:
            new.append(_filled(Absence(office_id=run.source.office_id), values, run, print_))
        elif row.pk in seen:
            continue
        elif row.source_id not in (None, run.source_id):
            told.refuse(
                _("“%(title)s” belongs to another source and was left alone."), title=row.indicator[:80]
            )
        elif row.fingerprint == print_ and row.source_id == run.source_id:
            kept.append(row)
        else:
            changed.append(_filled(row, values, run, print_))
    Absence.objects.bulk_create(new, batch_size=AT_ONCE)
    Absence.objects.bulk_update(
        changed, [*FIELDS, "source", "fingerprint", "withdrawn_at", "is_demo"], batch_size=100
    )
    index([*new, *changed])
    met = [SourceSeen(run=run, absence=row) for row in (*new, *changed, *kept)]
    SourceSeen.objects.bulk_create(met, batch_size=AT_ONCE, ignore_conflicts=True)
    told.added += len(new)
    told.changed += len(changed)
    told.unchanged += len(kept)


def withdraw(run: SourceRun, told: Written, at: datetime) -> None:
    """What the source does not call absent any more is told no more."""
    shown = Absence.objects.filter(source_id=run.source_id, withdrawn_at=None)
    met = SourceSeen.objects.filter(run=run, absence__isnull=False).values("absence")
    withdraw_vanished(shown, met, _("what does not exist"), told, at)


def _readable(given: Sequence[Item], told: Written) -> dict[Key, tuple[Item, dict[str, Any]]]:
    found: dict[Key, tuple[Item, dict[str, Any]]] = {}
    for item in given:
        values = fitting(Absence, FIELDS, item.values)
        if not values["indicator"] or not values["reason"]:
            told.refuse(
                _("An absence without its indicator or reason was left out (%(number)s)."),
                number=str(item.values.get("indicator") or "–")[:80],
            )
        else:
            found.setdefault(absences.key_of(values), (item, values))
    return found


def _seen(run: SourceRun, rows: Iterable[Absence]) -> set[int]:
    found: set[int] = set()
    for part in parts([row.pk for row in rows]):
        found |= set(
            SourceSeen.objects.filter(run=run, absence__in=part).values_list("absence_id", flat=True)
        )
    return found


def _filled(row: Absence, values: dict[str, Any], run: SourceRun, print_: str) -> Absence:
    # As of entries: with its digest an officer withdrew it, without it its source did.
    if not row.fingerprint:
        row.withdrawn_at = None
    for name, value in values.items():
        setattr(row, name, value)
    row.source, row.fingerprint, row.is_demo = run.source, print_, False
    return row
