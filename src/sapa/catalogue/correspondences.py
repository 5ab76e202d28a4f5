"""Which code of one version became which of another: suggested by the worker, true once an officer has looked."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_scopes import scope

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.catalogue.comparing import Versions
from sapa.catalogue.models import Correspondence, Entry
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people.models import Officer

# Codes compared in one transaction of the worker: others write between two of them.
AT_ONCE: Final = 500
# What began so long ago has failed: the comparison may be asked for again.
LONGEST: Final = timedelta(hours=1)
ASKED, GONE_ON, DONE = "correspondences.requested", "correspondences.continued", "correspondences.compared"


def versions_in(office: Office) -> list[str]:
    """The versions of classifications that the office's own catalogue holds."""
    rows = Entry.objects.filter(
        office=office, kind=Entry.Kind.CLASSIFICATION_CODE, published_at__isnull=False, withdrawn_at=None
    ).exclude(version="")
    return sorted(rows.order_by().values_list("version", flat=True).distinct())


def confirmed_for(office: Office, *, query: str = "") -> QuerySet[Correspondence, Correspondence]:
    """What holds for this office: what it confirmed itself, and what the offices above it did; these change theirs
    themselves. `query`: how a code on either side begins, or a part of its title."""
    with scope(office=office.lineage()):
        rows = Correspondence.objects.filter(
            confirmed_at__isnull=False, here__withdrawn_at=None, there__withdrawn_at=None
        )
    if query:
        rows = rows.filter(
            Q(here__external_id__istartswith=query)
            | Q(there__external_id__istartswith=query)
            | Q(here__title__icontains=query)
            | Q(there__title__icontains=query)
        )
    return rows.select_related("here__office", "there").order_by(
        "here__version", "there__version", "here__external_id", "there__external_id", "pk"
    )


def request(office: Office, *, here: str, there: str, by: Officer, at: datetime) -> None:
    """The worker compares the codes of two versions; what is alike will wait to be looked at."""
    known = versions_in(office)
    if here not in known or there not in known or here == there:
        raise Refused(_("Choose two different versions."), code="versions")
    with transaction.atomic():
        if is_under_way(office, at=at):
            raise Stale(_("Two versions are being compared already. Wait for them."), code="under_way")
        data = {"here": here, "there": there, "place": 0, "found": 0}
        record(ASKED, office, office_id=office.pk, by=by.user, at=at, data=data)


def last_comparison(office: Office) -> Event | None:
    """How the last comparison stands; its name is DONE when it is over."""
    rows = Event.objects.filter(subject_type="office", subject_id=office.pk, name__in=[ASKED, GONE_ON, DONE])
    return rows.order_by("-id").first()


def is_under_way(office: Office, *, at: datetime) -> bool:
    """Whether the worker compares versions for this office."""
    last = last_comparison(office)
    return last is not None and last.name != DONE and last.at > at - LONGEST


def compare_after(event: Event, at: datetime) -> None:
    """Some codes have their counterparts; the others follow in a transaction of their own."""
    data, office = event.data, event.office
    versions = _versions(office, data["here"], data["there"], data.get("asked", event.pk))
    until = data["place"] + AT_ONCE
    found = data["found"] + versions.suggest(data["place"], until)
    name = DONE if until >= len(versions.ours) else GONE_ON
    if name == DONE:
        _versions.cache_clear()
    asked = data.get("asked", event.pk)
    told = data | {"place": until, "found": found, "of": len(versions.ours), "asked": asked}
    record(name, office, office_id=office.pk, by=event.by, at=at, data=told)


def suggest(office: Office, *, here: str, there: str) -> int:
    """All of it at once; returns how many suggestions are new."""
    versions = Versions(office, here, there)
    return versions.suggest(0, len(versions.ours))


@lru_cache(maxsize=1)
def _versions(office: Office, here: str, there: str, asked: int) -> Versions:
    """Read once for all turns of the comparison that this event asked for."""
    return Versions(office, here, there)


def confirm(row: Correspondence, *, relation: str, by: Officer, at: datetime) -> None:
    """The correspondence holds, as this relation, and is shown. Stale when somebody else has looked already."""
    with transaction.atomic():
        waiting = Correspondence.objects.filter(pk=row.pk, confirmed_at=None)
        if not waiting.update(relation=relation, confirmed_at=at, confirmed_by=by.user):
            raise _settled()
        _record(row, "correspondence.confirmed", by, at, relation)


def refuse(row: Correspondence, *, by: Officer, at: datetime) -> None:
    """The suggestion is gone and does not come back. Stale when somebody else has looked already."""
    with transaction.atomic():
        deleted, _each = Correspondence.objects.filter(pk=row.pk, confirmed_at=None).delete()
        if not deleted:
            raise _settled()
        _record(row, "correspondence.refused", by, at, row.relation)


def _settled() -> Stale:
    return Stale(_("A colleague has decided this already."))


def _record(row: Correspondence, name: str, by: Officer, at: datetime, relation: str) -> None:
    data = {"here": row.here_id, "there": row.there_id, "relation": str(relation)}
    record(name, row.here, office_id=row.here.office_id, by=by.user, at=at, data=data)
