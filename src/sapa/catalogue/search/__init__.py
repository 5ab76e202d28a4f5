"""The search over the catalogue: `search()` and what it returns. How it finds is nobody else's matter."""

from sapa.catalogue.search.completing import suggest
from sapa.catalogue.search.query import search
from sapa.catalogue.search.results import AbsenceHit, Filters, Hit, Results, Suggestion, Suggestions

__all__ = ["AbsenceHit", "Filters", "Hit", "Results", "Suggestion", "Suggestions", "search", "suggest"]
