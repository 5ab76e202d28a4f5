"""What the writers of entries and of absences share: values that fit, digests, what vanished, and the report."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search.indexing import index
from sapa.catalogue.sources.base import Item

YEARS: Final = range(1800, 2201)
# A complete reading that would take away more than half of at least so many is not believed.
SUSPICIOUS: Final = 20
AT_ONCE: Final = 500
Pending = list[list[Any]]  # entry, version and code of its parent, which has not come yet
Rows = models.QuerySet[Entry, Entry] | models.QuerySet[Absence, Absence]
T = TypeVar("T")


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

    def refuse(self, sentence: str, **names: str) -> None:
        """One thing was lost, and the report says why."""
        self.failed += 1
        self.problems.append(sentence % names)


def fingerprint(item: Item) -> str:
    """A digest of all that the source says about the item: the same digest, nothing to write."""
    said = [item.parent_code, dict(item.values), item.cube.as_json() if item.cube else None]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def fitting(model: type[models.Model], names: Sequence[str], said: Mapping[str, Any]) -> dict[str, Any]:
    """A value for each of these columns that the database takes; what does not fit is shortened or empty."""
    values: dict[str, Any] = {}
    for name in names:
        column = model._meta.get_field(name)
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
    if len(str(said.get("url") or "")) > 500 or not values["url"].startswith(("https://", "http://")):
        values["url"] = ""
    return values


def withdraw_vanished(
    shown: Rows, met: models.QuerySet[Any, Any], what: str, told: Written, at: datetime
) -> None:
    """What is `shown` and was not `met` is found no more, unless it is too much to believe."""
    model: Any = shown.model
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
            % {"lost": str(len(lost)), "total": str(total), "kind": what}
        )
        return
    for part in parts(lost):
        rows = list(model.objects.filter(pk__in=part))
        model.objects.filter(pk__in=part).update(withdrawn_at=at, fingerprint="")
        for row in rows:
            row.withdrawn_at, row.fingerprint = at, ""
        index(rows)
    told.withdrawn += len(lost)


def parts(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as one question to the database takes."""
    return (things[first : first + AT_ONCE] for first in range(0, len(things), AT_ONCE))
