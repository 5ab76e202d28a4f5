"""How what was found divides: by kind, level, subject, year, how often, and version of a classification."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import tantivy
from django.utils.translation import gettext_lazy

from sapa.catalogue.models import Entry, Frequency, Level
from sapa.catalogue.search.results import Facet, FacetName, FacetValue, Filters

LABELS: Final[dict[FacetName, Any]] = {
    "kind": gettext_lazy("Kind"),
    "level": gettext_lazy("Figures per"),
    "subject": gettext_lazy("Topic"),
    "year": gettext_lazy("Year"),
    "frequency": gettext_lazy("Published how often"),
    "version": gettext_lazy("Classification"),
}
MOST_VALUES: Final = 12
# The first and the last year of a document, and how many different ones are counted.
BOUNDS: Final = ("since", "until")
MOST_BOUNDS: Final = 1_000
FIELDS: Final = (*(name for name in LABELS if name != "year"), *BOUNDS)
CHOICES: Final[dict[str, Any]] = {"kind": Entry.Kind, "level": Level, "frequency": Frequency}


def facets(searcher: tantivy.Searcher, query: tantivy.Query, filters: Filters) -> tuple[Facet, ...]:
    """Those with something to choose between, or chosen already."""
    chosen = dict(filters)
    counted = {
        name: _buckets(each)
        for name, each in searcher.aggregate(query, {name: _terms(name) for name in FIELDS}).items()
    }
    counts: dict[FacetName, list[tuple[str, int]]] = {
        name: _years(counted) if name == "year" else counted[name] for name in LABELS
    }
    found = []
    for name, label in LABELS.items():
        values = [_value(name, value, count, chosen.get(name, "")) for value, count in counts[name] if value]
        if len(values) > 1 or any(each.is_chosen for each in values):
            found.append(Facet(name, str(label), tuple(values)))
    return tuple(found)


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": MOST_BOUNDS if field in BOUNDS else MOST_VALUES}}


def _buckets(counted: Any) -> list[tuple[str, int]]:
    return [(str(_plain(each["key"])), int(each["doc_count"])) for each in counted["buckets"]]


def _years(counted: Mapping[str, Sequence[tuple[str, int]]]) -> list[tuple[str, int]]:
    """In how many documents each year lies, the newest first: those that have begun by then and not ended before.
    Counting every year of every document would take longer than all the rest of a search."""
    begun, ended = ({int(year): count for year, count in counted[name]} for name in BOUNDS)
    found: list[tuple[str, int]] = []
    going = 0
    for year in range(max(ended, default=0), min(begun, default=0) - 1, -1):
        going += ended.get(year, 0)
        if going and len(found) < MOST_VALUES:
            found.append((str(year), going))
        going -= begun.get(year, 0)
    return found


def _plain(key: Any) -> Any:
    return int(key) if isinstance(key, float) else key


def _value(name: FacetName, value: str, count: int, chosen: str) -> FacetValue:
    choices = CHOICES.get(name)
    label = str(choices(value).label) if choices and value in choices.values else value
    return FacetValue(value, label, count, value == chosen)
