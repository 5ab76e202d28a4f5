"""The number of the last change of the catalogue: how an index knows what it has not taken in yet."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import F
from django_scopes import scopes_disabled

from sapa.catalogue.models import Absence, Change, Entry
from sapa.catalogue.search import keeping

THE_ROW: Final = 1
AT_ONCE: Final = 500


def touch() -> int:
    """A new number, visible in its order: whoever changes the catalogue at the same time waits until this
    transaction is over. The indexes of all nodes ask for what is above theirs; on this one at once."""
    with transaction.atomic():
        if not Change.objects.filter(pk=THE_ROW).update(number=F("number") + 1):
            Change.objects.get_or_create(pk=THE_ROW)
            Change.objects.filter(pk=THE_ROW).update(number=F("number") + 1)
        number = Change.objects.values_list("number", flat=True).get(pk=THE_ROW)
        transaction.on_commit(keeping.wake)
    return number


def index(rows: Iterable[Entry | Absence]) -> None:
    """The search will know these rows as they stand when the transaction is over; what is not shown is not found.

    One of the verbs that write them calls it, in the same transaction."""
    rows = list(rows)
    if not rows:
        return
    with transaction.atomic(), scopes_disabled():
        number = touch()
        for model in (Entry, Absence):
            keys = [row.pk for row in rows if isinstance(row, model)]
            for first in range(0, len(keys), AT_ONCE):
                model.objects.filter(pk__in=keys[first : first + AT_ONCE]).update(change=number)
    for row in rows:
        row.change = number


def last() -> int:
    """The number of the last change that can be seen."""
    return Change.objects.filter(pk=THE_ROW).values_list("number", flat=True).first() or 0
