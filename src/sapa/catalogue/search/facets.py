"""How what was found divides: by kind, level, subject, year, how often, and version of a classification."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import tantivy
from django.utils.translation import gettext_lazy

from sapa.catalogue.models import Entry, Frequency, Level
from sapa.catalogue.search.results import Facet, FacetName, FacetValue, Filters
from sapa.catalogue.search.store import SCHEMA

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
NOTHING: Final = Filters()
CHOICES: Final[dict[str, Any]] = {"kind": Entry.Kind, "level": Level, "frequency": Frequency}
KNOWN: Final = {name: frozenset(choices.values) for name, choices in CHOICES.items()}


def facets(
    searcher: tantivy.Searcher,
    query_with: Callable[[Filters], tantivy.Query],
    filters: Filters,
    *,
    this_year: int,
    overshadowed: Collection[int] = (),
) -> tuple[Facet, ...]:
    """Those with something to choose between, or chosen already. `query_with` finds what there is with other choices:
    the values beside a chosen one are counted as if nothing were chosen of their facet. `overshadowed`: entries that
    are not counted, for a twin stands for them. Of years to come there are only those nearest to `this_year`, and only
    where there are few others: projections would leave no room for what has been counted."""
    chosen = dict(filters)
    counts = _counts(searcher, query_with(filters), tuple(LABELS), this_year, overshadowed)
    for name in chosen:
        without = replace(filters, **{name: getattr(NOTHING, name)})
        counts |= _counts(searcher, query_with(without), (name,), this_year, overshadowed)
    found = []
    for name, label in LABELS.items():
        value = chosen.get(name, "")
        counted = dict(counts[name])
        if value and value not in counted:  # it holds nothing, or less than those that are shown
            counted[value] = number(searcher, query_with(filters), overshadowed)
        values = [
            _value(name, each, count, value)
            for each, count in counted.items()
            if each and (count or each == value)
        ]
        if len(values) > 1 or any(each.is_chosen for each in values):
            found.append(Facet(name, str(label), tuple(values)))
    return tuple(found)


def number(searcher: tantivy.Searcher, query: tantivy.Query, overshadowed: Collection[int] = ()) -> int:
    """How many there are."""
    found = _number(searcher, query)
    return found - _number(searcher, _among(query, overshadowed)) if overshadowed else found


def _number(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    return int(getattr(searcher.search(query, 1, count=True), "count", 0) or 0)


def _among(query: tantivy.Query, entries: Collection[int]) -> tantivy.Query:
    keys = tantivy.Query.term_set_query(SCHEMA, "id", [2 * pk for pk in entries])
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, keys)])


def _counts(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    names: Iterable[FacetName],
    this_year: int,
    overshadowed: Collection[int],
) -> dict[FacetName, dict[str, int]]:
    """By facet: its values and how many there are of each, as they are shown."""
    fields = [field for name in names for field in (BOUNDS if name == "year" else (name,))]
    counted = _buckets(searcher, query, fields)
    if overshadowed:
        for field, less in _buckets(searcher, _among(query, overshadowed), fields).items():
            left = {value: count - less.get(value, 0) for value, count in counted[field].items()}
            counted[field] = dict(sorted(left.items(), key=lambda each: -each[1]))
    return {name: _years(counted, this_year) if name == "year" else counted[name] for name in names}


def _buckets(
    searcher: tantivy.Searcher, query: tantivy.Query, fields: Iterable[str]
) -> dict[str, dict[str, int]]:
    wanted = {
        field: {"terms": {"field": field, "size": MOST_BOUNDS if field in BOUNDS else MOST_VALUES}}
        for field in fields
    }
    return {
        field: {str(_plain(each["key"])): int(each["doc_count"]) for each in counted["buckets"]}
        for field, counted in searcher.aggregate(query, wanted).items()
    }


def _years(counted: Mapping[str, Mapping[str, int]], this_year: int) -> dict[str, int]:
    """In how many documents each year lies, the newest first: those that have begun by then and not ended before.
    Counting every year of every document would take longer than all the rest of a search."""
    begun, ended = ({int(year): count for year, count in counted[name].items()} for name in BOUNDS)
    found: list[tuple[int, int]] = []
    going = 0
    for year in range(max(ended, default=0), min(begun, default=0) - 1, -1):
        going += ended.get(year, 0)
        if going:
            found.append((year, going))
        going -= begun.get(year, 0)
    past = [each for each in found if each[0] <= this_year][:MOST_VALUES]
    to_come = [each for each in found if each[0] > this_year]
    shown = to_come[len(to_come) - min(len(to_come), MOST_VALUES - len(past)) :] + past
    return {str(year): count for year, count in shown}


def _plain(key: Any) -> Any:
    return int(key) if isinstance(key, float) else key


def _value(name: FacetName, value: str, count: int, chosen: str) -> FacetValue:
    label = str(CHOICES[name](value).label) if value in KNOWN.get(name, ()) else value
    return FacetValue(value, label, count, value == chosen)
