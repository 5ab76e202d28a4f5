"""Which sources an office has: adding, changing, reading now, removing."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.catalogue.models import Absence, Entry, Source, SourceRun
from sapa.catalogue.search.indexing import index
from sapa.catalogue.sources import running
from sapa.catalogue.sources.registry import reader_of
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office

LONGEST_PAUSE_HOURS: Final = 24 * 90
AT_ONCE: Final = 500
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def add(
    office: Office,
    *,
    name: str,
    kind: str,
    config: Mapping[str, Any],
    every_hours: int | None,
    by: models.Model | None,
    at: datetime,
) -> Source:
    """The office has this source; it is read at once and then on its timetable. `every_hours` None: by command only.

    Refused when the name is taken or odd, the kind is unknown, or the reader finds something wrong with `config`.
    """
    if not _NAME.fullmatch(name):
        raise Refused(
            _("A source's name is made of small letters, digits and dashes, at most 40: like bps-1808."),
            code="name",
        )
    source = Source(office=office, name=name, kind=kind, config=dict(config))
    _plan(source, every_hours, at)
    _check(source)
    try:
        with transaction.atomic():
            source.save()
            record(
                "source.added", source, office_id=office.pk, by=by, at=at, data={"kind": kind, "name": name}
            )
    except IntegrityError as taken:
        raise Refused(_("There is a source with this name already."), code="taken") from taken
    return source


def change(
    source: Source,
    *,
    config: Mapping[str, Any],
    every_hours: int | None,
    by: models.Model | None,
    at: datetime,
) -> None:
    """The source is read with these settings from the next reading on. Refused as in `add`."""
    source.config = dict(config)
    _plan(source, every_hours, at)
    _check(source)
    with transaction.atomic():
        source.save(update_fields=["config", "every_hours", "due_at"])
        record("source.changed", source, office_id=source.office_id, by=by, at=at)


def pause(source: Source, *, by: models.Model | None, at: datetime) -> None:
    """The source is read no more by itself, until `go_on`; what came from it stays."""
    _due(source, None, "source.paused", by, at)


def go_on(source: Source, *, by: models.Model | None, at: datetime) -> None:
    """The source is read at once, and then on its timetable as before."""
    _due(source, at, "source.unpaused", by, at)


def _due(source: Source, due_at: datetime | None, event: str, by: models.Model | None, at: datetime) -> None:
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(due_at=due_at)
        record(event, source, office_id=source.office_id, by=by, at=at)
    source.due_at = due_at


def read_soon(source: Source, *, by: models.Model | None, at: datetime) -> None:
    """The worker reads the source in its next round. Stale while somebody reads it."""
    last = SourceRun.objects.filter(source=source).order_by("-id").first()
    if last is not None and running.is_held(last, at=at):
        raise Stale(_("This source is being read at this moment."), code="reading")
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(due_at=at)
        record("source.reading_asked", source, office_id=source.office_id, by=by, at=at)
    source.due_at = at


def remove(source: Source, *, keep: bool, by: models.Model | None, at: datetime) -> int:
    """The source is read no more. Its entries are withdrawn, or stay as the office's own with `keep`; how many."""
    office = source.office
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=source.pk)
        last = SourceRun.objects.filter(source=source).order_by("-id").first()
        if last is not None and running.is_held(last, at=at):
            raise Stale(_("This source is being read at this moment."), code="reading")
        number = _let_go(Entry.objects.filter(source=source), keep=keep, at=at)
        number += _let_go(Absence.objects.filter(source=source), keep=keep, at=at)
        told = {"name": source.name, "entries": number, "kept": keep}
        record("source.removed", source, office_id=office.pk, by=by, at=at, data=told)
        source.delete()
    return number


def _let_go(rows: models.QuerySet[Any, Any], *, keep: bool, at: datetime) -> int:
    numbers = list(rows.values_list("pk", flat=True))
    for first in range(0, len(numbers), AT_ONCE):
        part = rows.model.objects.filter(pk__in=numbers[first : first + AT_ONCE])
        if not keep:
            shown = part.filter(published_at__isnull=False) if rows.model is Entry else part
            shown.filter(withdrawn_at=None).update(withdrawn_at=at)
        part.update(source=None, fingerprint="")
        if not keep:
            index(list(part.all()))
    return len(numbers)


def _plan(source: Source, every_hours: int | None, at: datetime) -> None:
    if every_hours is not None and not 1 <= every_hours <= LONGEST_PAUSE_HOURS:
        raise Refused(
            _("Between two readings lie at least 1 and at most %(most)s hours.")
            % {"most": str(LONGEST_PAUSE_HOURS)},
            code="every",
        )
    source.every_hours = every_hours or source.every_hours
    source.due_at = None if every_hours is None else source.due_at or at


def _check(source: Source) -> None:
    problems = reader_of(source.kind).check(source.config)
    if problems:
        raise Refused(" ".join(problems), code="config")
