"""Absences by what they are known by: indicator, level, frequency and area, however they are capitalised."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Q
from django.db.models.functions import Lower

from sapa.catalogue.models import Absence

KNOWN_BY: Final = ("indicator", "level", "frequency", "area")
AT_ONCE: Final = 500
Key = tuple[str, ...]


def key_of(values: Mapping[str, Any]) -> Key:
    """What the absence with these values is known by."""
    return tuple(str(values[name]).casefold() for name in KNOWN_BY)


def there(office_id: int, indicators: Iterable[str]) -> dict[Key, Absence]:
    """The absences of the office for these indicators, withdrawn ones too."""
    names = sorted(set(indicators))
    rows = Absence.objects.filter(office_id=office_id).annotate(lowered=Lower("indicator"))
    found: dict[Key, Absence] = {}
    for first in range(0, len(names), AT_ONCE):
        part = names[first : first + AT_ONCE]
        # SQLite lowers the letters of English only; what it does not lower is met as it was written.
        same = Q(lowered__in=[name.lower() for name in part]) | Q(indicator__in=part)
        found |= {key_of(vars(row)): row for row in rows.filter(same)}
    return found
