"""An entry or an absence that an officer writes by hand, mostly because somebody searched for it in vain."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.catalogue import failures
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search.indexing import index
from sapa.core.errors import Refused
from sapa.offices.models import Office
from sapa.people.models import Officer


def add_entry(office: Office, values: dict[str, Any], *, query: str = "", by: Officer, at: datetime) -> Entry:
    """The entry stands in the catalogue and is found; `query`, for which it was written, is settled."""
    with transaction.atomic():
        entry = Entry.objects.create(office=office, published_at=at, is_demo=office.is_demo, **values)
        index([entry])
        record("entry.published", entry, office_id=office.pk, by=by.user, at=at)
        failures.settle(office, query, by=by, at=at)
    return entry


def add_absence(
    office: Office, values: dict[str, Any], *, query: str = "", by: Officer, at: datetime
) -> Absence:
    """Whoever looks for it learns that it does not exist, and why; `query` is settled."""
    try:
        with transaction.atomic():
            absence = Absence.objects.create(office=office, is_demo=office.is_demo, **values)
            index([absence])
            record("absence.added", absence, office_id=office.pk, by=by.user, at=at)
            failures.settle(office, query, by=by, at=at)
    except IntegrityError as twice:
        raise Refused(_("The catalogue says already that this is not available."), code="twice") from twice
    return absence
