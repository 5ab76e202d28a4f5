"""How what was found divides: by kind, level, subject, year, how often, and version of a classification."""

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
CHOICES: Final[dict[str, Any]] = {"kind": Entry.Kind, "level": Level, "frequency": Frequency}


def facets(searcher: tantivy.Searcher, query: tantivy.Query, filters: Filters) -> tuple[Facet, ...]:
    """Those with something to choose between, or chosen already."""
    chosen = dict(filters)
    sizes = {
        name: {"terms": {"field": name, "size": 60 if name == "year" else MOST_VALUES}} for name in LABELS
    }
    counted = searcher.aggregate(query, sizes)
    found = []
    for name, label in LABELS.items():
        values = [
            _value(name, str(_plain(bucket["key"])), int(bucket["doc_count"]), chosen.get(name, ""))
            for bucket in counted[name]["buckets"]
        ]
        values = [each for each in values if each.value]
        if name == "year":
            values = sorted(values, key=lambda each: each.value, reverse=True)[:MOST_VALUES]
        if len(values) > 1 or any(each.is_chosen for each in values):
            found.append(Facet(name, str(label), tuple(values)))
    return tuple(found)


def _plain(key: Any) -> Any:
    return int(key) if isinstance(key, float) else key


def _value(name: FacetName, value: str, count: int, chosen: str) -> FacetValue:
    choices = CHOICES.get(name)
    label = str(choices(value).label) if choices and value in choices.values else value
    return FacetValue(value, label, count, value == chosen)
