"""Searches that did not help, one line for each thing looked for: what the catalogue and its words still lack."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.catalogue.models import SearchTrail, SettledQuery, TrailStep
from sapa.catalogue.personal import masked
from sapa.catalogue.search.analyse import fold
from sapa.core.errors import Stale
from sapa.offices.models import Office
from sapa.people.models import Officer

LONGEST: Final = 200
# Whoever put so many aside has seen enough of what was found.
ENOUGH_ASIDE: Final = 5
MOST_OPENED: Final = 3
Kind = TrailStep.Kind


class Step(NamedTuple):
    """A step of a trail as it is read here. `title`: of the entry that was opened."""

    trail: int
    kind: str
    text: str
    results: int | None
    at: datetime
    outcome: str
    title: str | None


@dataclass
class Failure:
    """One thing looked for, in vain: how often nothing was found, an officer was asked after all, all was put aside.
    `text` is as it was typed last, `opened` what was looked at most."""

    key: str
    text: str
    last_at: datetime
    nothing: int = 0
    asked: int = 0
    aside: int = 0
    times: int = 0
    titles: Counter[str] = field(default_factory=Counter)

    @property
    def opened(self) -> list[str]:
        """The titles that were opened most, most first."""
        return [title for title, _times in self.titles.most_common(MOST_OPENED)]


@dataclass
class _Looked:
    """What one person did with one query."""

    text: str
    at: datetime
    found: int
    aside: int = 0
    titles: list[str] = field(default_factory=list)


def key_of(text: str) -> str:
    """What makes two queries the same: neither capitals nor signs, and nobody's numbers."""
    return fold(masked(text))[:LONGEST]


def failures(office: Office, *, since: datetime, until: datetime) -> list[Failure]:
    """Every query of the trails that began from `since` until before `until` and that failed, most often first,
    without those that are settled. Two queries, however many trails."""
    settled = set(SettledQuery.objects.filter(office=office).values_list("text", flat=True))
    rows = (
        TrailStep.objects.filter(trail__office=office, trail__began_at__gte=since, trail__began_at__lt=until)
        .order_by("trail_id", "id")
        .values_list("trail_id", "kind", "text", "results", "at", "trail__outcome", "entry__title")
    )
    found: dict[str, Failure] = {}
    for _trail, steps in groupby((Step(*row) for row in rows), key=lambda step: step.trail):
        for key, looked, was_asked in _looked(steps):
            nothing = looked.found == 0 and not looked.aside
            aside = bool(looked.aside) and (looked.found == 0 or looked.aside >= ENOUGH_ASIDE)
            if key in settled or not (nothing or aside or was_asked):
                continue
            failure = found.setdefault(key, Failure(key, looked.text, looked.at))
            if looked.at >= failure.last_at:
                failure.text, failure.last_at = looked.text, looked.at
            failure.times += 1
            failure.nothing += nothing
            failure.aside += aside
            failure.asked += was_asked
            failure.titles.update(looked.titles)
    ordered = sorted(found.values(), key=lambda each: each.last_at, reverse=True)
    return sorted(ordered, key=lambda each: -each.times)


def settle(office: Office, text: str, *, by: Officer, at: datetime) -> bool:
    """The query stands no longer among those that fail. Twice is once; False where the text says nothing."""
    key = key_of(text)
    if not key:
        return False
    with transaction.atomic():
        settled, is_new = SettledQuery.objects.get_or_create(
            office=office, text=key, defaults={"settled_at": at, "by": by.user}
        )
        if is_new:
            record("search_query.settled", settled, office_id=office.pk, by=by.user, at=at)
    return True


def settled_by(office: Office, *, most: int) -> list[SettledQuery]:
    """What was seen to last, with who did it, the latest first."""
    rows = SettledQuery.objects.filter(office=office).select_related("by")
    return list(rows.order_by("-settled_at", "-pk")[:most])


def bring_back(settled: SettledQuery, *, by: Officer, at: datetime) -> None:
    """The query stands again among those that fail, if it still does. Stale when somebody brought it back already."""
    with transaction.atomic():
        deleted, _each = SettledQuery.objects.filter(pk=settled.pk).delete()
        if not deleted:
            raise Stale(_("A colleague has brought this back already."), code="brought_back")
        record("search_query.reopened", settled, office_id=settled.office_id, by=by.user, at=at)


def _looked(steps: Iterable[Step]) -> Iterator[tuple[str, _Looked, bool]]:
    """Each query of one trail once, with what was done about it until the next one."""
    seen: dict[str, _Looked] = {}
    current: _Looked | None = None
    was_asked = False
    for step in steps:
        was_asked = step.outcome == SearchTrail.Outcome.ASKED
        if step.kind == Kind.SEARCHED:
            key = key_of(step.text)
            if not key:  # the words are erased by now
                current = None
                continue
            current = seen.setdefault(key, _Looked(step.text, step.at, 0))
            current.text, current.at, current.found = step.text, step.at, step.results or 0
        elif current is not None and step.kind == Kind.DISMISSED:
            current.aside += 1
        elif current is not None and step.title:
            current.titles.append(step.title)
    yield from ((key, each, was_asked) for key, each in seen.items())
